public import SpindleMemory

/// Travels in messages between processes: the receiver's manager asks this one, through a port of its own.
///
/// When that port ends, because the receiver let go of its manager or its process died, the locks it held are released
/// and its requests forgotten. Locks it had when the sender's process ends count as stolen.
///
/// Cost: as that of a port; then a lock costs a message each way, and one to give it back.
extension LockManager: Codable, MessageCodable {
    package func encode(into writer: MessageWriter) throws {
        let channel = MessageChannel<LockCommand, LockReply>()
        try channel.port1.encode(into: writer)
        LockService.start(self, channel.port2)
    }

    package convenience init(from reader: MessageReader) throws {
        self.init(RemoteLocks(try MessagePort(from: reader)))
    }

    public func encode(to encoder: any Encoder) throws { try encode(into: encoder.message(for: self)) }

    public convenience init(from decoder: any Decoder) throws {
        self.init(RemoteLocks(try decoder.withMessage(for: Self.self) { try MessagePort(from: $0) }))
    }
}
