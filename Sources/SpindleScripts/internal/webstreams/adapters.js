// `toWeb` and `fromWeb`: Node's streams as web streams and the other way round.

const { PromisePrototypeThen, PromiseResolve, Uint8Array } = primordials;
const { AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_PREMATURE_CLOSE } } = require('internal/errors');
const { validateObject } = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const Duplex = require('internal/streams/duplex');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { destroyer } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');
const { isDestroyed, isReadable, isReadableNodeStream, isWritable, isWritableNodeStream } =
    require('internal/streams/predicates');
const { deferred } = require('internal/webstreams/common');
const {
    PromisedRead, ReadableStream, cancelReadable, isReadableStream, lock, read, stateOf,
} = require('internal/webstreams/readable');
const {
    WritableStream, abortWritable, closeGently, isWritableStream, lockWritable, write, writableStateOf,
} = require('internal/webstreams/writable');

const { Buffer } = require('buffer');
const noop = () => {};
const asView = (chunk) => (chunk instanceof Buffer ? new Uint8Array(chunk) : chunk);

// --- From web streams --------------------------------------------------------------------------------------------------

/** What the methods of a Node stream do with a readable web stream. */
function readingFrom(stream) {
    const state = stateOf(stream);
    const reader = lock(state, true);
    return {
        __proto__: null,
        read(target) {
            const request = new PromisedRead();
            read(reader, request);
            PromisePrototypeThen(request.promise, ({ value, done }) => target.push(done ? null : value), (error) => {
                target.destroy(error);
            });
        },
        watch(target) {
            PromisePrototypeThen(reader.closed.promise, noop, (error) => destroyer(target, error));
        },
        end: (error) => (state.state === 'readable' ? cancelReadable(state, error) : PromiseResolve()),
    };
}

/** Likewise with a writable one. */
function writingTo(stream) {
    const state = writableStateOf(stream);
    const writer = lockWritable(state);
    return {
        __proto__: null,
        /** In order; a failure is told to the callback of each. */
        write(chunk, callback) {
            const tell = (error) => nextTick(callback, error);
            const begin = () => PromisePrototypeThen(write(writer, chunk), () => tell(), tell);
            PromisePrototypeThen(writer.ready.promise, begin, tell);
        },
        close(callback) { settle(closeGently(writer), undefined, callback); },
        watch(target) {
            PromisePrototypeThen(writer.closed.promise, () => {
                // Somebody else has closed it.
                if (!target.writableEnded) destroyer(target, new ERR_STREAM_PREMATURE_CLOSE());
            }, (error) => destroyer(target, error));
        },
        end: (error) => (state.state === 'closed' || state.state === 'errored' ? PromiseResolve() :
            error ? abortWritable(state, error) : closeGently(writer)),
    };
}
const encoded = (chunk, encoding, target) => (
    typeof chunk === 'string' && !target.writableObjectMode ? Buffer.from(chunk, encoding) : chunk);

function settle(promise, error, callback) {
    PromisePrototypeThen(promise, () => nextTick(callback, error), (failure) => nextTick(callback, error ?? failure));
}

function readableFromWeb(stream, options = { __proto__: null }) {
    if (!isReadableStream(stream)) throw new ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', stream);
    validateObject(options, 'options');
    const { highWaterMark, encoding, objectMode = false, signal } = options;
    const source = readingFrom(stream);
    const readable = new Readable({
        highWaterMark, encoding, objectMode, signal,
        read() { source.read(this); },
        destroy(error, callback) { settle(source.end(error), error, callback); },
    });
    source.watch(readable);
    return readable;
}

function writableFromWeb(stream, options = { __proto__: null }) {
    if (!isWritableStream(stream)) throw new ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', stream);
    validateObject(options, 'options');
    const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
    const target = writingTo(stream);
    const writable = new Writable({
        highWaterMark, objectMode, decodeStrings, signal,
        write(chunk, encoding, callback) { target.write(chunk, callback); },
        destroy(error, callback) { settle(target.end(error), error, callback); },
        final(callback) { target.close(callback); },
    });
    target.watch(writable);
    return writable;
}

function duplexFromWeb(pair, options = { __proto__: null }) {
    validateObject(pair, 'pair');
    if (!isReadableStream(pair.readable)) throw new ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', pair.readable);
    if (!isWritableStream(pair.writable)) throw new ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', pair.writable);
    validateObject(options, 'options');
    const { allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark, signal } = options;
    const source = readingFrom(pair.readable);
    const target = writingTo(pair.writable);
    const duplex = new Duplex({
        allowHalfOpen, highWaterMark, objectMode, encoding, decodeStrings, signal,
        read() { source.read(this); },
        write(chunk, ownEncoding, callback) { target.write(encoded(chunk, ownEncoding, this), callback); },
        destroy(error, callback) {
            const ends = target.end(error);
            settle(PromisePrototypeThen(source.end(error), () => ends), error, callback);
        },
        final(callback) { target.close(callback); },
    });
    source.watch(duplex);
    target.watch(duplex);
    return duplex;
}

// --- To web streams ----------------------------------------------------------------------------------------------------

function strategyFor(isObjectMode, highWaterMark) {
    return { highWaterMark, size: isObjectMode ? () => 1 : (chunk) => chunk?.byteLength ?? chunk?.length ?? 1 };
}

function readableToWeb(readable, options = { __proto__: null }) {
    if (!isReadableNodeStream(readable)) throw new ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', readable);
    validateObject(options, 'options');
    if (isDestroyed(readable) || !isReadable(readable)) {
        const over = new ReadableStream();
        over.cancel();
        return over;
    }
    const objectMode = readable.readableObjectMode;
    let controller;
    let isOver = false;
    const stop = finished(readable, { writable: false }, (error) => {
        if (error?.code === 'ERR_STREAM_PREMATURE_CLOSE') error = new AbortError(undefined, { cause: error });
        stop();
        // What comes after the end is nobody's.
        readable.on('error', noop);
        if (isOver) return;
        isOver = true;
        if (error) controller.error(error);
        else controller.close();
    });
    readable.pause();
    readable.on('data', (chunk) => {
        if (isOver) return;
        controller.enqueue(objectMode ? chunk : asView(chunk));
        if (controller.desiredSize <= 0) readable.pause();
    });
    return new ReadableStream({
        __proto__: null,
        start(own) { controller = own; },
        pull() { readable.resume(); },
        cancel(reason) {
            isOver = true;
            destroyer(readable, reason);
        },
    }, options.strategy ?? strategyFor(objectMode, readable.readableHighWaterMark));
}

function writableToWeb(writable) {
    if (!isWritableNodeStream(writable)) throw new ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', writable);
    if (isDestroyed(writable) || !isWritable(writable)) {
        const over = new WritableStream();
        over.close();
        return over;
    }
    let controller;
    let draining;
    let closing;
    const stop = finished(writable, { readable: false }, (error) => {
        if (error?.code === 'ERR_STREAM_PREMATURE_CLOSE') error = new AbortError(undefined, { cause: error });
        stop();
        writable.on('error', noop);
        if (error) {
            draining?.reject(error);
            closing?.reject(error);
            controller.error(error);
        } else if (closing !== undefined) closing.resolve();
        else controller.error(new AbortError());
    });
    writable.on('drain', () => {
        draining?.resolve();
        draining = undefined;
    });
    return new WritableStream({
        __proto__: null,
        start(own) { controller = own; },
        write(chunk) {
            if (writable.write(chunk) && !writable.writableNeedDrain) return undefined;
            draining = deferred();
            return draining.promise;
        },
        abort(reason) { destroyer(writable, reason); },
        close() {
            if (closing === undefined) {
                closing = deferred();
                writable.end();
            }
            return closing.promise;
        },
    }, strategyFor(writable.writableObjectMode, writable.writableHighWaterMark));
}

function duplexToWeb(duplex) {
    if (!isReadableNodeStream(duplex) || !isWritableNodeStream(duplex)) {
        throw new ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
    }
    return { writable: writableToWeb(duplex), readable: readableToWeb(duplex) };
}

module.exports = { duplexFromWeb, duplexToWeb, readableFromWeb, readableToWeb, writableFromWeb, writableToWeb };
