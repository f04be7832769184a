internal import SpindleMemory
internal import Synchronization

/// A port travels in messages between processes: bare, or anywhere inside a value that does.
///
/// *Encoding is sending.* The receiver's port takes the place of this one, which from then on is closed: its sends are
/// refused, and its messages have ended. That holds also when the message then does not arrive; the other end then sees
/// the channel's end. A message is encoded when it leaves its queue, not when it is put there; one that is given back
/// by a failed send has its port still.
///
/// What was queued for the port goes with it, and the other end of the channel notices nothing, wherever it is itself.
/// Messages between two worker processes pass through the process in which the channel was made, unless the port is
/// handed on before it was used: then it goes as it is. The channel ends when either port is closed or dropped, or its
/// process ends; what had been sent before is still received.
///
/// The messages have to be such as can be sent to a process. One that cannot be encoded, or is not what the other end
/// expects, ends the channel.
///
/// Cost: a memory file of 0.5 MiB of address space, of which used pages count, two descriptors and about 100 µs.
extension MessagePort: Codable, MessageCodable {
    package func encode(into writer: MessageWriter) throws {
        let endpoint = try sendAway()
        writer.noteMove()
        writer.writeInteger(UInt8(endpoint.side))
        writer.writeInteger(UInt32(clamping: inbox.limit))
        writer.writeInteger(UInt32(clamping: outbox.limit))
        for descriptor in endpoint.descriptors { try writer.attach(descriptor) }
    }

    package convenience init(from reader: MessageReader) throws {
        let parts = try Self.parts(from: reader)
        self.init(inbox: parts.inbox, outbox: parts.outbox, link: parts.link)
    }

    public func encode(to encoder: any Encoder) throws { try encode(into: encoder.message(for: self)) }

    public convenience init(from decoder: any Decoder) throws {
        let parts = try decoder.withMessage(for: Self.self) { try Self.parts(from: $0) }
        self.init(inbox: parts.inbox, outbox: parts.outbox, link: parts.link)
    }

    private struct Parts {
        let inbox: Mailbox<Inbound>
        let outbox: Mailbox<Outbound>
        let link: Link<Inbound, Outbound>
    }

    private static func parts(from reader: MessageReader) throws -> Parts {
        let side = Int(try reader.readInteger(UInt8.self))
        let inbox = Mailbox<Inbound>(limit: try readLimit(reader))
        let outbox = Mailbox<Outbound>(limit: try readLimit(reader))
        var descriptors: [OwnedDescriptor] = []
        for _ in 0..<LinkEndpoint.descriptorCount { descriptors.append(try reader.takeAttachment()) }
        let link = try Link(
            try LinkEndpoint(adopting: descriptors, side: side), inbox: inbox, outbox: outbox,
            on: try LinkHub.shared.place(), onFailure: closing(inbox, outbox))
        return Parts(inbox: inbox, outbox: outbox, link: link)
    }

    /// The sender's limit holds here too, as far as it is no more than what everybody gets.
    private static func readLimit(_ reader: MessageReader) throws -> Int {
        max(1, min(Int(try reader.readInteger(UInt32.self)), defaultMessageLimit))
    }

    // MARK: Sending a port away

    /// This port as another object, which takes its place with everything queued: this one is closed from now on.
    package func moved() throws -> MessagePort {
        guard !wasSentAway.exchange(true, ordering: .acquiringAndReleasing) else { throw Self.wasSentBefore }
        return MessagePort(inbox: inbox, outbox: outbox, link: link)
    }

    private static var wasSentBefore: MessageCodingError {
        MessageCodingError(
            .unavailable, "This port was sent before, and a port can be in one place only; make a new channel.")
    }

    /// The endpoint that goes to the other process in place of this port.
    private func sendAway() throws -> LinkEndpoint {
        try MessageCoding.check(Inbound.self)
        try MessageCoding.check(Outbound.self)
        guard !wasSentAway.exchange(true, ordering: .acquiringAndReleasing) else { throw Self.wasSentBefore }
        if let endpoint = link?.takeUnused() { return endpoint }
        do {
            let (mine, theirs) = try LinkEndpoint.pair()
            let place = try LinkHub.shared.place()
            inbox.leaveToRelay()
            // Crosswise: what was to be received here is sent on, and what arrives is sent as this port would have.
            let rest = try Link<Outbound, Inbound>(
                mine, inbox: outbox, outbox: inbox, on: place, onFailure: Self.closing(outbox, inbox))
            rest.start()
            return theirs
        } catch {
            // Nobody has either half of the channel any more.
            outbox.close()
            inbox.discard()
            throw error
        }
    }

    /// A message that could not be sent would be missing among the others, so the channel ends there.
    private static func closing<Received, Sent>(
        _ inbox: Mailbox<Received>, _ outbox: Mailbox<Sent>
    ) -> @Sendable (LinkFailure) -> Void {
        { [weak inbox, weak outbox] _ in
            outbox?.close()
            inbox?.close()
        }
    }
}
