extension ModuleResolver {
    /// What `import 'specifier'` means in a module.
    ///
    /// - Parameter importer: the module's URL: `file:`, or another one, from which only absolute specifiers lead on.
    package mutating func resolve(import specifier: String, from importer: String) throws(ResolutionError) -> Resolution {
        let base = FileURL(importer)
        let place = base?.path ?? importer
        if specifier.first == "/" || Self.isRelative(specifier) {
            guard let base else { throw .unresolvable(specifier, importer) }
            let (url, encoded) = base.resolved(specifier)
            return .file(try finish(url, encoded: encoded, from: place))
        }
        if specifier.first == "#" {
            guard let base else { throw .unresolvable(specifier, importer) }
            let resolution = try resolve(
                import: specifier, in: try scope(of: base.path), from: place, conditions: conditions("import"))
            return try finish(resolution, from: place)
        }
        switch FileURL.scheme(of: specifier) {
        case "node": return .builtin(try builtin(specifier) ?? specifier)
        case "data": return .data(specifier)
        case "file":
            guard let url = FileURL(specifier) else { throw .invalidFileURL(specifier) }
            let encoded = specifier.prefix { $0 != "?" && $0 != "#" }
            return .file(try finish(url, encoded: String(encoded), from: place))
        case let scheme?: throw .unsupportedScheme(scheme)
        case nil: break
        }
        if let id = try builtin(specifier) { return .builtin(id) }
        guard let base else { throw .unresolvable(specifier, importer) }
        return try finish(
            try resolve(package: specifier, from: base.path, conditions: conditions("import")), from: place)
    }

    private func finish(_ resolution: Resolution, from importer: String) throws(ResolutionError) -> Resolution {
        guard case .file(let url) = resolution else { return resolution }
        return .file(try finish(url, encoded: url.path, from: importer))
    }

    /// The file has to exist, as a file; a module's identity is its path without symbolic links.
    private func finish(_ url: FileURL, encoded: String, from importer: String) throws(ResolutionError) -> FileURL {
        let lowercased = encoded.lowercased()
        if lowercased.contains("%2f") || lowercased.contains("%5c") {
            let shown = encoded.hasPrefix("file:") ? String(encoded.dropFirst(7)) : encoded
            throw .invalidSpecifier(shown, "must not include encoded \"/\" or \"\\\" characters", from: importer)
        }
        switch files.kind(of: url.path) {
        case .file: return FileURL(path: files.realPath(of: url.path), suffix: url.suffix)
        case .directory: throw .unsupportedDirectory(url.path, from: importer)
        case nil: throw .notFound("module", url.path, from: importer)
        }
    }

    /// A bare specifier: the importer's own package, or one in a `node_modules` above it.
    mutating func resolve(
        package specifier: String, from importer: String, conditions: Set<String>
    ) throws(ResolutionError) -> Resolution {
        if let id = try builtin(specifier) { return .builtin(id) }
        guard let parts = PackageSpecifier(specifier) else {
            throw .invalidSpecifier(specifier, "is not a valid package name", from: importer)
        }
        let context = "\"\(specifier)\" from \(importer)"
        if let own = try scope(of: importer, context: context), own.name == parts.name, let exports = own.exports {
            return try resolve(parts.subpath, exports: exports, of: own, from: importer, conditions: conditions)
        }
        for ancestor in Path.ancestors(of: Path.directory(of: importer)) where !parts.name.isEmpty {
            let directory = Path.join(ancestor, "node_modules/" + parts.name)
            guard files.kind(of: directory) == .directory else { continue }
            let package = try package(in: directory, context: context)
            if let package, let exports = package.exports {
                return try resolve(parts.subpath, exports: exports, of: package, from: importer, conditions: conditions)
            }
            if parts.subpath != "." {
                return .file(FileURL(path: directory + "/").resolved(parts.subpath).url)
            }
            return .file(FileURL(path: try mainFile(of: package, in: directory, importer)))
        }
        throw .notFound("package", parts.name, from: importer)
    }

    /// `main` with the endings that packages had before there were modules.
    private func mainFile(of package: Package?, in directory: String, _ importer: String) throws(ResolutionError) -> String {
        var candidates = ["index.js", "index.json"]
        if let main = package?.main, !main.isEmpty {
            candidates = [main] + [".js", ".json", "/index.js", "/index.json"].map { main + $0 } + candidates
        }
        for candidate in candidates where files.kind(of: Path.join(directory, candidate)) == .file {
            return Path.join(directory, candidate)
        }
        throw .notFound("package", Path.join(directory, package?.main ?? "index.js"), from: importer)
    }
}
