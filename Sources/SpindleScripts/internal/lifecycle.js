// The end of a program, and what becomes of an exception that nobody caught: its monitors and handlers, else that end.

let captureCallback = null;
/** Tells of an exception that ends this thread, and announces that end; a worker's start-up has it tell the parent. */
let onFatal = (error, fromPromise, announce) => {
    try {
        binding('process').printFatal(error, fromPromise);
    } finally {
        announce();
    }
};
/** The exit code after a handler of exceptions has thrown. */
let codeOfFailedHandler = 7;

/** True if the program handled it; otherwise this does not return, as the thread ends. */
function report(error, fromPromise = false) {
    require('internal/stack').normalize(error);
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
        // A handler that throws ends the program with a code of its own, and unannounced.
        return fail(next, false, () => {}, codeOfFailedHandler);
    }
    return fail(error, fromPromise, announceFailure, undefined);
}

/** Emits 'exit', once, whatever its listeners throw: the exception that ended the program is the one to tell of. */
function announceFailure() {
    if (lifecycle.isExiting) return;
    const process = require('process');
    process.exitCode = 1;
    try {
        announceExit(process);
    } catch {}
}

function fail(error, fromPromise, announce, code) {
    const process = require('process');
    try {
        onFatal(error, fromPromise, announce);
    } catch {}
    process.reallyExit(code ?? process.exitCode ?? 1);
    return false;
}

/** Emits 'exit', once; gives the exit code. */
function announceExit(process) {
    if (!lifecycle.isExiting) {
        lifecycle.isExiting = true;
        process.emit('exit', +process.exitCode || 0);
        if (lifecycle.isUnsettled) process.exitCode ??= 13;
    }
    return +process.exitCode || 0;
}

/** Nothing is left to do; gives the exit code. */
function end() {
    try {
        return announceExit(require('process'));
    } catch (error) {
        report(error);
        return 1;
    }
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
    /** Whether the program's first module has begun and not come to its end. */
    isUnsettled: false,
    announceExit,
    end,
    hasCaptureCallback,
    report,
    setCaptureCallback,
    setOnFatal(handler, code) {
        onFatal = handler;
        codeOfFailedHandler = code;
    },
};
