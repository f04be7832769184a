'use strict';
const { test, since, equal, deepEqual, ok, throws } = require('./support/harness.cjs');

const clone = structuredClone;
const cloneError = (message) => ({ name: 'DataCloneError', code: 25, message });
const refuses = (value, text) => throws(() => clone(value), cloneError(`${text} could not be cloned.`));

// MARK: Values

test('primitives are what they were', () => {
    for (const value of [undefined, null, true, false, 0, 1, -1, 2 ** 31, -(2 ** 31), 1.5, Infinity, -Infinity, '', 'x', 'é', '😀', '\ud800']) {
        equal(clone(value), value);
    }
    ok(Number.isNaN(clone(NaN)));
    ok(Object.is(clone(-0), -0));
    equal(clone(-(2n ** 200n)), -(2n ** 200n));
    equal(clone(0n), 0n);
});

test('boxed primitives stay boxed', () => {
    const [b, n, s, i] = clone([Object(false), Object(5), Object('text'), Object(7n)]);
    ok(b instanceof Boolean && b.valueOf() === false);
    ok(n instanceof Number && n.valueOf() === 5);
    ok(s instanceof String && s.valueOf() === 'text');
    ok(i instanceof BigInt && i.valueOf() === 7n);
});

test('a date keeps its time, an invalid one too', () => {
    equal(clone(new Date(123)).getTime(), 123);
    ok(Number.isNaN(clone(new Date(NaN)).getTime()));
    ok(clone(new Date()) instanceof Date);
});

test('a regular expression keeps source and flags and loses lastIndex', () => {
    const pattern = /a\/[b]/dgimsuy;
    pattern.lastIndex = 3;
    const made = clone(pattern);
    equal(made.source, pattern.source);
    equal(made.flags, 'dgimsuy');
    equal(made.lastIndex, 0);
    equal(clone(/x/v).flags, 'v');
});

test('a regular expression is read past properties that hide its flags', () => {
    const pattern = /a/g;
    Object.defineProperty(pattern, 'global', { get() { throw new Error('asked'); } });
    Object.defineProperty(pattern, 'flags', { value: 'mmmm' });
    equal(clone(pattern).flags, 'g');
});

test('maps and sets keep order, keys that are objects, and themselves', () => {
    const key = { k: 1 };
    const map = new Map([[key, 'a'], [NaN, -0], ['x', key]]);
    map.set('self', map);
    const made = clone(map);
    const keys = [...made.keys()];
    deepEqual(keys[0], { k: 1 });
    ok(Number.isNaN(keys[1]));
    equal(made.get('x'), keys[0]);
    equal(made.get('self'), made);
    const set = new Set([3, 'a', key]);
    set.add(set);
    const members = [...clone(set)];
    equal(members[0], 3);
    equal(members.length, 4);
    ok(members[3].has(members[3]));
});

test('map entries are those from before a getter added some', () => {
    const map = new Map();
    map.set('a', { get x() { map.set('late', 1); return 1; } });
    deepEqual([...clone(map).keys()], ['a']);
});

test('arrays keep length, holes and properties that are not items', () => {
    const array = [1, , 3];
    array.name = 'x';
    array.length = 6;
    const made = clone(array);
    equal(made.length, 6);
    deepEqual(Object.keys(made), ['0', '2', 'name']);
    const sparse = [];
    sparse[4_000_000_000] = 'far';
    equal(clone(sparse).length, 4_000_000_001);
    equal(clone(sparse)[4_000_000_000], 'far');
    ok(Array.isArray(clone([])));
    deepEqual(clone(Object.freeze([1, 2])), [1, 2]);
    deepEqual(clone([1, 2.5, 3]), [1, 2.5, 3]);
    deepEqual(clone([1, 2, 'x', undefined, null]), [1, 2, 'x', undefined, null]);
    deepEqual(clone([1, -0, 2]).map((x) => Object.is(x, -0)), [false, true, false]);
    ok(!(1 in clone([1, , 2])));
});

test('an array with accessors for items is read through them', () => {
    const array = [0, 1];
    Object.defineProperty(array, 1, { enumerable: true, get: () => 'got' });
    deepEqual(clone(array), [0, 'got']);
    class Special extends Array {}
    const made = clone(Special.from([1, 2]));
    equal(Object.getPrototypeOf(made), Array.prototype);
    deepEqual(made, [1, 2]);
});

test('objects keep their own enumerable string keys in order and lose the rest', () => {
    class Point { #hidden = 1; constructor() { this.x = 1; } get y() { return 2; } read() { return this.#hidden; } }
    const made = clone(new Point());
    deepEqual(Object.keys(made), ['x']);
    equal(Object.getPrototypeOf(made), Object.prototype);
    const object = { b: 1, 2: 'two', a: 3, 1: 'one', [Symbol('s')]: 5 };
    Object.defineProperty(object, 'hidden', { value: 1, enumerable: false });
    const copy = clone(object);
    deepEqual(Object.keys(copy), ['1', '2', 'b', 'a']);
    equal(Reflect.ownKeys(copy).length, 4);
    equal(Object.getPrototypeOf(clone(Object.create(null))), Object.prototype);
    deepEqual(Object.getOwnPropertyDescriptor(clone(Object.freeze({ a: 1 })), 'a'),
        { value: 1, writable: true, enumerable: true, configurable: true });
});

test('a key named __proto__ is a property like others', () => {
    const object = JSON.parse('{"__proto__": {"x": 1}, "a": 2}');
    const made = clone(object);
    deepEqual(Object.keys(made), ['__proto__', 'a']);
    equal(Object.getPrototypeOf(made), Object.prototype);
    equal(made.x, undefined);
});

test('objects of a hundred keys and of none', () => {
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key ${i}`, i]));
    deepEqual(clone(wide), wide);
    deepEqual(clone({}), {});
    deepEqual(clone([{ a: 1, b: 2 }, { b: 3, a: 4 }, { a: 5 }, { a: 6, b: 7 }]), [{ a: 1, b: 2 }, { b: 3, a: 4 }, { a: 5 }, { a: 6, b: 7 }]);
});

test('cycles and shared references survive', () => {
    const shared = { s: 1 };
    const object = { one: shared, two: shared, list: [shared] };
    object.self = object;
    const made = clone(object);
    equal(made.self, made);
    equal(made.one, made.two);
    equal(made.list[0], made.one);
    ok(made.one !== shared);
    const date = new Date(0);
    const { a, b } = clone({ a: date, b: date });
    equal(a, b);
});

// MARK: Errors

test('errors keep the seven names, message, stack and cause', () => {
    for (const Type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
        const error = new Type('what', { cause: { why: 1 } });
        const made = clone(error);
        equal(Object.getPrototypeOf(made), Type.prototype);
        equal(made.message, 'what');
        equal(made.stack, error.stack);
        deepEqual(made.cause, { why: 1 });
        deepEqual(Object.keys(made), []);
    }
});

test('an error of another name becomes an Error, and its other properties are lost', () => {
    const error = new TypeError('m');
    error.name = 'CustomError';
    error.code = 'E_X';
    const made = clone(error);
    equal(made.constructor, Error);
    equal(made.name, 'Error');
    equal(made.code, undefined);
    class Mine extends RangeError { get name() { return 'TypeError'; } }
    equal(clone(new Mine('x')).constructor, TypeError);
    equal(clone(new AggregateError([1], 'several')).constructor, Error);
    ok(!Object.hasOwn(clone(new Error()), 'message'));
    ok(!Object.hasOwn(clone(new Error('x')), 'cause'));
});

test('an error whose message is an accessor has none', () => {
    const error = new Error('m');
    Object.defineProperty(error, 'message', { get: () => 'never' });
    ok(!Object.hasOwn(clone(error), 'message'));
});

since('22', 'an error can be its own cause', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    const made = clone(loop);
    equal(made.cause, made);
});

since('21', 'a DOMException stays one', () => {
    const made = clone(new DOMException('gone', 'AbortError'));
    ok(made instanceof DOMException);
    equal(made.name, 'AbortError');
    equal(made.message, 'gone');
    equal(made.code, 20);
});

// MARK: Memory

test('a buffer is copied, and keeps its maximum if it is resizable', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const made = clone(bytes.buffer);
    ok(made instanceof ArrayBuffer && made !== bytes.buffer);
    deepEqual([...new Uint8Array(made)], [1, 2, 3]);
    const growing = clone(new ArrayBuffer(4, { maxByteLength: 16 }));
    equal(growing.maxByteLength, 16);
    growing.resize(9);
    equal(growing.byteLength, 9);
    equal(clone(new ArrayBuffer(0)).byteLength, 0);
    const large = new Uint8Array(1_000_000).fill(7);
    equal(clone(large)[999_999], 7);
});

test('every kind of view comes over with the whole of its buffer', () => {
    const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
        Float64Array, BigInt64Array, BigUint64Array, DataView];
    const buffer = Uint8Array.from({ length: 64 }, (_, i) => i).buffer;
    const views = types.map((Type) => new Type(buffer, 8, 2));
    const made = clone(views);
    for (let i = 0; i < types.length; i++) {
        equal(Object.getPrototypeOf(made[i]), types[i].prototype);
        equal(made[i].byteOffset, 8);
        equal(made[i].byteLength, views[i].byteLength);
        equal(made[i].buffer, made[0].buffer);
    }
    equal(made[0].buffer.byteLength, 64);
    equal(made[1][1], 9);
    equal(clone(Buffer.from('abc')).constructor, Uint8Array);
});

test('a view that follows its buffer goes on following it, another does not', () => {
    for (const [now, max] of [[8, 16], [8, 8], [10, 11]]) {
        const buffer = new ArrayBuffer(now, { maxByteLength: max });
        new Uint8Array(buffer).fill(5);
        const [made, follows, fixed, words, data, empty] = clone([buffer, new Uint8Array(buffer, 2), new Uint8Array(buffer, 2, now - 2),
            new Uint16Array(buffer), new DataView(buffer, 1), new Uint8Array(buffer, 4, 0)]);
        equal(follows.length, now - 2);
        equal(fixed.length, now - 2);
        made.resize(4);
        equal(follows.length, 2);
        equal(words.length, 2);
        equal(data.byteLength, 3);
        equal(fixed.length, 0);
        equal(empty.length, 0);
        equal(buffer.byteLength, now);
        deepEqual([...new Uint8Array(buffer)], Array(now).fill(5));
    }
});

test('a view that its buffer has shrunk below cannot be cloned', () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
    const view = new Uint8Array(buffer, 4, 4);
    const data = new DataView(buffer, 4, 4);
    buffer.resize(7);
    throws(() => clone(view), { name: 'DataCloneError' });
    refuses(data, '#<DataView>');
});

test('shared memory stays shared', () => {
    const buffer = new SharedArrayBuffer(8);
    const made = clone({ buffer, view: new Int32Array(buffer, 4) });
    ok(made.buffer instanceof SharedArrayBuffer);
    equal(made.view.buffer, made.buffer);
    new Int32Array(buffer)[1] = 42;
    equal(made.view[0], 42);
});

// MARK: What cannot be cloned

test('functions, symbols and what has hidden state are refused by name', () => {
    refuses(Symbol('x'), 'Symbol(x)');
    refuses({ f() {} }, 'f() {}');
    refuses(class A {}, 'class A {}');
    refuses(new WeakMap(), '#<WeakMap>');
    refuses(new WeakSet(), '#<WeakSet>');
    refuses(new WeakRef({}), '#<WeakRef>');
    refuses(Promise.resolve(), '#<Promise>');
    refuses(new (class Mine extends Promise {})(() => {}), '#<Mine>');
    refuses(Object(Symbol('x')), '[object Symbol]');
    refuses((function* () {})(), '[object Generator]');
    throws(() => clone(Object.setPrototypeOf(new WeakMap(), null)), { name: 'DataCloneError' });
    throws(() => clone((function () { return arguments; })(1)), { name: 'DataCloneError' });
    throws(() => clone([].values()), { name: 'DataCloneError' });
    throws(() => clone(globalThis), { name: 'DataCloneError' });
});

test('proxies are refused without a trap being called', () => {
    const calls = [];
    const handler = new Proxy({}, { get(_, name) { calls.push(name); return undefined; } });
    refuses(new Proxy({}, handler), '#<Object>');
    refuses(new Proxy([], handler), '[object Array]');
    refuses({ deep: [new Proxy(new Map(), handler)] }, '#<Map>');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    refuses(proxy, 'null');
    deepEqual(calls, []);
});

test('an object is what it is made of, not what its prototype says', () => {
    const map = Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype);
    ok(clone(map) instanceof Map);
    ok(clone(Object.setPrototypeOf(new Error('x'), null)) instanceof Error);
    deepEqual(clone(Object.create(Date.prototype)), {});
    deepEqual(clone(Object.create(Map.prototype)), {});
    const liar = { [Symbol.toStringTag]: 'Map' };
    equal(Object.getPrototypeOf(clone(liar)), Object.prototype);
});

test('a detached buffer is refused, and so is a view of one', () => {
    const view = new Uint8Array(4);
    clone(0, { transfer: [view.buffer] });
    const error = cloneError('An ArrayBuffer is detached and could not be cloned.');
    throws(() => clone(view.buffer), error);
    throws(() => clone(view), error);
});

// MARK: Transfer

test('a transferred buffer moves, and leaves its sender empty', () => {
    const view = new Uint8Array([1, 2, 3]);
    const { buffer } = view;
    const made = clone({ view, buffer }, { transfer: [buffer] });
    equal(buffer.byteLength, 0);
    equal(view.length, 0);
    equal(made.view.buffer, made.buffer);
    deepEqual([...made.view], [1, 2, 3]);
    const growing = new ArrayBuffer(4, { maxByteLength: 16 });
    const moved = clone(growing, { transfer: [growing] });
    equal(moved.maxByteLength, 16);
    ok(moved.resizable);
});

test('what is listed is detached even if the value has no use for it', () => {
    const buffer = new ArrayBuffer(8);
    equal(clone('other', { transfer: [buffer] }), 'other');
    equal(buffer.byteLength, 0);
});

test('a failed clone detaches nothing', () => {
    const first = new ArrayBuffer(8);
    const second = new ArrayBuffer(8);
    throws(() => clone({ first, f() {} }, { transfer: [first, second] }), { name: 'DataCloneError' });
    equal(first.byteLength, 8);
    equal(second.byteLength, 8);
    throws(() => clone({ get x() { throw new RangeError('mine'); } }, { transfer: [first] }), { name: 'RangeError', message: 'mine' });
    equal(first.byteLength, 8);
});

test('a buffer that a getter detaches meanwhile fails the clone', () => {
    const first = new ArrayBuffer(8);
    const second = new ArrayBuffer(8);
    const value = { get x() { clone(0, { transfer: [second] }); return 1; } };
    if (!since('22')) return;
    throws(() => clone(value, { transfer: [first, second] }), { name: 'DataCloneError' });
    equal(first.byteLength, 8);
});

test('a transfer list has each buffer once', () => {
    const buffer = new ArrayBuffer(1);
    throws(() => clone(buffer, { transfer: [buffer, buffer] }), cloneError('Transfer list contains duplicate ArrayBuffer'));
    equal(buffer.byteLength, 1);
    for (const transfer of [[1], [{}], [new SharedArrayBuffer(1)], [new Uint8Array(1)]]) {
        throws(() => clone(1, { transfer }), { message: 'Found invalid object in transferList' });
    }
});

test('a transfer list can be any iterable', () => {
    const buffer = new ArrayBuffer(8);
    equal(clone(buffer, { transfer: new Set([buffer]) }).byteLength, 8);
    equal(buffer.byteLength, 0);
    throws(() => clone(1, { transfer: 5 }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
});

test('the arguments are checked', () => {
    throws(() => clone(), { name: 'TypeError', code: 'ERR_MISSING_ARGS', message: 'The value argument must be specified' });
    throws(() => clone(1, 'x'), {
        name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: 'The options argument must be either an object or undefined',
    });
    equal(clone(1, null), 1);
    equal(clone(1, {}), 1);
    equal(clone.name, 'structuredClone');
});

// MARK: Hostile values

test('what a getter throws comes through as it is', () => {
    const thrown = { odd: true };
    let caught;
    try {
        clone([{ get x() { throw thrown; } }]);
    } catch (error) {
        caught = error;
    }
    equal(caught, thrown);
});

test('getters run once each, in order, inner values first', () => {
    const log = [];
    const value = {
        get a() { log.push('a'); return { get inner() { log.push('inner'); return 1; } }; },
        get b() { log.push('b'); return 2; },
    };
    deepEqual(clone(value), { a: { inner: 1 }, b: 2 });
    deepEqual(log, ['a', 'inner', 'b']);
});

test('getters may change what is being cloned', () => {
    const object = { get a() { delete this.b; this.c = 'new'; return 1; }, b: 2, d: 3 };
    deepEqual(clone(object), { a: 1, d: 3 });
    const list = [{ get x() { list.length = 1; return 1; } }, 2, 3];
    const made = clone(list);
    equal(made.length, 3);
    deepEqual(Object.keys(made), ['0']);
    const growing = [{ get x() { growing.push(4); return 1; } }, 2];
    equal(clone(growing).length, 2);
});

test('a getter may clone as well', () => {
    const value = { get a() { return clone({ b: [1, 2, { c: clone('x') }] }); }, d: 1 };
    deepEqual(clone([value, value]), [{ a: { b: [1, 2, { c: 'x' }] }, d: 1 }, { a: { b: [1, 2, { c: 'x' }] }, d: 1 }]);
});

test('polluted prototypes do not leak in or take part', () => {
    const touched = [];
    const spy = (name) => ({ configurable: true, set() { touched.push(name); }, get() { touched.push(name); return 'polluted'; } });
    Object.defineProperty(Object.prototype, 'a', spy('a'));
    Object.defineProperty(Object.prototype, 'locked', { configurable: true, writable: false, value: 1 });
    try {
        const made = clone({ a: 1, list: [{ a: 2 }], locked: 2 });
        equal(Object.getOwnPropertyDescriptor(made, 'a').value, 1);
        equal(Object.getOwnPropertyDescriptor(made.list[0], 'a').value, 2);
        equal(Object.getOwnPropertyDescriptor(made, 'locked').value, 2);
    } finally {
        delete Object.prototype.a;
        delete Object.prototype.locked;
    }
    deepEqual(touched.filter((name) => name !== 'a'), []);
});

since('22', 'patched methods are not called', () => {
    const touched = [];
    const patched = [];
    for (const [owner, names] of [[Array.prototype, ['push', 'map', Symbol.iterator]], [Map.prototype, ['set', 'get', 'forEach', Symbol.iterator]],
        [String.prototype, ['substring', 'slice', 'charCodeAt']], [Set.prototype, ['add', 'forEach']], [Object, ['keys', 'defineProperty']]]) {
        for (const name of names) patched.push([owner, name, Object.getOwnPropertyDescriptor(owner, name)]);
    }
    const buffer = new ArrayBuffer(3);
    const value = { list: [1, [2]], map: new Map([[1, 2]]), set: new Set([1]), bytes: new Uint8Array(3), text: 'long enough to be cut', buffer };
    const { defineProperty } = Object;
    const bad = () => { touched[touched.length] = 'method'; throw new Error('called'); };
    for (let i = 0; i < patched.length; i++) defineProperty(patched[i][0], patched[i][1], { configurable: true, value: bad });
    let made;
    let moved;
    try {
        made = clone(value);
        moved = clone(value, { transfer: [buffer] });
    } catch (error) {
        made = error;
    } finally {
        for (let i = 0; i < patched.length; i++) defineProperty(patched[i][0], patched[i][1], patched[i][2]);
    }
    deepEqual(touched, []);
    deepEqual(made.list, value.list);
    equal(made.map.get(1), 2);
    equal(moved.text, value.text);
    equal(moved.buffer.byteLength, 3);
});

test('items do not pass by accessors on Array.prototype', () => {
    const touched = [];
    Object.defineProperty(Array.prototype, 0, { configurable: true, set() { touched.push('set'); }, get: () => 'polluted' });
    let dense;
    let holed;
    let numbers;
    try {
        dense = clone(Object.defineProperty([], 0, { value: { x: 1 }, writable: true, enumerable: true, configurable: true }));
        holed = clone([, 2]);
        numbers = clone(Float64Array.of(1, 2));
    } finally {
        delete Array.prototype[0];
    }
    deepEqual(dense, [{ x: 1 }]);
    deepEqual(Object.keys(holed), ['1']);
    deepEqual([...numbers], [1, 2]);
    deepEqual(touched, []);
});

test('a species is not asked', () => {
    const bad = { get() { throw new Error('asked'); }, configurable: true };
    const buffer = Object.defineProperty(new ArrayBuffer(8), 'constructor', bad);
    equal(clone(buffer).byteLength, 8);
    const view = Object.defineProperty(new Uint8Array(8), 'constructor', bad);
    equal(clone(view).length, 8);
    const array = Object.defineProperty([1, 2], 'constructor', { ...bad, enumerable: false });
    deepEqual(clone(array), [1, 2]);
});
