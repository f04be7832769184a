/// A word or sign of a source.
struct Token {
    enum Kind: UInt8 {
        case end
        /// A word that may be an identifier; whether it may *here* is the parser's business.
        case identifier
        case keyword
        /// A reserved word spelt with an escape: good as a property's name only.
        case escapedKeyword
        case privateName, number, string, regularExpression
        /// A piece of a template that ends with a backtick.
        case templateEnd
        /// A piece of a template that ends with `${`.
        case templateOpen
        case braceLeft, braceRight, parenLeft, parenRight, bracketLeft, bracketRight
        case dot, ellipsis, questionDot, semicolon, comma, question, colon, arrow
        case assign
        /// `+=` and its like, `/=` among them.
        case compoundAssign
        case increment
        /// `+` or `-`.
        case sign
        /// `!` or `~`.
        case not
        case star, slash
        /// Any other operator between two operands.
        case binary
    }

    var kind = Kind.end
    /// A line ended between the token before and this one.
    var followsNewline = false
    /// Spelt with a `\u` escape (identifiers), or holding a backslash (strings).
    var isEscaped = false
    var name = Name.none
    // Offsets of 32 bits make a token 16 bytes: many are copied, and some live in frames of functions that nest.
    private var start32: UInt32 = 0
    private var end32: UInt32 = 0

    @inline(__always) var start: Int {
        get { Int(start32) }
        set { start32 = UInt32(truncatingIfNeeded: newValue) }
    }
    @inline(__always) var end: Int {
        get { Int(end32) }
        set { end32 = UInt32(truncatingIfNeeded: newValue) }
    }

    @inline(__always) var isWord: Bool { kind == .identifier || kind == .keyword || kind == .escapedKeyword }
    @inline(__always) func isKeyword(_ word: Name) -> Bool { kind == .keyword && name == word }
    /// A word with a meaning at this place, which it has only without escapes.
    @inline(__always) func isContextual(_ word: Name) -> Bool { kind == .identifier && name == word && !isEscaped }
}
