'use strict';

const assert = require('assert');
const { deepEqual, equal, match, ok, rejects, since, test, throws } = require('./support/harness.cjs');

const bad = new TypeError('bad thing');
const throwing = (error) => () => { throw error; };

// The message an assertion fails with. Node.js ends some with a line feed in some versions only.
function message(body) {
    return throws(body, { name: 'AssertionError', code: 'ERR_ASSERTION' }).message.trimEnd();
}

test('ok fails for what is falsy', () => {
    assert(1);
    assert.ok({});
    equal(message(() => assert(0, 'why')), 'why');
    equal(message(() => assert.ok()), 'No value argument passed to `assert.ok()`');
    const error = throws(() => assert.ok(null), { actual: null, expected: true, operator: '==', generatedMessage: true });
    match(error.message, /The expression evaluated to a falsy value/);
    throws(() => assert.ok(false, bad), { name: 'TypeError', message: 'bad thing' });
});

test('equality, loose and strict', () => {
    assert.equal(1, '1');
    assert.equal(NaN, NaN);
    assert.equal(null, undefined);
    assert.notEqual(1, 2);
    assert.strictEqual(NaN, NaN);
    assert.notStrictEqual(0, -0);
    equal(message(() => assert.equal(1, 2)), '1 == 2');
    equal(message(() => assert.notEqual('a', 'a')), "'a' != 'a'");
    equal(message(() => assert.strictEqual(1, 2)), 'Expected values to be strictly equal:\n\n1 !== 2');
    equal(message(() => assert.notStrictEqual(1, 1)), 'Expected "actual" to be strictly unequal to: 1');
    equal(message(() => assert.strictEqual({ a: 1 }, { a: 1 })),
        'Values have same structure but are not reference-equal:\n\n{\n  a: 1\n}');
    equal(message(() => assert.strictEqual('aaaaaaaaaa', 'aaaaaaaaab')),
        "Expected values to be strictly equal:\n+ actual - expected\n\n+ 'aaaaaaaaaa'\n- 'aaaaaaaaab'\n            ^");
    equal(message(() => assert.equal(1, 2, 'mine')), 'mine');
    throws(() => assert.equal(1), { code: 'ERR_MISSING_ARGS' });
    throws(() => assert.equal(1, 2, bad), { name: 'TypeError' });
});

test('errors carry what was compared', () => {
    throws(() => assert.strictEqual(1, 2), {
        actual: 1, expected: 2, operator: 'strictEqual', generatedMessage: true, code: 'ERR_ASSERTION',
    });
    throws(() => assert.strictEqual(1, 2, 'x'), { generatedMessage: false });
    const error = new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' });
    ok(error instanceof Error);
    equal(error.name, 'AssertionError');
    match(String(error), /^AssertionError \[ERR_ASSERTION\]: Expected values to be strictly equal:/);
    throws(() => new assert.AssertionError('x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('differences are shown line by line', () => {
    equal(message(() => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] })),
        'Expected values to be strictly deep-equal:\n+ actual - expected\n\n' +
        '  {\n    a: 1,\n    b: [\n      1,\n+     2\n-     3\n    ]\n  }');
    equal(message(() => assert.deepStrictEqual([1, 2, 3], [1, 2, 3, 4])),
        'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n    1,\n    2,\n    3,\n-   4\n  ]');
    equal(message(() => assert.deepEqual({ a: 1 }, { a: 2 })),
        'Expected values to be loosely deep-equal:\n\n{\n  a: 1\n}\n\nshould loosely deep-equal\n\n{\n  a: 2\n}');
    equal(message(() => assert.notDeepStrictEqual([1], [1])),
        'Expected "actual" not to be strictly deep-equal to:\n\n[\n  1\n]');
    equal(message(() => assert.notDeepEqual([1], [1])), 'Expected "actual" not to be loosely deep-equal to:\n\n[\n  1\n]');
});

since('22', 'an inserted line does not make the rest differ', () => {
    const lines = (...items) => items;
    equal(message(() => assert.deepStrictEqual(lines(1, 2, 3, 4, 5), lines(0, 1, 2, 3, 4, 5))),
        'Expected values to be strictly deep-equal:\n+ actual - expected\n\n' +
        '  [\n-   0,\n    1,\n    2,\n    3,\n    4,\n    5\n  ]');
});

since('22', 'long runs of common lines are cut', () => {
    const numbers = (replaced) => Array.from({ length: 60 }, (_, i) => (i === replaced ? 'x' : i));
    const text = message(() => assert.deepStrictEqual(numbers(30), numbers()));
    match(text, /\.\.\. Skipped lines\n/);
    match(text, /\n\.\.\.\n {4}29,\n\+ {3}'x',\n- {3}30,\n {4}31,\n/);
    ok(text.split('\n').length < 25);
});

test('strict mode is the strict functions under short names', () => {
    equal(require('assert/strict'), assert.strict);
    equal(assert.strict.strict, assert.strict);
    equal(assert.strict.equal, assert.strictEqual);
    equal(assert.strict.deepEqual, assert.deepStrictEqual);
    equal(assert.strict.notEqual, assert.notStrictEqual);
    equal(message(() => assert.strict(0, 'no')), 'no');
});

test('throws checks the error', () => {
    assert.throws(throwing(bad));
    assert.throws(throwing(bad), TypeError);
    assert.throws(throwing(bad), Error);
    assert.throws(throwing(bad), /bad/);
    assert.throws(throwing(bad), { message: 'bad thing', name: 'TypeError' });
    assert.throws(throwing(bad), { message: /bad/ });
    assert.throws(throwing(bad), new TypeError('bad thing'));
    assert.throws(throwing(bad), (error) => error === bad);
    assert.throws(throwing('text'), /text/);
    equal(message(() => assert.throws(() => {})), 'Missing expected exception.');
    equal(message(() => assert.throws(() => {}, RangeError, 'why')), 'Missing expected exception (RangeError): why');
    equal(message(() => assert.throws(() => {}, 'why')), 'Missing expected exception: why');
    equal(message(() => assert.throws(throwing(bad), /good/)),
        "The input did not match the regular expression /good/. Input:\n\n'TypeError: bad thing'");
    equal(message(() => assert.throws(throwing(bad), { message: 'good' })),
        'Expected values to be strictly deep-equal:\n+ actual - expected\n\n' +
        "  Comparison {\n+   message: 'bad thing'\n-   message: 'good'\n  }");
    equal(message(() => assert.throws(throwing(bad), RangeError)),
        'The error is expected to be an instance of "RangeError". Received "TypeError"\n\nError message:\n\nbad thing');
    equal(message(() => assert.throws(throwing(bad), function check() { return 1; })),
        'The "check" validation function is expected to return "true". Received 1\n\nCaught error:\n\nTypeError: bad thing');
    throws(() => assert.throws(throwing(bad), RangeError), { operator: 'throws', generatedMessage: true });
});

test('throws rejects misuse', () => {
    throws(() => assert.throws('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => assert.throws(throwing(bad), 5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => assert.throws(throwing(bad), 'a', 'b'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => assert.throws(throwing(bad), {}), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => assert.throws(throwing(bad), 'bad thing'), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
    throws(() => assert.throws(throwing('same'), 'same'), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
});

test('doesNotThrow passes other errors on', () => {
    assert.doesNotThrow(() => {});
    equal(message(() => assert.doesNotThrow(throwing(bad), 'why')),
        'Got unwanted exception: why\nActual message: "bad thing"');
    throws(() => assert.doesNotThrow(throwing(bad), RangeError), { name: 'TypeError' });
});

test('rejects and doesNotReject', async () => {
    await assert.rejects(Promise.reject(bad), TypeError);
    await assert.rejects(async () => { throw bad; }, /bad/);
    await assert.doesNotReject(Promise.resolve());
    await rejects(assert.rejects(Promise.resolve()), { message: 'Missing expected rejection.', operator: 'rejects' });
    await rejects(assert.doesNotReject(Promise.reject(bad)), { message: /Got unwanted rejection/ });
    await rejects(assert.rejects(() => 1), { code: 'ERR_INVALID_RETURN_VALUE' });
    await rejects(assert.rejects(5), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(assert.rejects(() => { throw bad; }), { name: 'TypeError' });
});

test('match and doesNotMatch', () => {
    assert.match('abc', /b/);
    assert.doesNotMatch('abc', /x/);
    equal(message(() => assert.match('abc', /x/)), "The input did not match the regular expression /x/. Input:\n\n'abc'");
    equal(message(() => assert.doesNotMatch('abc', /b/)),
        "The input was expected to not match the regular expression /b/. Input:\n\n'abc'");
    match(message(() => assert.match(5, /b/)), /must be of type string\. Received type number \(5\)/);
    throws(() => assert.match('a', 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('fail and ifError', () => {
    equal(message(() => assert.fail()), 'Failed');
    equal(message(() => assert.fail('boom')), 'boom');
    throws(() => assert.fail(bad), { name: 'TypeError' });
    assert.ifError(null);
    assert.ifError(undefined);
    equal(message(() => assert.ifError(0)), 'ifError got unwanted exception: 0');
    equal(message(() => assert.ifError(bad)), 'ifError got unwanted exception: bad thing');
    equal(message(() => assert.ifError(new RangeError(''))), 'ifError got unwanted exception: RangeError');
});

// Values made anew by each call; each is equal to its second self and to no other, unless a later table says so.
const makers = [
    () => 1, () => 'text', () => null, () => NaN, () => 5n, () => [], () => [1, [2]], () => [, 1], () => [undefined, 1],
    () => Object.assign([1], { x: 1 }), () => ({}), () => ({ a: { b: [1] } }), () => ({ a: undefined }),
    () => ({ [Symbol.for('s')]: 1 }), () => Object.create(null), () => new Map(), () => new Map([[1, { a: 1 }]]),
    () => new Map([[{ k: 1 }, [1]], [{ k: 2 }, [2]]]), () => new Map([[NaN, 1]]), () => new Set(), () => new Set([1, 'a']),
    () => new Set([{ a: 1 }, { a: 2 }]), () => new Set([[1], [2, new Set([3])]]), () => new Date(1), () => new Date(2),
    () => /a/, () => /a/g, () => new Uint8Array([1, 2]), () => new Uint8Array([1, 3]), () => new Int8Array([1, 2]),
    () => new Float64Array([NaN]), () => new Float64Array([-0]), () => new ArrayBuffer(2), () => new DataView(new ArrayBuffer(2)),
    () => Object(1), () => Object('1'), () => Object(true), () => Object(Symbol.for('x')), () => new Error('a'),
    () => new TypeError('a'), () => new Error('b'), () => new Error('a', { cause: 1 }), () => new AggregateError([1], 'a'),
    () => { const cycle = { a: [] }; cycle.a.push(cycle); return cycle; },
    () => { const map = new Map(); map.set('self', map); return map; },
];

test('deep strict equality is structural', () => {
    makers.forEach((make, i) => makers.forEach((other, j) => {
        let isEqual = true;
        try {
            assert.deepStrictEqual(make(), other());
        } catch {
            isEqual = false;
        }
        equal(isEqual, i === j, `${make} and ${other}`);
    }));
});

test('deep loose equality converts primitives and ignores prototypes', () => {
    const pairs = [
        [1, '1'], [[1], ['1']], [{ a: 1 }, { a: '1' }], [new Set([1]), new Set(['1'])],
        [new Map([[1, 2]]), new Map([['1', '2']])],
        [{}, Object.create(null)], [[0], [-0]], [new Set([null]), new Set([undefined])], [null, undefined],
        [{ [Symbol.for('s')]: 1 }, {}], [new Float32Array([0]), new Float32Array([-0])],
        [new (class A { constructor() { this.x = 1; } })(), { x: 1 }],
    ];
    for (const [a, b] of pairs) {
        assert.deepEqual(a, b);
        throws(() => assert.deepStrictEqual(a, b), { code: 'ERR_ASSERTION' });
    }
    const unequal = [[1, 2], [[1], [1, 2]], [{ a: 1 }, { b: 1 }], [[], {}], [1, {}], [new Date(0), {}], ['a', ['a']]];
    for (const [a, b] of unequal) {
        throws(() => assert.deepEqual(a, b), { code: 'ERR_ASSERTION' });
    }
});

test('the same object is equal to itself, whatever it is', () => {
    for (const value of [new WeakMap(), new WeakSet(), Promise.resolve(), () => {}, Symbol('x')]) {
        assert.deepStrictEqual(value, value);
        assert.deepStrictEqual([value], [value]);
    }
    throws(() => assert.deepStrictEqual(() => {}, () => {}), { code: 'ERR_ASSERTION' });
});

since('24', 'what cannot be looked into is equal to itself only', () => {
    throws(() => assert.deepStrictEqual(new WeakMap(), new WeakMap()), { code: 'ERR_ASSERTION' });
    throws(() => assert.deepStrictEqual(new WeakSet(), new WeakSet()), { code: 'ERR_ASSERTION' });
    throws(() => assert.deepStrictEqual(Promise.resolve(1), Promise.resolve(1)), { code: 'ERR_ASSERTION' });
});

since('22', 'partialDeepStrictEqual asks for no more than is expected', () => {
    const holds = [
        [{ a: 1, b: 2 }, { a: 1 }], [{ a: { b: 1, c: 2 } }, { a: { c: 2 } }], [[1, 2, 3], [1, 3]],
        [new Set([1, { a: 1, b: 2 }]), new Set([{ b: 2 }])],
        [new Map([['a', 1], ['b', { c: 1, d: 2 }]]), new Map([['b', { d: 2 }]])],
        [{ a: 1, [Symbol.for('s')]: 2 }, { [Symbol.for('s')]: 2 }], [new Uint8Array([1, 2, 3]), new Uint8Array([1, 3])], [1, 1],
    ];
    for (const [actual, expected] of holds) assert.partialDeepStrictEqual(actual, expected);
    const fails = [
        [{ a: 1 }, { a: 1, b: 2 }], [{ a: 1 }, { a: '1' }], [[1, 2], [2, 1]], [new Set([1]), new Set([1, 2])],
        [new Map([['a', 1]]), new Map([['a', 2]])], [1, 2], [{}, []],
    ];
    for (const [actual, expected] of fails) {
        throws(() => assert.partialDeepStrictEqual(actual, expected), { operator: 'partialDeepStrictEqual' });
    }
});

test('a comparison ends in cycles of different lengths', () => {
    const ring = (length) => {
        const first = {};
        let last = first;
        for (let i = 1; i < length; i++) last = last.next = {};
        last.next = first;
        return first;
    };
    assert.deepStrictEqual(ring(3), ring(3));
    deepEqual(message(() => assert.deepStrictEqual({ r: ring(2), x: 1 }, { r: ring(2), x: 2 })).includes('+   x: 1'), true);
});
