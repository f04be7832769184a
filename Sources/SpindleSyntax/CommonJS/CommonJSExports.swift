/// The names that a CommonJS module probably exports, so that `import { name } from './module.cjs'` can work.
///
/// Found without running it, by the shapes that people and compilers write, wherever they stand in the source:
/// `exports.name =`, `module.exports = { name }`, `Object.defineProperty(exports, 'name', { value`, and so on, as
/// the documentation of Node's `cjs-module-lexer` describes them.
package struct CommonJSExports: Equatable, Sendable {
    /// In the order in which they were found, `__esModule` among them.
    package private(set) var names: [String] = []
    /// Specifiers of modules whose names are exported too.
    package private(set) var reexports: [String] = []

    /// A source that is no JavaScript exports nothing.
    package init(_ source: [UInt8]) {
        (names, reexports) = SourceText.withBytes(source) { text in
            guard text.contains("exports") || text.contains("__export") else { return ([], []) }
            var parser = Parser(text, goal: .commonJS)
            parser.record.keepsTokens = true
            guard (try? parser.parse()) != nil else { return ([], []) }
            var search = ExportSearch(parser.record.tokens, parser.lexer)
            search.run()
            return (search.names.filter { !search.unsafeGetters.contains($0) }, search.lastAssigned + search.stars)
        }
    }
}

/// One walk over the tokens of a module. At each word that may begin a known shape the shape is tried; each attempt
/// looks at a bounded number of tokens but for object literals, which are skipped once they match.
private struct ExportSearch {
    private let tokens: [Token]
    private let lexer: Lexer
    private var index = 0
    private var seen: Set<String> = []
    private(set) var names: [String] = []
    /// Exported with a getter that does more than read a variable: calling it early could have effects.
    private(set) var unsafeGetters: Set<String> = []
    /// Of the last `module.exports =`.
    private(set) var lastAssigned: [String] = []
    private(set) var stars: [String] = []
    /// `var x = require('…')` at the top, for compilers' loops over the keys of `x`.
    private var required: [Name: String] = [:]

    init(_ tokens: [Token], _ lexer: Lexer) {
        self.tokens = tokens
        self.lexer = lexer
    }

    mutating func run() {
        var nesting = 0
        while index < tokens.count {
            let token = tokens[index]
            let start = index
            switch token.kind {
            case .braceLeft, .parenLeft, .bracketLeft, .templateOpen: nesting += 1
            case .braceRight, .parenRight, .bracketRight: nesting -= 1
            // Its `${` was counted, and its `}` is part of the piece.
            case .templateEnd where lexer.source[token.start] == UInt8(ascii: "}"): nesting -= 1
            case .keyword where token.name == .var || token.name == .const:
                if nesting == 0 { noteRequired() }
            case .identifier where !followsDot(start) || (token.name == .exportStar || token.name == .babelExport):
                switch token.name {
                case .exports, .module: noteAssignment()
                case .object:
                    if !noteDefineProperty(), nesting == 0 { noteKeysLoop() }
                case .exportStar, .babelExport:
                    if nesting == 0 { noteStar() }
                case .let where nesting == 0: noteRequired()
                default: break
                }
            default: break
            }
            // What matched is walked over again, for it may hold more: only its brackets matter here.
            index = start + 1
        }
    }

    private func followsDot(_ index: Int) -> Bool { index > 0 && [.dot, .questionDot].contains(tokens[index - 1].kind) }

    // MARK: Steps

    private var token: Token { index < tokens.count ? tokens[index] : Token() }

    private mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        index += 1
        return true
    }

    private mutating func take(word: Name) -> Bool {
        guard token.isWord, token.name == word, !token.isEscaped else { return false }
        index += 1
        return true
    }

    private mutating func take(_ kinds: Token.Kind...) -> Bool { kinds.allSatisfy { take($0) } }

    private mutating func takeIdentifier() -> Name? {
        guard token.kind == .identifier else { return nil }
        defer { index += 1 }
        return token.name
    }

    private mutating func takeString() -> String? {
        guard token.kind == .string, let units = lexer.value(ofString: token) else { return nil }
        index += 1
        return String(validating: units, as: UTF16.self)
    }

    private mutating func takeOperator(_ text: StaticString) -> Bool {
        let range = token.start..<token.end
        let isEqual = text.withUTF8Buffer { text in range.count == text.count && text.elementsEqual(lexer.source[range]) }
        guard token.kind == .binary, isEqual else { return false }
        index += 1
        return true
    }

    /// The plain value of a member: a word, be it `function`; what follows ends the literal if it is no comma.
    private mutating func takeValue() -> Bool {
        defer { index += 1 }
        return token.isWord
    }

    /// `exports` or `module.exports`.
    private mutating func takeExportsObject() -> Bool {
        if take(word: .exports) { return true }
        return take(word: .module) && take(.dot) && take(word: .exports)
    }

    /// `require('…')`, also within one call: compilers write `helper(require('…'))`.
    private mutating func takeRequire() -> String? {
        guard take(word: .require), take(.parenLeft), let specifier = takeString(), take(.parenRight) else { return nil }
        return specifier
    }

    private mutating func add(_ name: String) {
        if seen.insert(name).inserted { names.append(name) }
    }

    // MARK: Shapes

    /// `exports.name =`, `exports['name'] =`, `module.exports = …`.
    private mutating func noteAssignment() {
        let isModule = token.name == .module
        guard takeExportsObject() else { return }
        if take(.dot) {
            guard token.isWord else { return }
            let name = lexer.names.string(token.name)
            index += 1
            if token.kind == .assign { add(name) }
        } else if take(.bracketLeft) {
            if let name = takeString(), take(.bracketRight), token.kind == .assign { add(name) }
        } else if isModule, take(.assign) {
            lastAssigned = []
            // module.exports = exports = …
            if takeExportsObject() { _ = take(.assign) }
            if token.kind == .braceLeft {
                noteLiteral()
            } else if let specifier = takeRequire() {
                lastAssigned = [specifier]
            }
        }
    }

    /// The members of an object literal, up to the first whose value is not plain.
    private mutating func noteLiteral() {
        index += 1
        repeat {
            if take(.ellipsis) {
                if let specifier = takeRequire() {
                    lastAssigned.append(specifier)
                } else if takeIdentifier() == nil {
                    return
                }
            } else if token.isWord {
                let name = lexer.names.string(token.name)
                index += 1
                if token.kind == .colon {
                    index += 1
                    guard takeValue() else { return }
                    add(name)
                } else if token.kind == .comma || token.kind == .braceRight {
                    add(name)
                } else {
                    return
                }
            } else if let name = takeString() {
                guard take(.colon), takeValue() else { return }
                add(name)
            } else {
                return
            }
        } while take(.comma)
    }

    /// `Object.defineProperty(exports, 'name', { … })`; answers whether it was that at all.
    private mutating func noteDefineProperty() -> Bool {
        let start = index
        guard take(word: .object), take(.dot), take(word: .defineProperty) else {
            index = start
            return false
        }
        guard take(.parenLeft), takeExportsObject(), take(.comma), let name = takeString(), take(.comma),
            take(.braceLeft)
        else { return true }
        if take(word: .enumerable) {
            guard take(.colon), take(word: .true) || takeNegatedZero(), take(.comma) else { return true }
        }
        if take(word: .value) {
            if token.kind == .colon { add(name) }
        } else if take(word: .get) {
            if takeSimpleGetter(), take(.parenRight) { add(name) } else { unsafeGetters.insert(name) }
        }
        return true
    }

    /// `!0`, which minifiers write for true.
    private mutating func takeNegatedZero() -> Bool { take(.not) && take(.number) }

    /// `: function () { return a.b; } }` or `() { return a['b'] } }`.
    private mutating func takeSimpleGetter() -> Bool {
        if take(.colon) {
            guard take(word: .function) else { return false }
            _ = takeIdentifier()
        }
        guard take(.parenLeft, .parenRight, .braceLeft), take(word: .return), takeIdentifier() != nil else { return false }
        if take(.dot) {
            guard token.isWord else { return false }
            index += 1
        } else if take(.bracketLeft) {
            guard takeString() != nil, take(.bracketRight) else { return false }
        }
        _ = take(.semicolon)
        guard take(.braceRight) else { return false }
        _ = take(.comma)
        return take(.braceRight)
    }

    /// `__export(require('…'))`, `tslib.__exportStar(require('…'), exports)`.
    private mutating func noteStar() {
        index += 1
        if take(.parenLeft), let specifier = takeRequire() { stars.append(specifier) }
    }

    /// `var x = require('…')` or `var x = helper(require('…'))`.
    private mutating func noteRequired() {
        index += 1
        guard let name = takeIdentifier(), take(.assign) else { return }
        if token.name != .require, takeIdentifier() != nil { _ = take(.parenLeft) }
        if let specifier = takeRequire() { required[name] = specifier }
    }

    /// `Object.keys(x).forEach(function (key) { if (key === "default" …) return; … exports[key] = x[key]; })`.
    private mutating func noteKeysLoop() {
        guard take(word: .object), take(.dot), take(word: .keys), take(.parenLeft), let source = takeIdentifier(),
            take(.parenRight, .dot), take(word: .forEach), take(.parenLeft), take(word: .function), take(.parenLeft),
            let key = takeIdentifier(), take(.parenRight, .braceLeft), take(word: .if), take(.parenLeft), take(word: key)
        else { return }
        if takeOperator("===") {
            guard takeString() == "default" else { return }
            if takeOperator("||") {
                guard take(word: key), takeOperator("==="), takeString() == "__esModule" else { return }
            }
            guard endGuard() else { return }
        } else {
            guard takeOperator("!=="), takeString() == "default" else { return }
            if takeOperator("&&") {
                guard skipOwnPropertyTest(of: key, isNegated: true) else { return }
            }
            guard take(.parenRight) else { return }
        }
        while take(word: .if) {
            guard take(.parenLeft) else { return }
            if take(word: key) {
                // if (key in exports && exports[key] === x[key]) return;
                guard take(word: .in), takeExportsObject(), takeOperator("&&"), takeExportsObject(), takeElement(key),
                    takeOperator("==="), take(word: source), takeElement(key)
                else { return }
            } else {
                guard skipOwnPropertyTest(of: key, isNegated: false) else { return }
            }
            guard endGuard() else { return }
        }
        let isAssignment = token.name == .exports || token.name == .module
        if isAssignment {
            guard takeExportsObject(), takeElement(key), take(.assign), take(word: source), takeElement(key) else { return }
        } else {
            guard take(word: .object), take(.dot), take(word: .defineProperty), take(.parenLeft), takeExportsObject(),
                take(.comma), take(word: key), take(.comma, .braceLeft), take(word: .enumerable), take(.colon),
                take(word: .true) || takeNegatedZero(), take(.comma), take(word: .get)
            else { return }
            if take(.colon), !take(word: .function) { return }
            guard take(.parenLeft, .parenRight, .braceLeft), take(word: .return), take(word: source), takeElement(key)
            else { return }
            _ = take(.semicolon)
            guard take(.braceRight, .braceRight, .parenRight) else { return }
        }
        _ = take(.semicolon)
        guard take(.braceRight, .parenRight), let specifier = required[source] else { return }
        stars.append(specifier)
    }

    /// `) return;`
    private mutating func endGuard() -> Bool {
        guard take(.parenRight), take(word: .return) else { return false }
        _ = take(.semicolon)
        return true
    }

    /// `[key]`
    private mutating func takeElement(_ key: Name) -> Bool { take(.bracketLeft) && take(word: key) && take(.bracketRight) }

    /// `Object.prototype.hasOwnProperty.call(names, key)` or `exports.hasOwnProperty(key)`, perhaps behind `!`.
    private mutating func skipOwnPropertyTest(of key: Name, isNegated: Bool) -> Bool {
        if isNegated, !take(.not) { return false }
        if takeExportsObject() {
            return take(.dot) && take(word: .hasOwnProperty) && take(.parenLeft) && take(word: key) && take(.parenRight)
        }
        return take(word: .object) && take(.dot) && take(word: .prototype) && take(.dot) && take(word: .hasOwnProperty)
            && take(.dot) && take(word: .call) && take(.parenLeft) && takeIdentifier() != nil && take(.comma)
            && take(word: key) && take(.parenRight)
    }
}
