internal import SpindleSyntax
internal import Testing

@Suite struct `The grammar` {
    @Test(arguments: [
        "a = b\n++c", "a\n/b/g", "x = {}/1", "if (a) /re/.test(b)", "x = a++ / 2", "f(/[/]/, /\\//)", "`${{}}${`${1}`}`",
        "label: { break label }", "do x\nwhile (0) y", "for (;;) ;", "for (var i = 0, n = 1; i < n; i++) {}",
        "for (const [a, { b }] of c) ;", "for (x.y in z) ;", "for (async of => {};;) ;", "for await (const x of y) ;",
        "class A { static #p = 1; #q() {} get a() { return #p in this } set a(v) {} }",
        "class A { static { this.b = 1 } static async *c() {} 'd' = 1; [e] }",
        "class A { static = 1; get; set; async; static static; async\nx() {} }", "class A { get\nx() {} static\ny }",
        "({ get: 1, set: 2, async: 3, get a() {}, set a(b) {}, async *c() {}, [d]: 1, 'e': 2, 3: 4, ...f, if: 1 })",
        "({ a = 1, b: [c] = [] } = d)", "[a, , ...b] = c", "(a, b) => c", "async () => { await a }", "async (a, ...b) => a",
        "async => async",
        "a ? (b) : c => d", "a ? (b, c) => d : e", "a => b => c", "(a = (b = (c) => 1) => 2) => 3", "(async (x) => x)(1)",
        "async(a, b)",
        "new.target" + "\u{0}", "import.meta.url", "import('a', { with: {} })", "await import('a')", "a?.b?.[c]?.(d)", "a?.5:1",
        "a ?? b", "a ||= b", "a **= 2",
        "1_000n", "0x1F", "0b1", ".5e-3", "1..toString()", "'\\u{1F600}\\x41\\\n'", "\"\u{2028}\"", "var \u{e9}t\u{e9}, \\u{61}b",
        "a\u{a0}\u{feff}= 1",
        "function* g() { yield; yield* a; yield\nb; const c = yield d }",
        "async function* g() { yield await a; for await (b of c); }",
        "try { } catch { } finally { }", "switch (a) { case 1: case 2: default: b }", "if (a) b; else if (c) d; else e",
        "throw a",
        "#!/bin/sh\na", "var { a = 1, ...b } = c", "of = 1", "var async, get, set, from, as, of",
        "(function () { return })",
        "export default class { }\n[1]", "yield_ = 1", "(x, y) =>\nz", "!function () {}()", "void 0", "delete a.b",
        "a = async function () {}",
    ])
    func `of modules is read as the standard has it`(source: String) {
        if source.hasSuffix("\u{0}") {
            #expect(failure("function f() { new.target }") == nil)
        } else {
            #expect(failure(source) == nil)
        }
    }

    @Test(
        arguments: [
            ("a b", "Unexpected identifier 'b' 1:3"), ("(", "Unexpected end of input 1:2"),
            ("a\n  }", "Unexpected token '}' 2:3"),
            ("'a\n'", "Invalid or unexpected token 1:1"), ("/a\n/", "Invalid regular expression: missing / 1:1"),
            ("`a", "Unterminated template literal 1:1"), ("f(a b)", "missing ) after argument list 1:5"),
            ("1 = 2", "Invalid left-hand side in assignment 1:1"), ("return", "Illegal return statement 1:1"),
            ("yield 1", "Unexpected strict mode reserved word 1:1"), ("var let", "Unexpected strict mode reserved word 1:5"),
            ("let await", "Unexpected reserved word 1:5"),
            ("() => { await a }", "await is only valid in async functions and the top level bodies of modules 1:9"),
            ("with (a) b", "Strict mode code may not include a with statement 1:1"),
            ("delete a", "Delete of an unqualified identifier in strict mode. 1:8"),
            ("new.target", "new.target expression is not allowed here 1:1"), ("try {}", "Missing catch or finally after try 1:7"),
            ("const a", "Missing initializer in const declaration 1:8"), ("'😀' + @", "Invalid or unexpected token 1:8"),
            ("class A { x = await 1 }", "await is only valid in async functions and the top level bodies of modules 1:15"),
            ("v\\u0061r a", "Keyword must not contain escaped characters 1:1"), ("(a, b)", nil),
            ("()", "Unexpected token ')' 1:2"),
            ("(a, ) + 1", "Unexpected token ')' 1:5"), ("x = a => {} + 1", "Unexpected token '+' 1:13"),
            ("a?.b = 1", "Invalid left-hand side in assignment 1:1"),
            ("/* a", "Invalid or unexpected token 1:1"), ("3in []", "Invalid or unexpected token 1:1"),
        ] as [(String, String?)])
    func `is kept, with the place of what breaks it`(source: String, expected: String?) {
        #expect(failure(source) == expected)
    }

    @Test(arguments: [("a<!--b", 2), ("a\n--> b", 1)])
    func `of modules has no comments of HTML`(source: String, column: Int) {
        let line = source.contains("\n") ? 2 : 1
        #expect(failure(source) == "HTML comments are not allowed in modules \(line):\(column)")
    }

    @Test(arguments: [
        "(", "[", "{", "(a=", "a=>", "!(", "`${", "function(){", "x={a:", "class{a=", "if(a)", "{[", "new (", "async(",
        "async (a=(", "({a:", "var [",
        "for(;;)", "a:", "a?", "x=>{", "class extends ", "new new ", "a[", "f(", "do ", "import(", "(()=>{", "switch(a){case ",
        "-", "a=", "else if(a)",
    ])
    func `is refused where it nests too deep`(piece: String) {
        let source = [UInt8](String(repeating: piece, count: 20_000).utf8)
        #expect(throws: SyntaxError.self) { try ModuleSource(source) }
        _ = SourceKind.detect(source)
    }

    @Test func `has no limit for chains that do not nest`() {
        #expect(failure(String(repeating: "a ? b : ", count: 20_000) + "c") == nil)
        #expect(failure("let a = " + String(repeating: "b = ", count: 20_000) + "c") == nil)
        #expect(failure("if (a) b" + String(repeating: "; else if (a) b", count: 20_000)) == nil)
        #expect(failure(String(repeating: "a + ", count: 20_000) + "c") == nil)
    }

    @Test func `never traps on broken sources`() {
        let source = Array(
            """
            #!/bin/sh
            import a, { b as 'c' } from 'm' with { type: 'json' }; export * as ns from "n"
            export default async ({ a, ...b } = {}, [c] = `x${/[/]/g}`) => { for await (const x of y) await x?.[a]`\\u{61}` }
            class A extends (B, C) { static #x = 1n; get [a]() { return new.target }
              static { try { 'é😀' } catch {} finally {} } }
            """.utf8)
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<2_000 {
            var mutant = source
            for _ in 0...random(3) {
                let place = random(mutant.count)
                switch random(4) {
                case 0: mutant.remove(at: place)
                case 1: mutant[place] = UInt8(random(256))
                case 2: mutant.insert(mutant[random(mutant.count)], at: place)
                default: mutant = Array(mutant[...place])
                }
                if mutant.isEmpty { mutant = [0] }
            }
            _ = try? ModuleSource(mutant)
            _ = ScriptSource(mutant, isFunctionBody: true)
            _ = CommonJSExports(mutant)
            _ = SourceKind.detect(mutant)
        }
    }
}
