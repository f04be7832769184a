internal import Spindle
internal import SpindleMemory
internal import SpindleMessaging
internal import SpindleStructuredClone
internal import Synchronization

/// What a guest in a process of its own asks of its owner, or answers.
enum GuestRequest: Sendable {
    /// A call of a function of the owner's, by its index; the message holds the array of arguments.
    case call(id: UInt64, function: UInt32, StructuredMessage)
    /// Nobody waits for the call any more.
    case cancel(id: UInt64)
    case heap(id: UInt64, HeapStatistics)
}

/// What its owner answers, or asks.
enum OwnerAnswer: Sendable {
    case outcome(id: UInt64, HostOutcome)
    case measureHeap(id: UInt64)
}

/// The guest's end.
typealias OwnerPort = MessagePort<OwnerAnswer, GuestRequest>

extension GuestRequest: MessageCodable {
    func encode(into writer: MessageWriter) throws {
        switch self {
        case .call(let id, let function, let arguments):
            writer.writeInteger(0 as UInt8)
            writer.writeInteger(id)
            writer.writeInteger(function)
            try arguments.encode(into: writer)
        case .cancel(let id):
            writer.writeInteger(1 as UInt8)
            writer.writeInteger(id)
        case .heap(let id, let figures):
            writer.writeInteger(2 as UInt8)
            writer.writeInteger(id)
            try writer.write(figures)
        }
    }

    init(from reader: MessageReader) throws {
        let kind = try reader.readInteger(UInt8.self)
        let id = try reader.readInteger(UInt64.self)
        switch kind {
        case 0: self = .call(id: id, function: try reader.readInteger(), try StructuredMessage(from: reader))
        case 1: self = .cancel(id: id)
        case 2: self = .heap(id: id, try reader.read())
        default: throw MessageCodingError.malformed("a request of no known kind.")
        }
    }
}

extension OwnerAnswer: MessageCodable {
    func encode(into writer: MessageWriter) throws {
        switch self {
        case .outcome(let id, let outcome):
            writer.writeInteger(outcome.isFailure ? 1 : 0 as UInt8)
            writer.writeInteger(id)
            try outcome.message.encode(into: writer)
        case .measureHeap(let id):
            writer.writeInteger(2 as UInt8)
            writer.writeInteger(id)
        }
    }

    init(from reader: MessageReader) throws {
        let kind = try reader.readInteger(UInt8.self)
        let id = try reader.readInteger(UInt64.self)
        switch kind {
        case 0, 1: self = .outcome(id: id, HostOutcome(isFailure: kind == 1, message: try StructuredMessage(from: reader)))
        case 2: self = .measureHeap(id: id)
        default: throw MessageCodingError.malformed("an answer of no known kind.")
        }
    }
}

/// The guest's side of the way to an owner in another process.
final class OwnerLink: Sendable {
    private let port: OwnerPort
    private let control: GuestControl
    private let calls = Lock<[UInt64: Promise<HostOutcome>]>([:])
    private let lastCall = Atomic<UInt64>(0)

    init(_ port: OwnerPort, _ control: GuestControl) {
        self.port = port
        self.control = control
        Task.detached { [self] in
            for try await answer in port.messages { take(answer) }
            for call in calls.withLock({ Array($0.values) }) { call.fulfil(Self.lost) }
        }
    }

    private static var lost: HostOutcome {
        HostOutcome(JavaScriptError(message: "The program that lends this function has gone"))
    }

    private func take(_ answer: OwnerAnswer) {
        switch answer {
        case .outcome(let id, let outcome): calls.withLock { $0.removeValue(forKey: id) }?.fulfil(outcome)
        case .measureHeap(let id):
            control.inbox.post { [port] guest in try? port.post(.heap(id: id, guest.engine.heapStatistics())) }
        }
    }

    /// A function of the owner's, by its index.
    func function(_ index: Int, isAsync: Bool) -> HostFunction {
        if isAsync {
            return HostFunction(
                .later { [self] arguments in
                    let (id, outcome) = try begin(index, arguments)
                    do {
                        return try await outcome.value().result()
                    } catch let error as CancellationError {
                        try? port.post(.cancel(id: id))
                        throw error
                    }
                })
        }
        return HostFunction(.atOnce { [self] arguments in try wait(for: try begin(index, arguments).outcome).result() })
    }

    private func begin(_ index: Int, _ arguments: [StructuredValue]) throws -> (id: UInt64, outcome: Promise<HostOutcome>) {
        let id = lastCall.add(1, ordering: .relaxed).newValue
        let outcome = Promise<HostOutcome>()
        calls.withLock { $0[id] = outcome }
        do {
            try port.post(.call(id: id, function: UInt32(index), try StructuredMessage(.array(arguments))))
        } catch {
            calls.withLock { $0[id] = nil }
            throw JavaScriptError(message: "\(error)")
        }
        return (id, outcome)
    }

    /// Blocks the guest's thread. One that is stopped meanwhile gets nothing more done anyway.
    private func wait(for outcome: Promise<HostOutcome>) -> HostOutcome {
        let word = FutexWord()
        outcome.whenFulfilled { _ in
            word.store(1)
            word.wake(1)
        }
        word.waitInterruptibly(while: 0)
        return outcome.current ?? Self.lost
    }
}

extension HostOutcome {
    /// What the function gave, or the error that it threw.
    fileprivate func result() throws -> StructuredValue {
        let value = try message.value()
        if isFailure { throw JavaScriptError(value) }
        return value
    }
}
