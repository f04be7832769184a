'use strict';
const { deepEqual, equal, match, ok, since, test } = require('./support/harness.cjs');

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('ticks come before microtasks, each queue until it is empty', async () => {
    const seen = [];
    await new Promise((resolve) => {
        setImmediate(() => {
            Promise.resolve().then(() => {
                seen.push('microtask 1');
                process.nextTick(() => seen.push('tick 3'));
                queueMicrotask(() => seen.push('microtask 3'));
            });
            queueMicrotask(() => seen.push('microtask 2'));
            process.nextTick((a, b) => {
                seen.push(`tick ${a} ${b}`);
                process.nextTick(() => seen.push('tick 2'));
            }, 1, 'x');
            setImmediate(resolve);
        });
    });
    deepEqual(seen, ['tick 1 x', 'tick 2', 'microtask 1', 'microtask 2', 'microtask 3', 'tick 3']);
});

test('an exception in a tick or microtask leaves the rest alone', async () => {
    const seen = [];
    const listener = (error, origin) => seen.push(`${error.message} ${origin}`);
    process.on('uncaughtException', listener);
    process.nextTick(() => { throw new Error('tick'); });
    process.nextTick(() => seen.push('next tick'));
    queueMicrotask(() => { throw new Error('microtask'); });
    queueMicrotask(() => seen.push('next microtask'));
    await turn();
    await turn();
    process.off('uncaughtException', listener);
    deepEqual(seen.sort(), ['microtask uncaughtException', 'next microtask', 'next tick', 'tick uncaughtException']);
});

test('the monitor sees an exception before its handler', async () => {
    const seen = [];
    process.once('uncaughtExceptionMonitor', (error, origin) => seen.push(['monitor', error, origin]));
    process.once('uncaughtException', (error) => seen.push(['handler', error]));
    setImmediate(() => { throw 'a string'; });
    await turn();
    await turn();
    deepEqual(seen, [['monitor', 'a string', 'uncaughtException'], ['handler', 'a string']]);
});

test('a capture callback goes first and can be set once', async () => {
    const seen = [];
    process.setUncaughtExceptionCaptureCallback((error) => seen.push(error));
    equal(process.hasUncaughtExceptionCaptureCallback(), true);
    let error;
    try {
        process.setUncaughtExceptionCaptureCallback(() => {});
    } catch (thrown) {
        error = thrown;
    }
    equal(error.code, 'ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET');
    setImmediate(() => { throw 1; });
    await turn();
    await turn();
    process.setUncaughtExceptionCaptureCallback(null);
    equal(process.hasUncaughtExceptionCaptureCallback(), false);
    deepEqual(seen, [1]);
});

test('a rejection nobody handles is announced with its promise', async () => {
    const seen = [];
    const listener = (reason, promise) => seen.push([reason, promise]);
    process.on('unhandledRejection', listener);
    const lost = Promise.reject(1);
    const handled = Promise.reject(2);
    handled.catch(() => {});
    const later = Promise.reject(3);
    process.nextTick(() => later.catch(() => {}));
    await turn();
    await turn();
    process.off('unhandledRejection', listener);
    equal(seen.length, 1);
    equal(seen[0][0], 1);
    equal(seen[0][1], lost);
});

test('a handler that comes late is announced too', async () => {
    const late = [];
    const ignore = () => {};
    const listener = (promise) => late.push(promise);
    process.on('unhandledRejection', ignore).on('rejectionHandled', listener);
    const lost = Promise.reject(1);
    await turn();
    deepEqual(late, []);
    const seen = [];
    lost.catch((reason) => seen.push(reason));
    await turn();
    await turn();
    process.off('unhandledRejection', ignore).off('rejectionHandled', listener);
    deepEqual(seen, [1]);
    equal(late.length, 1);
    equal(late[0], lost);
});

test('without a listener a rejection is an uncaught exception', async () => {
    const error = new Error('rejected');
    const seen = new Promise((resolve) => process.once('uncaughtException', (...args) => resolve(args)));
    Promise.reject(error);
    deepEqual(await seen, [error, 'unhandledRejection']);
    const wrapped = new Promise((resolve) => process.once('uncaughtException', resolve));
    Promise.reject(5);
    const { code, message } = await wrapped;
    equal(code, 'ERR_UNHANDLED_REJECTION');
    match(message, /The promise rejected with the reason "5"\.$/);
});

test('patched promises do not disturb the queues', async () => {
    const { constructor, then } = Promise.prototype;
    const seen = [];
    let end;
    const finished = new Promise((resolve) => { end = resolve; });
    Promise.prototype.then = () => { throw new Error('patched'); };
    Promise.prototype.constructor = Promise.prototype.then;
    const { nextTick } = process;
    queueMicrotask(() => { seen.push('microtask'); });
    // The test's own awaits would ask for it.
    Promise.prototype.constructor = constructor;
    nextTick(() => { seen.push('tick'); });
    setImmediate(() => {
        Promise.prototype.then = then;
        end();
    });
    await finished;
    deepEqual(seen.sort(), ['microtask', 'tick']);
});
