'use strict';
const { beyond, deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const {
    AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, triggerAsyncId,
} = require('node:async_hooks');

test('run sets the store inside and restores it, also after a throw', () => {
    const storage = new AsyncLocalStorage();
    equal(storage.getStore(), undefined);
    equal(storage.run(1, (a, b) => storage.getStore() + a + b, 2, 3), 6);
    equal(storage.getStore(), undefined);
    storage.run('outer', () => {
        throws(() => storage.run('inner', () => { throw new Error('x'); }));
        equal(storage.getStore(), 'outer');
        equal(storage.exit(() => storage.getStore()), undefined);
        equal(storage.getStore(), 'outer');
    });
});

test('storages do not disturb each other', () => {
    const one = new AsyncLocalStorage();
    const two = new AsyncLocalStorage();
    one.run(1, () => two.run(2, () => {
        deepEqual([one.getStore(), two.getStore()], [1, 2]);
        one.exit(() => deepEqual([one.getStore(), two.getStore()], [undefined, 2]));
    }));
});

test('the store goes along with timers, ticks, microtasks and reactions', async () => {
    const storage = new AsyncLocalStorage();
    const seen = {};
    await new Promise((resolve) => {
        storage.run('s', () => {
            setTimeout(() => { seen.timeout = storage.getStore(); }, 1);
            const interval = setInterval(() => {
                seen.interval = storage.getStore();
                clearInterval(interval);
            }, 1);
            setImmediate(() => { seen.immediate = storage.getStore(); });
            process.nextTick(() => { seen.tick = storage.getStore(); });
            queueMicrotask(() => { seen.microtask = storage.getStore(); });
            Promise.resolve().then(() => { seen.then = storage.getStore(); });
            Promise.reject(new Error()).catch(() => { seen.catch = storage.getStore(); });
            Promise.resolve().finally(() => { seen.finally = storage.getStore(); });
            Promise.all([1, 2]).then(() => { seen.all = storage.getStore(); });
        });
        setTimeout(resolve, 15);
    });
    deepEqual(Object.values(seen), Array(9).fill('s'));
    equal(storage.getStore(), undefined);
});

test('chains started in different stores keep apart', async () => {
    const storage = new AsyncLocalStorage();
    const chain = (id) => storage.run(id, () => Promise.resolve().then(() => storage.getStore())
        .then((value) => new Promise((resolve) => setTimeout(() => resolve([value, storage.getStore()]), 2)))
        .then((values) => [...values, storage.getStore()]));
    deepEqual(await Promise.all([chain(1), chain(2), chain(3)]), [[1, 1, 1], [2, 2, 2], [3, 3, 3]]);
});

test('enterWith lasts, disable ends', () => {
    const storage = new AsyncLocalStorage();
    storage.enterWith('here');
    equal(storage.getStore(), 'here');
    storage.disable();
    equal(storage.getStore(), undefined);
});

test('bind and snapshot carry the store', () => {
    const storage = new AsyncLocalStorage();
    let bound;
    let snapshot;
    storage.run(7, () => {
        bound = AsyncLocalStorage.bind((x) => [storage.getStore(), x]);
        snapshot = AsyncLocalStorage.snapshot();
    });
    deepEqual(bound('x'), [7, 'x']);
    deepEqual(snapshot((a) => [storage.getStore(), a], 'y'), [7, 'y']);
    throws(() => AsyncLocalStorage.bind(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

since('24', 'a storage has a name and a default', () => {
    const storage = new AsyncLocalStorage({ name: 'n', defaultValue: 5 });
    equal(storage.name, 'n');
    equal(storage.getStore(), 5);
    storage.run(undefined, () => equal(storage.getStore(), undefined));
});

test('a resource keeps its context and ids', () => {
    const storage = new AsyncLocalStorage();
    const resource = storage.run('made', () => new AsyncResource('Mine'));
    const outer = executionAsyncId();
    const seen = storage.run('called', () => resource.runInAsyncScope(function (...args) {
        return [this.me, args, storage.getStore(), executionAsyncId(), triggerAsyncId()];
    }, { me: 1 }, 'a', 'b'));
    deepEqual(seen, [1, ['a', 'b'], 'made', resource.asyncId(), resource.triggerAsyncId()]);
    equal(executionAsyncId(), outer);
    ok(new AsyncResource('Next').asyncId() > resource.asyncId());
    equal(new AsyncResource('T', { triggerAsyncId: 5 }).triggerAsyncId(), 5);
    const bound = resource.bind(function (x) { return [storage.getStore(), x, this]; }, 'self');
    deepEqual(bound.call('other', 2).slice(0, 2), ['made', 2]);
    equal(AsyncResource.bind((a, b) => 0).length, 2);
    throws(() => new AsyncResource(), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new AsyncResource('x', { triggerAsyncId: 'a' }), { code: 'ERR_INVALID_ASYNC_ID' });
});

test('hooks tell of resources', () => {
    const log = [];
    const ids = new Set();
    const hook = createHook({
        init(id, type, trigger, resource) {
            if (type !== 'Mine') return;
            ids.add(id);
            log.push(['init', resource instanceof AsyncResource]);
        },
        before(id) { if (ids.has(id)) log.push('before'); },
        after(id) { if (ids.has(id)) log.push('after'); },
    }).enable();
    const resource = new AsyncResource('Mine');
    throws(() => resource.runInAsyncScope(() => { throw new Error('x'); }));
    hook.disable();
    new AsyncResource('Mine');
    deepEqual(log, [['init', true], 'before', 'after']);
    throws(() => createHook({ init: 1 }), { code: 'ERR_ASYNC_CALLBACK', message: 'hook.init must be a function' });
});
