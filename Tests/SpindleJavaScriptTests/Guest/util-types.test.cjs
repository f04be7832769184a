'use strict';

const types = require('util/types');
const { deepEqual, equal, test } = require('./support/harness.cjs');

const args = (function () { return arguments; })();
function* generator() {}
async function* asyncGenerator() {}

// Every predicate that holds, value by value; all others must not.
const table = [
    [() => new Date(), 'isDate'],
    [() => args, 'isArgumentsObject'],
    [() => Object(1n), 'isBigIntObject isBoxedPrimitive'],
    [() => Object(true), 'isBooleanObject isBoxedPrimitive'],
    [() => Object(1), 'isNumberObject isBoxedPrimitive'],
    [() => Object('s'), 'isStringObject isBoxedPrimitive'],
    [() => Object(Symbol()), 'isSymbolObject isBoxedPrimitive'],
    [() => new TypeError('x'), 'isNativeError'],
    [() => new (class extends Error {})(), 'isNativeError'],
    [() => Object.create(Error.prototype), ''],
    [() => /x/, 'isRegExp'],
    [() => async () => {}, 'isAsyncFunction'],
    [() => async (a, b = (1)) => {}, 'isAsyncFunction'],
    [() => ({ async m() {} }).m, 'isAsyncFunction'],
    [() => ({ async(a) {} }).async, ''],
    [() => generator, 'isGeneratorFunction'],
    [() => asyncGenerator, 'isAsyncFunction isGeneratorFunction'],
    [() => ({ *m() {} }).m, 'isGeneratorFunction'],
    [() => function f() {}, ''],
    [() => class A {}, ''],
    [() => generator(), 'isGeneratorObject'],
    [() => asyncGenerator(), 'isGeneratorObject'],
    [() => generator.prototype, ''],
    [() => Promise.resolve(), 'isPromise'],
    [() => ({ then() {} }), ''],
    [() => new Map(), 'isMap'],
    [() => new Set(), 'isSet'],
    [() => new Map().entries(), 'isMapIterator'],
    [() => new Set().values(), 'isSetIterator'],
    [() => [].values(), ''],
    [() => new WeakMap(), 'isWeakMap'],
    [() => new WeakSet(), 'isWeakSet'],
    [() => new ArrayBuffer(1), 'isArrayBuffer isAnyArrayBuffer'],
    [() => new SharedArrayBuffer(1), 'isSharedArrayBuffer isAnyArrayBuffer'],
    [() => new DataView(new ArrayBuffer(1)), 'isDataView isArrayBufferView'],
    [() => new Uint8Array(1), 'isUint8Array isTypedArray isArrayBufferView'],
    [() => new Uint8ClampedArray(1), 'isUint8ClampedArray isTypedArray isArrayBufferView'],
    [() => new Uint16Array(1), 'isUint16Array isTypedArray isArrayBufferView'],
    [() => new Uint32Array(1), 'isUint32Array isTypedArray isArrayBufferView'],
    [() => new Int8Array(1), 'isInt8Array isTypedArray isArrayBufferView'],
    [() => new Int16Array(1), 'isInt16Array isTypedArray isArrayBufferView'],
    [() => new Int32Array(1), 'isInt32Array isTypedArray isArrayBufferView'],
    [() => new Float32Array(1), 'isFloat32Array isTypedArray isArrayBufferView'],
    [() => new Float64Array(1), 'isFloat64Array isTypedArray isArrayBufferView'],
    [() => new BigInt64Array(1), 'isBigInt64Array isTypedArray isArrayBufferView'],
    [() => new BigUint64Array(1), 'isBigUint64Array isTypedArray isArrayBufferView'],
    [() => new Proxy({}, {}), 'isProxy'],
    [() => Object.setPrototypeOf(new Map(), null), 'isMap'],
    [() => Object.setPrototypeOf(new Date(), Array.prototype), 'isDate'],
    [() => Object.create(Map.prototype), ''],
    [() => ({ [Symbol.toStringTag]: 'Map' }), ''],
    [() => ({ get [Symbol.toStringTag]() { throw new Error('no'); } }), ''],
    [() => Map.prototype, ''],
    [() => RegExp.prototype, ''],
    [() => null, ''],
    [() => undefined, ''],
    [() => 1, ''],
    [() => 'text', ''],
    [() => ({}), ''],
    [() => [], ''],
];

test('each predicate holds for what it names and for nothing else', () => {
    for (const [make, expected] of table) {
        const value = make();
        const holding = Object.keys(types).filter((name) => types[name](value)).sort();
        deepEqual(holding, expected.split(' ').filter(Boolean).sort(), String(make));
    }
});

test('foreign objects and keys do not occur', () => {
    equal(types.isExternal({}), false);
    equal(types.isKeyObject({}), false);
    equal(types.isCryptoKey({}), false);
});
