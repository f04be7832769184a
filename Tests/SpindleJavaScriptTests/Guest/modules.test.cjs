'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { deepEqual, equal, match, ok, rejects, since, test, throws } = require('./support/harness.cjs');

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'spindle-modules-')));
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
let last = 0;
/** Writes files below a fresh directory; gives a function that names them. */
function tree(files) {
    const directory = path.join(root, String(++last));
    for (const name of Object.keys(files)) {
        fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
        fs.writeFileSync(path.join(directory, name), files[name]);
    }
    return (name = '') => path.join(directory, name);
}
const load = (file) => import(pathToFileURL(file).href);

// --- CommonJS ----------------------------------------------------------------------------------------------------------

test('a module sees its own variables', () => {
    const at = tree({
        'a.cjs': 'exports.seen = [__filename, __dirname, module.id, module.filename, module.loaded, this === exports];',
    });
    deepEqual(require(at('a.cjs')).seen, [at('a.cjs'), at(), at('a.cjs'), at('a.cjs'), false, true]);
    equal(require.cache[at('a.cjs')].loaded, true);
    ok(module.children.includes(require.cache[at('a.cjs')]));
    equal(require(at('a.cjs')), require(at('a.cjs')));
});

test('names are completed as documented', () => {
    const at = tree({
        'x.js': 'module.exports = "x.js"', 'x.json': '"x.json"', 'y.json': '{"y":1}', 'dir/index.js': 'module.exports = "index"',
        'main/package.json': '{"main":"./lib"}', 'main/lib.js': 'module.exports = "lib"', 'noext': 'module.exports = "noext"',
        'bom.json': '\ufeff[1]',
    });
    equal(require(at('x')), 'x.js');
    deepEqual(require(at('y')), { y: 1 });
    equal(require(at('dir')), 'index');
    equal(require(at('main')), 'lib');
    equal(require(at('noext')), 'noext');
    deepEqual(require(at('bom')), [1]);
});

test('packages are found above, through main, exports and imports', () => {
    const at = tree({
        'node_modules/plain/package.json': '{"main":"m.js"}', 'node_modules/plain/m.js': 'module.exports = "plain"',
        'node_modules/maps/package.json': JSON.stringify({
            exports: { '.': { import: './i.mjs', require: './r.cjs' }, './sub/*': './lib/*.js', './private/*': null },
        }),
        'node_modules/maps/r.cjs': 'module.exports = "required"', 'node_modules/maps/i.mjs': 'export default "imported"',
        'node_modules/maps/lib/one.js': 'module.exports = 1',
        'node_modules/@scope/p/index.js': 'module.exports = "scoped"',
        'package.json': '{"name":"self","exports":"./self.cjs","imports":{"#in":"./deep/in.cjs"}}',
        'self.cjs': 'module.exports = "self"', 'deep/in.cjs': 'module.exports = "in"',
        'deep/user.cjs': 'exports.require = require; exports.load = (x) => import(x)',
    });
    const user = require(at('deep/user.cjs'));
    equal(user.require('plain'), 'plain');
    equal(user.require('maps'), 'required');
    equal(user.require('maps/sub/one'), 1);
    equal(user.require('@scope/p'), 'scoped');
    equal(user.require('self'), 'self');
    equal(user.require('#in'), 'in');
    throws(() => user.require('maps/other'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    throws(() => user.require('maps/private/x'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    return user.load('maps').then((namespace) => equal(namespace.default, 'imported'));
});

test('what is missing is told, with who asked', () => {
    const at = tree({ 'a.cjs': 'require("./b.cjs")', 'b.cjs': 'require("./nope")' });
    const error = throws(() => require(at('a.cjs')), { code: 'MODULE_NOT_FOUND' });
    deepEqual(error.requireStack.slice(0, 2), [at('b.cjs'), at('a.cjs')]);
    match(error.message, /^Cannot find module '\.\/nope'\nRequire stack:\n- .*b\.cjs\n- .*a\.cjs\n- /);
    equal(require.cache[at('a.cjs')], undefined);
    throws(() => require(''), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => require(5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => require('node:none'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE', message: 'No such built-in module: node:none' });
});

test('cycles see what is there so far', () => {
    const at = tree({
        'a.cjs': 'exports.early = 1; exports.b = require("./b.cjs"); exports.late = 2;',
        'b.cjs': 'const a = require("./a.cjs"); exports.seen = Object.keys(a); exports.a = a;',
    });
    const a = require(at('a.cjs'));
    deepEqual(a.b.seen, ['early']);
    equal(a.b.a.late, 2);
});

test('a module that throws is tried again', () => {
    const at = tree({
        'a.cjs': 'globalThis.tries ??= 0; if (++globalThis.tries < 2) throw new Error("first"); module.exports = 7',
    });
    throws(() => require(at('a.cjs')), { message: 'first' });
    equal(require(at('a.cjs')), 7);
});

test('the cache can be changed', () => {
    const at = tree({ 'a.cjs': 'exports.now = {}' });
    const first = require(at('a.cjs'));
    delete require.cache[at('a.cjs')];
    ok(require(at('a.cjs')) !== first);
});

test('errors of syntax and of JSON name the file', () => {
    const at = tree({ 'bad.cjs': 'let ok = 1;\nlet 5;\n', 'bad.json': '{"a":}' });
    equal(throws(() => require(at('bad.cjs'))).name, 'SyntaxError');
    match(throws(() => require(at('bad.json'))).message, /bad\.json: /);
});

test('lines and columns are those of the file', () => {
    const at = tree({
        'a.cjs': 'exports.stack = new Error("here").stack;',
        'b.cjs': '#!/usr/bin/env node\n\nexports.f = () => {\n    throw new Error("there");\n};',
    });
    match(require(at('a.cjs')).stack, /^Error: here\n {4}at Object\.<anonymous> \(.*a\.cjs:1:\d+\)/);
    const column = Number(/a\.cjs:1:(\d+)/.exec(require(at('a.cjs')).stack)[1]);
    ok(column >= 17 && column <= 27, `column ${column}`);
    match(throws(require(at('b.cjs')).f).stack, /b\.cjs:4:\d\d\)?\n/);
});

test('require.resolve and its paths', () => {
    const at = tree({ 'a.js': '', 'node_modules/p/index.js': '' });
    equal(require.resolve(at('a')), at('a.js'));
    equal(require.resolve('fs'), 'fs');
    equal(require.resolve('node:fs'), 'node:fs');
    equal(require.resolve('p', { paths: [at()] }), at('node_modules/p/index.js'));
    equal(require.resolve.paths('fs'), null);
    equal(require.resolve.paths('x')[0], path.join(__dirname, 'node_modules'));
    throws(() => require.resolve('./none'), { code: 'MODULE_NOT_FOUND' });
});

test('node:module tells of itself', () => {
    const Module = require('module');
    equal(module.constructor, Module);
    ok(Module.builtinModules.includes('fs'));
    equal(Module.isBuiltin('node:fs'), true);
    equal(Module.isBuiltin('fs/promises'), true);
    equal(Module.isBuiltin('none'), false);
    const at = tree({ 'a.js': 'module.exports = "made"' });
    equal(Module.createRequire(at('other.js'))('./a'), 'made');
    equal(Module.createRequire(pathToFileURL(at('x')))('./a'), 'made');
    throws(() => Module.createRequire('relative'), { code: 'ERR_INVALID_ARG_VALUE' });
    const created = new Module(at('virtual.cjs'));
    created.filename = at('virtual.cjs');
    created._compile('module.exports = [__filename, require("./a")]', at('virtual.cjs'));
    deepEqual(created.exports, [at('virtual.cjs'), 'made']);
    equal(require.main.filename, __filename);
});

// --- ECMAScript modules ------------------------------------------------------------------------------------------------

test('bindings are live', async () => {
    const at = tree({
        'a.mjs': 'export let n = 1; export const bump = () => { n++; }; export { n as "string name" }; export default class {}',
        'b.mjs': 'import D, { n, bump, "string name" as s } from "./a.mjs"; import * as all from "./a.mjs"; ' +
            'const before = [n, s, all.n]; bump(); export const after = [before, n, s, all.n, D.name]; export * from "./a.mjs";',
    });
    const b = await load(at('b.mjs'));
    deepEqual(b.after, [[1, 1, 1], 2, 2, 2, 'default']);
    deepEqual(Object.keys(b), ['after', 'bump', 'n', 'string name']);
    equal(Object.prototype.toString.call(b), '[object Module]');
    equal(Object.isExtensible(b), false);
    equal(b, await load(at('b.mjs')));
});

test('modules run once, in order, with cycles', async () => {
    globalThis.order = [];
    const at = tree({
        'main.mjs': 'import "./a.mjs"; import "./b.mjs"; order.push("main");',
        'a.mjs': 'import "./b.mjs"; order.push("a"); export function early() { return "hoisted"; }',
        'b.mjs': 'import { early } from "./a.mjs"; order.push("b", early());',
    });
    await load(at('main.mjs'));
    deepEqual(globalThis.order, ['b', 'hoisted', 'a', 'main']);
});

test('await at the top holds up those that import', async () => {
    globalThis.order = [];
    const at = tree({
        'main.mjs': 'import { v } from "./slow.mjs"; import "./quick.mjs"; order.push("main", v);',
        'slow.mjs': 'order.push("slow"); await new Promise((r) => setTimeout(r, 5)); ' +
            'export const v = "value"; order.push("slept");',
        'quick.mjs': 'order.push("quick");',
    });
    await load(at('main.mjs'));
    deepEqual(globalThis.order, ['slow', 'quick', 'slept', 'main', 'value']);
});

test('an uninitialised binding is an error', async () => {
    const at = tree({
        'a.mjs': 'import { x } from "./b.mjs"; export const y = 1;',
        'b.mjs': 'import { y } from "./a.mjs"; export const x = y;',
    });
    await rejects(load(at('a.mjs')), ReferenceError);
});

test('what fails stays failed', async () => {
    const at = tree({ 'a.mjs': 'throw new Error("once")' });
    const first = await load(at('a.mjs')).catch((error) => error);
    const second = await load(at('a.mjs')).catch((error) => error);
    equal(first.message, 'once');
    equal(first, second);
});

test('import.meta knows the module', async () => {
    const at = tree({
        'a.mjs': 'export const { url, filename, dirname } = import.meta; ' +
            'export const r = import.meta.resolve("./x.mjs"); export const f = import.meta.resolve("fs");',
    });
    const a = await load(at('a.mjs'));
    equal(a.url, pathToFileURL(at('a.mjs')).href);
    equal(a.filename, at('a.mjs'));
    equal(a.dirname, at().replace(/\/$/, ''));
    equal(a.r, pathToFileURL(at('x.mjs')).href);
    equal(a.f, 'node:fs');
});

test('CommonJS is imported by its default and its names', async () => {
    const at = tree({
        'c.cjs': 'exports.one = 1; exports.two = 2; exports.f = function () { return this === exports; };',
        'whole.cjs': 'const a = 1, b = 2; module.exports = { a, b };',
        'function.cjs': 'module.exports = function named() {}; module.exports.extra = 5;',
        'm.mjs': 'import c, { one, two } from "./c.cjs"; import whole, { a } from "./whole.cjs"; ' +
            'import named, { extra } from "./function.cjs"; ' +
            'export default [c, one, two, whole, a, named.name, extra];',
    });
    const [c, one, two, whole, a, name, extra] = (await load(at('m.mjs'))).default;
    equal(c, require(at('c.cjs')));
    deepEqual([one, two, whole, a, name, extra], [1, 2, { a: 1, b: 2 }, 1, 'named', 5]);
});

test('built-ins are imported', async () => {
    const at = tree({
        'm.mjs': 'import fs, { readFileSync } from "node:fs"; import { join } from "path"; import * as events from "events"; ' +
            'export default [fs.readFileSync === readFileSync, join("a", "b"), typeof events.default, typeof events.once];',
    });
    deepEqual((await load(at('m.mjs'))).default, [true, 'a/b', 'function', 'function']);
});

test('JSON is imported when it is said', async () => {
    const at = tree({ 'd.json': '{"x":[1]}', 'm.mjs': 'import d from "./d.json" with { type: "json" }; export default d;' });
    deepEqual((await load(at('m.mjs'))).default, { x: [1] });
    await rejects(load(at('d.json')), { code: /ERR_IMPORT_(ATTRIBUTE|ASSERTION)(_TYPE)?_MISSING/ });
    deepEqual((await import(pathToFileURL(at('d.json')).href, { with: { type: 'json' } })).default, { x: [1] });
});

test('data: URLs are modules', async () => {
    equal((await import('data:text/javascript,export default 6 * 7')).default, 42);
    equal((await import(`data:text/javascript;base64,${Buffer.from('export default "b"').toString('base64')}`)).default, 'b');
    deepEqual((await import('data:application/json,[1]', { with: { type: 'json' } })).default, [1]);
});

test('a query makes another module', async () => {
    const at = tree({ 'a.mjs': 'export default {}; export const { url } = import.meta;' });
    const url = pathToFileURL(at('a.mjs')).href;
    ok((await import(url)).default !== (await import(`${url}?1`)).default);
    equal((await import(`${url}?1`)).url, `${url}?1`);
});

test('the type of a package decides what .js is', async () => {
    const at = tree({
        'esm/package.json': '{"type":"module"}',
        'esm/a.js': 'export default typeof require;',
        'cjs/package.json': '{"type":"commonjs"}',
        'cjs/a.js': 'module.exports = typeof require;',
    });
    equal((await load(at('esm/a.js'))).default, 'undefined');
    equal((await load(at('cjs/a.js'))).default, 'function');
});

test('errors of linking say what is missing', async () => {
    const at = tree({
        'a.mjs': 'import { nope } from "./b.mjs";',
        'b.mjs': 'export const x = 1;',
        'c.mjs': 'import "./missing.mjs";',
        'd.mjs': 'import "missing";',
        'e.mjs': 'export const = 5;',
    });
    await rejects(load(at('a.mjs')), {
        name: 'SyntaxError', message: "The requested module './b.mjs' does not provide an export named 'nope'",
    });
    await rejects(load(at('c.mjs')), {
        code: 'ERR_MODULE_NOT_FOUND', message: `Cannot find module '${at('missing.mjs')}' imported from ${at('c.mjs')}`,
    });
    await rejects(load(at('d.mjs')), {
        code: 'ERR_MODULE_NOT_FOUND', message: `Cannot find package 'missing' imported from ${at('d.mjs')}`,
    });
    await rejects(load(at('e.mjs')), SyntaxError);
    await rejects(import('http://x/'), { code: /ERR_UNSUPPORTED_ESM_URL_SCHEME|ERR_NETWORK_IMPORT/ });
});

test('import() works in every kind of source and refuses politely', async () => {
    const at = tree({
        'a.cjs': 'exports.load = (x) => import(x);',
        'b.mjs': 'export const load = (x) => import(x);',
        'x.mjs': 'export default "x";',
    });
    equal((await require(at('a.cjs')).load('./x.mjs')).default, 'x');
    equal((await (await load(at('b.mjs'))).load('./x.mjs')).default, 'x');
    await rejects(require(at('a.cjs')).load('./none.mjs'), { code: 'ERR_MODULE_NOT_FOUND' });
    await rejects(require(at('a.cjs')).load({ toString() { throw new RangeError('no'); } }), RangeError);
});

since('22', 'require gives the namespace of a module that does not await', () => {
    const at = tree({
        'a.mjs': 'export default 1; export const x = 2;',
        'tla.mjs': 'await 1;',
        'own.mjs': 'export { f as "module.exports" }; function f() {}',
    });
    const namespace = require(at('a.mjs'));
    equal(namespace.x, 2);
    equal(namespace.default, 1);
    throws(() => require(at('tla.mjs')), { code: 'ERR_REQUIRE_ASYNC_MODULE' });
    equal(typeof require(at('own.mjs')), 'function');
});
