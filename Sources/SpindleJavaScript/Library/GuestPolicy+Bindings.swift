internal import Glibc

// A guest reaches the system only by way of the bindings, so this is where its policy holds: functions that it may not call
// are replaced before its first script can take them.

extension GuestPolicy {
    func restrict(_ binding: GuestValue, named name: String, of engine: Engine) {
        switch name {
        case "fs" where !(reads("/") && writes("/")): restrictFiles(binding, engine)
        case "modules" where modules != nil || !imports("/"): restrictModules(binding, engine)
        case "process" where !reachesProcess:
            deny(["abort", "chdir", "kill", "umask", "watchSignal"], of: binding, "the process", engine)
        case "child" where !startsPrograms: denyAll(of: binding, "other programs", engine)
        case "pipe" where !startsPrograms: deny(["open"], of: binding, "descriptors", engine)
        case "os" where !reachesProcess: deny(["setPriority"], of: binding, "the process", engine)
        case "stdio" where !reachesProcess: deny(["startReading"], of: binding, "the standard input", engine)
        case "worker" where !reachesGuests: deny(["start"], of: binding, "other workers", engine)
        case "messaging" where !reachesGuests: deny(["joinBroadcast"], of: binding, "other workers", engine)
        case "locks" where !reachesGuests: denyAll(of: binding, "locks", engine)
        // What is new leads nowhere until it is thought of here.
        case _ where !Self.knownBindings.contains(name) && !reachesProcess: denyAll(of: binding, name, engine)
        default: break
        }
    }

    /// Those that are restricted above where they have to be.
    private static let knownBindings: Set<String> = [
        "child", "clone", "crypto", "dns", "fs", "host", "locks", "memory", "messaging", "modules", "net", "os",
        "performance", "pipe", "process",
        "stdio", "tasks", "timers", "util", "worker", "zlib",
    ]

    private func deny(_ names: [String], of binding: GuestValue, _ what: String, _ engine: Engine) {
        for name in names { engine.setProperty(name, of: binding, to: engine.function(name) { _ in throw Self.denied(what) }) }
    }

    private func denyAll(of binding: GuestValue, _ what: String, _ engine: Engine) {
        deny(engine.propertyNames(of: binding), of: binding, what, engine)
    }

    /// Has `check` look at the arguments before each call, and `inspect` at the result after it.
    private func guardCalls(
        _ name: String, of binding: GuestValue, _ engine: Engine, inspect: ((GuestValue) throws -> Void)? = nil,
        check: @escaping (HostCall) throws -> Void
    ) {
        let original = Retained(engine.property(name, of: binding), in: engine)
        let guarded = engine.function(name) { call in
            try check(call)
            let result = try call.engine.call(original.value, (0..<call.count).map { call[$0] })
            try inspect?(result)
            return result
        }
        engine.setProperty(name, of: binding, to: guarded)
    }

    static func denied(_ what: String) -> HostError {
        HostError("ERR_ACCESS_DENIED", "Access to \(what) has been restricted by the policy of this guest")
    }

    // MARK: Files

    /// What a call does with the paths that are its first arguments. Calls that are not listed are denied: links lead out of
    /// what is allowed, and descriptors may be the program's own.
    private static let fileAccess: KeyValuePairs<String, [Access]> = [
        "access": [.read], "chmod": [.write], "chown": [.write], "copyFile": [.read, .write], "mkdir": [.write],
        "mkdtemp": [.write], "readdir": [.read], "readFile": [.read], "readlink": [.read], "realpath": [.read],
        "rename": [.write, .write], "rm": [.write], "rmdir": [.write], "stat": [.read], "truncate": [.write],
        "unlink": [.write], "utimes": [.write], "writeFile": [.write], "writeText": [.write],
    ]
    private enum Access { case read, write }
    private static let otherFileCalls = ["close", "link", "open", "read", "symlink", "sync", "write"]

    private func restrictFiles(_ binding: GuestValue, _ engine: Engine) {
        deny(Self.otherFileCalls.flatMap { [$0, $0 + "Later"] }, of: binding, "descriptors and links", engine)
        for (name, accesses) in Self.fileAccess {
            for (form, first) in [(name, 0), (name + "Later", 1)] {
                guardCalls(form, of: binding, engine) { call in
                    for (index, access) in accesses.enumerated() {
                        guard call.engine.isString(call[first + index]) else { throw Self.denied("descriptors") }
                        let path = try call.string(first + index)
                        guard access == .read ? reads(path) : writes(path) else { throw Self.denied(path) }
                    }
                }
            }
        }
    }

    private func reads(_ path: String) -> Bool { Self.isIn(path, readablePaths) }
    func imports(_ path: String) -> Bool { Self.isIn(path, readablePaths + importablePaths) }
    private func writes(_ path: String) -> Bool { Self.isIn(path, writablePaths) }

    private static func isIn(_ path: String, _ roots: [String]) -> Bool {
        guard let path = canonical(path) else { return false }
        return roots.contains { root in
            guard let root = canonical(root) else { return false }
            return root == "/" || path == root || path.hasPrefix(root + "/")
        }
    }

    /// The absolute path without links, also of what is not there yet; nil if that cannot be told.
    private static func canonical(_ path: String) -> String? {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        // A link to what is not there leads somewhere all the same.
        var status = Glibc.stat()
        guard errno == ENOENT, lstat(path, &status) != 0 else { return nil }
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        let slash = trimmed.lastIndex(of: "/")
        let name = slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed[...]
        guard !trimmed.isEmpty, name != "..", name != "." else { return nil }
        let parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        return canonical(parent).map { $0 == "/" ? "/\(name)" : "\($0)/\(name)" }
    }

    // MARK: Modules

    private func restrictModules(_ binding: GuestValue, _ engine: Engine) {
        func allow(module id: String) throws {
            if let modules, BuiltIns.isPublic(id), !modules.contains(id) { throw Self.denied("the module node:\(id)") }
        }
        func allow(file path: String) throws {
            if !imports(path) { throw Self.denied(path) }
        }
        guardCalls("isBuiltIn", of: binding, engine) { try allow(module: try $0.string(0)) }
        for name in ["resolveRequire", "resolveImport"] {
            guardCalls(
                name, of: binding, engine,
                inspect: { result in
                    guard let kind = try? engine.string(engine.element(0, of: result)), kind == "builtin" else { return }
                    try allow(module: try engine.string(engine.element(1, of: result)))
                },
                check: { _ in })
        }
        for name in ["format", "readText", "commonJSExports"] {
            guardCalls(name, of: binding, engine) { try allow(file: try $0.string(0)) }
        }
        for (name, path, text) in [("compileCommonJS", 0, 1), ("compileModule", 1, 2)] {
            guardCalls(name, of: binding, engine) { call in
                if engine.isUndefined(call[text]) { try allow(file: try call.string(path)) }
            }
        }
    }
}
