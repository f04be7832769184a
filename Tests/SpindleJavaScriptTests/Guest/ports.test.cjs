'use strict';
const { test, since, equal, deepEqual, ok, throws } = require('./support/harness.cjs');
const {
    BroadcastChannel, MessageChannel, MessagePort, Worker, isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable,
    moveMessagePortToContext, receiveMessageOnPort,
} = require('node:worker_threads');

const turn = () => new Promise((resolve) => setImmediate(resolve));
const once = (target, name) => new Promise((resolve) => target.once(name, resolve));
const ended = (worker) => new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
const outcome = async (source) => {
    const log = [];
    const worker = new Worker(source, { eval: true });
    worker.on('message', (message) => log.push(message));
    return [...log, await ended(worker), ...log];
};

// MARK: MessagePort

test('what a port is', () => {
    const channel = new MessageChannel();
    deepEqual(Object.keys(channel).sort(), ['port1', 'port2']);
    const { port1, port2 } = channel;
    ok(port1 instanceof MessagePort && port1 instanceof EventTarget);
    for (const name of ['postMessage', 'start', 'close', 'ref', 'unref', 'hasRef', 'on', 'once', 'off', 'emit', 'addListener',
        'removeListener', 'removeAllListeners', 'listenerCount', 'eventNames', 'addEventListener', 'removeEventListener',
        'dispatchEvent']) {
        equal(typeof port1[name], 'function', name);
    }
    throws(() => new MessagePort(), { name: 'TypeError', code: 'ERR_CONSTRUCT_CALL_INVALID' });
    throws(() => MessagePort(), { name: 'TypeError' });
    throws(() => MessageChannel(), { name: 'TypeError' });
    equal(globalThis.MessageChannel, MessageChannel);
    equal(globalThis.MessagePort, MessagePort);
    equal(port1.onmessage, null);
    port2.close();
});

test('messages wait until somebody listens, and come one after the other', async () => {
    const { port1, port2 } = new MessageChannel();
    for (let i = 0; i < 5; i++) port1.postMessage(i);
    await turn();
    const got = [];
    port2.on('message', (value) => {
        got.push(value);
        if (got.length === 5) port2.close();
    });
    await once(port2, 'close');
    deepEqual(got, [0, 1, 2, 3, 4]);
});

test('an event has the data, and the ports that came along', async () => {
    const { port1, port2 } = new MessageChannel();
    const other = new MessageChannel();
    const event = new Promise((resolve) => port2.addEventListener('message', resolve));
    port2.start();
    port1.postMessage({ data: 1, port: other.port1 }, [other.port1]);
    const { data, ports, type, target, origin, lastEventId, source } = await event;
    equal(data.data, 1);
    deepEqual([type, target === port2, origin, lastEventId, source], ['message', true, '', '', null]);
    equal(ports.length, 1);
    equal(ports[0], data.port);
    port2.close();
    other.port2.close();
});

test('a handler can be set, which starts the port, and taken away', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = ({ data }) => got.push(data);
    equal(typeof port2.onmessage, 'function');
    port1.postMessage(1);
    while (got.length < 1) await turn();
    port2.onmessage = null;
    port1.postMessage(2);
    for (let i = 0; i < 20; i++) await turn();
    deepEqual(got, [1]);
    port2.close();
});

test('addEventListener alone does not start a port', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.addEventListener('message', ({ data }) => got.push(data));
    port1.postMessage('waiting');
    for (let i = 0; i < 20; i++) await turn();
    const early = got.length;
    port2.start();
    while (got.length === 0) await turn();
    // Node starts it with any listener for messages; browsers do not.
    ok(early === 0 || early === 1);
    deepEqual(got, ['waiting']);
    port2.close();
});

test('listeners of both kinds, once, and those taken away', async () => {
    const { port1, port2 } = new MessageChannel();
    const log = [];
    const gone = () => log.push('gone');
    port2.on('message', gone);
    port2.once('message', (value) => log.push(['once', value]));
    port2.on('message', (value) => log.push(['on', value]));
    port2.off('message', gone);
    equal(port2.listenerCount('message'), 2);
    port1.postMessage(1);
    port1.postMessage(2);
    while (log.length < 3) await turn();
    deepEqual(log, [['once', 1], ['on', 1], ['on', 2]]);
    port2.close();
});

test('closing reaches both ends, after what was sent before', async () => {
    const { port1, port2 } = new MessageChannel();
    const log = [];
    port2.on('message', (value) => log.push(value));
    port2.on('close', () => log.push('close 2'));
    port1.on('close', () => log.push('close 1'));
    port1.postMessage('first');
    port1.postMessage('second');
    port1.close();
    while (log.length < 4) await turn();
    deepEqual(log.filter((item) => item !== 'close 1'), ['first', 'second', 'close 2']);
    // Both are closed now: this is nothing.
    port1.postMessage('into the void');
    port2.postMessage('into the void');
    port1.close();
    port2.start();
});

test('close comes once, and its argument is called', async () => {
    const { port1 } = new MessageChannel();
    let count = 0;
    port1.on('close', () => count++);
    await new Promise((resolve) => {
        port1.close(resolve);
        port1.close();
    });
    await turn();
    equal(count, 1);
});

test('a port that listens keeps its thread alive, one that does not or is unreferenced does not', async () => {
    const ending = async (source) => (await outcome(`
        const { MessageChannel, parentPort } = require('worker_threads');
        const { port1, port2 } = new MessageChannel();
        ${source}
    `)).at(-1);
    equal(await ending('parentPort.postMessage("through");'), 'through');
    equal(await ending('port1.on("message", () => {}); port1.unref(); parentPort.postMessage("unreferenced");'), 'unreferenced');
    equal(await ending(`
        port1.on('message', () => {});
        port1.on('close', () => parentPort.postMessage('closed'));
        setTimeout(() => port2.close(), 5);
    `), 'closed');
    equal(await ending(`
        const listener = () => {};
        port1.on('message', listener);
        port1.off('message', listener);
        parentPort.postMessage('off');
    `), 'off');
    equal(await ending(`
        port1.ref();
        port1.start();
        setTimeout(() => { parentPort.postMessage('still'); port1.unref(); }, 5);
    `), 'still');
});

test('hasRef says whether it does', async () => {
    const { port1, port2 } = new MessageChannel();
    if (port1.hasRef === undefined) return port1.close();
    equal(port1.hasRef(), false);
    port1.ref();
    equal(port1.hasRef(), true);
    port1.unref();
    equal(port1.hasRef(), false);
    port1.on('message', () => {});
    equal(port1.hasRef(), true);
    port2.close();
    await once(port1, 'close');
    equal(port1.hasRef(), false);
});

test('timers run while a flood of messages comes in', async () => {
    const { port1, port2 } = new MessageChannel();
    let hasFired = false;
    let messages = 0;
    let resolve;
    const timer = new Promise((settle) => { resolve = settle; });
    port2.on('message', () => {
        if (messages++ === 0) setTimeout(() => { hasFired = true; resolve(messages); }, 1);
        // As many come in as go out.
        if (!hasFired) {
            port1.postMessage('again');
            port1.postMessage('and again');
        }
        if (messages > 2e6) throw new Error('the timer starves');
    });
    port1.postMessage('begin');
    ok(await timer > 0);
    port2.close();
});

test('microtasks and ticks run between two messages', async () => {
    const { port1, port2 } = new MessageChannel();
    const log = [];
    port2.on('message', (value) => {
        log.push(value);
        process.nextTick(() => log.push(`tick ${value}`));
        Promise.resolve().then(() => log.push(`microtask ${value}`));
    });
    port1.postMessage(1);
    port1.postMessage(2);
    while (log.length < 6) await turn();
    deepEqual(log, [1, 'tick 1', 'microtask 1', 2, 'tick 2', 'microtask 2']);
    port2.close();
});

test('ports travel through ports, with what is in them', async () => {
    const outer = new MessageChannel();
    const inner = new MessageChannel();
    inner.port1.postMessage('sent before');
    outer.port1.postMessage({ inner: inner.port2 }, { transfer: [inner.port2] });
    const { message } = receiveMessageOnPort(outer.port2);
    deepEqual(receiveMessageOnPort(message.inner), { message: 'sent before' });
    message.inner.postMessage('answer');
    deepEqual(receiveMessageOnPort(inner.port1), { message: 'answer' });
    // The old object is nobody's port any more.
    inner.port2.postMessage('nothing');
    equal(receiveMessageOnPort(inner.port1), undefined);
    throws(() => outer.port1.postMessage(0, [inner.port2]), { name: 'DataCloneError' });
    outer.port1.close();
    inner.port1.close();
});

test('a message that cannot be sent changes nothing', () => {
    const { port1, port2 } = new MessageChannel();
    const other = new MessageChannel();
    const buffer = new ArrayBuffer(8);
    for (const attempt of [
        () => port1.postMessage({ f() {} }, [buffer, other.port1]),
        () => port1.postMessage(1, [buffer, buffer]),
        () => port1.postMessage(1, [buffer, port1]),
    ]) throws(attempt, { name: 'DataCloneError' });
    // Node says so by another class than before.
    throws(() => port1.postMessage(1, [buffer, new SharedArrayBuffer(1)]), since('22') ? { name: 'DataCloneError' } : TypeError);
    throws(() => port1.postMessage({ port: other.port1 }, [buffer]), { code: 'ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST' });
    equal(buffer.byteLength, 8);
    other.port2.postMessage('alive');
    deepEqual(receiveMessageOnPort(other.port1), { message: 'alive' });
    equal(receiveMessageOnPort(port2), undefined);
    for (const list of [5, 'x', true]) {
        throws(() => port1.postMessage(1, list), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
    throws(() => port1.postMessage(1, { transfer: 5 }), { name: 'TypeError' });
    port1.postMessage(1, null);
    port1.postMessage(2, undefined);
    port1.postMessage(3, {});
    deepEqual([1, 2, 3].map(() => receiveMessageOnPort(port2).message), [1, 2, 3]);
    port1.close();
    other.port1.close();
});

test('receiving at once leaves nothing for the listeners', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.on('message', (value) => got.push(value));
    port1.postMessage('for whom');
    deepEqual(receiveMessageOnPort(port2), { message: 'for whom' });
    for (let i = 0; i < 10; i++) await turn();
    deepEqual(got, []);
    for (const value of [undefined, null, 5, {}, new EventTarget()]) {
        throws(() => receiveMessageOnPort(value), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
    port2.close();
});

test('marks are for good, and nothing to primitives', () => {
    const buffer = new ArrayBuffer(4);
    markAsUntransferable(buffer);
    markAsUntransferable(5);
    markAsUntransferable(undefined);
    const { port1, port2 } = new MessageChannel();
    if (isMarkedAsUntransferable !== undefined) {
        equal(isMarkedAsUntransferable(buffer), true);
        equal(isMarkedAsUntransferable(new ArrayBuffer(1)), false);
        equal(isMarkedAsUntransferable(5), false);
    }
    port1.postMessage(buffer);
    equal(receiveMessageOnPort(port2).message.byteLength, 4);
    equal(buffer.byteLength, 4);
    markAsUntransferable(port2);
    if (since('22')) throws(() => port1.postMessage(port2, [port2]), { name: 'DataCloneError' });
    if (markAsUncloneable !== undefined) {
        const value = { secret: true };
        markAsUncloneable(value);
        throws(() => port1.postMessage({ value }), { name: 'DataCloneError' });
        throws(() => new Worker('', { eval: true, workerData: value }), { name: 'DataCloneError' });
        markAsUncloneable(buffer);
        port1.postMessage(buffer);
        markAsUncloneable(null);
        markAsUncloneable('x');
    }
    port1.close();
});

test('there is no context to move a port to', () => {
    const { port1 } = new MessageChannel();
    equal(typeof moveMessagePortToContext, 'function');
    throws(() => moveMessagePortToContext(port1, {}));
    port1.close();
});

// MARK: BroadcastChannel

test('what a broadcast channel is', () => {
    const channel = new BroadcastChannel('what');
    ok(channel instanceof EventTarget);
    equal(channel.name, 'what');
    equal(new BroadcastChannel(5).unref().name, '5');
    equal(globalThis.BroadcastChannel, BroadcastChannel);
    throws(() => new BroadcastChannel(), { name: 'TypeError', code: 'ERR_MISSING_ARGS' });
    throws(() => channel.postMessage(), { name: 'TypeError', code: 'ERR_MISSING_ARGS' });
    throws(() => channel.postMessage(() => {}), { name: 'DataCloneError' });
    throws(() => BroadcastChannel.prototype.postMessage.call({}, 1), { name: 'TypeError', code: 'ERR_INVALID_THIS' });
    channel.close();
    channel.close();
    throws(() => channel.postMessage(1), { name: 'InvalidStateError' });
});

test('a broadcast goes to all others of its name, in order and in each thread', async () => {
    const source = `
        const { parentPort } = require('worker_threads');
        const channel = new BroadcastChannel('all');
        channel.onmessage = ({ data }) => {
            parentPort.postMessage(data);
            if (data === 'end') channel.close();
        };
        parentPort.postMessage('ready');
    `;
    const workers = [1, 2].map(() => new Worker(source, { eval: true }));
    const logs = workers.map(() => []);
    workers.forEach((worker, i) => worker.on('message', (message) => logs[i].push(message)));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const channel = new BroadcastChannel('all');
    const silent = new BroadcastChannel('ALL');
    let stray = 0;
    channel.onmessage = silent.onmessage = () => stray++;
    for (const data of [1, { a: [2] }, 'end']) channel.postMessage(data);
    await Promise.all(workers.map(ended));
    for (const log of logs) deepEqual(log, ['ready', 1, { a: [2] }, 'end']);
    equal(stray, 0);
    channel.close();
    silent.close();
});

test('a broadcast channel keeps its thread alive until it is closed or unreferenced', async () => {
    equal((await outcome(`
        const { parentPort } = require('worker_threads');
        new BroadcastChannel('x').unref();
        parentPort.postMessage('out');
    `)).at(-1), 'out');
    equal((await outcome(`
        const { parentPort } = require('worker_threads');
        const channel = new BroadcastChannel('y');
        channel.unref();
        channel.ref();
        setTimeout(() => { parentPort.postMessage('later'); channel.close(); }, 5).unref();
    `)).at(-1), 'later');
});

test('the oldest broadcast can be received at once', () => {
    const one = new BroadcastChannel('sync');
    const two = new BroadcastChannel('sync');
    one.postMessage({ n: 1 });
    deepEqual(receiveMessageOnPort(two), { message: { n: 1 } });
    equal(receiveMessageOnPort(two), undefined);
    one.close();
    two.close();
});

// MARK: parentPort

test('a worker that closes its port ends when nothing else is left', async () => {
    const worker = new Worker(`
        const { parentPort } = require('worker_threads');
        parentPort.on('message', (message) => { parentPort.postMessage(message); parentPort.close(); });
    `, { eval: true });
    worker.postMessage('and out');
    equal(await once(worker, 'message'), 'and out');
    equal(await ended(worker), 0);
});

test('a port is handed from worker to worker', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(`
        const { Worker, parentPort } = require('worker_threads');
        parentPort.once('message', (port) => {
            const source = 'const { workerData: p } = require("worker_threads"); p.postMessage("from far below"); p.close();';
            new Worker(source, { eval: true, workerData: port, transferList: [port] });
        });
    `, { eval: true });
    worker.postMessage(port2, [port2]);
    equal(await once(port1, 'message'), 'from far below');
    await ended(worker);
});

test('the other end is told when a worker ends that had a port', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker('const { workerData } = require("worker_threads"); workerData.on("message", () => process.exit());',
        { eval: true, workerData: port2, transferList: [port2] });
    const closed = once(port1, 'close');
    port1.postMessage('end');
    equal(await ended(worker), 0);
    await closed;
});

test('an exception in a listener does not stop what follows', async () => {
    deepEqual((await outcome(`
        const { MessageChannel, parentPort } = require('worker_threads');
        process.on('uncaughtException', ({ message }) => parentPort.postMessage(message));
        const { port1, port2 } = new MessageChannel();
        port2.on('message', (value) => {
            if (value === 'end') port2.close();
            else throw new Error(value);
        });
        for (const value of ['one', 'two', 'end']) port1.postMessage(value);
    `)).slice(-2), ['one', 'two']);
});
