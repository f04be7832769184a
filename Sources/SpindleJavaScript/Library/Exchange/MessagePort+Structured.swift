public import SpindleMessaging
package import SpindleStructuredClone

/// In messages of guests a `MessagePort`: what the guest sends through it is decoded as `Outbound` by the Codable bridge, and
/// what it receives was encoded as `Inbound`.
///
/// *Encoding is sending*, as between processes: the guest's port takes the place of this one, which is closed from then on.
/// A message that cannot be encoded, or is not what the other end expects, ends the channel.
extension MessagePort: StructuredAttachable {
    package func structuredValue() throws -> StructuredValue {
        guard Inbound.self is any Encodable.Type, Outbound.self is any Decodable.Type else {
            throw EncodingError.invalidValue(
                self,
                .init(
                    codingPath: [],
                    debugDescription:
                        "A port can be sent to a guest if it receives what is Encodable and sends what is Decodable."))
        }
        let (host, guest) = GuestPort.pair()
        PortRelay.connect(host, with: try moved(), encode: { try encoded($0) }, decode: { try decoded($0) })
        return .handle(type: "MessagePort", attachment: StructuredAttachment(.port(guest)))
    }

    package static func attached(in value: StructuredValue) throws -> MessagePort? {
        guard case .handle("MessagePort", let attachment) = value, Inbound.self is any Decodable.Type,
            Outbound.self is any Encodable.Type
        else { return nil }
        guard case .port(let guest)? = attachment.guest?.take() else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "This port was received before, and can be in one place only."))
        }
        let channel = MessageChannel<Inbound, Outbound>()
        PortRelay.connect(guest, with: channel.port1, encode: { try encoded($0) }, decode: { try decoded($0) })
        return channel.port2
    }
}

/// A message as a guest gets it.
private func encoded<Message>(_ message: Message) throws -> StructuredMessage {
    if let message = message as? StructuredMessage { return message }
    guard let message = message as? any Encodable else { throw StructuredCloneError(.invalidValue, "a message is not Encodable") }
    return try StructuredMessage(encoding: message)
}

/// A message of a guest as the program has it.
private func decoded<Message>(_ message: StructuredMessage) throws -> Message {
    if let message = message as? Message { return message }
    guard let type = Message.self as? any Decodable.Type, let value = try message.decoded(type) as? Message else {
        throw StructuredCloneError(.invalidValue, "a message is not Decodable")
    }
    return value
}

/// Carries messages between a channel of guests and a port of the Swift program, until either is closed.
enum PortRelay {
    /// - Parameters:
    ///   - end: the end of the guests' channel that the program has; the relay's from now on.
    ///   - port: likewise.
    static func connect<Inbound, Outbound>(
        _ end: GuestPort, with port: MessagePort<Inbound, Outbound>,
        encode: @escaping @Sendable (Inbound) throws -> StructuredMessage,
        decode: @escaping @Sendable (StructuredMessage) throws -> Outbound
    ) {
        Task.detached {
            // What cannot be sent would be missing among the others, so the channel ends there.
            defer { end.close() }
            for try await message in port.messages {
                try end.send(GuestMessage(try encode(message)))
                await end.waitForRoom()
            }
        }
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        end.attach { signal.yield() }
        Task.detached {
            defer {
                port.close()
                end.close()
            }
            for await _ in signals {
                var messages = end.takeMessages()
                while !messages.isEmpty {
                    for message in messages { try await port.send(try decode(try message.structured())) }
                    messages = end.takeMessages()
                }
                if end.isOver { return }
            }
        }
    }
}
