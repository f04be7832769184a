extension Parser {
    mutating func parseStatement() throws(Failure) {
        try deepen()
        defer { depth -= 1 }
        let start = labelStart ?? token.start
        labelStart = nil
        switch token.kind {
        case .braceLeft: try parseBlock()
        case .semicolon: try advance()
        case .keyword where token.name == .for: try parseFor(start)
        case .keyword: try parseKeywordStatement()
        case .identifier:
            if token.isContextual(.let), try isLetDeclaration() {
                try parseVariables(.lexical, allowsIn: true)
                return try consumeSemicolon()
            }
            if token.isContextual(.async), try isAsyncFunction() {
                try parseFunctionDeclaration()
                return
            }
            if isIdentifier(token), try peek().kind == .colon {
                // A label; the statement behind it may have another.
                try advance()
                try advance()
                labelStart = start
                return try parseStatement()
            }
            try parseExpressionStatement()
        default: try parseExpressionStatement()
        }
    }

    private mutating func parseExpressionStatement() throws(Failure) {
        try parseExpression()
        try consumeSemicolon()
    }

    private mutating func parseKeywordStatement() throws(Failure) {
        let start = token.start
        switch token.name {
        case .var:
            try parseVariables(.variable, allowsIn: true)
            try consumeSemicolon()
        case .const:
            try parseVariables(.lexical, allowsIn: true)
            try consumeSemicolon()
        case .function: try parseFunctionDeclaration()
        case .class: try parseClass(isDeclaration: true)
        case .if: try parseIf()
        case .while:
            try advance()
            try parseCondition()
            try parseStatement()
        case .do:
            try advance()
            try parseStatement()
            try expectWord(.while)
            try parseCondition()
            // Here a semicolon may be missing even on the same line.
            _ = try take(.semicolon)
        case .return:
            guard context.allowsReturn else { throw Failure("Illegal return statement", at: start) }
            try advance()
            if !endsStatement { try parseExpression() }
            try consumeSemicolon()
        case .throw:
            try advance()
            if token.followsNewline { throw Failure("Illegal newline after throw", at: previousEnd) }
            try parseExpressionStatement()
        case .break, .continue:
            try advance()
            if token.kind == .identifier, !token.followsNewline { try advance() }
            try consumeSemicolon()
        case .try: try parseTry()
        case .switch: try parseSwitch()
        case .with:
            if context.isStrict { throw Failure("Strict mode code may not include a with statement", at: start) }
            try advance()
            try parseCondition()
            try parseStatement()
        case .debugger:
            try advance()
            try consumeSemicolon()
        case .import:
            let next = try peek()
            if next.kind == .parenLeft || next.kind == .dot { return try parseExpressionStatement() }
            try requireModule("Cannot use import statement outside a module")
            try parseImport()
        case .export:
            try requireModule("Unexpected token 'export'")
            try parseExport()
        default: try parseExpressionStatement()
        }
    }

    /// `import` and `export` stand at the top of a module, not in a block or a function.
    @inline(never)
    private mutating func requireModule(_ message: String) throws(Failure) {
        if isModule, depth == 1, context.isTopLevel { return }
        throw Failure(
            isModule ? unexpected().message : message, at: token.start,
            isModuleSyntax: !isModule && depth == 1)
    }

    private var endsStatement: Bool {
        token.kind == .semicolon || token.kind == .braceRight || token.kind == .end || token.followsNewline
    }

    @inline(never)
    mutating func isLetDeclaration() throws(Failure) -> Bool {
        let next = try peek()
        switch next.kind {
        case .bracketLeft, .braceLeft: return true
        case .identifier: return true
        case .keyword, .escapedKeyword: return context.isStrict
        default: return false
        }
    }

    /// `var`, `let` or `const` and what it declares.
    @inline(never)
    mutating func parseVariables(_ kind: Declaration.Kind, allowsIn: Bool) throws(Failure) {
        let isConst = token.isKeyword(.const)
        try advance()
        repeat {
            let isPattern = token.kind == .bracketLeft || token.kind == .braceLeft
            try parseBindingTarget(kind)
            if try take(.assign) {
                try parseAssignment(allowsIn: allowsIn)
            } else if isConst || isPattern, allowsIn || !(token.isKeyword(.in) || token.isContextual(.of)) {
                throw Failure("Missing initializer in \(isConst ? "const" : "destructuring") declaration", at: token.start)
            }
        } while try take(.comma)
    }

    @inline(never)
    private mutating func parseBlock() throws(Failure) {
        let outer = openScope(at: token.start)
        try expect(.braceLeft)
        while token.kind != .braceRight { try parseStatement() }
        try advance()
        closeScope(outer)
    }

    @inline(never)
    private mutating func parseCondition() throws(Failure) {
        try expect(.parenLeft)
        try parseExpression()
        try expect(.parenRight)
    }

    /// A chain of `else if` is a loop here, for generated ones are long.
    @inline(never)
    private mutating func parseIf() throws(Failure) {
        repeat {
            try advance()
            try parseCondition()
            try parseStatement()
            guard token.isKeyword(.else) else { return }
            try advance()
        } while token.isKeyword(.if)
        try parseStatement()
    }

    @inline(never)
    private mutating func parseFor(_ start: Int) throws(Failure) {
        let outer = openScope(at: token.start)
        try advance()
        let isAwaiting = token.isContextual(.await)
        if isAwaiting {
            guard context.isAsync || (isModule && context.isTopLevel) else { throw unexpected() }
            if !context.isAsync { record.hasAwaitAtTopLevel = true }
            try advance()
        }
        try expect(.parenLeft)
        var isLoopOverValues = false
        var values: Record.Range?
        if token.isKeyword(.var) || token.isKeyword(.const) {
            try parseVariables(token.name == .var ? .variable : .lexical, allowsIn: false)
            isLoopOverValues = true
        } else if token.isContextual(.let), try isLetDeclaration() {
            try parseVariables(.lexical, allowsIn: false)
            isLoopOverValues = true
        } else if token.kind != .semicolon {
            let start = token.start
            let target = try parseAssignment(allowsIn: false)
            if token.isKeyword(.in) || token.isContextual(.of) {
                guard [.identifier, .member, .literal, .call].contains(target.kind) else {
                    throw Failure("Invalid left-hand side in for-loop", at: start)
                }
                isLoopOverValues = true
            } else {
                while try take(.comma) { try parseAssignment(allowsIn: false) }
            }
        }
        if isLoopOverValues, token.isKeyword(.in) {
            try advance()
            try parseExpression()
        } else if isLoopOverValues, token.isContextual(.of) {
            try advance()
            let first = token.start
            try parseAssignment()
            values = Record.Range(start: first, end: previousEnd)
        } else {
            try expect(.semicolon)
            if token.kind != .semicolon { try parseExpression() }
            try expect(.semicolon)
            if token.kind != .parenRight { try parseExpression() }
        }
        if isAwaiting, values == nil { throw unexpected() }
        try expect(.parenRight)
        let body = token.start
        try parseStatement()
        closeScope(outer)
        if isAwaiting, let values {
            noteSuspension(.loop(start: start, values: values, body: Record.Range(start: body, end: previousEnd)))
        }
    }

    @inline(never)
    private mutating func parseTry() throws(Failure) {
        try advance()
        try parseBlock()
        let hasCatch = token.isKeyword(.catch)
        if hasCatch {
            let outer = openScope(at: token.start)
            try advance()
            if try take(.parenLeft) {
                try parseBindingTarget(.lexical)
                try expect(.parenRight)
            }
            noteHandler()
            try parseBlock()
            closeScope(outer)
        }
        if token.isKeyword(.finally) {
            try advance()
            noteHandler()
            try parseBlock()
        } else if !hasCatch {
            throw Failure("Missing catch or finally after try", at: token.start)
        }
    }

    private mutating func noteHandler() {
        if let function = context.asyncFunction { record.handlers.append((function, token.end)) }
    }

    @inline(never)
    private mutating func parseSwitch() throws(Failure) {
        try advance()
        try parseCondition()
        let outer = openScope(at: token.start)
        try expect(.braceLeft)
        while token.kind != .braceRight {
            if token.isKeyword(.case) {
                try advance()
                try parseExpression()
            } else {
                try expectWord(.default)
            }
            try expect(.colon)
            while token.kind != .braceRight, !token.isKeyword(.case), !token.isKeyword(.default) { try parseStatement() }
        }
        try advance()
        closeScope(outer)
    }
}
