// Four workers count in memory that they share.
const { Worker, isMainThread, workerData } = require('node:worker_threads');

const workers = 4;
const each = 1_000_000;

if (isMainThread) {
    const shared = new SharedArrayBuffer(16);
    const numbers = new Int32Array(shared);
    let running = workers;
    for (let index = 0; index < workers; index++) {
        new Worker(__filename, { workerData: { index, shared } }).on('exit', (code) => {
            if (code !== 0) console.log('worker', index, 'ended with', code);
            if (--running === 0) console.log('counted', numbers[0], 'ready', numbers[1], 'mask', numbers[2]);
        });
    }
} else {
    const numbers = new Int32Array(workerData.shared);
    // All begin together.
    if (Atomics.add(numbers, 1, 1) === workers - 1) {
        Atomics.store(numbers, 3, 1);
        Atomics.notify(numbers, 3);
    }
    while (Atomics.load(numbers, 3) === 0) Atomics.wait(numbers, 3, 0, 1000);
    for (let i = 0; i < each; i++) Atomics.add(numbers, 0, 1);
    Atomics.or(numbers, 2, 1 << workerData.index);
}
