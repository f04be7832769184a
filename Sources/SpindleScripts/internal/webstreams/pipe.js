// `readable.pipeTo(writable)`.

const { PromisePrototypeThen, PromiseResolve, SymbolDispose } = primordials;
const { AbortError, codes: { ERR_INVALID_STATE } } = require('internal/errors');
const { deferred, ignoreRejection } = require('internal/webstreams/common');
const { cancelReadable, lock, read, stateOf, unlock } = require('internal/webstreams/readable');
const {
    abortWritable, closeGently, lockWritable, unlockWritable, writableStateOf, write,
} = require('internal/webstreams/writable');

module.exports = function pipe(readable, writable, { preventAbort, preventCancel, preventClose, signal }) {
    const source = stateOf(readable);
    const target = writableStateOf(writable);
    const reader = lock(source, true);
    const writer = lockWritable(target);
    source.isDisturbed = true;

    const over = deferred();
    let isShuttingDown = false;
    let lastWrite = PromiseResolve();
    let aborting;

    function finish(failed, error) {
        aborting?.[SymbolDispose]();
        unlockWritable(writer);
        unlock(reader);
        if (failed) over.reject(error);
        else over.resolve();
    }
    /** Waits for what has been written, then does what is left to do. */
    function shutDown(action, failed, error) {
        if (isShuttingDown) return;
        isShuttingDown = true;
        const act = () => {
            if (action === undefined) finish(failed, error);
            else PromisePrototypeThen(action(), () => finish(failed, error), (failure) => finish(true, failure));
        };
        if (target.state !== 'writable' || target.isClosing()) {
            act();
            return;
        }
        PromisePrototypeThen(lastWrite, act, act);
    }

    if (signal !== undefined) {
        const abort = () => {
            const error = signal.reason ?? new AbortError();
            shutDown(() => {
                const one = preventAbort || target.state !== 'writable' ? PromiseResolve() : abortWritable(target, error);
                const other = preventCancel || source.state !== 'readable' ? PromiseResolve() : cancelReadable(source, error);
                ignoreRejection(other);
                return PromisePrototypeThen(one, () => other);
            }, true, error);
        };
        if (signal.aborted) {
            abort();
            return over.promise;
        }
        aborting = require('internal/streams/abort_signal').onAbort(signal, abort);
    }

    const onSourceError = (error) => {
        if (preventAbort) shutDown(undefined, true, error);
        else shutDown(() => abortWritable(target, error), true, error);
    };
    const onTargetError = (error) => {
        if (preventCancel) shutDown(undefined, true, error);
        else shutDown(() => cancelReadable(source, error), true, error);
    };
    const onSourceClose = () => {
        if (preventClose) shutDown();
        else shutDown(() => closeGently(writer));
    };
    if (source.state === 'errored') onSourceError(source.storedError);
    else if (target.state === 'erroring' || target.state === 'errored') onTargetError(target.storedError);
    else if (source.state === 'closed') onSourceClose();
    else if (target.isClosing() || target.state === 'closed') {
        const error = new ERR_INVALID_STATE.TypeError('Destination WritableStream is closed');
        if (preventCancel) shutDown(undefined, true, error);
        else shutDown(() => cancelReadable(source, error), true, error);
    }
    PromisePrototypeThen(reader.closed.promise, onSourceClose, onSourceError);
    PromisePrototypeThen(writer.closed.promise, undefined, onTargetError);

    // A chunk is read only when there is room for it.
    const request = {
        __proto__: null,
        chunk(value) {
            lastWrite = ignoreRejection(write(writer, value));
            PromisePrototypeThen(PromiseResolve(), next);
        },
        close() {},
        error() {},
    };
    function next() {
        if (isShuttingDown) return;
        PromisePrototypeThen(writer.ready.promise, () => {
            if (!isShuttingDown && source.state === 'readable') read(reader, request);
        }, () => {});
    }
    next();
    return over.promise;
};
