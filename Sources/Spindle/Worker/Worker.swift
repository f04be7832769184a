public import SpindleCore
public import SpindleMessaging

/// A program that runs beside its owner, on a thread or in a process of its own, and is reached by messages.
///
/// ```swift
/// let worker = try await Worker(Primes.self, isolation: .process)
/// try await worker.send(2..<1_000)
/// for try await primes in worker.messages { … }
/// let exit = await worker.terminate()
/// ```
///
/// A thread is the worker's executor, in either isolation: everything its program
/// awaits runs there, so it may compute or block without holding up anybody else.
///
/// **Order.** Messages arrive in the order in which they were sent. Everything the
/// worker sent before it ended can be received before its exit is seen in
/// ``events``, and the exit is last and comes exactly once.
///
/// **Lifetime.** A worker lives until its program ends, it is told to stop, the
/// worker that started it ends, or its handle is dropped. Stopping a thread is
/// cooperative: see ``terminate(within:)`` for what happens when it does not
/// cooperate; a process is ended by force. A trap in its program ends the whole
/// program from a thread, the worker alone from a process.
///
/// Cost: for a thread some 40 µs to start and end it and about 30 KiB while idle.
/// For a process see the guide <doc:ProcessWorkers>.
public final class Worker<Program: WorkerProgram>: Sendable {
    private let host: any WorkerHost<Program>
    @usableFromInline let inbox: Mailbox<Program.Inbound>
    @usableFromInline let outbox: Mailbox<Program.Outbound>

    /// Starts a worker. Returns when it has a thread or process; its program begins there soon after.
    ///
    /// - Parameters:
    ///   - program: what it runs. For a process worker a type that can be found by its name: not private, not local.
    ///   - workerData: what its program finds as ``WorkerScope/workerData``.
    ///   - isolation: where it runs.
    ///   - options: name, limits, stack and weight of its thread.
    /// - Throws: ``WorkerStartError``, before anything is started if the program or its messages are unfit for a process.
    public init(
        _ program: Program.Type, workerData: Program.WorkerData, isolation: WorkerIsolation = .thread,
        options: WorkerOptions = WorkerOptions()
    ) async throws(WorkerStartError) {
        switch isolation.kind {
        case .thread:
            do throws(ThreadStartError) {
                let thread = try ThreadWorkerHost<Program>(options, context: WorkerContext(name: options.name))
                thread.start(workerData: workerData)
                host = thread
            } catch {
                throw WorkerStartError(error)
            }
        case .process(let configuration):
            host = try await ProcessWorkerHost<Program>.start(configuration, options, workerData: workerData)
        }
        inbox = host.inbox
        outbox = host.outbox
    }

    /// Starts a worker that needs no data.
    ///
    /// - Throws: ``WorkerStartError``.
    public convenience init(
        _ program: Program.Type, isolation: WorkerIsolation = .thread, options: WorkerOptions = WorkerOptions()
    ) async throws(WorkerStartError) where Program.WorkerData == Void {
        try await self.init(program, workerData: (), isolation: isolation, options: options)
    }

    deinit { host.handleDropped() }

    /// The worker's number in the program.
    public var id: WorkerID { host.context.id }
    /// ``WorkerOptions/name``, or "worker-ID".
    public var name: String { host.context.name }

    // MARK: Messages

    /// Sends to the worker, waiting for room while its inbox is at its limit.
    ///
    /// - Throws: `SendError` with the message, when the worker has ended or is to stop, or the sending task is cancelled.
    @inlinable
    public func send(_ message: consuming Program.Inbound) async throws(SendError<Program.Inbound>) {
        try await inbox.send(message)
    }

    /// Sends to the worker at once.
    ///
    /// - Throws: `SendError` with the message, when the inbox is full or the worker has ended.
    @inlinable
    public func post(_ message: consuming Program.Inbound) throws(SendError<Program.Inbound>) {
        try inbox.post(message)
    }

    /// Tells the worker that nothing more comes: its `messages` end after what is queued.
    public func finishSending() { inbox.close() }

    /// What the worker sends, until it has ended. Rethrows the error its program threw.
    public var messages: WorkerMessages<Program> { WorkerMessages(worker: self) }

    /// Everything that happens to the worker, in order: online, its messages, its exit.
    public var events: WorkerEvents<Program> { WorkerEvents(worker: self) }

    /// The worker's next message if one is queued; never waits.
    public func tryReceive() -> Program.Outbound? { outbox.tryReceive() }

    /// Blocks the calling thread for the worker's next message. See `MessagePort.receive(timeout:)`.
    public func receive(timeout: Duration? = nil) -> Program.Outbound? {
        outbox.receiveBlocking(timeout: timeout.map { max(0, $0.nanoseconds) } ?? -1)
    }

    // MARK: End

    /// How the worker ended; waits until it has.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the worker goes on.
    public var exit: WorkerExit {
        get async throws(CancellationError) { try await host.exit.value() }
    }

    /// How the worker ended, if it has.
    public var currentExit: WorkerExit? { host.exit.current }

    /// Stops the worker and returns how it ended, by the deadline at the latest.
    ///
    /// Its task is cancelled, its messages end with `CancellationError`, its blocking
    /// waits return, and the workers it started are stopped as well.
    ///
    /// A process that goes on gets SIGTERM after three quarters of the time and SIGKILL at the
    /// deadline, each together with every process it started; that is `WorkerExit.terminated` too.
    ///
    /// A thread cannot be stopped by force. If the program has not ended by the deadline the worker is
    /// `WorkerExit.abandoned`: cut off from its owner, and counted in
    /// ``Workers/statistics`` until it ends by itself.
    ///
    /// Returns the earlier exit when the worker has ended before. Messages it had not
    /// received count as ``WorkerStatistics/undelivered``.
    ///
    /// - Parameter deadline: ``WorkerOptions/terminationDeadline`` when nil. Holds also when the calling task is cancelled.
    @discardableResult
    public func terminate(within deadline: Duration? = nil) async -> WorkerExit {
        host.requestTermination(within: deadline ?? host.head.terminationDeadline)
        return await host.exit.valueDespiteCancellation()
    }

    /// The worker's figures so far; those of its thread stand still once it has ended.
    public var statistics: WorkerStatistics {
        let usage = host.usage()
        let lifetime = usage.active + usage.idle
        return WorkerStatistics(
            eventLoopUtilization: lifetime == 0 ? 0 : Double(usage.active) / Double(lifetime),
            activeTime: .nanoseconds(usage.active),
            idleTime: .nanoseconds(usage.idle),
            cpuTime: .nanoseconds(usage.cpu),
            messagesIn: inbox.acceptedCount,
            messagesOut: outbox.acceptedCount,
            inboxBacklog: inbox.count,
            outboxBacklog: outbox.count,
            undelivered: host.undelivered)
    }

    /// Whether the program has begun; false when the worker ended before.
    func hasBegun() async throws(CancellationError) -> Bool { try await host.online.value() }
}
