/// The code of a worker.
///
/// ```swift
/// enum Primes: WorkerProgram {
///     typealias Inbound = Range<Int>
///     typealias Outbound = [Int]
///
///     static func run(_ parent: WorkerScope<Primes>) async throws {
///         for try await range in parent.messages {
///             try await parent.send(range.filter(isPrime))
///         }
///     }
/// }
/// ```
///
/// Conform a type that has no instances: what a worker needs to know comes as
/// ``WorkerScope/workerData`` and as messages.
public protocol WorkerProgram: SendableMetatype {
    /// What its owner sends to it.
    associatedtype Inbound: Sendable
    /// What it sends to its owner.
    associatedtype Outbound: Sendable
    /// What it is given at the start.
    associatedtype WorkerData: Sendable = Void

    /// Runs in the worker, on the worker's own thread, until the worker's work is done.
    ///
    /// Returning ends the worker as `WorkerExit.completed`, throwing as
    /// `WorkerExit.failed(_:)`, ``WorkerScope/exit(_:)`` with a code.
    /// When the worker is to stop, the task is cancelled, iterating over messages
    /// throws `CancellationError`, and blocking waits return: end soon then.
    static func run(_ parent: WorkerScope<Self>) async throws
}
