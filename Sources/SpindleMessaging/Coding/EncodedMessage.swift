package import SpindleMemory

/// A message that was encoded before it is known when, or by which way, it will be sent.
package struct EncodedMessage: Sendable, MessageCodable {
    package let bytes: [UInt8]
    /// The descriptors that travel with it.
    package let attachments: [OwnedDescriptor]
    /// Whether it holds a port, which can be received once only.
    package let movesAny: Bool

    package init(bytes: [UInt8], attachments: [OwnedDescriptor] = []) {
        self.bytes = bytes
        self.attachments = attachments
        movesAny = false
    }

    /// - Throws: what encoding the value throws.
    package init<Value>(_ value: Value) throws {
        let writer = MessageWriter()
        try writer.write(value)
        bytes = Array(writer.bytes)
        attachments = writer.attachments
        movesAny = writer.movesAny
    }

    /// - Throws: ``MessageCodingError``, or what decoding the value throws.
    package func decode<Value>(_ type: Value.Type = Value.self) throws -> Value {
        try bytes.withUnsafeBytes { bytes in
            let reader = MessageReader(bytes, attachments: attachments)
            let value = try reader.read(type)
            try reader.finish()
            return value
        }
    }

    // MARK: Inside another message, which has no other descriptors

    package func encode(into writer: MessageWriter) throws {
        try bytes.withUnsafeBytes { try writer.writeBytes($0) }
        writer.writeInteger(UInt8(attachments.count))
        for attachment in attachments { try writer.attach(attachment) }
    }

    package init(from reader: MessageReader) throws {
        bytes = Array(try reader.readBytes())
        var attachments: [OwnedDescriptor] = []
        for _ in 0..<(try reader.readInteger(UInt8.self)) { attachments.append(try reader.takeAttachment()) }
        self.attachments = attachments
        movesAny = false
    }
}
