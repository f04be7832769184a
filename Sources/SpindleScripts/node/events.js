// node:events. `_events` maps a type to its one listener or to an array of them, as libraries that look inside expect.

const {
    ArrayPrototypePush, ArrayPrototypeShift, ArrayPrototypeSlice, ArrayPrototypeUnshift, AsyncIteratorPrototype, Boolean,
    Error, FunctionPrototypeBind, FunctionPrototypeCall, NumberMAX_SAFE_INTEGER, ObjectDefineProperties, ObjectDefineProperty,
    ObjectGetPrototypeOf, ObjectSetPrototypeOf, Promise, PromiseReject, PromiseResolve, ReflectApply, ReflectOwnKeys,
    Symbol, SymbolAsyncIterator, SymbolDispose, SymbolFor, invoke,
} = primordials;
const {
    AbortError,
    codes: { ERR_INVALID_ARG_TYPE, ERR_UNHANDLED_ERROR },
} = require('internal/errors');
const {
    validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateNumber, validateObject, validateString,
} = require('internal/validators');

const kCapture = Symbol('kCapture');
const kErrorMonitor = Symbol('events.errorMonitor');
const kRejection = SymbolFor('nodejs.rejection');
const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

let defaultMaxListeners = 10;

function EventEmitter(options) {
    ReflectApply(EventEmitter.init, this, [options]);
}
const prototype = EventEmitter.prototype;
prototype._events = undefined;
prototype._eventsCount = 0;
prototype._maxListeners = undefined;

EventEmitter.init = function (options) {
    if (this._events === undefined || this._events === ObjectGetPrototypeOf(this)._events) {
        this._events = { __proto__: null };
        this._eventsCount = 0;
    }
    this._maxListeners ||= undefined;
    if (options?.captureRejections) {
        validateBoolean(options.captureRejections, 'options.captureRejections');
        this[kCapture] = Boolean(options.captureRejections);
    } else {
        this[kCapture] = prototype[kCapture];
    }
};

/** Methods are plain writable members, as classes and mixins of programs expect. */
function define(name, method) {
    prototype[name] = method;
}

define('setMaxListeners', function setMaxListeners(n) {
    validateNumber(n, 'setMaxListeners', 0);
    this._maxListeners = n;
    return this;
});
function limitOf(emitter) {
    return emitter._maxListeners === undefined ? defaultMaxListeners : emitter._maxListeners;
}
define('getMaxListeners', function getMaxListeners() { return limitOf(this); });

// Arguments by name: an array of them would have to be made in every call.
define('emit', function emit(type, a, b, c) {
    const count = arguments.length - 1;
    if (type === 'error' || count > 3) return emitSlowly(this, type, ArrayPrototypeSlice(arguments, 1));
    const events = this._events;
    if (events === undefined) return false;
    const handler = events[type];
    if (handler === undefined) return false;
    if (typeof handler === 'function') {
        const result = invoke(handler, this, count, a, b, c);
        if (result !== undefined && result !== null && this[kCapture]) capture(this, result, type, given(count, a, b, c));
        return true;
    }
    // A copy, because listeners may add and remove listeners.
    const list = copyOf(handler);
    for (let i = 0; i < list.length; i++) {
        const result = invoke(list[i], this, count, a, b, c);
        if (result !== undefined && result !== null && this[kCapture]) capture(this, result, type, given(count, a, b, c));
    }
    return true;
});
const given = (count, a, b, c) => ArrayPrototypeSlice([a, b, c], 0, count);

/** Errors, and any number of arguments. */
function emitSlowly(emitter, type, args) {
    const events = emitter._events;
    if (type === 'error') {
        if (events !== undefined && events[kErrorMonitor] !== undefined) {
            const list = ArrayPrototypeSlice(args);
            ArrayPrototypeUnshift(list, kErrorMonitor);
            ReflectApply(emitter.emit, emitter, list);
        }
        if (events === undefined || events.error === undefined) throwUnhandled(args[0], args.length > 0);
    }
    const handler = events?.[type];
    if (handler === undefined) return false;
    const list = typeof handler === 'function' ? [handler] : copyOf(handler);
    for (let i = 0; i < list.length; i++) {
        const result = ReflectApply(list[i], emitter, args);
        if (result !== undefined && result !== null && emitter[kCapture]) capture(emitter, result, type, args);
    }
    return true;
}

function copyOf(list) {
    switch (list.length) {
        case 2: return [list[0], list[1]];
        case 3: return [list[0], list[1], list[2]];
        case 4: return [list[0], list[1], list[2], list[3]];
        default: return ArrayPrototypeSlice(list);
    }
}

function throwUnhandled(error, given) {
    if (error instanceof Error) throw error;
    let text;
    try {
        text = given ? inspect(error) : undefined;
    } catch {
        text = error;
    }
    const wrapped = new ERR_UNHANDLED_ERROR(text);
    wrapped.context = error;
    throw wrapped;
}

/** With captureRejections, what a listener's promise is rejected with becomes an 'error' event. */
function capture(emitter, result, type, args) {
    try {
        const { then } = result;
        if (typeof then !== 'function') return;
        FunctionPrototypeCall(then, result, undefined, (error) => {
            require('process').nextTick(emitRejection, emitter, error, type, args);
        });
    } catch (error) {
        emitter.emit('error', error);
    }
}
function emitRejection(emitter, error, type, args) {
    if (typeof emitter[kRejection] === 'function') {
        ArrayPrototypeUnshift(args, error, type);
        ReflectApply(emitter[kRejection], emitter, args);
        return;
    }
    // An 'error' listener whose own promise is rejected must not come back here for ever.
    const previous = emitter[kCapture];
    try {
        emitter[kCapture] = false;
        emitter.emit('error', error);
    } finally {
        emitter[kCapture] = previous;
    }
}

function add(emitter, type, listener, prepend) {
    validateFunction(listener, 'listener');
    let events = emitter._events;
    if (events === undefined) {
        events = emitter._events = { __proto__: null };
        emitter._eventsCount = 0;
    } else if (events.newListener !== undefined) {
        emitter.emit('newListener', type, listener.listener ?? listener);
        // A listener of it may have replaced the table.
        events = emitter._events;
    }
    const existing = events[type];
    if (existing === undefined) {
        events[type] = listener;
        emitter._eventsCount++;
        return emitter;
    }
    let list = existing;
    if (typeof existing === 'function') list = events[type] = prepend ? [listener, existing] : [existing, listener];
    else if (prepend) ArrayPrototypeUnshift(list, listener);
    else ArrayPrototypePush(list, listener);
    const limit = limitOf(emitter);
    if (limit > 0 && list.length > limit && !list.warned) {
        list.warned = true;
        require('internal/listener_leak')('EventEmitter', 'emitter', emitter, type, list.length, limit);
    }
    return emitter;
}

define('addListener', function addListener(type, listener) { return add(this, type, listener, false); });
define('on', prototype.addListener);
define('prependListener', function prependListener(type, listener) { return add(this, type, listener, true); });

/** The function that is listed in place of a `once` listener; `.listener` is what the program gave. */
function wrapOnce(emitter, type, listener) {
    const state = { fired: false, wrapped: undefined };
    function wrapped(...args) {
        if (state.fired) return undefined;
        emitter.removeListener(type, state.wrapped);
        state.fired = true;
        return ReflectApply(listener, emitter, args);
    }
    // Bound, so that it prints and counts as Node's does and cannot be called on another emitter.
    state.wrapped = FunctionPrototypeBind(wrapped, undefined);
    state.wrapped.listener = listener;
    return state.wrapped;
}
define('once', function once(type, listener) {
    validateFunction(listener, 'listener');
    return this.on(type, wrapOnce(this, type, listener));
});
define('prependOnceListener', function prependOnceListener(type, listener) {
    validateFunction(listener, 'listener');
    return this.prependListener(type, wrapOnce(this, type, listener));
});

define('removeListener', function removeListener(type, listener) {
    validateFunction(listener, 'listener');
    const events = this._events;
    const list = events?.[type];
    if (list === undefined) return this;
    if (list === listener || list.listener === listener) {
        this._eventsCount--;
        delete events[type];
        if (events.removeListener) this.emit('removeListener', type, list.listener || listener);
        return this;
    }
    if (typeof list === 'function') return this;
    let at = list.length - 1;
    while (at >= 0 && list[at] !== listener && list[at].listener !== listener) at--;
    if (at < 0) return this;
    if (at === 0) ArrayPrototypeShift(list);
    else {
        for (; at + 1 < list.length; at++) list[at] = list[at + 1];
        list.length--;
    }
    if (list.length === 1) events[type] = list[0];
    if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
    return this;
});
define('off', prototype.removeListener);

define('removeAllListeners', function removeAllListeners(type) {
    const events = this._events;
    if (events === undefined) return this;
    if (events.removeListener === undefined) {
        if (arguments.length === 0) {
            this._events = { __proto__: null };
            this._eventsCount = 0;
        } else if (events[type] !== undefined) {
            this._eventsCount--;
            delete events[type];
        }
        return this;
    }
    if (arguments.length === 0) {
        const keys = ReflectOwnKeys(events);
        for (let i = 0; i < keys.length; i++) {
            if (keys[i] !== 'removeListener') this.removeAllListeners(keys[i]);
        }
        this.removeAllListeners('removeListener');
        this._events = { __proto__: null };
        this._eventsCount = 0;
        return this;
    }
    const list = events[type];
    if (typeof list === 'function') this.removeListener(type, list);
    else if (list !== undefined) {
        for (let i = list.length - 1; i >= 0; i--) this.removeListener(type, list[i]);
    }
    return this;
});

function listenersOf(emitter, type, unwrap) {
    const list = emitter._events?.[type];
    if (list === undefined) return [];
    if (typeof list === 'function') return [unwrap ? list.listener ?? list : list];
    const copy = ArrayPrototypeSlice(list);
    if (unwrap) {
        for (let i = 0; i < copy.length; i++) copy[i] = copy[i].listener ?? copy[i];
    }
    return copy;
}
define('listeners', function listeners(type) { return listenersOf(this, type, true); });
define('rawListeners', function rawListeners(type) { return listenersOf(this, type, false); });

define('listenerCount', function listenerCount(type, listener) {
    const list = this._events?.[type];
    if (list === undefined) return 0;
    if (listener == null) return typeof list === 'function' ? 1 : list.length;
    const all = listenersOf(this, type, false);
    let count = 0;
    for (let i = 0; i < all.length; i++) {
        if (all[i] === listener || all[i].listener === listener) count++;
    }
    return count;
});
define('eventNames', function eventNames() { return this._eventsCount > 0 ? ReflectOwnKeys(this._events) : []; });

// --- The module's functions --------------------------------------------------------------------------------------------

function getEventListeners(target, type) {
    if (typeof target.listeners === 'function') return target.listeners(type);
    const { isEventTarget, listenersOf: ofTarget } = require('internal/event_target');
    if (isEventTarget(target)) return ofTarget(target, type);
    throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function getMaxListeners(target) {
    if (typeof target?.getMaxListeners === 'function') return limitOf(target);
    const { isEventTarget, maxListenersOf } = require('internal/event_target');
    if (isEventTarget(target)) return maxListenersOf(target);
    throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function setMaxListeners(n = defaultMaxListeners, ...targets) {
    validateNumber(n, 'setMaxListeners', 0);
    if (targets.length === 0) {
        defaultMaxListeners = n;
        return;
    }
    const { isEventTarget, setMaxListenersOf } = require('internal/event_target');
    for (let i = 0; i < targets.length; i++) {
        const target = targets[i];
        if (isEventTarget(target)) setMaxListenersOf(target, n);
        else if (typeof target.setMaxListeners === 'function') target.setMaxListeners(n);
        else throw new ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
    }
}

function listenerCount(emitter, type) {
    if (typeof emitter.listenerCount === 'function') return emitter.listenerCount(type);
    const { isEventTarget, listenersOf: ofTarget } = require('internal/event_target');
    if (isEventTarget(emitter)) return ofTarget(emitter, type).length;
    return FunctionPrototypeCall(prototype.listenerCount, emitter, type);
}

/** Adds to an emitter or to an event target, which calls with one argument. */
function listen(emitter, type, listener, once) {
    if (typeof emitter.on === 'function') {
        if (once) emitter.once(type, listener);
        else emitter.on(type, listener);
    } else if (typeof emitter.addEventListener === 'function') emitter.addEventListener(type, listener, { once });
    else throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
}
function unlisten(emitter, type, listener) {
    if (typeof emitter.removeListener === 'function') emitter.removeListener(type, listener);
    else if (typeof emitter.removeEventListener === 'function') emitter.removeEventListener(type, listener);
    else throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
}

async function once(emitter, type, options = { __proto__: null }) {
    validateObject(options, 'options');
    const { signal } = options;
    validateAbortSignal(signal, 'options.signal');
    if (signal?.aborted) throw new AbortError(undefined, { __proto__: null, cause: signal.reason });
    return new Promise((resolve, reject) => {
        const clean = () => {
            unlisten(emitter, type, onEvent);
            if (typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
            signal?.removeEventListener('abort', onAbort);
        };
        const onEvent = (...args) => {
            clean();
            resolve(args);
        };
        const onError = (error) => {
            clean();
            reject(error);
        };
        const onAbort = () => {
            clean();
            reject(new AbortError(undefined, { __proto__: null, cause: signal.reason }));
        };
        listen(emitter, type, onEvent, true);
        if (type !== 'error' && typeof emitter.once === 'function') emitter.once('error', onError);
        signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    });
}

function on(emitter, type, options = { __proto__: null }) {
    validateObject(options, 'options');
    const { signal } = options;
    validateAbortSignal(signal, 'options.signal');
    if (signal?.aborted) throw new AbortError(undefined, { __proto__: null, cause: signal.reason });
    const high = options.highWaterMark ?? options.highWatermark ?? NumberMAX_SAFE_INTEGER;
    validateInteger(high, 'options.highWaterMark', 1);
    const low = options.lowWaterMark ?? options.lowWatermark ?? 1;
    validateInteger(low, 'options.lowWaterMark', 1);

    let events = [];
    let head = 0;
    let waiting = [];
    let error = null;
    let finished = false;
    let paused = false;
    const removals = [];

    const subscribe = (name, listener) => {
        listen(emitter, name, listener, false);
        ArrayPrototypePush(removals, () => unlisten(emitter, name, listener));
    };
    const onEvent = (...args) => {
        if (waiting.length > 0) {
            ArrayPrototypeShift(waiting).resolve({ done: false, value: args });
            return;
        }
        ArrayPrototypePush(events, args);
        if (!paused && events.length - head > high) {
            paused = true;
            emitter.pause?.();
        }
    };
    const onError = (reason) => {
        if (waiting.length > 0) ArrayPrototypeShift(waiting).reject(reason);
        else error = { reason };
        close();
    };
    const onAbort = () => onError(new AbortError(undefined, { __proto__: null, cause: signal.reason }));
    function close() {
        for (let i = 0; i < removals.length; i++) removals[i]();
        removals.length = 0;
        signal?.removeEventListener('abort', onAbort);
        finished = true;
        const rest = waiting;
        waiting = [];
        for (let i = 0; i < rest.length; i++) rest[i].resolve({ done: true, value: undefined });
        return PromiseResolve({ done: true, value: undefined });
    }

    const iterator = ObjectSetPrototypeOf({
        next() {
            if (head < events.length) {
                const value = events[head];
                events[head++] = undefined;
                if (head === events.length || head > 1024) {
                    events = ArrayPrototypeSlice(events, head);
                    head = 0;
                }
                if (paused && events.length - head < low) {
                    paused = false;
                    emitter.resume?.();
                }
                return PromiseResolve({ done: false, value });
            }
            if (error !== null) {
                const { reason } = error;
                error = null;
                return PromiseReject(reason);
            }
            if (finished) return close();
            return new Promise((resolve, reject) => { ArrayPrototypePush(waiting, { resolve, reject }); });
        },
        return() { return close(); },
        throw(reason) {
            if (!(reason instanceof Error)) throw new ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', reason);
            onError(reason);
        },
        [SymbolAsyncIterator]() { return this; },
    }, AsyncIteratorPrototype);

    subscribe(type, onEvent);
    if (type !== 'error' && typeof emitter.on === 'function') subscribe('error', onError);
    const ends = options.close;
    if (ends?.length) for (let i = 0; i < ends.length; i++) subscribe(ends[i], close);
    signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    return iterator;
}

/** Calls `listener` once on abort even if another listener stops the event's propagation. */
function addAbortListener(signal, listener) {
    if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
    validateAbortSignal(signal, 'signal');
    validateFunction(listener, 'listener');
    let remove;
    if (signal.aborted) require('internal/task_queues').queueMicrotask(() => listener());
    else {
        const { kResistStopPropagation } = require('internal/event_target');
        signal.addEventListener('abort', listener, { __proto__: null, once: true, [kResistStopPropagation]: true });
        remove = () => signal.removeEventListener('abort', listener);
    }
    return {
        __proto__: null,
        [SymbolDispose]() { remove?.(); },
    };
}

/** An emitter whose listeners run in the async context in which it was made; a class of its own only where it is used. */
function makeAsyncResourceClass() {
    const { AsyncResource } = require('async_hooks');
    class EventEmitterReferencingAsyncResource extends AsyncResource {
        #emitter;
        constructor(emitter, type, options) {
            super(type, options);
            this.#emitter = emitter;
        }
        get eventEmitter() { return this.#emitter; }
    }
    const value = class EventEmitterAsyncResource extends EventEmitter {
        #resource;
        constructor(options = undefined) {
            let name;
            if (typeof options === 'string') {
                name = options;
                options = undefined;
            } else {
                if (new.target === value) validateString(options?.name, 'options.name');
                name = options?.name || new.target.name;
            }
            super(options);
            this.#resource = new EventEmitterReferencingAsyncResource(this, name, options);
        }
        emit(type, ...args) {
            ArrayPrototypeUnshift(args, super.emit, this, type);
            return ReflectApply(AsyncResource.prototype.runInAsyncScope, this.asyncResource, args);
        }
        emitDestroy() { this.#resource.emitDestroy(); }
        get asyncId() { return this.#resource.asyncId(); }
        get triggerAsyncId() { return this.#resource.triggerAsyncId(); }
        get asyncResource() { return this.#resource; }
    };
    ObjectDefineProperty(EventEmitter, 'EventEmitterAsyncResource', {
        __proto__: null, configurable: true, enumerable: true, value, writable: true,
    });
    return value;
}

ObjectDefineProperties(EventEmitter, {
    EventEmitterAsyncResource: {
        __proto__: null, configurable: true, enumerable: true, get: makeAsyncResourceClass,
    },
    captureRejections: {
        __proto__: null,
        enumerable: true,
        get() { return prototype[kCapture]; },
        set(value) {
            validateBoolean(value, 'EventEmitter.captureRejections');
            prototype[kCapture] = value;
        },
    },
    defaultMaxListeners: {
        __proto__: null,
        enumerable: true,
        get() { return defaultMaxListeners; },
        set(value) {
            validateNumber(value, 'defaultMaxListeners', 0);
            defaultMaxListeners = value;
        },
    },
});
ObjectDefineProperty(prototype, kCapture, { __proto__: null, value: false, writable: true });

module.exports = EventEmitter;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.addAbortListener = addAbortListener;
EventEmitter.captureRejectionSymbol = kRejection;
EventEmitter.errorMonitor = kErrorMonitor;
EventEmitter.getEventListeners = getEventListeners;
EventEmitter.getMaxListeners = getMaxListeners;
EventEmitter.listenerCount = listenerCount;
EventEmitter.on = on;
EventEmitter.once = once;
EventEmitter.setMaxListeners = setMaxListeners;
EventEmitter.usingDomains = false;
