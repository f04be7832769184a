// `finished`: tells when a stream is over: it has ended, or failed, or closed before its time.

const {
    ObjectDefineProperty, Promise, PromisePrototypeThen, ReflectApply, SymbolDispose, SymbolFor,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_PREMATURE_CLOSE } } = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateFunction, validateObject } = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { abortErrorOf, onAbort } = require('internal/streams/abort_signal');
const {
    errorOf, isClosed, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream, isRequest,
    isWritable, isWritableFinished, isWritableNodeStream, isWritableStream, kIsClosedPromise, willEmitClose,
} = require('internal/streams/predicates');

const noOptions = { __proto__: null };

/** Gives a function that stops listening. */
function finished(stream, options, callback) {
    if (arguments.length === 2) {
        callback = options;
        options = noOptions;
    } else if (options == null) options = noOptions;
    else validateObject(options, 'options');
    validateFunction(callback, 'callback');
    validateAbortSignal(options.signal, 'options.signal');

    // Called once; dropped when nobody is to hear of it any more.
    let listener = callback;
    let aborting;
    const done = (error) => {
        const call = listener;
        if (call === undefined) return;
        listener = undefined;
        aborting?.[SymbolDispose]();
        // Without an error there is no argument, as callbacks of libraries expect.
        ReflectApply(call, stream, error === undefined ? [] : [error]);
    };
    const watchSignal = (stop) => {
        const { signal } = options;
        if (signal === undefined) return;
        const abort = () => {
            stop();
            done(abortErrorOf(signal));
        };
        if (signal.aborted) nextTick(abort);
        else aborting = onAbort(signal, abort);
    };

    if (isReadableStream(stream) || isWritableStream(stream)) {
        watchSignal(() => {});
        const closed = (error) => nextTick(done, error);
        PromisePrototypeThen(stream[kIsClosedPromise].promise, () => closed(), closed);
        return () => {};
    }
    if (!isNodeStream(stream)) {
        throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }

    const readable = options.readable ?? isReadableNodeStream(stream);
    const writable = options.writable ?? isWritableNodeStream(stream);
    const { _readableState: readableState, _writableState: writableState } = stream;
    let readableDone = isReadableFinished(stream, false);
    let writableDone = isWritableFinished(stream, false);
    // Where 'close' is sure to follow, the end waits for it.
    let awaitsClose = willEmitClose(stream) && isReadableNodeStream(stream) === readable &&
        isWritableNodeStream(stream) === writable;

    const onFinish = () => {
        writableDone = true;
        // Somebody has destroyed it against the rules.
        if (stream.destroyed) awaitsClose = false;
        if (awaitsClose && (!stream.readable || readable)) return;
        if (!readable || readableDone) done();
    };
    const onEnd = () => {
        readableDone = true;
        if (stream.destroyed) awaitsClose = false;
        if (awaitsClose && (!stream.writable || writable)) return;
        if (!writable || writableDone) done();
    };
    const onLegacyFinish = () => {
        if (!stream.writable) onFinish();
    };
    const onError = (error) => done(error);
    const onClosed = () => {
        const error = errorOf(stream);
        if (error && typeof error !== 'boolean') done(error);
        else done();
    };
    const onClose = () => {
        const error = errorOf(stream);
        const isEarly = !(error && typeof error !== 'boolean') && (
            (readable && !readableDone && isReadableNodeStream(stream, true) && !isReadableFinished(stream, false)) ||
            (writable && !writableDone && !isWritableFinished(stream, false)));
        if (isEarly) done(new ERR_STREAM_PREMATURE_CLOSE());
        else onClosed();
    };
    const onRequest = () => { stream.req.on('finish', onFinish); };

    const listening = [];
    const listen = (type, handler) => {
        stream.on(type, handler);
        listening[listening.length] = type;
        listening[listening.length] = handler;
    };
    if (isRequest(stream)) {
        listen('complete', onFinish);
        if (!awaitsClose) listen('abort', onClose);
        if (stream.req) onRequest();
        else listen('request', onRequest);
    } else if (writable && !writableState) {
        listen('end', onLegacyFinish);
        listen('close', onLegacyFinish);
    }
    if (!awaitsClose && typeof stream.aborted === 'boolean') listen('aborted', onClose);
    listen('end', onEnd);
    listen('finish', onFinish);
    if (options.error !== false) listen('error', onError);
    listen('close', onClose);

    const isOver = isClosed(stream);
    if (isOver) nextTick(onClose);
    else if (writableState?.errorEmitted || readableState?.errorEmitted) {
        if (!awaitsClose) nextTick(onClosed);
    } else if (!readable && (!awaitsClose || isReadable(stream)) && (writableDone || isWritable(stream) === false) &&
        !writableState?.pendingcb) nextTick(onClosed);
    else if (!writable && (!awaitsClose || isWritable(stream)) && (readableDone || isReadable(stream) === false)) {
        nextTick(onClosed);
    } else if (readableState && stream.req && stream.aborted) nextTick(onClosed);

    const stopListening = () => {
        for (let i = 0; i < listening.length; i += 2) stream.removeListener(listening[i], listening[i + 1]);
        stream.req?.removeListener?.('finish', onFinish);
    };
    if (!isOver) watchSignal(stopListening);
    return () => {
        listener = undefined;
        aborting?.[SymbolDispose]();
        stopListening();
    };
}

/** The form of stream/promises. */
function finishedPromise(stream, options) {
    if (options === null) options = noOptions;
    const cleans = options?.cleanup;
    if (cleans) validateBoolean(cleans, 'cleanup');
    return new Promise((resolve, reject) => {
        const stop = finished(stream, options, (error) => {
            if (cleans) stop();
            if (error) reject(error);
            else resolve();
        });
    });
}

ObjectDefineProperty(finished, SymbolFor('nodejs.util.promisify.custom'), {
    __proto__: null, enumerable: true, get: () => finishedPromise,
});

module.exports = { finished, finishedPromise };
