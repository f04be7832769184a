internal import FoundationEssentials

/// A type that says itself how it lies in a message; takes precedence over `Codable`.
package protocol MessageCodable {
    /// Appends the value; at least one byte, so that no count of elements can exceed the bytes that hold them.
    func encode(into writer: MessageWriter) throws
    init(from reader: MessageReader) throws
}

extension MessageCodable where Self: FixedWidthInteger & BitwiseCopyable {
    package func encode(into writer: MessageWriter) { writer.writeInteger(self) }
    package init(from reader: MessageReader) throws { self = try reader.readInteger() }
}

extension Int: MessageCodable {}
extension Int8: MessageCodable {}
extension Int16: MessageCodable {}
extension Int32: MessageCodable {}
extension Int64: MessageCodable {}
extension Int128: MessageCodable {}
extension UInt: MessageCodable {}
extension UInt8: MessageCodable {}
extension UInt16: MessageCodable {}
extension UInt32: MessageCodable {}
extension UInt64: MessageCodable {}
extension UInt128: MessageCodable {}

extension Double: MessageCodable {
    package func encode(into writer: MessageWriter) { writer.writeInteger(bitPattern) }
    package init(from reader: MessageReader) throws { self.init(bitPattern: try reader.readInteger()) }
}

extension Float: MessageCodable {
    package func encode(into writer: MessageWriter) { writer.writeInteger(bitPattern) }
    package init(from reader: MessageReader) throws { self.init(bitPattern: try reader.readInteger()) }
}

extension Bool: MessageCodable {
    package func encode(into writer: MessageWriter) { writer.writeInteger(self ? 1 as UInt8 : 0) }

    package init(from reader: MessageReader) throws {
        switch try reader.readInteger(UInt8.self) {
        case 0: self = false
        case 1: self = true
        case let other: throw MessageCodingError.malformed("a truth value of \(other).")
        }
    }
}

extension String: MessageCodable {
    package func encode(into writer: MessageWriter) throws { try writer.writeString(self) }

    package init(from reader: MessageReader) throws {
        // Bytes that are no UTF-8 become replacement characters: harmless, and validation by itself costs as much again.
        self = String(decoding: try reader.readBytes().bindMemory(to: UInt8.self), as: UTF8.self)
    }
}

extension Data: MessageCodable {
    package func encode(into writer: MessageWriter) throws { try withUnsafeBytes { try writer.writeBytes($0) } }

    package init(from reader: MessageReader) throws {
        let bytes = try reader.readBytes()
        // An empty buffer has no address.
        self = bytes.baseAddress.map { Data(bytes: $0, count: bytes.count) } ?? Data()
    }
}
