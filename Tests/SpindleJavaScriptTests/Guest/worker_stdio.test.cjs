'use strict';
const { test, equal, deepEqual, ok } = require('./support/harness.cjs');
const { Worker } = require('node:worker_threads');

const start = (source, options) => new Worker(source, { eval: true, ...options });
const ended = (worker) => new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
const textOf = async (stream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
};

test('without being asked for, a worker\'s input is at its end and its parent has nothing to write', async () => {
    const worker = start(`
        process.stdin.on('data', () => { throw new Error('nobody wrote this'); });
        process.stdin.on('end', () => console.log('the end'));
    `, { stdout: true });
    equal(worker.stdin, null);
    equal(await textOf(worker.stdout), 'the end\n');
});

test('the parent writes what the worker reads', async () => {
    const worker = start(`
        process.stdin.setEncoding('utf8');
        process.stdin.on('data', (text) => process.stdout.write(text.toUpperCase()));
        process.stdin.on('end', () => process.stdout.write('!'));
    `, { stdin: true, stdout: true });
    equal(typeof worker.stdin.write, 'function');
    worker.stdin.write('over ');
    worker.stdin.write(Buffer.from('thère — '));
    worker.stdin.end(new Uint8Array([0x68, 0x69]));
    equal(await textOf(worker.stdout), 'OVER THÈRE — HI!');
});

test('bytes of every value arrive as they are', async () => {
    const all = Uint8Array.from({ length: 1024 }, (_, i) => i & 255);
    const worker = start(`
        const chunks = [];
        process.stdin.on('data', (chunk) => chunks.push(chunk));
        process.stdin.on('end', () => require('worker_threads').parentPort.postMessage(Buffer.concat(chunks)));
    `, { stdin: true });
    worker.stdin.end(all);
    const back = await new Promise((resolve) => worker.once('message', resolve));
    deepEqual([...back], [...all]);
    await ended(worker);
});

test('a write is done when the worker has taken it, and much can be written', async () => {
    const worker = start(`
        let length = 0;
        process.stdin.on('data', (chunk) => { length += chunk.length; });
        process.stdin.on('end', () => require('worker_threads').parentPort.postMessage(length));
    `, { stdin: true });
    const chunk = 'x'.repeat(50_000);
    for (let i = 0; i < 40; i++) {
        if (!worker.stdin.write(chunk)) await new Promise((resolve) => worker.stdin.once('drain', resolve));
    }
    await new Promise((resolve) => worker.stdin.write('last', resolve));
    worker.stdin.end();
    equal(await new Promise((resolve) => worker.once('message', resolve)), 40 * 50_000 + 4);
    await ended(worker);
});

test('a worker may end without having read', async () => {
    const worker = start('process.exit(3);', { stdin: true });
    worker.stdin.on('error', () => {});
    worker.stdin.write('never read');
    equal(await new Promise((resolve) => worker.once('exit', resolve)), 3);
});

test('input can be iterated', async () => {
    const worker = start(`
        (async () => {
            let text = '';
            for await (const chunk of process.stdin) text += chunk;
            console.log(text.split('').reverse().join(''));
        })();
    `, { stdin: true, stdout: true });
    worker.stdin.end('desrever');
    equal(await textOf(worker.stdout), 'reversed\n');
});

test('output and errors are streams of their own', async () => {
    const worker = start(`
        console.log('out', { a: 1 });
        console.error('err');
        process.stdout.write(Buffer.from([0xe2, 0x82, 0xac]));
    `, { stdout: true, stderr: true });
    worker.stdout.setEncoding('utf8');
    const [out, err] = await Promise.all([textOf(worker.stdout), textOf(worker.stderr)]);
    equal(out, 'out { a: 1 }\n€');
    equal(err, 'err\n');
});

test('nothing that was printed is lost, however the worker ends', async () => {
    const lines = 'for (let i = 0; i < 2000; i++) console.log("line", i);';
    for (const [end, code] of [['', 0], ['process.exit(2);', 2], ['process.exitCode = 5;', 5], ['throw new Error("x");', 1]]) {
        const worker = start(lines + end, { stdout: true });
        worker.on('error', () => {});
        const exit = new Promise((resolve) => worker.once('exit', resolve));
        const text = await textOf(worker.stdout);
        equal(await exit, code);
        equal(text.split('\n').length, 2001, end);
        ok(text.endsWith('line 1999\n'));
    }
});

test('a stream that is looked at after the worker has ended still has everything', async () => {
    const worker = start('console.log("early");', { stdout: true });
    await new Promise((resolve) => worker.once('exit', resolve));
    equal(await textOf(worker.stdout), 'early\n');
});

test('output goes to another stream', async () => {
    const { PassThrough } = require('node:stream');
    const target = new PassThrough();
    const worker = start('process.stdout.write("piped");', { stdout: true });
    worker.stdout.pipe(target);
    equal(await textOf(target), 'piped');
});

test('what a busy parent has not read is not lost and keeps its order', async () => {
    const worker = start('for (let i = 0; i < 500; i++) process.stdout.write(i + ",");', { stdout: true });
    const until = Date.now() + 100;
    while (Date.now() < until);
    equal(await textOf(worker.stdout), Array.from({ length: 500 }, (_, i) => `${i},`).join(''));
});

test('a worker\'s streams know what they are', async () => {
    const worker = start(`
        const { parentPort } = require('worker_threads');
        parentPort.postMessage([process.stdout.isTTY, process.stdout.writable, process.stdin.readable, process.stdout._isStdio]);
    `, { stdout: true });
    const [isTTY, writable, readable] = await new Promise((resolve) => worker.once('message', resolve));
    equal(!!isTTY, false);
    ok(writable && readable);
    await ended(worker);
});

test('a stream ends with its worker also where the output is printed', async () => {
    const worker = start('');
    const both = Promise.all([textOf(worker.stdout), textOf(worker.stderr)]);
    await ended(worker);
    deepEqual(await both, ['', '']);
});
