'use strict';
const { test, beyond, equal, deepEqual, match, ok, rejects, throws } = require('./support/harness.cjs');
const { Worker } = require('node:worker_threads');

const start = (source, options) => new Worker(`const { parentPort, workerData, Worker } = require('worker_threads');\n${source}`,
    { eval: true, ...options });
const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));
/** Everything that a worker tells its parent, in order. */
const record = async (source, options) => {
    const worker = start(source, options);
    const log = [];
    worker.on('online', () => log.push('online'));
    worker.on('message', (message) => log.push(['message', message]));
    worker.on('error', (error) => log.push(['error', error]));
    log.push(['exit', await ended(worker)]);
    return log;
};
const outcome = async (source, options) => (await record(source, options)).slice(1);
const errorOf = async (source) => (await record(source)).find(([kind]) => kind === 'error')[1];
const later = (time) => new Promise((resolve) => setTimeout(resolve, time));

// MARK: Order and codes

test('online, messages and exit come in this order', async () => {
    const log = await record('for (let i = 0; i < 3; i++) parentPort.postMessage(i);');
    deepEqual(log, ['online', ['message', 0], ['message', 1], ['message', 2], ['exit', 0]]);
});

test('the exit code is what the program says last', async () => {
    deepEqual(await outcome(''), [['exit', 0]]);
    deepEqual(await outcome('process.exitCode = 9;'), [['exit', 9]]);
    deepEqual(await outcome('process.exitCode = "12";'), [['exit', 12]]);
    deepEqual(await outcome('process.exit(4);'), [['exit', 4]]);
    deepEqual(await outcome('process.exitCode = 9; process.exit();'), [['exit', 9]]);
    deepEqual(await outcome('process.exitCode = 9; process.exit(0);'), [['exit', 0]]);
    deepEqual(await outcome('process.on("exit", () => { process.exitCode = 10; });'), [['exit', 10]]);
    deepEqual(await outcome('process.on("exit", () => process.exit(11)); process.exit(1);'), [['exit', 11]]);
    deepEqual(await outcome('setTimeout(() => process.exit(6), 1); setInterval(() => {}, 1000);'), [['exit', 6]]);
});

test('process.exit ends the worker there and then', async () => {
    deepEqual(await outcome(`
        setImmediate(() => parentPort.postMessage('immediate'));
        Promise.resolve().then(() => parentPort.postMessage('microtask'));
        process.nextTick(() => parentPort.postMessage('tick'));
        try { process.exit(5); } finally { parentPort.postMessage('finally'); }
        parentPort.postMessage('after');
    `), [['exit', 5]]);
    deepEqual(await outcome('[1, 2, 3].forEach((n) => { parentPort.postMessage(n); if (n === 2) process.exit(n); });'),
        [['message', 1], ['message', 2], ['exit', 2]]);
});

test('a worker has listeners for its exit, which say how it ends', async () => {
    deepEqual(await outcome('process.on("exit", (code) => parentPort.postMessage(code)); process.exit(4);'),
        [['message', 4], ['exit', 4]]);
    deepEqual(await outcome('process.on("exit", (code) => parentPort.postMessage([code, process.exitCode ?? null]));'),
        [['message', [0, null]], ['exit', 0]]);
    const log = await outcome(`
        process.on('exit', (code) => { parentPort.postMessage(code); process.exitCode = 3; });
        throw new Error('first');
    `);
    deepEqual([log[0], log[1][1].message, log[2]], [['message', 1], 'first', ['exit', 3]]);
});

test('beforeExit comes whenever nothing is left to do, and not after process.exit', async () => {
    deepEqual(await outcome(`
        let count = 0;
        process.on('beforeExit', (code) => {
            parentPort.postMessage([++count, code]);
            if (count < 3) setImmediate(() => { process.exitCode = count; });
        });
    `), [['message', [1, 0]], ['message', [2, 1]], ['message', [3, 2]], ['exit', 2]]);
    deepEqual(await outcome('process.on("beforeExit", () => parentPort.postMessage(1)); process.exit();'), [['exit', 0]]);
});

test('a module that waits for ever ends with 13', async () => {
    deepEqual(await outcome('', { execArgv: [] }), [['exit', 0]]);
    const worker = new Worker(new URL('data:text/javascript,await new Promise(() => {});'));
    equal(await ended(worker), 13);
});

// MARK: Stopping

test('terminate ends a worker with 1, and gives the code', async () => {
    const worker = start('setInterval(() => {}, 1000); process.on("exit", () => parentPort.postMessage("exit"));');
    const log = [];
    worker.on('message', (message) => log.push(message));
    await new Promise((resolve) => worker.once('online', resolve));
    const exits = ended(worker);
    equal(await worker.terminate(), 1);
    equal(await exits, 1);
    deepEqual(log, []);
    equal(await worker.terminate(), undefined);
    equal(worker.threadId, -1);
    worker.postMessage('nobody hears it');
    worker.ref();
    worker.unref();
});

test('terminate before it is online, and twice at once', async () => {
    const worker = start('for (;;);');
    const [one, two] = await Promise.all([worker.terminate(), worker.terminate()]);
    // Whether it had begun.
    ok(one === 0 || one === 1);
    equal(one, two);
});

test('a worker that is not referenced does not keep its parent', async () => {
    deepEqual(await outcome(`
        const inner = new Worker('setInterval(() => {}, 1000)', { eval: true });
        inner.unref();
    `), [['exit', 0]]);
    deepEqual(await outcome(`
        const inner = new Worker('setTimeout(() => {}, 5)', { eval: true });
        inner.unref();
        inner.ref();
        inner.on('exit', (code) => parentPort.postMessage(code));
    `), [['message', 0], ['exit', 0]]);
});

test('terminating a worker takes those below along', async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const worker = start(`
        new Worker('const { workerData } = require("worker_threads"); for (;;) Atomics.add(workerData, 0, 1);',
            { eval: true, workerData });
        for (;;);
    `, { workerData: flag });
    while (Atomics.load(flag, 0) === 0) await later(1);
    await worker.terminate();
    const count = Atomics.load(flag, 0);
    await later(20);
    equal(Atomics.load(flag, 0), count);
});

test('Symbol.asyncDispose terminates', async () => {
    if (Worker.prototype[Symbol.asyncDispose] === undefined) return;
    const worker = start('for (;;);');
    const exit = ended(worker);
    await worker[Symbol.asyncDispose]();
    equal(await exit, 1);
});

// MARK: What nobody catches

test('an error arrives with its class, its members and its cause', async () => {
    const error = await errorOf(`
        class Trouble extends RangeError {
            constructor() {
                super('deep', { cause: Object.assign(new TypeError('below'), { level: 2 }) });
                this.code = 'ERR_TROUBLE';
                this.details = { list: [1, new Map([[1, 2]])] };
            }
        }
        throw new Trouble();
    `);
    ok(error instanceof RangeError);
    equal(error.message, 'deep');
    equal(error.code, 'ERR_TROUBLE');
    equal(error.details.list[1].get(1), 2);
    match(error.stack, /deep\n {4}at .*\[worker eval\]/);
    ok(error.cause instanceof TypeError);
    deepEqual([error.cause.message, error.cause.level], ['below', 2]);
    const named = await errorOf('const e = new Error("x"); e.name = "Other"; throw e;');
    equal(named.name, 'Other');
    const many = await errorOf('throw new AggregateError([new SyntaxError("one")], "all");');
    equal(many.errors[0].message, 'one');
});

test('what an error carries may be hostile', async () => {
    const error = await errorOf(`
        const e = new Error('kept');
        Object.defineProperty(e, 'bad', { enumerable: true, get() { throw new Error('from a getter'); } });
        e.method = () => {};
        throw e;
    `);
    deepEqual([error.message, 'bad' in error, 'method' in error], ['kept', false, false]);
    equal((await errorOf('const e = new Error("kept"); e.inner = { f() {} }; throw e;')).message, 'kept');
    match(await errorOf('throw { a: 1, f() {} };'), /a: 1, f: \[Function: f\]/);
    match(await errorOf('throw { toString() { throw 1; }, get stack() { throw 2; }, f() {} };'), /stack: \[Getter\]/);
    equal(await errorOf('throw () => 1;'), '[Function (anonymous)]');
    equal(await errorOf('throw new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; } });'), '{}');
});

test('anything can be thrown', async () => {
    const values = [['5', 5], ['"text"', 'text'], ['null', null], ['undefined', undefined], ['7n', 7n], ['false', false]];
    for (const [text, value] of values) {
        const log = await outcome(`throw ${text};`);
        deepEqual(log, [['error', value], ['exit', 1]], text);
    }
    const symbol = await errorOf('throw Symbol("odd");');
    equal(String(symbol), 'Symbol(odd)');
    deepEqual(await errorOf('throw { plain: [1] };'), { plain: [1] });
    const map = await errorOf('throw new Map([[1, 2]]);');
    equal(map.get(1), 2);
});

test('handlers of uncaught exceptions keep a worker going', async () => {
    deepEqual(await outcome(`
        process.on('uncaughtException', (error, origin) => parentPort.postMessage([error.message, origin]));
        setTimeout(() => { throw new Error('one'); }, 1);
        setTimeout(() => Promise.reject(new Error('two')), 5);
        throw new Error('zero');
    `), [
        ['message', ['zero', 'uncaughtException']], ['message', ['one', 'uncaughtException']],
        ['message', ['two', 'unhandledRejection']], ['exit', 0],
    ]);
    deepEqual(await outcome('process.on("uncaughtException", () => process.exit(5)); throw new Error("x");'), [['exit', 5]]);
    const second = await outcome(`
        process.on('uncaughtException', () => { throw new Error('second'); });
        throw new Error('first');
    `);
    deepEqual([second[0][1].message, second[1]], ['second', ['exit', 1]]);
    const watched = await outcome(`
        process.on('uncaughtExceptionMonitor', (error) => parentPort.postMessage(error.message));
        throw new Error('seen');
    `);
    deepEqual([watched[0], watched[1][1].message, watched[2]], [['message', 'seen'], 'seen', ['exit', 1]]);
});

test('a rejection that nobody handles is an error, unless the program or an option says otherwise', async () => {
    const log = await outcome('Promise.reject(new RangeError("late"));');
    deepEqual([log[0][1].message, log[1]], ['late', ['exit', 1]]);
    const odd = await errorOf('Promise.reject({ a: 1 });');
    equal(odd.code, 'ERR_UNHANDLED_REJECTION');
    equal(odd.name, 'UnhandledPromiseRejection');
    match(odd.message, /rejected with the reason "#<Object>"\.$/);
    deepEqual(await outcome('process.on("unhandledRejection", (reason) => parentPort.postMessage(reason)); Promise.reject(5);'),
        [['message', 5], ['exit', 0]]);
});

beyond('the modes of unhandled rejections hold for each worker', async () => {
    const mode = async (name, source = 'Promise.reject(new Error("late"));') => outcome(`
        process.on('warning', (warning) => { if (/^Error: late/.test(warning.message)) parentPort.postMessage(warning.name); });
        ${source}
    `, { execArgv: [`--unhandled-rejections=${name}`] });
    deepEqual(await mode('none'), [['exit', 0]]);
    deepEqual(await mode('warn'), [['message', 'UnhandledPromiseRejectionWarning'], ['exit', 0]]);
    deepEqual(await mode('warn-with-error-code'), [['message', 'UnhandledPromiseRejectionWarning'], ['exit', 1]]);
    deepEqual((await mode('throw')).map(([kind]) => kind), ['error', 'exit']);
    deepEqual((await mode('strict')).map(([kind]) => kind), ['error', 'exit']);
});

test('a handler that comes late is told of, by then and by await', async () => {
    deepEqual(await outcome(`
        process.on('unhandledRejection', (reason) => parentPort.postMessage(reason));
        process.on('rejectionHandled', (promise) => parentPort.postMessage(promise === first ? 'first' : 'second'));
        const first = Promise.reject('one');
        const second = Promise.reject('two');
        setTimeout(() => first.catch(() => {}), 2);
        setTimeout(async () => { try { await second; } catch (error) { parentPort.postMessage(error); } }, 6);
    `), [['message', 'one'], ['message', 'two'], ['message', 'first'], ['message', 'two'], ['message', 'second'], ['exit', 0]]);
});

test('a listener of the parent that throws is the parent\'s uncaught exception', async () => {
    deepEqual(await outcome(`
        process.on('uncaughtException', (error) => parentPort.postMessage(error.message));
        const inner = new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true });
        inner.on('message', () => { throw new Error('in a listener'); });
        inner.on('exit', (code) => parentPort.postMessage(code));
    `), [['message', 'in a listener'], ['message', 0], ['exit', 0]]);
});

test('an error without a listener for it is the parent\'s, too', async () => {
    const error = await errorOf('new Worker("throw new TypeError(\\"from below\\")", { eval: true });');
    ok(error instanceof TypeError);
    equal(error.message, 'from below');
});

test('errors of the engine have stacks like others by the time they are seen', async () => {
    const error = await errorOf('function deep() { null.x; } deep();');
    match(error.stack, /^TypeError: .*\n {4}at deep \(\[worker eval\]:\d+:\d+\)\n/m);
    const cloned = (() => { try { null.x; } catch (thrown) { return structuredClone(thrown); } })();
    match(cloned.stack, /^TypeError: .*\n {4}at /);
});

// MARK: What a worker may not

test('a worker cannot change the process', async () => {
    const calls = [
        'abort()', 'chdir("/")', 'setuid(0)', 'setgid(0)', 'seteuid(0)', 'setegid(0)', 'setgroups([])', 'initgroups("a", 0)',
    ];
    for (const call of calls) {
        const error = await errorOf(`process.${call};`);
        equal(error.code, 'ERR_WORKER_UNSUPPORTED_OPERATION', call);
        equal(error.message, `process.${call.split('(')[0]}() is not supported in workers`);
    }
    equal((await errorOf('process.umask(0);')).message, 'Setting process.umask() is not supported in workers');
    equal((await outcome('parentPort.postMessage(typeof process.umask());'))[0][1], 'number');
});

// MARK: Figures

test('an event loop is measured while the worker runs', async () => {
    const nothing = { idle: 0, active: 0, utilization: 0 };
    const worker = start(`
        parentPort.on('message', (end) => {
            if (end) process.exit();
            for (const until = Date.now() + 10; Date.now() < until;);
            parentPort.postMessage(1);
        });
    `);
    deepEqual(worker.performance.eventLoopUtilization(), nothing);
    await new Promise((resolve) => worker.once('online', resolve));
    await later(20);
    worker.postMessage(false);
    await new Promise((resolve) => worker.once('message', resolve));
    const first = worker.performance.eventLoopUtilization();
    ok(first.active > 0 && first.utilization > 0 && first.utilization <= 1);
    const { active } = worker.performance.eventLoopUtilization(first);
    // Its loop was not busy longer since than before.
    ok(active < first.active + 1000);
    worker.postMessage(true);
    await ended(worker);
    deepEqual(worker.performance.eventLoopUtilization(), nothing);
});

test('a heap snapshot of a worker that has ended is refused', async () => {
    const worker = start('');
    await ended(worker);
    await rejects(worker.getHeapSnapshot(), { name: 'Error', code: 'ERR_WORKER_NOT_RUNNING' });
});

if (typeof Worker.prototype.getHeapStatistics === 'function') {
    test('heap and processor time of a worker', async () => {
        const worker = start(`
            globalThis.list = Array.from({ length: 1e5 }, (_, i) => ({ i }));
            parentPort.once('message', () => {});
        `);
        const heap = await worker.getHeapStatistics();
        ok(heap.used_heap_size > 0 && heap.total_heap_size >= heap.used_heap_size && heap.heap_size_limit > heap.used_heap_size);
        deepEqual(Object.keys(heap).slice(0, 4), Object.keys(require('node:v8').getHeapStatistics()).slice(0, 4));
        if (worker.cpuUsage !== undefined) {
            const usage = await worker.cpuUsage();
            ok(usage.user > 0 && usage.system >= 0);
            const more = await worker.cpuUsage(usage);
            ok(more.user >= 0 && more.user < usage.user + 1e6);
            await rejects(worker.cpuUsage({ user: 'x', system: 0 }), { code: 'ERR_INVALID_ARG_TYPE' });
        }
        worker.postMessage('end');
        await ended(worker);
        await rejects(worker.getHeapStatistics(), { code: 'ERR_WORKER_NOT_RUNNING' });
        if (worker.cpuUsage !== undefined) await rejects(worker.cpuUsage(), { code: 'ERR_WORKER_NOT_RUNNING' });
    });
}

test('process tells of workers', async () => {
    const told = new Promise((resolve) => process.once('worker', resolve));
    const worker = start('');
    equal(await told, worker);
    await ended(worker);
});

test('postMessage wants something to post', async () => {
    const worker = start('');
    throws(() => worker.postMessage(), { name: 'TypeError', code: 'ERR_MISSING_ARGS' });
    throws(() => worker.postMessage(() => {}), { name: 'DataCloneError' });
    await ended(worker);
});

test('methods of a class that extends Worker do not get in the way', async () => {
    class Mine extends Worker {
        receive() { throw new Error('not for you'); }
        end() { throw new Error('nor this'); }
        get isStarted() { return false; }
    }
    const worker = new Mine('require("worker_threads").parentPort.postMessage("hello")', { eval: true });
    equal(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)), 'hello');
    await ended(worker);
});
