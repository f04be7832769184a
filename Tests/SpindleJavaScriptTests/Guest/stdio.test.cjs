'use strict';

const { Worker } = require('node:worker_threads');
const { Readable, Stream, Writable, finished } = require('node:stream');
const { beyond, deepEqual, equal, ok, test, throws } = require('./support/harness.cjs');
const { nextTurn } = require('./support/streams.cjs');

/** Runs a program in a worker, which has standard streams of its own, and gives what it printed. */
async function run(program, input) {
    const worker = new Worker(program, { eval: true, stdin: input !== undefined, stdout: true, stderr: true });
    const texts = Promise.all([worker.stdout, worker.stderr].map(async (stream) => {
        let text = '';
        for await (const chunk of stream) text += chunk;
        return text;
    }));
    const code = new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    if (input !== undefined) {
        for (const chunk of input) worker.stdin.write(chunk);
        worker.stdin.end();
    }
    const [stdout, stderr] = await texts;
    return { stdout, stderr, code: await code };
}

test('outputs are streams, however they were used first', async () => {
    equal(process.stdout.write(''), true);
    ok(process.stdout instanceof Writable && process.stdout instanceof Stream && process.stderr instanceof Writable);
    equal(process.stdout.writable, true);
    equal(process.stdout.writableObjectMode, false);
    equal(process.stdout._isStdio, true);
    equal(process.stdout.fd, 1);
    equal(process.stderr.fd, 2);
    ok('writableLength' in process.stdout);
    equal(process.stdout.writableLength, 0);
    throws(() => process.stdout.write({}), { code: 'ERR_INVALID_ARG_TYPE' });
    await new Promise((resolve) => process.stdout.write('# written\n', resolve));
});

test('a program may put its own function in place of write', async () => {
    const { stdout, stderr } = await run(`
        const original = process.stdout.write;
        const seen = [];
        process.stdout.write = function (chunk, ...rest) {
            seen.push(chunk);
            return original.call(this, chunk.toUpperCase(), ...rest);
        };
        console.log('one');
        process.stdout.write('two\\n');
        process.stdout.write = original;
        console.log(seen.length);
        const { write } = process.stderr;
        write.call(process.stderr, 'bound\\n');
    `);
    equal(stdout, 'ONE\nTWO\n2\n');
    equal(stderr, 'bound\n');
});

test('what is piped to an output is printed, and does not end it', async () => {
    const { stdout } = await run(`
        const { Readable } = require('node:stream');
        Readable.from(['a', 'b']).pipe(process.stdout).on('unpipe', () => console.log('|still open'));
    `);
    equal(stdout, 'ab|still open\n');
});

test('text and bytes keep their order, whichever way they go', async () => {
    const { stdout } = await run(`
        console.log('1');
        process.stdout.write(Buffer.from('2\\n'));
        process.stdout.write('330a', 'hex');
        process.stdout.cork();
        process.stdout.write('4\\n');
        process.stdout.write(new Uint8Array([0x35, 10]));
        process.stdout.uncork();
        console.log('6 ä');
        process.stdout.end('7');
    `);
    equal(stdout, '1\n2\n3\n4\n5\n6 ä\n7');
});

test('the input is a stream: in events, in a loop, in a pipe', async () => {
    const { stdout: events } = await run(`
        process.stdin.setEncoding('utf8');
        let text = '';
        process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => console.log('end', text));
    `, ['hä', 'llo']);
    equal(events, 'end hällo\n');
    const { stdout: loop } = await run(`(async () => {
        let size = 0;
        for await (const chunk of process.stdin) size += chunk.length;
        console.log(size);
    })()`, [Buffer.alloc(100_000), Buffer.alloc(50_000)]);
    equal(loop, '150000\n');
    const { stdout: pipe } = await run('process.stdin.pipe(process.stdout)', ['through', ' and through']);
    equal(pipe, 'through and through');
    const { stdout: lines } = await run(`
        const rl = require('node:readline').createInterface({ input: process.stdin });
        rl.on('line', (line) => console.log('<' + line + '>')).on('close', () => console.log('closed'));
    `, ['a\nb', 'c\n']);
    equal(lines, '<a>\n<bc>\nclosed\n');
});

test('an input that is not read does not keep a program alive', async () => {
    const { stdout } = await run('process.stdin; console.log("over")');
    equal(stdout, 'over\n');
});

beyond('nor does one that is paused, in a worker either', async () => {
    const { stdout } = await run(`
        process.stdin.once('data', (chunk) => {
            console.log(String(chunk));
            process.stdin.pause();
        });
    `, ['first']);
    equal(stdout, 'first\n');
});

test('a console of its own streams writes to them', async () => {
    const { Console } = require('node:console');
    const chunks = [];
    const stdout = new Writable({ write(chunk, encoding, callback) { chunks.push(String(chunk)); callback(); } });
    const own = new Console({ stdout });
    own.log('a %d', 1);
    own.error('b');
    stdout.destroy();
    own.log('c');
    await nextTurn();
    deepEqual(chunks, ['a 1\n', 'b\n']);
    const failing = new Writable({ write(chunk, encoding, callback) { callback(new Error('mine')); } });
    new Console(failing).log('quiet');
    await new Promise((resolve) => finished(failing, resolve));
    ok(Readable.from([]) instanceof Stream);
});
