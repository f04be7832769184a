/// A value as JavaScript workers exchange it: what the structured clone algorithm can carry, without an engine.
///
/// A tree of values. JavaScript's messages may refer twice to one object, or round in a circle; here the second mention is
/// a ``reference(_:)``. The objects of a message are numbered from 0 in the order in which they begin when it is read
/// from the outside in: an object before its fields, a view before its buffer. So
/// `.array([.object([("self", .reference(1))])])` is a list of one object that has itself as a property.
///
/// At most ``StructuredMessage/maximumDepth`` levels; engines among themselves know no such limit.
public indirect enum StructuredValue: Sendable, Equatable {
    case undefined
    case null
    case bool(Bool)
    case number(Double)
    case bigInt(StructuredBigInt)
    /// Lone surrogates, which JavaScript strings may have, become U+FFFD.
    case string(String)
    /// Milliseconds since 1970; NaN is an invalid date.
    case date(Double)
    case regExp(source: String, flags: String)
    /// A primitive in an object, as `Object(1)` makes it.
    case boxed(StructuredValue)
    /// The items; nil is a hole.
    case array([StructuredValue?])
    /// An array with properties beside its items, or with hardly any items: its length and all its properties.
    case sparseArray(length: UInt32, [StructuredField])
    /// The fields in order.
    case object([StructuredField])
    case map([StructuredEntry])
    case set([StructuredValue])
    case error(StructuredError)
    case arrayBuffer([UInt8])
    case resizableArrayBuffer([UInt8], maximum: UInt32)
    /// A window on a buffer. `length` counts elements; nil follows the buffer.
    case view(StructuredViewType, buffer: StructuredValue, byteOffset: UInt32, length: UInt32?)
    /// A buffer, or memory that is shared, that goes along with the message.
    case attachment(StructuredAttachment)
    /// An object of a built-in class that was cloned, such as a Blob.
    case host(type: String, state: StructuredValue)
    /// An object of a built-in class that was transferred, such as a MessagePort.
    case handle(type: String, attachment: StructuredAttachment)
    /// An object mentioned before; see above.
    case reference(UInt32)
}

/// A property of an object. A nil value has gone since the properties were listed.
public struct StructuredField: Sendable, Equatable {
    public var key: String
    public var value: StructuredValue?

    public init(_ key: String, _ value: StructuredValue?) {
        self.key = key
        self.value = value
    }
}

public struct StructuredEntry: Sendable, Equatable {
    public var key: StructuredValue
    public var value: StructuredValue

    public init(_ key: StructuredValue, _ value: StructuredValue) {
        self.key = key
        self.value = value
    }
}

/// An integer of any size: its sign and its hexadecimal digits, without leading zeros.
public struct StructuredBigInt: Sendable, Hashable {
    public let isNegative: Bool
    public let digits: String

    /// Nil unless `digits` is one or more hexadecimal digits.
    public init?(isNegative: Bool, digits: String) {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        let significant = digits.drop { $0 == "0" }
        self.digits = significant.isEmpty ? "0" : significant.lowercased()
        self.isNegative = isNegative && !significant.isEmpty
    }

    public init(_ value: some BinaryInteger) {
        digits = String(value.magnitude, radix: 16)
        isNegative = value < 0
    }

    /// Nil if the number is too large for the type.
    public func value<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? {
        Integer((isNegative ? "-" : "") + digits, radix: 16)
    }
}

/// An error: one of the seven names, and what it carries.
public struct StructuredError: Sendable, Equatable {
    public enum Name: UInt8, Sendable, CaseIterable {
        case error, evalError, rangeError, referenceError, syntaxError, typeError, uriError
    }

    public var name: Name
    public var message: String?
    public var stack: String?
    public var cause: StructuredValue?

    public init(_ name: Name = .error, message: String?, stack: String? = nil, cause: StructuredValue? = nil) {
        self.name = name
        self.message = message
        self.stack = stack
        self.cause = cause
    }
}

/// What a view takes its buffer for.
public enum StructuredViewType: UInt8, Sendable, CaseIterable {
    case dataView, int8, uint8, uint8Clamped, int16, uint16, int32, uint32, float32, float64, bigInt64, bigUint64, float16

    /// Bytes of an element.
    public var elementSize: Int {
        switch self {
        case .dataView, .int8, .uint8, .uint8Clamped: 1
        case .int16, .uint16, .float16: 2
        case .int32, .uint32, .float32: 4
        case .float64, .bigInt64, .bigUint64: 8
        }
    }
}

extension StructuredValue {
    /// An object of these fields.
    public static func object(_ fields: KeyValuePairs<String, StructuredValue>) -> StructuredValue {
        .object(fields.map { StructuredField($0.key, $0.value) })
    }

    /// A `Uint8Array` with a buffer of its own.
    public static func bytes(_ bytes: [UInt8]) -> StructuredValue {
        .view(.uint8, buffer: .arrayBuffer(bytes), byteOffset: 0, length: UInt32(bytes.count))
    }

    /// The first field of an object that has this name, or nil.
    public subscript(_ key: String) -> StructuredValue? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }

    /// The bytes of an `ArrayBuffer`, or those a view shows; of memory that went along with the message a copy.
    public var bytes: ArraySlice<UInt8>? {
        switch self {
        case .arrayBuffer(let bytes), .resizableArrayBuffer(let bytes, _): return bytes[...]
        case .attachment(let attachment): return attachment.bytes?[...]
        case .view(let type, let buffer, let byteOffset, let length):
            guard let bytes = buffer.bytes, let start = Int(exactly: byteOffset), start <= bytes.count else { return nil }
            guard let length else { return bytes.dropFirst(start) }
            let (size, isTooLong) = Int(length).multipliedReportingOverflow(by: type.elementSize)
            guard !isTooLong, size <= bytes.count - start else { return nil }
            return bytes.dropFirst(start).prefix(size)
        default: return nil
        }
    }
}

extension StructuredValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: StructuredValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, StructuredValue)...) {
        self = .object(elements.map { StructuredField($0.0, $0.1) })
    }
}
