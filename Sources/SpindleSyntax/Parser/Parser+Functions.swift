extension Parser {
    /// Whether the current `async` begins a function: `function` stands behind it on the same line.
    @inline(never)
    mutating func isAsyncFunction() throws(Failure) -> Bool {
        let next = try peek()
        return next.isKeyword(.function) && !next.followsNewline
    }

    @inline(never)
    mutating func parseFunctionExpression(isAsync: Bool) throws(Failure) {
        let start = token.start
        if isAsync { try advance() }
        try expectWord(.function)
        let isGenerator = try take(.star)
        // Its name is known inside alone, and there `await` and `yield` mean what they mean inside.
        let outer = openScope(at: start)
        let saved = context
        context.isAsync = isAsync
        context.isGenerator = isGenerator
        if token.kind != .parenLeft { try bindIdentifier(.parameter) }
        context = saved
        try parseFunctionRest(isAsync: isAsync, isGenerator: isGenerator)
        closeScope(outer)
    }

    /// Answers whether it has a name, which may be missing behind `export default` alone.
    @discardableResult
    mutating func parseFunctionDeclaration(mayBeNameless: Bool = false) throws(Failure) -> Bool {
        let isAsync = token.name == .async
        if isAsync { try advance() }
        try expectWord(.function)
        let isGenerator = try take(.star)
        let endOfHead = previousEnd
        let isNameless = mayBeNameless && token.kind == .parenLeft
        if isNameless {
            record.defaultExport = .namelessFunction(nameAt: endOfHead)
        } else {
            try bindIdentifier(.function)
        }
        try parseFunctionRest(isAsync: isAsync, isGenerator: isGenerator)
        return !isNameless
    }

    mutating func parseMethod(isAsync: Bool, isGenerator: Bool) throws(Failure) {
        guard token.kind == .parenLeft else { throw unexpected() }
        try parseFunctionRest(isAsync: isAsync, isGenerator: isGenerator)
    }

    /// Parameters and body.
    private mutating func parseFunctionRest(isAsync: Bool, isGenerator: Bool) throws(Failure) {
        let saved = context
        context = Context(
            isTopLevel: false, isAsync: isAsync, isGenerator: isGenerator, isStrict: saved.isStrict, allowsReturn: true,
            allowsNewTarget: true, hasArguments: true, asyncFunction: openAsyncFunction(isAsync))
        let outer = openScope(at: token.start)
        try parseParameters()
        try parseFunctionBody()
        closeScope(outer)
        context = saved
    }

    private mutating func parseParameters() throws(Failure) {
        try expect(.parenLeft)
        while token.kind != .parenRight {
            let isRest = try take(.ellipsis)
            try parseBindingElement(.parameter)
            if isRest { break }
            if token.kind != .parenRight { try expect(.comma) }
        }
        guard token.kind == .parenRight else { throw Failure("missing ) after formal parameters", at: token.start) }
        try advance()
    }

    private mutating func parseFunctionBody() throws(Failure) {
        guard token.kind == .braceLeft else { throw unexpected() }
        try deepen()
        defer { depth -= 1 }
        // A scope of its own: initialisers of parameters do not see the body's variables.
        let outer = openScope(at: token.start)
        context.variableScope = currentScope
        try advance()
        try parseDirectives()
        if let function = context.asyncFunction { record.asyncFunctions[function].bodyStart = previousEnd }
        while token.kind != .braceRight { try parseStatement() }
        try advance()
        closeScope(outer)
    }

    /// `'use strict'` and other strings at the head of a body. They are left to be read as statements.
    @inline(never)
    mutating func parseDirectives() throws(Failure) {
        while token.kind == .string {
            let text = lexer.source.string(token.start + 1..<max(token.end - 1, token.start + 1))
            let next = try peek()
            let endsHere = next.kind == .semicolon || next.kind == .braceRight || next.kind == .end || next.followsNewline
            if text == "use strict", endsHere { context.isStrict = true }
            try parseStatement()
        }
    }

    // MARK: Arrow functions

    /// `async x => …` and `async (…) => …`; moves only if it is one.
    @inline(never)
    mutating func parseAsyncArrow(allowsIn: Bool) throws(Failure) -> Bool {
        let start = checkpoint()
        try advance()
        if token.followsNewline {
            goBack(to: start)
            return false
        }
        if token.kind == .identifier {
            guard try peek().kind == .arrow else {
                goBack(to: start)
                return false
            }
        } else {
            guard token.kind == .parenLeft else {
                goBack(to: start)
                return false
            }
            let head = token.start
            if arrowHeads[head] == nil {
                // It may be a call of a function named async: look what follows its arguments.
                try parseArguments()
                arrowHeads[head] = token.kind == .arrow && !token.followsNewline
                goBack(to: start)
                try advance()
            }
            guard arrowHeads[head] == true else {
                goBack(to: start)
                return false
            }
        }
        try parseArrow(isAsync: true, allowsIn: allowsIn)
        return true
    }

    mutating func parseArrow(isAsync: Bool, allowsIn: Bool) throws(Failure) {
        try deepen()
        defer { depth -= 1 }
        let saved = context
        context.isTopLevel = false
        context.isAsync = isAsync
        context.isGenerator = false
        context.asyncFunction = openAsyncFunction(isAsync)
        let outer = openScope(at: token.start)
        if token.kind == .parenLeft {
            try parseParameters()
        } else {
            try bindIdentifier(.parameter)
        }
        if token.followsNewline { throw unexpected() }
        try expect(.arrow)
        if token.kind == .braceLeft {
            context.allowsReturn = true
            try parseFunctionBody()
        } else {
            let start = token.start
            try parseAssignment(allowsIn: allowsIn)
            if let function = context.asyncFunction {
                record.asyncFunctions[function] = AsyncFunction(bodyStart: start, expressionEnd: previousEnd)
            }
        }
        closeScope(outer)
        context = saved
    }

    // MARK: Patterns

    /// A target with, perhaps, an initialiser.
    mutating func parseBindingElement(_ kind: Declaration.Kind) throws(Failure) {
        try parseBindingTarget(kind)
        if try take(.assign) { try parseAssignment() }
    }

    @inline(never)
    mutating func parseBindingTarget(_ kind: Declaration.Kind) throws(Failure) {
        try deepen()
        defer { depth -= 1 }
        switch token.kind {
        case .bracketLeft:
            try advance()
            while token.kind != .bracketRight {
                if try take(.comma) { continue }
                let isRest = try take(.ellipsis)
                try parseBindingElement(kind)
                if isRest { break }
                if token.kind != .bracketRight { try expect(.comma) }
            }
            try expect(.bracketRight)
        case .braceLeft:
            try advance()
            while token.kind != .braceRight {
                if try take(.ellipsis) {
                    try bindIdentifier(kind)
                    break
                }
                let key = token
                let next = try key.kind == .identifier ? peek().kind : .colon
                if next == .colon {
                    try parsePropertyName(isClass: false)
                    try expect(.colon)
                    try parseBindingElement(kind)
                } else {
                    try bindIdentifier(kind)
                    if try take(.assign) { try parseAssignment() }
                }
                if token.kind != .braceRight { try expect(.comma) }
            }
            try expect(.braceRight)
        default:
            try bindIdentifier(kind)
        }
    }

    // MARK: Classes

    /// Answers whether it has a name, which may be missing in expressions and behind `export default`.
    @discardableResult
    mutating func parseClass(isDeclaration: Bool, mayBeNameless: Bool = false) throws(Failure) -> Bool {
        try deepen()
        defer { depth -= 1 }
        let start = token.start
        let isStrict = context.isStrict
        context.isStrict = true
        try advance()
        let hasName = token.kind == .identifier
        let name = token
        if hasName {
            if isDeclaration {
                try bindIdentifier(.lexical)
            } else {
                guard isIdentifier(token) else { throw unexpected() }
                try advance()
            }
        } else if isDeclaration, !mayBeNameless {
            throw unexpected()
        }
        let outer = openScope(at: start)
        if hasName { declare(name, as: .lexical) }
        if token.isKeyword(.extends) {
            try advance()
            _ = try parseMember(allowsCall: true)
        }
        try expect(.braceLeft)
        while token.kind != .braceRight {
            if try take(.semicolon) { continue }
            try parseClassElement()
        }
        try advance()
        closeScope(outer)
        context.isStrict = isStrict
        return hasName
    }

    @inline(never)
    private mutating func parseClassElement() throws(Failure) {
        let modifiers = try parseModifiers(isClass: true)
        if modifiers.isStatic, token.kind == .braceLeft { return try parseStaticBlock() }
        try parsePropertyName(isClass: true)
        if modifiers.makeMethod || token.kind == .parenLeft {
            return try parseMethod(isAsync: modifiers.isAsync, isGenerator: modifiers.isGenerator)
        }
        if token.kind == .assign {
            let saved = context
            context = elementContext()
            try advance()
            try parseAssignment()
            context = saved
        }
        if try take(.semicolon) { return }
        guard token.kind == .braceRight || token.followsNewline else { throw unexpected() }
    }

    private mutating func parseStaticBlock() throws(Failure) {
        let saved = context
        context = elementContext()
        let outer = openScope(at: token.start)
        context.variableScope = currentScope
        try advance()
        while token.kind != .braceRight { try parseStatement() }
        try advance()
        closeScope(outer)
        context = saved
    }

    private func elementContext() -> Context {
        Context(
            isTopLevel: false, isStrict: true, isClassElement: true, allowsReturn: false, allowsNewTarget: true,
            hasArguments: false, variableScope: context.variableScope)
    }
}
