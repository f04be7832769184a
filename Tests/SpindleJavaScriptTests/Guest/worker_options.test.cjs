'use strict';
const { test, since, equal, deepEqual, ok, throws } = require('./support/harness.cjs');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { SHARE_ENV, Worker, threadId } = require('node:worker_threads');

const say = 'require("worker_threads").parentPort.postMessage';
/** What a worker tells of itself by one message. */
const told = (program, options) => new Promise((resolve, reject) => {
    new Worker(program, options).once('message', resolve).once('error', reject);
});
const asked = (expression, options) => told(`${say}(${expression})`, { eval: true, ...options });
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'spindle-worker-'));
const file = (name, text) => {
    const at = path.join(directory, name);
    fs.writeFileSync(at, text);
    return at;
};
process.on('exit', () => fs.rmSync(directory, { recursive: true }));

test('the program is a path, absolute or from here, or a file: URL', async () => {
    const at = file('one.cjs', `${say}([__filename, require.main === module, process.argv[1]]);`);
    deepEqual(await told(at), [at, true, at]);
    deepEqual(await told(pathToFileURL(at)), [at, true, at]);
    const relative = path.relative(process.cwd(), at);
    deepEqual(await told(relative.startsWith('.') ? relative : `./${relative}`), [at, true, at]);
    const module = file('two.mjs', 'import { parentPort } from "worker_threads"; parentPort.postMessage(import.meta.url);');
    equal(await told(module), pathToFileURL(module).href);
    for (const bad of ['one.cjs', '', 'worker', `${pathToFileURL(at)}`]) {
        throws(() => new Worker(bad), { name: 'TypeError', code: 'ERR_WORKER_PATH' });
    }
    for (const bad of [undefined, null, 5, {}, () => {}]) {
        throws(() => new Worker(bad), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
    throws(() => new Worker(new URL('https://example.org/')), { code: 'ERR_INVALID_URL_SCHEME' });
});

test('the program is a data: URL, which is a module', async () => {
    const text = 'import { parentPort } from "node:worker_threads"; ' +
        'parentPort.postMessage([typeof require, import.meta.url.slice(0, 5)]);';
    deepEqual(await told(new URL(`data:text/javascript,${encodeURIComponent(text)}`)), ['undefined', 'data:']);
    const coded = Buffer.from(text).toString('base64');
    deepEqual(await told(new URL(`data:text/javascript;base64,${coded}`)), ['undefined', 'data:']);
});

test('the program is text: CommonJS, or a module', async () => {
    deepEqual(await asked('[__filename, typeof require, typeof module, this === globalThis, process.argv.length]'),
        ['[worker eval]', 'function', 'object', true, 2]);
    equal(await told(`import("os").then(({ EOL }) => ${say}(EOL))`, { eval: true }), '\n');
    const module = 'import { parentPort } from "worker_threads"; import { EOL } from "os"; parentPort.postMessage(await EOL);';
    equal(await told(module, { eval: true, execArgv: ['--input-type=module'] }), '\n');
    equal(await told(module, { eval: true }), '\n');
    throws(() => new Worker(pathToFileURL(__filename), { eval: true }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('a program that is not there or cannot be parsed is the worker\'s error', async () => {
    const outcome = (program, options) => new Promise((resolve) => {
        const log = [];
        new Worker(program, options).on('error', (error) => log.push(error.name, error.code))
            .on('exit', (code) => resolve([...log, code]));
    });
    deepEqual(await outcome(path.join(directory, 'missing.js')), ['Error', 'MODULE_NOT_FOUND', 1]);
    deepEqual(await outcome('let let = 5;', { eval: true }), ['SyntaxError', undefined, 1]);
});

test('argv is appended as text', async () => {
    const argv = ['a', 5, null, undefined, { toString: () => 'made' }];
    deepEqual(await asked('process.argv.slice(2)', { argv }), ['a', '5', 'null', 'undefined', 'made']);
    deepEqual(await asked('process.argv.slice(2)'), []);
    throws(() => new Worker('', { eval: true, argv: 'a' }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
});

test('execArgv is the worker\'s own, or its parent\'s', async () => {
    const execArgv = ['--no-warnings', '--trace-warnings'];
    deepEqual(await asked('process.execArgv', { execArgv }), execArgv);
    deepEqual(await asked('process.execArgv'), process.execArgv);
    for (const execArgv of [['--foo'], ['--title=blah'], ['--max-old-space-size=5'], ['--no-warnings', '--bar']]) {
        throws(() => new Worker('', { eval: true, execArgv }), {
            name: 'Error', code: 'ERR_WORKER_INVALID_EXEC_ARGV',
            message: `Initiated Worker with invalid execArgv flags: ${execArgv.at(-1)}`,
        });
    }
    throws(() => new Worker('', { eval: true, execArgv: ['--require'] }), { code: 'ERR_WORKER_INVALID_EXEC_ARGV' });
    throws(() => new Worker('', { eval: true, execArgv: '--no-warnings' }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('--require and --import come before the program', async () => {
    const first = file('first.cjs', 'globalThis.order = ["first"];');
    const second = file('second.mjs', 'globalThis.order.push("second"); await 1;');
    const program = file('third.cjs', `${say}(order)`);
    deepEqual(await told(program, { execArgv: ['--require', first, `--import=${pathToFileURL(second)}`] }), ['first', 'second']);
    deepEqual(await asked('order', { execArgv: ['-r', first] }), ['first']);
});

test('the environment is a copy, or what is given', async () => {
    process.env.WORKER_OPTION = 'before';
    const worker = new Worker(`
        const { parentPort } = require('worker_threads');
        process.env.WORKER_OPTION += ' changed';
        parentPort.once('message', () => parentPort.postMessage(process.env.WORKER_OPTION));
    `, { eval: true });
    process.env.WORKER_OPTION = 'after';
    worker.postMessage(1);
    equal(await new Promise((resolve) => worker.once('message', resolve)), 'before changed');
    equal(process.env.WORKER_OPTION, 'after');
    delete process.env.WORKER_OPTION;
    deepEqual(await asked('{ ...process.env }', { env: { A: 'b', n: 5, none: undefined, nil: null } }),
        { A: 'b', n: '5', none: 'undefined', nil: 'null' });
    equal(await asked('process.env.PATH', { env: null }), process.env.PATH);
    for (const env of [5, 'x', true, Symbol('x')]) {
        throws(() => new Worker('', { eval: true, env }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
});

test('with SHARE_ENV there is one environment', async () => {
    equal(SHARE_ENV, Symbol.for('nodejs.worker_threads.SHARE_ENV'));
    process.env.SHARED_FIRST = 'main';
    delete process.env.SHARED_GONE;
    const worker = new Worker(`
        const { parentPort, SHARE_ENV, Worker } = require('worker_threads');
        parentPort.on('message', (step) => {
            if (step === 1) {
                parentPort.postMessage([process.env.SHARED_FIRST, process.env.SHARED_SECOND, 'SHARED_SECOND' in process.env]);
                process.env.SHARED_THIRD = 3;
                delete process.env.SHARED_FIRST;
                process.env.SHARED_GONE = 'x';
                delete process.env.SHARED_GONE;
                return;
            }
            // Its own child shares it, too.
            const source = 'process.env.SHARED_DEEP = Object.keys(process.env).includes("SHARED_THIRD")';
            new Worker(source, { eval: true, env: SHARE_ENV })
                .on('exit', () => parentPort.close());
        });
    `, { eval: true, env: SHARE_ENV });
    process.env.SHARED_SECOND = 'later';
    const answer = new Promise((resolve) => worker.once('message', resolve));
    worker.postMessage(1);
    deepEqual(await answer, ['main', 'later', true]);
    worker.postMessage(2);
    equal(await new Promise((resolve) => worker.once('exit', resolve)), 0);
    const { env } = process;
    deepEqual([env.SHARED_FIRST, env.SHARED_THIRD, env.SHARED_DEEP, env.SHARED_GONE], [undefined, '3', 'true', undefined]);
    ok(Object.keys(env).includes('SHARED_THIRD'));
    ok('SHARED_THIRD' in env && !('SHARED_FIRST' in env));
    deepEqual(Object.getOwnPropertyDescriptor(env, 'SHARED_THIRD'),
        { value: '3', writable: true, enumerable: true, configurable: true });
    equal({ ...env }.SHARED_SECOND, 'later');
    equal(typeof env.toString, 'function');
    ok(Object.keys(env).length > 3);
    for (const name of ['SHARED_SECOND', 'SHARED_THIRD', 'SHARED_DEEP']) equal(delete env[name], true);
    ok(!Object.keys(env).some((name) => name.startsWith('SHARED_')));
    // Others still get copies.
    equal(await asked('process.env.SHARED_LATE = "no"', { env: undefined }), 'no');
    equal(env.SHARED_LATE, undefined);
});

test('a name is text, and the thread\'s own', async () => {
    throws(() => new Worker('', { eval: true, name: 5 }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    if (!since('24')) return;
    equal(await asked('require("worker_threads").threadName', { name: 'knitter' }), 'knitter');
    equal(await asked('require("worker_threads").threadName'), 'WorkerThread');
    const worker = new Worker('', { eval: true, name: 'short' });
    equal(worker.threadName, 'short');
    await new Promise((resolve) => worker.once('exit', resolve));
    equal(worker.threadName, null);
});

test('limits are told to both sides', async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 100, maxYoungGenerationSizeMb: 16, codeRangeSizeMb: 64, stackSizeMb: 2 };
    deepEqual(await asked('require("worker_threads").resourceLimits', { resourceLimits }), resourceLimits);
    const worker = new Worker('', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 50 } });
    equal(worker.resourceLimits.maxOldGenerationSizeMb, 50);
    equal(worker.resourceLimits.stackSizeMb, 4);
    await new Promise((resolve) => worker.once('exit', resolve));
    deepEqual(worker.resourceLimits, {});
});

test('workerData is cloned, and transfers with it', async () => {
    equal(await asked('require("worker_threads").workerData'), undefined);
    const buffer = new ArrayBuffer(6);
    const options = { workerData: { buffer }, transferList: [buffer] };
    equal(await asked('require("worker_threads").workerData.buffer.byteLength', options), 6);
    equal(buffer.byteLength, 0);
    throws(() => new Worker('', { eval: true, workerData: Symbol('x') }), { name: 'DataCloneError' });
});

test('a worker knows what it is', async () => {
    deepEqual(await asked('[require("worker_threads").isMainThread, require("worker_threads").threadId > 0]'), [false, true]);
    equal(threadId, 0);
    equal(await asked('typeof process.pid'), 'number');
    equal(await asked('process.pid'), process.pid);
    equal(await asked('process.cwd()'), process.cwd());
    if (since('24')) equal(await asked('require("worker_threads").isInternalThread'), false);
    equal(await asked('1', { trackUnmanagedFds: false }), 1);
});
