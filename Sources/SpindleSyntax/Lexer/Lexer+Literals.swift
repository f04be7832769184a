extension Lexer {
    // MARK: Numbers

    mutating func number() throws(Failure) {
        let start = position
        let marker = source[start + 1] | 0x20
        if source[start] == UInt8(ascii: "0"), [UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "b")].contains(marker) {
            position += 2
            let digits = position
            while source[position].hexValue != nil || source[position] == UInt8(ascii: "_") { position += 1 }
            if position == digits { throw Failure("Invalid or unexpected token", at: start) }
            skip(UInt8(ascii: "n"))
        } else {
            skipDigits()
            // An old octal like 017 has no fraction: 017.toString() reads a property.
            let isOctal =
                source[start] == UInt8(ascii: "0") && position > start + 1
                && (start + 1..<position).allSatisfy { source[$0] < UInt8(ascii: "8") }
            if !skip(UInt8(ascii: "n")), !isOctal {
                if skip(UInt8(ascii: ".")) { skipDigits() }
                if source[position] | 0x20 == UInt8(ascii: "e") {
                    position += 1
                    if !skip(UInt8(ascii: "+")) { skip(UInt8(ascii: "-")) }
                    if !source[position].isDigit { throw Failure("Invalid or unexpected token", at: start) }
                    skipDigits()
                }
            }
        }
        if source.scalar(at: position).value.continuesIdentifier {
            throw Failure("Invalid or unexpected token", at: start)
        }
    }

    private mutating func skipDigits() {
        while source[position].isDigit || source[position] == UInt8(ascii: "_") { position += 1 }
    }

    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard source[position] == byte else { return false }
        position += 1
        return true
    }

    // MARK: Strings

    mutating func string(_ quote: UInt8, into token: inout Token) throws(Failure) {
        let start = position
        position += 1
        while true {
            let byte = source[position]
            switch byte {
            case quote:
                position += 1
                return
            case UInt8(ascii: "\\"):
                token.isEscaped = true
                position += 1
                // A carriage return and its newline are one continued line.
                if source[position] == .carriageReturn, source[position + 1] == .newline { position += 1 }
                if position >= source.count { throw Failure("Invalid or unexpected token", at: start) }
                position += 1
            case .newline, .carriageReturn:
                throw Failure("Invalid or unexpected token", at: start)
            case 0 where position >= source.count:
                throw Failure("Invalid or unexpected token", at: start)
            default:
                position += 1
            }
        }
    }

    /// What a string token says, in UTF-16 since a string may hold half a pair; nil with a malformed escape.
    func value(ofString token: Token) -> [UInt16]? {
        var units: [UInt16] = []
        var index = token.start + 1
        func hex(_ count: Int) -> UInt32? {
            var value: UInt32 = 0
            for offset in 0..<count {
                guard let digit = source[index + offset].hexValue else { return nil }
                value = value * 16 + digit
            }
            index += count
            return value
        }
        while index < token.end - 1 {
            var (scalar, length) = source.scalar(at: index)
            index += length
            if scalar == UInt32(UInt8(ascii: "\\")) {
                (scalar, length) = source.scalar(at: index)
                index += length
                switch scalar < 128 ? UInt8(scalar) : 0 {
                case UInt8(ascii: "n"): scalar = 0x0A
                case UInt8(ascii: "t"): scalar = 0x09
                case UInt8(ascii: "r"): scalar = 0x0D
                case UInt8(ascii: "b"): scalar = 0x08
                case UInt8(ascii: "f"): scalar = 0x0C
                case UInt8(ascii: "v"): scalar = 0x0B
                case UInt8(ascii: "0") where !source[index].isDigit: scalar = 0
                case .carriageReturn:
                    if source[index] == .newline { index += 1 }
                    continue
                case .newline: continue
                case UInt8(ascii: "x"):
                    guard let value = hex(2) else { return nil }
                    scalar = value
                case UInt8(ascii: "u"):
                    if source[index] == UInt8(ascii: "{") {
                        index += 1
                        var value: UInt32 = 0
                        let start = index
                        while let digit = source[index].hexValue, value <= 0x10FFFF {
                            value = value * 16 + digit
                            index += 1
                        }
                        guard index > start, value <= 0x10FFFF, source[index] == UInt8(ascii: "}") else { return nil }
                        index += 1
                        scalar = value
                    } else {
                        guard let value = hex(4) else { return nil }
                        scalar = value
                    }
                default:
                    if scalar == 0x2028 || scalar == 0x2029 { continue }
                }
            }
            if scalar < 0x10000 {
                units.append(UInt16(scalar))
            } else {
                units.append(UInt16(0xD800 + (scalar - 0x10000) >> 10))
                units.append(UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF))
            }
        }
        return units
    }

    // MARK: Templates and regular expressions

    /// A piece of a template from its backtick or from the `}` that ends a substitution.
    @inline(never)
    mutating func template(from start: Int) throws(Failure) -> Token {
        position = start
        var token = Token()
        token.start = start
        token.kind = try templatePiece()
        token.end = position
        return token
    }

    mutating func templatePiece() throws(Failure) -> Token.Kind {
        let start = position
        position += 1
        while true {
            switch source[position] {
            case UInt8(ascii: "`"):
                position += 1
                return .templateEnd
            case UInt8(ascii: "$") where source[position + 1] == UInt8(ascii: "{"):
                position += 2
                return .templateOpen
            case UInt8(ascii: "\\"):
                position += 2
            case 0 where position >= source.count:
                throw Failure("Unterminated template literal", at: start)
            default:
                position += 1
            }
        }
    }

    @inline(never)
    mutating func regularExpression(from start: Int) throws(Failure) -> Token {
        position = start + 1
        var isInClass = false
        while true {
            let byte = source[position]
            if position >= source.count || byte == .newline || byte == .carriageReturn
                || source.isWideLineTerminator(at: position)
            {
                throw Failure("Invalid regular expression: missing /", at: start)
            }
            position += 1
            if byte == UInt8(ascii: "\\") {
                // An escaped line's end is no better than a bare one: the next round sees it.
                let escaped = source[position]
                if escaped != .newline, escaped != .carriageReturn, !source.isWideLineTerminator(at: position) { position += 1 }
            } else if byte == UInt8(ascii: "[") {
                isInClass = true
            } else if byte == UInt8(ascii: "]") {
                isInClass = false
            } else if byte == UInt8(ascii: "/"), !isInClass {
                break
            }
        }
        while source.scalar(at: position).value.continuesIdentifier { position += source.scalar(at: position).length }
        var token = Token()
        token.kind = .regularExpression
        token.start = start
        token.end = position
        return token
    }
}
