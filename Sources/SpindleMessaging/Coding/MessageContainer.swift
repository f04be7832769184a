/// A type that holds values of others, which decide how it is coded.
protocol MessageContainer {
    /// The `MessageCoder` of this very type.
    static func makeCoder() throws(MessageCodingError) -> AnyObject
}

extension Optional: MessageContainer {
    static func makeCoder() throws(MessageCodingError) -> AnyObject {
        let wrapped = try MessageCoder<Wrapped>.shared()
        return MessageCoder<Self>(
            encode: { value, writer in
                (value != nil).encode(into: writer)
                if let value { try wrapped.encode(value, writer) }
            },
            decode: { reader in try Bool(from: reader) ? try wrapped.decode(reader) : nil })
    }
}

extension Array: MessageContainer {
    static func makeCoder() throws(MessageCodingError) -> AnyObject {
        if let layout = PlainLayout(of: Element.self), layout.fillsStride(of: Element.self) { return makePlainCoder() }
        let element = try MessageCoder<Element>.shared()
        return MessageCoder<Self>(
            encode: { value, writer in try encodeElements(value, element, writer) },
            decode: { reader in
                var value: [Element] = []
                try decodeElements(element, reader, reserve: { value.reserveCapacity($0) }, add: { value.append($0) })
                return value
            })
    }

    private static func makePlainCoder() -> AnyObject {
        MessageCoder<Self>(
            encode: { value, writer in try value.withUnsafeBytes { try writer.writeBytes($0) } },
            decode: { reader in
                let bytes = try reader.readBytes()
                let stride = MemoryLayout<Element>.stride
                guard bytes.count % stride == 0 else {
                    throw MessageCodingError.malformed("\(bytes.count) bytes of elements of \(stride).")
                }
                return [Element](unsafeUninitializedCapacity: bytes.count / stride) { target, count in
                    if bytes.count > 0 { UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes) }
                    count = bytes.count / stride
                }
            })
    }
}

extension Set: MessageContainer {
    static func makeCoder() throws(MessageCodingError) -> AnyObject {
        let element = try MessageCoder<Element>.shared()
        return MessageCoder<Self>(
            encode: { value, writer in try encodeElements(value, element, writer) },
            decode: { reader in
                var value: Set<Element> = []
                try decodeElements(element, reader, reserve: { value.reserveCapacity($0) }, add: { value.insert($0) })
                return value
            })
    }
}

extension Dictionary: MessageContainer {
    static func makeCoder() throws(MessageCodingError) -> AnyObject {
        let (key, value) = (try MessageCoder<Key>.shared(), try MessageCoder<Value>.shared())
        let pair = MessageCoder<(key: Key, value: Value)>(
            encode: { pair, writer in
                try key.encode(pair.key, writer)
                try value.encode(pair.value, writer)
            },
            decode: { reader in (try key.decode(reader), try value.decode(reader)) })
        return MessageCoder<Self>(
            encode: { value, writer in try encodeElements(value, pair, writer) },
            decode: { reader in
                var result: [Key: Value] = [:]
                try decodeElements(
                    pair, reader, reserve: { result.reserveCapacity($0) }, add: { result[$0.key] = $0.value })
                return result
            })
    }
}

private func encodeElements<Elements: Collection>(
    _ elements: Elements, _ coder: MessageCoder<Elements.Element>, _ writer: MessageWriter
) throws {
    writer.writeInteger(try writer.length(elements.count))
    for element in elements { try coder.encode(element, writer) }
}

private func decodeElements<Element>(
    _ coder: MessageCoder<Element>, _ reader: MessageReader, reserve: (Int) -> Void, add: (Element) -> Void
) throws {
    let count = try reader.readCount()
    // An element in memory may be much larger than its bytes here; beyond this the storage grows with what really comes.
    reserve(min(count, 1_024))
    for _ in 0..<count { add(try coder.decode(reader)) }
}
