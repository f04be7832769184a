'use strict';

// Pools of processes: their workers are the command itself.

const path = require('path');
const { beyond, deepEqual, equal, ok, rejects, throws } = require('../support/harness.cjs');

const filename = path.join(__dirname, '../support/pool_tasks.mjs');

function withPool(name, options, body) {
    beyond(name, async () => {
        const { WorkerPool } = require('spindle');
        const pool = new WorkerPool({ filename, isolation: 'process', minThreads: 1, maxThreads: 1, ...options });
        const hold = setInterval(() => {}, 1000);
        try {
            await body(pool);
        } finally {
            await pool.destroy();
            clearInterval(hold);
            equal(pool.workers.length, 0, 'workers left');
        }
    });
}

withPool('tasks run in another process', { workerData: { answer: 42 } }, async (pool) => {
    deepEqual(await pool.run({ deep: [1, new Map([[1, 2n]])] }), { deep: [1, new Map([[1, 2n]])] });
    equal(await pool.run({ a: 4, b: 6 }, { name: 'add' }), 10);
    const pid = await pool.run(undefined, { name: 'pid' });
    ok(pid !== process.pid);
    deepEqual(pool.workers, [pid]);
    deepEqual(await pool.run(undefined, { name: 'data' }), { answer: 42 });
    await rejects(pool.run('no', { name: 'fail' }), { name: 'OrderError', code: 'ERR_ORDER', message: 'no' });
    equal((await pool.run(64, { name: 'moved' })).length, 64);
});

withPool('one that loops is killed, one that crashes or exits fails alone', {}, async (pool) => {
    const controller = new AbortController();
    const spinning = pool.run(undefined, { name: 'spin', signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await rejects(spinning, { name: 'AbortError' });
    await rejects(pool.run(undefined, { name: 'spin', timeout: 50 }), { code: 'ERR_TASK_TIMEOUT' });
    await rejects(pool.run(undefined, { name: 'crash' }), { code: 'ERR_TASK_WORKER_EXITED', signal: 'SIGKILL' });
    await rejects(pool.run(7, { name: 'exit' }), { code: 'ERR_TASK_WORKER_EXITED', exitCode: 7 });
    equal(await pool.run(1), 1);
});

withPool('progress', {}, async (pool) => {
    const seen = [];
    equal(await pool.run(50000, { name: 'count', onProgress: (value) => seen.push(value) }), 50000);
    equal(seen[0], 1);
    equal(seen.at(-1), 50000);
    ok(seen.length < 1000);
});

withPool('what cannot leave for another process is refused', {}, async (pool) => {
    const { WorkerPool, move } = require('spindle');
    const bytes = new Uint8Array(8);
    await rejects(pool.run(move(bytes), { name: 'sizeOf' }), { code: 'ERR_POOL_CANNOT_MOVE' });
    equal(bytes.length, 8);
    throws(() => new WorkerPool({ filename, isolation: 'process', resourceLimits: {} }), { code: 'ERR_INVALID_ARG_VALUE' });
});
