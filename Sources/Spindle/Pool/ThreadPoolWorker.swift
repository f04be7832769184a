internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A pool worker on a thread of its own.
///
/// A *runner*, one Swift task on the thread's executor, runs one pool task after
/// the other without creating anything per task. To stop a pool task the runner's
/// Swift task is cancelled, which is what the code in it sees; a cancelled runner is
/// used up, so the next pool task gets a new one.
final class ThreadPoolWorker: PoolWorker {
    var id: WorkerID { context.id }
    var name: String { context.name }
    private let number: PoolStateMachine.WorkerNumber
    private let driver: PoolDriver
    private let executor: ThreadExecutor
    private let context: WorkerContext
    private let state = Lock(State())

    private struct State {
        var runner: Task<Void, Never>?
        var hand = Hand.empty
        var isAbandoned = false
    }

    /// Where an idle runner is given its next task. The driver may do so before the
    /// runner has come to wait for it.
    private enum Hand {
        case empty
        case waiting(UnsafeContinuation<Void, Never>)
        case given(PoolStateMachine.Assignment?)
    }

    init(_ number: PoolStateMachine.WorkerNumber, driver: PoolDriver) throws(ThreadStartError) {
        let configuration = driver.configuration
        self.number = number
        self.driver = driver
        context = WorkerContext(name: "\(configuration.name)-\(number)")
        executor = try ThreadExecutor(name: context.name, stackSize: configuration.stackSize, nice: configuration.nice)
    }

    // MARK: From the driver

    func start() {
        Workers.update {
            $0.started += 1
            $0.running += 1
        }
        startRunner { [self] in
            do {
                try await driver.configuration.warmUp?()
                try await driver.configuration.warmUpProgram?.warmUp()
            } catch {
                driver.workerStartFailed(number, error)
                await end()
                return nil
            }
            return driver.workerReady(number)
        }
    }

    func renew() {
        executor.interrupt.reset()
        startRunner { [self] in driver.workerRenewed(number) }
    }

    func assign(_ assignment: PoolStateMachine.Assignment) { give(assignment) }
    func retire() { give(nil) }

    func stopTask(_ ticket: UInt64?) {
        let runner = state.withLock { $0.runner }
        runner?.cancel()
        executor.interrupt.raise()
    }

    var canBeKilled: Bool { false }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        context.requestChildrenTermination(within: driver.configuration.gracePeriod)
        Workers.abandonOne()
    }

    private func give(_ assignment: PoolStateMachine.Assignment?) {
        let waiting = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            defer { state.hand = .given(assignment) }
            if case .waiting(let continuation) = state.hand { return continuation }
            return nil
        }
        waiting?.resume()
    }

    // MARK: The runner

    private func startRunner(_ begin: @escaping @Sendable () async -> PoolStateMachine.WorkerNext?) {
        // Under the lock, so that nobody who wants to stop the runner finds it missing.
        state.withLock { state in
            state.runner = Task.detached(executorPreference: executor) { [self] in
                await WorkerContext.$current.withValue(context) {
                    guard let next = await begin() else { return }
                    await run(next)
                }
            }
        }
    }

    private func run(_ first: PoolStateMachine.WorkerNext) async {
        var next = first
        while true {
            switch next {
            case .run(let assignment), .goOn(let assignment):
                next = await execute(assignment)
            case .wait:
                guard let assignment = await waitForAssignment() else { return await end() }
                next = .run(assignment)
            case .renew:
                return renew()
            case .waitForRenewal:
                return
            case .end:
                return await end()
            }
        }
    }

    // Into the loop: after an async call that is there, the runtime looks up anew where to go on.
    @inline(__always)
    private func execute(_ assignment: PoolStateMachine.Assignment) async -> PoolStateMachine.WorkerNext {
        let job = PoolDriver.job(assignment.job)
        let timer = driver.taskStarts(job, assignment)
        let result = await job.execute(attempt: assignment.attempt, worker: id)
        if let timer { TimerThread.shared.cancel(timer) }
        let finished = driver.taskFinished(job, assignment, by: number, result)
        finished.answer?.give()
        return finished.next
    }

    private func waitForAssignment() async -> PoolStateMachine.Assignment? {
        await withUnsafeContinuation { continuation in
            let isGiven = state.withLock { state in
                if case .given = state.hand { return true }
                state.hand = .waiting(continuation)
                return false
            }
            if isGiven { continuation.resume() }
        }
        return state.withLock { state in
            guard case .given(let assignment) = state.hand else { return nil }
            state.hand = .empty
            return assignment
        }
    }

    private func end() async {
        await context.terminateChildren()
        let wasAbandoned = state.withLock { state in
            state.runner = nil
            return state.isAbandoned
        }
        if wasAbandoned {
            Workers.update { $0.abandoned -= 1 }
            driver.abandonedEnded()
        } else {
            Workers.update { $0.running -= 1 }
            driver.workerEnded(number)
        }
        executor.stop()
    }
}
