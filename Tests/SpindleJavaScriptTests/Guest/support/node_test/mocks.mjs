// Tests that pass, of mocks and of what contexts offer.

import assert from 'node:assert';
import test, { mock, suite } from 'node:test';

suite('functions', () => {
    test('record their calls', (t) => {
        const add = t.mock.fn((a, b) => a + b);
        assert.equal(add(1, 2), 3);
        assert.equal(add.call('self', 3, 4), 7);
        const [one, two] = add.mock.calls;
        assert.deepEqual(one.arguments, [1, 2]);
        assert.equal(one.result, 3);
        assert.equal(two.this, 'self');
        assert.equal(add.mock.callCount(), 2);
        add.mock.resetCalls();
        assert.equal(add.mock.callCount(), 0);
    });
    test('record what they throw', (t) => {
        const fail = t.mock.fn(() => { throw new Error('x'); });
        assert.throws(fail, /x/);
        assert.equal(fail.mock.calls[0].error.message, 'x');
    });
    test('change what they do', (t) => {
        const f = t.mock.fn(() => 'original', () => 'mocked');
        assert.equal(f(), 'mocked');
        f.mock.mockImplementationOnce(() => 'once');
        f.mock.mockImplementationOnce(() => 'third', 3);
        assert.deepEqual([f(), f(), f(), f()], ['once', 'mocked', 'third', 'mocked']);
        f.mock.mockImplementation(() => 'other');
        assert.equal(f(), 'other');
        f.mock.restore();
        assert.equal(f(), 'original');
        const twice = t.mock.fn(() => 'original', () => 'mocked', { times: 2 });
        assert.deepEqual([twice(), twice(), twice()], ['mocked', 'mocked', 'original']);
    });
    test('can be constructed', (t) => {
        class Point { constructor(x) { this.x = x; } }
        const Mocked = t.mock.fn(Point);
        const point = new Mocked(3);
        assert.equal(point.x, 3);
        assert.equal(Mocked.mock.calls[0].result, point);
    });
});

suite('methods', () => {
    class Base { greet() { return `hello ${this.name}`; } }
    test('are replaced and come back', (t) => {
        const object = Object.assign(new Base(), { name: 'you' });
        t.mock.method(object, 'greet');
        assert.equal(object.greet(), 'hello you');
        assert.equal(object.greet.mock.callCount(), 1);
        t.mock.method(object, 'greet', () => 'mocked');
        assert.equal(object.greet(), 'mocked');
        t.mock.restoreAll();
        assert.equal(object.greet(), 'hello you');
    });
    test('getters and setters too', (t) => {
        const object = { get value() { return 1; }, set value(value) { throw new Error('no'); } };
        const getter = t.mock.getter(object, 'value', () => 2);
        const setter = t.mock.setter(object, 'value', () => {});
        object.value = 5;
        assert.equal(object.value, 2);
        assert.deepEqual([getter.mock.callCount(), setter.mock.calls[0].arguments], [1, [5]]);
    });
    test('what is no method is refused', (t) => {
        assert.throws(() => t.mock.method({ x: 1 }, 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
        assert.throws(() => t.mock.fn(1), { code: 'ERR_INVALID_ARG_TYPE' });
    });
    test('those of the module last until they are reset', () => {
        const object = { f: () => 1 };
        mock.method(object, 'f', () => 2);
        assert.equal(object.f(), 2);
        mock.reset();
        assert.equal(object.f(), 1);
    });
});

test('timers run when the test says so', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: 1000 });
    const log = [];
    setTimeout((value) => log.push(value), 10, 'timeout');
    const interval = setInterval(() => log.push('interval'), 4);
    const cleared = setTimeout(() => log.push('never'), 5);
    clearTimeout(cleared);
    setImmediate(() => log.push('immediate'));
    t.mock.timers.tick(3);
    assert.deepEqual(log, ['immediate']);
    assert.equal(Date.now(), 1003);
    t.mock.timers.tick(7);
    assert.deepEqual(log, ['immediate', 'interval', 'interval', 'timeout']);
    clearInterval(interval);
    t.mock.timers.runAll();
    assert.equal(new Date().getTime(), 1010);
    t.mock.timers.reset();
    assert.ok(Date.now() > 1e12);
});

test('contexts know their test', async (t) => {
    assert.equal(t.name, 'contexts know their test');
    assert.equal(t.signal.aborted, false);
    let inner;
    await t.test('inside', (own) => {
        inner = own;
        assert.equal(own.signal.aborted, false);
    });
    assert.equal(inner.signal.aborted, true);
    let tries = 0;
    if (t.waitFor !== undefined) {
        assert.equal(await t.waitFor(() => ++tries === 3 ? 'done' : assert.fail(), { interval: 1 }), 'done');
    }
});
