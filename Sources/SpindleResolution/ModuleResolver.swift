/// Finds the file that a `require` or an `import` means, as Node documents it.
///
/// A value: all it knows of the world comes from its `Files`, and what it keeps are the package.json files it has
/// read. Make a new one to see changed ones.
package struct ModuleResolver<Files: ResolutionFiles> {
    let files: Files
    private let builtins: Set<String>
    private let schemeOnlyBuiltins: Set<String>
    private let ownConditions: [String]
    private var packages: [String: Package?] = [:]

    /// - Parameters:
    ///   - builtins: ids without `node:`, as `fs/promises`.
    ///   - schemeOnlyBuiltins: those that exist with `node:` alone, as `test`.
    ///   - conditions: of `exports` and `imports`, beyond `node`, `default` and one of `import` and `require`.
    package init(
        files: Files, builtins: Set<String>, schemeOnlyBuiltins: Set<String> = [], conditions: [String] = []
    ) {
        self.files = files
        self.builtins = builtins
        self.schemeOnlyBuiltins = schemeOnlyBuiltins
        ownConditions = conditions
    }

    func conditions(_ kind: String) -> Set<String> { Set(ownConditions + ["node", kind]) }

    // MARK: Built-ins

    /// The id without `node:` if the specifier means a built-in module.
    func builtin(_ specifier: String) throws(ResolutionError) -> String? {
        guard specifier.hasPrefix("node:") else { return builtins.contains(specifier) ? specifier : nil }
        let id = String(specifier.dropFirst(5))
        guard builtins.contains(id) || schemeOnlyBuiltins.contains(id) else { throw .unknownBuiltin(specifier) }
        return id
    }

    // MARK: Packages

    /// The package.json of a directory; nil without one. `context` says for messages what was being resolved.
    mutating func package(in directory: String, context: String?) throws(ResolutionError) -> Package? {
        if let known = packages[directory] { return known }
        let path = directory == "/" ? "/package.json" : directory + "/package.json"
        var package: Package?
        if files.kind(of: path) == .file, let bytes = files.contents(of: path) {
            do throws(JSONReader.Failure) {
                package = Package(directory: directory, try JSONReader.read(bytes))
            } catch {
                throw .invalidPackage(path, context: context, error.message)
            }
        }
        packages[directory] = .some(package)
        return package
    }

    /// The package that a file belongs to.
    mutating func scope(of path: String, context: String? = nil) throws(ResolutionError) -> Package? {
        for directory in Path.ancestors(of: Path.directory(of: path)) {
            if directory.hasSuffix("/node_modules") { return nil }
            if let package = try package(in: directory, context: context) { return package }
        }
        return nil
    }

    // MARK: Formats

    /// What a file is by its name and its package.
    package mutating func format(of path: String) throws(ResolutionError) -> ModuleFormat {
        switch Path.fileExtension(of: path) {
        case ".mjs": return .module
        case ".cjs": return .commonJS
        case ".json": return .json
        case ".wasm": return .wasm
        case ".js", "":
            switch try scope(of: path)?.kind {
            case .module: return .module
            case .commonJS: return .commonJS
            case .unspecified, nil: return .unspecified
            }
        case let other: throw .unknownExtension(other, path)
        }
    }
}

/// How a file is to be read.
package enum ModuleFormat: Sendable {
    case module, commonJS, json, wasm
    /// CommonJS unless its text says otherwise.
    case unspecified
}

/// Where a specifier leads.
package enum Resolution: Equatable, Sendable {
    /// The id, without `node:`.
    case builtin(String)
    case file(FileURL)
    /// A `data:` URL.
    case data(String)
}
