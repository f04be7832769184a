'use strict';

const { deepEqual, equal, rejects, test, throws } = require('./support/harness.cjs');

// (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
const bytes = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32,
    0, 32, 1, 106, 11,
]);

test('a module is compiled while nothing else keeps the program alive', async () => {
    const { instance } = await WebAssembly.instantiate(bytes);
    equal(instance.exports.add(2, 3), 5);
    const module = await WebAssembly.compile(bytes);
    equal((await WebAssembly.instantiate(module)).exports.add(-1, 1), 0);
    equal(WebAssembly.validate(bytes), true);
});

test('bytes that are no module are refused', () => rejects(WebAssembly.compile(new Uint8Array(4)), WebAssembly.CompileError));

// MARK: Modules with loops, which are changed before they are compiled

const number = (value) => (value < 128 ? [value] : [value & 127 | 128, ...number(value >> 7)]);
const list = (...items) => [...number(items.length), ...items.flat()];
const sized = (...parts) => { const bytes = parts.flat(); return [...number(bytes.length), ...bytes]; };
const text = (value) => sized([...Buffer.from(value)]);
const section = (id, ...parts) => [id, ...sized(...parts)];
const body = (locals, ...code) => sized(locals === 0 ? [0] : [1, locals, 127], code.flat(), 11);
const moduleOf = (...sections) => new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()]);
const exported = (name, kind, index) => [...text(name), kind, index];
const i32 = 127;
const get = (index) => [32, index];
const set = (index) => [33, index];
const constant = (value) => [65, value];
const [add, subtract, drop, end] = [[106], [107], [26], [11]];
const branch = (depth) => [12, depth];
const branchIf = (depth) => [13, depth];
const loop = (type, ...code) => [3, type, ...code.flat(), 11];
const call = (index) => [16, index];

// 0 (i32) → i32, 1 () → (), 2 (i32 i32) → i32
const types = section(1, list([96, 1, i32, 1, i32], [96, 0, 0], [96, 2, i32, i32, 1, i32]));
const decrement = (index) => [...get(index), ...constant(1), ...subtract, ...set(index)];
const increase = (index, by) => [...get(index), ...by, ...add, ...set(index)];

// sum(n): 1 + 2 + … + n; an import is called in each round.
const sum = body(1, loop(64, increase(1, get(0)), get(0), call(0), drop, decrement(0), get(0), branchIf(0)), get(1));
// nested(n): n * n, counted.
const nested = body(
    2, loop(64, get(0), set(2), loop(64, increase(1, constant(1)), decrement(2), get(2), branchIf(0)), get(1), call(5), branchIf(0)),
    get(1));
// done(i): whether i is not yet the square that the global asks for.
const done = body(0, get(0), [35, 0], subtract);
const imports = section(2, list([...text('host'), ...text('seen'), 0, 0], [...text('host'), ...text('limit'), 3, i32, 0]));
const big = moduleOf(
    types, imports,
    section(3, list([0], [0], [0], [1], [0])),                              // sum 1, nested 2, switched 3, begin 4, done 5
    section(4, list([112, 0, 3])),
    section(6, list([112, 0, 210, 2, 11], [i32, 1, 65, 0, 11])),            // ref.func nested; begun
    section(7, list(
        exported('sum', 0, 1), exported('nested', 0, 2), exported('table', 1, 0), exported('function', 3, 1),
        exported('begun', 3, 2), exported('done', 0, 5), exported('indirect', 0, 3))),
    section(8, [4]),
    section(9, list([0, 65, 0, 11, ...list([1], [2], [0])])),
    section(10, list(
        sum, nested,
        // indirect(i): calls sum(10) by way of the table
        body(0, constant(10), get(0), [17, 0, 0]),
        body(0, constant(7), [36, 2]), done)));

function instanceOf(bytes, seen = () => 0, limit = 9) { return new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { seen, limit } }); }

test('loops do what they did', () => {
    const seen = [];
    const { exports } = instanceOf(big, (value) => { seen.push(value); return 0; });
    equal(exports.sum(100), 5050);
    deepEqual(seen.slice(0, 3), [100, 99, 98]);
    equal(seen.length, 100);
    equal(exports.nested(3), 9);
    equal(exports.sum(40000), 800020000);
});

test('functions are found where their numbers are told: start, tables, globals, exports', () => {
    const { exports } = instanceOf(big, (value) => value);
    equal(exports.begun.value, 7);
    equal(exports.indirect(0), 55);
    equal(exports.table.get(0)(4), 10);
    equal(exports.table.get(1)(3), 9);
    equal(exports.table.get(2)(5), 5);
    equal(exports.function.value(3), 9);
    equal(exports.done(12), 3);
    deepEqual(Object.keys(exports), ['sum', 'nested', 'table', 'function', 'begun', 'done', 'indirect']);
});

test('branches by table and loops with parameters', () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(
        types, section(3, list([0], [0])), section(7, list(exported('steps', 0, 0), exported('fibonacci', 0, 1))),
        section(10, list(
            // 0 adds 10 and ends, 1 adds 20 and becomes 0, others go down by one.
            body(1, [2, 64], loop(
                64, [2, 64, 2, 64, 2, 64], get(0), [14, 2, 0, 1, 2], end, increase(1, constant(10)), branch(3), end,
                increase(1, constant(20)), constant(0), set(0), branch(1), end, decrement(0), branch(0)), end, get(1)),
            // (loop (param i32 i32) (result i32) …): the two last numbers on the stack, the count in the variable
            body(3, constant(0), constant(1), loop(
                2, set(2), set(1), decrement(0), get(2), get(1), get(2), add, get(0), branchIf(0), drop)))))));
    equal(exports.fibonacci(10), 55);
    equal(exports.steps(1), 30);
    equal(exports.steps(4), 30);
    equal(exports.steps(0), 10);
});

test('nothing of the change is seen', async () => {
    const module = new WebAssembly.Module(big);
    deepEqual(WebAssembly.Module.imports(module).map(({ name, kind }) => `${name} ${kind}`), ['seen function', 'limit global']);
    equal(WebAssembly.Module.exports(module).length, 7);
    equal(module instanceof WebAssembly.Module, true);
    equal(module.constructor, WebAssembly.Module);
    const instance = new WebAssembly.Instance(module, { host: { seen: () => 0, limit: 1 } });
    equal(instance instanceof WebAssembly.Instance, true);
    equal(Object.prototype.toString.call(instance), '[object WebAssembly.Instance]');
    throws(() => new WebAssembly.Instance(module), TypeError);
    throws(() => new WebAssembly.Instance(module, 1), TypeError);
    throws(() => new WebAssembly.Instance(module, { host: { seen: 1, limit: 1 } }), WebAssembly.LinkError);
    throws(() => WebAssembly.Module(big), TypeError);
    const compiled = await WebAssembly.compile(big.buffer);
    equal((await WebAssembly.instantiate(compiled, { host: { seen: () => 0, limit: 16 } })).exports.nested(4), 16);
    const both = await WebAssembly.instantiate(big, { host: { seen: () => 0, limit: 1 } });
    equal(both.module instanceof WebAssembly.Module, true);
    equal(both.instance.exports.sum(3), 6);
    await rejects(WebAssembly.instantiate(big), TypeError);
});

test('a loop that is wrong is refused', async () => {
    const wrong = moduleOf(types, section(3, list([0])), section(10, list(body(0, loop(64, add), constant(1)))));
    throws(() => new WebAssembly.Module(wrong), WebAssembly.CompileError);
    await rejects(WebAssembly.compile(wrong), WebAssembly.CompileError);
    equal(WebAssembly.validate(wrong), false);
});
