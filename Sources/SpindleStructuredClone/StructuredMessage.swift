/// A structured clone on its way: the structure as bytes and, apart from it, the characters of all its strings.
///
/// The format is described in `Sources/SpindleScripts/internal/clone/format.js`, whose engine-side reader and writer
/// this target mirrors.
public struct StructuredMessage: Sendable, Equatable {
    public var bytes: [UInt8]
    /// UTF-16, lone surrogates allowed.
    public var text: [UInt16]
    /// What the bytes mention by index.
    public var attachments: [StructuredAttachment]

    /// The version of the format, the first byte of each message.
    public static let version: UInt8 = 1
    /// How many levels deep a ``StructuredValue`` can be.
    public static let maximumDepth = 256

    public init(bytes: [UInt8], text: [UInt16], attachments: [StructuredAttachment] = []) {
        self.bytes = bytes
        self.text = text
        self.attachments = attachments
    }

    // MARK: The packed form

    private static let headSize = 16
    private static let magic: UInt8 = 0x53

    /// The message as one run of bytes, as `node:v8` makes it of each value. Attachments are not in it.
    public func packed() -> [UInt8] {
        let width = text.contains { $0 > 0xff } ? 2 : 1
        var result: [UInt8] = [Self.magic, Self.version, UInt8(width), 0]
        result.appendInteger(UInt32(bytes.count))
        result.appendInteger(UInt32(text.count))
        result.appendInteger(UInt32(0))
        result += bytes
        if width == 2, !result.count.isMultiple(of: 2) { result.append(0) }
        for unit in text {
            if width == 1 { result.append(UInt8(unit)) } else { result.appendInteger(unit) }
        }
        return result
    }

    /// Takes a packed message apart.
    public init(packed: some RandomAccessCollection<UInt8>) throws(StructuredCloneError) {
        let bytes = Array(packed)
        guard bytes.count >= Self.headSize, bytes[0] == Self.magic, bytes[1] == Self.version, bytes[2] == 1 || bytes[2] == 2
        else {
            throw StructuredCloneError(.malformed, "these bytes do not begin as a packed message of version \(Self.version)")
        }
        let width = Int(bytes[2])
        let length = Int(bytes.integer(at: 4, as: UInt32.self))
        let count = Int(bytes.integer(at: 8, as: UInt32.self))
        let textAt = (Self.headSize + length + width - 1) / width * width
        guard textAt + count * width <= bytes.count else {
            throw StructuredCloneError(.malformed, "a packed message says it is longer than its \(bytes.count) bytes")
        }
        attachments = []
        self.bytes = Array(bytes[Self.headSize..<Self.headSize + length])
        text = (0..<count).map { index in
            width == 1 ? UInt16(bytes[textAt + index]) : bytes.integer(at: textAt + 2 * index, as: UInt16.self)
        }
    }
}

/// In the packed form.
extension StructuredMessage: Codable {
    public init(from decoder: any Decoder) throws { try self.init(packed: [UInt8](from: decoder)) }

    /// - Throws: `EncodingError` if the message has attachments, which only a worker's own ways carry.
    public func encode(to encoder: any Encoder) throws {
        guard attachments.isEmpty else {
            throw EncodingError.invalidValue(
                self,
                .init(
                    codingPath: encoder.codingPath,
                    debugDescription: "Memory and ports can only be sent to a worker; they cannot be stored."))
        }
        try packed().encode(to: encoder)
    }
}

extension [UInt8] {
    mutating func appendInteger<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// The little-endian integer at an offset, which the caller has checked.
    func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Integer {
        var result: Integer = 0
        for index in 0..<MemoryLayout<Integer>.size {
            result |= Integer(truncatingIfNeeded: self[offset + index]) << (8 * index)
        }
        return result
    }
}

/// Why a message could not be read or written.
public struct StructuredCloneError: Error, Equatable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        private let name: String
        /// The bytes are no message; what comes from a worker process may be anything.
        public static let malformed = Code(name: "malformed")
        /// The value is nested more than ``StructuredMessage/maximumDepth`` levels deep.
        public static let tooDeep = Code(name: "tooDeep")
        /// Larger than the format's 32-bit counts, or a reference to nothing.
        public static let invalidValue = Code(name: "invalidValue")
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(message) (structured clone)" }
}

/// The tags of the format.
enum Tag: UInt8 {
    case undefined = 1, null, `true`, `false`, int, double, bigInt, string, reference, absent, deferred
    case shape, object, dictionary, array, sparse, map, set, error
    case ints, doubles, date, regExp, box, buffer, resizable, view, attached, host, handle
}

enum ErrorFlags {
    static let hasMessage: UInt8 = 1
    static let hasStack: UInt8 = 2
    static let hasCause: UInt8 = 4
}
