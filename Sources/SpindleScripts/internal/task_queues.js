// process.nextTick, queueMicrotask and unhandled rejections.
//
// The host calls `processTicksAndRejections` once after every call into the program (main script, timer, message …). Exceptions
// of callbacks are dealt with here, one by one, so that the rest of the queue runs.

const {
    ArrayPrototypeFilter, ArrayPrototypePush, Error, ErrorCaptureStackTrace, ObjectDefineProperty, ObjectHasOwn,
    PromisePrototypeThen, PromiseResolve, ReflectApply, SafeWeakMap, String, StringPrototypeSlice, StringPrototypeStartsWith,
    invoke,
} = primordials;
const { validateFunction } = require('internal/validators');
const context = require('internal/async_context');
const lifecycle = require('internal/lifecycle');
const { report } = lifecycle;
const { normalize } = require('internal/stack');
const { drainMicrotasks, setRejectionTracker, setTick } = binding('tasks');

let ticks = [];

function nextTick(callback, ...args) {
    validateFunction(callback, 'callback');
    if (lifecycle.isExiting) return;
    ticks[ticks.length] = { callback, args, frame: context.current };
}

/** Ticks, then microtasks, until both are empty; then rejections that found no handler, which may begin it anew. */
function processTicksAndRejections() {
    do {
        while (ticks.length > 0) {
            const batch = ticks;
            ticks = [];
            for (let i = 0; i < batch.length; i++) {
                const { callback, args, frame } = batch[i];
                context.current = frame;
                try {
                    if (args.length > 3) ReflectApply(callback, undefined, args);
                    else invoke(callback, undefined, args.length, args[0], args[1], args[2]);
                } catch (error) {
                    report(error);
                }
            }
        }
        context.current = undefined;
        drainMicrotasks();
        context.current = undefined;
    } while (ticks.length > 0 || processRejections());
}

function queueMicrotask(callback) {
    validateFunction(callback, 'callback');
    const frame = context.current;
    // A promise's reaction is the one microtask a script can queue; it must not reject, nor pass through a patched `then`.
    PromisePrototypeThen(resolved, () => {
        context.current = frame;
        try {
            callback();
        } catch (error) {
            report(error);
        }
    });
}
const resolved = PromiseResolve();
// So that `then` does not ask Promise.prototype.constructor, which may be patched, what class its result is to be of.
ObjectDefineProperty(resolved, 'constructor', { __proto__: null, value: undefined });

// --- Rejections --------------------------------------------------------------------------------------------------------

let rejections = [];
/** Promises that were announced and then got a handler. */
let handledLate = [];
/** Promises whose rejection was announced; told of if a handler comes after all. */
const announced = new SafeWeakMap();
let lastId = 0;

function processRejections() {
    if (rejections.length === 0 && handledLate.length === 0) return false;
    const late = handledLate;
    handledLate = [];
    for (let i = 0; i < late.length; i++) {
        try {
            require('process').emit('rejectionHandled', late[i]);
        } catch (error) {
            report(error);
        }
    }
    const batch = rejections;
    rejections = [];
    const handle = modes[unhandledMode()];
    for (let i = 0; i < batch.length; i++) {
        const { promise, reason } = batch[i];
        normalize(reason);
        announced.set(promise, ++lastId);
        watch(promise);
        try {
            handle(promise, reason, lastId);
        } catch (error) {
            report(error);
        }
    }
    return true;
}

const announce = (promise, reason) => require('process').emit('unhandledRejection', reason, promise);
const modes = {
    __proto__: null,
    throw(promise, reason) {
        if (!announce(promise, reason)) report(asError(reason), true);
    },
    strict(promise, reason, id) {
        report(asError(reason), true);
        if (!announce(promise, reason)) warn(reason, id);
    },
    warn(promise, reason, id) {
        announce(promise, reason);
        warn(reason, id);
    },
    'warn-with-error-code'(promise, reason, id) {
        if (announce(promise, reason)) return;
        warn(reason, id);
        require('process').exitCode = 1;
    },
    none: announce,
};

/** A reason that is no error gets one that quotes it, so that there is a stack and a code to print. */
function asError(reason) {
    if (typeof reason === 'object' && reason !== null && ObjectHasOwn(reason, 'stack')) return reason;
    const { describe, setHidden } = require('internal/clone/values');
    const error = new Error(
        'This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise ' +
        `which was not handled with .catch(). The promise rejected with the reason "${describe(reason)}".`);
    setHidden(error, 'name', 'UnhandledPromiseRejection');
    ErrorCaptureStackTrace(error, asError);
    error.code = 'ERR_UNHANDLED_REJECTION';
    return error;
}

function warn(reason, id) {
    const { emitWarning } = require('process');
    const text = reason instanceof Error && typeof reason.stack === 'string' ? reason.stack : inspectSafely(reason);
    emitWarning(text, 'UnhandledPromiseRejectionWarning');
    emitWarning(
        'Unhandled promise rejection. This error originated either by throwing inside of an async function without a catch ' +
        'block, or by rejecting a promise which was not handled with .catch(). To terminate the node process on unhandled ' +
        'promise rejection, use the CLI flag `--unhandled-rejections=strict` ' +
        `(see https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: ${id})`,
        'UnhandledPromiseRejectionWarning');
}
function inspectSafely(reason) {
    try {
        return require('internal/util/inspect').inspect(reason);
    } catch {
        return String(reason);
    }
}

let mode;
/** What `--unhandled-rejections` says, or 'throw'. */
function unhandledMode() {
    if (mode === undefined) {
        mode = 'throw';
        const flag = '--unhandled-rejections=';
        const { execArgv } = require('process');
        for (let i = 0; i < execArgv.length; i++) {
            const wanted = StringPrototypeStartsWith(execArgv[i], flag) ? StringPrototypeSlice(execArgv[i], flag.length) : '';
            if (modes[wanted] !== undefined) mode = wanted;
        }
    }
    return mode;
}

/** The host tells of promises that have no handler once the microtasks are done, and if it can of handlers that come later. */
function onRejection(promise, reason) {
    ArrayPrototypePush(rejections, { promise, reason });
}
function onHandled(promise) {
    for (let i = 0; i < rejections.length; i++) {
        if (rejections[i].promise === promise) {
            rejections = ArrayPrototypeFilter(rejections, (entry) => entry.promise !== promise);
            return;
        }
    }
    if (announced.delete(promise)) ArrayPrototypePush(handledLate, promise);
}

/**
 * JavaScriptCore does not tell of handlers that come late. Both `then` and `await` ask a promise for its constructor, though;
 * where the program wants to hear of them, an announced promise answers that itself, once.
 */
function watch(promise) {
    if (require('process').listenerCount('rejectionHandled') === 0) return;
    ObjectDefineProperty(promise, 'constructor', {
        __proto__: null,
        configurable: true,
        enumerable: false,
        get() {
            delete promise.constructor;
            onHandled(promise);
            return promise.constructor;
        },
        set(value) {
            ObjectDefineProperty(promise, 'constructor', {
                __proto__: null, configurable: true, enumerable: true, value, writable: true,
            });
        },
    });
}

/** Joins the queues to the host's loop; called once at the start of a thread. */
function start() {
    setTick(processTicksAndRejections);
    setRejectionTracker(onRejection, onHandled);
}

module.exports = { nextTick, processTicksAndRejections, queueMicrotask, start };
