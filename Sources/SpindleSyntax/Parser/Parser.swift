/// A parser of ECMAScript 2025 that builds no tree. It keeps what rewriting needs: names with their scopes,
/// references with their places, imports and exports, and where `await`, `import()` and `import.meta` stand.
///
/// It refuses what the engine could not refuse later because the rewritten text no longer shows it (`yield` and
/// `return` at the top of a module, twice declared functions, unknown exports). Rules that can be read off the
/// rewritten text as well (labels, duplicate parameters, the inside of regular expressions) are the engine's.
///
/// Nesting is bounded by ``depthLimit``, so a hostile source ends in an error and not in a fault of the stack.
struct Parser: ~Copyable {
    enum Goal {
        case module
        case script
        /// The body of a function, as CommonJS modules are: `return` is allowed and `new.target` is undefined.
        case commonJS
    }

    /// What holds inside the nearest function, or at the top.
    struct Context {
        var isTopLevel = true
        var isAsync = false
        var isGenerator = false
        var isStrict: Bool
        /// Initialisers of fields and static blocks: `await` and `arguments` are errors there.
        var isClassElement = false
        var allowsReturn: Bool
        var allowsNewTarget: Bool
        /// `arguments` is the module's own, which it does not have: no function but arrows in between.
        var hasArguments: Bool
        var variableScope = 0
        /// Index of the async function; nil in one that is not.
        var asyncFunction: Int?
    }

    /// Nesting of expressions, statements and patterns. A level costs up to 0.8 KB of stack, without optimisation 6 KB;
    /// a worker's stack has 1 MB.
    #if DEBUG
        static let depthLimit = 150
    #else
        static let depthLimit = 500
    #endif

    let goal: Goal
    var lexer: Lexer
    var token = Token()
    /// Where the token before ended.
    var previousEnd = 0
    /// Where the token starts before which a semicolon is missing and was understood.
    var impliedSemicolon = -1
    var depth = 0
    var context: Context
    var record: Record
    var currentScope = 0
    /// Where the labels of the statement begin that is read next.
    var labelStart: Int?
    /// Offsets of parentheses that turned out to hold parameters of an arrow function, or arguments for a function
    /// named async. Both are read twice; knowing them keeps nested ones from being read four, eight, sixteen times.
    var arrowHeads: [Int: Bool] = [:]

    init(_ source: SourceText, goal: Goal) {
        self.goal = goal
        lexer = Lexer(source: source, isModule: goal == .module)
        record = Record(end: source.count)
        context = Context(
            isStrict: goal == .module, allowsReturn: goal == .commonJS, allowsNewTarget: goal == .commonJS,
            hasArguments: goal == .commonJS, asyncFunction: goal == .module ? 0 : nil)
    }

    mutating func parse() throws(Failure) {
        // Offsets of tokens have 32 bits.
        if lexer.source.count >= 1 << 32 { throw Failure("Source too large", at: 0) }
        try advance()
        try parseDirectives()
        while token.kind != .end { try parseStatement() }
    }

    var isModule: Bool { goal == .module }

    // MARK: Tokens
    //
    // What moves by a token is never inlined, so that frames of the functions that nest stay small.
    // For the same reason helpers that change nothing are mutating: they get an address and not a copy of the parser.

    @inline(never)
    mutating func advance() throws(Failure) {
        previousEnd = token.end
        token = try lexer.next()
        if record.keepsTokens { record.tokens.append(token) }
    }

    /// Reads the current token in another way.
    @inline(never)
    mutating func replaceToken(_ replacement: Token) {
        token = replacement
        if record.keepsTokens { record.tokens[record.tokens.count - 1] = replacement }
    }

    @inline(never)
    mutating func take(_ kind: Token.Kind) throws(Failure) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    @inline(never)
    mutating func expect(_ kind: Token.Kind) throws(Failure) {
        guard token.kind == kind else { throw unexpected() }
        try advance()
    }

    @inline(never)
    mutating func expectWord(_ name: Name) throws(Failure) {
        guard token.isContextual(name) || token.isKeyword(name) else { throw unexpected() }
        try advance()
    }

    @inline(never)
    mutating func peek() throws(Failure) -> Token {
        let position = lexer.position
        let token = try lexer.next()
        lexer.position = position
        return token
    }

    @inline(never)
    mutating func consumeSemicolon() throws(Failure) {
        if token.kind == .semicolon { return try advance() }
        guard token.kind == .braceRight || token.kind == .end || token.followsNewline else { throw unexpected() }
        impliedSemicolon = token.start
    }

    @inline(never)
    mutating func unexpected() -> Failure { unexpected(token) }

    @inline(never)
    mutating func unexpected(_ token: Token) -> Failure {
        let text = lexer.source.string(token.start..<min(token.end, lexer.source.count))
        let message =
            switch token.kind {
            case .end: "Unexpected end of input"
            case .number: "Unexpected number"
            case .string: "Unexpected string"
            case .templateEnd, .templateOpen: "Unexpected template string"
            case .escapedKeyword: "Keyword must not contain escaped characters"
            case .identifier where context.isStrict && token.name.isReservedInStrictCode:
                "Unexpected strict mode reserved word"
            case .identifier where token.name == .await && isModule: "Unexpected reserved word"
            case .identifier, .privateName: "Unexpected identifier '\(text)'"
            default: "Unexpected token '\(text)'"
            }
        return Failure(message, at: token.start)
    }

    // MARK: Nesting, going back

    mutating func deepen() throws(Failure) {
        depth += 1
        if depth > Self.depthLimit { throw Failure("Maximum nesting of the source exceeded", at: token.start) }
    }

    struct Checkpoint {
        let position: Int
        let token: Token
        let previousEnd: Int
        let impliedSemicolon: Int
        let mark: Record.Mark
    }

    @inline(never)
    mutating func checkpoint() -> Checkpoint {
        Checkpoint(
            position: lexer.position, token: token, previousEnd: previousEnd, impliedSemicolon: impliedSemicolon,
            mark: record.mark)
    }

    @inline(never)
    mutating func goBack(to checkpoint: Checkpoint) {
        lexer.position = checkpoint.position
        token = checkpoint.token
        previousEnd = checkpoint.previousEnd
        impliedSemicolon = checkpoint.impliedSemicolon
        record.goBack(to: checkpoint.mark)
    }

    // MARK: Async functions

    mutating func openAsyncFunction(_ isAsync: Bool) -> Int? {
        guard isAsync else { return nil }
        record.asyncFunctions.append(AsyncFunction())
        return record.asyncFunctions.count - 1
    }

    mutating func noteSuspension(_ form: Suspension.Form) {
        if let function = context.asyncFunction { record.suspensions.append(Suspension(function: function, form: form)) }
    }

    // MARK: Scopes and names

    /// Opens a scope and answers the one around it, for ``closeScope(_:)``.
    @inline(never)
    mutating func openScope(at start: Int) -> Int {
        let outer = currentScope
        currentScope = record.openScope(at: start)
        return outer
    }

    mutating func closeScope(_ outer: Int) {
        record.scopes[currentScope].end = previousEnd
        currentScope = outer
    }

    mutating func declare(_ identifier: Token, as kind: Declaration.Kind) {
        let scope = kind == .variable ? context.variableScope : currentScope
        record.declare(Declaration(name: identifier.name, kind: kind, scope: scope, position: identifier.start))
    }

    /// An identifier where one is bound or read: not a word reserved in this place.
    @inline(never)
    mutating func isIdentifier(_ token: Token) -> Bool {
        guard token.kind == .identifier else { return false }
        if token.name == .await { return !(isModule || context.isAsync || context.isClassElement) }
        if token.name == .yield { return !(context.isStrict || context.isGenerator) }
        return !(context.isStrict && token.name.isReservedInStrictCode)
    }

    @inline(never)
    mutating func bindIdentifier(_ kind: Declaration.Kind) throws(Failure) {
        guard isIdentifier(token) else { throw unexpected() }
        if context.isStrict, token.name == .eval || token.name == .arguments {
            throw Failure("Unexpected eval or arguments in strict mode", at: token.start)
        }
        if kind == .lexical, token.name == .let { throw Failure("let is disallowed as a lexically bound name", at: token.start) }
        declare(token, as: kind)
        try advance()
    }
}
