/// A name that a source declares.
struct Declaration {
    enum Kind {
        case variable, parameter
        /// `let`, `const`, `class`, the binding of a `catch`.
        case lexical
        case function
        case imported
    }

    let name: Name
    let kind: Kind
    let scope: Int
    let position: Int
}

/// An identifier that a source reads or writes.
struct Reference {
    enum Form {
        case plain
        /// `{x}`, which has to become `{x:…}`.
        case shorthand
        /// `x()` and `` x`…` ``: the function's `this` is undefined, so it must not be called as a method.
        case call
        /// `typeof x`.
        case typeof
    }

    let name: Name
    let start: Int
    let end: Int
    var form = Form.plain
    /// A semicolon was understood before it. A text that begins with a parenthesis needs it written.
    let followsImpliedSemicolon: Bool
    /// `arguments` at the top of a module, which has none.
    let isArgumentsOfModule: Bool
}

/// An async function, or the top of a module.
struct AsyncFunction {
    /// Where its statements may begin: behind its brace and its directives.
    var bodyStart = 0
    /// Where an arrow function's body ends that is an expression; nil for a body in braces.
    var expressionEnd: Int?
}

/// A place where an async function waits.
struct Suspension {
    enum Form {
        /// `await` and its operand.
        case operation(Record.Range)
        /// `for await` from its first label on, the values it runs over, and its body.
        case loop(start: Int, values: Record.Range, body: Record.Range)
    }

    /// Index into the async functions.
    let function: Int
    let form: Form
}

/// What parsing leaves behind. Everything grows at its end, so that going back is cutting off.
struct Record {
    struct Scope {
        let start: Int
        var end: Int
    }

    struct Range {
        let start: Int
        let end: Int
    }

    struct Mark {
        fileprivate let scopes: Int
        fileprivate let declarations: Int
        fileprivate let references: Int
        fileprivate let metas: Int
        fileprivate let dynamicImports: Int
        fileprivate let tokens: Int
        fileprivate let awaitAtTopLevel: Bool
        fileprivate let wrapperName: Bool
        fileprivate let functions: Int
        fileprivate let suspensions: Int
        fileprivate let handlers: Int
    }

    /// The first one is the whole source.
    var scopes: [Scope]
    private(set) var declarations: [Declaration] = []
    var references: [Reference] = []
    /// `import.meta`.
    var metas: [Range] = []
    /// Where the `import` of `import(` stands.
    var dynamicImports: [Int] = []
    var hasAwaitAtTopLevel = false
    /// At its top the script declares, with `let` or its like, a name that the CommonJS wrapper has as a parameter.
    var redeclaresWrapperName = false

    /// Only modules have references rewritten.
    var keepsReferences = false
    /// Only the search for CommonJS exports looks at tokens.
    var keepsTokens = false
    var tokens: [Token] = []

    /// The first one is the module.
    var asyncFunctions = [AsyncFunction()]
    var suspensions: [Suspension] = []
    /// Where blocks of `catch` and `finally` begin, by async function.
    var handlers: [(function: Int, start: Int)] = []

    var requests: [RequestSite] = []
    var requestIndices: [ModuleRequest.Key: Int] = [:]
    var imports: [ImportSite] = []
    var exports: [ExportSite] = []
    var starRequests: [Int] = []
    var blanks: [Record.Range] = []
    var defaultExport: DefaultExport?

    init(end: Int) { scopes = [Scope(start: 0, end: end)] }

    var mark: Mark {
        Mark(
            scopes: scopes.count, declarations: declarations.count, references: references.count, metas: metas.count,
            dynamicImports: dynamicImports.count, tokens: tokens.count, awaitAtTopLevel: hasAwaitAtTopLevel,
            wrapperName: redeclaresWrapperName, functions: asyncFunctions.count, suspensions: suspensions.count,
            handlers: handlers.count)
    }

    mutating func goBack(to mark: Mark) {
        scopes.removeSubrange(mark.scopes...)
        declarations.removeSubrange(mark.declarations...)
        references.removeSubrange(mark.references...)
        metas.removeSubrange(mark.metas...)
        dynamicImports.removeSubrange(mark.dynamicImports...)
        tokens.removeSubrange(mark.tokens...)
        hasAwaitAtTopLevel = mark.awaitAtTopLevel
        redeclaresWrapperName = mark.wrapperName
        asyncFunctions.removeSubrange(mark.functions...)
        suspensions.removeSubrange(mark.suspensions...)
        handlers.removeSubrange(mark.handlers...)
    }

    mutating func openScope(at start: Int) -> Int {
        scopes.append(Scope(start: start, end: start))
        return scopes.count - 1
    }

    mutating func declare(_ declaration: Declaration) {
        if keepsReferences {
            declarations.append(declaration)
        } else if declaration.scope == 0, declaration.kind == .lexical {
            switch declaration.name {
            case .exports, .require, .module, .filename, .dirname: redeclaresWrapperName = true
            default: break
            }
        }
    }
}
