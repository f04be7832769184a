public import SpindleCore
public import SpindleMessaging

/// A program that runs beside its owner, on a thread of its own, and is reached by messages.
///
/// ```swift
/// let worker = try await Worker(Primes.self)
/// try await worker.send(2..<1_000)
/// for try await primes in worker.messages { … }
/// let exit = await worker.terminate()
/// ```
///
/// The thread is the worker's executor: everything its program awaits runs there,
/// so it may compute or block without holding up anybody else.
///
/// **Order.** Messages arrive in the order in which they were sent. Everything the
/// worker sent before it ended can be received before its exit is seen in
/// ``events``, and the exit is last and comes exactly once.
///
/// **Lifetime.** A worker lives until its program ends, it is told to stop, the
/// worker that started it ends, or its handle is dropped. Stopping a thread is
/// cooperative: see ``terminate(within:)`` for what happens when it does not
/// cooperate. A trap in its program ends the whole process.
///
/// Cost: one thread (some 40 µs to start and end) and about 30 KiB while idle.
public final class Worker<Program: WorkerProgram>: Sendable {
    private let core: WorkerCore<Program>
    @usableFromInline let inbox: Mailbox<Program.Inbound>
    @usableFromInline let outbox: Mailbox<Program.Outbound>

    /// Starts a worker. Returns when it has a thread; its program begins there soon after.
    ///
    /// - Parameters:
    ///   - program: what it runs.
    ///   - workerData: what its program finds as ``WorkerScope/workerData``.
    ///   - options: name, limits, stack and weight of its thread.
    /// - Throws: `ThreadStartError` when the system has no thread left.
    public init(
        _ program: Program.Type, workerData: Program.WorkerData, options: WorkerOptions = WorkerOptions()
    ) async throws(ThreadStartError) {
        core = try WorkerCore(options)
        inbox = core.inbox
        outbox = core.outbox
        core.start(workerData: workerData)
    }

    /// Starts a worker that needs no data.
    ///
    /// - Throws: `ThreadStartError` when the system has no thread left.
    public convenience init(
        _ program: Program.Type, options: WorkerOptions = WorkerOptions()
    ) async throws(ThreadStartError) where Program.WorkerData == Void {
        try await self.init(program, workerData: (), options: options)
    }

    deinit { core.requestTermination() }

    /// The worker's number in the program.
    public var id: WorkerID { core.context.id }
    /// ``WorkerOptions/name``, or "worker-ID".
    public var name: String { core.context.name }

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
        get async throws(CancellationError) { try await core.exit.value() }
    }

    /// How the worker ended, if it has.
    public var currentExit: WorkerExit? { core.exit.current }

    /// Stops the worker and returns how it ended, by the deadline at the latest.
    ///
    /// Its task is cancelled, its messages end with `CancellationError`, its blocking
    /// waits return, and the workers it started are stopped as well. A thread cannot be
    /// stopped by force. If the program has not ended by the deadline the worker is
    /// `WorkerExit.abandoned`: cut off from its owner, and counted in
    /// ``Workers/statistics`` until it ends by itself.
    ///
    /// Returns the earlier exit when the worker has ended before. Messages it had not
    /// received count as ``WorkerStatistics/undelivered``.
    ///
    /// - Parameter deadline: ``WorkerOptions/terminationDeadline`` when nil. Holds also when the calling task is cancelled.
    @discardableResult
    public func terminate(within deadline: Duration? = nil) async -> WorkerExit {
        core.requestTermination(within: deadline ?? core.terminationDeadline)
        return await core.exit.valueDespiteCancellation()
    }

    /// The worker's figures so far; those of its thread stand still once it has ended.
    public var statistics: WorkerStatistics {
        let usage = core.executor.usage()
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
            undelivered: inbox.discardedCount)
    }

    /// Whether the program has begun; false when the worker ended before.
    func hasBegun() async throws(CancellationError) -> Bool { try await core.online.value() }
}
