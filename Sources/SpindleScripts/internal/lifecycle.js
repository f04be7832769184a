// The beginning of a program, for built-ins that were loaded before it was known which one; its end; and what becomes of an
// exception that nobody caught: its monitors and handlers, else that end.

let pending = [];
/** Has `f` called when the program is known: its arguments, its environment, who started it. */
function whenBegun(f) {
    if (pending === undefined) f();
    else pending[pending.length] = f;
}
function begin() {
    const list = pending;
    pending = undefined;
    for (let i = 0; i < list.length; i++) list[i]();
}

let captureCallback = null;
/** Told of an exception that ends this thread; a worker's start-up replaces it by one that tells the parent. */
let onFatal = (error, fromPromise) => binding('process').printFatal(error, fromPromise);

/** True if the program handled it; otherwise this does not return, as the thread ends. */
function report(error, fromPromise = false) {
    const process = require('process');
    const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
    try {
        if (process.listenerCount('uncaughtExceptionMonitor') > 0) process.emit('uncaughtExceptionMonitor', error, origin);
        if (captureCallback !== null) {
            captureCallback(error);
            return true;
        }
        if (process.emit('uncaughtException', error, origin)) return true;
    } catch (next) {
        // A handler that throws ends the program with a code of its own.
        return end(next, false, 7);
    }
    return end(error, fromPromise, 1);
}

function end(error, fromPromise, code) {
    const process = require('process');
    try {
        onFatal(error, fromPromise);
        // No 'exit' after a handler has failed, nor a second one.
        if (code === 1 && !lifecycle.isExiting) {
            process.exitCode = code;
            announceExit(process);
        }
    } catch {
        // The exception that ended the program is the one to tell of.
    }
    process.reallyExit(code === 1 ? process.exitCode ?? code : code);
    return false;
}

/** Emits 'exit', once; gives the exit code. */
function announceExit(process) {
    if (!lifecycle.isExiting) {
        lifecycle.isExiting = true;
        process.emit('exit', +process.exitCode || 0);
    }
    return +process.exitCode || 0;
}

function hasCaptureCallback() { return captureCallback !== null; }
function setCaptureCallback(callback) {
    const { codes: { ERR_INVALID_ARG_TYPE, ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET } } = require('internal/errors');
    if (callback === null) captureCallback = null;
    else if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
    else if (captureCallback !== null) throw new ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
    else captureCallback = callback;
}

const lifecycle = module.exports = {
    /** Whether 'exit' has been emitted; no tick is queued from then on. */
    isExiting: false,
    announceExit,
    begin,
    hasCaptureCallback,
    report,
    setCaptureCallback,
    setOnFatal(handler) { onFatal = handler; },
    whenBegun,
};
