/// What resolution reads of a package.json.
struct Package {
    enum Kind: Equatable {
        case module, commonJS
        case unspecified
    }

    let directory: String
    let name: String?
    let main: String?
    let kind: Kind
    /// nil if absent or null.
    let exports: JSONValue?
    let imports: [JSONMember]

    var file: String { directory == "/" ? "/package.json" : directory + "/package.json" }

    init(directory: String, _ value: JSONValue) {
        var members: [String: JSONValue] = [:]
        if case .object(let pairs) = value { for pair in pairs { members[pair.key] = pair.value } }
        func string(_ key: String) -> String? {
            if case .string(let text) = members[key] { return text }
            return nil
        }
        self.directory = directory
        name = string("name")
        main = string("main")
        kind = string("type") == "module" ? .module : string("type") == "commonjs" ? .commonJS : .unspecified
        if case .null? = members["exports"] { members["exports"] = nil }
        exports = members["exports"]
        if case .object(let pairs) = members["imports"] { imports = pairs } else { imports = [] }
    }
}

/// `@scope/name/sub/path` in its parts.
struct PackageSpecifier {
    let name: String
    /// `.` or `./sub/path`.
    let subpath: String

    /// nil if there is no valid package name at its head.
    init?(_ specifier: String) {
        var slash = specifier.firstIndex(of: "/")
        if specifier.first == "@" {
            guard let first = slash else { return nil }
            slash = specifier[specifier.index(after: first)...].firstIndex(of: "/")
        }
        name = String(specifier[..<(slash ?? specifier.endIndex)])
        subpath = "." + specifier[(slash ?? specifier.endIndex)...]
        if name.first == "." || name.contains(where: { $0 == "\\" || $0 == "%" }) { return nil }
    }
}
