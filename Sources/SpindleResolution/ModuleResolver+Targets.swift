/// `exports` and `imports` of package.json.
extension ModuleResolver {
    /// A subpath (`.` or `./…`) through a package's `exports`.
    mutating func resolve(
        _ subpath: String, exports: JSONValue, of package: Package, from importer: String?, conditions: Set<String>
    ) throws(ResolutionError) -> Resolution {
        let table = try table(of: exports, package, importer)
        var search = TargetSearch(package: package, importer: importer, isImport: false, conditions: conditions)
        guard let resolution = try search.find(subpath, in: table, &self) else {
            throw .notExported(subpath, package, from: importer)
        }
        return resolution
    }

    /// `#name` through the `imports` of the package that a file belongs to.
    mutating func resolve(
        import name: String, in package: Package?, from importer: String, conditions: Set<String>
    ) throws(ResolutionError) -> Resolution {
        if name == "#" || name.hasPrefix("#/") || name.hasSuffix("/") {
            throw .invalidSpecifier(name, "is not a valid internal imports specifier name", from: importer)
        }
        if let package {
            var search = TargetSearch(package: package, importer: importer, isImport: true, conditions: conditions)
            if let resolution = try search.find(name, in: package.imports, &self) { return resolution }
        }
        throw .importNotDefined(name, package, from: importer)
    }

    /// `exports` that name no subpaths stand for the package's main entry.
    private func table(
        of exports: JSONValue, _ package: Package, _ importer: String?
    ) throws(ResolutionError) -> [JSONMember] {
        guard case .object(let members) = exports else { return [JSONMember(key: ".", value: exports)] }
        let subpaths = members.filter { $0.key.first == "." }
        if subpaths.isEmpty { return [JSONMember(key: ".", value: exports)] }
        guard subpaths.count == members.count else {
            throw .invalidPackage(
                package.file, context: importer.map { FileURL(path: $0).description },
                "\"exports\" cannot contain some keys starting with '.' and some not. The exports object must either be an "
                    + "object of package subpath keys or an object of main entry condition name keys only.")
        }
        return members
    }
}

/// One search for a key and what it leads to.
private struct TargetSearch {
    enum Outcome {
        case found(Resolution)
        /// `null`: closed on purpose, nothing further is tried.
        case closed
        /// No condition held: the next alternative may.
        case nothing
    }

    let package: Package
    let importer: String?
    let isImport: Bool
    let conditions: Set<String>
    /// The key that matched, for messages.
    private var key = ""
    /// What the `*` of the key stands for; nil without one.
    private var match: String?

    init(package: Package, importer: String?, isImport: Bool, conditions: Set<String>) {
        self.package = package
        self.importer = importer
        self.isImport = isImport
        self.conditions = conditions
    }

    mutating func find<Files>(
        _ request: String, in table: [JSONMember], _ resolver: inout ModuleResolver<Files>
    ) throws(ResolutionError) -> Resolution? {
        var target: JSONValue?
        if !request.contains("*"), !request.hasSuffix("/") {
            target = table.first { $0.key == request }?.value
            key = request
        }
        if target == nil {
            guard let best = bestPattern(for: request, in: table) else { return nil }
            (key, match, target) = (best.key, best.match, best.value)
        }
        guard let target, case .found(let resolution) = try resolve(target, &resolver) else { return nil }
        return resolution
    }

    /// The pattern with the longest text before its `*`, then the longest altogether.
    private func bestPattern(
        for request: String, in table: [JSONMember]
    ) -> (key: String, match: String, value: JSONValue)? {
        var best: (key: String, match: String, value: JSONValue, prefix: Int)?
        for member in table {
            let key = member.key
            let parts = key.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.count == 2, request.hasPrefix(parts[0]), request.hasSuffix(parts[1]),
                request.utf8.count >= key.utf8.count
            else { continue }
            let prefix = parts[0].utf8.count
            if let best, (best.prefix, best.key.utf8.count) >= (prefix, key.utf8.count) { continue }
            let match = request.dropFirst(parts[0].count).dropLast(parts[1].count)
            best = (key, String(match), member.value, prefix)
        }
        return best.map { ($0.key, $0.match, $0.value) }
    }

    private func resolve<Files>(
        _ target: JSONValue, _ resolver: inout ModuleResolver<Files>
    ) throws(ResolutionError) -> Outcome {
        switch target {
        case .null: return .closed
        case .string(let text): return .found(try resolve(text, &resolver))
        case .object(let members):
            let isNumeric = members.contains { $0.key.utf8.allSatisfy { (0x30...0x39).contains($0) } && !$0.key.isEmpty }
            if isNumeric {
                throw .invalidPackage(
                    package.file, context: importer.map { FileURL(path: $0).description },
                    "\"exports\" cannot contain numeric property keys.")
            }
            for member in members where member.key == "default" || conditions.contains(member.key) {
                let outcome = try resolve(member.value, &resolver)
                if case .nothing = outcome { continue }
                return outcome
            }
            return .nothing
        case .array(let alternatives):
            var outcome = alternatives.isEmpty ? Outcome.closed : .nothing
            var invalid: ResolutionError?
            for alternative in alternatives {
                do throws(ResolutionError) {
                    switch try resolve(alternative, &resolver) {
                    case .found(let resolution): return .found(resolution)
                    case .closed: (outcome, invalid) = (.closed, nil)
                    case .nothing: break
                    }
                } catch {
                    guard error.code == "ERR_INVALID_PACKAGE_TARGET" else { throw error }
                    invalid = error
                }
            }
            if let invalid { throw invalid }
            return outcome
        case .boolean, .number: throw invalid(target)
        }
    }

    private func invalid(_ target: JSONValue) -> ResolutionError {
        .invalidTarget(target, key: key, package, isImport: isImport, from: importer)
    }

    private func resolve<Files>(
        _ target: String, _ resolver: inout ModuleResolver<Files>
    ) throws(ResolutionError) -> Resolution {
        guard target.hasPrefix("./") else {
            guard isImport, !target.hasPrefix("../"), !target.hasPrefix("/"), FileURL.scheme(of: target) == nil else {
                throw invalid(.string(target))
            }
            return try resolver.resolve(package: filled(target), from: package.file, conditions: conditions)
        }
        if Self.leavesPackage(target.dropFirst(2)) { throw invalid(.string(target)) }
        if let match, Self.leavesPackage(match[...]) {
            let request = key.replacingStar(with: match)
            throw .invalidSpecifier(
                request,
                "request is not a valid match in pattern \"\(key)\" for the \"\(isImport ? "imports" : "exports")\" "
                    + "resolution of \(package.file)", from: importer)
        }
        let base = FileURL(path: package.directory == "/" ? "/" : package.directory + "/")
        return .file(base.resolved(filled(target)).url)
    }

    private func filled(_ target: String) -> String { match.map { target.replacingStar(with: $0) } ?? target }

    /// `.`, `..` and `node_modules` as segments, however they are spelt.
    private static func leavesPackage(_ path: Substring) -> Bool {
        path.split { $0 == "/" || $0 == "\\" }.contains { segment in
            [".", "..", "node_modules"].contains(FileURL.decoded(String(segment)).lowercased())
        }
    }
}

extension String {
    fileprivate func replacingStar(with match: String) -> String {
        split(separator: "*", omittingEmptySubsequences: false).joined(separator: match)
    }
}
