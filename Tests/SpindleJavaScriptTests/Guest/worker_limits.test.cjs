'use strict';

// Limits of workers, and workers that end with much in hand.

const fs = require('node:fs');
const { once } = require('node:events');
const { beyond, deepEqual, equal, test } = require('./support/harness.cjs');
const { Worker } = require('node:worker_threads');

const run = (source, options) => new Worker(source, { eval: true, ...options });

test('a worker that needs more memory than it may have is ended with an error, and nobody else', async () => {
    const worker = run('const kept = []; for (;;) kept.push({ a: kept.length, b: [1, 2, 3] });',
        { resourceLimits: { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 4 } });
    const events = [];
    worker.on('error', (error) => events.push(`${error.code}: ${error.name}: ${error.message}`));
    const code = await new Promise((resolve) => { worker.on('exit', resolve); });
    deepEqual(events,
        ['ERR_WORKER_OUT_OF_MEMORY: Error: Worker terminated due to reaching memory limit: JS heap out of memory']);
    equal(code, 1);
});

test('limits are seen by both sides until the end', async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 60, maxYoungGenerationSizeMb: 5, codeRangeSizeMb: 7, stackSizeMb: 2 };
    const worker = run('const { parentPort, resourceLimits } = require("worker_threads"); parentPort.postMessage(resourceLimits);',
        { resourceLimits });
    deepEqual(worker.resourceLimits, resourceLimits);
    const ended = once(worker, 'exit');
    deepEqual(await once(worker, 'message'), [resourceLimits]);
    await ended;
    deepEqual(worker.resourceLimits, {});
});

test('limits have defaults, and one does not change another', async () => {
    const worker = run('const { parentPort, resourceLimits } = require("worker_threads"); parentPort.postMessage(resourceLimits);',
        { resourceLimits: { stackSizeMb: 3 } });
    const [limits] = await once(worker, 'message');
    deepEqual(limits, { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 4096, codeRangeSizeMb: 0, stackSizeMb: 3 });
    deepEqual(await once(worker, 'exit'), [0]);
});

test('deep recursion is a RangeError, whatever the size of the stack', async () => {
    const depths = [];
    for (const stackSizeMb of [1, 2, 32]) {
        const worker = run(`
            let depth = 0;
            const forms = [
                function f() { depth++; f(); }, () => { const f = () => [1].map(f); f(); },
                () => { let nested = []; for (let i = 0; i < 1e6; i++) nested = [nested]; JSON.stringify(nested); },
            ];
            const names = forms.map((form) => { try { form(); } catch (error) { return error.name; } });
            require('worker_threads').parentPort.postMessage([depth, names]);
        `, { resourceLimits: { stackSizeMb } });
        const [[depth, names]] = await once(worker, 'message');
        deepEqual(names, ['RangeError', 'RangeError', 'RangeError']);
        depths.push(depth);
    }
    equal(depths[0] > 1000, true);
    equal(depths[2] > 2 * depths[0], true);
});

beyond('what a worker leaves open is closed with it', async () => {
    const open = () => fs.readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 5; i++) {
        const worker = run(`
            const fs = require('fs');
            for (let i = 0; i < 10; i++) fs.openSync('/dev/null', 'r');
            fs.open('/dev/null', 'r', () => { require('worker_threads').parentPort.postMessage(0); for (;;); });
        `);
        await once(worker, 'message');
        await worker.terminate();
    }
    equal(open() <= before + 3, true);
    const kept = run('require("fs").openSync("/dev/null", "r");', { trackUnmanagedFds: false });
    const now = open();
    await once(kept, 'exit');
    equal(open() > now - 5, true);
});

test('a worker is ended with timers, ports, files, locks, workers and waits in hand', async () => {
    for (let i = 0; i < 6; i++) {
        const worker = run(`
            const { MessageChannel, Worker, parentPort, BroadcastChannel } = require('worker_threads');
            const fs = require('fs');
            setInterval(() => {}, 1); setTimeout(() => {}, 1e6); setImmediate(function again() { setImmediate(again); });
            const { port1, port2 } = new MessageChannel();
            port1.on('message', (value) => port1.postMessage(value)); port2.on('message', (value) => port2.postMessage(value));
            port2.postMessage({ a: [1, 2, 3] });
            new BroadcastChannel('limits').onmessage = () => {};
            for (let i = 0; i < 20; i++) fs.readFile('/proc/self/status', () => {});
            fs.promises.readdir('/').then(() => {});
            globalThis.navigator?.locks?.request('limits', () => new Promise(() => {}));
            const nested = new Worker('require("worker_threads").parentPort.postMessage(0); for (;;);', { eval: true });
            nested.once('message', () => { parentPort.postMessage('ready'); });
        `);
        equal((await once(worker, 'message'))[0], 'ready');
        if (i % 2) worker.postMessage(new Uint8Array(1e6));
        equal(await worker.terminate(), 1);
    }
});
