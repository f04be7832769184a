/// Writes any `Encodable` into a message.
///
/// A value is a *frame*: its length (UInt32) and its bytes, which its container decides:
/// - keyed: entries until the end, each a key, a length and a value;
/// - unkeyed: the number of elements, then for each a length and a value;
/// - single: a byte, 0 for nil, and the value.
///
/// A length of UInt32.max stands for nil. What lies in an entry is written as every value in a message is, so that
/// strings, numbers and arrays of them take their short way here too.
final class BinaryEncoder: Encoder {
    static let nilLength = UInt32.max

    let writer: MessageWriter
    /// Where the number of elements stands, once the value turned out to be unkeyed.
    fileprivate var countAt: Int?
    fileprivate var count = 0

    init(_ writer: MessageWriter) { self.writer = writer }

    var codingPath: [any CodingKey] { writer.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encodeFrame<Value: Encodable>(_ value: Value, into writer: MessageWriter) throws {
        guard writer.depth < MessageWriter.deepestNesting else {
            throw MessageCodingError(
                .tooLarge, "\(Value.self) is nested more than \(MessageWriter.deepestNesting) values deep; send it flatter.")
        }
        writer.depth += 1
        defer { writer.depth -= 1 }
        let frame = writer.beginFrame()
        let lengthAt = writer.beginLength()
        try value.encode(to: BinaryEncoder(writer))
        try writer.endFrame(frame)
        try writer.endLength(at: lengthAt)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedWriter<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedWriter(encoder: self) }
    func singleValueContainer() -> any SingleValueEncodingContainer { SingleWriter(encoder: self) }
}

extension MessageWriter {
    /// Writes what a container was given.
    fileprivate func writeEncodable<Value: Encodable>(_ value: Value) throws {
        guard let coder = try? MessageCoder<Value>.shared() else {
            // Encodable and not Decodable: for another type to read.
            return try BinaryEncoder.encodeFrame(value, into: self)
        }
        try coder.encode(value, self)
    }
}

private struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: BinaryEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    private func writeKey(_ key: some CodingKey) throws {
        var name = key.stringValue
        try name.withUTF8 { name in
            if name.count < 255 {
                encoder.writer.writeInteger(UInt8(name.count))
                encoder.writer.append(UnsafeRawBufferPointer(name))
            } else {
                encoder.writer.writeInteger(255 as UInt8)
                try encoder.writer.writeBytes(UnsafeRawBufferPointer(name))
            }
        }
    }

    mutating func encodeNil(forKey key: Key) throws {
        try writeKey(key)
        encoder.writer.writeInteger(BinaryEncoder.nilLength)
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        let writer = encoder.writer
        try writeKey(key)
        let lengthAt = writer.beginLength()
        writer.codingPath.append(key)
        defer { writer.codingPath.removeLast() }
        try writer.writeEncodable(value)
        try writer.endLength(at: lengthAt)
    }

    mutating func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> {
        nested(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested(SuperKey()) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: some CodingKey) -> BinaryEncoder {
        // A key of more than a gigabyte; the message is refused at its end for its length.
        try? writeKey(key)
        return BinaryEncoder(encoder.writer.beginNested())
    }
}

private struct UnkeyedWriter: UnkeyedEncodingContainer {
    let encoder: BinaryEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.count }

    init(encoder: BinaryEncoder) {
        self.encoder = encoder
        if encoder.countAt == nil { encoder.countAt = encoder.writer.beginLength() }
    }

    private func countOne() {
        encoder.count += 1
        // More elements do not fit into any message.
        encoder.writer.patch(UInt32(clamping: encoder.count), at: encoder.countAt!)
    }

    mutating func encodeNil() throws {
        countOne()
        encoder.writer.writeInteger(BinaryEncoder.nilLength)
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        countOne()
        let lengthAt = encoder.writer.beginLength()
        try encoder.writer.writeEncodable(value)
        try encoder.writer.endLength(at: lengthAt)
    }

    mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }

    private func nested() -> BinaryEncoder {
        countOne()
        return BinaryEncoder(encoder.writer.beginNested())
    }
}

private struct SingleWriter: SingleValueEncodingContainer {
    let encoder: BinaryEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil() throws { false.encode(into: encoder.writer) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        true.encode(into: encoder.writer)
        try encoder.writer.writeEncodable(value)
    }
}

/// The key under which a class keeps what its superclass encodes.
struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }
    init() {}
    init?(stringValue: String) {}
    init?(intValue: Int) { nil }
}
