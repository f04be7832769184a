internal import SpindleMessaging

/// A task on its way to a worker process.
struct PoolRequest: Sendable, MessageCodable {
    /// The most requests that a worker may have to pass over or run: twice what it may be given ahead, and one.
    static var mostUnread: Int { ClaimTable.capacity }

    /// Its ticket, which tells the tasks of one worker apart.
    let number: UInt64
    let taskID: UInt64
    let attempt: Int
    /// Nanoseconds it may run; nil for no limit.
    let timeout: Int64?
    let call: RemoteCall

    init(number: UInt64, taskID: UInt64, attempt: Int, timeout: Int64?, call: RemoteCall) {
        self.number = number
        self.taskID = taskID
        self.attempt = attempt
        self.timeout = timeout
        self.call = call
    }

    func encode(into writer: MessageWriter) throws {
        writer.writeInteger(number)
        writer.writeInteger(taskID)
        writer.writeInteger(attempt)
        writer.writeInteger(timeout ?? -1)
        try call.program.encode(into: writer)
        writer.writeInteger(call.baggage.isEmpty ? 0 as UInt8 : 1)
        if !call.baggage.isEmpty { try writer.write(call.baggage) }
        try call.input.encode(into: writer)
    }

    init(from reader: MessageReader) throws {
        number = try reader.readInteger()
        taskID = try reader.readInteger()
        attempt = try reader.readInteger()
        let timeout: Int64 = try reader.readInteger()
        self.timeout = timeout < 0 ? nil : timeout
        let program = try String(from: reader)
        let baggage = try reader.readInteger(UInt8.self) == 0 ? TaskBaggage() : try reader.read(TaskBaggage.self)
        call = RemoteCall(program: program, input: try EncodedMessage(from: reader), baggage: baggage)
    }
}

/// What a pool's worker process says.
enum PoolReply: Sendable, MessageCodable {
    /// It is warm and takes tasks.
    case ready
    case warmUpFailed(RemoteError)
    case progress(task: UInt64, EncodedMessage)
    case completed(task: UInt64, EncodedMessage)
    case failed(task: UInt64, RemoteError)
    /// The task threw `CancellationError`.
    case cancelled(task: UInt64)

    private enum Kind: UInt8 { case ready, warmUpFailed, progress, completed, failed, cancelled }

    func encode(into writer: MessageWriter) throws {
        switch self {
        case .ready: writer.writeInteger(Kind.ready.rawValue)
        case .warmUpFailed(let error):
            writer.writeInteger(Kind.warmUpFailed.rawValue)
            try writer.write(error)
        case .progress(let task, let message):
            writer.writeInteger(Kind.progress.rawValue)
            writer.writeInteger(task)
            try message.encode(into: writer)
        case .completed(let task, let message):
            writer.writeInteger(Kind.completed.rawValue)
            writer.writeInteger(task)
            try message.encode(into: writer)
        case .failed(let task, let error):
            writer.writeInteger(Kind.failed.rawValue)
            writer.writeInteger(task)
            try writer.write(error)
        case .cancelled(let task):
            writer.writeInteger(Kind.cancelled.rawValue)
            writer.writeInteger(task)
        }
    }

    init(from reader: MessageReader) throws {
        guard let kind = Kind(rawValue: try reader.readInteger()) else {
            throw MessageCodingError.malformed("a reply of an unknown kind.")
        }
        self =
            switch kind {
            case .ready: .ready
            case .warmUpFailed: .warmUpFailed(try reader.read())
            case .progress: .progress(task: try reader.readInteger(), try EncodedMessage(from: reader))
            case .completed: .completed(task: try reader.readInteger(), try EncodedMessage(from: reader))
            case .failed: .failed(task: try reader.readInteger(), try reader.read())
            case .cancelled: .cancelled(task: try reader.readInteger())
            }
    }
}
