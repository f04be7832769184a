// `pipeline`: joins streams, iterables and functions one behind the other, and ends them all when one fails.

const {
    ArrayIsArray, ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeShift, FunctionPrototypeCall, ObjectDefineProperty,
    Promise, SymbolAsyncIterator, SymbolDispose, SymbolFor,
} = primordials;
const {
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE, ERR_MISSING_ARGS, ERR_STREAM_DESTROYED, ERR_STREAM_PREMATURE_CLOSE,
    },
} = require('internal/errors');
const { validateAbortSignal, validateFunction } = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { AbortController } = require('internal/abort');
const { abortErrorOf, onAbort } = require('internal/streams/abort_signal');
const { destroyer, joined } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');
const {
    isAsyncIterable, isIterable, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream,
    isTransformStream, isWebStream,
} = require('internal/streams/predicates');

function pipeline(...streams) {
    const callback = streams[streams.length - 1];
    validateFunction(callback, 'streams[stream.length - 1]');
    streams.length--;
    return join(streams, callback, undefined);
}

/** The form of stream/promises: the last argument may be options. */
function pipelinePromise(...streams) {
    let options;
    const last = streams[streams.length - 1];
    if (last && typeof last === 'object' && !isNodeStream(last) && !isIterable(last) && !isWebStream(last)) {
        options = ArrayPrototypePop(streams);
    }
    return new Promise((resolve, reject) => {
        join(streams, (error, value) => {
            if (error) reject(error);
            else resolve(value);
        }, options);
    });
}
ObjectDefineProperty(pipeline, SymbolFor('nodejs.util.promisify.custom'), {
    __proto__: null, enumerable: true, get: () => pipelinePromise,
});

/** What a function in the pipeline is given to read. */
function iterableOf(source) {
    if (isTransformStream(source)) source = source.readable;
    if (isIterable(source)) return source;
    // Streams of the first kind have no iterator.
    if (isReadableNodeStream(source)) {
        return FunctionPrototypeCall(require('internal/streams/readable').prototype[SymbolAsyncIterator], source);
    }
    throw new ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], source);
}
function checkSource(source) {
    if (isIterable(source) || isReadableStream(source)) return source;
    throw new ERR_INVALID_ARG_TYPE(
        'val', ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], source);
}

function join(streams, callback, options) {
    if (streams.length === 1 && ArrayIsArray(streams[0])) streams = streams[0];
    if (streams.length < 2) throw new ERR_MISSING_ARGS('streams');
    const outerSignal = options?.signal;
    validateAbortSignal(outerSignal, 'options.signal');
    const endsLast = options?.end !== false;
    const controller = new AbortController();
    const { signal } = controller;

    let error;
    let value;
    let running = 0;
    let isOver = false;
    const destroys = [];
    // A readable last stream is handed back to the program, without what listens here.
    const cleanups = [];
    const aborting = outerSignal === undefined ? undefined : onAbort(outerSignal, abort);
    function abort() { settle(abortErrorOf(outerSignal), false); }
    function finish(failure) { settle(failure, --running === 0); }
    function settle(failure, isLast) {
        // An early close is most often the consequence of another error.
        if (failure && (!error || error.code === 'ERR_STREAM_PREMATURE_CLOSE')) error = failure;
        if (!error && !isLast) return;
        while (destroys.length > 0) ArrayPrototypeShift(destroys)(error);
        aborting?.[SymbolDispose]();
        controller.abort();
        if (!isLast || isOver) return;
        isOver = true;
        if (!error) for (let i = 0; i < cleanups.length; i++) cleanups[i]();
        nextTick(callback, error, value);
    }
    /** Ends `stream` with the pipeline, unless it is over by then. */
    function watch(stream, reads, writes, isLast) {
        let over = false;
        stream.on('close', () => { over = true; });
        const stop = finished(stream, { readable: reads, writable: writes }, (failure) => { over = !failure; });
        ArrayPrototypePush(destroys, (failure) => {
            if (over) return;
            over = true;
            destroyer(stream, failure || new ERR_STREAM_DESTROYED('pipe'));
        });
        if (isLast) ArrayPrototypePush(cleanups, stop);
    }

    let source;
    for (let i = 0; i < streams.length; i++) {
        const stream = streams[i];
        const isLast = i === streams.length - 1;
        const end = !isLast || endsLast;
        const handsBack = isLast && isReadable(stream);
        if (isNodeStream(stream)) {
            if (end) watch(stream, !isLast, i > 0, handsBack);
            // Errors after its part is done still count.
            const onError = (failure) => {
                if (failure && failure.name !== 'AbortError' && failure.code !== 'ERR_STREAM_PREMATURE_CLOSE') finish(failure);
            };
            stream.on('error', onError);
            if (handsBack) ArrayPrototypePush(cleanups, () => { stream.removeListener('error', onError); });
        }
        if (i === 0) source = first(stream, signal);
        else if (typeof stream === 'function') {
            const result = stream(iterableOf(source), { signal });
            if (!isLast) {
                if (!isAsyncIterable(result)) {
                    throw new ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${i - 1}]`, result);
                }
                source = result;
            } else source = collect(result, end);
        } else if (isNodeStream(stream)) {
            if (isReadableNodeStream(source)) {
                running += 2;
                const stop = pipe(source, stream, finish, end);
                if (handsBack) ArrayPrototypePush(cleanups, stop);
            } else {
                running++;
                pump(checkSource(isTransformStream(source) ? source.readable : source), stream, finish, end);
            }
            source = stream;
        } else if (isWebStream(stream)) {
            running++;
            const from = isReadableNodeStream(source) ? iterableOf(source) :
                checkSource(isTransformStream(source) ? source.readable : source);
            pumpToWeb(from, isTransformStream(stream) ? stream.writable : stream, finish, end);
            source = stream;
        } else source = require('internal/streams/duplex').from(stream);
    }
    /** The stream that stands for the outcome of a function at the end. */
    function collect(result, end) {
        const { PassThrough } = require('internal/streams/transform');
        const output = new PassThrough({ objectMode: true });
        const then = result?.then;
        if (typeof then === 'function') {
            running++;
            FunctionPrototypeCall(then, result, (given) => {
                value = given;
                if (given !== null && given !== undefined) output.write(given);
                if (end) output.end();
                nextTick(finish);
            }, (failure) => {
                output.destroy(failure);
                nextTick(finish, failure);
            });
        } else if (isAsyncIterable(result) || isReadableStream(result) || isTransformStream(result)) {
            running++;
            pump(isAsyncIterable(result) ? result : result.readable || result, output, finish, end);
        } else throw new ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', result);
        watch(output, false, true, true);
        return output;
    }
    if (signal.aborted || outerSignal?.aborted) nextTick(abort);
    return source;
}

function first(stream, signal) {
    if (typeof stream === 'function') {
        const result = stream({ signal });
        if (isIterable(result)) return result;
        throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', result);
    }
    if (isIterable(stream) || isReadableNodeStream(stream) || isTransformStream(stream)) return stream;
    return require('internal/streams/duplex').from(stream);
}

/** `finish` is called twice: for the source and for the destination. */
function pipe(source, destination, finish, end) {
    let ended = false;
    destination.on('close', () => {
        if (!ended) finish(new ERR_STREAM_PREMATURE_CLOSE());
    });
    source.pipe(destination, { end: false });
    if (end) {
        // Standard output too, which `pipe` itself leaves open.
        const endDestination = () => {
            ended = true;
            destination.end();
        };
        if (isReadableFinished(source)) nextTick(endDestination);
        else source.once('end', endDestination);
    } else finish();
    finished(source, { readable: true, writable: false }, (error) => {
        const state = source._readableState;
        // Some close before they have emitted an 'end' that is still to come.
        if (error?.code === 'ERR_STREAM_PREMATURE_CLOSE' && state?.ended && !state.errored && !state.errorEmitted) {
            source.once('end', finish).once('error', finish);
        } else finish(error);
    });
    return finished(destination, { readable: false, writable: true }, finish);
}

async function pump(iterable, destination, finish, end) {
    let failure;
    let wake = null;
    const resume = (error) => {
        if (error) failure = error;
        const call = wake;
        wake = null;
        call?.();
    };
    const settled = () => new Promise((resolve, reject) => {
        const answer = () => (failure ? reject(failure) : resolve());
        if (failure) answer();
        else wake = answer;
    });
    destination.on('drain', resume);
    const stop = finished(destination, { readable: false }, resume);
    try {
        if (destination.writableNeedDrain) await settled();
        for await (const chunk of iterable) {
            if (!destination.write(chunk)) await settled();
        }
        if (end) {
            destination.end();
            await settled();
        }
        finish();
    } catch (error) {
        finish(failure !== error ? joined(failure, error) : error);
    } finally {
        stop();
        destination.off('drain', resume);
    }
}

async function pumpToWeb(iterable, destination, finish, end) {
    const writer = destination.getWriter();
    try {
        for await (const chunk of iterable) {
            await writer.ready;
            // What it fails with `ready` tells next.
            writer.write(chunk).catch(() => {});
        }
        await writer.ready;
        if (end) await writer.close();
        finish();
    } catch (error) {
        try {
            await writer.abort(error);
            finish(error);
        } catch (abortError) {
            finish(abortError);
        }
    }
}

module.exports = { join, pipeline, pipelinePromise };
