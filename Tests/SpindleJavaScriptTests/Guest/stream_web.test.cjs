'use strict';

const web = require('node:stream/web');
const { Duplex, PassThrough, Readable, Writable, finished, pipeline } = require('node:stream');
const { deepEqual, equal, match, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const { nextTurn } = require('./support/streams.cjs');

const {
    ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableStream, TextDecoderStream, TextEncoderStream, TransformStream,
    WritableStream,
} = web;

const allOf = async (stream) => {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
};
const streamOf = (...chunks) => new ReadableStream({
    start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
    },
});

test('the classes are globals too', () => {
    for (const name of Object.keys(web).filter((key) => !/Compression/.test(key))) equal(globalThis[name], web[name], name);
    throws(() => new web.ReadableStreamDefaultController(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
    throws(() => ReadableStream.prototype.getReader.call({}), { code: 'ERR_INVALID_THIS' });
    equal(Object.prototype.toString.call(new ReadableStream()), '[object ReadableStream]');
});

// --- ReadableStream ----------------------------------------------------------------------------------------------------

test('chunks are read in order, then done for ever', async () => {
    const reader = streamOf('a', 'b').getReader();
    deepEqual(await reader.read(), { value: 'a', done: false });
    deepEqual(await reader.read(), { value: 'b', done: false });
    deepEqual(await reader.read(), { value: undefined, done: true });
    deepEqual(await reader.read(), { value: undefined, done: true });
    equal(await reader.closed, undefined);
});

test('pull is called while there is room, one at a time', async () => {
    let calls = 0;
    let running = 0;
    const stream = new ReadableStream({
        async pull(controller) {
            equal(++running, 1);
            await nextTurn();
            running--;
            controller.enqueue(calls++);
        },
    }, { highWaterMark: 3 });
    for (let i = 0; i < 10; i++) await nextTurn();
    equal(calls, 3);
    const reader = stream.getReader();
    equal((await reader.read()).value, 0);
    for (let i = 0; i < 5; i++) await nextTurn();
    equal(calls, 4);
    await reader.cancel();
});

test('desiredSize goes with the strategy', () => {
    let controller;
    const start = (own) => { controller = own; };
    new ReadableStream({ start }, new CountQueuingStrategy({ highWaterMark: 2 }));
    controller.enqueue('x');
    equal(controller.desiredSize, 1);
    new ReadableStream({ start }, new ByteLengthQueuingStrategy({ highWaterMark: 10 }));
    controller.enqueue(new Uint8Array(12));
    equal(controller.desiredSize, -2);
    controller.close();
    throws(() => controller.enqueue('y'), { code: 'ERR_INVALID_STATE', name: 'TypeError' });
    throws(() => controller.close(), { code: 'ERR_INVALID_STATE' });
    controller.error(new Error('mine'));
    equal(controller.desiredSize, null);
    throws(() => new ReadableStream({}, { highWaterMark: -1 }), { code: 'ERR_INVALID_ARG_VALUE', name: 'RangeError' });
    throws(() => new ReadableStream({}, { size: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new ReadableStream({ type: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => new ReadableStream({ pull: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new CountQueuingStrategy(), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new CountQueuingStrategy({}), { code: 'ERR_MISSING_OPTION' });
});

test('a locked stream is for its reader alone', async () => {
    const stream = streamOf('a');
    const reader = stream.getReader();
    equal(stream.locked, true);
    throws(() => stream.getReader(), { code: 'ERR_INVALID_STATE' });
    await rejects(stream.cancel(), { code: 'ERR_INVALID_STATE' });
    throws(() => stream.tee(), { code: 'ERR_INVALID_STATE' });
    reader.releaseLock();
    equal(stream.locked, false);
    await rejects(reader.read(), { code: 'ERR_INVALID_STATE' });
    await rejects(reader.closed, { code: 'ERR_INVALID_STATE' });
    deepEqual(await allOf(stream), ['a']);
});

test('releasing the lock rejects reads under way', async () => {
    const stream = new ReadableStream();
    const reader = stream.getReader();
    const reading = reader.read();
    reader.releaseLock();
    await rejects(reading, { name: 'TypeError' });
});

test('errors reach readers, and cancel the source', async () => {
    const failing = new ReadableStream({ pull() { throw new Error('mine'); } });
    await rejects(failing.getReader().read(), { message: 'mine' });
    await rejects(allOf(new ReadableStream({ start: () => Promise.reject(new Error('start')) })), { message: 'start' });
    const reasons = [];
    const canceled = new ReadableStream({ cancel(reason) { reasons.push(reason); } });
    equal(await canceled.cancel('why'), undefined);
    deepEqual(reasons, ['why']);
    equal((await canceled.getReader().read()).done, true);
    await rejects(new ReadableStream({ cancel() { throw new Error('no'); } }).cancel(), { message: 'no' });
});

test('a loop that is left cancels, unless told not to', async () => {
    let canceled = 0;
    const make = () => new ReadableStream({
        pull(controller) { controller.enqueue(1); },
        cancel() { canceled++; },
    });
    const left = make();
    for await (const chunk of left) {
        equal(chunk, 1);
        break;
    }
    equal(canceled, 1);
    equal(left.locked, false);
    for await (const chunk of make().values({ preventCancel: true })) {
        equal(chunk, 1);
        break;
    }
    equal(canceled, 1);
});

test('tee gives two of the same', async () => {
    const [left, right] = streamOf(1, 2).tee();
    deepEqual(await allOf(left), [1, 2]);
    deepEqual(await allOf(right), [1, 2]);
    const reasons = [];
    const [one, two] = new ReadableStream({ cancel(reason) { reasons.push(reason); } }).tee();
    const first = one.cancel('a');
    const second = two.cancel('b');
    await first;
    await second;
    deepEqual(reasons, [['a', 'b']]);
    const [x, y] = new ReadableStream({ pull(controller) { controller.error(new Error('mine')); } }).tee();
    await rejects(allOf(x), { message: 'mine' });
    await rejects(allOf(y), { message: 'mine' });
});

test('from takes iterables', async () => {
    deepEqual(await allOf(ReadableStream.from(['a', Promise.resolve('b')])), ['a', 'b']);
    deepEqual(await allOf(ReadableStream.from((async function* () { yield 1; })())), [1]);
    throws(() => ReadableStream.from(1), { name: 'TypeError' });
});

// --- Bytes -------------------------------------------------------------------------------------------------------------

test('bytes are read into memory that the reader brings', async () => {
    const stream = new ReadableStream({
        type: 'bytes',
        start(controller) {
            controller.enqueue(new Uint8Array([1, 2, 3]));
            controller.enqueue(new Uint8Array([4, 5]));
            controller.close();
        },
    });
    const reader = stream.getReader({ mode: 'byob' });
    const memory = new Uint8Array(4);
    const { value, done } = await reader.read(memory);
    deepEqual([[...value], done, memory.byteLength], [[1, 2, 3, 4], false, 0]);
    const rest = await reader.read(new Uint8Array(4));
    deepEqual([...rest.value], [5]);
    const end = await reader.read(new Uint8Array(4));
    deepEqual([end.done, end.value.length], [true, 0]);
    await rejects(reader.read(new Uint8Array(0)), { code: 'ERR_INVALID_STATE' });
    await rejects(reader.read(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => streamOf('x').getReader({ mode: 'byob' }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('a source fills the memory of the request', async () => {
    const stream = new ReadableStream({
        type: 'bytes',
        pull(controller) {
            const { byobRequest } = controller;
            byobRequest.view[0] = 7;
            byobRequest.respond(1);
            throws(() => byobRequest.respond(1), { code: 'ERR_INVALID_STATE' });
            equal(byobRequest.view, null);
        },
    });
    const reader = stream.getReader({ mode: 'byob' });
    deepEqual([...(await reader.read(new Uint8Array(3))).value], [7]);
    const allocating = new ReadableStream({
        type: 'bytes',
        autoAllocateChunkSize: 8,
        pull(controller) {
            equal(controller.byobRequest.view.byteLength, 8);
            controller.byobRequest.view.set([1, 2]);
            controller.byobRequest.respond(2);
        },
    });
    deepEqual([...(await allocating.getReader().read()).value], [1, 2]);
});

test('elements wider than a byte come whole', async () => {
    let controller;
    const stream = new ReadableStream({ type: 'bytes', start(own) { controller = own; } });
    const reader = stream.getReader({ mode: 'byob' });
    const reading = reader.read(new Uint16Array(2));
    controller.enqueue(new Uint8Array([1]));
    controller.enqueue(new Uint8Array([2, 3]));
    deepEqual([...(await reading).value], [0x0201]);
    const rest = reader.read(new Uint8Array(1));
    deepEqual([...(await rest).value], [3]);
    controller.close();
});

test('bytes are teed as copies, and blobs are streams of bytes', async () => {
    const [left, right] = new Blob(['some text']).stream().tee();
    const one = await allOf(left);
    const two = await allOf(right);
    equal(Buffer.concat(one).toString(), 'some text');
    equal(Buffer.concat(two).toString(), 'some text');
    ok(one[0].buffer !== two[0].buffer);
    equal((await allOf(new Blob([Buffer.alloc(100_000)]).stream())).reduce((sum, { length }) => sum + length, 0), 100_000);
});

// --- WritableStream ----------------------------------------------------------------------------------------------------

test('writes go one after the other, and close waits for them', async () => {
    const log = [];
    const stream = new WritableStream({
        start() { log.push('start'); },
        async write(chunk) {
            log.push(`write ${chunk}`);
            await nextTurn();
            log.push(`wrote ${chunk}`);
        },
        close() { log.push('close'); },
    });
    const writer = stream.getWriter();
    writer.write('a');
    writer.write('b');
    await writer.close();
    deepEqual(log, ['start', 'write a', 'wrote a', 'write b', 'wrote b', 'close']);
    await writer.closed;
});
since('22', 'nothing is written after the end', async () => {
    const writer = new WritableStream().getWriter();
    await writer.close();
    await rejects(writer.write('c'), { code: 'ERR_INVALID_STATE' });
    await rejects(writer.close(), { name: 'TypeError' });
});

test('ready tells of room', async () => {
    let finish;
    const stream = new WritableStream({ write: () => new Promise((resolve) => { finish = resolve; }) }, { highWaterMark: 1 });
    const writer = stream.getWriter();
    await writer.ready;
    equal(writer.desiredSize, 1);
    const writing = writer.write('a');
    equal(writer.desiredSize, 0);
    let isReady = false;
    writer.ready.then(() => { isReady = true; });
    await nextTurn();
    equal(isReady, false);
    finish();
    await writing;
    await writer.ready;
    equal(writer.desiredSize, 1);
    writer.releaseLock();
    throws(() => writer.desiredSize, { code: 'ERR_INVALID_STATE' });
});

test('errors and aborts fail what waits', async () => {
    const failing = new WritableStream({ write() { throw new Error('mine'); } }).getWriter();
    const first = failing.write('a');
    const second = failing.write('b');
    await rejects(first, { message: 'mine' });
    await rejects(second, { message: 'mine' });
    await rejects(failing.closed, { message: 'mine' });
    const reasons = [];
    let signal;
    const aborted = new WritableStream({
        start(controller) { ({ signal } = controller); },
        abort(reason) { reasons.push(reason); },
    }).getWriter();
    await aborted.abort('why');
    deepEqual([reasons, signal.aborted, signal.reason], [['why'], true, 'why']);
    await aborted.closed.then(() => ok(false), (error) => equal(error, 'why'));
    throws(() => new WritableStream({ type: 'x' }), { name: 'RangeError' });
    const stream = new WritableStream();
    stream.getWriter();
    throws(() => stream.getWriter(), { code: 'ERR_INVALID_STATE' });
    await rejects(stream.close(), { code: 'ERR_INVALID_STATE' });
});

// --- Pipes and transforms ----------------------------------------------------------------------------------------------

test('pipeTo writes all and closes', async () => {
    const written = [];
    await streamOf(1, 2).pipeTo(new WritableStream({
        write(chunk) { written.push(chunk); },
        close() { written.push('close'); },
    }));
    deepEqual(written, [1, 2, 'close']);
    const open = new WritableStream();
    await streamOf(1).pipeTo(open, { preventClose: true });
    equal(open.locked, false);
    await open.getWriter().write('more');
});

test('pipeTo hands errors on in both directions', async () => {
    let reason;
    const target = new WritableStream({ abort(error) { reason = error; } });
    await rejects(new ReadableStream({ pull() { throw new Error('mine'); } }).pipeTo(target), { message: 'mine' });
    equal(reason.message, 'mine');
    let canceled;
    const source = new ReadableStream({ pull(controller) { controller.enqueue(1); }, cancel(error) { canceled = error; } });
    await rejects(source.pipeTo(new WritableStream({ write() { throw new Error('other'); } })), { message: 'other' });
    equal(canceled.message, 'other');
    const controller = new AbortController();
    const endless = new ReadableStream({ async pull(own) { await nextTurn(); own.enqueue(1); } });
    const piping = endless.pipeTo(new WritableStream(), { signal: controller.signal });
    controller.abort();
    await rejects(piping, { name: 'AbortError' });
    await rejects(streamOf().pipeTo(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a transform changes chunks, adds at the end, and can stop', async () => {
    const doubled = streamOf(1, 2).pipeThrough(new TransformStream({
        transform(chunk, controller) { controller.enqueue(chunk * 2); },
        flush(controller) { controller.enqueue('end'); },
    }));
    deepEqual(await allOf(doubled), [2, 4, 'end']);
    deepEqual(await allOf(streamOf('a').pipeThrough(new TransformStream())), ['a']);
    const stopped = streamOf(1, 2, 3).pipeThrough(new TransformStream({
        transform(chunk, controller) {
            controller.enqueue(chunk);
            if (chunk === 2) controller.terminate();
        },
    }));
    deepEqual(await allOf(stopped), [1, 2]);
    const failing = streamOf(1).pipeThrough(new TransformStream({ transform() { throw new Error('mine'); } }));
    await rejects(allOf(failing), { message: 'mine' });
    throws(() => streamOf().pipeThrough({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a transform waits for who reads', async () => {
    const seen = [];
    const { readable, writable } = new TransformStream({ transform(chunk, own) { seen.push(chunk); own.enqueue(chunk); } });
    const writer = writable.getWriter();
    writer.write(1);
    const second = writer.write(2);
    second.catch(() => {});
    await nextTurn();
    deepEqual(seen, []);
    const reader = readable.getReader();
    equal((await reader.read()).value, 1);
    await nextTurn();
    ok(seen.length <= 2);
    await reader.cancel('no more');
    await rejects(writer.closed, (error) => error === 'no more');
});

test('text is encoded and decoded across chunks', async () => {
    const bytes = await allOf(streamOf('h\u00e4', '\ud83d', '\ude00', '\ud800').pipeThrough(new TextEncoderStream()));
    equal(Buffer.concat(bytes).toString('hex'), '68c3a4f09f9880efbfbd');
    const text = await allOf(streamOf(new Uint8Array([0xc3]), new Uint8Array([0xa4, 0x21])).pipeThrough(new TextDecoderStream()));
    equal(text.join(''), '\u00e4!');
    await rejects(allOf(streamOf(new Uint8Array([0xff])).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))), {
        name: 'TypeError',
    });
    equal(new TextDecoderStream('latin1').encoding, 'windows-1252');
    equal(new TextEncoderStream().encoding, 'utf-8');
});

// --- With Node's streams -----------------------------------------------------------------------------------------------

test('a web stream becomes a readable and the other way round', async () => {
    deepEqual((await Readable.fromWeb(streamOf('a', 'b'), { objectMode: true }).toArray()), ['a', 'b']);
    equal(await Readable.fromWeb(streamOf(Buffer.from('text')), { encoding: 'utf8' }).toArray().then(String), 'text');
    const failing = Readable.fromWeb(new ReadableStream({ pull() { throw new Error('mine'); } }));
    await rejects(failing.toArray(), { message: 'mine' });
    let canceled = false;
    const source = Readable.fromWeb(new ReadableStream({ cancel() { canceled = true; } }));
    source.destroy();
    await nextTurn();
    equal(canceled, true);
    const chunks = await allOf(Readable.toWeb(Readable.from([Buffer.from('x'), Buffer.from('y')], { objectMode: false })));
    equal(Buffer.concat(chunks).toString(), 'xy');
    deepEqual(await allOf(Readable.toWeb(Readable.from([1, { a: 2 }]))), [1, { a: 2 }]);
    const broken = Readable.toWeb(new Readable({ read() { this.destroy(new Error('other')); } }));
    await rejects(allOf(broken), { message: 'other' });
    throws(() => Readable.fromWeb({}), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => Readable.toWeb({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a web stream becomes a writable and the other way round', async () => {
    const written = [];
    const writable = Writable.fromWeb(new WritableStream({
        write(chunk) { written.push(String(chunk)); },
        close() { written.push('close'); },
    }));
    writable.write('a');
    writable.end('b');
    await new Promise((resolve) => finished(writable, resolve));
    deepEqual(written, ['a', 'b', 'close']);
    const seen = [];
    const target = new Writable({
        highWaterMark: 1,
        write(chunk, encoding, callback) {
            seen.push(String(chunk));
            setImmediate(callback);
        },
    });
    const writer = Writable.toWeb(target).getWriter();
    await writer.write(Buffer.from('x'));
    await writer.write(Buffer.from('y'));
    await writer.close();
    deepEqual(seen, ['x', 'y']);
    equal(target.writableFinished, true);
    const failing = new Writable({ write(chunk, encoding, callback) { callback(new Error('mine')); } });
    const failed = Writable.toWeb(failing).getWriter();
    await Promise.allSettled([failed.write(Buffer.from('z'))]);
    await rejects(failed.closed, { message: 'mine' });
});

test('duplex streams are pairs', async () => {
    const { readable, writable } = Duplex.toWeb(new PassThrough());
    const writer = writable.getWriter();
    writer.write(Buffer.from('through'));
    writer.close();
    equal(Buffer.concat(await allOf(readable)).toString(), 'through');
    const louder = (chunk) => Buffer.from(Buffer.from(chunk).toString().toUpperCase());
    const transform = new TransformStream({ transform(chunk, own) { own.enqueue(louder(chunk)); } });
    const duplex = Duplex.fromWeb(transform);
    duplex.end('loud');
    equal(Buffer.concat(await duplex.toArray()).toString(), 'LOUD');
});

test('pipelines take web streams', async () => {
    const written = [];
    await new Promise((resolve, reject) => {
        pipeline(
            streamOf('a', 'b'),
            new TransformStream({ transform(chunk, own) { own.enqueue(chunk + chunk); } }),
            new WritableStream({ write(chunk) { written.push(chunk); } }),
            (error) => (error ? reject(error) : resolve()));
    });
    deepEqual(written, ['aa', 'bb']);
    equal(await new Promise((resolve) => {
        const stream = streamOf('x');
        finished(stream, resolve);
        stream.getReader().read();
    }), undefined);
});

test('they print what they are', () => {
    const { inspect } = require('node:util');
    equal(inspect(new ReadableStream()), "ReadableStream { locked: false, state: 'readable', supportsBYOB: false }");
    equal(inspect(new WritableStream()), "WritableStream { locked: false, state: 'writable' }");
    match(inspect(new TransformStream()), /^TransformStream \{\n {2}readable: ReadableStream/);
});
