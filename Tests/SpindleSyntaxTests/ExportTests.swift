internal import SpindleSyntax
internal import Testing

@Suite struct `Exported names` {
    @Test(arguments: [
        ("export const a = 1, { b, c: [d] } = {}", ";      const a = 1, { b, c: [d] } = {}", ["a", "b", "d"]),
        ("export function f() {}", ";      function f() {}", ["f"]),
        ("export async function f() {}", ";      async function f() {}", ["f"]),
        ("export class C {}", ";      class C {}", ["C"]),
        ("export var v = (class {}, function () { var w })", ";      var v = (class {}, function () { var w })", ["v"]),
        ("let a; export { a, a as b, a as 'c d' }", "let a; ;                               ", ["a", "b", "c d"]),
        ("export default function f() {}", ";              function f() {}", ["default"]),
        ("export default function () {}", ";              function $default () {}", ["default"]),
        ("export default async function* () {}", ";              async function* $default () {}", ["default"]),
        ("export default class C {}", ";              class C {}", ["default"]),
        ("export default class {}", "const $default={default: class {}}.default;", ["default"]),
        ("export default () => 1", "const $default={default: () => 1}.default;", ["default"]),
        ("export default async () => {}", "const $default={default: async () => {}}.default;", ["default"]),
        ("export default (1, 2); a", "const $default={default: (1, 2)}.default;; a", ["default"]),
        ("export default // why\n1", "const $default={default: // why\n1}.default;", ["default"]),
    ])
    func `of the module itself are registered with getters`(source: String, expected: String, names: [String]) throws {
        #expect(try body(source) == expected)
        let module = try module(source)
        #expect(module.exports.map(\.name) == names)
        #expect(module.exports.allSatisfy { $0.target == .local })
    }

    @Test func `have their getters in the head`() throws {
        #expect(
            try head("export let a; export { a as default, a as '\"', a as __proto__ }")
                == #"(function*($m){"use strict";$m.export({a:()=>a,default:()=>a,"\u0022":()=>a,["__proto__"]:()=>a});yield;"#)
        #expect(try head("export default function () {}").hasSuffix("$m.export({default:()=>$default},$default);yield;"))
    }

    @Test func `of other modules are led there`() throws {
        let module = try module(
            """
            export { a, b as default, 'x y' as c } from 'p'
            export * as ns from 'q'
            export * from 'r'
            import d, * as e from 's'
            export { d, e }
            """)
        #expect(module.exports.map(\.name) == ["a", "default", "c", "ns", "d", "e"])
        #expect(
            module.exports.map(\.target) == [
                .indirect(request: 0, name: "a"), .indirect(request: 0, name: "b"), .indirect(request: 0, name: "x y"),
                .namespace(request: 1), .indirect(request: 3, name: "default"), .namespace(request: 3),
            ])
        #expect(module.starRequests == [2])
    }

    @Test(arguments: [
        ("export { a }", "Export 'a' is not defined in module 1:10"),
        ("let a; export { a, a }", "Duplicate export of 'a' 1:20"),
        ("export default 1; export default 2", "Duplicate export of 'default' 1:19"),
        ("import { a } from 'm'; let a", "Identifier 'a' has already been declared 1:28"),
        ("function f() {}\nfunction f() {}", "Identifier 'f' has already been declared 2:10"),
        ("{ var f } function f() {}", "Identifier 'f' has already been declared 1:20"),
        ("let a; export { 'a' as b }", "Unexpected string 1:17"),
        ("import { if } from 'm'", "Unexpected token 'if' 1:10"),
        ("{ export let a }", "Unexpected token 'export' 1:3"),
        ("export { a as '\\ud800' } from 'm'", "Invalid module export name: contains unpaired surrogate character 1:15"),
        ("import 'm' with { a: '1', a: '2' }", "Import attributes has a duplicate key 'a' 1:27"),
    ])
    func `that cannot be are errors`(source: String, expected: String) {
        #expect(failure(source) == expected)
    }
}
