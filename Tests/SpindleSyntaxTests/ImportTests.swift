internal import SpindleSyntax
internal import Testing

@Suite struct `Imported names` {
    @Test(
        arguments: [
            ("x", "$0.x"),
            ("x + 1", "$0.x + 1"),
            ("x()", "(0,$0.x)()"),
            ("(x)()", "((0,$0.x))()"),
            ("x?.()", "(0,$0.x)?.()"),
            ("x`t`", "(0,$0.x)`t`"),
            ("new x()", "new $0.x()"),
            ("x.y()", "$0.x.y()"),
            ("x?.y()", "$0.x?.y()"),
            ("typeof x", "typeof $0.x"),
            ("({ x })", "({ x:$0.x })"),
            ("({ x: x, y: x() })", "({ x: $0.x, y: (0,$0.x)() })"),
            ("({ x() {}, get x() {}, async x() {} })", "({ x() {}, get x() {}, async x() {} })"),
            ("({ [x]: 1 })", "({ [$0.x]: 1 })"),
            ("x = 1", "$0.x = 1"),
            ("x++", "$0.x++"),
            ("[x] = y", "[$0.x] = y"),
            ("({ x = 1 } = y)", "({ x:$0.x = 1 } = y)"),
            ("`a${x}b${`c${x}`}`", "`a${$0.x}b${`c${$0.x}`}`"),
            ("a.x; a.#x; a?.x", nil),
            ("x: for (;;) break x", "x: for (;;) break x"),
            ("class A extends x { x = x; static [x] = 1 }", "class A extends $0.x { x = $0.x; static [$0.x] = 1 }"),
            ("a /x/ x", "a /$0.x/ $0.x"),
            ("a = /x/; b = a / x / 1", "a = /x/; b = a / $0.x / 1"),
            ("// x\n/* x */ 'x'", "// x\n/* x */ 'x'"),
            ("\\u0078", "$0.x"),
            ("export default x", "const $default={default: $0.x}.default;"),
        ] as [(String, String?)])
    func `are read through the record`(source: String, expected: String?) throws {
        guard let expected else {
            #expect(failure("import {x} from 'm';class C{#x;f(a){\(source)}}") == nil)
            return
        }
        #expect(try body("import {x} from 'm';" + source).dropFirst(20) == expected)
    }

    @Test(arguments: [
        "function f(x) { x }", "(x) => x", "x => x", "async x => x", "async (x) => x", "({ x }) => x", "([a, { b: [x] }]) => x",
        "(...x) => x", "{ let x; x }", "{ x; const x = 1 }", "{ class x {} new x }", "{ function x() {} x() }",
        "function f() { x; { var x } }", "try {} catch (x) { x }", "try {} catch ({ x }) { x }", "for (let x of []) x",
        "for (const x = 1; x;) x", "(function x() { x })", "(class x { static y = x })",
        "switch (1) { case 1: let x; default: x }",
        "class C { static { var x; x } }", "({ m(x) { x } })", "(a = x, x) => x",
    ])
    func `are left alone where another declaration hides them`(source: String) throws {
        #expect(try body("import {x} from 'm';" + source).dropFirst(20) == source)
    }

    @Test(
        arguments: [
            ("{ let x } x", "{ let x } $0.x"),
            ("function f() { var x } x()", "function f() { var x } (0,$0.x)()"),
            ("try {} catch (x) {} x", "try {} catch (x) {} $0.x"),
            ("(a = x) => { var x; x }", "(a = $0.x) => { var x; x }"),
            ("for (const y of x) x", "for (const y of $0.x) $0.x"),
            ("(x) + ((x) => x)", "($0.x) + ((x) => x)"),
            ("(a, b = (c = x) => c + x) => x", "(a, b = (c = $0.x) => c + $0.x) => $0.x"),
            ("async(x)", "async($0.x)"),
            ("async (x, y = () => x)", nil),
        ] as [(String, String?)])
    func `are visible around the declaration that hides them`(source: String, expected: String?) throws {
        #expect(try body("import {x} from 'm';" + source).dropFirst(20) == expected ?? "async ($0.x, y = () => $0.x)")
    }

    @Test func `are called with a semicolon before, where one was understood`() throws {
        let source = "import {x} from 'm'\nlet a = b\nx()\nif (a)\n  x()\nelse\n  x()\n"
        #expect(try body(source).dropFirst(19) == "\nlet a = b\n;(0,$0.x)()\nif (a)\n  (0,$0.x)()\nelse\n  (0,$0.x)()\n")
    }

    @Test func `may have any name`() throws {
        let source = "import {'a b' as x, default as y} from 'm'; import z from 'm'; x; y; z"
        #expect(try body(source).hasSuffix(#" $0["a b"]; $0.default; $0.default"#))
    }

    @Test func `of a namespace are a constant of the text`() throws {
        #expect(try head("import * as ns from 'm'; ns.x()").contains("const ns=$m.namespace(0);"))
        #expect(try body("import * as ns from 'm'; ns.x()").hasSuffix("   ns.x()"))
    }

    @Test func `get other names than the source has`() throws {
        let source = "import {x} from 'm'; let $, $0, $m; x"
        #expect(try body(source).hasSuffix(" let $, $0, $m; $1$0.x"))
        #expect(try head(source).hasPrefix("(function*($1$m,$1$0){"))
    }

    @Test func `are described in the order of the source`() throws {
        let module = try module("import a, {b as c} from 'p'\nimport * as d from 'q'\nimport 'p' with {type: 'json'}\nimport 'p'")
        #expect(module.requests.map(\.specifier) == ["p", "q", "p"])
        #expect(module.requests[2].attributes.map { [$0.key, $0.value] } == [["type", "json"]])
        #expect(module.requests.map { [$0.line, $0.column] } == [[1, 25], [2, 20], [3, 8]])
        #expect(module.imports.map(\.name) == ["default", "b", nil])
        #expect(module.imports.map(\.local) == ["a", "c", "d"])
        #expect(module.imports.map(\.request) == [0, 0, 1])
    }

    @Test func `are not the arguments, which a module does not have`() throws {
        #expect(try body("typeof arguments; arguments") == #"typeof void 0; $m.unresolved("arguments")"#)
        #expect(try body("function f() { () => arguments }") == "function f() { () => arguments }")
    }
}
