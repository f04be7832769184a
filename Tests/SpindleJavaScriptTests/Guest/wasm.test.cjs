'use strict';

const { equal, rejects, test } = require('./support/harness.cjs');

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
