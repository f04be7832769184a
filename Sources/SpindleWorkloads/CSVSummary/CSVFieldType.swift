/// What the values of a column have in common.
public enum CSVFieldType: String, Codable, Sendable {
    /// No values at all.
    case empty
    /// Digits with an optional sign.
    case integer
    /// A number with a point or an exponent; also a column that mixes them with integers.
    case decimal
    /// `true` or `false`, in any case.
    case boolean
    /// An ISO 8601 date, `2024-02-29`, or date and time, `2024-02-29T12:30:00Z`.
    case date
    /// Everything else, and every other mixture.
    case text

    /// The type of a column of this type that gets a value of another.
    func joined(with other: CSVFieldType) -> CSVFieldType {
        switch (self, other) {
        case (.empty, let type), (let type, .empty): type
        case let (a, b) where a == b: a
        case (.integer, .decimal), (.decimal, .integer): .decimal
        default: .text
        }
    }
}

/// A value as its type has it; spaces around one make it text.
enum CSVFieldValue: Equatable {
    case number(Double, isInteger: Bool)
    case boolean
    case date
    case text

    init(_ bytes: Span<UInt8>) {
        // Mostly the first byte tells.
        switch bytes.isEmpty ? 0 : bytes[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if let number = Self.number(bytes) {
                self = number
            } else {
                self = ISODate.matches(bytes) ? .date : .text
            }
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): self = Self.number(bytes) ?? .text
        case UInt8(ascii: "t"), UInt8(ascii: "T"): self = Self.equals(bytes, "true") ? .boolean : .text
        case UInt8(ascii: "f"), UInt8(ascii: "F"): self = Self.equals(bytes, "false") ? .boolean : .text
        default: self = .text
        }
    }

    var type: CSVFieldType {
        switch self {
        case .number(_, let isInteger): isInteger ? .integer : .decimal
        case .boolean: .boolean
        case .date: .date
        case .text: .text
        }
    }

    /// `word` is in lower case.
    private static func equals(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        return bytes.indices.allSatisfy { bytes[$0] | 0x20 == word.utf8Start[$0] }
    }

    /// Powers of ten that a Double holds exactly.
    private static let powersOfTen: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }

    private static func number(_ bytes: Span<UInt8>) -> CSVFieldValue? {
        var index = 0
        let isNegative = bytes[0] == UInt8(ascii: "-")
        if isNegative || bytes[0] == UInt8(ascii: "+") { index = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var fractionDigits = 0
        var hasPoint = false
        while index < bytes.count {
            let byte = bytes[index]
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                // Wraps only past 19 digits, which take the slow way below.
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
                if hasPoint { fractionDigits += 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        let hasExponent = index < bytes.count
        if hasExponent, !isExponent(bytes, from: index) { return nil }
        let isInteger = !hasPoint && !hasExponent
        // Both factors are exact, so one rounding gives the nearest Double (W. D. Clinger, 1990).
        if !hasExponent, digits <= 19, mantissa <= 1 << 53, fractionDigits < powersOfTen.count {
            let magnitude = Double(mantissa) / powersOfTen[fractionDigits]
            return .number(isNegative ? -magnitude : magnitude, isInteger: isInteger)
        }
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let value = Double(text.hasSuffix(".") ? text + "0" : text), value.isFinite else { return nil }
        return .number(value, isInteger: isInteger)
    }

    /// `e` or `E`, an optional sign, digits to the end.
    private static func isExponent(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return false }
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard index < bytes.count else { return false }
        return (index..<bytes.count).allSatisfy { bytes[$0] &- UInt8(ascii: "0") <= 9 }
    }
}
