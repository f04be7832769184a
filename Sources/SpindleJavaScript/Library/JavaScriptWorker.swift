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
/// the owner. Values go over as the structured clone algorithm copies them, and what is not copied by the types that stand
/// for it, anywhere inside a `Codable` value: ``TransferBuffer`` for an `ArrayBuffer` that moves, `SharedBuffer` for a
/// `SharedArrayBuffer`, `MessagePort` for a `MessagePort`.
///
/// It ends as a Swift `Worker` does, and its exit says so in the same words. An error that nobody caught is
/// `WorkerExit.failed` with a ``JavaScriptError``, `process.exit(code)` is `WorkerExit.exited(code:)` unless the code is 0.
/// Unlike Swift code, JavaScript can be stopped wherever it is, in a loop too.
public final class JavaScriptWorker: Sendable {
    private let worker: Worker<GuestProgram>
    private let place: Place

    private enum Place {
        case thread(GuestControl)
        case process(GuestService)
    }

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
        var launch = try GuestLaunch(program.program, options, workerData: workerData)
        if isolation.isThread {
            place = .thread(launch.control)
        } else {
            let (service, guestEnd) = GuestService.start(launch.functions.map(\.function), limit: options.policy.hostCallLimit)
            place = .process(service)
            launch.owner = guestEnd
            for message in [launch.workerData, launch.values, launch.environmentData] { try message.checkWayToProcess() }
        }
        let cell = options.policy.memoryLimit.map { isolation.limitingMemory(to: UInt64($0 + Self.ownMemory)) } ?? isolation
        try launch.workerData.claimAttachments()
        do {
            worker = try await Worker(GuestProgram.self, workerData: launch, isolation: cell, options: options.worker)
        } catch {
            launch.workerData.releaseAttachments()
            throw error
        }
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

    /// Sends a value to the program's `parentPort`, waiting for room while its inbox is at its limit: the messages that the
    /// program has not taken yet, of which 256 may wait in its own queue besides.
    ///
    /// - Parameter message: turned into a JavaScript value by `StructuredEncoder`; a `StructuredValue` goes over as it is.
    /// - Throws: what the encoding throws; `EncodingError` if memory or a port in it has been sent before;
    ///   `MessageCodingError` if memory in it cannot be shared with a process;
    ///   `SendError` when the worker has ended or is to stop, or the sending task is cancelled. Its message's value can be sent
    ///   again, with what goes along.
    public func send(_ message: some Encodable) async throws {
        let message = try outgoing(message)
        do {
            try await worker.send(message)
        } catch {
            message.releaseAttachments()
            throw error
        }
    }

    /// Sends at once.
    ///
    /// - Throws: as ``send(_:)``, and when the inbox is full.
    public func post(_ message: some Encodable) throws {
        let message = try outgoing(message)
        do {
            try worker.post(message)
        } catch {
            message.releaseAttachments()
            throw error
        }
    }

    private func outgoing(_ value: some Encodable) throws -> StructuredMessage {
        let message = try StructuredMessage(encoding: value)
        if case .process = place { try message.checkWayToProcess() }
        try message.claimAttachments()
        return message
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

    // MARK: Figures

    /// The worker's figures so far, in the words of every worker's: of the program's loop on a thread, and in a process of all
    /// its threads. What waits in the program's own queue is not in the backlog any more.
    public var statistics: WorkerStatistics {
        var statistics = worker.statistics
        guard case .thread(let control) = place else { return statistics }
        let usage = control.figures.usage()
        let age = usage.active + usage.idle
        statistics.eventLoopUtilization = age == 0 ? 0 : Double(usage.active) / Double(age)
        statistics.activeTime = .nanoseconds(usage.active)
        statistics.idleTime = .nanoseconds(usage.idle)
        statistics.cpuTime = .nanoseconds(usage.cpu)
        return statistics
    }

    /// What the program's heap holds; nil once it has ended.
    ///
    /// The program's own thread measures it when it gets to it: some 70 ms for a million objects. One that is in a loop
    /// is waited for. What a process says is not checked.
    public var heapStatistics: HeapStatistics? {
        get async {
            switch place {
            case .process(let service): return await service.heapStatistics()
            case .thread(let control):
                let figures = Promise<HeapStatistics?>()
                control.inbox.post { figures.fulfil($0.engine.heapStatistics()) }
                let end = Task { [worker] in
                    _ = try await worker.exit
                    figures.fulfil(nil)
                }
                defer { end.cancel() }
                return await figures.valueDespiteCancellation()
            }
        }
    }

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
        guard case .failed(let error as RemoteError) = self else { return self }
        return .failed(error.fromGuest)
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
                throw error.fromGuest
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
