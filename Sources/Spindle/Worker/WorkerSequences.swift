public import SpindleCore

/// The messages of a worker. Ends with the worker; rethrows the error its program threw.
///
/// Holds the worker: a loop over its messages keeps it running.
public struct WorkerMessages<Program: WorkerProgram>: AsyncSequence, Sendable {
    public typealias Element = Program.Outbound

    let worker: Worker<Program>

    public func makeAsyncIterator() -> Iterator { Iterator(worker: worker) }

    /// Takes one message after the other.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let worker: Worker<Program>

        init(worker: Worker<Program>) { self.worker = worker }

        @inlinable
        public mutating func next() async throws -> Program.Outbound? { try await next(isolation: nil) }

        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Program.Outbound? {
            if let message = await worker.outbox.receive() { return message }
            try await end()
            return nil
        }

        @usableFromInline
        func end() async throws {
            try Task.checkCancellation()
            if case .failed(let error) = try await worker.exit { throw error }
        }
    }
}

/// Something that happened to a worker.
public enum WorkerEvent<Message: Sendable>: Sendable {
    /// Its program has begun. Missing when the worker was stopped before.
    case online
    /// It sent this message.
    case message(Message)
    /// It has ended. Always the last event, and always there.
    case exit(WorkerExit)
}

/// What happens to a worker, in order. Throws `CancellationError` when the iterating task is cancelled.
///
/// Shares the messages with ``Worker/messages``: each goes to one of the two.
public struct WorkerEvents<Program: WorkerProgram>: AsyncSequence, Sendable {
    public typealias Element = WorkerEvent<Program.Outbound>

    let worker: Worker<Program>

    public func makeAsyncIterator() -> Iterator { Iterator(worker: worker) }

    /// Takes one event after the other; keeps its place in the worker's life.
    public struct Iterator: AsyncIteratorProtocol {
        private enum Stage { case starting, running, ended }
        private let worker: Worker<Program>
        private var stage = Stage.starting

        init(worker: Worker<Program>) { self.worker = worker }

        public mutating func next() async throws(CancellationError) -> Element? { try await next(isolation: nil) }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(CancellationError) -> Element? {
            switch stage {
            case .starting:
                let hasBegun = try await worker.hasBegun()
                stage = .running
                return hasBegun ? .online : try await next(isolation: actor)
            case .running:
                if let message = await worker.outbox.receive() { return .message(message) }
                if Task.isCancelled { throw CancellationError() }
                let exit = try await worker.exit
                stage = .ended
                return .exit(exit)
            case .ended:
                return nil
            }
        }
    }
}
