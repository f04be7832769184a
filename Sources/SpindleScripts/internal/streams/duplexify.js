// `Duplex.from`: anything that can be read or written as a duplex stream.

const { FunctionPrototypeCall, Promise } = primordials;
const { AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE } } = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { AbortController } = require('internal/abort');
const { isBlob } = require('internal/blob');
const Duplex = require('internal/streams/duplex');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { destroyer } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');
const { forward } = require('internal/streams/forward');
const from = require('internal/streams/from');
const {
    isDuplexNodeStream, isIterable, isNodeStream, isReadable, isReadableNodeStream, isReadableStream, isWritable,
    isWritableNodeStream, isWritableStream,
} = require('internal/streams/predicates');

module.exports = function duplexify(body, name) {
    if (isDuplexNodeStream(body)) return body;
    if (isReadableNodeStream(body)) return pairOf(body, undefined);
    if (isWritableNodeStream(body)) return pairOf(undefined, body);
    if (isNodeStream(body)) return pairOf(undefined, undefined);
    if (isReadableStream(body)) return pairOf(Readable.fromWeb(body), undefined);
    if (isWritableStream(body)) return pairOf(undefined, Writable.fromWeb(body));
    if (typeof body === 'function') return ofFunction(body, name);
    if (isBlob(body)) return duplexify(body.arrayBuffer(), name);
    if (isIterable(body)) return from(Duplex, body, { objectMode: true, writable: false });
    if (isReadableStream(body?.readable) && isWritableStream(body?.writable)) return Duplex.fromWeb(body);
    if (typeof body?.writable === 'object' || typeof body?.readable === 'object') {
        const { readable, writable } = body;
        return pairOf(
            readable ? (isReadableNodeStream(readable) ? readable : duplexify(readable, name)) : undefined,
            writable ? (isWritableNodeStream(writable) ? writable : duplexify(writable, name)) : undefined);
    }
    const then = body?.then;
    if (typeof then === 'function') {
        const duplex = new Duplex({ objectMode: true, writable: false, read() {} });
        FunctionPrototypeCall(then, body, (value) => {
            if (value !== null && value !== undefined) duplex.push(value);
            duplex.push(null);
        }, (error) => destroyer(duplex, error));
        return duplex;
    }
    throw new ERR_INVALID_ARG_TYPE(name, [
        'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Function',
        '{ readable, writable } pair', 'Promise',
    ], body);
};

/** What is written is what the function reads; what it yields is read. */
function ofFunction(body, name) {
    const { value, write, final, destroy } = callWithWrites(body);
    // The function may be a constructor of a stream.
    if (isDuplexNodeStream(value)) return value;
    if (isIterable(value)) return from(Duplex, value, { objectMode: true, write, final, destroy });
    const then = value?.then;
    if (typeof then !== 'function') {
        throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or AsyncFunction', name, value);
    }
    let duplex;
    const promise = FunctionPrototypeCall(then, value, (result) => {
        if (result !== null && result !== undefined) throw new ERR_INVALID_RETURN_VALUE('nully', 'body', result);
    }, (error) => destroyer(duplex, error));
    return duplex = new Duplex({
        objectMode: true,
        readable: false,
        write,
        final(callback) {
            final(async () => {
                try {
                    await promise;
                    nextTick(callback, null);
                } catch (error) {
                    nextTick(callback, error);
                }
            });
        },
        destroy,
    });
}

function callWithWrites(body) {
    let resolve;
    let written = new Promise((settle) => { resolve = settle; });
    const controller = new AbortController();
    const { signal } = controller;
    async function* chunks() {
        for (;;) {
            const { chunk, done, callback } = await written;
            nextTick(callback);
            if (done) return;
            if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
            written = new Promise((settle) => { resolve = settle; });
            yield chunk;
        }
    }
    return {
        value: body(chunks(), { signal }),
        write(chunk, encoding, callback) { resolve({ chunk, done: false, callback }); },
        final(callback) { resolve({ done: true, callback }); },
        destroy(error, callback) {
            controller.abort();
            callback(error);
        },
    };
}

/** One stream of a readable and a writable one, either of which may lack. */
function pairOf(first, second) {
    const source = first && typeof first.read !== 'function' ? Readable.wrap(first) : first;
    const readable = !!isReadable(source);
    const writable = !!isWritable(second);
    const duplex = new Duplex({
        readableObjectMode: !!source?.readableObjectMode, writableObjectMode: !!second?.writableObjectMode, readable, writable,
    });
    const joint = forward(duplex, writable ? second : undefined, readable ? source : undefined, (error, isOver) => {
        if (isOver) return;
        destroyer(second, error);
        destroyer(source, error);
    });
    const onOver = (error) => {
        if (error) destroyer(source, error);
        joint.closed(error);
    };
    if (writable) {
        finished(second, onOver);
        second.on('finish', joint.finish);
    }
    if (readable) finished(source, onOver);
    return duplex;
}
