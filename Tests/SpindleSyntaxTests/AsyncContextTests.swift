internal import SpindleSyntax
internal import Testing

@Suite struct `The async context` {
    private func script(_ source: String) -> String {
        String(decoding: ScriptSource(Array(source.utf8), isFunctionBody: true, keepsAsyncContext: true).text, as: UTF8.self)
    }

    @Test(arguments: [
        ("async () => { await a }", "async () => {;let $f=0; $c.resume(await $c.resume( a,$f=$c.current),$f,$f=0) }"),
        ("async a => await a", "async a => {let $f=0;return $c.resume(await $c.resume( a,$f=$c.current),$f,$f=0)}"),
        (
            "async () => {await await a}",
            "async () => {;let $f=0;$c.resume(await $c.resume( $c.resume(await $c.resume( a,$f=$c.current),"
                + "$f,$f=0),$f=$c.current),$f,$f=0)}"
        ),
        (
            "async function f() { 'use strict'; await a }",
            "async function f() { 'use strict';;let $f=0; $c.resume(await $c.resume( a,$f=$c.current),$f,$f=0) }"
        ),
        (
            "async () => { try { await a } catch { b } finally { c } }",
            "async () => {;let $f=0; try { $c.resume(await $c.resume( a,$f=$c.current),$f,$f=0) } "
                + "catch {$f===0||($f=$c.resume(0,$f)); b } finally {$f===0||($f=$c.resume(0,$f)); c } }"
        ),
        (
            "async () => { l: for await (a of b) c\nd }",
            "async () => {;let $f=0; {l: for await (a of $c.resume(b,$f=$c.current)) "
                + "{$f=$c.resume(0,$f);try{c}finally{$f=$c.current}}"
                + "$f=$c.resume(0,$f);}\nd }"
        ),
    ])
    func `is restored behind each await`(source: String, expected: String) {
        #expect(script(source).replacingSpaces() == expected.replacingSpaces())
    }

    @Test(arguments: [
        "async () => { try { a } catch { b } }", "await(a)", "async function f() { function g() { try {} catch {} } }",
        "a.await; ({ await: 1 })",
        "async () => 1",
    ])
    func `leaves alone what does not wait`(source: String) {
        #expect(script(source) == source)
        #expect(ScriptSource(Array(source.utf8), isFunctionBody: true, keepsAsyncContext: true).asyncContext == nil)
    }

    @Test func `has its variable in the head of a module that waits`() throws {
        func text(_ source: String) throws -> String {
            String(decoding: try ModuleSource(Array(source.utf8), keepsAsyncContext: true).text, as: UTF8.self)
        }
        #expect(
            try text("await a").hasPrefix(#"(async function*($m){"use strict";const $c=$m.context;let $f=0;yield;$c.resume("#))
        #expect(try text("async () => await a").hasPrefix(#"(function*($m){"use strict";const $c=$m.context;yield;"#))
        #expect(try text("a").hasPrefix(#"(function*($m){"use strict";yield;"#))
        #expect(
            try text("import { x } from 'm'; await x()").contains("$c.resume(await $c.resume( (0,$0.x)(),$f=$c.current),$f,$f=0)")
        )
        #expect(
            try text("export default await a").contains(
                "const $default={default: $c.resume(await $c.resume( a,$f=$c.current),$f,$f=0)}.default;"))
    }
}

extension String {
    /// Without doubled spaces.
    fileprivate func replacingSpaces() -> String { split(separator: " ").joined(separator: " ") }
}
