'use strict';
const { deepEqual, equal, ok, since, test, throws } = require('./support/harness.cjs');
const channels = require('node:diagnostics_channel');

test('subscribers get what is published', () => {
    const channel = channels.channel('a');
    equal(channels.channel('a'), channel);
    equal(channel.hasSubscribers, false);
    const seen = [];
    const listener = (message, name) => seen.push([message, name]);
    channels.subscribe('a', listener);
    equal(channels.hasSubscribers('a'), true);
    channel.publish(1);
    equal(channels.unsubscribe('a', listener), true);
    equal(channels.unsubscribe('a', listener), false);
    channel.publish(2);
    deepEqual(seen, [[1, 'a']]);
    throws(() => channels.channel(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => channel.subscribe(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a throwing subscriber is an uncaught exception', async () => {
    const channel = channels.channel('b');
    let reached = false;
    channel.subscribe(() => { throw new Error('sub'); });
    channel.subscribe(() => { reached = true; });
    const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
    channel.publish(0);
    equal(reached, true);
    equal((await caught).message, 'sub');
});

test('stores are bound while a function runs', () => {
    const { AsyncLocalStorage } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    const channel = channels.channel('c');
    channel.bindStore(storage, (message) => message * 2);
    equal(channel.runStores(21, function (a) { return [this.x, a, storage.getStore()].join(); }, { x: 1 }, 'arg'), '1,arg,42');
    equal(channel.unbindStore(storage), true);
    equal(storage.getStore(), undefined);
});

test('tracing tells of start, end and errors', async () => {
    const tracing = channels.tracingChannel('t');
    const log = [];
    const handlers = {};
    for (const name of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
        handlers[name] = (message) => log.push(name, message.id);
    }
    tracing.subscribe(handlers);
    equal(tracing.traceSync((x) => x + 1, { id: 1 }, null, 2), 3);
    throws(() => tracing.traceSync(() => { throw new Error('x'); }, { id: 2 }));
    deepEqual(log, ['start', 1, 'end', 1, 'start', 2, 'error', 2, 'end', 2]);
    log.length = 0;
    equal(await tracing.tracePromise(async () => 5, { id: 3 }), 5);
    deepEqual(log, ['start', 3, 'end', 3, 'asyncStart', 3, 'asyncEnd', 3]);
    log.length = 0;
    const later = (callback) => setImmediate(callback, null, 1);
    await new Promise((resolve) => tracing.traceCallback(later, 0, { id: 4 }, null, resolve));
    deepEqual(log, ['start', 4, 'end', 4, 'asyncStart', 4, 'asyncEnd', 4]);
    tracing.unsubscribe(handlers);
});
