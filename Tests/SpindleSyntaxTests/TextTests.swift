internal import SpindleSyntax
internal import Testing

@Suite struct `A rewritten text` {
    @Test func `is a generator, or an async one where the module awaits at its top`() throws {
        #expect(try head("a") == #"(function*($m){"use strict";yield;"#)
        for source in [
            "await a", "for await (const a of b) ;", "class A { [await a] }", "export default await a", "if (a) { await b }",
        ] {
            #expect(try head(source).hasPrefix("(async function*($m"))
            #expect(try module(source).hasTopLevelAwait)
        }
        for source in [
            "async () => await a", "async function f() { for await (const a of b) ; }", "class A { async m() { await a } }",
        ] {
            #expect(try !module(source).hasTopLevelAwait)
        }
    }

    @Test func `has the module's own import and meta`() throws {
        #expect(
            try body("import.meta.url; import('a'); () => import(b, c)") == "$m.meta.url; $m.import('a'); () => $m.import(b, c)")
    }

    @Test(arguments: ["\n", "\r\n", "\r", "\u{2028}"])
    func `has the lines of the source`(newline: String) throws {
        let lines = [
            "import {", "  x,", "} from 'm'", "export default", "function () {", "x() }", "export {", "x }", "/* ",
            "*/ import . ", " meta",
        ]
        let rewritten = try body(lines.joined(separator: newline))
        #expect(
            rewritten.unicodeScalars.filter { ["\n", "\r", "\u{2028}"].contains($0) }.count
                == (lines.count - 1) * newline.unicodeScalars.count)
    }

    @Test func `leads columns back`() throws {
        let source = "import { x } from 'é'; x(); y\n'😀'; x + z; import('q'); w"
        let module = try module(source)
        let lines = String(decoding: module.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        let sources = source.split(separator: "\n").map(String.init)
        func column(of part: String, in line: String) throws -> Int {
            line[..<(try #require(line.range(of: part))).lowerBound].utf16.count + 1
        }
        for (line, part) in [(0, "; y"), (1, "'😀'"), (1, " + z"), (1, "'q'"), (1, "; w")] {
            let rewritten = try column(of: part, in: lines[line])
            #expect(module.columns.sourceColumn(line: line + 1, column: rewritten) == (try column(of: part, in: sources[line])))
        }
        let call = try column(of: "(0,$0.x)", in: lines[0])
        #expect(module.columns.sourceColumn(line: 1, column: call + 5) == (try column(of: "x()", in: sources[0])))
        #expect(module.columns.sourceColumn(line: 1, column: 3) == 1)
    }

    @Test func `keeps neighbours of a declaration apart`() throws {
        #expect(try body("a\nimport 'm'\n(b)") == "a\n;         \n(b)")
    }

    @Test func `leaves a first line for the kernel as a comment, and no byte order mark`() throws {
        #expect(try body("\u{feff}#!/bin/sh\na") == "///bin/sh\na")
    }
}

@Suite struct `A script` {
    private func script(_ source: String, isFunctionBody: Bool = true) -> ScriptSource {
        ScriptSource(Array(source.utf8), isFunctionBody: isFunctionBody)
    }

    @Test func `has its dynamic imports led to a function`() {
        let source = script("const a = import('b'); // import(c)\nx.import(d); $import; ({ import() {} })")
        #expect(source.importFunction == "$0$import")
        #expect(
            String(decoding: source.text, as: UTF8.self)
                == "const a = $0$import('b'); // import(c)\nx.import(d); $import; ({ import() {} })")
        #expect(source.columns.sourceColumn(line: 1, column: 21) == 18)
    }

    @Test(arguments: ["a = 1", "'import(a)'", "import(", "/import(a)/"])
    func `without them, or with an error, stays as it is`(source: String) {
        let rewritten = script(source)
        #expect(rewritten.importFunction == nil)
        #expect(rewritten.text == Array(source.utf8))
    }

    @Test func `may return only as a function's body`() {
        #expect(script("return import('a')").importFunction != nil)
        #expect(script("return import('a')", isFunctionBody: false).importFunction == nil)
    }

    @Test(arguments: [
        "a\n<!-- import(b)", "a\n--> import(b)", "await = 1; import(a)", "yield = 1; import(a)", "with (a) import(b)",
        "let = 1; import(a)",
    ])
    func `is read by the rules of sloppy code`(source: String) {
        #expect((script(source).importFunction != nil) == !source.contains("--"))
    }

    @Test(arguments: [
        ("import a from 'a'", true), ("export {}", true), ("import.meta", true), ("await 1", true), ("const require = 1", true),
        ("class module {}", true), ("for await (const a of b) ;", true), ("const require = 1; await 1", true),
        ("var require = 1", false), ("import('a')", false), ("await (1)", false), ("function f() { const require = 1 }", false),
        ("a b", false), ("return", false), ("return; await 1", false), ("'import a from b'", false),
        ("const exports = 1; return", false),
    ])
    func `is told from a module as Node tells it`(source: String, isModule: Bool) {
        #expect((SourceKind.detect(Array(source.utf8)) == .module) == isModule)
    }
}
