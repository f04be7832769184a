package import SpindleMessaging
internal import SpindleMemory
package import SpindleStructuredClone

/// A message of or for a guest travels between processes with what goes along: memory as bytes, shared memory as the same
/// memory, and ports as ports, by way of one that carries messages as they are.
extension StructuredMessage: MessageCodable {
    private enum Kind: UInt8 { case memory, resizable, shared, port }

    package func encode(into writer: MessageWriter) throws {
        try bytes.withUnsafeBytes { try writer.writeBytes($0) }
        try text.withUnsafeBytes { try writer.writeBytes($0) }
        writer.writeInteger(UInt8(clamping: attachments.count))
        guard attachments.count < UInt8.max else {
            throw MessageCodingError(.tooLarge, "More than 254 buffers and ports in one message; send them in several.")
        }
        for attachment in attachments {
            guard let content = attachment.guest?.take() else {
                throw MessageCodingError(.unavailable, "Memory or a port in a message was sent before.")
            }
            try Self.write(content, to: writer)
        }
    }

    private static func write(_ content: GuestMessage.Attachment, to writer: MessageWriter) throws {
        switch content {
        case .memory(let block) where block.isShared:
            writer.writeInteger(Kind.shared.rawValue)
            try block.sharedBuffer.encode(into: writer)
        case .memory(let block):
            writer.writeInteger(Kind.memory.rawValue)
            try writer.writeBytes(block.bytes)
        case .resizable(let block, let maximum):
            writer.writeInteger(Kind.resizable.rawValue)
            writer.writeInteger(UInt64(maximum))
            try writer.writeBytes(block.bytes)
        case .port(let port):
            writer.writeInteger(Kind.port.rawValue)
            let channel = MessageChannel<StructuredMessage, StructuredMessage>()
            PortRelay.connect(port, with: channel.port1, encode: { $0 }, decode: { $0 })
            try channel.port2.encode(into: writer)
        }
    }

    package init(from reader: MessageReader) throws {
        let bytes = Array(try reader.readBytes())
        let units = try reader.readBytes()
        guard units.count.isMultiple(of: 2) else { throw MessageCodingError.malformed("half a character.") }
        let text = [UInt16](unsafeUninitializedCapacity: units.count / 2) { text, count in
            UnsafeMutableRawBufferPointer(text).copyMemory(from: units)
            count = units.count / 2
        }
        var attachments: [StructuredAttachment] = []
        for _ in 0..<(try reader.readInteger(UInt8.self)) {
            attachments.append(StructuredAttachment(try Self.read(from: reader)))
        }
        self.init(bytes: bytes, text: text, attachments: attachments)
    }

    private static func read(from reader: MessageReader) throws -> GuestMessage.Attachment {
        switch Kind(rawValue: try reader.readInteger()) {
        case .memory: return .memory(block(try reader.readBytes()))
        case .resizable:
            let maximum = Int(clamping: try reader.readInteger(UInt64.self))
            let block = block(try reader.readBytes())
            guard maximum >= block.count else { throw MessageCodingError.malformed("a buffer that is larger than it may be.") }
            return .resizable(block, maximum: maximum)
        case .shared: return .memory(MemoryBlock.showing(try SharedBuffer(from: reader)))
        case .port:
            let port = try MessagePort<StructuredMessage, StructuredMessage>(from: reader)
            let (host, guest) = GuestPort.pair()
            PortRelay.connect(host, with: port, encode: { $0 }, decode: { $0 })
            return .port(guest)
        case nil: throw MessageCodingError.malformed("something that goes along with a message and is of no known kind.")
        }
    }

    private static func block(_ bytes: UnsafeRawBufferPointer) -> MemoryBlock {
        let block = MemoryBlock(count: bytes.count, isShared: false)
        UnsafeMutableRawBufferPointer(start: block.address, count: block.count).copyMemory(from: bytes)
        return block
    }
}
