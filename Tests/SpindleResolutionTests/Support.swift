internal import SpindleResolution

/// A file system in memory: contents by path; directories are what lies above.
struct MemoryFiles: ResolutionFiles {
    var contents: [String: String]
    var links: [String: String] = [:]

    private func target(_ path: String) -> String {
        var path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        for (link, target) in links where path == link || path.hasPrefix(link + "/") {
            path = target + path.dropFirst(link.count)
        }
        return path
    }

    func kind(of path: String) -> FileKind? {
        let path = target(path)
        if contents[path] != nil { return .file }
        return path == "/" || contents.keys.contains { $0.hasPrefix(path + "/") } ? .directory : nil
    }

    func contents(of path: String) -> [UInt8]? { contents[target(path)].map { Array($0.utf8) } }
    func realPath(of path: String) -> String { target(path) }
}

extension MemoryFiles {
    static let sample = MemoryFiles(contents: [
        "/p/package.json": """
        {"name": "self", "type": "module", "exports": {".": "./self.js", "./x": "./x.js"}, "imports": {
          "#a": "./a.js", "#node": "node:fs", "#fs": "fs", "#plain": "plain", "#url": "http://x/y", "#pattern/*": "./lib/*.js",
          "#null": null, "#out": "../x"}}
        """,
        "/p/self.js": "", "/p/a.js": "", "/p/data.json": "", "/p/x.txt": "", "/p/dir/index.js": "", "/p/both.js": "",
        "/p/both/index.js": "",
        "/p/bare/file": "", "/p/a b?#%.js": "",
        "/p/node_modules/exp/package.json": """
        {"name": "exp", "exports": {
          ".": {"import": "./i.mjs", "require": "./r.js"}, "./lib/*": "./lib/*.js", "./lib/private/*": null, "./dir/": "./lib/",
          "./missing": "./missing.js", "./out": "../x.js", "./modules": "./node_modules/x", "./bare": "x",
          "./either": ["bad", "./i.mjs"], "./browser": {"browser": "./i.mjs"}, "./number": {"1": "./i.mjs"},
          "./order": {"node": "./i.mjs", "import": "./none.js"}, "./custom": {"custom": "./i.mjs", "default": "./r.js"},
          "./*.css": "./css/*.css", "./*": "./any/*.js"}}
        """,
        "/p/node_modules/exp/i.mjs": "", "/p/node_modules/exp/r.js": "", "/p/node_modules/exp/lib/a.js": "",
        "/p/node_modules/exp/css/a.css": "", "/p/node_modules/exp/any/b.js": "",
        "/p/node_modules/main/package.json": #"{"main": "lib/m"}"#, "/p/node_modules/main/lib/m.js": "",
        "/p/node_modules/plain/index.js": "",
        "/p/node_modules/@s/p/package.json": #"{"exports": "./e.js"}"#, "/p/node_modules/@s/p/e.js": "",
        "/p/node_modules/badmain/package.json": #"{"main": "nope.js"}"#,
        "/p/node_modules/badkeys/package.json": #"{"exports": {".": "./a", "x": "./b"}}"#,
        "/p/node_modules/broken/package.json": "{bad", "/p/node_modules/closed/package.json": #"{"exports": {}}"#,
        "/node_modules/top/index.js": "", "/p/src/deep/m.mjs": "", "/p/node_modules/exp/node_modules/inner/index.js": "",
        "/p/cjs/package.json": #"{"type": "commonjs"}"#, "/p/cjs/c.js": "", "/q/free.js": "",
    ])

    func resolver() -> ModuleResolver<MemoryFiles> {
        ModuleResolver(
            files: self, builtins: ["fs", "fs/promises"], schemeOnlyBuiltins: ["test"])
    }
}

/// What a resolution gives, as one line.
func outcome(_ body: () throws(ResolutionError) -> Resolution) -> String {
    do throws(ResolutionError) {
        switch try body() {
        case .builtin(let id): return "node:" + id
        case .file(let url): return url.path + url.suffix
        case .data(let url): return url
        }
    } catch {
        return error.description
    }
}
