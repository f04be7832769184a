@_spi(Reflection) internal import Swift

/// Where the bytes of a plain type lie.
///
/// A type is plain when it is an integer or a floating-point number, or a struct or tuple of nothing else: then every
/// pattern of bytes is a value of it, and untrusted bytes can become one as they are. `Bool`, enums, references and
/// pointers are not plain. Structs of the standard library and of Foundation are not taken for plain either, though
/// some hold only numbers: a `Range` promises more than its two bounds can.
///
/// Padding between the fields is not sent, since what lies there may come from elsewhere in the sender's memory.
struct PlainLayout: Sendable {
    struct Run: Sendable {
        let offset: Int
        var length: Int
    }

    private(set) var runs: [Run] = []
    private(set) var byteCount = 0

    /// Nil when the type is not plain, or has no bytes at all.
    init?<Value>(of type: Value.Type) {
        guard add(Box<Value>.self, at: 0), byteCount > 0 else { return nil }
    }

    /// Whether an array of the type holds nothing but the bytes of its elements.
    func fillsStride<Value>(of type: Value.Type) -> Bool { byteCount == MemoryLayout<Value>.stride }

    /// A struct around the type, since fields tell their kind and types do not.
    private struct Box<Value> { let value: Value }

    private enum Kind {
        static let structure: UInt = 0x200
        static let tuple: UInt = 0x301
    }

    /// Adds the fields of a struct or tuple; false when one is not plain.
    private mutating func add(_ type: Any.Type, at offset: Int) -> Bool {
        var isPlain = true
        let isComplete = _forEachField(of: type, options: []) { _, fieldOffset, fieldType, kind in
            isPlain = addField(fieldType, kind: kind.rawValue, at: offset + fieldOffset)
            return isPlain
        }
        return isComplete && isPlain
    }

    private mutating func addField(_ type: Any.Type, kind: UInt, at offset: Int) -> Bool {
        if let number = type as? any PlainNumber.Type {
            addRun(offset, number.byteCount)
            return true
        }
        switch kind {
        case Kind.tuple: return add(type, at: offset)
        case Kind.structure:
            let name = _typeName(type, qualified: true)
            guard !["Swift.", "Foundation.", "FoundationEssentials."].contains(where: name.hasPrefix) else { return false }
            return add(type, at: offset)
        default: return false
        }
    }

    private mutating func addRun(_ offset: Int, _ length: Int) {
        byteCount += length
        if let last = runs.indices.last, runs[last].offset + runs[last].length == offset {
            runs[last].length += length
        } else {
            runs.append(Run(offset: offset, length: length))
        }
    }
}

/// A number of which every pattern of bytes is a value.
private protocol PlainNumber: BitwiseCopyable {}

extension PlainNumber {
    fileprivate static var byteCount: Int { MemoryLayout<Self>.size }
}

extension Int: PlainNumber {}
extension Int8: PlainNumber {}
extension Int16: PlainNumber {}
extension Int32: PlainNumber {}
extension Int64: PlainNumber {}
extension Int128: PlainNumber {}
extension UInt: PlainNumber {}
extension UInt8: PlainNumber {}
extension UInt16: PlainNumber {}
extension UInt32: PlainNumber {}
extension UInt64: PlainNumber {}
extension UInt128: PlainNumber {}
extension Float: PlainNumber {}
extension Double: PlainNumber {}
