extension ModuleResolver {
    /// What `require(request)` means in a file.
    ///
    /// - Parameters:
    ///   - importer: the path of the file.
    ///   - stack: the files that required each other up to this one, nearest first, for the message.
    /// - Returns: a built-in's id or a path without symbolic links.
    package mutating func resolve(
        require request: String, from importer: String, stack: [String] = []
    ) throws(ResolutionError) -> Resolution {
        if let id = try builtin(request) { return .builtin(id) }
        if request.first == "#", let package = try scope(of: importer), !package.imports.isEmpty {
            return try finish(
                try resolve(import: request, in: package, from: importer, conditions: conditions("require")))
        }
        if let path = try requireSelf(request, importer) { return path }
        let isRelative = Self.isRelative(request)
        let directory = Path.directory(of: importer)
        if isRelative || request.first == "/" {
            if let path = try find(Path.join(directory, request), isDirectory: Self.namesDirectory(request)) {
                return .file(FileURL(path: path))
            }
        } else {
            for ancestor in Path.ancestors(of: directory) where !ancestor.hasSuffix("/node_modules") {
                let modules = Path.join(ancestor, "node_modules")
                guard files.kind(of: modules) == .directory else { continue }
                if let specifier = PackageSpecifier(request), !specifier.name.isEmpty,
                    case let directory = Path.join(modules, specifier.name),
                    let package = try package(in: directory, context: nil), let exports = package.exports
                {
                    return try finish(
                        try resolve(
                            specifier.subpath, exports: exports, of: package, from: nil, conditions: conditions("require")))
                }
                if let path = try find(Path.join(modules, request), isDirectory: Self.namesDirectory(request)) {
                    return .file(FileURL(path: path))
                }
            }
        }
        throw .requireNotFound(request, stack: stack)
    }

    /// The directories in which `require` looks for a package, as `require.resolve.paths` tells.
    package static func requirePaths(from importer: String) -> [String] {
        Path.ancestors(of: Path.directory(of: importer)).filter { !$0.hasSuffix("/node_modules") }.map {
            Path.join($0, "node_modules")
        }
    }

    static func isRelative(_ request: String) -> Bool {
        request == "." || request == ".." || request.hasPrefix("./") || request.hasPrefix("../")
    }

    /// A request that ends like a directory does not mean the file beside it.
    private static func namesDirectory(_ request: String) -> Bool {
        request == "." || request == ".." || request.hasSuffix("/") || request.hasSuffix("/.") || request.hasSuffix("/..")
    }

    /// A package may require itself by its name, through its own exports.
    private mutating func requireSelf(_ request: String, _ importer: String) throws(ResolutionError) -> Resolution? {
        guard !Self.isRelative(request), request.first != "/", let package = try scope(of: importer),
            let exports = package.exports, let name = package.name, request == name || request.hasPrefix(name + "/")
        else { return nil }
        return try finish(
            try resolve(
                "." + request.dropFirst(name.count), exports: exports, of: package, from: importer,
                conditions: conditions("require")))
    }

    /// What exports and imports name is a file as it stands: no extension is tried.
    private func finish(_ resolution: Resolution) throws(ResolutionError) -> Resolution {
        guard case .file(let url) = resolution else { return resolution }
        guard files.kind(of: url.path) == .file else { throw .requireNotFound(url.path, stack: []) }
        return .file(FileURL(path: files.realPath(of: url.path)))
    }

    // MARK: Files and directories

    private mutating func find(_ path: String, isDirectory: Bool) throws(ResolutionError) -> String? {
        let kind = files.kind(of: path)
        if !isDirectory {
            if kind == .file { return files.realPath(of: path) }
            if let found = withExtension(path) { return found }
        }
        guard kind == .directory else { return nil }
        let index = path == "/" ? "/index" : path + "/index"
        guard let main = try package(in: path, context: nil)?.main, !main.isEmpty else { return withExtension(index) }
        let target = Path.join(path, main)
        if files.kind(of: target) == .file { return files.realPath(of: target) }
        if let found = withExtension(target) ?? withExtension(target + "/index") ?? withExtension(index) { return found }
        throw .brokenMain(target)
    }

    private func withExtension(_ path: String) -> String? {
        for fileExtension in [".js", ".json"] where files.kind(of: path + fileExtension) == .file {
            return files.realPath(of: path + fileExtension)
        }
        return nil
    }
}
