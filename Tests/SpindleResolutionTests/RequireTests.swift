internal import SpindleResolution
internal import Testing

@Suite struct `A require` {
    private func resolve(_ request: String, from importer: String = "/p/src/m.js", stack: [String] = []) -> String {
        var resolver = MemoryFiles.sample.resolver()
        return outcome { () throws(ResolutionError) in try resolver.resolve(require: request, from: importer, stack: stack) }
    }

    @Test(arguments: [
        ("../a", "/p/a.js"), ("../a.js", "/p/a.js"), ("../data", "/p/data.json"), ("../dir", "/p/dir/index.js"),
        ("../both", "/p/both.js"),
        ("../both/", "/p/both/index.js"), ("../bare/file", "/p/bare/file"), ("/p/a", "/p/a.js"), ("fs", "node:fs"),
        ("node:test", "node:test"),
        ("exp", "/p/node_modules/exp/r.js"), ("exp/lib/a", "/p/node_modules/exp/lib/a.js"),
        ("main", "/p/node_modules/main/lib/m.js"),
        ("main/lib/m", "/p/node_modules/main/lib/m.js"), ("plain", "/p/node_modules/plain/index.js"),
        ("top", "/node_modules/top/index.js"),
        ("@s/p", "/p/node_modules/@s/p/e.js"), ("self", "/p/self.js"), ("#a", "/p/a.js"),
    ])
    func `leads to what Node finds`(request: String, expected: String) { #expect(resolve(request) == expected) }

    @Test(arguments: [
        ("./none", "Error [MODULE_NOT_FOUND]: Cannot find module './none'"),
        ("exp/missing", "Error [MODULE_NOT_FOUND]: Cannot find module '/p/node_modules/exp/missing.js'"),
        (
            "exp/lib/private/a",
            """
            Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './lib/private/a' is not defined by "exports" in \
            /p/node_modules/exp/package.json
            """
        ),
        (
            "badmain",
            """
            Error [MODULE_NOT_FOUND]: Cannot find module '/p/node_modules/badmain/nope.js'. Please verify that the package.json \
            has a valid "main" entry
            """
        ),
        ("node:none", "Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:none"),
        (
            "self/y",
            """
            Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './y' is not defined by "exports" in /p/package.json \
            imported from /p/src/m.js
            """
        ),
        ("", "Error [MODULE_NOT_FOUND]: Cannot find module ''"),
    ])
    func `that leads nowhere says so as Node does`(request: String, expected: String) { #expect(resolve(request) == expected) }

    @Test func `names the files that required each other`() {
        #expect(
            resolve("./none", stack: ["/p/src/m.js", "/p/main.js"])
                == "Error [MODULE_NOT_FOUND]: Cannot find module './none'\nRequire stack:\n- /p/src/m.js\n- /p/main.js")
    }

    @Test func `looks in each directory above for packages`() {
        #expect(
            ModuleResolver<MemoryFiles>.requirePaths(from: "/p/node_modules/exp/r.js")
                == ["/p/node_modules/exp/node_modules", "/p/node_modules", "/node_modules"])
    }

    @Test(arguments: [
        "{", "[1", "{\"a\"", "{\"a\":}", "\"\\u12", "tru", "-", "{\"a\":1,}", "\u{0}", String(repeating: "[", count: 5_000),
    ])
    func `of a broken package.json is an error`(json: String) {
        var files = MemoryFiles.sample
        files.contents["/p/node_modules/main/package.json"] = json
        var resolver = files.resolver()
        #expect(
            outcome { () throws(ResolutionError) in try resolver.resolve(require: "main", from: "/p/m.js") }
                .hasPrefix("Error [ERR_INVALID_PACKAGE_CONFIG]: Invalid package config /p/node_modules/main/package.json. "))
    }

    @Test func `reads every form of JSON`() {
        var files = MemoryFiles.sample
        files.contents["/p/node_modules/main/package.json"] =
            #" { "x" : [ 1.5e+3 , true , false , null , { } , [ ] ] , "main" : "a" , "main" : "lib\/\u006d\ud83d\ude00" } "#
        files.contents["/p/node_modules/main/lib/m😀.js"] = ""
        var resolver = files.resolver()
        #expect(
            outcome { () throws(ResolutionError) in try resolver.resolve(require: "main", from: "/p/m.js") }
                == "/p/node_modules/main/lib/m😀.js")
    }
}
