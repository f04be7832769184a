// node:timers/promises.

const { Promise, PromisePrototypeFinally, PromiseReject } = primordials;
const {
    AbortError,
    codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');
const timers = require('internal/timers');

const abortError = (signal) => new AbortError(undefined, { __proto__: null, cause: signal.reason });

function validate(delay, options) {
    if (delay !== undefined) validateNumber(delay, 'delay');
    validateObject(options, 'options');
    const { signal, ref = true } = options;
    validateAbortSignal(signal, 'options.signal');
    validateBoolean(ref, 'options.ref');
    return { ref, signal };
}

/** A promise of `value` when `start(callback)` has called back; an abort stops it with `stop`. */
function after(start, stop, value, options, delay) {
    let settings;
    try {
        settings = validate(delay, options);
    } catch (error) {
        return PromiseReject(error);
    }
    const { ref, signal } = settings;
    if (signal?.aborted) return PromiseReject(abortError(signal));
    let onAbort;
    const promise = new Promise((resolve, reject) => {
        const timer = start(() => resolve(value));
        if (!ref) timer.unref();
        if (signal) {
            onAbort = () => {
                stop(timer);
                reject(abortError(signal));
            };
            signal.addEventListener('abort', onAbort);
        }
    });
    return onAbort === undefined ? promise : PromisePrototypeFinally(promise, () => signal.removeEventListener('abort', onAbort));
}

function setTimeout(delay, value, options = {}) {
    return after((done) => timers.setTimeout(done, delay), timers.clearTimeout, value, options, delay);
}
function setImmediate(value, options = {}) {
    return after((done) => timers.setImmediate(done), timers.clearImmediate, value, options, undefined);
}

/** Ticks that pass while nobody waits are counted and handed out at once. */
async function* setInterval(delay, value, options = {}) {
    const { ref, signal } = validate(delay, options);
    if (signal?.aborted) throw abortError(signal);
    let missed = 0;
    let wake;
    const interval = timers.setInterval(() => {
        missed++;
        wake?.();
        wake = undefined;
    }, delay);
    if (!ref) interval.unref();
    let fail;
    const onAbort = () => {
        timers.clearInterval(interval);
        fail?.(abortError(signal));
        fail = undefined;
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
        while (!signal?.aborted) {
            if (missed === 0) {
                await new Promise((resolve, reject) => {
                    wake = resolve;
                    fail = reject;
                });
            }
            for (; missed > 0; missed--) yield value;
        }
        throw abortError(signal);
    } finally {
        timers.clearInterval(interval);
        signal?.removeEventListener('abort', onAbort);
    }
}

class Scheduler {
    constructor() { throw new ERR_ILLEGAL_CONSTRUCTOR(); }
    yield() {
        checkScheduler(this);
        return setImmediate();
    }
    wait(delay, options) {
        checkScheduler(this);
        return setTimeout(delay, undefined, options);
    }
}
const scheduler = { __proto__: Scheduler.prototype };
function checkScheduler(value) {
    if (value !== scheduler) throw new ERR_INVALID_THIS('Scheduler');
}

module.exports = { setTimeout, setImmediate, setInterval, scheduler };
