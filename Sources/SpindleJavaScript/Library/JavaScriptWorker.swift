public import Spindle
public import SpindleStructuredClone

/// A worker whose program is JavaScript, from its owner's side.
///
/// ```swift
/// let worker = try await JavaScriptWorker(.source("""
///     const { parentPort, workerData } = require('node:worker_threads');
///     parentPort.on('message', (numbers) => parentPort.postMessage(numbers.map((n) => n * workerData.factor)));
///     """), workerData: ["factor": 3])
/// try await worker.send([1, 2, 3])
/// for try await numbers in worker.messages(as: [Int].self) { … }
/// let exit = await worker.terminate()
/// ```
///
/// The program has an engine of its own and sees `node:worker_threads` as a worker of Node.js does: `parentPort` leads to
/// the owner. Values go over as the structured clone algorithm copies them; ports and shared memory cannot.
///
/// It ends as a Swift `Worker` does, and its exit says so in the same words. An error that nobody caught is
/// `WorkerExit.failed` with a ``JavaScriptError``, `process.exit(code)` is `WorkerExit.exited(code:)` unless the code is 0.
/// Unlike Swift code, JavaScript can be stopped wherever it is, in a loop too.
public final class JavaScriptWorker: Sendable {
    private let worker: Worker<GuestProgram>
    /// What a process has in use besides the guest's heap, generously.
    private static let ownMemory = 128 << 20

    /// Starts a worker. Returns when it has a thread or process; its program begins there soon after.
    ///
    /// - Parameters:
    ///   - program: what it runs.
    ///   - workerData: what it finds as `workerData` of `node:worker_threads`.
    ///   - isolation: where it runs.
    ///   - options: its limits, and what it may reach.
    /// - Throws: `WorkerStartError`; what `workerData` throws when it is encoded.
    public init(
        _ program: JavaScriptSource, workerData: some Encodable, isolation: WorkerIsolation = .thread,
        options: JavaScriptOptions = JavaScriptOptions()
    ) async throws {
        let launch = try GuestLaunch(program.program, options, workerData: try StructuredMessage(encoding: workerData))
        let cell = options.policy.memoryLimit.map { isolation.limitingMemory(to: UInt64($0 + Self.ownMemory)) } ?? isolation
        worker = try await Worker(GuestProgram.self, workerData: launch, isolation: cell, options: options.worker)
    }

    /// Starts a worker that needs no data.
    public convenience init(
        _ program: JavaScriptSource, isolation: WorkerIsolation = .thread, options: JavaScriptOptions = JavaScriptOptions()
    ) async throws {
        try await self.init(program, workerData: StructuredValue.null, isolation: isolation, options: options)
    }

    /// The worker's number in the program.
    public var id: WorkerID { worker.id }
    /// `WorkerOptions.name`, or "worker-ID".
    public var name: String { worker.name }

    // MARK: Messages

    /// Sends a value to the program's `parentPort`, waiting for room while its inbox is at its limit.
    ///
    /// - Parameter message: turned into a JavaScript value by `StructuredEncoder`; a `StructuredValue` goes over as it is.
    /// - Throws: what the encoding throws; `SendError` when the worker has ended or is to stop, or the sending task
    ///   is cancelled.
    public func send(_ message: some Encodable) async throws {
        try await worker.send(try StructuredMessage(encoding: message))
    }

    /// Sends at once.
    ///
    /// - Throws: as ``send(_:)``, and when the inbox is full.
    public func post(_ message: some Encodable) throws {
        try worker.post(try StructuredMessage(encoding: message))
    }

    /// Says that nothing more comes: after what is queued, `parentPort` does not keep the program alive any more. It
    /// can still send.
    public func finishSending() { worker.finishSending() }

    /// What the program sends to its `parentPort`, until it has ended. Rethrows the error that nobody caught.
    public var messages: JavaScriptMessages<StructuredValue> { messages(as: StructuredValue.self) }

    /// What the program sends, as values of a Swift type. Iterating throws `DecodingError` at one that has another shape,
    /// and goes on after it with the next.
    public func messages<Message: Decodable>(as type: Message.Type) -> JavaScriptMessages<Message> {
        JavaScriptMessages(worker: self, base: worker.messages)
    }

    /// Everything that happens to the worker, in order: online, its messages, its exit.
    public var events: JavaScriptEvents { JavaScriptEvents(worker: self, base: worker.events) }

    // MARK: End

    /// How the worker ended; waits until it has.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the worker goes on.
    public var exit: WorkerExit {
        get async throws(CancellationError) { try await worker.exit.fromGuest }
    }

    /// How the worker ended, if it has.
    public var currentExit: WorkerExit? { worker.currentExit?.fromGuest }

    /// Stops the worker and returns how it ended: within a few milliseconds as a rule, and by the deadline at the latest.
    ///
    /// Few calls of the engine cannot be interrupted, such as a very long match of a regular expression. A thread in one is
    /// abandoned at the deadline, and ends after that call.
    ///
    /// - Parameter deadline: `WorkerOptions.terminationDeadline` when nil.
    @discardableResult
    public func terminate(within deadline: Duration? = nil) async -> WorkerExit {
        await worker.terminate(within: deadline).fromGuest
    }
}

extension WorkerExit {
    /// With the error as the guest threw it, also if it came from a process.
    var fromGuest: WorkerExit {
        guard case .failed(let error as RemoteError) = self, let error = JavaScriptError(error) else { return self }
        return .failed(error)
    }
}

extension StructuredMessage {
    init(encoding value: some Encodable) throws { try self.init(try StructuredEncoder().encode(value)) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try StructuredDecoder().decode(from: try value()) }
}

/// The messages of a ``JavaScriptWorker``. Ends with the worker; rethrows the error that nobody caught.
///
/// Holds the worker: a loop over its messages keeps it running.
public struct JavaScriptMessages<Message: Decodable>: AsyncSequence {
    public typealias Element = Message

    let worker: JavaScriptWorker
    let base: WorkerMessages<GuestProgram>

    public func makeAsyncIterator() -> Iterator { Iterator(worker: worker, base: base.makeAsyncIterator()) }

    /// Takes one message after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let worker: JavaScriptWorker
        var base: WorkerMessages<GuestProgram>.Iterator

        public mutating func next() async throws -> Message? { try await next(isolation: nil) }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Message? {
            do {
                return try await base.next(isolation: actor)?.decoded(Message.self)
            } catch let error as RemoteError {
                throw JavaScriptError(error) ?? error
            }
        }
    }
}

/// What happens to a ``JavaScriptWorker``, in order.
///
/// Shares the messages with ``JavaScriptWorker/messages``: each goes to one of the two.
public struct JavaScriptEvents: AsyncSequence {
    public typealias Element = Spindle.WorkerEvent<StructuredValue>

    let worker: JavaScriptWorker
    let base: WorkerEvents<GuestProgram>

    public func makeAsyncIterator() -> Iterator { Iterator(worker: worker, base: base.makeAsyncIterator()) }

    /// Takes one event after the other; keeps its place in the worker's life.
    public struct Iterator: AsyncIteratorProtocol {
        let worker: JavaScriptWorker
        var base: WorkerEvents<GuestProgram>.Iterator

        public mutating func next() async throws -> Element? { try await next(isolation: nil) }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Element? {
            switch try await base.next(isolation: actor) {
            case .online: .online
            case .message(let message): .message(try message.value())
            case .exit(let exit): .exit(exit.fromGuest)
            case nil: nil
            }
        }
    }
}
