'use strict';
const { test, equal, ok } = require('./support/harness.cjs');
const { MessageChannel, Worker } = require('node:worker_threads');

/** Numbers that are the same in every run. */
function generator(seed) {
    let state = seed;
    return (below) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
        return (state >>> 8) % below;
    };
}

const program = `
    const { Worker, parentPort } = require('worker_threads');
    const held = [];
    parentPort.on('message', (message) => {
        switch (message.kind) {
        case 'echo': return parentPort.postMessage(message.n);
        case 'port': message.port.on('message', (m) => message.port.postMessage(m)); return held.push(message.port);
        case 'timer': return void setInterval(() => parentPort.postMessage(-1), 1);
        case 'child': return void new Worker('setInterval(() => {}, 1000)', { eval: true });
        case 'throw': throw new Error('asked for');
        case 'exit': return process.exit(message.n);
        case 'loop': for (;;);
        }
    });
`;

test('starts, messages and ends in any order leave every exit told once, after every message', async () => {
    const random = generator(20_260_101);
    // Node needs its time for a worker.
    const count = process.versions.spindle === undefined ? 20 : 100;
    let open = 0;
    const done = [];
    for (let i = 0; i < count; i++) {
        while (open >= 8) await new Promise((resolve) => setImmediate(resolve));
        open++;
        const worker = new Worker(program, { eval: true });
        const online = new Promise((resolve) => worker.once('online', resolve));
        let exits = 0;
        let echoed = 0;
        let sent = 0;
        let isLate = false;
        worker.on('message', (n) => {
            if (exits > 0) isLate = true;
            if (n >= 0) equal(n, echoed++);
        });
        worker.on('error', (error) => equal(error.message, 'asked for'));
        done.push(new Promise((resolve) => worker.on('exit', (code) => {
            exits++;
            open--;
            setTimeout(() => resolve({ code, echoed, exits, isLate, sent }), 2);
        })));
        for (let steps = random(6); steps > 0; steps--) {
            switch (random(6)) {
            case 0: await new Promise((resolve) => setImmediate(resolve)); break;
            case 1: case 2: worker.postMessage({ kind: 'echo', n: sent++ }); break;
            case 3: {
                const { port1, port2 } = new MessageChannel();
                worker.postMessage({ kind: 'port', port: port2 }, [port2]);
                port1.postMessage('through');
                port1.unref();
                break;
            }
            case 4: worker.postMessage({ kind: 'timer' }); break;
            default: worker.postMessage({ kind: 'child' });
            }
        }
        switch (random(5)) {
        case 0: worker.postMessage({ kind: 'throw' }); break;
        case 1: worker.postMessage({ kind: 'exit', n: 3 }); break;
        case 2: worker.postMessage({ kind: 'loop' }); setImmediate(() => worker.terminate()); break;
        case 3: online.then(() => worker.terminate()); break;
        default: worker.terminate();
        }
    }
    for (const { code, echoed, exits, isLate, sent } of await Promise.all(done)) {
        ok(code === 0 || code === 1 || code === 3);
        // What was asked for was answered before the answers stopped.
        if (code === 3) equal(echoed, sent);
        ok(echoed <= sent);
        equal(exits, 1);
        equal(isLate, false);
    }
});
