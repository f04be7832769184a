/// Reads any `Decodable` out of a message; the layout stands at ``BinaryEncoder``.
final class BinaryDecoder: Decoder {
    let reader: MessageReader
    /// Where the bytes of the value lie.
    let range: Range<Int>
    /// Where the entry begins that was found last: values are mostly read in the order in which they were written.
    fileprivate var lastEntry: Int

    init(_ reader: MessageReader, _ range: Range<Int>) {
        self.reader = reader
        self.range = range
        lastEntry = range.lowerBound
    }

    var codingPath: [any CodingKey] { reader.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decodeFrame<Value: Decodable>(_ type: Value.Type, from reader: MessageReader) throws -> Value {
        guard reader.depth < MessageWriter.deepestNesting else {
            throw MessageCodingError.malformed("values nested more than \(MessageWriter.deepestNesting) deep.")
        }
        reader.depth += 1
        defer { reader.depth -= 1 }
        let length = Int(try reader.readInteger(UInt32.self))
        guard length <= reader.remaining else {
            throw MessageCodingError.malformed("a value of \(length) bytes where \(reader.remaining) are left.")
        }
        let range = reader.position..<reader.position + length
        reader.position = range.upperBound
        return try reader.within(range) { try Value(from: BinaryDecoder(reader, range)) }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedReader<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try UnkeyedReader(decoder: self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { SingleReader(decoder: self) }

    /// Reads a value that takes up the whole of a range.
    fileprivate func read<Value: Decodable>(_ type: Value.Type, in range: Range<Int>) throws -> Value {
        try reader.within(range) {
            let value: Value
            if let coder = try? MessageCoder<Value>.shared() {
                value = try coder.decode(reader)
            } else {
                value = try BinaryDecoder.decodeFrame(type, from: reader)
            }
            guard reader.remaining == 0 else { throw corrupted("\(reader.remaining) bytes too many for \(type)") }
            return value
        }
    }

    /// A value behind its length; nil stands for nil.
    fileprivate func entry(at position: Int) throws -> Range<Int>? {
        let length = try reader.within(position..<range.upperBound) { try reader.readInteger(UInt32.self) }
        guard length != BinaryEncoder.nilLength else { return nil }
        guard Int(length) <= range.upperBound - position - 4 else { throw corrupted("an entry of \(length) bytes") }
        return position + 4..<position + 4 + Int(length)
    }

    fileprivate func corrupted(_ what: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "The message is malformed: \(what)."))
    }

    fileprivate func missing(_ type: Any.Type) -> DecodingError {
        .valueNotFound(type, .init(codingPath: codingPath, debugDescription: "There is no value."))
    }
}

/// An entry of a keyed container.
private struct Entry {
    let key: UnsafeRawBufferPointer
    /// Nil when the entry stands for nil.
    let value: Range<Int>?
    let end: Int
}

extension BinaryDecoder {
    fileprivate func keyedEntry(at start: Int) throws -> Entry {
        let (key, lengthAt) = try reader.within(start..<range.upperBound) {
            let short = Int(try reader.readInteger(UInt8.self))
            let length = short < 255 ? short : Int(try reader.readInteger(UInt32.self))
            guard length <= reader.remaining else { throw corrupted("a key of \(length) bytes") }
            let end = reader.position + length
            return (reader.bytes(reader.position..<end), end)
        }
        let value = try entry(at: lengthAt)
        return Entry(key: key, value: value, end: value?.upperBound ?? lengthAt + 4)
    }

    /// Looks from the entry found last to the end, and then from the beginning.
    fileprivate func find(_ key: some CodingKey) throws -> Entry? {
        var name = key.stringValue
        return try name.withUTF8 { name in
            for stretch in [lastEntry..<range.upperBound, range.lowerBound..<lastEntry] {
                var position = stretch.lowerBound
                while position < stretch.upperBound {
                    let entry = try keyedEntry(at: position)
                    if entry.key.elementsEqual(UnsafeRawBufferPointer(name)) {
                        lastEntry = position
                        return entry
                    }
                    position = entry.end
                }
            }
            return nil
        }
    }
}

private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: BinaryDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        var keys: [Key] = []
        var position = decoder.range.lowerBound
        while position < decoder.range.upperBound, let entry = try? decoder.keyedEntry(at: position) {
            if let name = String(validating: entry.key, as: UTF8.self), let key = Key(stringValue: name) { keys.append(key) }
            position = entry.end
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { (try? decoder.find(key)) != nil }

    private func entry(_ key: some CodingKey) throws -> Entry {
        guard let entry = try decoder.find(key) else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "The message has no value for \(key.stringValue)."))
        }
        return entry
    }

    func decodeNil(forKey key: Key) throws -> Bool { try entry(key).value == nil }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        decoder.reader.codingPath.append(key)
        defer { decoder.reader.codingPath.removeLast() }
        guard let range = try entry(key).value else { throw decoder.missing(type) }
        return try decoder.read(type, in: range)
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
        try nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try nested(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try nested(SuperKey()) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }

    private func nested(_ key: some CodingKey) throws -> BinaryDecoder {
        guard let range = try entry(key).value else { throw decoder.missing(Key.self) }
        return BinaryDecoder(decoder.reader, range)
    }
}

private struct UnkeyedReader: UnkeyedDecodingContainer {
    let decoder: BinaryDecoder
    let count: Int?
    private(set) var currentIndex = 0
    private var position: Int

    init(decoder: BinaryDecoder) throws {
        self.decoder = decoder
        let count = try decoder.reader.within(decoder.range) { Int(try decoder.reader.readInteger(UInt32.self)) }
        // Each has a length of 4 bytes at least.
        guard count <= (decoder.range.count - 4) / 4 else { throw decoder.corrupted("\(count) elements") }
        self.count = count
        position = decoder.range.lowerBound + 4
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var isAtEnd: Bool { currentIndex == count }

    private mutating func next(_ type: Any.Type) throws -> Range<Int> {
        guard !isAtEnd, let range = try decoder.entry(at: position) else { throw decoder.missing(type) }
        currentIndex += 1
        position = range.upperBound
        return range
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw decoder.missing(Never.self) }
        guard try decoder.entry(at: position) == nil else { return false }
        currentIndex += 1
        position += 4
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.read(type, in: try next(type)) }

    mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<Inner> {
        BinaryDecoder(decoder.reader, try next(type)).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try BinaryDecoder(decoder.reader, try next(Never.self)).unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { BinaryDecoder(decoder.reader, try next(Never.self)) }
}

private struct SingleReader: SingleValueDecodingContainer {
    let decoder: BinaryDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.reader.bytes(decoder.range).first == 0 }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard decoder.reader.bytes(decoder.range).first == 1 else { throw decoder.missing(type) }
        return try decoder.read(type, in: decoder.range.lowerBound + 1..<decoder.range.upperBound)
    }
}
