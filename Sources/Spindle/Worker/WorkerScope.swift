internal import SpindleCore
public import SpindleMessaging

/// A worker's side of the connection to its owner, and what it knows about itself.
public final class WorkerScope<Program: WorkerProgram>: Sendable {
    /// The port to the owner. Goes with the worker.
    @usableFromInline let port: MessagePort<Program.Inbound, Program.Outbound>
    private let context: WorkerContext
    /// What the owner gave the worker at the start.
    public let workerData: Program.WorkerData
    /// The worker's thread, for `Task(executorPreference:)` and for actors that should live on it.
    public let executor: ThreadExecutor

    init(
        port: MessagePort<Program.Inbound, Program.Outbound>, workerData: Program.WorkerData,
        context: WorkerContext, executor: ThreadExecutor
    ) {
        self.port = port
        self.workerData = workerData
        self.context = context
        self.executor = executor
    }

    /// This worker's number in the program.
    public var id: WorkerID { context.id }
    /// This worker's name, which is also its thread's.
    public var name: String { context.name }
    /// The worker that started this one; ``WorkerID/main`` for the main program.
    public var parentID: WorkerID { context.parentID }

    /// The owner's messages, until the owner lets go of the worker.
    ///
    /// Iterating throws `CancellationError` when the worker is to stop.
    @inlinable
    public var messages: MessageSequence<Program.Inbound> { port.messages }

    /// Sends to the owner, waiting for room. See `MessagePort.send(_:)`.
    @inlinable
    public func send(_ message: consuming Program.Outbound) async throws(SendError<Program.Outbound>) {
        try await port.send(message)
    }

    /// Sends to the owner at once, or fails when its queue is full. See `MessagePort.post(_:)`.
    @inlinable
    public func post(_ message: consuming Program.Outbound) throws(SendError<Program.Outbound>) {
        try port.post(message)
    }

    /// Blocks the worker's thread for the owner's next message. See `MessagePort.receive(timeout:)`.
    public func receive(timeout: Duration? = nil) -> Program.Inbound? { port.receive(timeout: timeout) }

    /// The owner's next message if one is queued; never waits.
    @inlinable
    public func tryReceive() -> Program.Inbound? { port.tryReceive() }

    /// Ends the worker with an exit code: let the error pass through your code.
    ///
    /// ```swift
    /// guard let license else { try parent.exit(78) }
    /// ```
    public func exit(_ code: Int32) throws -> Never { throw ExitRequest(code: code) }
}

/// Carries an exit code up to where the worker's program was started.
struct ExitRequest: Error {
    let code: Int32
}
