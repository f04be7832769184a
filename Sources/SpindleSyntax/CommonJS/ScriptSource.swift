/// A script, or the body of a CommonJS module, with its `import()` led to a function.
///
/// An engine driven through a C interface does not know what `import()` means, so the text calls a function whose
/// name is ``importFunction``; whoever compiles the text has that name in scope, as a parameter of the wrapper for
/// instance. Lines are kept; columns are led back by ``columns``.
///
/// A source without `import` (or `await`, where that matters) or a first line for the kernel is not even parsed. One
/// that is no JavaScript is left as it is: the engine says better what is wrong. `import()` in a direct `eval` or in
/// `new Function` is not seen.
package struct ScriptSource: Sendable {
    /// UTF-8.
    package let text: [UInt8]
    /// nil if nothing in the text calls it.
    package let importFunction: String?
    /// The name of the async context, if the text uses it: see ``SuspensionRewriting``.
    package let asyncContext: String?
    package let columns: ColumnMap

    /// `isFunctionBody` holds for CommonJS modules, where `return` is allowed.
    package init(_ source: [UInt8], isFunctionBody: Bool, keepsAsyncContext: Bool = false) {
        (text, importFunction, asyncContext, columns) = SourceText.withBytes(source) { text in
            var rewriter = Rewriter(text)
            var function: String?
            var context: String?
            if text.contains("import") || (keepsAsyncContext && text.contains("await")) {
                var parser = Parser(text, goal: isFunctionBody ? .commonJS : .script)
                // What the engine will refuse needs no rewriting.
                if (try? parser.parse()) != nil {
                    let marker = parser.lexer.names.freshMarker()
                    if !parser.record.dynamicImports.isEmpty { function = marker + "import" }
                    for start in parser.record.dynamicImports {
                        rewriter.replace(start..<start + 6, with: marker + "import")
                    }
                    if keepsAsyncContext, let suspensions = SuspensionRewriting(parser.record, marker: marker) {
                        suspensions.rewrite(&rewriter)
                        context = suspensions.context
                    }
                }
            }
            if rewriter.isUnchanged { return (source, nil, nil, ColumnMap()) }
            let (result, columns) = rewriter.finish(head: [], tail: [])
            return (result, function, context, columns)
        }
    }
}

extension ScriptSource {
    /// Where the parser sees a fault in a source that the engine has refused, if it does.
    package static func syntaxError(in source: [UInt8], isFunctionBody: Bool) -> SyntaxError? {
        SourceText.withBytes(source) { text in
            var parser = Parser(text, goal: isFunctionBody ? .commonJS : .script)
            do throws(Failure) {
                try parser.parse()
                return nil
            } catch {
                return SyntaxError(error, in: text)
            }
        }
    }
}

/// Whether a source without a word on its kind is a module.
package enum SourceKind: Sendable {
    case module
    case commonJS

    /// As Node decides for a `.js` file whose package says no `type`: CommonJS, unless it has `import`, `export` or
    /// `import.meta`, or fails as CommonJS in a way in which a module would not: it awaits at its top, or declares
    /// `require`, `module`, `exports`, `__filename` or `__dirname` with `let`, `const` or `class`.
    package static func detect(_ source: [UInt8]) -> SourceKind {
        SourceText.withBytes(source) { text in
            var script = Parser(text, goal: .commonJS)
            do throws(Failure) {
                try script.parse()
                if !script.record.redeclaresWrapperName { return .commonJS }
            } catch {
                if error.isModuleSyntax { return .module }
            }
            var module = Parser(text, goal: .module)
            let isModule = (try? module.parse()) != nil
            let needsModule = script.record.redeclaresWrapperName || module.record.hasAwaitAtTopLevel
            return isModule && needsModule ? .module : .commonJS
        }
    }
}
