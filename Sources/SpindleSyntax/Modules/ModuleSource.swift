/// An ECMAScript module as text that an engine without modules can run.
///
/// ## The protocol
///
/// The text is one expression. Evaluated, it gives a generator function, an async one if the module awaits at its top:
///
/// ```
/// (function*($m,$0,$1){"use strict";const ns=$m.namespace(1);$m.export({a:()=>a,default:()=>$default});yield;…
/// })
/// ```
///
/// It is called with `this` undefined and with
/// - a *module object*:
///   - `export(getters, nameless)` is called at most once, with an object of functions that read the module's own
///     bindings, by export name. `nameless`, if present, is the function of `export default function () {}`, whose
///     `name` has to become "default".
///   - `namespace(i)` answers the namespace object of request `i`; it need not have its bindings yet.
///   - `meta` is `import.meta`.
///   - `import(specifier, options)` is `import()`, and rejects rather than throws.
///   - `context` carries the async context, if the text was asked to: see ``SuspensionRewriting``.
///   - `unresolved(name)` throws the ReferenceError for a name that nobody declared.
/// - for each of ``requests`` a *record*: an object that has each export of that module under its name, as an accessor:
///   reading gives the present value (or throws what the exporter's getter throws while the binding is not
///   initialised); writing throws `TypeError: Assignment to constant variable.`. Records may exist before the
///   bindings they show, which is what makes cycles possible.
///
/// A loader goes three ways over a graph: it *resolves* (matches ``imports`` and ``exports`` and reports what is
/// missing), *instantiates* each module (calls the function and `next()` once: functions are hoisted, getters
/// registered, nothing of the module has run), and *evaluates* (`next()` again, in post-order; it is done when the
/// answer says `done`). For an async generator the promise of the first `next()` must have settled before the
/// second is called, then the module begins at once; the promise of the second one is the module's evaluation.
///
/// Names that rewriting adds (`$m`, `$0`, `$default`) are chosen so that the source has none like them.
///
/// ## What is kept
///
/// Lines are. Columns are led back by ``columns``. Imported bindings are read as `$0.x`, which an optimising engine
/// makes as cheap as a variable; calls of them have no `this`. Of the language's rules one is not: code in a direct
/// `eval` sees neither imported names nor `import()`.
package struct ModuleSource: Sendable {
    /// UTF-8.
    package let text: [UInt8]
    package let requests: [ModuleRequest]
    package let imports: [ImportEntry]
    package let exports: [ExportEntry]
    /// The requests of `export * from`, in order.
    package let starRequests: [Int]
    package let hasTopLevelAwait: Bool
    package let columns: ColumnMap

    /// Costs a few milliseconds for 200 KB.
    ///
    /// `keepsAsyncContext` makes each `await` of the text restore the async context that it was in.
    package init(_ source: [UInt8], keepsAsyncContext: Bool = false) throws(SyntaxError) {
        self = try SourceText.withBytes(source) { (text) throws(SyntaxError) -> ModuleSource in
            do throws(Failure) {
                var parser = Parser(text, goal: .module)
                parser.record.keepsReferences = true
                try parser.parse()
                return try ModuleSource(text, parser.record, parser.lexer, keepsAsyncContext)
            } catch {
                throw SyntaxError(error, in: text)
            }
        }
    }

    private init(
        _ source: SourceText, _ record: Record, _ lexer: Lexer, _ keepsAsyncContext: Bool
    ) throws(Failure) {
        let names = lexer.names
        let declared = try ModuleScope(record, names)
        let marker = names.freshMarker()
        let suspensions = keepsAsyncContext ? SuspensionRewriting(record, marker: marker) : nil
        let bindings = ModuleBindings(record, declared, suspensions, marker: marker)
        try bindings.checkExports(names)

        var rewriter = Rewriter(source)
        for blank in record.blanks { rewriter.blank(blank.start..<blank.end) }
        bindings.rewriteDefaultExport(&rewriter)
        bindings.rewriteImportExpressions(&rewriter)
        bindings.rewriteReferences(&rewriter, names)
        suspensions?.rewrite(&rewriter)

        hasTopLevelAwait = record.hasAwaitAtTopLevel
        starRequests = record.starRequests
        (text, columns) = rewriter.finish(head: Array(bindings.head(names).utf8), tail: Array("\n})".utf8))
        exports = bindings.exports(names)
        // Places in one walk over the text: sites come in its order.
        var walk = TextPosition()
        var walked = source.startOfText
        func place(_ position: Int) -> TextPosition {
            walk.advance(over: source, walked..<position)
            walked = position
            return walk
        }
        requests = record.requests.map { site in
            let place = place(site.position)
            return ModuleRequest(
                specifier: site.specifier, attributes: site.attributes, line: place.line, column: place.column)
        }
        walk = TextPosition()
        walked = source.startOfText
        imports = record.imports.map { site in
            let place = place(site.position)
            return ImportEntry(
                request: site.request, name: site.imported, local: names.string(site.local), line: place.line,
                column: place.column)
        }
    }
}
