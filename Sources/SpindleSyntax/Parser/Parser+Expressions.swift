/// What an expression turned out to be, as far as its surroundings care.
struct Expression {
    enum Kind {
        case identifier, member
        /// An object or array literal, which may be a pattern.
        case literal
        case call
        /// Parentheses behind which `=>` stands.
        case arrowHead
        /// A whole arrow function: no operator may follow.
        case arrow
        case other
    }

    var kind: Kind
    /// Of an identifier, the index of its reference; -1 where none are kept.
    var reference = -1

    static let other = Expression(kind: .other)
}

extension Parser {
    mutating func parseExpression(allowsIn: Bool = true) throws(Failure) {
        _ = try parseAssignment(allowsIn: allowsIn)
        while try take(.comma) { _ = try parseAssignment(allowsIn: allowsIn) }
    }

    /// An assignment expression. What stands on the right of `=` and behind `:` is another turn of the loop, so
    /// long chains nest nothing.
    @discardableResult
    mutating func parseAssignment(allowsIn: Bool = true) throws(Failure) -> Expression {
        try deepen()
        defer { depth -= 1 }
        var isFirst = true
        while true {
            if token.isContextual(.yield), context.isGenerator {
                guard try parseYield() else { return .other }
                isFirst = false
                continue
            }
            let start = token
            if start.kind == .parenLeft, arrowHeads[start.start] == true {
                try parseArrow(isAsync: false, allowsIn: allowsIn)
                return Expression(kind: .arrow)
            }
            if start.isContextual(.async), try parseAsyncArrow(allowsIn: allowsIn) { return Expression(kind: .arrow) }
            let checkpoint = start.kind == .parenLeft || start.kind == .identifier ? checkpoint() : nil
            let expression = try parseOperands(allowsIn: allowsIn)
            switch token.kind {
            case .arrow:
                guard !token.followsNewline, let checkpoint, expression.kind == .arrowHead || expression.kind == .identifier,
                    start.kind != .identifier || previousEnd == start.end
                else { throw unexpected() }
                goBack(to: checkpoint)
                if start.kind == .parenLeft { arrowHeads[start.start] = true }
                try parseArrow(isAsync: false, allowsIn: allowsIn)
                return Expression(kind: .arrow)
            case .question where expression.kind != .arrow:
                try advance()
                try parseAssignment()
                try expect(.colon)
            case .assign:
                guard expression.kind != .other, expression.kind != .arrow, expression.kind != .arrowHead else {
                    throw Failure("Invalid left-hand side in assignment", at: start.start)
                }
                try advance()
            case .compoundAssign:
                guard [.identifier, .member, .call].contains(expression.kind) else {
                    throw Failure("Invalid left-hand side in assignment", at: start.start)
                }
                try advance()
            default:
                return isFirst ? expression : .other
            }
            isFirst = false
        }
    }

    /// Answers whether an operand follows.
    @inline(never)
    private mutating func parseYield() throws(Failure) -> Bool {
        try advance()
        if token.followsNewline { return false }
        if try take(.star) { return true }
        switch token.kind {
        case .end, .braceRight, .parenRight, .bracketRight, .colon, .comma, .semicolon: return false
        default: return !(token.isKeyword(.in) || token.isContextual(.of))
        }
    }

    /// Operands with operators between them. No tree is built, so no precedence is needed.
    private mutating func parseOperands(allowsIn: Bool) throws(Failure) -> Expression {
        var expression = try parseUnary()
        while expression.kind != .arrow, expression.kind != .arrowHead {
            switch token.kind {
            case .binary, .sign, .star, .slash: break
            case .keyword where token.name == .instanceof || (allowsIn && token.name == .in): break
            default: return expression
            }
            try advance()
            let operand = try parseUnary()
            expression = operand.kind == .arrowHead ? operand : .other
        }
        return expression
    }

    private mutating func parseUnary() throws(Failure) -> Expression {
        var hasOperator = false
        var last = Name.none
        var awaits: [Int] = []
        while true {
            if token.kind == .sign || token.kind == .not || token.kind == .increment {
                last = .none
            } else if token.kind == .keyword, token.name == .typeof || token.name == .void || token.name == .delete {
                last = token.name
            } else if token.isContextual(.await), try isAwaitOperator() {
                last = .none
                awaits.append(token.start)
            } else {
                break
            }
            hasOperator = true
            try advance()
        }
        let start = token.start
        let expression = try parseMember(allowsCall: true)
        if token.kind == .increment, !token.followsNewline {
            guard [.identifier, .member, .call].contains(expression.kind) else {
                throw Failure("Invalid left-hand side expression in postfix operation", at: start)
            }
            try advance()
            noteAwaits(awaits)
            return .other
        }
        guard hasOperator else { return expression }
        noteAwaits(awaits)
        if expression.kind == .identifier {
            if last == .delete, context.isStrict {
                throw Failure("Delete of an unqualified identifier in strict mode.", at: start)
            }
            if last == .typeof, expression.reference >= 0 { record.references[expression.reference].form = .typeof }
        }
        return .other
    }

    /// In `await await x` both operands end at the same place. The inner one is noted first.
    @inline(never)
    private mutating func noteAwaits(_ starts: [Int]) {
        for start in starts.reversed() { noteSuspension(.operation(Record.Range(start: start, end: previousEnd))) }
    }

    @inline(never)
    private mutating func isAwaitOperator() throws(Failure) -> Bool {
        if context.isAsync { return true }
        guard isModule else { return false }
        guard context.isTopLevel else {
            throw Failure(
                "await is only valid in async functions and the top level bodies of modules", at: token.start)
        }
        record.hasAwaitAtTopLevel = true
        return true
    }

    // MARK: Members and calls

    mutating func parseMember(allowsCall: Bool) throws(Failure) -> Expression {
        var expression: Expression
        if token.kind == .keyword {
            switch token.name {
            case .new: expression = try parseNew()
            case .import: expression = try parseImportExpression()
            case .super:
                try advance()
                guard [.dot, .bracketLeft, .parenLeft].contains(token.kind) else {
                    throw Failure("'super' keyword unexpected here", at: previousEnd)
                }
                expression = .other
            default: expression = try parsePrimary()
            }
        } else {
            expression = try parsePrimary()
        }
        if expression.kind == .arrowHead { return expression }
        var isOptional = false
        while true {
            switch token.kind {
            case .dot:
                try advance()
                try expectPropertyName()
                expression = Expression(kind: .member)
            case .questionDot:
                guard allowsCall else { throw Failure("Invalid optional chain from new expression", at: token.start) }
                isOptional = true
                try advance()
                switch token.kind {
                case .parenLeft:
                    noteCall(expression)
                    try parseArguments()
                case .bracketLeft: try parseComputedMember()
                case .templateEnd, .templateOpen: throw Failure("Invalid tagged template on optional chain", at: token.start)
                default: try expectPropertyName()
                }
                expression = .other
            case .bracketLeft:
                try parseComputedMember()
                expression = Expression(kind: .member)
            case .parenLeft where allowsCall:
                noteCall(expression)
                try parseArguments()
                expression = Expression(kind: .call)
            case .templateEnd, .templateOpen:
                if isOptional { throw Failure("Invalid tagged template on optional chain", at: token.start) }
                noteCall(expression)
                try parseTemplate()
                expression = .other
            default:
                return isOptional ? .other : expression
            }
        }
    }

    private mutating func noteCall(_ callee: Expression) {
        if callee.kind == .identifier, callee.reference >= 0 { record.references[callee.reference].form = .call }
    }

    private mutating func expectPropertyName() throws(Failure) {
        guard token.isWord || token.kind == .privateName else { throw unexpected() }
        try advance()
    }

    @inline(never)
    private mutating func parseComputedMember() throws(Failure) {
        try expect(.bracketLeft)
        try parseExpression()
        try expect(.bracketRight)
    }

    mutating func parseArguments() throws(Failure) {
        try expect(.parenLeft)
        while token.kind != .parenRight {
            _ = try take(.ellipsis)
            try parseAssignment()
            guard try take(.comma) else { break }
        }
        guard token.kind == .parenRight else {
            throw token.kind == .end ? unexpected() : Failure("missing ) after argument list", at: token.start)
        }
        try advance()
    }

    @inline(never)
    private mutating func parseNew() throws(Failure) -> Expression {
        try deepen()
        defer { depth -= 1 }
        let start = token.start
        try advance()
        if try take(.dot) {
            guard token.isContextual(.target) else { throw unexpected() }
            guard context.allowsNewTarget else { throw Failure("new.target expression is not allowed here", at: start) }
            try advance()
            return .other
        }
        if token.isKeyword(.import), try peek().kind == .parenLeft { throw Failure("Cannot use new with import", at: start) }
        let callee = try parseMember(allowsCall: false)
        if callee.kind == .arrowHead { throw unexpected() }
        if token.kind == .parenLeft { try parseArguments() }
        return .other
    }

    @inline(never)
    private mutating func parseImportExpression() throws(Failure) -> Expression {
        let start = token.start
        try advance()
        if try take(.dot) {
            guard token.isContextual(.meta) else { throw unexpected() }
            guard isModule else {
                throw Failure("Cannot use 'import.meta' outside a module", at: start, isModuleSyntax: true)
            }
            try advance()
            record.metas.append(Record.Range(start: start, end: previousEnd))
            return .other
        }
        guard token.kind == .parenLeft else {
            throw Failure("Cannot use import statement outside a module", at: start, isModuleSyntax: !isModule)
        }
        record.dynamicImports.append(start)
        try advance()
        try parseAssignment()
        if try take(.comma), token.kind != .parenRight {
            try parseAssignment()
            _ = try take(.comma)
        }
        try expect(.parenRight)
        return Expression(kind: .call)
    }

    // MARK: Primary expressions

    @inline(never)
    private mutating func parsePrimary() throws(Failure) -> Expression {
        switch token.kind {
        case .identifier:
            if token.isContextual(.async), try isAsyncFunction() {
                try parseFunctionExpression(isAsync: true)
                return .other
            }
            guard isIdentifier(token) else { throw unexpected() }
            let expression = Expression(kind: .identifier, reference: try noteReference(token, .plain))
            try advance()
            return expression
        case .number, .string:
            try advance()
        case .templateEnd, .templateOpen:
            try parseTemplate()
        case .slash,
            .compoundAssign where lexer.source[token.start] == UInt8(ascii: "/"):
            replaceToken(try lexer.regularExpression(from: token.start))
            try advance()
        case .bracketLeft:
            try parseArrayLiteral()
            return Expression(kind: .literal)
        case .braceLeft:
            try parseObjectLiteral()
            return Expression(kind: .literal)
        case .parenLeft:
            return try parseParenthesized()
        case .privateName:
            try advance()
            guard token.isKeyword(.in) else { throw unexpected() }
        case .keyword:
            switch token.name {
            case .this, .null, .true, .false: try advance()
            case .function: try parseFunctionExpression(isAsync: false)
            case .class: try parseClass(isDeclaration: false)
            default: throw unexpected()
            }
        default:
            throw unexpected()
        }
        return .other
    }

    /// Answers the reference's index, or -1 where none are kept.
    @inline(never)
    private mutating func noteReference(_ token: Token, _ form: Reference.Form) throws(Failure) -> Int {
        guard record.keepsReferences else { return -1 }
        let isArguments = token.name == .arguments
        if isArguments, context.isClassElement {
            throw Failure(
                "'arguments' is not allowed in class field initializer or static initialization block", at: token.start)
        }
        record.references.append(
            Reference(
                name: token.name, start: token.start, end: token.end, form: form,
                followsImpliedSemicolon: token.start == impliedSemicolon,
                isArgumentsOfModule: isArguments && !context.hasArguments))
        return record.references.count - 1
    }

    /// Parentheses around an expression, or around what may be parameters of an arrow function.
    @inline(never)
    private mutating func parseParenthesized() throws(Failure) -> Expression {
        try expect(.parenLeft)
        var mustBeArrow = token.kind == .parenRight
        var expression = Expression.other
        if !mustBeArrow {
            var isFirst = true
            repeat {
                if token.kind == .parenRight {
                    mustBeArrow = true
                    break
                }
                if try take(.ellipsis) { mustBeArrow = true }
                let item = try parseAssignment()
                expression = isFirst && !mustBeArrow ? item : .other
                isFirst = false
            } while try take(.comma)
        }
        guard token.kind == .parenRight else { throw unexpected() }
        let end = token
        try advance()
        if token.kind == .arrow, !token.followsNewline { return Expression(kind: .arrowHead) }
        if mustBeArrow { throw unexpected(end) }
        // Parentheses keep a reference what it is, but no pattern or arrow function.
        return [.identifier, .member, .call].contains(expression.kind) ? expression : .other
    }

    @inline(never)
    mutating func parseTemplate() throws(Failure) {
        while token.kind == .templateOpen {
            try advance()
            try parseExpression()
            guard token.kind == .braceRight else { throw unexpected() }
            replaceToken(try lexer.template(from: token.start))
        }
        try advance()
    }

    @inline(never)
    private mutating func parseArrayLiteral() throws(Failure) {
        try expect(.bracketLeft)
        while token.kind != .bracketRight {
            if try take(.comma) { continue }
            _ = try take(.ellipsis)
            try parseAssignment()
            if token.kind != .bracketRight { try expect(.comma) }
        }
        try advance()
    }

    @inline(never)
    private mutating func parseObjectLiteral() throws(Failure) {
        try expect(.braceLeft)
        while token.kind != .braceRight {
            if try take(.ellipsis) {
                try parseAssignment()
            } else {
                try parseProperty()
            }
            if token.kind != .braceRight { try expect(.comma) }
        }
        try advance()
    }

    @inline(never)
    private mutating func parseProperty() throws(Failure) {
        let modifiers = try parseModifiers(isClass: false)
        let key = token
        try parsePropertyName(isClass: false)
        if modifiers.makeMethod || token.kind == .parenLeft {
            return try parseMethod(isAsync: modifiers.isAsync, isGenerator: modifiers.isGenerator)
        }
        if try take(.colon) {
            try parseAssignment()
            return
        }
        guard isIdentifier(key) else { throw unexpected(key.kind == .keyword || key.kind == .identifier ? key : token) }
        _ = try noteReference(key, .shorthand)
        if try take(.assign) { try parseAssignment() }
    }

    struct Modifiers {
        var isStatic = false
        var isAsync = false
        var isGenerator = false
        var isAccessor = false
        var makeMethod: Bool { isAsync || isGenerator || isAccessor }
    }

    /// `static`, `async`, `get`, `set` and `*`, each of which may be a property's own name instead.
    @inline(never)
    mutating func parseModifiers(isClass: Bool) throws(Failure) -> Modifiers {
        var modifiers = Modifiers()
        if isClass, token.isContextual(.static), try isModifier(at: peek(), isClass: true) {
            modifiers.isStatic = true
            try advance()
        }
        if token.isContextual(.async), case let next = try peek(), !next.followsNewline, isModifier(at: next, isClass: isClass) {
            modifiers.isAsync = true
            try advance()
        } else if token.isContextual(.get) || token.isContextual(.set), case let next = try peek(),
            isModifier(at: next, isClass: isClass), next.kind != .star
        {
            modifiers.isAccessor = true
            try advance()
        }
        if token.kind == .star {
            modifiers.isGenerator = true
            try advance()
        }
        return modifiers
    }

    private func isModifier(at next: Token, isClass: Bool) -> Bool {
        switch next.kind {
        case .identifier, .keyword, .escapedKeyword, .string, .number, .bracketLeft, .star: true
        case .privateName: isClass
        // A static block.
        case .braceLeft: isClass && token.isContextual(.static)
        default: false
        }
    }

    mutating func parsePropertyName(isClass: Bool) throws(Failure) {
        switch token.kind {
        case .identifier, .keyword, .escapedKeyword, .string, .number: try advance()
        case .privateName where isClass: try advance()
        case .bracketLeft:
            try advance()
            try parseAssignment()
            try expect(.bracketRight)
        default: throw unexpected()
        }
    }
}
