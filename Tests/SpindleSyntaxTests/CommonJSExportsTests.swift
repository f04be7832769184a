internal import SpindleSyntax
internal import Testing

@Suite struct `The exports of a CommonJS module` {
    @Test(
        arguments: [
            ("exports.a = 1; module.exports.b = 2; exports['c'] = 3; module.exports['d'] = 4", ["a", "b", "c", "d"]),
            ("exports.a = exports.b = void 0", ["a", "b"]),
            ("(function (exports) { exports.a = 1; if (x) exports.b = 2 })(exports)", ["a", "b"]),
            ("exports.a; exports.b == 1; x.exports.c = 1; exports[d] = 1; /* exports.e = 1 */ 'exports.f = 1'", []),
            ("module.exports = { a, b: c, 'd': e, ...f, if: g }", ["a", "b", "d", "if"]),
            ("module.exports = { a, ...d, b: require('c'), c: 1 }", ["a", "b"]),
            ("module.exports = { a: 1, b }", []),
            ("module.exports = { a, b() {}, c }", ["a"]),
            ("Object.defineProperty(exports, '__esModule', { value: true })", ["__esModule"]),
            ("Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return q.p; } })", ["a"]),
            ("Object.defineProperty(module.exports, 'a', { enumerable: true, get() { return q['p'] } })", ["a"]),
            ("Object.defineProperty(exports, 'a', { enumerable: !0, get: function f() { return q } })", ["a"]),
            ("Object.defineProperty(exports, 'a', { get: () => q })", []),
            ("Object.defineProperty(exports, 'a', { enumerable: true, get() { return f() } })", []),
            (
                "Object.defineProperty(exports, 'a', { get() { return q } }); "
                    + "Object.defineProperty(exports, 'a', { get() { return f() } })",
                []
            ),
            ("`${exports.a = 1}`; /exports.b = 1/", ["a"]),
        ] as [(String, [String])])
    func `are found by their shape`(source: String, names: [String]) {
        #expect(CommonJSExports(Array(source.utf8)).names == names)
    }

    @Test(
        arguments: [
            ("module.exports = require('a'); module.exports = require('b')", ["b"]),
            ("module.exports = require('x'); module.exports = { ...require('a'), ...require('b') }", ["a", "b"]),
            (
                "__export(require('a')); tslib.__exportStar(require('b'), exports); function f() { __export(require('c')) }",
                ["a", "b"]
            ),
            (
                """
                var _a = require("a"); var _b = _interop(require('b'));
                Object.keys(_a).forEach(function (key) {
                  if (key === "default" || key === "__esModule") return;
                  if (Object.prototype.hasOwnProperty.call(_names, key)) return;
                  if (key in exports && exports[key] === _a[key]) return;
                  Object.defineProperty(exports, key, { enumerable: true, get: function () { return _a[key]; } });
                });
                Object.keys(_b).forEach(function (k) { if (k !== 'default' && !exports.hasOwnProperty(k)) exports[k] = _b[k]; });
                """, ["a", "b"]
            ),
            ("var a = require('a'); Object.keys(a).forEach(function (k) { exports[k] = a[k] })", []),
        ] as [(String, [String])])
    func `may be those of another`(source: String, reexports: [String]) {
        #expect(CommonJSExports(Array(source.utf8)).reexports == reexports)
    }
}
