internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// What a pool's worker process is told at its start.
struct PoolLaunch: Codable {
    var id: UInt64
    var name: String
    var parentID: UInt64
    var environment: [String: EnvironmentStore.Encoded]
    var stackSize: Int
    var nice: Int
    /// The mangled name of its `WorkerWarmUp` type.
    var warmUp: String?
}

/// The main program of a pool's worker process.
enum PoolProcessMain: ProcessMain {
    static func rehearse(_ subject: String) {
        WorkerRehearsal.perform()
        _ = try? EncodedMessage(PoolReply.ready).decode(PoolReply.self)
    }

    static func main(_ start: ProcessStart) -> Never {
        let guest = GuestProcess(start)
        do {
            let launch = try guest.launch(PoolLaunch.self)
            let context = WorkerContext(
                id: WorkerID(number: launch.id), name: launch.name, parentID: WorkerID(number: launch.parentID),
                environment: EnvironmentStore(encoded: launch.environment))
            let executor = try ThreadExecutor(name: launch.name, stackSize: launch.stackSize, nice: launch.nice)
            let requests = Mailbox<PoolRequest>(limit: 4)
            let replies = Mailbox<PoolReply>(limit: 64)
            let allIsOut = try guest.link(inbox: requests, outbox: replies, on: executor)
            let runner = PoolTaskRunner(context: context, executor: executor, requests: requests, replies: replies)
            runner.start(warmUp: launch.warmUp) {
                await allIsOut.valueDespiteCancellation()
                guest.end()
            }
            guest.obey { command in
                switch command {
                case .terminate: runner.cancelAll()
                case .cancelTask(let number): runner.cancel(number)
                }
            }
        } catch {
            guest.fail(error)
        }
    }
}

/// Runs the tasks of a pool's worker process, one after the other.
///
/// Safe to send: everything that changes is behind `state`.
final class PoolTaskRunner: Sendable {
    private let context: WorkerContext
    private let executor: ThreadExecutor
    private let requests: Mailbox<PoolRequest>
    private let replies: Mailbox<PoolReply>
    private let state = Lock(State())

    private struct State {
        var running: (number: UInt64, task: Task<PoolReply, Never>)?
        var warmUp: Task<PoolReply, Never>?
        /// Told to stop before it was begun.
        var isCancelledAhead: UInt64?
    }

    init(
        context: WorkerContext, executor: ThreadExecutor, requests: Mailbox<PoolRequest>, replies: Mailbox<PoolReply>
    ) {
        self.context = context
        self.executor = executor
        self.requests = requests
        self.replies = replies
    }

    func start(warmUp: String?, atEnd: @escaping @Sendable () async -> Void) {
        Task.detached(executorPreference: executor) { [self] in
            await WorkerContext.$current.withValue(context) {
                if await prepare(warmUp) { await runAll() }
                await context.terminateChildren()
            }
            replies.close()
            await atEnd()
        }
    }

    /// True when tasks may come.
    private func prepare(_ name: String?) async -> Bool {
        let task = Task(executorPreference: executor) { () -> PoolReply in
            do {
                if let name {
                    guard let program = _typeByName(name) as? any WorkerWarmUp.Type else { throw ProgramLost(name: name) }
                    try await program.warmUp()
                }
                return .ready
            } catch {
                return .warmUpFailed(RemoteError(error))
            }
        }
        state.withLock { $0.warmUp = task }
        let reply = await task.value
        state.withLock { $0.warmUp = nil }
        try? await replies.send(reply)
        if case .ready = reply { return true }
        return false
    }

    private func runAll() async {
        while let request = await requests.receive() {
            executor.interrupt.reset()
            let task = Task(executorPreference: executor) { [self] in await run(request) }
            let isCancelled = state.withLock { state in
                state.running = (request.number, task)
                return state.isCancelledAhead == request.number
            }
            if isCancelled { stop(task) }
            let reply = await task.value
            state.withLock { $0.running = nil }
            guard (try? await replies.send(reply)) != nil else { return }
        }
    }

    private func run(_ request: PoolRequest) async -> PoolReply {
        await request.call.baggage.around {
            do {
                guard let program = _typeByName(request.call.program) as? any WorkerTask.Type else {
                    throw ProgramLost(name: request.call.program)
                }
                return try await run(program, request)
            } catch is CancellationError {
                return .cancelled(task: request.number)
            } catch {
                return .failed(task: request.number, RemoteError(error))
            }
        }
    }

    private func run<Work: WorkerTask>(_ work: Work.Type, _ request: PoolRequest) async throws -> PoolReply {
        let input = try request.call.input.decode(Work.Input.self)
        let task = TaskContext<Work.Progress>(
            id: TaskID(number: request.taskID), attempt: request.attempt, timeout: request.timeout.map { .nanoseconds($0) }
        ) { [replies] progress in
            // A report that finds no room is the newest, and may go: the next will say more.
            guard let message = try? EncodedMessage(progress) else { return }
            try? replies.post(.progress(task: request.number, message))
        }
        let output = try await Work.run(input, task)
        return .completed(task: request.number, try EncodedMessage(output))
    }

    // MARK: From the owner

    func cancel(_ number: UInt64) {
        let task = state.withLock { state in
            state.isCancelledAhead = number
            return state.running?.number == number ? state.running?.task : nil
        }
        if let task { stop(task) }
    }

    func cancelAll() {
        let (running, warmUp) = state.withLock { ($0.running?.task, $0.warmUp) }
        if let task = running ?? warmUp { stop(task) }
    }

    private func stop(_ task: Task<PoolReply, Never>) {
        task.cancel()
        executor.interrupt.raise()
    }
}

/// A type that its owner could name and this process cannot find: not the same executable, or a stripped one.
struct ProgramLost: Error, CustomStringConvertible {
    let name: String
    var description: String { "This process has no type named \(name)." }
}
