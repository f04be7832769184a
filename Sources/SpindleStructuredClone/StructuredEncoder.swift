/// Turns a Swift value into one that a JavaScript worker understands.
///
/// Structs become objects, arrays arrays, dictionaries with string keys objects, optionals null, `[UInt8]` a
/// `Uint8Array`. Integers become numbers as long as a number holds them exactly, and BigInts beyond 2⁵³.
/// A ``StructuredValue`` inside goes over as it is. Memory and ports go along with the message; SpindleJavaScript names the
/// types for them.
public struct StructuredEncoder: Sendable {
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// - Throws: what the value's `encode(to:)` throws.
    public func encode(_ value: some Encodable) throws -> StructuredValue {
        try ValueEncoder.encode(value, codingPath: [], userInfo: userInfo)
    }
}

/// Where an encoder leaves its value.
private final class Slot {
    enum Content {
        case value(StructuredValue)
        case items([Slot])
        case fields([(key: String, slot: Slot)])
    }
    var content: Content?

    var value: StructuredValue {
        switch content {
        case nil: .object([StructuredField]())
        case .value(let value): value
        case .items(let slots): .array(slots.map(\.value))
        case .fields(let fields): .object(fields.map { StructuredField($0.key, $0.slot.value) })
        }
    }

    var count: Int {
        if case .items(let slots) = content { slots.count } else { 0 }
    }

    func append() -> Slot {
        let slot = Slot()
        if case .items(let slots) = content { content = .items(slots + [slot]) } else { content = .items([slot]) }
        return slot
    }

    func add(_ key: String) -> Slot {
        let slot = Slot()
        guard case .fields(var fields) = content else {
            content = .fields([(key, slot)])
            return slot
        }
        content = nil
        if let index = fields.firstIndex(where: { $0.key == key }) { fields.remove(at: index) }
        fields.append((key, slot))
        content = .fields(fields)
        return slot
    }
}

private struct IndexKey: CodingKey {
    var intValue: Int?
    var stringValue: String { "\(intValue ?? 0)" }

    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
}

private struct ValueEncoder: Encoder {
    let slot: Slot
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any]

    static func encode(_ value: some Encodable, codingPath: [any CodingKey], userInfo: [CodingUserInfoKey: Any]) throws
        -> StructuredValue
    {
        if let value = value as? StructuredValue { return value }
        if let bytes = value as? [UInt8] { return .bytes(bytes) }
        if let object = value as? any StructuredAttachable { return try object.structuredValue() }
        let slot = Slot()
        try value.encode(to: ValueEncoder(slot: slot, codingPath: codingPath, userInfo: userInfo))
        return slot.value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .fields = slot.content {} else { slot.content = .fields([]) }
        return KeyedEncodingContainer(KeyedContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .items = slot.content {} else { slot.content = .items([]) }
        return UnkeyedContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleContainer(encoder: self) }

    func nested(_ slot: Slot, _ key: some CodingKey) -> ValueEncoder {
        ValueEncoder(slot: slot, codingPath: codingPath + [key], userInfo: userInfo)
    }

    func store(_ value: some Encodable, in slot: Slot, _ key: (any CodingKey)?) throws {
        let path = key.map { codingPath + [$0] } ?? codingPath
        slot.content = .value(try Self.primitive(value) ?? Self.encode(value, codingPath: path, userInfo: userInfo))
    }

    /// What needs no container of its own.
    static func primitive(_ value: some Encodable) -> StructuredValue? {
        switch value {
        case let value as Bool: .bool(value)
        case let value as String: .string(value)
        case let value as Double: .number(value)
        case let value as Float: .number(Double(value))
        case let value as any BinaryInteger: integer(value)
        default: nil
        }
    }

    static func integer(_ value: some BinaryInteger) -> StructuredValue {
        value.magnitude <= 1 << 53 ? .number(Double(value)) : .bigInt(StructuredBigInt(value))
    }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) { encoder.slot.add(key.stringValue).content = .value(.null) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        try encoder.store(value, in: encoder.slot.add(key.stringValue), key)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        encoder.nested(encoder.slot.add(key.stringValue), key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.nested(encoder.slot.add(key.stringValue), key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        ValueEncoder(slot: encoder.slot.add("super"), codingPath: codingPath, userInfo: encoder.userInfo)
    }
    func superEncoder(forKey key: Key) -> any Encoder { encoder.nested(encoder.slot.add(key.stringValue), key) }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.slot.count }

    func encodeNil() { encoder.slot.append().content = .value(.null) }

    func encode(_ value: some Encodable) throws {
        let key = IndexKey(count)
        try encoder.store(value, in: encoder.slot.append(), key)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        let key = IndexKey(count)
        return encoder.nested(encoder.slot.append(), key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let key = IndexKey(count)
        return encoder.nested(encoder.slot.append(), key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        let key = IndexKey(count)
        return encoder.nested(encoder.slot.append(), key)
    }
}

private struct SingleContainer: SingleValueEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { encoder.slot.content = .value(.null) }
    func encode(_ value: some Encodable) throws { try encoder.store(value, in: encoder.slot, nil) }
}
