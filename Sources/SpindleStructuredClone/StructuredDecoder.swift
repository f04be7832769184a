/// Makes a Swift value of one that a JavaScript worker sent; the counterpart of ``StructuredEncoder``.
///
/// `undefined`, `null` and an absent field all are nil. A field that is a number can be read as any type that holds it
/// exactly; a `Uint8Array` or an `ArrayBuffer` as `[UInt8]`, a `Map` with string keys as a dictionary, a `Set` as an array.
/// What goes along with a message is read as the types that SpindleJavaScript names for it.
public struct StructuredDecoder: Sendable {
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    public init() {}

    /// - Throws: `DecodingError`, which says where the value has another shape.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self, from value: StructuredValue) throws -> Value {
        try ValueDecoder(value: value, codingPath: [], userInfo: userInfo).decode(type)
    }
}

private struct IndexKey: CodingKey {
    var intValue: Int?
    var stringValue: String { "\(intValue ?? 0)" }

    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
}

private struct ValueDecoder: Decoder {
    let value: StructuredValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any]

    func nested(_ value: StructuredValue, _ key: some CodingKey) -> ValueDecoder {
        ValueDecoder(value: value, codingPath: codingPath + [key], userInfo: userInfo)
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(
            type, .init(codingPath: codingPath, debugDescription: "The message has \(value.kindName) here, not \(type)."))
    }

    var isNil: Bool { value == .null || value == .undefined }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        func made(_ value: Any?) throws -> Value {
            guard let value = value as? Value else { throw mismatch(type) }
            return value
        }
        switch type {
        case is StructuredValue.Type: return try made(value)
        case is [UInt8].Type:
            if let bytes = value.bytes { return try made(Array(bytes)) }
            return try Value(from: self)
        case is Bool.Type:
            guard case .bool(let value) = value.unboxed else { throw mismatch(type) }
            return try made(value)
        case is String.Type:
            guard case .string(let value) = value.unboxed else { throw mismatch(type) }
            return try made(value)
        case is Double.Type: return try made(double(type))
        case is Float.Type: return try made(Float(double(type)))
        default:
            if let integer = type as? any FixedWidthInteger.Type { return try made(self.integer(integer)) }
            guard let attachable = type as? any StructuredAttachable.Type else { return try Value(from: self) }
            return try made(attachable.attached(in: value))
        }
    }

    private func double(_ type: Any.Type) throws -> Double {
        guard case .number(let value) = value.unboxed else { throw mismatch(type) }
        return value
    }

    private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        switch value.unboxed {
        case .number(let number):
            guard let integer = Integer(exactly: number) else { throw mismatch(type) }
            return integer
        case .bigInt(let number):
            guard let integer = number.value(as: type) else { throw mismatch(type) }
            return integer
        default: throw mismatch(type)
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let fields = value.fields else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(KeyedContainer<Key>(decoder: self, fields: fields))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let items = value.items else { throw mismatch([Any].self) }
        return UnkeyedContainer(decoder: self, items: items)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleContainer(decoder: self) }
}

extension StructuredValue {
    fileprivate var unboxed: StructuredValue {
        if case .boxed(let value) = self { value } else { self }
    }

    fileprivate var fields: [String: StructuredValue]? {
        var fields: [String: StructuredValue] = [:]
        switch self {
        case .object(let list):
            for field in list { fields[field.key] = field.value }
        case .map(let entries):
            for entry in entries {
                guard case .string(let key) = entry.key else { return nil }
                fields[key] = entry.value
            }
        default: return nil
        }
        return fields
    }

    fileprivate var items: [StructuredValue]? {
        switch self {
        case .array(let items): items.map { $0 ?? .undefined }
        case .set(let values): values
        // An array that the engine keeps in another way than most, and that has nothing but its items.
        case .sparseArray(let length, let fields) where Int(length) == fields.count:
            fields.enumerated().allSatisfy { $0.element.key == "\($0.offset)" } ? fields.map { $0.value ?? .undefined } : nil
        default: nil
        }
    }

    fileprivate var kindName: String {
        switch self {
        case .undefined: "undefined"
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .bigInt: "a BigInt"
        case .string: "a string"
        case .date: "a Date"
        case .regExp: "a RegExp"
        case .boxed: "a boxed primitive"
        case .array, .sparseArray: "an array"
        case .object: "an object"
        case .map: "a Map"
        case .set: "a Set"
        case .error: "an Error"
        case .arrayBuffer, .resizableArrayBuffer: "an ArrayBuffer"
        case .view(let type, _, _, _): "a view of \(type)"
        case .attachment: "an attached buffer"
        case .host(let type, _), .handle(let type, _): "a \(type)"
        case .reference: "a reference to an object before it"
        }
    }
}

private struct KeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ValueDecoder
    let fields: [String: StructuredValue]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { fields.keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { fields[key.stringValue] != nil }

    private func nested(_ key: Key) throws -> ValueDecoder {
        guard let value = fields[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "The message has no \(key.stringValue) here."))
        }
        return decoder.nested(value, key)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try nested(key).isNil }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try nested(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try nested(key).unkeyedContainer() }

    func superDecoder() throws -> any Decoder {
        ValueDecoder(value: fields["super"] ?? .undefined, codingPath: codingPath, userInfo: decoder.userInfo)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }
}

private struct UnkeyedContainer: UnkeyedDecodingContainer {
    let decoder: ValueDecoder
    let items: [StructuredValue]
    var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    init(decoder: ValueDecoder, items: [StructuredValue]) {
        self.decoder = decoder
        self.items = items
    }

    private func next() throws -> ValueDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                StructuredValue.self,
                .init(codingPath: codingPath, debugDescription: "The array ends after \(items.count) items."))
        }
        return decoder.nested(items[currentIndex], IndexKey(currentIndex))
    }

    mutating func decodeNil() throws -> Bool {
        guard try next().isNil else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try next().decode(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        defer { currentIndex += 1 }
        return try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        defer { currentIndex += 1 }
        return try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        defer { currentIndex += 1 }
        return try next()
    }
}

private struct SingleContainer: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.isNil }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}

extension StructuredValue: Codable {
    /// Any value at this place of a message; works with ``StructuredDecoder`` only.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ValueDecoder else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "Only a StructuredDecoder has structured values."))
        }
        self = decoder.value
    }

    /// Works with ``StructuredEncoder`` only.
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self, .init(codingPath: encoder.codingPath, debugDescription: "Only a StructuredEncoder takes structured values."))
    }
}
