/// Why a specifier leads nowhere, in the words that Node uses.
package struct ResolutionError: Error, Equatable, CustomStringConvertible {
    /// `ERR_…`, or `MODULE_NOT_FOUND` of `require`.
    package let code: String
    package let message: String
    /// Which constructor the guest sees: `TypeError`, or else `Error`.
    package let isTypeError: Bool

    package var description: String { "\(isTypeError ? "TypeError" : "Error") [\(code)]: \(message)" }

    private init(_ code: String, _ message: String, isTypeError: Bool = false) {
        self.code = code
        self.message = message
        self.isTypeError = isTypeError
    }

    private static func from(_ importer: String?) -> String { importer.map { " imported from \($0)" } ?? "" }

    static func notFound(_ what: String, _ name: String, from importer: String?) -> ResolutionError {
        .init("ERR_MODULE_NOT_FOUND", "Cannot find \(what) '\(name)'\(from(importer))")
    }

    static func requireNotFound(_ request: String, stack: [String]) -> ResolutionError {
        let tail = stack.isEmpty ? "" : "\nRequire stack:\n- " + stack.joined(separator: "\n- ")
        return .init("MODULE_NOT_FOUND", "Cannot find module '\(request)'\(tail)")
    }

    static func brokenMain(_ path: String) -> ResolutionError {
        .init(
            "MODULE_NOT_FOUND",
            "Cannot find module '\(path)'. Please verify that the package.json has a valid \"main\" entry")
    }

    static func unsupportedDirectory(_ path: String, from importer: String?) -> ResolutionError {
        .init(
            "ERR_UNSUPPORTED_DIR_IMPORT",
            "Directory import '\(path)' is not supported resolving ES modules\(from(importer))")
    }

    static func invalidSpecifier(_ specifier: String, _ reason: String, from importer: String?) -> ResolutionError {
        .init(
            "ERR_INVALID_MODULE_SPECIFIER", "Invalid module \"\(specifier)\" \(reason)\(from(importer))", isTypeError: true)
    }

    static func notExported(_ subpath: String, _ package: Package, from importer: String?) -> ResolutionError {
        let what = subpath == "." ? "No \"exports\" main defined" : "Package subpath '\(subpath)' is not defined by \"exports\""
        return .init("ERR_PACKAGE_PATH_NOT_EXPORTED", "\(what) in \(package.file)\(from(importer))")
    }

    static func importNotDefined(_ specifier: String, _ package: Package?, from importer: String?) -> ResolutionError {
        let place = package.map { " in package \($0.file)" } ?? ""
        return .init(
            "ERR_PACKAGE_IMPORT_NOT_DEFINED", "Package import specifier \"\(specifier)\" is not defined\(place)\(from(importer))",
            isTypeError: true)
    }

    static func invalidTarget(
        _ target: JSONValue, key: String, _ package: Package, isImport: Bool, from importer: String?
    ) -> ResolutionError {
        var mustBeRelative = false
        if !isImport, case .string(let text) = target { mustBeRelative = !text.isEmpty && !text.hasPrefix("./") }
        let what =
            key == "."
            ? "Invalid \"exports\" main target \(target.text) defined in"
            : "Invalid \"\(isImport ? "imports" : "exports")\" target \(target.text) defined for '\(key)' in"
        return .init(
            "ERR_INVALID_PACKAGE_TARGET",
            "\(what) the package config \(package.file)\(from(importer))"
                + (mustBeRelative ? "; targets must start with \"./\"" : ""))
    }

    /// `context` is what was resolved when the package was read.
    static func invalidPackage(_ path: String, context: String?, _ message: String) -> ResolutionError {
        let context = context.map { " while importing \($0)" } ?? ""
        return .init("ERR_INVALID_PACKAGE_CONFIG", "Invalid package config \(path)\(context). \(message)")
    }

    static func unknownBuiltin(_ id: String) -> ResolutionError {
        .init("ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: \(id)")
    }

    static func unsupportedScheme(_ scheme: String) -> ResolutionError {
        .init(
            "ERR_UNSUPPORTED_ESM_URL_SCHEME",
            "Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. "
                + "Received protocol '\(scheme):'")
    }

    static func unresolvable(_ specifier: String, _ importer: String) -> ResolutionError {
        .init(
            "ERR_UNSUPPORTED_RESOLVE_REQUEST",
            "Failed to resolve module specifier \"\(specifier)\" from \"\(importer)\": Invalid relative URL or base scheme is "
                + "not hierarchical.", isTypeError: true)
    }

    static func invalidFileURL(_ url: String) -> ResolutionError {
        .init("ERR_INVALID_FILE_URL_PATH", "File URL path must be absolute and of this machine: \(url)", isTypeError: true)
    }

    static func unknownExtension(_ fileExtension: String, _ path: String) -> ResolutionError {
        .init("ERR_UNKNOWN_FILE_EXTENSION", "Unknown file extension \"\(fileExtension)\" for \(path)", isTypeError: true)
    }
}
