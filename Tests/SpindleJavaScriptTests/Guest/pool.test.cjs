'use strict';

// The module `spindle`, which Node does not have.

const path = require('path');
const { pathToFileURL } = require('url');
const { beyond, deepEqual, equal, ok, rejects, throws } = require('./support/harness.cjs');

const filename = path.join(__dirname, 'support/pool_tasks.mjs');
const pools = () => require('spindle');

/** Runs `body` with a pool, which is closed after it. */
function withPool(name, options, body) {
    beyond(name, async () => {
        const pool = new (pools().WorkerPool)({ filename, minThreads: 1, maxThreads: 1, ...options });
        // An idle pool would let the program end.
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

/** Shared words: [0] opens a gate, [1] counts those that have come to it, [2] those that were told of an abort. */
const gate = () => new Int32Array(new SharedArrayBuffer(256));
async function reached(words, index, count) {
    for (let now = Atomics.load(words, index); now < count; now = Atomics.load(words, index)) {
        await Atomics.waitAsync(words, index, now).value;
    }
}
function open(words) {
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
}

withPool('runs the default export and named ones', { maxThreads: 2 }, async (pool) => {
    deepEqual(await pool.run({ deep: [1, new Map([[1, 2]])] }), { deep: [1, new Map([[1, 2]])] });
    equal(await pool.run({ a: 4, b: 6 }, { name: 'add' }), 10);
    equal(await pool.run(7, { name: 'later' }), 7);
    equal(await pool.run(undefined), undefined);
    equal(pool.completed, 4);
});

withPool('the pool names the function, a task another module', { filename: null, name: 'add' }, async (pool) => {
    await rejects(pool.run(1), { code: 'ERR_INVALID_ARG_VALUE' });
    equal(await pool.run({ a: 1, b: 2 }, { filename: pathToFileURL(filename) }), 3);
    equal(await pool.run({ a: 1, b: 2 }, { filename: pathToFileURL(filename).href }), 3);
});

withPool('runs functions of CommonJS modules', { filename: path.join(__dirname, 'support/pool_tasks.cjs') }, async (pool) => {
    equal(await pool.run(2), 4);
    equal(await pool.run(2, { name: 'half' }), 1);
});

withPool('workers get the pool\'s workerData', { workerData: { answer: 42 } }, async (pool) => {
    deepEqual(await pool.run(undefined, { name: 'data' }), { answer: 42 });
});

withPool('a task fails alone, with its own error', {}, async (pool) => {
    const id = await pool.run(undefined, { name: 'where' });
    await rejects(pool.run('no', { name: 'fail' }), { name: 'OrderError', code: 'ERR_ORDER', message: 'no' });
    await rejects(pool.run(undefined, { name: 'functionBack' }), { name: 'DataCloneError' });
    await rejects(pool.run(undefined, { name: 'missing' }), { code: 'ERR_POOL_TASK_NOT_FOUND', message: /no function "missing"/ });
    await rejects(pool.run(() => {}), { name: 'DataCloneError' });
    let thrown;
    await pool.run(17, { name: 'failWith' }).catch((value) => { thrown = value; });
    equal(thrown, 17);
    equal(await pool.run(undefined, { name: 'where' }), id);
});

withPool('a module that is not there fails its tasks', { filename: path.join(__dirname, 'support/absent.mjs') }, async (pool) => {
    await rejects(pool.run(1), { code: 'ERR_MODULE_NOT_FOUND' });
    equal(await pool.run(1, { filename }), 1);
});

withPool('a worker that exits fails its task alone and is replaced', {}, async (pool) => {
    const [one, two, three] = await Promise.allSettled([
        pool.run(1), pool.run(130, { name: 'exit' }), pool.run(3),
    ]);
    equal(one.value, 1);
    equal(two.reason.code, 'ERR_TASK_WORKER_EXITED');
    equal(two.reason.exitCode, 130);
    equal(three.value, 3);
});

withPool('an aborted task is stopped in a loop, and no other is touched', {}, async (pool) => {
    const words = gate();
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = pool.run(words, { name: 'waitFor', signal: controller.signal });
    const after = [pool.run(1), pool.run(2), pool.run(3)];
    await reached(words, 1, 1);
    controller.abort(reason);
    const error = await rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR' });
    equal(error.cause, reason);
    deepEqual(await Promise.all(after), [1, 2, 3]);
});

withPool('an abort takes a waiting task out of the queue, and out of the worker\'s hands', {}, async (pool) => {
    const words = gate();
    const blocked = pool.run(words, { name: 'waitFor' });
    const controllers = Array.from({ length: 20 }, () => new AbortController());
    const rest = controllers.map(({ signal }, i) => pool.run(i, { signal }));
    await reached(words, 1, 1);
    for (let i = 0; i < 20; i += 2) controllers[i].abort();
    equal(pool.queueSize + pool.running, 11);
    const settled = Promise.allSettled(rest);
    open(words);
    ok((await blocked) > 0);
    deepEqual((await settled).map(({ status, value }) => status === 'fulfilled' ? value : -1),
        Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? -1 : i));
    await rejects(pool.run(1, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

withPool('of tasks that share a worker one is told of its abort, the others go on', { concurrentTasksPerWorker: 3 }, async (pool) => {
    const words = gate();
    const controller = new AbortController();
    const tasks = [0, 1, 2].map((i) => pool.run(words, { name: 'waitLater', signal: i === 1 ? controller.signal : undefined }));
    await reached(words, 1, 3);
    controller.abort();
    await rejects(tasks[1], { name: 'AbortError' });
    await reached(words, 2, 1);
    open(words);
    const [one, , three] = await Promise.all([tasks[0], undefined, tasks[2]]);
    equal(one, three);
    equal(await pool.run(undefined, { name: 'where' }), one, 'the worker stays');
});

withPool('one that does not hear of its abort goes with its worker, once the others have ended',
    { concurrentTasksPerWorker: 2, maxThreads: 2 }, async (pool) => {
        const [deaf, words] = [gate(), gate()];
        const id = await pool.run(undefined, { name: 'where' });
        const controller = new AbortController();
        const aborted = pool.run(deaf, { name: 'waitDeaf', signal: controller.signal });
        const other = pool.run(words, { name: 'waitLater' });
        await Promise.all([reached(deaf, 1, 1), reached(words, 1, 1)]);
        controller.abort();
        await rejects(aborted, { name: 'AbortError' });
        open(words);
        const gone = new Promise((resolve) => pool.once('workerDestroy', resolve));
        ok((await other) > 0);
        ok(await gone);
        ok((await pool.run(undefined, { name: 'where' })) !== id);
    });

withPool('a limit of run time stops a task; waiting does not count', { maxThreads: 1 }, async (pool) => {
    const words = gate();
    const blocked = pool.run(words, { name: 'waitFor' });
    const short = pool.run(1, { timeout: 20 });
    await reached(words, 1, 1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    open(words);
    await blocked;
    equal(await short, 1);
    await rejects(pool.run(undefined, { name: 'spin', timeout: 20 }), { code: 'ERR_TASK_TIMEOUT', message: /20 ms/ });
    equal(await pool.run(2), 2);
});

withPool('a limit of the time in the queue', {}, async (pool) => {
    const words = gate();
    const blocked = pool.run(words, { name: 'waitFor' });
    await reached(words, 1, 1);
    await rejects(pool.run(1, { queueTimeout: 10 }), { code: 'ERR_TASK_QUEUE_TIMEOUT' });
    open(words);
    await blocked;
});

withPool('higher priorities come first, also before those that were given ahead', {}, async (pool) => {
    const [words, order] = [gate(), gate()];
    const blocked = pool.run(words, { name: 'waitFor' });
    await reached(words, 1, 1);
    const tasks = [0, 0, 0, 0, 0, 0, 2, 1, -1, 2].map((priority, i) => (
        pool.run({ words: order, value: i }, { name: 'record', priority })));
    open(words);
    await Promise.all([blocked, ...tasks]);
    deepEqual([...order.subarray(2, 12)], [6, 9, 7, 0, 1, 2, 3, 4, 5, 8]);
});

withPool('an idle worker takes what another was given ahead', { minThreads: 2, maxThreads: 2 }, async (pool) => {
    const [one, two] = [gate(), gate()];
    const blocked = [pool.run(one, { name: 'waitFor' }), pool.run(two, { name: 'waitFor' })];
    await Promise.all([reached(one, 1, 1), reached(two, 1, 1)]);
    const rest = Promise.all(Array.from({ length: 8 }, (_, i) => pool.run(i)));
    open(two);
    deepEqual(await rest, [0, 1, 2, 3, 4, 5, 6, 7]);
    open(one);
    await Promise.all(blocked);
});

withPool('a full queue refuses, and says when there is room again', { maxQueue: 2 }, async (pool) => {
    const words = gate();
    let [needs, drains] = [0, 0];
    pool.on('needsDrain', () => needs++);
    pool.on('drain', () => drains++);
    const tasks = [pool.run(words, { name: 'waitFor' })];
    await reached(words, 1, 1);
    // Four are given ahead.
    for (let i = 0; i < 6; i++) tasks.push(pool.run(i));
    equal(pool.queueSize, 2);
    equal(pool.needsDrain, true);
    await rejects(pool.run(1), { code: 'ERR_POOL_QUEUE_FULL' });
    open(words);
    await Promise.all(tasks);
    deepEqual([needs, drains, pool.needsDrain], [1, 1, false]);
});

withPool('moved buffers leave', {}, async (pool) => {
    const { move } = pools();
    const bytes = new Uint8Array(1024);
    equal(await pool.run(move(bytes), { name: 'sizeOf' }), 1024);
    equal(bytes.byteLength, 0);
    const buffer = new ArrayBuffer(16);
    equal(await pool.run(buffer, { name: 'sizeOf', transferList: [buffer] }), 16);
    equal(buffer.byteLength, 0);
    equal((await pool.run(64, { name: 'moved' })).length, 64);
    throws(() => move(1, 2), { code: 'ERR_INVALID_ARG_TYPE' });
});

withPool('progress arrives in order; of a flood, the last report does', {}, async (pool) => {
    const seen = [];
    equal(await pool.run(100000, { name: 'count', onProgress: (value) => seen.push(value) }), 100000);
    equal(seen[0], 1);
    equal(seen.at(-1), 100000);
    ok(seen.every((value, i) => i === 0 || value > seen[i - 1]), 'order');
    ok(seen.length < 50000, `${seen.length} of 100,000 reports`);
});

withPool('starts as many workers as there is work for, and lets idle ones go', { minThreads: 1, maxThreads: 3, idleTimeout: 1 },
    async (pool) => {
        const words = gate();
        const tasks = [0, 1, 2, 3].map(() => pool.run(words, { name: 'waitFor' }));
        await reached(words, 1, 3);
        equal(pool.workers.length, 3);
        let left = 0;
        const gone = new Promise((resolve) => pool.on('workerDestroy', () => { if (++left === 2) resolve(); }));
        open(words);
        equal(new Set(await Promise.all(tasks)).size, 3);
        await gone;
        equal(pool.workers.length, 1);
    });

withPool('measures what tasks wait and run', {}, async (pool) => {
    await Promise.all([1, 2, 3].map((i) => pool.run(i)));
    const { runTime, waitTime } = pool.histogram;
    deepEqual([runTime.count, waitTime.count], [3, 3]);
    ok(runTime.max >= runTime.min && runTime.min > 0);
    ok(pool.utilization > 0 && pool.utilization <= 1);
    pool.histogram.reset();
    equal(runTime.count, 0);
});

withPool('messages of the workers themselves reach the pool\'s owner', {}, async (pool) => {
    const message = new Promise((resolve) => pool.once('message', resolve));
    await pool.run({ hello: 1 }, { name: 'tell' });
    deepEqual(await message, { hello: 1 });
});

beyond('closing lets tasks end, destroying does not', async () => {
    const { WorkerPool } = pools();
    const closing = new WorkerPool({ filename, minThreads: 1, maxThreads: 1 });
    const tasks = [1, 2, 3].map((i) => closing.run(i));
    const closed = closing.close();
    await rejects(closing.run(4), { code: 'ERR_POOL_CLOSED' });
    deepEqual(await Promise.all(tasks), [1, 2, 3]);
    await closed;
    equal(closing.workers.length, 0);
    const pool = new WorkerPool({ filename, minThreads: 2, maxThreads: 2 });
    const lost = Array.from({ length: 20 }, () => pool.run(undefined, { name: 'spin' }));
    const settled = Promise.allSettled(lost);
    await pool.destroy();
    ok((await settled).every(({ reason }) => reason.code === 'ERR_POOL_CLOSED'));
    const slow = new WorkerPool({ filename, maxThreads: 1, closeTimeout: 10 });
    const spinning = slow.run(undefined, { name: 'spin' });
    spinning.catch(() => {});
    await slow.close();
    await rejects(spinning, { code: 'ERR_POOL_CLOSED' });
});

withPool('workers that end before they run a task are given up, and tried again for who asks again',
    { filename: path.join(__dirname, 'support/pool_exits.cjs'), maxThreads: 1 }, async (pool) => {
        pool.on('error', () => {});
        await rejects(pool.run(1), { code: /ERR_POOL_WORKERS_FAILED|ERR_TASK_WORKER_EXITED/ });
    });

beyond('an idle pool does not keep the program alive', () => {
    const { WorkerPool } = pools();
    void new WorkerPool({ filename, minThreads: 1, maxThreads: 1 });
});

beyond('options are checked', async () => {
    const { WorkerPool } = pools();
    for (const [options, code] of [
        [{ maxThreads: 0 }, 'ERR_OUT_OF_RANGE'], [{ minThreads: 3, maxThreads: 2 }, 'ERR_OUT_OF_RANGE'],
        [{ filename: './relative.mjs' }, 'ERR_INVALID_ARG_VALUE'], [{ filename: 1 }, 'ERR_INVALID_ARG_TYPE'],
        [{ isolation: 'fiber' }, 'ERR_INVALID_ARG_VALUE'], [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
        [{ timeout: '1' }, 'ERR_INVALID_ARG_TYPE'], [{ maxQueue: -1 }, 'ERR_OUT_OF_RANGE'], [null, 'ERR_INVALID_ARG_TYPE'],
        [{ concurrentTasksPerWorker: 0 }, 'ERR_OUT_OF_RANGE'],
    ]) throws(() => new WorkerPool(options), { code });
    const pool = new WorkerPool({ filename, minThreads: 0, maxThreads: 1 });
    await rejects(pool.run(1, { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(pool.run(1, { priority: 0.5 }), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(pool.run(1, { onProgress: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(pool.workers.length, 0);
    await pool.close();
});
