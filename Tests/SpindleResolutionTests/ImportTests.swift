internal import SpindleResolution
internal import Testing

@Suite struct `An import` {
    private func resolve(_ specifier: String, from importer: String = "file:///p/m.mjs", _ conditions: String...) -> String {
        var resolver = ModuleResolver(
            files: MemoryFiles.sample, builtins: ["fs", "fs/promises"], schemeOnlyBuiltins: ["test"], conditions: conditions)
        return outcome { () throws(ResolutionError) in try resolver.resolve(import: specifier, from: importer) }
    }

    @Test(arguments: [
        ("./a.js", "/p/a.js"), ("./src/../a.js?v=1#x", "/p/a.js?v=1#x"), ("/p/a.js", "/p/a.js"), ("file:///p/a.js", "/p/a.js"),
        ("./%61.js", "/p/a.js"), ("./src/%2e%2e/a.js", "/p/a.js"), ("./a%20b%3f%23%25.js", "/p/a b?#%.js"), (".\\a.js", "Error"),
        ("fs", "node:fs"), ("fs/promises", "node:fs/promises"), ("node:fs", "node:fs"), ("node:test", "node:test"),
        ("data:text/javascript,1", "data:text/javascript,1"),
        ("exp", "/p/node_modules/exp/i.mjs"), ("exp/lib/a", "/p/node_modules/exp/lib/a.js"),
        ("exp/either", "/p/node_modules/exp/i.mjs"),
        ("exp/order", "/p/node_modules/exp/i.mjs"), ("exp/custom", "/p/node_modules/exp/r.js"),
        ("exp/a.css", "/p/node_modules/exp/css/a.css"),
        ("exp/b", "/p/node_modules/exp/any/b.js"), ("@s/p", "/p/node_modules/@s/p/e.js"),
        ("main", "/p/node_modules/main/lib/m.js"),
        ("main/lib/m.js", "/p/node_modules/main/lib/m.js"), ("plain", "/p/node_modules/plain/index.js"),
        ("top", "/node_modules/top/index.js"),
        ("self", "/p/self.js"), ("#a", "/p/a.js"), ("#fs", "node:fs"), ("#plain", "/p/node_modules/plain/index.js"),
    ])
    func `leads to what Node finds`(specifier: String, expected: String) {
        let result = resolve(specifier)
        #expect(
            expected == "Error"
                ? result.hasPrefix("Error [ERR_MODULE_NOT_FOUND]") || result.hasPrefix("TypeError") : result == expected)
    }

    @Test(arguments: [
        ("./none.mjs", "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/p/none.mjs' imported from /p/m.mjs"),
        ("none/sub", "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'none' imported from /p/m.mjs"),
        ("badmain", "Error [ERR_MODULE_NOT_FOUND]: Cannot find package '/p/node_modules/badmain/nope.js' imported from /p/m.mjs"),
        ("main/lib/m", "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/p/node_modules/main/lib/m' imported from /p/m.mjs"),
        (
            "./dir",
            """
            Error [ERR_UNSUPPORTED_DIR_IMPORT]: Directory import '/p/dir' is not supported resolving ES modules imported from \
            /p/m.mjs
            """
        ),
        (
            "./a%2fb",
            """
            TypeError [ERR_INVALID_MODULE_SPECIFIER]: Invalid module "/p/a%2fb" must not include encoded "/" or "\\" characters \
            imported from /p/m.mjs
            """
        ),
        (
            "@s",
            """
            TypeError [ERR_INVALID_MODULE_SPECIFIER]: Invalid module "@s" is not a valid package name imported from /p/m.mjs
            """
        ),
        (
            "exp/lib/private/a",
            """
            Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './lib/private/a' is not defined by "exports" in \
            /p/node_modules/exp/package.json imported from /p/m.mjs
            """
        ),
        (
            "closed",
            """
            Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: No "exports" main defined in /p/node_modules/closed/package.json imported \
            from /p/m.mjs
            """
        ),
        (
            "exp/browser",
            """
            Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './browser' is not defined by "exports" in \
            /p/node_modules/exp/package.json imported from /p/m.mjs
            """
        ),
        (
            "exp/lib/../a",
            """
            TypeError [ERR_INVALID_MODULE_SPECIFIER]: Invalid module "./lib/../a" request is not a valid match in pattern \
            "./lib/*" for the "exports" resolution of /p/node_modules/exp/package.json imported from /p/m.mjs
            """
        ),
        (
            "exp/out",
            """
            Error [ERR_INVALID_PACKAGE_TARGET]: Invalid "exports" target "../x.js" defined for './out' in the package config \
            /p/node_modules/exp/package.json imported from /p/m.mjs; targets must start with "./"
            """
        ),
        (
            "exp/modules",
            """
            Error [ERR_INVALID_PACKAGE_TARGET]: Invalid "exports" target "./node_modules/x" defined for './modules' in the \
            package config /p/node_modules/exp/package.json imported from /p/m.mjs
            """
        ),
        (
            "exp/number",
            """
            Error [ERR_INVALID_PACKAGE_CONFIG]: Invalid package config /p/node_modules/exp/package.json while importing \
            file:///p/m.mjs. "exports" cannot contain numeric property keys.
            """
        ),
        (
            "#none",
            """
            TypeError [ERR_PACKAGE_IMPORT_NOT_DEFINED]: Package import specifier "#none" is not defined in package \
            /p/package.json imported from /p/m.mjs
            """
        ),
        (
            "#null",
            """
            TypeError [ERR_PACKAGE_IMPORT_NOT_DEFINED]: Package import specifier "#null" is not defined in package \
            /p/package.json imported from /p/m.mjs
            """
        ),
        (
            "#",
            """
            TypeError [ERR_INVALID_MODULE_SPECIFIER]: Invalid module "#" is not a valid internal imports specifier name \
            imported from /p/m.mjs
            """
        ),
        (
            "#out",
            """
            Error [ERR_INVALID_PACKAGE_TARGET]: Invalid "imports" target "../x" defined for '#out' in the package config \
            /p/package.json imported from /p/m.mjs
            """
        ),
        (
            "#node",
            """
            Error [ERR_INVALID_PACKAGE_TARGET]: Invalid "imports" target "node:fs" defined for '#node' in the package config \
            /p/package.json imported from /p/m.mjs
            """
        ),
        ("node:none", "Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:none"),
        (
            "http://a/b",
            """
            Error [ERR_UNSUPPORTED_ESM_URL_SCHEME]: Only URLs with a scheme in: file, data, and node are supported by the \
            default ESM loader. Received protocol 'http:'
            """
        ),
    ])
    func `that leads nowhere says so as Node does`(specifier: String, expected: String) {
        #expect(resolve(specifier) == expected)
    }

    @Test func `prefers the conditions of its owner, in the order of the package`() {
        #expect(resolve("exp/custom", "custom") == "/p/node_modules/exp/i.mjs")
    }

    @Test func `sees the packages above its own file`() {
        #expect(resolve("main", from: "file:///p/src/deep/m.mjs") == "/p/node_modules/main/lib/m.js")
        #expect(resolve("inner", from: "file:///p/node_modules/exp/i.mjs") == "/p/node_modules/exp/node_modules/inner/index.js")
        #expect(resolve("main", from: "file:///q/free.js").hasPrefix("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'main'"))
    }

    @Test func `from a data URL leads to what is absolute only`() {
        #expect(resolve("fs", from: "data:,") == "node:fs")
        #expect(resolve("file:///p/a.js", from: "data:,") == "/p/a.js")
        #expect(resolve("./a.js", from: "data:,").hasPrefix("TypeError"))
        #expect(resolve("main", from: "data:,").hasPrefix("TypeError"))
    }

    @Test func `follows links to the file's own place`() {
        var files = MemoryFiles.sample
        files.links["/p/node_modules/linked"] = "/p/node_modules/plain"
        var resolver = files.resolver()
        #expect(
            outcome { () throws(ResolutionError) in try resolver.resolve(import: "linked", from: "file:///p/m.mjs") }
                == "/p/node_modules/plain/index.js")
    }

    @Test func `has its format from its name and its package`() throws {
        var resolver = MemoryFiles.sample.resolver()
        #expect(try resolver.format(of: "/p/a.js") == .module)
        #expect(try resolver.format(of: "/p/cjs/c.js") == .commonJS)
        #expect(try resolver.format(of: "/q/free.js") == .unspecified)
        #expect(try resolver.format(of: "/p/node_modules/plain/index.js") == .unspecified)
        #expect(try resolver.format(of: "/p/x.mjs") == .module)
        #expect(try resolver.format(of: "/p/x.cjs") == .commonJS)
        #expect(try resolver.format(of: "/p/data.json") == .json)
        #expect { try resolver.format(of: "/p/x.txt") } throws: {
            ($0 as? ResolutionError)?.description
                == "TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension \".txt\" for /p/x.txt"
        }
    }
}

@Suite struct `A file URL` {
    @Test(arguments: [
        ("file:///a/b", "/a/b", ""), ("file:///a%20b?x#y", "/a b", "?x#y"), ("FILE://localhost/a", "/a", ""),
        ("file:/a/../b", "/b", ""),
    ])
    func `is a path and its suffix`(url: String, path: String, suffix: String) throws {
        let parsed = try #require(FileURL(url))
        #expect(parsed.path == path && parsed.suffix == suffix)
        #expect(FileURL(parsed.description) == parsed)
    }

    @Test(arguments: ["http://a", "file://host/a", "a", ""])
    func `is nothing else`(text: String) { #expect(FileURL(text) == nil) }
}
