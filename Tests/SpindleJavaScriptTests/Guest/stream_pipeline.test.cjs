'use strict';

const stream = require('node:stream');
const consumers = require('node:stream/consumers');
const { promisify } = require('node:util');
const { deepEqual, equal, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const { closed, nextTurn } = require('./support/streams.cjs');

const { Duplex, PassThrough, Readable, Transform, Writable, compose, finished, pipeline } = stream;

const upper = () => new Transform({ transform(chunk, encoding, callback) { callback(null, String(chunk).toUpperCase()); } });
function collector(options) {
    const chunks = [];
    const writable = new Writable({
        ...options,
        write(chunk, encoding, callback) {
            chunks.push(Buffer.isBuffer(chunk) ? String(chunk) : chunk);
            callback();
        },
    });
    writable.chunks = chunks;
    return writable;
}
const piped = (...streams) => new Promise((resolve) => {
    pipeline(...streams, (error, value) => resolve({ error, value }));
});

// --- pipeline ----------------------------------------------------------------------------------------------------------

test('a pipeline joins streams and tells when all is done', async () => {
    const target = collector();
    const { error, value } = await piped(Readable.from(['a', 'b']), upper(), target);
    equal(error, undefined);
    equal(value, undefined);
    deepEqual(target.chunks, ['A', 'B']);
    equal(target.destroyed, true);
});

test('a pipeline gives back its last stream, and takes an array', async () => {
    const target = new PassThrough();
    let done = false;
    equal(pipeline([Readable.from(['x']), target], () => { done = true; }), target);
    const chunks = [];
    for await (const chunk of target) chunks.push(String(chunk));
    await nextTurn();
    deepEqual([chunks, done], [['x'], true]);
});

test('an error anywhere destroys all, and is told once', async () => {
    for (let at = 0; at < 3; at++) {
        const streams = [new Readable({ read() {} }), new PassThrough(), new Writable({ write() {} })];
        setImmediate(() => streams[at].destroy(new Error(`mine ${at}`)));
        const { error } = await piped(...streams);
        equal(error.message, `mine ${at}`);
        ok(streams.every(({ destroyed }) => destroyed));
    }
});

test('a premature close is an error', async () => {
    const source = new Readable({ read() {} });
    const target = new Writable({ write() {} });
    setImmediate(() => target.destroy());
    const { error } = await piped(source, target);
    deepEqual([error.code, error.message], ['ERR_STREAM_PREMATURE_CLOSE', 'Premature close']);
    equal(source.destroyed, true);
});

test('functions and iterables are parts too', async () => {
    const target = collector({ objectMode: true });
    const { error } = await piped(
        async function* (options) {
            ok(options.signal instanceof AbortSignal);
            yield 1;
            yield 2;
        },
        async function* (source, { signal }) {
            equal(signal.aborted, false);
            for await (const value of source) yield value * 10;
        },
        target,
    );
    equal(error, undefined);
    deepEqual(target.chunks, [10, 20]);
    const other = collector({ objectMode: true });
    await piped(['a', 'b'], other);
    deepEqual(other.chunks, ['a', 'b']);
});

test('a function at the end gives the value', async () => {
    const { error, value } = await piped(Readable.from(['a', 'b']), async (source) => {
        let text = '';
        for await (const chunk of source) text += chunk;
        return text;
    });
    deepEqual([error, value], [undefined, 'ab']);
    const failed = await piped(Readable.from(['a']), async () => { throw new Error('mine'); });
    equal(failed.error.message, 'mine');
    const next = async function* (source) { for await (const n of source) yield n + 1; };
    const last = pipeline(Readable.from([1, 2]), next, () => {});
    deepEqual(await last.toArray(), [2, 3]);
});

test('what a pipeline does not take', () => {
    throws(() => pipeline(), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => pipeline(() => {}), { code: 'ERR_MISSING_ARGS' });
    throws(() => pipeline(new PassThrough(), new PassThrough()), {
        code: 'ERR_INVALID_ARG_TYPE', message: /^The "streams\[stream\.length - 1\]" property must be of type function/,
    });
    throws(() => pipeline(() => 1, new PassThrough(), () => {}), { code: 'ERR_INVALID_RETURN_VALUE' });
    throws(() => pipeline(['a'], () => 1, new PassThrough(), () => {}), {
        code: 'ERR_INVALID_RETURN_VALUE', message: /AsyncIterable to be returned from the "transform\[0\]" function/,
    });
    throws(() => pipeline(['a'], () => 1, () => {}), {
        code: 'ERR_INVALID_RETURN_VALUE', message: /AsyncIterable or Promise to be returned from the "destination" function/,
    });
});

test('a signal ends a pipeline', async () => {
    const controller = new AbortController();
    const source = new Readable({ read() {} });
    const target = new Writable({ write() {} });
    setImmediate(() => controller.abort());
    await rejects(stream.promises.pipeline(source, target, { signal: controller.signal }), {
        name: 'AbortError', code: 'ABORT_ERR',
    });
    equal(source.destroyed && target.destroyed, true);
    await rejects(stream.promises.pipeline(new PassThrough(), new PassThrough(), { signal: AbortSignal.abort() }),
        { name: 'AbortError' });
});

test('the last stream can be left open', async () => {
    const target = collector();
    await stream.promises.pipeline(Readable.from(['a']), target, { end: false });
    equal(target.writableEnded, false);
    await stream.promises.pipeline(Readable.from(['b']), target);
    deepEqual(target.chunks, ['a', 'b']);
    equal(target.writableFinished, true);
});

test('a pipeline waits for slow writers', async () => {
    let most = 0;
    let produced = 0;
    const source = Readable.from((function* () { while (produced < 200) yield produced++; })());
    let written = 0;
    const target = new Writable({
        objectMode: true,
        highWaterMark: 2,
        write(value, encoding, callback) {
            most = Math.max(most, produced - written);
            written++;
            setImmediate(callback);
        },
    });
    await stream.promises.pipeline(source, target);
    equal(written, 200);
    ok(most <= 8, `${most} ahead`);
});

test('promisified forms', async () => {
    equal(promisify(pipeline), stream.promises.pipeline);
    equal(promisify(finished), stream.promises.finished);
    equal(stream.promises.pipeline.name, 'pipeline');
    equal(stream.promises.finished.name, 'finished');
});

// --- finished ----------------------------------------------------------------------------------------------------------

test('finished tells of the end, of errors, and of an early close', async () => {
    const over = (target, options) => new Promise((resolve) => finished(target, options, resolve));
    const readable = Readable.from(['a']);
    readable.resume();
    equal(await over(readable), undefined);
    equal(await over(readable), undefined);
    const writable = collector();
    writable.end();
    equal(await over(writable), undefined);
    const failing = new Writable({ write(chunk, encoding, callback) { callback(new Error('mine')); } });
    failing.write('x');
    equal((await over(failing)).message, 'mine');
    const early = new Readable({ read() {} });
    early.destroy();
    equal((await over(early)).code, 'ERR_STREAM_PREMATURE_CLOSE');
    const half = new Duplex({ read() {}, write(chunk, encoding, callback) { callback(); } });
    half.end();
    equal(await over(half, { readable: false }), undefined);
    half.destroy();
    await rejects(stream.promises.finished(new Readable({ read() {} }).destroy(new Error('other'))), { message: 'other' });
});

test('finished stops listening when told, and with a signal', async () => {
    const readable = new Readable({ read() {} });
    const stop = finished(readable, () => { throw new Error('called'); });
    ok(readable.listenerCount('end') > 0);
    stop();
    equal(readable.listenerCount('end') + readable.listenerCount('close') + readable.listenerCount('error'), 0);
    const controller = new AbortController();
    const aborted = new Promise((resolve) => finished(readable, { signal: controller.signal }, resolve));
    controller.abort();
    equal((await aborted).name, 'AbortError');
    equal(readable.destroyed, false);
    await rejects(stream.promises.finished(readable, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    const done = stream.promises.finished(readable, { cleanup: true });
    readable.push(null);
    readable.resume();
    await done;
    equal(readable.listenerCount('end'), 0);
});

test('what finished does not take', () => {
    throws(() => finished({}, () => {}), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The "stream" argument must be an instance of ReadableStream, WritableStream, or Stream. ' +
            'Received an instance of Object',
    });
    throws(() => finished(new PassThrough(), 1, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => finished(new PassThrough(), {}, 1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => finished(new PassThrough(), { signal: 1 }, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
});

// --- for await ---------------------------------------------------------------------------------------------------------

test('a loop reads all and destroys when it is left', async () => {
    const readable = Readable.from([1, 2, 3]);
    const seen = [];
    for await (const value of readable) seen.push(value);
    deepEqual(seen, [1, 2, 3]);
    const left = new Readable({ objectMode: true, read() { this.push(1); } });
    for await (const value of left) {
        equal(value, 1);
        break;
    }
    equal(left.destroyed, true);
    const kept = new Readable({ objectMode: true, read() { this.push(1); } });
    for await (const value of kept.iterator({ destroyOnReturn: false })) {
        equal(value, 1);
        break;
    }
    equal(kept.destroyed, false);
    kept.destroy();
});

test('a loop throws what the stream fails with, or an early close', async () => {
    const failing = new Readable({ read() { this.destroy(new Error('mine')); } });
    await rejects((async () => { for await (const chunk of failing) ok(chunk); })(), { message: 'mine' });
    const early = new Readable({ read() { this.destroy(); } });
    await rejects((async () => { for await (const chunk of early) ok(chunk); })(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
    const thrown = Readable.from([1]);
    await rejects((async () => { for await (const chunk of thrown) throw new Error(`thrown ${chunk}`); })(), {
        message: 'thrown 1',
    });
    equal(thrown.destroyed, true);
});

test('what came before an error is still read', async () => {
    const readable = new Readable({ objectMode: true, read() {} });
    readable.push(1);
    readable.push(2);
    setImmediate(() => readable.destroy(new Error('late')));
    const seen = [];
    await rejects((async () => { for await (const value of readable) seen.push(value); })(), { message: 'late' });
    deepEqual(seen, [1, 2]);
});

// --- Readable.from -----------------------------------------------------------------------------------------------------

test('from takes all kinds of iterables', async () => {
    const all = (iterable, options) => Readable.from(iterable, options).toArray();
    deepEqual(await all([1, 2]), [1, 2]);
    deepEqual(await all('text'), ['text']);
    deepEqual((await all(Buffer.from('ab'))).map(String), ['ab']);
    deepEqual(await all(new Set(['a'])), ['a']);
    deepEqual(await all([Promise.resolve(1), 2, Promise.resolve(3)]), [1, 2, 3]);
    deepEqual(await all((async function* () { yield 1; yield 2; })()), [1, 2]);
    equal((await all(['a', 'b'], { objectMode: false })).join(''), 'ab');
    equal(Readable.from([]).readableHighWaterMark, 1);
    throws(() => Readable.from(null), {
        code: 'ERR_INVALID_ARG_TYPE', message: /"iterable" argument must be an instance of Iterable/,
    });
    throws(() => Readable.from({}), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(all([1, null]), { code: 'ERR_STREAM_NULL_VALUES' });
    await rejects(all((async function* () { yield null; })()), { code: 'ERR_STREAM_NULL_VALUES' });
    await rejects(all((function* () { throw new Error('mine'); })()), { message: 'mine' });
    await rejects(all([Promise.reject(new Error('mine'))]), { message: 'mine' });
});

test('an iterator is closed when its stream is destroyed', async () => {
    for (const isAsync of [true, false]) {
        const log = [];
        const iterator = {
            next() { return isAsync ? Promise.resolve({ value: 1 }) : { value: 1 }; },
            return() {
                log.push('return');
                return { done: true };
            },
            throw(error) {
                log.push(`throw ${error.message}`);
                return { done: true };
            },
            [isAsync ? Symbol.asyncIterator : Symbol.iterator]() { return this; },
        };
        const failing = Readable.from(iterator);
        failing.on('error', () => {});
        failing.destroy(new Error('mine'));
        await closed(failing);
        const left = Readable.from(iterator);
        left.destroy();
        await closed(left);
        deepEqual(log, ['throw mine', 'return']);
    }
});

test('from asks for the next item only when there is room', async () => {
    let asked = 0;
    const readable = Readable.from((function* () { for (;;) yield asked++; })());
    readable.read(0);
    await nextTurn();
    equal(asked, 1);
    readable.read();
    await nextTurn();
    ok(asked <= 3, String(asked));
    readable.destroy();
});

// --- Methods like those of arrays --------------------------------------------------------------------------------------

const numbers = () => Readable.from([1, 2, 3, 4, 5]);

test('streams have the methods of arrays', async () => {
    deepEqual(await numbers().map((n) => n * 2).toArray(), [2, 4, 6, 8, 10]);
    deepEqual(await numbers().map(async (n) => n + 1).toArray(), [2, 3, 4, 5, 6]);
    deepEqual(await numbers().filter((n) => n % 2).toArray(), [1, 3, 5]);
    deepEqual(await numbers().flatMap((n) => [n, -n]).take(4).toArray(), [1, -1, 2, -2]);
    deepEqual(await numbers().drop(3).toArray(), [4, 5]);
    deepEqual(await numbers().take(0).toArray(), []);
    equal(await numbers().reduce((sum, n) => sum + n), 15);
    equal(await numbers().reduce(async (sum, n) => sum + n, 10), 25);
    equal(await numbers().find((n) => n > 2), 3);
    equal(await numbers().find((n) => n > 9), undefined);
    equal(await numbers().some((n) => n === 5), true);
    equal(await numbers().some((n) => n === 6), false);
    equal(await numbers().every((n) => n > 0), true);
    equal(await numbers().every((n) => n > 1), false);
    const seen = [];
    equal(await numbers().forEach((n) => { seen.push(n); }), undefined);
    deepEqual(seen, [1, 2, 3, 4, 5]);
    ok(numbers().map((n) => n) instanceof Readable);
});

test('map runs as many at once as asked, and keeps the order', async () => {
    let running = 0;
    let most = 0;
    const result = await numbers().map(async (n) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 6 - n));
        running--;
        return n;
    }, { concurrency: 2 }).toArray();
    deepEqual(result, [1, 2, 3, 4, 5]);
    equal(most, 2);
});

test('what these methods throw', async () => {
    throws(() => numbers().map(1), {
        code: 'ERR_INVALID_ARG_TYPE', message: /^The "fn" argument must be of type function or an instance of AsyncFunction/,
    });
    throws(() => numbers().map((n) => n, 1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => numbers().map((n) => n, { concurrency: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => numbers().drop(-1), { code: 'ERR_OUT_OF_RANGE', message: /"number" is out of range\. It must be >= 0/ });
    throws(() => numbers().take(1, { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new (numbers().map)((n) => n), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
    await rejects(numbers().forEach(1), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(numbers().map(() => { throw new Error('mine'); }).toArray(), { message: 'mine' });
    await rejects(Readable.from([]).reduce((a, b) => a + b), {
        code: 'ERR_MISSING_ARGS', name: 'TypeError', message: 'Reduce of an empty stream requires an initial value',
    });
    await rejects(numbers().toArray({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    await rejects(numbers().map((n) => n, { signal: AbortSignal.abort() }).toArray(), { name: 'AbortError' });
    await rejects(numbers().reduce((a) => a, 0, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    const controller = new AbortController();
    const endless = new Readable({ objectMode: true, read() { setImmediate(() => this.push(1)); } });
    setTimeout(() => controller.abort(), 10);
    const check = async (value, own) => { ok(own.signal instanceof AbortSignal); };
    await rejects(endless.forEach(check, { signal: controller.signal }), { name: 'AbortError' });
    equal(endless.destroyed, true);
});

test('take does not ask for more than it gives', async () => {
    let asked = 0;
    const source = Readable.from((async function* () { for (;;) yield ++asked; })(), { highWaterMark: 1 });
    deepEqual(await source.take(2).toArray(), [1, 2]);
    ok(asked <= 4, String(asked));
    equal(source.destroyed, true);
});

// --- Duplex.from, compose, duplexPair ----------------------------------------------------------------------------------

test('Duplex.from takes functions, pairs, promises, blobs and iterables', async () => {
    const upperCase = Duplex.from(async function* (source) {
        for await (const chunk of source) yield String(chunk).toUpperCase();
    });
    const { error, value } = await piped(Readable.from(['a', 'b']), upperCase, (source) => consumers.text(source));
    equal(error, undefined);
    equal(value, 'AB');
    const seen = [];
    const sink = Duplex.from(async (source) => { for await (const chunk of source) seen.push(String(chunk)); });
    sink.write('x');
    sink.end('y');
    await stream.promises.finished(sink);
    deepEqual(seen, ['x', 'y']);
    const pass = new PassThrough();
    equal(Duplex.from(pass), pass);
    deepEqual(await Duplex.from(Promise.resolve('p')).toArray(), ['p']);
    deepEqual(await Duplex.from([1, 2]).toArray(), [1, 2]);
    const bytes = await Duplex.from(new Blob(['blob'])).toArray();
    equal(Buffer.from(bytes[0]).toString(), 'blob');
    const pair = Duplex.from({ readable: Readable.from(['r']), writable: collector() });
    pair.end('w');
    deepEqual((await pair.toArray()).map(String), ['r']);
    throws(() => Duplex.from({}), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: /^The "body" argument must be of type function or an instance of Blob, ReadableStream/,
    });
    throws(() => Duplex.from(() => 1), { code: 'ERR_INVALID_RETURN_VALUE' });
    const failing = Duplex.from(Promise.reject(new Error('mine')));
    await rejects(failing.toArray(), { message: 'mine' });
});

test('a composed stream is written to its head and read from its tail', async () => {
    const exclaim = new Transform({ transform(chunk, encoding, callback) { callback(null, `${chunk}!`); } });
    const composed = compose(upper(), exclaim);
    composed.write('a');
    composed.end('b');
    equal((await composed.toArray()).map(String).join(''), 'A!B!');
    const functions = compose(
        async function* () { yield 'x'; },
        async function* (source) { for await (const chunk of source) yield chunk + 'y'; });
    deepEqual(await functions.toArray(), ['xy']);
    deepEqual(await Readable.from(['q']).compose(async function* (source) {
        for await (const chunk of source) yield chunk + chunk;
    }).toArray(), ['qq']);
    throws(() => compose(), { code: 'ERR_MISSING_ARGS' });
    throws(() => compose(new Writable(), upper()), { code: 'ERR_INVALID_ARG_VALUE', message: /'streams\[0\]' must be readable/ });
    throws(() => compose(upper(), new Readable()), { code: 'ERR_INVALID_ARG_VALUE', message: /'streams\[1\]' must be writable/ });
});

test('an error in a composed stream ends it', async () => {
    const failing = new Transform({ transform(chunk, encoding, callback) { callback(new Error('mine')); } });
    const composed = compose(upper(), failing, new PassThrough());
    composed.end('x');
    await rejects(composed.toArray(), { message: 'mine' });
    const aborted = compose(new PassThrough(), new PassThrough());
    aborted.on('error', () => {});
    aborted.destroy();
    await closed(aborted);
    equal(aborted.errored?.name, 'AbortError');
});

since('20', 'a pair of duplex streams is connected', async () => {
    const [left, right] = stream.duplexPair();
    left.write('to the right');
    equal(String(right.read()), 'to the right');
    right.end('to the left');
    left.end();
    deepEqual((await left.toArray()).map(String), ['to the left']);
    right.resume();
    await closed(right);
});

// --- consumers ---------------------------------------------------------------------------------------------------------

test('consumers give the whole', async () => {
    const source = () => Readable.from([Buffer.from('{"a":"'), Buffer.from([0xc3]), Buffer.from([0xa4]), Buffer.from('"}')]);
    equal(await consumers.text(source()), '{"a":"ä"}');
    deepEqual(await consumers.json(source()), { a: 'ä' });
    equal((await consumers.buffer(source())).toString(), '{"a":"ä"}');
    equal((await consumers.arrayBuffer(source())).byteLength, 10);
    equal((await consumers.blob(source())).size, 10);
    equal(await consumers.text(Readable.from(['x', 'y'])), 'xy');
    await rejects(consumers.json(Readable.from(['{'])), { name: 'SyntaxError' });
});
