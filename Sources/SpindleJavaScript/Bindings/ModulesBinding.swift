internal import Glibc
internal import SpindleResolution
internal import SpindleSyntax

/// `binding('modules')`: finding, reading and compiling modules.
///
/// A resolution is `[kind, value]`: `builtin` and an id, `file` and a path or URL, `data` and a URL; or
/// `['error', code, message, isTypeError]`. A compilation that fails is `['error', message, line, column]`.
func makeModulesBinding(_ guest: Guest) -> GuestValue {
    let state = ModuleState()
    return guest.engine.object(of: [
        // (id, whether it follows `node:`)
        "isBuiltIn": { call in
            let id = try call.string(0)
            return call.engine.value(call.bool(1) ? BuiltIns.isPublic(id) : BuiltIns.plainIDs.contains(id))
        },
        "builtInIDs": { call in
            call.engine.array(BuiltIns.publicIDs.map { BuiltIns.schemeOnlyIDs.contains($0) ? "node:" + $0 : $0 })
        },
        // (specifier, path of the importer, paths of those that required it)
        "resolveRequire": { call in
            let engine = call.engine
            let stack = try engine.elements(of: call[2]).map { try engine.string($0) }
            return state.resolution(engine, asURL: false) { (resolver) throws(ResolutionError) in
                try resolver.resolve(require: (try? call.string(0)) ?? "", from: (try? call.string(1)) ?? "", stack: stack)
            }
        },
        // (specifier, URL of the importer)
        "resolveImport": { call in
            let (specifier, importer) = (try call.string(0), try call.string(1))
            return state.resolution(call.engine, asURL: true) { (resolver) throws(ResolutionError) in
                try resolver.resolve(import: specifier, from: importer)
            }
        },
        // (path) → ['module' | 'commonjs' | 'json' | 'wasm'], or an error
        "format": { call in
            let path = try call.string(0)
            do throws(ResolutionError) {
                let format = try state.resolver.format(of: path)
                return call.engine.array([format.name ?? detectedName(path)])
            } catch {
                return error.value(in: call.engine)
            }
        },
        // (text) → whether it can only be an ECMAScript module
        "isModule": { call in call.engine.value(SourceKind.detect(Array(try call.string(0).utf8)) == .module) },
        // (path) → the directories in which packages are looked for
        "requirePaths": { call in
            call.engine.array(ModuleResolver<GuestFiles>.requirePaths(from: try call.string(0)))
        },
        // (path) → text
        "readText": { call in
            let text = try readingFile(try call.string(0)) { path throws(FileFailure) in try GuestFiles.read(path) }
            return text.withUnsafeBufferPointer { call.engine.value(utf8: $0) }
        },
        // (path, text | undefined) → [function, columns that our own text takes on the first line, whether it takes a
        // function for `import()`, whether it takes the async context]; reads the file if there is no text
        "compileCommonJS": { call in
            let path = try call.string(0)
            let source =
                if call.engine.isUndefined(call[1]) {
                    try readingFile(path) { try SourceCache.shared.script(at: $0) }
                } else { ScriptSource(Array(try call.string(1).utf8), isFunctionBody: true, keepsAsyncContext: true) }
            return try state.compile(source, at: path, call.engine)
        },
        // (text, name, function for `import()`, async context) → [value] of the text as a script in the global scope
        "evaluateScript": { call in
            let engine = call.engine
            let source = ScriptSource(Array(try call.string(0).utf8), isFunctionBody: false, keepsAsyncContext: true)
            let name = try call.string(1)
            state.columns[name] = source.columns
            if let function = source.importFunction { engine.setHiddenProperty(function, of: engine.global, to: call[2]) }
            if let context = source.asyncContext { engine.setHiddenProperty(context, of: engine.global, to: call[3]) }
            return try state.refusing(source, engine, isFunctionBody: false) {
                engine.array([try engine.evaluate(utf8: source.text, at: name)])
            }
        },
        // (URL, path, text | undefined)
        // → [function, requests, imports, exports, requests of `export *`, whether it awaits at its top]
        "compileModule": { call in
            let engine = call.engine
            let (name, path) = (try call.string(0), try call.string(1))
            do {
                let source =
                    if engine.isUndefined(call[2]) {
                        try readingFile(path) { try SourceCache.shared.module(at: $0) }
                    } else { try ModuleSource(Array(try call.string(2).utf8), keepsAsyncContext: true) }
                state.columns[name] = source.columns
                return source.value(try engine.evaluate(utf8: source.text, at: name), in: engine)
            } catch let error as SyntaxError {
                return error.value(in: engine)
            }
        },
        // (path) → [names, specifiers of modules whose names are exported too]
        "commonJSExports": { call in
            let found = CommonJSExports((try? GuestFiles.read(try call.string(0))) ?? [])
            return call.engine.array([call.engine.array(found.names), call.engine.array(found.reexports)])
        },
        // (name, line, column) → column
        "sourceColumn": { call in
            let column = call.int(2)
            guard let columns = state.columns[try call.string(0)] else { return call.engine.value(column) }
            return call.engine.value(columns.sourceColumn(line: call.int(1), column: column))
        },
    ])
}

/// Of one guest.
private final class ModuleState {
    var resolver = ModuleResolver(
        files: GuestFiles(), builtins: BuiltIns.plainIDs, schemeOnlyBuiltins: BuiltIns.schemeOnlyIDs)
    /// Of the scripts whose text is not the file's.
    var columns: [String: ColumnMap] = [:]

    func resolution(
        _ engine: Engine, asURL: Bool,
        _ resolve: (inout ModuleResolver<GuestFiles>) throws(ResolutionError) -> Resolution
    ) -> GuestValue {
        do throws(ResolutionError) {
            switch try resolve(&resolver) {
            case .builtin(let id): return engine.array(["builtin", id])
            case .file(let url): return engine.array(["file", asURL ? url.description : url.path])
            case .data(let url): return engine.array(["data", url])
            }
        } catch {
            return error.value(in: engine)
        }
    }

    func compile(_ source: ScriptSource, at name: String, _ engine: Engine) throws -> GuestValue {
        let added = [source.importFunction, source.asyncContext].compactMap(\.self).map { ", " + $0 }.joined()
        let head = "(function (exports, require, module, __filename, __dirname\(added)) {"
        columns[name] = source.columns
        return try refusing(source, engine, isFunctionBody: true) {
            let function = try engine.evaluate(utf8: Array(head.utf8) + source.text + Array("\n})".utf8), at: name)
            return engine.array([
                function, engine.value(head.utf8.count), engine.value(source.importFunction != nil),
                engine.value(source.asyncContext != nil),
            ])
        }
    }

    /// Says where a source is at fault that the engine refuses; the engine itself knows the line at best.
    func refusing(
        _ source: ScriptSource, _ engine: Engine, isFunctionBody: Bool, _ compile: () throws -> GuestValue
    ) throws -> GuestValue {
        do {
            return try compile()
        } catch let exception as GuestException {
            guard let error = ScriptSource.syntaxError(in: source.text, isFunctionBody: isFunctionBody) else { throw exception }
            return error.value(in: engine)
        }
    }
}

/// Turns a failure to read into the error that the guest sees.
private func readingFile<Result>(_ path: String, _ read: (String) throws -> Result) throws -> Result {
    do {
        return try read(path)
    } catch let failure as FileFailure {
        let code =
            failure.errno == ENOENT ? "ENOENT" : failure.errno == EISDIR ? "EISDIR" : failure.errno == EACCES ? "EACCES" : "EIO"
        throw HostError(code, "\(code): \(String(cString: strerror(failure.errno)).lowercased()), open '\(path)'")
    }
}

/// Of a file whose name and package do not say what it is.
private func detectedName(_ path: String) -> String {
    guard let text = try? GuestFiles.read(path) else { return "commonjs" }
    return SourceKind.detect(text) == .module ? "module" : "commonjs"
}

extension ModuleFormat {
    fileprivate var name: String? {
        switch self {
        case .module: "module"
        case .commonJS: "commonjs"
        case .json: "json"
        case .wasm: "wasm"
        case .unspecified: nil
        }
    }
}

extension ResolutionError {
    fileprivate func value(in engine: Engine) -> GuestValue {
        engine.array([engine.value("error"), engine.value(code), engine.value(message), engine.value(isTypeError)])
    }
}

extension SyntaxError {
    fileprivate func value(in engine: Engine) -> GuestValue {
        engine.array([engine.value("error"), engine.value(message), engine.value(line), engine.value(column)])
    }
}

extension ModuleSource {
    fileprivate func value(_ function: GuestValue, in engine: Engine) -> GuestValue {
        let requests = requests.map { request in
            engine.array([
                engine.value(request.specifier),
                engine.array(request.attributes.flatMap { [$0.key, $0.value] }), engine.value(request.line),
                engine.value(request.column),
            ])
        }
        let imports = imports.map { entry in
            engine.array([
                engine.value(entry.request), entry.name.map { engine.value($0) } ?? engine.null, engine.value(entry.line),
                engine.value(entry.column),
            ])
        }
        let exports = exports.map { entry in
            switch entry.target {
            case .local: engine.array([engine.value(entry.name)])
            case .indirect(let request, let name):
                engine.array([engine.value(entry.name), engine.value(request), engine.value(name)])
            case .namespace(let request): engine.array([engine.value(entry.name), engine.value(request), engine.null])
            }
        }
        return engine.array([
            function, engine.array(requests), engine.array(imports), engine.array(exports), engine.array(starRequests),
            engine.value(hasTopLevelAwait),
        ])
    }
}
