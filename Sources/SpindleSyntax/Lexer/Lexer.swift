/// Cuts a source into tokens, one at a time.
///
/// Only the parser knows whether a `/` divides or begins a regular expression, and whether a `}` goes on with a
/// template; it then asks for the other reading with ``regularExpression(from:)`` and ``template(from:)``.
struct Lexer {
    let source: SourceText
    let isModule: Bool
    var names: NameTable
    var position: Int
    private var isAtFirstToken = true

    init(source: SourceText, isModule: Bool) {
        self.source = source
        self.isModule = isModule
        names = NameTable(source: source)
        position = source.startOfText
        if source.hasHashbang { skipLine() }
    }

    // MARK: Space and comments

    /// Answers whether a line ended.
    private mutating func skipSpace() throws(Failure) -> Bool {
        var hasNewline = false
        while true {
            let byte = source[position]
            switch byte {
            case 0x20, 0x09, 0x0B, 0x0C:
                position += 1
            case .newline, .carriageReturn:
                hasNewline = true
                position += 1
            case UInt8(ascii: "/"):
                if source[position + 1] == UInt8(ascii: "/") {
                    skipLine()
                } else if source[position + 1] == UInt8(ascii: "*") {
                    if try skipBlockComment() { hasNewline = true }
                } else {
                    return hasNewline
                }
            case UInt8(ascii: "<"):
                guard begins("<!--") else { return hasNewline }
                try skipMarkupComment()
            case UInt8(ascii: "-"):
                guard hasNewline || isAtFirstToken, begins("-->") else { return hasNewline }
                try skipMarkupComment()
            case 0x80...:
                if source.isWideLineTerminator(at: position) { hasNewline = true }
                let (scalar, length) = source.scalar(at: position)
                switch scalar {
                case 0xA0, 0xFEFF, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: position += length
                default: return hasNewline
                }
            default:
                return hasNewline
            }
        }
    }

    private func begins(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in text.indices.allSatisfy { source[position + $0] == text[$0] } }
    }

    /// A comment of HTML, which scripts may have. A module's text is run as a script, so it must not have one.
    private mutating func skipMarkupComment() throws(Failure) {
        if isModule { throw Failure("HTML comments are not allowed in modules", at: position) }
        skipLine()
    }

    private mutating func skipLine() {
        while position < source.count {
            let byte = source[position]
            if byte == .newline || byte == .carriageReturn || source.isWideLineTerminator(at: position) { return }
            position += 1
        }
    }

    private mutating func skipBlockComment() throws(Failure) -> Bool {
        let start = position
        var hasNewline = false
        position += 2
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "*"), source[position + 1] == UInt8(ascii: "/") {
                position += 2
                return hasNewline
            }
            if byte == .newline || byte == .carriageReturn || source.isWideLineTerminator(at: position) { hasNewline = true }
            position += 1
        }
        throw Failure("Invalid or unexpected token", at: start)
    }

    // MARK: Tokens

    @inline(never)
    mutating func next() throws(Failure) -> Token {
        var token = Token()
        token.followsNewline = try skipSpace()
        isAtFirstToken = false
        let start = position
        token.start = start
        let byte = source[start]
        if byte.beginsIdentifier || byte >= 0x80 || byte == UInt8(ascii: "\\") {
            try identifier(into: &token)
        } else if byte.isDigit || (byte == UInt8(ascii: ".") && source[start + 1].isDigit) {
            token.kind = .number
            try number()
        } else {
            token.kind = try sign(byte, into: &token)
        }
        token.end = position
        return token
    }

    private mutating func sign(_ byte: UInt8, into token: inout Token) throws(Failure) -> Token.Kind {
        let start = position
        let second = source[start + 1]
        /// The rest of an operator that may be doubled and may assign.
        func length(doubled: Bool) -> (Int, Token.Kind) {
            let length = doubled && second == byte ? 2 : 1
            return source[start + length] == UInt8(ascii: "=") ? (length + 1, .compoundAssign) : (length, .binary)
        }
        var size = 1
        var kind: Token.Kind
        switch byte {
        case UInt8(ascii: "("): kind = .parenLeft
        case UInt8(ascii: ")"): kind = .parenRight
        case UInt8(ascii: "{"): kind = .braceLeft
        case UInt8(ascii: "}"): kind = .braceRight
        case UInt8(ascii: "["): kind = .bracketLeft
        case UInt8(ascii: "]"): kind = .bracketRight
        case UInt8(ascii: ";"): kind = .semicolon
        case UInt8(ascii: ","): kind = .comma
        case UInt8(ascii: ":"): kind = .colon
        case UInt8(ascii: "~"): kind = .not
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            try string(byte, into: &token)
            return .string
        case UInt8(ascii: "`"):
            return try templatePiece()
        case UInt8(ascii: "."):
            let isEllipsis = second == byte && source[start + 2] == byte
            (size, kind) = isEllipsis ? (3, .ellipsis) : (1, .dot)
        case UInt8(ascii: "?"):
            if second == UInt8(ascii: "."), !source[start + 2].isDigit {
                (size, kind) = (2, .questionDot)
            } else if second == byte {
                (size, kind) = length(doubled: true)
            } else {
                kind = .question
            }
        case UInt8(ascii: "="):
            if second == UInt8(ascii: ">") {
                (size, kind) = (2, .arrow)
            } else if second == byte {
                (size, kind) = (source[start + 2] == byte ? 3 : 2, .binary)
            } else {
                kind = .assign
            }
        case UInt8(ascii: "!"):
            let isComparison = second == UInt8(ascii: "=")
            (size, kind) = isComparison ? (source[start + 2] == second ? 3 : 2, .binary) : (1, .not)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            if second == byte {
                (size, kind) = (2, .increment)
            } else {
                (size, kind) = second == UInt8(ascii: "=") ? (2, .compoundAssign) : (1, .sign)
            }
        case UInt8(ascii: "*"):
            (size, kind) = length(doubled: true)
            if size == 1 { kind = .star }
        case UInt8(ascii: "/"):
            (size, kind) = second == UInt8(ascii: "=") ? (2, .compoundAssign) : (1, .slash)
        case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "|"):
            (size, kind) = length(doubled: true)
            if byte == UInt8(ascii: "<"), size == 2, second == UInt8(ascii: "=") { kind = .binary }
        case UInt8(ascii: ">"):
            size = 1
            while size < 3, source[start + size] == byte { size += 1 }
            kind = .binary
            if source[start + size] == UInt8(ascii: "=") {
                kind = size == 1 ? .binary : .compoundAssign
                size += 1
            }
        case UInt8(ascii: "%"), UInt8(ascii: "^"):
            (size, kind) = length(doubled: false)
        case UInt8(ascii: "#"):
            position += 1
            guard source[position].beginsIdentifier || source[position] >= 0x80 || source[position] == UInt8(ascii: "\\") else {
                throw Failure("Invalid or unexpected token", at: start)
            }
            try identifier(into: &token)
            return .privateName
        case 0 where start >= source.count:
            return .end
        default:
            throw Failure("Invalid or unexpected token", at: start)
        }
        position += size
        return kind
    }

    private mutating func identifier(into token: inout Token) throws(Failure) {
        let start = position
        var hash = names.seed
        var byte = source[position]
        while byte.continuesIdentifier {
            hash = NameTable.hash(hash, byte)
            position += 1
            byte = source[position]
        }
        if byte < 0x80, byte != UInt8(ascii: "\\") {
            token.name = names.intern(start..<position, hash: hash)
        } else {
            position = start
            token.name = try spelledIdentifier(&token.isEscaped)
        }
        token.kind = token.name.isReserved ? (token.isEscaped ? .escapedKeyword : .keyword) : .identifier
    }

    /// An identifier with an escape or a character beyond ASCII in it.
    private mutating func spelledIdentifier(_ isEscaped: inout Bool) throws(Failure) -> Name {
        var name: [UInt8] = []
        while true {
            let start = position
            var (scalar, length) = source.scalar(at: position)
            if scalar == UInt32(UInt8(ascii: "\\")) {
                position += 1
                guard source[position] == UInt8(ascii: "u"), let value = unicodeEscape() else {
                    throw Failure("Invalid Unicode escape sequence", at: start)
                }
                isEscaped = true
                scalar = value
                guard name.isEmpty ? scalar.beginsIdentifier : scalar.continuesIdentifier else {
                    throw Failure("Invalid Unicode escape sequence", at: start)
                }
            } else {
                guard name.isEmpty ? scalar.beginsIdentifier : scalar.continuesIdentifier else { break }
                position += length
            }
            length = 0
            scalar.appendUTF8(to: &name)
        }
        if name.isEmpty { throw Failure("Invalid or unexpected token", at: position) }
        return names.intern(spelled: name)
    }

    /// `u0061` or `u{61}` behind a backslash; moves behind it.
    private mutating func unicodeEscape() -> UInt32? {
        position += 1
        var value: UInt32 = 0
        if source[position] == UInt8(ascii: "{") {
            position += 1
            let start = position
            while let digit = source[position].hexValue {
                value = value * 16 + digit
                if value > 0x10FFFF { return nil }
                position += 1
            }
            guard position > start, source[position] == UInt8(ascii: "}") else { return nil }
            position += 1
            return value
        }
        for _ in 0..<4 {
            guard let digit = source[position].hexValue else { return nil }
            value = value * 16 + digit
            position += 1
        }
        return value
    }
}
