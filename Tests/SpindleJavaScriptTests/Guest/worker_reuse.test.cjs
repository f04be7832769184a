'use strict';
// Workers one after the other, which may run on the same engine, and workers that have waited.
const { test, equal, deepEqual } = require('./support/harness.cjs');
const { Worker } = require('node:worker_threads');

const once = (target, name) => new Promise((resolve, reject) => {
    target.once(name, resolve);
    target.once('error', reject);
});
const ended = (worker) => new Promise((resolve) => { worker.once('exit', resolve); });
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function answerOf(source, options) {
    const worker = new Worker(source, { eval: true, ...options });
    const exit = ended(worker);
    const answer = await once(worker, 'message');
    await exit;
    return answer;
}

test('a worker sees nothing of those before it', async () => {
    const spoil = `
        const { parentPort, setEnvironmentData } = require('worker_threads');
        globalThis.spoilt = Array.prototype.spoilt = Object.prototype.spoilt = process.spoilt = 1;
        process.env.SPOILT = '1';
        process.on('warning', () => {});
        require('util').spoilt = 1;
        require.cache.spoilt = { exports: 1 };
        setEnvironmentData('spoilt', 1);
        Map.prototype.get = Promise.prototype.then = JSON.stringify = () => 'spoilt';
        Object.defineProperty(Array.prototype, Symbol.iterator, { value() { throw new Error('spoilt'); } });
        setTimeout(() => {}, 1e6).unref();
        parentPort.postMessage('spoilt');
    `;
    const look = `
        const { getEnvironmentData, parentPort, threadId, workerData } = require('worker_threads');
        const seen = [
            typeof spoilt, [].spoilt, process.spoilt, process.env.SPOILT, require('util').spoilt, require.cache.spoilt,
            getEnvironmentData('spoilt'), new Map([[1, 2]]).get(1), JSON.stringify([...[1]]), process.env.OWN, process.argv[2], workerData,
        ];
        Promise.resolve(threadId).then((id) => parentPort.postMessage({ seen, id }));
    `;
    let last = 0;
    for (let i = 0; i < 8; i++) {
        equal(await answerOf(spoil), 'spoilt');
        const { seen, id } = await answerOf(look, { argv: [`a${i}`], env: { OWN: `e${i}` }, workerData: i });
        deepEqual(seen, [
            'undefined', undefined, undefined, undefined, undefined, undefined, undefined, 2, '[1]', `e${i}`, `a${i}`, i,
        ]);
        equal(id > last, true);
        last = id;
    }
});

test('clocks, names and limits are each worker\'s own', async () => {
    const source = `
        const { parentPort, resourceLimits } = require('worker_threads');
        const { timeOrigin } = performance;
        parentPort.postMessage([performance.now() < 5000, timeOrigin, process.uptime() >= 0, resourceLimits.stackSizeMb]);
    `;
    let before = 0;
    for (let i = 0; i < 4; i++) {
        const [isYoung, origin, isUp, stack] = await answerOf(source);
        deepEqual([isYoung, isUp, stack], [true, true, 4]);
        equal(origin >= before, true);
        before = origin;
    }
});

test('what a worker has under way survives a pause', async () => {
    const worker = new Worker(`
        const { parentPort } = require('worker_threads');
        function* count() { let n = 0; for (;;) { try { n += yield n; } finally { n += 100; } } }
        const counter = count();
        counter.next();
        class Box { #value = 1; get value() { return this.#value++; } static make = () => new Box(); }
        const box = Box.make();
        const messages = [];
        let wake;
        const next = () => new Promise((resolve) => { wake = resolve; });
        async function run() {
            for (let i = 0; ; i++) {
                const message = await next();
                const [{ list: [first, ...rest] }] = [message];
                parentPort.postMessage([i, counter.next(first).value, box.value, rest, /b(.)/.exec('abc')[1], new Error('x').stack.split('\\n').length > 1]);
            }
        }
        run();
        parentPort.on('message', (message) => {
            if (message === 'end') return parentPort.close();
            wake(message);
        });
        parentPort.postMessage('ready');
    `, { eval: true });
    equal(await once(worker, 'message'), 'ready');
    for (let i = 0; i < 3; i++) {
        await pause(i < 2 ? 80 : 0);
        worker.postMessage({ list: [i + 1, 'a', i] });
        deepEqual(await once(worker, 'message'), [i, [101, 203, 306][i], i + 1, ['a', i], 'c', true]);
    }
    const exit = ended(worker);
    worker.postMessage('end');
    equal(await exit, 0);
});

test('a worker that pauses at its top level goes on', async () => {
    const source = `
        import { parentPort } from 'node:worker_threads';
        import { setTimeout as sleep } from 'node:timers/promises';
        const local = { n: 1 };
        await sleep(90);
        export const later = () => local.n;
        parentPort.postMessage(later() + 1);
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    equal(await once(worker, 'message'), 2);
    equal(await ended(worker), 0);
});
