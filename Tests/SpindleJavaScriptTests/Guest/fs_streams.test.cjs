'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Readable, Writable, promises } = require('node:stream');
const { deepEqual, equal, match, ok, rejects, test, throws } = require('./support/harness.cjs');
const { closed, nextTurn, record } = require('./support/streams.cjs');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spindle-fs-streams-'));
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
let last = 0;
const fresh = (content) => {
    const file = path.join(root, `file-${++last}`);
    if (content !== undefined) fs.writeFileSync(file, content);
    return file;
};
const textOf = async (stream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
};
const finished = (stream) => new Promise((resolve, reject) => stream.on('close', resolve).on('error', reject));

// --- Reading -----------------------------------------------------------------------------------------------------------

test('a file is read, with its events in order', async () => {
    const stream = fs.createReadStream(fresh('hello'));
    ok(stream instanceof fs.ReadStream && stream instanceof Readable);
    equal(stream.pending, true);
    const log = record(stream);
    stream.on('data', () => {});
    await closed(stream);
    deepEqual(log.filter((entry) => entry !== 'readable'), ['resume', 'open', 'ready', 'data hello', 'end', 'close']);
    equal(stream.bytesRead, 5);
    equal(stream.fd, null);
});

test('start and end choose a part, both included', async () => {
    const file = fresh('0123456789');
    equal(await textOf(fs.createReadStream(file, { start: 2, end: 5 })), '2345');
    equal(await textOf(fs.createReadStream(file, { start: 7 })), '789');
    equal(await textOf(fs.createReadStream(file, { end: 0 })), '0');
    equal(await textOf(fs.createReadStream(file, { start: 20 })), '');
    equal(await textOf(fs.createReadStream(file, { start: 1, end: 8, highWaterMark: 3 })), '12345678');
    throws(() => fs.createReadStream(file, { start: 5, end: 2 }), {
        code: 'ERR_OUT_OF_RANGE', message: 'The value of "start" is out of range. It must be <= "end" (here: 2). Received 5',
    });
    throws(() => fs.createReadStream(file, { start: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => fs.createReadStream(file, { start: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => fs.createReadStream(file, { end: 1.5 }), { code: 'ERR_OUT_OF_RANGE' });
});

test('text comes in an encoding, given in two ways', async () => {
    const file = fresh('häuser');
    for (const options of ['utf8', { encoding: 'utf8', highWaterMark: 2 }]) {
        const stream = fs.createReadStream(file, options);
        stream.on('data', (chunk) => equal(typeof chunk, 'string'));
        equal(await textOf(stream), 'häuser');
    }
    throws(() => fs.createReadStream(file, 'no'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('chunks are as large as asked', async () => {
    const file = fresh(Buffer.alloc(200_000, 'x'));
    const sizes = [];
    for await (const chunk of fs.createReadStream(file)) sizes.push(chunk.length);
    deepEqual(sizes, [65536, 65536, 65536, 3392]);
    const small = [];
    for await (const chunk of fs.createReadStream(file, { highWaterMark: 100_000 })) small.push(chunk.length);
    deepEqual(small, [100_000, 100_000]);
});

test('a missing file is an error and closes', async () => {
    const stream = fs.createReadStream('/none/such');
    const log = record(stream);
    const error = await new Promise((resolve) => stream.on('error', resolve));
    deepEqual([error.code, error.message], ['ENOENT', "ENOENT: no such file or directory, open '/none/such'"]);
    await nextTurn();
    deepEqual(log, ['error ENOENT', 'close']);
    await rejects(textOf(fs.createReadStream(root)), { code: 'EISDIR', syscall: 'read' });
    throws(() => fs.createReadStream('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => fs.createReadStream({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a descriptor is read on from where it stands, and closed or not', async () => {
    const file = fresh('abcdef');
    const fd = fs.openSync(file, 'r');
    fs.readSync(fd, Buffer.alloc(2), 0, 2, null);
    equal(await textOf(fs.createReadStream(undefined, { fd, autoClose: false })), 'cdef');
    equal(fs.fstatSync(fd).size, 6);
    const stream = fs.createReadStream(null, { fd, start: 1, end: 2 });
    equal(await textOf(stream), 'bc');
    throws(() => fs.fstatSync(fd), { code: 'EBADF' });
    throws(() => fs.createReadStream('x', { fd: -1 }), { code: 'ERR_OUT_OF_RANGE' });
});

test('close and destroy end a stream early', async () => {
    const stream = fs.createReadStream(fresh('x'));
    await new Promise((resolve) => stream.close(resolve));
    equal(stream.destroyed, true);
    const other = fs.createReadStream(fresh(Buffer.alloc(100_000)));
    other.once('data', () => other.destroy());
    await closed(other);
    equal(other.fd, null);
    equal(other.readableEnded, false);
});

test('a signal ends a stream', async () => {
    const controller = new AbortController();
    const stream = fs.createReadStream(fresh('x'), { signal: controller.signal });
    controller.abort();
    await rejects(textOf(stream), { name: 'AbortError' });
});

test('functions of the file system can be replaced', async () => {
    const calls = [];
    const own = {
        open: (...args) => {
            calls.push('open');
            fs.open(...args);
        },
        read: (...args) => {
            calls.push('read');
            fs.read(...args);
        },
        close: (...args) => {
            calls.push('close');
            fs.close(...args);
        },
    };
    equal(await textOf(fs.createReadStream(fresh('abc'), { fs: own })), 'abc');
    deepEqual(calls, ['open', 'read', 'read', 'close']);
    throws(() => fs.createReadStream('x', { fs: { open() {}, read: 1, close() {} } }), {
        code: 'ERR_INVALID_ARG_TYPE', message: /^The "options\.fs\.read" property must be of type function/,
    });
});

// --- Writing -----------------------------------------------------------------------------------------------------------

test('a file is written, with its events in order', async () => {
    const file = fresh();
    const stream = fs.createWriteStream(file);
    ok(stream instanceof fs.WriteStream && stream instanceof Writable);
    const log = record(stream);
    stream.write('ab');
    stream.write(Buffer.from('cd'));
    stream.write('6566', 'hex');
    stream.end('g', () => log.push('ended'));
    await closed(stream);
    equal(fs.readFileSync(file, 'utf8'), 'abcdefg');
    deepEqual(log, ['open', 'ready', 'prefinish', 'ended', 'finish', 'close']);
    equal(stream.bytesWritten, 7);
    equal(stream.path, file);
});

test('flags, mode, start and encoding hold', async () => {
    const file = fresh('0123456789');
    const patch = fs.createWriteStream(file, { flags: 'r+', start: 3 });
    patch.write('ab');
    patch.end('c');
    await finished(patch);
    equal(fs.readFileSync(file, 'utf8'), '012abc6789');
    const append = fs.createWriteStream(file, { flags: 'a', encoding: 'hex', mode: 0o600 });
    append.end('41');
    await finished(append);
    equal(fs.readFileSync(file, 'utf8'), '012abc6789A');
    const secret = fresh();
    await finished(fs.createWriteStream(secret, { mode: 0o600 }).end('x'));
    equal(fs.statSync(secret).mode & 0o777, 0o600);
    throws(() => fs.createWriteStream(file, { start: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => fs.createWriteStream(file, { flush: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('what waits is written in few calls, and all of it', async () => {
    const file = fresh();
    const stream = fs.createWriteStream(file);
    let expected = '';
    for (let i = 0; i < 1000; i++) {
        stream.write(`${i}\n`);
        expected += `${i}\n`;
    }
    stream.end();
    await finished(stream);
    equal(fs.readFileSync(file, 'utf8'), expected);
});

test('errors of opening and of writing', async () => {
    await rejects(finished(fs.createWriteStream('/none/such')), { code: 'ENOENT', syscall: 'open' });
    const fd = fs.openSync(fresh('x'), 'r');
    const readOnly = fs.createWriteStream(null, { fd });
    readOnly.end('y');
    await rejects(finished(readOnly), { code: 'EBADF', syscall: 'write' });
});

test('close waits for what is written', async () => {
    const file = fresh();
    const stream = fs.createWriteStream(file);
    stream.write('all of it');
    await new Promise((resolve) => stream.close(resolve));
    equal(fs.readFileSync(file, 'utf8'), 'all of it');
    await new Promise((resolve) => stream.close(resolve));
    const kept = fs.createWriteStream(fresh(), { autoClose: false });
    kept.end('x');
    await new Promise((resolve) => kept.on('finish', resolve));
    await nextTurn();
    equal(kept.destroyed, false);
    kept.destroy();
    await closed(kept);
});

test('files are copied through a pipeline', async () => {
    const bytes = Buffer.alloc(1_000_003, 'spindle');
    const from = fresh(bytes);
    const to = fresh();
    await promises.pipeline(fs.createReadStream(from), fs.createWriteStream(to, { flush: true }));
    ok(fs.readFileSync(to).equals(bytes));
});

test('classes are called with new or without, and can be replaced', async () => {
    const file = fresh('x');
    equal(await textOf(fs.ReadStream(file)), 'x');
    const { ReadStream } = fs;
    class Own extends ReadStream {}
    fs.ReadStream = Own;
    try {
        ok(fs.createReadStream(file).destroy() instanceof Own);
    } finally {
        fs.ReadStream = ReadStream;
    }
});

// --- FileHandle --------------------------------------------------------------------------------------------------------

test('a handle makes streams, and closes with them', async () => {
    const file = fresh();
    const writing = await fs.promises.open(file, 'w');
    const stream = writing.createWriteStream();
    stream.write('line 1\n');
    stream.end('line 2\nline 3');
    await finished(stream);
    equal(writing.fd, -1);
    const reading = await fs.promises.open(file);
    equal(await textOf(reading.createReadStream({ start: 5, end: 5, autoClose: false })), '1');
    ok(reading.fd >= 0);
    equal(await textOf(reading.createReadStream({ encoding: 'utf8', start: 0 })), 'line 1\nline 2\nline 3');
    equal(reading.fd, -1);
    await rejects(reading.stat(), { code: 'EBADF', message: 'file closed', syscall: 'fstat' });
});

test('a handle reads and writes several buffers', async () => {
    const handle = await fs.promises.open(fresh(), 'w+');
    const chunks = [Buffer.from('ab'), new Uint16Array([0x6463])];
    deepEqual(await handle.writev(chunks), { bytesWritten: 4, buffers: chunks });
    await handle.write('e', null, 'utf8');
    const into = [Buffer.alloc(3), Buffer.alloc(4)];
    const { bytesRead, buffers } = await handle.readv(into, 0);
    equal(bytesRead, 5);
    equal(buffers, into);
    equal(Buffer.concat(into).toString('latin1'), 'abcde\0\0');
    const one = await handle.read({ position: 1, length: 2 });
    equal(one.bytesRead, 2);
    equal(one.buffer.toString('latin1', 0, 2), 'bc');
    await rejects(handle.writev('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    await handle.close();
    await handle.close();
});

test('closing a handle waits for its calls', async () => {
    const handle = await fs.promises.open(fresh('content'));
    const reading = handle.readFile('utf8');
    const closing = handle.close();
    equal(await reading, 'content');
    await closing;
    equal(handle.fd, -1);
});

// --- The rest of fs ----------------------------------------------------------------------------------------------------

test('readv and writev in their other forms', async () => {
    const fd = fs.openSync(fresh(), 'w+');
    equal(fs.writevSync(fd, [Buffer.from('ab'), Buffer.from('c')]), 3);
    equal(fs.writevSync(fd, [Buffer.from('X')], 1), 1);
    const one = Buffer.alloc(2);
    const two = Buffer.alloc(5);
    equal(fs.readvSync(fd, [one, two], 0), 3);
    equal(one + two.toString('latin1'), 'aXc\0\0\0\0');
    const { promisify } = require('node:util');
    deepEqual(Object.keys(await promisify(fs.readv)(fd, [one], 0)), ['bytesRead', 'buffers']);
    equal((await promisify(fs.writev)(fd, [one])).bytesWritten, 2);
    await new Promise((resolve) => fs.readv(fd, [one], 1, (error, count, buffers) => {
        deepEqual([error, count, buffers[0] === one], [null, 2, true]);
        resolve();
    }));
    throws(() => fs.readvSync(fd, 1), {
        code: 'ERR_INVALID_ARG_TYPE', message: /^The "buffers" argument must be an ArrayBufferView\[\]/,
    });
    fs.closeSync(fd);
});

test('statfs tells of the file system', async () => {
    const figures = fs.statfsSync(root);
    ok(figures.bsize > 0 && figures.blocks >= figures.bfree);
    equal(figures.constructor.name, 'StatFs');
    equal(typeof (await fs.promises.statfs(root, { bigint: true })).type, 'bigint');
    const error = await new Promise((resolve) => fs.statfs('/none', resolve));
    match(error.message, /^ENOENT: no such file or directory, statfs '\/none'$/);
});
