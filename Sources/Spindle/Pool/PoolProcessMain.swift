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
            let requests = Mailbox<PoolRequest>(limit: PoolRequest.mostUnread)
            let replies = Mailbox<PoolReply>(limit: 64)
            let (allIsOut, claims) = try guest.link(inbox: requests, outbox: replies, on: executor)
            let runner = PoolTaskRunner(
                context: context, executor: executor, requests: requests, claims: claims, replies: replies,
                atBeginning: { guest.tellBegun() },
                atEnd: {
                    await allIsOut.valueDespiteCancellation()
                    guest.end()
                })
            runner.start(warmUp: launch.warmUp)
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
/// A *runner*, one Swift task, runs one pool task after the other. To stop a pool task the runner is cancelled, which is
/// what the code in it sees; a cancelled runner is used up, and another one goes on.
///
/// Safe to send: everything that changes is behind `state`.
final class PoolTaskRunner: Sendable {
    private let context: WorkerContext
    private let executor: ThreadExecutor
    private let requests: Mailbox<PoolRequest>
    private let claims: ClaimTable
    private let replies: Mailbox<PoolReply>
    private let atBeginning: @Sendable () -> Void
    private let atEnd: @Sendable () async -> Void
    private let state = Lock(State())

    private struct State {
        var runner: Task<Void, Never>?
        var running: (number: UInt64, isTold: Bool)?
        var warmUp: Task<PoolReply, Never>?
        /// Told to stop before it was begun.
        var isCancelledAhead: UInt64?
        /// The program of the last task: looking a type up costs as much as a small task.
        var known: (name: String, program: any WorkerTask.Type)?
    }

    init(
        context: WorkerContext, executor: ThreadExecutor, requests: Mailbox<PoolRequest>, claims: ClaimTable,
        replies: Mailbox<PoolReply>, atBeginning: @escaping @Sendable () -> Void, atEnd: @escaping @Sendable () async -> Void
    ) {
        self.context = context
        self.executor = executor
        self.requests = requests
        self.claims = claims
        self.replies = replies
        self.atBeginning = atBeginning
        self.atEnd = atEnd
    }

    func start(warmUp: String?) {
        startRunner { [self] in
            // The warm-up may take its time.
            atBeginning()
            if await prepare(warmUp) { await runAll() } else { await end() }
        }
    }

    private func startRunner(_ body: @escaping @Sendable () async -> Void) {
        // Under the lock, so that nobody who wants to stop the runner finds it missing.
        state.withLock { state in
            state.runner = Task.detached(executorPreference: executor) { [self] in
                await WorkerContext.$current.withValue(context) { await body() }
            }
        }
    }

    private func end() async {
        await context.terminateChildren()
        replies.close()
        await atEnd()
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

    /// - Parameter unsent: the answer of a task whose runner was cancelled, and cannot wait for room any more.
    private func runAll(unsent: PoolReply? = nil) async {
        if let unsent, (try? await replies.send(unsent)) == nil { return await end() }
        while let request = await requests.receive() {
            // Else the owner has taken it back.
            guard claims.begin(request.number) else { continue }
            let isCancelled = state.withLock { state in
                executor.interrupt.reset()
                state.running = (request.number, false)
                return state.isCancelledAhead == request.number
            }
            if isCancelled { cancel(request.number) }
            let reply = await run(request)
            let isUsedUp = state.withLock { state in
                defer { state.running = nil }
                return state.running?.isTold == true
            }
            if isUsedUp { return startRunner { [self] in await runAll(unsent: reply) } }
            guard (try? await replies.send(reply)) != nil else { break }
        }
        await end()
    }

    private func run(_ request: PoolRequest) async -> PoolReply {
        await request.call.baggage.around {
            do {
                return try await run(try program(named: request.call.program), request)
            } catch is CancellationError {
                return .cancelled(task: request.number)
            } catch {
                return .failed(task: request.number, RemoteError(error))
            }
        }
    }

    private func program(named name: String) throws -> any WorkerTask.Type {
        if let known = state.withLock({ $0.known }), known.name == name { return known.program }
        guard let program = _typeByName(name) as? any WorkerTask.Type else { throw ProgramLost(name: name) }
        state.withLock { $0.known = (name, program) }
        return program
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
        let runner = state.withLock { state -> Task<Void, Never>? in
            state.isCancelledAhead = number
            guard state.running?.number == number else { return nil }
            return tell(&state)
        }
        runner?.cancel()
    }

    func cancelAll() {
        let (runner, warmUp) = state.withLock { state in (state.running == nil ? nil : tell(&state), state.warmUp) }
        runner?.cancel()
        if let warmUp {
            warmUp.cancel()
            executor.interrupt.raise()
        }
    }

    /// From here on the runner is used up, so that what stops its task can hit no other.
    private func tell(_ state: inout State) -> Task<Void, Never>? {
        state.running?.isTold = true
        executor.interrupt.raise()
        return state.runner
    }
}

/// A type that its owner could name and this process cannot find: not the same executable, or a stripped one.
struct ProgramLost: Error, CustomStringConvertible {
    let name: String
    var description: String { "This process has no type named \(name)." }
}
