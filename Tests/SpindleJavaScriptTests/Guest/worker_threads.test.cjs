'use strict';
const { test, since, equal, deepEqual, ok, throws, rejects } = require('./support/harness.cjs');
const {
    BroadcastChannel, MessageChannel, MessagePort, Worker, getEnvironmentData, isMainThread, markAsUncloneable, markAsUntransferable,
    parentPort, receiveMessageOnPort, resourceLimits, setEnvironmentData, threadId, workerData,
} = require('node:worker_threads');

const once = (target, name) => new Promise((resolve, reject) => {
    target.once(name, resolve);
    if (name !== 'error') target.once('error', reject);
});
const inWorker = (source, options) => new Worker(source, { eval: true, ...options });
const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));

test('the main thread is told apart', () => {
    ok(isMainThread);
    equal(threadId, 0);
    equal(parentPort, null);
    equal(workerData, null);
    deepEqual(resourceLimits, {});
});

test('a worker gets its data, says something and ends', async () => {
    const worker = inWorker(`
        const { parentPort, workerData, threadId, isMainThread } = require('worker_threads');
        parentPort.postMessage({ workerData, threadId, isMainThread });
    `, { workerData: { list: [1, new Map([['a', 1]])] } });
    const id = worker.threadId;
    const log = [];
    worker.on('online', () => log.push('online'));
    worker.on('message', (message) => log.push(message));
    const code = await ended(worker);
    equal(code, 0);
    equal(log[0], 'online');
    equal(log[1].threadId, id);
    equal(log[1].isMainThread, false);
    equal(log[1].workerData.list[1].get('a'), 1);
    equal(worker.threadId, -1);
});

test('all messages come before the exit, which comes once', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        for (let i = 0; i < 5000; i++) parentPort.postMessage(i);
        process.exit(7);
    `);
    let count = 0;
    let exits = 0;
    worker.on('message', (i) => equal(i, count++));
    worker.on('exit', () => exits++);
    equal(await ended(worker), 7);
    equal(count, 5000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    equal(exits, 1);
});

test('messages go both ways, in order, and values of every size survive', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        parentPort.on('message', (m) => m === 'end' ? parentPort.close() : parentPort.postMessage(m));
    `);
    const values = [1, 'x', null, undefined, true, 1.5, 10n, 'y'.repeat(100_000), 'é😀', [1, , 3], { a: { b: new Set([1]) } }, new Date(5),
        new Uint8Array(10).fill(3), new Uint8Array(200_000).fill(4), Array.from({ length: 20_000 }, (_, i) => ({ i })), new Error('told')];
    const back = [];
    worker.on('message', (m) => back.push(m));
    for (const value of values) worker.postMessage(value);
    worker.postMessage('end');
    await ended(worker);
    equal(back.length, values.length);
    for (let i = 0; i < 9; i++) equal(back[i], values[i]);
    equal(back[9].length, 3);
    ok(back[10].a.b.has(1));
    equal(back[12][9], 3);
    equal(back[13].length, 200_000);
    equal(back[13][199_999], 4);
    equal(back[14][19_999].i, 19_999);
    equal(back[15].message, 'told');
});

test('what nobody catches in a worker is its error, and the exit code is 1', async () => {
    const worker = inWorker('const e = new TypeError("broken"); e.extra = 1; throw e;');
    const error = await new Promise((resolve) => worker.once('error', resolve));
    ok(error instanceof TypeError);
    equal(error.message, 'broken');
    equal(await ended(worker), 1);
    const odd = inWorker('throw { not: "an error" };');
    deepEqual(await new Promise((resolve) => odd.once('error', resolve)), { not: 'an error' });
    const late = inWorker('Promise.reject(new RangeError("late"));');
    equal((await new Promise((resolve) => late.once('error', resolve))).message, 'late');
});

test('terminate ends a worker that loops', async () => {
    const worker = inWorker('require("worker_threads").parentPort.postMessage(1); for (;;);');
    await once(worker, 'message');
    equal(await worker.terminate(), 1);
    equal(await worker.terminate(), undefined);
});

test('a buffer is transferred there and back', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        parentPort.once('message', (buffer) => { new Uint8Array(buffer)[1] = 9; parentPort.postMessage(buffer, [buffer]); });
    `);
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    worker.postMessage(buffer, [buffer]);
    equal(buffer.byteLength, 0);
    deepEqual([...new Uint8Array(await once(worker, 'message'))], [1, 9, 3]);
    await ended(worker);
});

test('shared memory is the same in all threads', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const source = `
        const { workerData } = require('worker_threads');
        for (let i = 0; i < 10000; i++) Atomics.add(workerData, 0, 1);
    `;
    await Promise.all([1, 2, 3, 4].map(() => ended(inWorker(source, { workerData: shared }))));
    equal(shared[0], 40_000);
    ok(shared.buffer instanceof SharedArrayBuffer);
    equal(Object.prototype.toString.call(shared.buffer), '[object SharedArrayBuffer]');
});

test('Atomics.wait and notify meet across threads', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const worker = inWorker(`
        const { parentPort, workerData } = require('worker_threads');
        parentPort.postMessage(Atomics.wait(workerData, 0, 0));
        parentPort.postMessage([Atomics.wait(workerData, 0, 0), Atomics.wait(workerData, 1, 0, 5)]);
    `, { workerData: shared });
    const answers = [];
    worker.on('message', (m) => answers.push(m));
    const exit = ended(worker);
    Atomics.store(shared, 0, 1);
    while (answers.length === 0) {
        Atomics.notify(shared, 0);
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await exit;
    ok(answers[0] === 'ok' || answers[0] === 'not-equal');
    deepEqual(answers[1], ['not-equal', 'timed-out']);
});

test('terminate ends a worker in Atomics.wait', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const worker = inWorker('const { workerData, parentPort } = require("worker_threads"); parentPort.postMessage(1); Atomics.wait(workerData, 0, 0);',
        { workerData: shared });
    await once(worker, 'message');
    equal(await worker.terminate(), 1);
});

test('a port is handed to a worker, with what was sent through it', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = inWorker(`
        const { workerData: port } = require('worker_threads');
        port.on('message', (m) => { port.postMessage('got ' + m); if (m === 'last') port.close(); });
    `, { workerData: port2, transferList: [port2] });
    const answers = [];
    port1.on('message', (m) => answers.push(m));
    port1.postMessage('first');
    port1.postMessage('last');
    await new Promise((resolve) => port1.once('close', resolve));
    deepEqual(answers, ['got first', 'got last']);
    await ended(worker);
});

test('a port that is not listed cannot be sent', () => {
    const { port1, port2 } = new MessageChannel();
    throws(() => port1.postMessage({ port2 }), { name: 'TypeError', code: 'ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST' });
    throws(() => port1.postMessage(1, [port1]), { name: 'DataCloneError', message: 'Transfer list contains source port' });
    throws(() => port1.postMessage(), { name: 'TypeError', code: 'ERR_MISSING_ARGS' });
    throws(() => port1.postMessage(1, 5), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new MessagePort(), { name: 'TypeError', code: 'ERR_CONSTRUCT_CALL_INVALID' });
    port1.close();
});

test('messages of a channel within one thread', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = (event) => {
        got.push(event.data);
        if (got.length === 2) port2.close();
    };
    port1.postMessage({ n: 1 });
    port1.postMessage('two');
    port1.ref();
    await new Promise((resolve) => port1.on('close', resolve));
    deepEqual(got, [{ n: 1 }, 'two']);
});

test('receiveMessageOnPort takes the oldest message at once', () => {
    const { port1, port2 } = new MessageChannel();
    equal(receiveMessageOnPort(port2), undefined);
    port1.postMessage({ a: 1 });
    port1.postMessage('b');
    deepEqual(receiveMessageOnPort(port2), { message: { a: 1 } });
    deepEqual(receiveMessageOnPort(port2), { message: 'b' });
    equal(receiveMessageOnPort(port2), undefined);
    throws(() => receiveMessageOnPort({}), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    port1.close();
});

// So many and so large that the engine collects while they are handed over.
test('many large buffers are transferred in one message', () => {
    const { port1, port2 } = new MessageChannel();
    for (let round = 0; round < 12; round++) {
        const sent = Array.from({ length: 64 }, (_, index) => {
            const buffer = new ArrayBuffer(4e6);
            new Uint32Array(buffer, 0, 1)[0] = index;
            return buffer;
        });
        port1.postMessage(sent, sent);
        const { message } = receiveMessageOnPort(port2);
        ok(message.every((buffer, index) => buffer.byteLength === 4e6 && new Uint32Array(buffer, 0, 1)[0] === index));
    }
    port1.close();
});

test('a broadcast reaches every channel of its name but the sender', async () => {
    const one = new BroadcastChannel('news');
    const two = new BroadcastChannel('news');
    const other = new BroadcastChannel('else');
    other.onmessage = () => { throw new Error('not for me'); };
    one.onmessage = () => { throw new Error('my own'); };
    const worker = inWorker(`
        const { BroadcastChannel, parentPort } = require('worker_threads');
        const channel = new BroadcastChannel('news');
        channel.onmessage = ({ data }) => { channel.postMessage('heard ' + data.text); channel.close(); };
        parentPort.postMessage('ready');
    `);
    await once(worker, 'message');
    const heard = new Promise((resolve) => {
        two.onmessage = ({ data }) => { if (typeof data === 'string') resolve(data); };
    });
    one.onmessage = null;
    one.postMessage({ text: 'hello' });
    equal(await heard, 'heard hello');
    for (const channel of [one, two, other]) channel.close();
    await ended(worker);
});

test('environment data reaches later workers', async () => {
    setEnvironmentData('key', { deep: [1] });
    setEnvironmentData('gone', 1);
    setEnvironmentData('gone', undefined);
    const worker = inWorker(`
        const { getEnvironmentData, parentPort } = require('worker_threads');
        parentPort.postMessage([getEnvironmentData('key'), getEnvironmentData('gone')]);
    `);
    deepEqual(await once(worker, 'message'), [{ deep: [1] }, undefined]);
    deepEqual(getEnvironmentData('key'), { deep: [1] });
    await ended(worker);
});

test('marks keep values from being sent', () => {
    const { port1 } = new MessageChannel();
    if (typeof markAsUncloneable === 'function') {
        const secret = { a: 1 };
        markAsUncloneable(secret);
        throws(() => port1.postMessage(secret), { name: 'DataCloneError' });
        throws(() => structuredClone([secret]), { name: 'DataCloneError' });
        markAsUncloneable(5);
    }
    const buffer = new ArrayBuffer(4);
    markAsUntransferable(buffer);
    if (since('22')) throws(() => port1.postMessage(buffer, [buffer]), { name: 'DataCloneError' });
    port1.close();
});

test('a worker has its own argv and environment, and cannot change the process', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        let message;
        try { process.chdir('/'); } catch (error) { message = error.code; }
        parentPort.postMessage([process.argv.slice(2), process.env.ONLY, Object.keys(process.env).length, message]);
    `, { argv: [1, 'two'], env: { ONLY: 'me' } });
    deepEqual(await once(worker, 'message'), [['1', 'two'], 'me', 1, 'ERR_WORKER_UNSUPPORTED_OPERATION']);
    await ended(worker);
});

test('workers start workers, and take them along when they end', async () => {
    const worker = inWorker(`
        const { Worker, parentPort } = require('worker_threads');
        const inner = new Worker('require("worker_threads").parentPort.postMessage(1); for (;;);', { eval: true });
        inner.on('message', () => { parentPort.postMessage('nested'); process.exit(3); });
    `);
    equal(await once(worker, 'message'), 'nested');
    equal(await ended(worker), 3);
});

test('the arguments of a worker are checked', () => {
    throws(() => new Worker('relative.js'), { name: 'TypeError', code: 'ERR_WORKER_PATH' });
    throws(() => new Worker(5), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new Worker('1', { eval: true, argv: 'x' }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new Worker('1', { eval: true, env: 5 }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new Worker('1', { eval: true, workerData: () => 1 }), { name: 'DataCloneError' });
});

test('what a worker prints can be kept', async () => {
    const worker = inWorker('console.log("kept"); console.error("too");', { stdout: true, stderr: true });
    let out = '';
    let err = '';
    worker.stdout.on('data', (chunk) => { out += chunk; });
    worker.stderr.on('data', (chunk) => { err += chunk; });
    await Promise.all([ended(worker), new Promise((resolve) => worker.stdout.on('end', resolve))]);
    equal(out, 'kept\n');
    equal(err, 'too\n');
});

since('24', 'locks are held by one at a time, across threads', async () => {
    const { locks } = require('node:worker_threads');
    const order = [];
    const first = locks.request('file', async (lock) => {
        equal(lock.name, 'file');
        equal(lock.mode, 'exclusive');
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(1);
        return 'one';
    });
    const second = locks.request('file', () => { order.push(2); });
    equal(await locks.request('file', { ifAvailable: true }, (lock) => lock), null);
    equal((await locks.query()).held.length, 1);
    equal(await first, 'one');
    await second;
    deepEqual(order, [1, 2]);
    const worker = inWorker(`
        const { locks, parentPort } = require('worker_threads');
        locks.request('theirs', () => { parentPort.postMessage('held'); return new Promise(() => {}); });
        setInterval(() => {}, 1000);
    `);
    equal(await once(worker, 'message'), 'held');
    equal(await locks.request('theirs', { ifAvailable: true }, (lock) => lock), null);
    const exit = ended(worker);
    const mine = locks.request('theirs', () => 'mine');
    worker.terminate();
    await exit;
    equal(await mine, 'mine');
    await rejects(locks.request('-x', () => {}), { name: 'NotSupportedError' });
    const abort = new AbortController();
    const held = locks.request('a', () => new Promise((resolve) => setTimeout(resolve, 10)));
    const waiting = rejects(locks.request('a', { signal: abort.signal }, () => {}), { name: 'AbortError' });
    abort.abort();
    await waiting;
    await held;
    const robbed = rejects(locks.request('b', () => new Promise(() => {})), { name: 'AbortError' });
    await locks.request('b', { steal: true }, () => {});
    await robbed;
});

test('an event loop has figures', async () => {
    const worker = inWorker('require("worker_threads").parentPort.on("message", () => process.exit())');
    equal(worker.performance.eventLoopUtilization().utilization, 0);
    await once(worker, 'online');
    worker.postMessage(1);
    await ended(worker);
    deepEqual(worker.performance.eventLoopUtilization(), { idle: 0, active: 0, utilization: 0 });
});

// MARK: Many short messages

/** Two ends of a channel, the second with `values` waiting. */
function filled(values) {
    const { port1, port2 } = new MessageChannel();
    for (const value of values) port1.postMessage(value);
    return { port1, port2 };
}

/** What comes at a port until it is closed. */
const received = (port) => new Promise((resolve) => {
    const log = [];
    port.on('message', (message) => log.push(message));
    port.on('close', () => resolve(log));
});

test('short messages of all kinds keep their order and their characters', async () => {
    const values = [];
    for (let i = 0; i < 700; i++) {
        values.push(
            `text ${i}`, { i, name: `n${i}` }, '', i, 'caf\u00e9 \u00ff', '\u4e00\u{1f600}', 'a\0b', [i, `${i}`, { i }],
            'x'.repeat(i * 3), null, { i: -i, name: 'caf\u00e9' }, { i, name: '\u2190', other: true }, 'y');
    }
    const { port1, port2 } = filled(values);
    const all = received(port2);
    port1.close();
    deepEqual(await all, values);
});

test('a listener can take the next message itself', async () => {
    const { port1, port2 } = filled(Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? { i } : `${i}`)));
    const other = filled(['other', { is: 'other' }]);
    const log = [];
    port2.on('message', (message) => {
        log.push(message);
        if (log.length === 10) log.push(receiveMessageOnPort(port2).message, receiveMessageOnPort(other.port2).message);
        if (log.length === 50) log.push(receiveMessageOnPort(other.port2).message, receiveMessageOnPort(port2).message);
    });
    const closed = new Promise((resolve) => port2.on('close', resolve));
    port1.close();
    await closed;
    const others = log.filter((message) => message === 'other' || message.is === 'other');
    equal(others.length, 2);
    deepEqual(
        log.filter((message) => !others.includes(message)),
        Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? { i } : `${i}`)));
    other.port1.close();
});

test('a port that is handed on by its listener takes the rest of its messages along', async () => {
    const { port1, port2 } = filled(Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? `${i}` : { i })));
    const carrier = new MessageChannel();
    const log = [];
    port2.on('message', (message) => {
        log.push(message);
        if (log.length === 5) carrier.port1.postMessage(port2, [port2]);
    });
    const moved = await new Promise((resolve) => carrier.port2.once('message', resolve));
    equal(log.length, 5);
    port1.postMessage('last');
    const rest = received(moved);
    port1.close();
    log.push(...await rest);
    deepEqual(log, [...Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? `${i}` : { i })), 'last']);
    carrier.port1.close();
});

test('a port that is closed by its listener delivers nothing after the close', async () => {
    const { port2 } = filled(Array.from({ length: 50 }, (_, i) => i));
    const log = [];
    await new Promise((resolve) => {
        port2.on('message', (message) => {
            log.push(message);
            if (message === 7) port2.close(resolve);
        });
    });
    const { length } = log;
    deepEqual(log.slice(0, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    equal(log.length, length);
});

test('what a listener throws costs no message, and promises settle before the next one', async () => {
    const { port1, port2 } = filled(Array.from({ length: 40 }, (_, i) => `${i}`));
    const log = [];
    const errors = [];
    const onError = (error) => errors.push(error.message);
    process.on('uncaughtException', onError);
    port2.on('message', (message) => {
        log.push(message);
        Promise.resolve().then(() => log.push(`after ${message}`));
        if (message === '3') throw new Error('three');
    });
    const closed = new Promise((resolve) => port2.on('close', resolve));
    port1.close();
    await closed;
    process.off('uncaughtException', onError);
    deepEqual(errors, ['three']);
    deepEqual(log, Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? `${i / 2}` : `after ${(i - 1) / 2}`)));
});

test('a worker\'s messages survive an exception of their listener', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        for (let i = 0; i < 300; i++) parentPort.postMessage('m' + i);
    `);
    let count = 0;
    const errors = [];
    const onError = (error) => errors.push(error.message);
    process.on('uncaughtException', onError);
    worker.on('message', (message) => {
        equal(message, `m${count++}`);
        if (count % 100 === 50) throw new Error(message);
    });
    await ended(worker);
    process.off('uncaughtException', onError);
    equal(count, 300);
    deepEqual(errors, ['m49', 'm149', 'm249']);
});

test('the prototype of objects may change between messages', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage({ changed: 1 });
    equal(receiveMessageOnPort(port2).message.changed, 1);
    Object.defineProperty(Object.prototype, 'changed', { configurable: true, set() { throw new Error('a setter was called'); } });
    try {
        port1.postMessage({ changed: 2 });
        port1.postMessage({ changed: 3 });
        equal(receiveMessageOnPort(port2).message.changed, 2);
        equal(receiveMessageOnPort(port2).message.changed, 3);
    } finally {
        delete Object.prototype.changed;
    }
    port1.close();
});

test('buffers that are passed on and dropped give their memory back', async () => {
    const worker = inWorker(`
        const { parentPort } = require('worker_threads');
        parentPort.on('message', (m) => m === 'end' ? parentPort.close() : parentPort.postMessage(m, [m]));
    `);
    const size = 8 << 20;
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let i = 0; i < 100; i++) {
        const buffer = new ArrayBuffer(size);
        new Uint8Array(buffer).fill(i);
        worker.postMessage(buffer, [buffer]);
        equal(buffer.byteLength, 0);
        const back = await new Promise((resolve) => worker.once('message', resolve));
        equal(back.byteLength, size);
        equal(new Uint8Array(back)[size - 1], i);
        most = Math.max(most, process.memoryUsage().rss - before);
    }
    worker.postMessage('end');
    await ended(worker);
    ok(most < 400 << 20, `${most >> 20} MB`);
});
