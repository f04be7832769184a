'use strict';
const { test, since, equal, deepEqual, ok, rejects } = require('./support/harness.cjs');
const { MessageChannel, Worker, postMessageToThread, threadId } = require('node:worker_threads');

const inWorker = (source, options) => new Worker(`const wt = require('worker_threads'); const { parentPort } = wt;\n${source}`,
    { eval: true, ...options });
const message = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));
const stayUntilTold = 'parentPort.once("message", () => {});';
const failure = (code) => ({ name: 'Error', code });

// Node 20 has it in its last versions only.
if (postMessageToThread === undefined) since('99', 'postMessageToThread');
else {
    test('a thread sends to another by number, and hears that it was processed', async () => {
        const worker = inWorker(`
            process.on('workerMessage', (value, source) => parentPort.postMessage({ value, source }));
            ${stayUntilTold}
            parentPort.postMessage('ready');
        `);
        equal(await message(worker), 'ready');
        const heard = message(worker);
        equal(await postMessageToThread(worker.threadId, { hello: new Map([[1, 2]]) }), undefined);
        const { value, source } = await heard;
        equal(source, threadId);
        equal(value.hello.get(1), 2);
        worker.postMessage('end');
        equal(await ended(worker), 0);
    });

    test('the listener has run when the promise resolves', async () => {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const worker = inWorker(`
            process.on('workerMessage', (view) => Atomics.store(view, 0, 7));
            ${stayUntilTold}
            parentPort.postMessage('ready');
        `);
        await message(worker);
        await postMessageToThread(worker.threadId, flag);
        equal(flag[0], 7);
        worker.postMessage('end');
        await ended(worker);
    });

    test('workers reach the main thread and one another, on all levels', async () => {
        const got = [];
        const listener = (value, source) => got.push([value, source]);
        process.on('workerMessage', listener);
        const worker = inWorker(`
            process.on('workerMessage', (value) => {
                parentPort.postMessage(value);
                if (value === 'from within') process.exit(0);
            });
            const inner = new wt.Worker(\`
                const { parentPort, postMessageToThread, workerData } = require('worker_threads');
                (async () => {
                    await postMessageToThread(0, 'from below');
                    await postMessageToThread(workerData, 'from within');
                })();
            \`, { eval: true, workerData: wt.threadId });
            parentPort.postMessage(inner.threadId);
        `);
        const heard = [];
        worker.on('message', (value) => heard.push(value));
        equal(await ended(worker), 0);
        process.off('workerMessage', listener);
        deepEqual(got, [['from below', heard[0]]]);
        equal(heard[1], 'from within');
    });

    test('what can be transferred is', async () => {
        const { port1, port2 } = new MessageChannel();
        const buffer = new ArrayBuffer(8);
        const worker = inWorker(`
            process.on('workerMessage', ({ port, buffer }) => { port.postMessage(buffer.byteLength); port.close(); });
            ${stayUntilTold}
            parentPort.postMessage('ready');
        `);
        await message(worker);
        const answer = new Promise((resolve) => port1.once('message', resolve));
        await postMessageToThread(worker.threadId, { port: port2, buffer }, [port2, buffer]);
        equal(buffer.byteLength, 0);
        equal(await answer, 8);
        worker.postMessage('end');
        await ended(worker);
    });

    test('it fails for this thread, for one that is not there and for one that does not listen', async () => {
        await rejects(postMessageToThread(threadId, 1), failure('ERR_WORKER_MESSAGING_SAME_THREAD'));
        await rejects(postMessageToThread(123_456, 1), failure('ERR_WORKER_MESSAGING_FAILED'));
        const worker = inWorker(`${stayUntilTold} parentPort.postMessage('ready');`);
        await message(worker);
        await rejects(postMessageToThread(worker.threadId, 1), failure('ERR_WORKER_MESSAGING_FAILED'));
        const id = worker.threadId;
        worker.postMessage('end');
        await ended(worker);
        await rejects(postMessageToThread(id, 1), failure('ERR_WORKER_MESSAGING_FAILED'));
    });

    test('a listener that throws is an error for the sender and none for the receiver', async () => {
        const worker = inWorker(`
            process.on('workerMessage', () => { throw new Error('not now'); });
            ${stayUntilTold}
            parentPort.postMessage('ready');
        `);
        await message(worker);
        await rejects(postMessageToThread(worker.threadId, 1), failure('ERR_WORKER_MESSAGING_ERRORED'));
        worker.postMessage('end');
        equal(await ended(worker), 0);
    });

    test('it gives up after a time, whether a transfer list is there or not', async () => {
        const flag = new Int32Array(new SharedArrayBuffer(8));
        const worker = inWorker(`
            process.on('workerMessage', () => {});
            parentPort.once('message', (view) => {
                Atomics.store(view, 1, 1);
                Atomics.wait(view, 0, 0);
            });
            parentPort.postMessage('ready');
        `);
        await message(worker);
        worker.postMessage(flag);
        while (Atomics.load(flag, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        await rejects(postMessageToThread(worker.threadId, 1, 5), failure('ERR_WORKER_MESSAGING_TIMEOUT'));
        await rejects(postMessageToThread(worker.threadId, 1, [], 5), failure('ERR_WORKER_MESSAGING_TIMEOUT'));
        Atomics.store(flag, 0, 1);
        Atomics.notify(flag, 0);
        await ended(worker);
    });

    test('its arguments are checked', async () => {
        await rejects(postMessageToThread(123_456, 1, [], 'soon'), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
        await rejects(postMessageToThread(123_456, 1, [], -1), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
        const worker = inWorker(`process.on('workerMessage', () => {}); ${stayUntilTold} parentPort.postMessage('ready');`);
        await message(worker);
        await rejects(postMessageToThread(worker.threadId, () => {}), { name: 'DataCloneError' });
        worker.postMessage('end');
        await ended(worker);
    });

    test('a listener for them does not keep a thread alive', async () => {
        const worker = inWorker('process.on("workerMessage", () => {});');
        equal(await ended(worker), 0);
        ok(worker.threadId < 0);
    });
}
