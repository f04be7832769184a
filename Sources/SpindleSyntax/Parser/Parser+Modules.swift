extension Parser {
    // MARK: Imports

    @inline(never)
    mutating func parseImport() throws(Failure) {
        let start = token.start
        try advance()
        if token.kind == .string {
            _ = try parseRequest()
            return try endDeclaration(start)
        }
        var bindings: [(imported: String?, local: Token)] = []
        var isComplete = false
        if token.kind == .identifier {
            bindings.append(("default", try importedBinding()))
            isComplete = try !take(.comma)
        }
        if !isComplete {
            switch token.kind {
            case .star:
                try advance()
                try expectWord(.as)
                bindings.append((nil, try importedBinding()))
            case .braceLeft:
                try advance()
                while token.kind != .braceRight {
                    let nameToken = token
                    let name = try parseModuleName()
                    if token.isContextual(.as) {
                        try advance()
                        bindings.append((name, try importedBinding()))
                    } else {
                        guard isIdentifier(nameToken) else { throw unexpected(nameToken) }
                        declare(nameToken, as: .imported)
                        bindings.append((name, nameToken))
                    }
                    if token.kind != .braceRight { try expect(.comma) }
                }
                try advance()
            default:
                throw unexpected()
            }
        }
        try expectWord(.from)
        let request = try parseRequest()
        for binding in bindings {
            record.imports.append(
                ImportSite(
                    request: request, imported: binding.imported, local: binding.local.name, position: binding.local.start))
        }
        try endDeclaration(start)
    }

    private mutating func importedBinding() throws(Failure) -> Token {
        let local = token
        try bindIdentifier(.imported)
        return local
    }

    /// The declaration leaves no text behind but a semicolon, which keeps its neighbours apart.
    private mutating func endDeclaration(_ start: Int) throws(Failure) {
        try consumeSemicolon()
        record.blanks.append(Record.Range(start: start, end: previousEnd))
    }

    /// A name in an import or export clause: any word, or a string.
    private mutating func parseModuleName() throws(Failure) -> String {
        let name: String
        if token.kind == .string {
            guard let text = wellFormedString(token) else {
                throw Failure("Invalid module export name: contains unpaired surrogate character", at: token.start)
            }
            name = text
        } else {
            guard token.isWord else { throw unexpected() }
            name = lexer.names.string(token.name)
        }
        try advance()
        return name
    }

    private func wellFormedString(_ token: Token) -> String? {
        guard let units = lexer.value(ofString: token) else { return nil }
        return String(validating: units, as: UTF16.self)
    }

    /// A specifier and its attributes.
    private mutating func parseRequest() throws(Failure) -> Int {
        let place = token
        let specifier = try parseStringValue()
        var attributes: [ModuleRequest.Attribute] = []
        if token.isKeyword(.with) {
            try advance()
            try expect(.braceLeft)
            while token.kind != .braceRight {
                let keyPosition = token.start
                let key: String
                if token.kind == .string {
                    key = try parseStringValue()
                } else {
                    guard token.isWord else { throw unexpected() }
                    key = lexer.names.string(token.name)
                    try advance()
                }
                try expect(.colon)
                if attributes.contains(where: { $0.key == key }) {
                    throw Failure("Import attributes has a duplicate key '\(key)'", at: keyPosition)
                }
                // No engine knows more than a few; a source of thousands is no program.
                if attributes.count >= 64 { throw Failure("Too many import attributes", at: keyPosition) }
                attributes.append(ModuleRequest.Attribute(key: key, value: try parseStringValue()))
                if token.kind != .braceRight { try expect(.comma) }
            }
            try advance()
            attributes.sort { $0.key < $1.key }
        }
        let key = ModuleRequest.Key(specifier: specifier, attributes: attributes)
        if let known = record.requestIndices[key] { return known }
        record.requestIndices[key] = record.requests.count
        record.requests.append(RequestSite(specifier: specifier, attributes: attributes, position: place.start))
        return record.requests.count - 1
    }

    private mutating func parseStringValue() throws(Failure) -> String {
        guard token.kind == .string else { throw unexpected() }
        guard let units = lexer.value(ofString: token) else { throw Failure("Invalid escape sequence", at: token.start) }
        try advance()
        return String(decoding: units, as: UTF16.self)
    }

    // MARK: Exports

    @inline(never)
    mutating func parseExport() throws(Failure) {
        let start = token.start
        try advance()
        switch token.kind {
        case .star:
            try advance()
            var name: String?
            let position = token.start
            if token.isContextual(.as) {
                try advance()
                name = try parseModuleName()
            }
            try expectWord(.from)
            let request = try parseRequest()
            if let name {
                export(name, .namespace(request: request), at: position)
            } else {
                record.starRequests.append(request)
            }
            try endDeclaration(start)
        case .braceLeft: try parseExportClause(start)
        case .keyword where token.name == .default: try parseDefaultExport(start)
        default: try parseExportedDeclaration(start)
        }
    }

    private mutating func export(_ name: String, _ target: ExportSite.Target, at position: Int) {
        record.exports.append(ExportSite(name: name, target: target, position: position))
    }

    private mutating func parseExportClause(_ start: Int) throws(Failure) {
        try expect(.braceLeft)
        var names: [(local: Token, localName: String, exported: String)] = []
        while token.kind != .braceRight {
            let local = token
            let name = try parseModuleName()
            var exported = name
            if token.isContextual(.as) {
                try advance()
                exported = try parseModuleName()
            }
            names.append((local, name, exported))
            if token.kind != .braceRight { try expect(.comma) }
        }
        try advance()
        if token.isContextual(.from) {
            try advance()
            let request = try parseRequest()
            for name in names {
                export(name.exported, .indirect(request: request, name: name.localName), at: name.local.start)
            }
        } else {
            for name in names {
                guard isIdentifier(name.local) else { throw unexpected(name.local) }
                export(name.exported, .local(name.local.name), at: name.local.start)
            }
        }
        try endDeclaration(start)
    }

    private mutating func parseDefaultExport(_ start: Int) throws(Failure) {
        try advance()
        let keywords = Record.Range(start: start, end: previousEnd)
        let mark = record.declarations.count
        var isFunction = token.isKeyword(.function)
        if token.isContextual(.async) { isFunction = try isAsyncFunction() }
        let isClass = token.isKeyword(.class)
        let hasName: Bool
        if isFunction {
            hasName = try parseFunctionDeclaration(mayBeNameless: true)
        } else if isClass {
            hasName = try parseClass(isDeclaration: true, mayBeNameless: true)
        } else {
            try parseAssignment()
            hasName = false
        }
        if hasName {
            export("default", .local(record.declarations[mark].name), at: start)
        } else {
            export("default", .namelessDefault, at: start)
        }
        if hasName || isFunction {
            record.blanks.append(keywords)
        } else {
            record.defaultExport = .expression(keywords: keywords, end: previousEnd)
            if !isClass { try consumeSemicolon() }
        }
    }

    private mutating func parseExportedDeclaration(_ start: Int) throws(Failure) {
        let keyword = Record.Range(start: start, end: previousEnd)
        let mark = record.declarations.count
        var kinds: [Declaration.Kind] = [.lexical]
        if token.isKeyword(.var) || token.isKeyword(.const) || token.isContextual(.let) {
            let kind: Declaration.Kind = token.name == .var ? .variable : .lexical
            kinds = [kind]
            try parseVariables(kind, allowsIn: true)
            try consumeSemicolon()
        } else if token.isKeyword(.class) {
            try parseClass(isDeclaration: true)
        } else if token.isKeyword(.function) {
            kinds = [.function]
            try parseFunctionDeclaration()
        } else if token.isContextual(.async), try isAsyncFunction() {
            kinds = [.function]
            try parseFunctionDeclaration()
        } else {
            throw unexpected()
        }
        for declaration in record.declarations[mark...] where declaration.scope == 0 && kinds.contains(declaration.kind) {
            export(lexer.names.string(declaration.name), .local(declaration.name), at: declaration.position)
        }
        record.blanks.append(keyword)
    }
}
