/// JSON as package.json needs it: members of objects keep their order, for the first condition that holds wins.
enum JSONValue {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// As `JSON.stringify` writes it.
    var text: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case ..<" ":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

struct JSONMember {
    let key: String
    var value: JSONValue
}

/// Reads JSON, strictly. Nesting is bounded: a hostile package.json is an error, not a fault.
struct JSONReader {
    struct Failure: Error {
        let message: String
    }

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    static func read(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value()
        reader.skipSpace()
        if reader.index < bytes.count { throw reader.unexpected() }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func unexpected() -> Failure {
        if index >= bytes.count { return Failure(message: "Unexpected end of JSON input") }
        let rest = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
        return Failure(message: "Unexpected token '\(rest.prefix(1))' in JSON at position \(index)")
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == expected else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ expected: UInt8) throws(Failure) {
        if !take(expected) { throw unexpected() }
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        for expected in text.utf8 {
            if byte != expected { throw unexpected() }
            index += 1
        }
        return value
    }

    private mutating func value() throws(Failure) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if depth > 200 { throw Failure(message: "JSON nested too deeply") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"):
            index += 1
            return .object(try members())
        case UInt8(ascii: "["):
            index += 1
            var values: [JSONValue] = []
            if take(UInt8(ascii: "]")) { return .array(values) }
            repeat { values.append(try value()) } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
            return .array(values)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    /// A key that comes again replaces the value and keeps its first place, as in JavaScript.
    private mutating func members() throws(Failure) -> [JSONMember] {
        var members: [JSONMember] = []
        var places: [String: Int] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw unexpected() }
            let key = try string()
            try expect(UInt8(ascii: ":"))
            let value = try value()
            if let place = places[key] {
                members[place].value = value
            } else {
                places[key] = members.count
                members.append(JSONMember(key: key, value: value))
            }
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return members
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = index
        if byte == UInt8(ascii: "-") { index += 1 }
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw unexpected() }
        while index < bytes.count, "0123456789+-.eE".utf8.contains(bytes[index]) { index += 1 }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func string() throws(Failure) -> String {
        index += 1
        var units: [UInt8] = []
        while true {
            guard index < bytes.count, byte >= 0x20 else { throw unexpected() }
            let current = byte
            if current == UInt8(ascii: "\"") { break }
            index += 1
            guard current == UInt8(ascii: "\\") else {
                units.append(current)
                continue
            }
            let escape = byte
            index += 1
            switch escape {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escape)
            case UInt8(ascii: "u"): units += try scalar()
            default:
                index -= 1
                throw unexpected()
            }
        }
        index += 1
        return String(decoding: units, as: UTF8.self)
    }

    /// Four digits, or eight for a pair of surrogates; half a pair is U+FFFD.
    private mutating func scalar() throws(Failure) -> [UInt8] {
        var value = try unit()
        if value & 0xFC00 == 0xD800, byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") {
            let saved = index
            index += 2
            let low = try unit()
            if low & 0xFC00 == 0xDC00 {
                value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
            } else {
                index = saved
            }
        }
        return Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
    }

    private mutating func unit() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw unexpected() }
            value = value * 16 + UInt32(digit)
            index += 1
        }
        return value
    }
}
