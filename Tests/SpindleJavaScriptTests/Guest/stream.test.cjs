'use strict';

const stream = require('node:stream');
const EventEmitter = require('node:events');
const { beyond, deepEqual, equal, match, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const { closed, nextTurn, record } = require('./support/streams.cjs');

const { Duplex, PassThrough, Readable, Transform, Writable } = stream;

// --- Readable ----------------------------------------------------------------------------------------------------------

test('the module is the base class and has its parts', () => {
    equal(typeof stream, 'function');
    equal(stream.Stream, stream);
    for (const name of ['Readable', 'Writable', 'Duplex', 'Transform', 'PassThrough', 'pipeline', 'finished', 'compose',
        'addAbortSignal', 'destroy', 'isReadable', 'isErrored', 'isDisturbed', 'getDefaultHighWaterMark',
        'setDefaultHighWaterMark']) equal(typeof stream[name], 'function', name);
    equal(stream.promises, require('node:stream/promises'));
    ok(new Readable() instanceof stream && new Readable() instanceof EventEmitter);
    ok(Readable() instanceof Readable && Writable() instanceof Writable && Duplex() instanceof Duplex);
    ok(Transform() instanceof Transform && PassThrough() instanceof PassThrough);
    ok(new Duplex() instanceof Writable && new Duplex() instanceof Readable);
    ok(!(new Readable() instanceof Writable) && !({} instanceof Writable));
});

test('a readable flows, ends and closes in that order', async () => {
    const chunks = ['a', 'b', null];
    const readable = new Readable({ read() { this.push(chunks.shift()); } });
    const log = record(readable);
    readable.on('data', () => {});
    log.push('sync');
    await closed(readable);
    deepEqual(log, [
        'sync', 'resume', 'data a', 'data b', 'readable', 'readable', 'readable', 'end', 'close',
    ]);
    equal(readable.readableEnded, true);
    equal(readable.destroyed, true);
    equal(readable.closed, true);
    equal(readable.errored, null);
    equal(readable.readable, false);
});

test('with listeners of readable, read gives what there is and null ends it', async () => {
    const readable = new Readable({ read() {} });
    const log = record(readable);
    readable.on('readable', () => {
        let chunk;
        while ((chunk = readable.read()) !== null) log.push(`read ${chunk}`);
    });
    readable.push('one');
    readable.push('two');
    await nextTurn();
    readable.push('three');
    readable.push(null);
    await closed(readable);
    deepEqual(log, [
        'readable', 'data onetwo', 'read onetwo', 'readable', 'data three', 'read three', 'readable', 'end', 'close',
    ]);
});

test('read takes the amounts asked for, across chunks, and the rest at the end', async () => {
    const readable = new Readable({ read() {} });
    readable.push('abc');
    readable.push('def');
    readable.push('gh');
    equal(readable.readableLength, 8);
    equal(String(readable.read(2)), 'ab');
    equal(String(readable.read(3)), 'cde');
    equal(String(readable.read(1)), 'f');
    equal(readable.read(5), null);
    equal(readable.read(0), null);
    readable.push(null);
    equal(String(readable.read(5)), 'gh');
    equal(readable.read(), null);
    await closed(readable);
    throws(() => new Readable({ read() {} }).read(0x40000001), { code: 'ERR_OUT_OF_RANGE' });
});

test('asking for more than the mark raises the mark to a power of two', () => {
    const readable = new Readable({ read() {}, highWaterMark: 4 });
    readable.read(9);
    equal(readable.readableHighWaterMark, 16);
});

test('push says whether there is room', () => {
    const readable = new Readable({ read() {}, highWaterMark: 3 });
    equal(readable.push('a'), true);
    equal(readable.push('bc'), false);
    equal(readable.push('d'), false);
    equal(readable.push(''), false);
    const objects = new Readable({ read() {}, objectMode: true, highWaterMark: 2 });
    equal(objects.push(0), true);
    equal(objects.push(''), false);
    equal(objects.readableLength, 2);
    deepEqual([objects.read(), objects.read(), objects.read()], [0, '', null]);
    const none = new Readable({ read() {}, highWaterMark: 0 });
    equal(none.push('a'), false);
});

test('_read is called until the mark is reached, and again when it is read', async () => {
    let calls = 0;
    const readable = new Readable({
        highWaterMark: 3,
        read(n) {
            equal(n, 3);
            calls++;
            setImmediate(() => this.push('x'));
        },
    });
    readable.read(0);
    for (let i = 0; i < 8; i++) await nextTurn();
    equal(calls, 3);
    equal(String(readable.read(1)), 'x');
    await nextTurn();
    await nextTurn();
    equal(calls, 4);
});

test('default marks', () => {
    equal(stream.getDefaultHighWaterMark(true), 16);
    equal(new Readable({ objectMode: true }).readableHighWaterMark, 16);
    equal(new Duplex({ readableObjectMode: true }).readableHighWaterMark, 16);
    equal(new Duplex({ readableHighWaterMark: 1, writableHighWaterMark: 2 }).writableHighWaterMark, 2);
    equal(new Duplex({ readableHighWaterMark: 1, highWaterMark: 5 }).readableHighWaterMark, 5);
    throws(() => new Readable({ highWaterMark: -1 }), {
        code: 'ERR_INVALID_ARG_VALUE', message: "The property 'options.highWaterMark' is invalid. Received -1",
    });
    throws(() => new Duplex({ writableHighWaterMark: 'x' }), {
        message: "The property 'options.writableHighWaterMark' is invalid. Received 'x'",
    });
    throws(() => stream.setDefaultHighWaterMark(false, -1), { code: 'ERR_OUT_OF_RANGE' });
    const before = stream.getDefaultHighWaterMark(false);
    stream.setDefaultHighWaterMark(false, 99);
    equal(new Writable().writableHighWaterMark, 99);
    stream.setDefaultHighWaterMark(false, before);
});
since('22', 'the default mark of bytes is 64 KiB', () => {
    equal(stream.getDefaultHighWaterMark(false), 65536);
    equal(new Readable().readableHighWaterMark, 65536);
});

test('text is decoded across chunks', async () => {
    const readable = new Readable({ read() {} }).setEncoding('utf8');
    const bytes = Buffer.from('häß€');
    for (const byte of bytes) readable.push(Buffer.from([byte]));
    readable.push(null);
    let text = '';
    for await (const part of readable) {
        equal(typeof part, 'string');
        text += part;
    }
    equal(text, 'häß€');
    const late = new Readable({ read() {} });
    late.push(Buffer.from('e282ac', 'hex'));
    late.setEncoding('hex');
    equal(late.readableLength, 6);
    equal(late.readableEncoding, 'hex');
    equal(late.read(4), 'e282');
    equal(late.read(), 'ac');
    throws(() => late.setEncoding('no'), { code: 'ERR_UNKNOWN_ENCODING' });
    equal(new Readable({ encoding: 'base64', read() {} }).readableEncoding, 'base64');
    throws(() => new Readable({ defaultEncoding: 'no' }), { code: 'ERR_UNKNOWN_ENCODING' });
});

test('an incomplete character comes at the end', async () => {
    const readable = new Readable({ read() {}, encoding: 'utf8' });
    readable.push(Buffer.from([0xe2, 0x82]));
    readable.push(null);
    const parts = [];
    for await (const part of readable) parts.push(part);
    deepEqual(parts, ['\ufffd']);
});

test('unshift puts back in front', async () => {
    const readable = new Readable({ read() {} });
    readable.push('cd');
    readable.unshift('ab');
    readable.unshift(new Uint8Array([48]));
    equal(String(readable.read()), '0abcd');
    readable.push(null);
    readable.resume();
    await closed(readable);
    const ended = new Readable({ read() { this.push(null); }, autoDestroy: false });
    const log = record(ended);
    ended.on('error', () => {}).resume();
    await nextTurn();
    ended.unshift('x');
    await nextTurn();
    deepEqual(log, ['resume', 'readable', 'end', 'error ERR_STREAM_UNSHIFT_AFTER_END_EVENT']);
});

test('chunks of a wrong kind, and pushes after the end, are errors', async () => {
    for (const [chunk, type] of [[1, 'type number (1)'], [{}, 'an instance of Object'], [true, 'type boolean (true)']]) {
        const readable = new Readable({ read() {} });
        const failed = new Promise((resolve) => readable.on('error', resolve));
        equal(readable.push(chunk), false);
        const error = await failed;
        equal(error.code, 'ERR_INVALID_ARG_TYPE');
        equal(error.message, 'The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. ' +
            `Received ${type}`);
    }
    const readable = new Readable({ read() {} });
    const log = record(readable);
    readable.on('error', () => {});
    readable.push(null);
    equal(readable.push('x'), false);
    await closed(readable);
    deepEqual(log, ['error ERR_STREAM_PUSH_AFTER_EOF', 'close']);
});

test('pause stops the flow, resume goes on', async () => {
    const readable = new Readable({ read() {}, objectMode: true });
    const log = record(readable);
    equal(readable.readableFlowing, null);
    equal(readable.isPaused(), false);
    readable.on('data', (value) => {
        if (value === 2) readable.pause();
    });
    equal(readable.readableFlowing, true);
    readable.push(1);
    readable.push(2);
    readable.push(3);
    await nextTurn();
    equal(readable.isPaused(), true);
    equal(readable.readableFlowing, false);
    deepEqual(log, ['resume', 'data 1', 'data 2', 'pause']);
    readable.resume();
    await nextTurn();
    deepEqual(log.slice(4), ['resume', 'data 3']);
    readable.destroy();
});

test('an explicit pause before a data listener holds', async () => {
    const readable = Readable.from(['a']);
    let seen = 0;
    readable.pause().on('data', () => seen++);
    await nextTurn();
    equal(seen, 0);
    readable.resume();
    await closed(readable);
    equal(seen, 1);
});

test('a readable listener wins over a data listener, which flows again when it goes', async () => {
    const readable = new Readable({ read() {}, objectMode: true });
    const log = [];
    readable.on('data', (value) => log.push(`data ${value}`));
    const onReadable = () => log.push('readable');
    readable.on('readable', onReadable);
    readable.push(1);
    await nextTurn();
    deepEqual(log, ['readable']);
    readable.off('readable', onReadable);
    await nextTurn();
    deepEqual(log, ['readable', 'data 1']);
    readable.push(2);
    deepEqual(log, ['readable', 'data 1', 'data 2']);
    readable.on('readable', onReadable).removeAllListeners('readable');
    await nextTurn();
    readable.push(3);
    await nextTurn();
    equal(log.at(-1), 'data 3');
    readable.destroy();
});

test('once readable can be waited for again and again', async () => {
    const readable = new Readable({ read() {} });
    setImmediate(() => readable.push('a'));
    await EventEmitter.once(readable, 'readable');
    equal(String(readable.read()), 'a');
    setImmediate(() => readable.push('b'));
    await EventEmitter.once(readable, 'readable');
    equal(String(readable.read()), 'b');
    readable.destroy();
});

test('a throwing _read destroys', async () => {
    const readable = new Readable({ read() { throw new Error('mine'); } });
    const log = record(readable);
    readable.on('error', () => {}).resume();
    await closed(readable);
    deepEqual(log, ['resume', 'error mine', 'close']);
    const none = new Readable();
    none.on('error', () => {}).resume();
    await closed(none);
    match(none.errored.message, /^The _read\(\) method is not implemented$/);
});

test('without autoDestroy a stream ends and stays', async () => {
    const readable = new Readable({ read() { this.push(null); }, autoDestroy: false });
    const log = record(readable);
    readable.resume();
    await nextTurn();
    await nextTurn();
    deepEqual(log, ['resume', 'readable', 'end']);
    equal(readable.destroyed, false);
});

test('wrap makes a stream of an emitter of data', async () => {
    const old = new EventEmitter();
    const calls = [];
    old.pause = () => calls.push('pause');
    old.resume = () => calls.push('resume');
    old.extra = () => 'extra';
    const readable = new Readable({ highWaterMark: 2 }).wrap(old);
    equal(readable.extra?.(), 'extra');
    old.emit('data', 'abc');
    deepEqual(calls, ['pause']);
    equal(String(readable.read()), 'abc');
    deepEqual(calls, ['pause', 'resume']);
    old.emit('end');
    readable.resume();
    await closed(readable);
});

test('what a stream says of itself', async () => {
    const readable = new Readable({ read() {} });
    equal(stream.isReadable(readable), true);
    equal(stream.isDisturbed(readable), false);
    equal(stream.isErrored(readable), false);
    readable.push('x');
    readable.read();
    equal(readable.readableDidRead, true);
    equal(stream.isDisturbed(readable), true);
    readable.destroy(new Error('mine')).on('error', () => {});
    equal(readable.readableAborted, true);
    equal(readable.errored.message, 'mine');
    await closed(readable);
    equal(stream.isReadable(readable), false);
    equal(stream.isErrored(readable), true);
    equal(stream.isReadable({}), null);
    equal(stream.isReadable(new Writable()), null);
});

test('libraries find their way in the states', () => {
    const duplex = new Duplex({ objectMode: true, highWaterMark: 7 });
    const { _readableState: r, _writableState: w } = duplex;
    equal(r.objectMode && w.objectMode, true);
    deepEqual([r.highWaterMark, r.length, r.flowing, r.ended, r.endEmitted, r.reading, r.destroyed, r.errored, r.pipes.length],
        [7, 0, null, false, false, false, false, null, 0]);
    deepEqual([w.highWaterMark, w.length, w.ended, w.ending, w.finished, w.needDrain, w.destroyed, w.errored, w.corked],
        [7, 0, false, false, false, false, false, null, 0]);
    equal(w.getBuffer().length, 0);
    r.objectMode = false;
    equal(duplex.readableObjectMode, false);
    w.errorEmitted = true;
    equal(w.errorEmitted, true);
});

// --- Writable ----------------------------------------------------------------------------------------------------------

test('a writable writes in order and finishes', async () => {
    const written = [];
    const writable = new Writable({
        write(chunk, encoding, callback) {
            written.push(`${chunk} ${encoding}`);
            setImmediate(callback);
        },
        final(callback) {
            written.push('final');
            setImmediate(callback);
        },
    });
    const log = record(writable);
    writable.write('a', () => log.push('callback a'));
    writable.write(new Uint8Array([98]));
    writable.write('63', 'hex');
    writable.end('d', () => log.push('callback end'));
    equal(writable.writableEnded, true);
    equal(writable.writableFinished, false);
    equal(writable.writableLength, 4);
    await closed(writable);
    deepEqual(written, ['a buffer', 'b buffer', 'c buffer', 'd buffer', 'final']);
    deepEqual(log, ['callback a', 'prefinish', 'callback end', 'finish', 'close']);
    equal(writable.writableFinished, true);
    equal(writable.writable, false);
});

test('callbacks and drain of writes that end at once come in a tick', async () => {
    const writable = new Writable({ highWaterMark: 2, write(chunk, encoding, callback) { callback(); } });
    const log = record(writable);
    equal(writable.write('a', () => log.push('a')), true);
    equal(writable.write('bb', () => log.push('b')), true);
    log.push('sync');
    await nextTurn();
    deepEqual(log, ['sync', 'a', 'b']);
});

test('a full writable says so and drains once', async () => {
    const callbacks = [];
    const writable = new Writable({ highWaterMark: 3, write(chunk, encoding, callback) { callbacks.push(callback); } });
    const log = record(writable);
    equal(writable.write('ab'), true);
    equal(writable.writableNeedDrain, false);
    equal(writable.write('c'), false);
    equal(writable.writableNeedDrain, true);
    equal(writable.write('d'), false);
    equal(writable.writableLength, 4);
    callbacks.shift()();
    callbacks.shift()();
    deepEqual(log, []);
    callbacks.shift()();
    await nextTurn();
    deepEqual(log, ['drain']);
    equal(writable.writableNeedDrain, false);
    writable.end();
    await closed(writable);
});

test('writev gets all that waits', async () => {
    const batches = [];
    const writable = new Writable({
        writev(chunks, callback) {
            batches.push([chunks.map(({ chunk, encoding }) => `${chunk}/${encoding}`).join(' '), chunks.allBuffers]);
            setImmediate(callback);
        },
    });
    const log = [];
    for (const text of ['a', 'b', 'c']) writable.write(text, () => log.push(text));
    writable.end('d');
    await closed(writable);
    equal(batches.length, 2);
    equal(batches[0][0], 'a/buffer');
    deepEqual(batches[1], ['b/buffer c/buffer d/buffer', true]);
    deepEqual(log, ['a', 'b', 'c']);
});

test('decodeStrings and objectMode leave chunks as they are', async () => {
    const seen = [];
    const write = (chunk, encoding, callback) => {
        seen.push(chunk, encoding);
        callback();
    };
    new Writable({ decodeStrings: false, write }).write('ä', 'latin1');
    new Writable({ objectMode: true, write }).write(7);
    new Writable({ decodeStrings: false, defaultEncoding: 'hex', write }).write('00');
    new Writable({ decodeStrings: false, write }).setDefaultEncoding('UCS2').write('0');
    deepEqual(seen, ['ä', 'latin1', 7, undefined, '00', 'hex', '0', 'ucs2']);
    throws(() => new Writable({ write }).setDefaultEncoding('no'), { code: 'ERR_UNKNOWN_ENCODING' });
    throws(() => new Writable({ write }).write('x', 'no'), { code: 'ERR_UNKNOWN_ENCODING' });
});

test('cork holds back until uncork or end', async () => {
    const written = [];
    const writable = new Writable({ write(chunk, encoding, callback) { written.push(String(chunk)); callback(); } });
    writable.cork();
    writable.cork();
    writable.write('a');
    writable.write('b');
    equal(writable.writableCorked, 2);
    deepEqual(written, []);
    writable.uncork();
    deepEqual(written, []);
    writable.uncork();
    deepEqual(written, ['a', 'b']);
    writable.uncork();
    equal(writable.writableCorked, 0);
    writable.cork();
    writable.write('c');
    equal(writable.writableBuffer.length, 1);
    writable.end();
    deepEqual(written, ['a', 'b', 'c']);
    await closed(writable);
});

test('wrong chunks throw, writes after the end are errors', async () => {
    const writable = new Writable({ write(chunk, encoding, callback) { callback(); } });
    throws(() => writable.write(null), { code: 'ERR_STREAM_NULL_VALUES', message: 'May not write null values to stream' });
    throws(() => writable.write(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => writable.write(undefined), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new Writable({ objectMode: true }).write(null), { code: 'ERR_STREAM_NULL_VALUES' });
    const log = record(writable);
    writable.on('error', () => {});
    writable.end();
    equal(writable.write('x', (error) => log.push(`callback ${error.code}`)), false);
    await closed(writable);
    deepEqual(log, ['prefinish', 'callback ERR_STREAM_WRITE_AFTER_END', 'error ERR_STREAM_WRITE_AFTER_END', 'close']);
});

test('end after the end tells its callback', async () => {
    const writable = new Writable({ write(chunk, encoding, callback) { callback(); } });
    const log = [];
    writable.end((error) => log.push(['first', error?.code]));
    writable.end((error) => log.push(['second', error?.code]));
    await closed(writable);
    writable.end((error) => log.push(['third', error?.code]));
    await nextTurn();
    deepEqual(log, [['first', undefined], ['second', undefined], ['third', 'ERR_STREAM_ALREADY_FINISHED']]);
});

test('an error of a write fails what waits, in order', async () => {
    for (const isSync of [true, false]) {
        const writable = new Writable({
            write(chunk, encoding, callback) {
                if (isSync) callback(new Error('mine'));
                else setImmediate(callback, new Error('mine'));
            },
        });
        const log = record(writable);
        writable.on('error', () => {});
        for (const text of ['a', 'b']) writable.write(text, (error) => log.push(`${text} ${error.message}`));
        writable.end((error) => log.push(`end ${error.message}`));
        await closed(writable);
        deepEqual(log, ['a mine', 'b mine', 'end mine', 'error mine', 'close'], String(isSync));
        equal(writable.errored.message, 'mine');
        equal(writable.writableAborted, true);
    }
});

test('callbacks called twice are an error', async () => {
    const writable = new Writable({ write(chunk, encoding, callback) { callback(); callback(); } });
    writable.on('error', () => {});
    writable.write('x');
    await closed(writable);
    equal(writable.errored.code, 'ERR_MULTIPLE_CALLBACK');
    const final = new Writable({ write() {}, final(callback) { callback(); callback(); } });
    final.on('error', () => {});
    final.end();
    await closed(final);
    equal(final.errored.code, 'ERR_MULTIPLE_CALLBACK');
});

test('an error of _final, and one it throws, come before close', async () => {
    for (const final of [(callback) => callback(new Error('mine')), () => { throw new Error('mine'); }]) {
        const writable = new Writable({ write() {}, final });
        const log = record(writable);
        writable.on('error', () => {});
        writable.end((error) => log.push(`end ${error.message}`));
        await closed(writable);
        await nextTurn();
        deepEqual(log, ['error mine', 'close', 'end mine']);
    }
});

test('a writable cannot be piped, and needs a _write', async () => {
    const writable = new Writable();
    writable.on('error', () => {});
    writable.pipe(new Writable());
    await closed(writable);
    equal(writable.errored.code, 'ERR_STREAM_CANNOT_PIPE');
    throws(() => new Writable().write('x'), { code: 'ERR_METHOD_NOT_IMPLEMENTED', message: /_write\(\)/ });
});

test('many chunks that wait all come, in order', async () => {
    const seen = [];
    const writable = new Writable({
        objectMode: true, write(value, encoding, callback) { seen.push(value); process.nextTick(callback); },
    });
    for (let i = 0; i < 2000; i++) writable.write(i);
    writable.end();
    await closed(writable);
    equal(seen.length, 2000);
    ok(seen.every((value, i) => value === i));
});

// --- Beginning and end -------------------------------------------------------------------------------------------------

test('destroy emits error, then close, once, in a tick', async () => {
    const readable = new Readable({ read() {} });
    const log = record(readable);
    readable.on('error', () => {});
    equal(readable.destroy(new Error('first')), readable);
    readable.destroy(new Error('second'));
    equal(readable.destroyed, true);
    log.push('sync');
    await closed(readable);
    deepEqual(log, ['sync', 'error first', 'close']);
    equal(readable.push('x'), false);
});

test('_destroy decides on the error and on the time', async () => {
    const log = [];
    const duplex = new Duplex({
        read() {},
        write() {},
        destroy(error, callback) {
            log.push(`destroy ${error?.message}`);
            setImmediate(() => {
                equal(duplex.closed, false);
                callback(new Error('other'));
                equal(duplex.closed, true);
            });
        },
    });
    record(duplex, log);
    duplex.on('error', () => {});
    duplex.destroy(new Error('mine'));
    await closed(duplex);
    deepEqual(log, ['destroy mine', 'error other', 'close']);
    equal(duplex.errored.message, 'mine');
    const thrower = new Writable({ destroy() { throw new Error('thrown'); } });
    thrower.on('error', () => {});
    thrower.destroy();
    await closed(thrower);
    equal(thrower.errored.message, 'thrown');
});

test('emitClose can be switched off', async () => {
    const readable = new Readable({ read() {}, emitClose: false });
    const log = record(readable);
    readable.on('error', () => {});
    readable.destroy(new Error('mine'));
    await nextTurn();
    deepEqual(log, ['error mine']);
    equal(readable.closed, true);
});

test('writes that wait fail when the stream is destroyed', async () => {
    const log = [];
    const writable = new Writable({ write() {} });
    record(writable, log);
    writable.write('a', (error) => log.push(`a ${error?.code}`));
    writable.write('b', (error) => log.push(`b ${error?.code}`));
    writable.end((error) => log.push(`end ${error?.code}`));
    writable.destroy();
    equal(writable.write('c', (error) => log.push(`c ${error?.code}`)), false);
    await closed(writable);
    deepEqual(log, ['close', 'c ERR_STREAM_WRITE_AFTER_END']);
    const corked = new Writable({ write() {} });
    corked.cork();
    corked.write('a', (error) => log.push(`corked ${error.code}`));
    corked.destroy();
    corked.write('b', (error) => log.push(`late ${error.code}`));
    await closed(corked);
    deepEqual(log.slice(2), ['corked ERR_STREAM_DESTROYED', 'late ERR_STREAM_DESTROYED']);
});

test('_construct goes before everything else', async () => {
    const log = [];
    const duplex = new Duplex({
        construct(callback) {
            log.push('construct');
            setImmediate(() => {
                log.push('constructed');
                callback();
            });
        },
        read() {
            log.push('read');
            this.push(null);
        },
        write(chunk, encoding, callback) {
            log.push(`write ${chunk}`);
            callback();
        },
        final(callback) {
            log.push('final');
            callback();
        },
    });
    duplex.write('a');
    duplex.end();
    duplex.resume();
    log.push('sync');
    await closed(duplex);
    deepEqual(log.slice(0, 3), ['sync', 'construct', 'constructed']);
    ok(log.indexOf('write a') > 2 && log.indexOf('final') > log.indexOf('write a') && log.includes('read'));
});

test('_construct may fail, be called back twice, and waits with the destruction', async () => {
    const log = [];
    const failing = new Readable({ read() {}, construct(callback) { callback(new Error('mine')); } });
    record(failing, log);
    failing.on('error', () => {});
    await closed(failing);
    deepEqual(log, ['error mine', 'close']);
    const thrower = new Readable({ read() {}, construct() { throw new Error('thrown'); } });
    thrower.on('error', () => {});
    await closed(thrower);
    equal(thrower.errored.message, 'thrown');
    const slow = new Writable({
        construct(callback) { setImmediate(callback); },
        destroy(error, callback) {
            log.push(`destroy ${error?.message}`);
            callback(error);
        },
    });
    slow.on('error', () => {});
    slow.destroy(new Error('early'));
    log.push('sync');
    await closed(slow);
    deepEqual(log.slice(2), ['sync', 'destroy early']);
});

test('a disposed stream is aborted', async () => {
    const symbol = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');
    const readable = new Readable({ read() {} });
    readable.on('error', () => {});
    await readable[symbol]();
    equal(readable.errored.name, 'AbortError');
    const over = Readable.from([]);
    over.resume();
    await closed(over);
    await over[symbol]();
    equal(over.errored, null);
});

test('a rejected listener ends a stream with captureRejections', async () => {
    const readable = new Readable({ read() {}, captureRejections: true });
    const failed = new Promise((resolve) => readable.on('error', resolve));
    readable.on('data', async () => { throw new Error('mine'); });
    readable.push('x');
    equal((await failed).message, 'mine');
    equal(readable.destroyed, true);
});

test('a signal ends a stream', async () => {
    const controller = new AbortController();
    const readable = new Readable({ read() {}, signal: controller.signal });
    const failed = new Promise((resolve) => readable.on('error', resolve));
    controller.abort(new Error('reason'));
    const error = await failed;
    deepEqual([error.name, error.code, error.message, error.cause.message],
        ['AbortError', 'ABORT_ERR', 'The operation was aborted', 'reason']);
    const late = new Writable({ write() {} });
    late.on('error', () => {});
    equal(stream.addAbortSignal(AbortSignal.abort(), late), late);
    equal(late.destroyed, true);
    throws(() => stream.addAbortSignal('x', late), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => stream.addAbortSignal(controller.signal, {}), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The "stream" argument must be an instance of ReadableStream, WritableStream, or Stream. ' +
            'Received an instance of Object',
    });
});

// --- Duplex and Transform ----------------------------------------------------------------------------------------------

test('a duplex stream closes after both sides', async () => {
    const duplex = new Duplex({ read() {}, write(chunk, encoding, callback) { callback(); } });
    const log = record(duplex);
    duplex.resume();
    duplex.end();
    await nextTurn();
    deepEqual(log, ['prefinish', 'resume', 'finish']);
    duplex.push(null);
    await closed(duplex);
    deepEqual(log.slice(3), ['readable', 'end', 'close']);
});

test('without allowHalfOpen the end of reading ends writing', async () => {
    const duplex = new Duplex({ allowHalfOpen: false, read() { this.push(null); }, write() {} });
    const log = record(duplex);
    duplex.resume();
    await closed(duplex);
    deepEqual(log, ['resume', 'readable', 'end', 'prefinish', 'finish', 'close']);
});

test('a side can be left out', async () => {
    const reading = new Duplex({ writable: false, read() { this.push(null); } });
    equal(reading.writable, false);
    equal(reading.readable, true);
    reading.resume();
    await closed(reading);
    const writing = new Duplex({ readable: false, write(chunk, encoding, callback) { callback(); } });
    equal(writing.readable, false);
    writing.end('x');
    await closed(writing);
    equal(writing.writableFinished, true);
});

test('a transform changes, adds at the end, and keeps the order', async () => {
    const transform = new Transform({
        transform(chunk, encoding, callback) { callback(null, String(chunk).toUpperCase()); },
        flush(callback) { callback(null, '!'); },
    });
    const log = record(transform);
    transform.on('data', () => {});
    transform.write('a');
    transform.end('b');
    await closed(transform);
    deepEqual(log, [
        'data A', 'data B', 'data !', 'readable', 'prefinish', 'resume', 'end', 'finish', 'close',
    ]);
});

test('a transform stops taking when nobody reads', async () => {
    let count = 0;
    const transform = new Transform({
        highWaterMark: 2, objectMode: true,
        transform(value, encoding, callback) {
            count++;
            callback(null, value);
        },
    });
    let value = 0;
    while (transform.write(value++));
    await nextTurn();
    equal(count, 2);
    equal(transform.readableLength, 2);
    transform.read();
    await nextTurn();
    equal(count, 3);
    transform.destroy();
});

test('errors of a transform destroy it', async () => {
    for (const options of [
        { transform(chunk, encoding, callback) { callback(new Error('mine')); } },
        { transform(chunk, encoding, callback) { callback(); }, flush(callback) { callback(new Error('mine')); } },
    ]) {
        const transform = new Transform(options);
        const log = record(transform);
        transform.on('error', () => {}).resume();
        transform.end('x');
        await closed(transform);
        deepEqual(log.slice(-2), ['error mine', 'close']);
    }
    throws(() => new Transform().write('x'), { code: 'ERR_METHOD_NOT_IMPLEMENTED', message: /_transform\(\)/ });
});

test('classes of the old and of the new kind', async () => {
    function Old(options) { Transform.call(this, options); }
    Object.setPrototypeOf(Old.prototype, Transform.prototype);
    Old.prototype._transform = (chunk, encoding, callback) => callback(null, chunk);
    class New extends Readable {
        _read() {
            this.push('x');
            this.push(null);
        }
    }
    const seen = [];
    const old = new Old();
    old.on('data', (chunk) => seen.push(String(chunk)));
    new New().pipe(old);
    await closed(old);
    deepEqual(seen, ['x']);
});

test('a pass-through passes', async () => {
    const pass = new PassThrough();
    pass.write('a');
    pass.end('b');
    const seen = [];
    for await (const chunk of pass) seen.push(String(chunk));
    equal(seen.join(''), 'ab');
});

// --- pipe --------------------------------------------------------------------------------------------------------------

/** A writable that holds each write until `next` is called. */
function slowWritable(options) {
    const waiting = [];
    const writable = new Writable({ ...options, write(chunk, encoding, callback) { waiting.push(callback); } });
    writable.next = () => waiting.shift()?.();
    writable.count = () => waiting.length;
    return writable;
}

test('pipe tells, hands on, ends and unpipes', async () => {
    const log = [];
    const readable = Readable.from(['a', 'b']);
    const writable = new Writable({ write(chunk, encoding, callback) { log.push(String(chunk)); callback(); } });
    record(writable, log);
    equal(readable.pipe(writable), writable);
    await closed(writable);
    deepEqual(log, ['pipe', 'a', 'b', 'prefinish', 'finish', 'unpipe', 'close']);
});

test('pipe pauses the source until the drain', async () => {
    let produced = 0;
    const readable = new Readable({ objectMode: true, highWaterMark: 1, read() { this.push(produced++); } });
    const writable = slowWritable({ objectMode: true, highWaterMark: 2 });
    readable.pipe(writable);
    await nextTurn();
    equal(writable.writableLength, 2);
    equal(readable.isPaused(), true);
    const before = produced;
    writable.next();
    await nextTurn();
    equal(writable.writableLength, 1);
    equal(produced, before);
    writable.next();
    await nextTurn();
    equal(writable.writableLength, 2);
    readable.destroy();
    writable.destroy();
});

test('with two destinations the slower one decides', async () => {
    const readable = new Readable({ objectMode: true, highWaterMark: 1, read() { this.push(1); } });
    const slow = slowWritable({ objectMode: true, highWaterMark: 1 });
    const fast = slowWritable({ objectMode: true, highWaterMark: 1 });
    readable.pipe(slow);
    readable.pipe(fast);
    await nextTurn();
    deepEqual([slow.writableLength, fast.writableLength], [1, 1]);
    fast.next();
    await nextTurn();
    deepEqual([slow.writableLength, fast.writableLength], [1, 0]);
    slow.next();
    await nextTurn();
    deepEqual([slow.writableLength, fast.writableLength], [1, 1]);
    readable.unpipe(slow);
    fast.next();
    await nextTurn();
    deepEqual([slow.writableLength, fast.writableLength], [1, 1]);
    readable.unpipe();
    equal(readable.isPaused(), true);
    fast.next();
    await nextTurn();
    equal(fast.writableLength, 0);
    readable.destroy();
});

test('pipe without end leaves the destination open', async () => {
    const pass = new PassThrough();
    Readable.from(['a']).pipe(pass, { end: false });
    await nextTurn();
    await nextTurn();
    equal(pass.writableEnded, false);
    pass.destroy();
});

test('an error of the destination unpipes, and throws if nobody listens', async () => {
    const readable = new Readable({ read() {} });
    const writable = new Writable({ write(chunk, encoding, callback) { callback(new Error('mine')); } });
    const log = record(writable);
    readable.pipe(writable);
    writable.on('error', () => {});
    readable.push('x');
    await closed(writable);
    deepEqual(log, ['pipe', 'unpipe', 'error mine', 'close'].sort((a, b) => log.indexOf(a) - log.indexOf(b)));
    equal(readable._readableState.pipes.length, 0);
    equal(readable.destroyed, false);
    readable.destroy();
    const quiet = new Writable({ autoDestroy: false });
    new Readable({ read() {} }).pipe(quiet);
    throws(() => quiet.emit('error', new Error('loud')), { message: 'loud' });
});

test('the oldest kind of stream pipes too', () => {
    const source = new stream.Stream();
    const log = [];
    const target = new stream.Stream();
    target.writable = true;
    target.write = (chunk) => {
        log.push(chunk);
        return false;
    };
    target.end = () => log.push('end');
    source.pause = () => log.push('pause');
    source.resume = () => log.push('resume');
    source.readable = true;
    source.pipe(target);
    source.emit('data', 'x');
    target.emit('drain');
    source.emit('end');
    deepEqual(log, ['x', 'pause', 'resume', 'end']);
    equal(source.listenerCount('data'), 0);
    throws(() => {
        source.pipe(target);
        source.emit('error', new Error('mine'));
    }, { message: 'mine' });
});

beyond('a poisoned Array.prototype and Object.prototype change nothing', async () => {
    const poisoned = ['push', 'shift', 'slice', 'splice', 'unshift', 'indexOf', 'includes'].map((name) => {
        const descriptor = Object.getOwnPropertyDescriptor(Array.prototype, name);
        return [name, descriptor];
    });
    const seen = [];
    let count = 0;
    const writable = new Writable({ write(chunk, encoding, callback) { seen[count++] = String(chunk); callback(); } });
    const done = closed(writable);
    for (const [name] of poisoned) Array.prototype[name] = () => { throw new Error(`poisoned ${name}`); };
    Object.prototype.get = 1;
    try {
        const readable = new Readable({ read() {} });
        readable.pipe(writable);
        readable.push('a');
        readable.push('b');
        readable.unshift('0');
        readable.push(null);
        await done;
    } finally {
        delete Object.prototype.get;
        for (const [name, descriptor] of poisoned) Object.defineProperty(Array.prototype, name, descriptor);
    }
    equal(seen.join(''), '0ab');
});
