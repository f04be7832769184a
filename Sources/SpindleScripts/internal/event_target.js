// Event, CustomEvent, EventTarget, and NodeEventTarget: an EventTarget that also has the methods of an EventEmitter.
//
// A type's listeners are an array of records. Adding appends to it in place, removing replaces it by a shorter copy, so that
// a dispatch may walk the array it found, up to the length it had, and skip records that were removed meanwhile.

const {
    ArrayPrototypePush, Error, FunctionPrototypeCall, ObjectDefineProperties, ObjectDefineProperty, ReflectApply, SafeMap,
    SafeWeakMap, String, Symbol, SymbolFor, SymbolToStringTag,
} = primordials;
const {
    codes: {
        ERR_EVENT_RECURSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS,
    },
} = require('internal/errors');
const {
    kValidateObjectAllowObjects, validateAbortSignal, validateNumber, validateObject, validateString,
} = require('internal/validators');

const { now } = require('internal/clock');

const kCreateEvent = Symbol('kCreateEvent');
const kInspect = SymbolFor('nodejs.util.inspect.custom');
const kListenersChanged = Symbol('kListenersChanged');
const kNodeStyle = Symbol('kNodeStyle');
const kResistStopPropagation = Symbol('kResistStopPropagation');
const kTrusted = Symbol('kTrusted');


/** Reads and writes what `dispatch` needs of an event; set by Event's static block, which alone sees the private fields. */
let eventState;

// What an event is and has been through, as bits of one number: events are made by the hundred thousand.
const bubbles = 1;
const cancelable = 2;
const composed = 4;
const trusted = 8;
const defaultPrevented = 16;
const propagationStopped = 32;
const stopped = 64;
const dispatching = 128;

class Event {
    #type;
    #timeStamp = now();
    #target = null;
    #currentTarget = null;
    #state = 0;

    constructor(type, options = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
        this.#type = `${type}`;
        if (options != null) {
            validateObject(options, 'options');
            this.#state = (options.bubbles ? bubbles : 0) | (options.cancelable ? cancelable : 0) |
                (options.composed ? composed : 0) | (options[kTrusted] === true ? trusted : 0);
        }
    }

    static {
        eventState = {
            begin(event, target) {
                event.#target = event.#currentTarget = target;
                event.#state |= dispatching;
            },
            end(event) {
                event.#currentTarget = null;
                event.#state &= ~(dispatching | propagationStopped | stopped);
            },
            is: (value) => typeof value === 'object' && value !== null && #type in value,
            has: (event, bit) => (event.#state & bit) !== 0,
        };
    }

    initEvent(type, isBubbling = false, isCancelable = false) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
        if (check(this).#state & dispatching) return;
        this.#type = `${type}`;
        this.#state = (this.#state & ~(bubbles | cancelable)) | (isBubbling ? bubbles : 0) | (isCancelable ? cancelable : 0);
    }

    stopImmediatePropagation() { check(this).#state |= propagationStopped | stopped; }
    stopPropagation() { check(this).#state |= propagationStopped; }
    preventDefault() { if (check(this).#state & cancelable) this.#state |= defaultPrevented; }
    composedPath() { return check(this).#state & dispatching ? [this.#currentTarget] : []; }

    get type() { return check(this).#type; }
    get target() { return check(this).#target; }
    get currentTarget() { return check(this).#currentTarget; }
    get srcElement() { return check(this).#target; }
    get cancelable() { return (check(this).#state & cancelable) !== 0; }
    get defaultPrevented() { return (check(this).#state & defaultPrevented) !== 0; }
    get timeStamp() { return check(this).#timeStamp; }
    get returnValue() { return !this.defaultPrevented; }
    set returnValue(value) { if (!value) this.preventDefault(); }
    get bubbles() { return (check(this).#state & bubbles) !== 0; }
    get composed() { return (check(this).#state & composed) !== 0; }
    get eventPhase() { return check(this).#state & dispatching ? Event.AT_TARGET : Event.NONE; }
    get isTrusted() { return (check(this).#state & trusted) !== 0; }
    get cancelBubble() { return (check(this).#state & propagationStopped) !== 0; }
    set cancelBubble(value) { if (value) this.stopPropagation(); }

    [kInspect](depth, options) {
        check(this);
        const { name } = this.constructor;
        if (depth < 0) return name;
        const { inspect } = require('internal/util/inspect');
        return `${name} ${inspect({
            type: this.#type,
            defaultPrevented: this.defaultPrevented,
            cancelable: this.cancelable,
            timeStamp: this.#timeStamp,
        }, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`;
    }

    static NONE = 0;
    static CAPTURING_PHASE = 1;
    static AT_TARGET = 2;
    static BUBBLING_PHASE = 3;
}

function check(event) {
    if (eventState.is(event)) return event;
    throw new ERR_INVALID_THIS('Event');
}
function enumerable(prototype, ...names) {
    for (let i = 0; i < names.length; i++) ObjectDefineProperty(prototype, names[i], { __proto__: null, enumerable: true });
}
function tag(constructor, name) {
    ObjectDefineProperty(constructor.prototype, SymbolToStringTag, { __proto__: null, configurable: true, value: name });
}
enumerable(
    Event.prototype, 'initEvent', 'stopImmediatePropagation', 'stopPropagation', 'preventDefault', 'composedPath', 'type',
    'target', 'currentTarget', 'srcElement', 'cancelable', 'defaultPrevented', 'timeStamp', 'returnValue', 'bubbles', 'composed',
    'eventPhase', 'isTrusted', 'cancelBubble');
tag(Event, 'Event');

class CustomEvent extends Event {
    #detail = null;
    constructor(type, options = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
        super(type, options);
        this.#detail = options?.detail ?? null;
    }
    get detail() {
        if (!(typeof this === 'object' && this !== null && #detail in this)) throw new ERR_INVALID_THIS('CustomEvent');
        return this.#detail;
    }
}
enumerable(CustomEvent.prototype, 'detail');
tag(CustomEvent, 'CustomEvent');

// --- Targets -----------------------------------------------------------------------------------------------------------

const defaultMaxListeners = () => require('events').defaultMaxListeners;
/** Internals of a target, for this file's functions; set by EventTarget's static block. */
let tableOf;
let limits;

class EventTarget {
    /** type → records; made with the first listener. */
    #listeners = undefined;
    #maxListeners = undefined;

    static {
        tableOf = (target, make) => {
            if (make && target.#listeners === undefined) target.#listeners = new SafeMap();
            return target.#listeners;
        };
        limits = {
            get: (target) => target.#maxListeners ?? defaultMaxListeners(),
            set(target, n) { target.#maxListeners = n; },
            is: (value) => typeof value === 'object' && value !== null && #listeners in value,
        };
    }

    addEventListener(type, listener, options = undefined) {
        checkTarget(this);
        if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
        const { capture, once, passive, signal, nodeStyle, resist } = readOptions(options);
        validateAbortSignal(signal, 'options.signal');
        if (!isListener(listener)) {
            // Web IDL lets null pass; it is nearly always a mistake, so say so.
            const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
            warning.name = 'AddEventListenerArgumentTypeWarning';
            warning.target = this;
            warning.type = type;
            require('process').emitWarning(warning);
            return;
        }
        type = `${type}`;
        const table = tableOf(this, true);
        let list = table.get(type);
        if (list === undefined) table.set(type, list = []);
        for (let i = 0; i < list.length; i++) {
            if (list[i].listener === listener && list[i].capture === capture) return;
        }
        if (signal) {
            if (signal.aborted) return;
            signal.addEventListener('abort', () => this.removeEventListener(type, listener, options), {
                __proto__: null, once: true, [kResistStopPropagation]: true,
            });
        }
        ArrayPrototypePush(list, { listener, capture, once, passive, nodeStyle, resist, removed: false });
        const limit = limits.get(this);
        if (limit > 0 && list.length > limit && !list.warned) {
            list.warned = true;
            require('internal/listener_leak')('EventTarget', 'target', this, type, list.length, limit);
        }
        this[kListenersChanged](type, list.length);
    }

    removeEventListener(type, listener, options = undefined) {
        checkTarget(this);
        if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
        if (!isListener(listener)) return;
        type = `${type}`;
        const capture = typeof options === 'boolean' ? options : !!options?.capture;
        const list = tableOf(this, false)?.get(type);
        if (list === undefined) return;
        for (let i = 0; i < list.length; i++) {
            if (list[i].listener === listener && list[i].capture === capture) return void removeRecord(this, type, list[i]);
        }
    }

    dispatchEvent(event) {
        checkTarget(this);
        if (arguments.length < 1) throw new ERR_MISSING_ARGS('event');
        if (!eventState.is(event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
        if (eventState.has(event, dispatching)) throw new ERR_EVENT_RECURSION(event.type);
        dispatch(this, event.type, event, event);
        return !event.defaultPrevented;
    }

    /** Called after a type's number of listeners has changed. */
    [kListenersChanged]() {}
    /** Makes the event that web listeners get when `emit` was called with a plain value. */
    [kCreateEvent](value, type) { return new CustomEvent(type, { detail: value }); }

    [kInspect](depth, options) {
        checkTarget(this);
        const { name } = this.constructor;
        if (depth < 0) return name;
        const { inspect } = require('internal/util/inspect');
        return `${name} ${inspect({}, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`;
    }
}
enumerable(EventTarget.prototype, 'addEventListener', 'removeEventListener', 'dispatchEvent');
tag(EventTarget, 'EventTarget');

function checkTarget(target) {
    if (!limits.is(target)) throw new ERR_INVALID_THIS('EventTarget');
}

function isListener(listener) {
    if (typeof listener === 'function' || (typeof listener === 'object' && listener !== null)) return true;
    if (listener == null) return false;
    throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function readOptions(options) {
    if (options === undefined || options === null) options = {};
    if (typeof options === 'boolean') options = { capture: options };
    validateObject(options, 'options', kValidateObjectAllowObjects);
    return {
        capture: !!options.capture,
        once: !!options.once,
        passive: !!options.passive,
        signal: options.signal,
        nodeStyle: options[kNodeStyle] === true,
        resist: options[kResistStopPropagation] === true,
    };
}

function removeRecord(target, type, record) {
    const table = tableOf(target, false);
    const list = table.get(type);
    const rest = [];
    for (let i = 0; i < list.length; i++) if (list[i] !== record) ArrayPrototypePush(rest, list[i]);
    record.removed = true;
    if (rest.length === 0) table.delete(type);
    else {
        rest.warned = list.warned;
        table.set(type, rest);
    }
    target[kListenersChanged](type, rest.length);
}

/**
 * Calls the listeners of `type`: those of an emitter's kind with `value`, the others with `event`, which is made when the
 * first of them comes if it is undefined.
 */
function dispatch(target, type, value, event) {
    const list = tableOf(target, false)?.get(type);
    if (event !== undefined) eventState.begin(event, target);
    if (list !== undefined) {
        for (let i = 0, { length } = list; i < length; i++) {
            const record = list[i];
            if (record.removed) continue;
            if (event !== undefined && !record.resist && eventState.has(event, stopped)) continue;
            if (!record.nodeStyle && event === undefined) {
                event = target[kCreateEvent](value, type);
                eventState.begin(event, target);
            }
            if (record.once) removeRecord(target, type, record);
            try {
                const { listener } = record;
                const argument = record.nodeStyle ? value : event;
                let result;
                if (typeof listener === 'function') result = ReflectApply(listener, target, [argument]);
                else if (typeof listener.handleEvent === 'function') result = listener.handleEvent(argument);
                if (result !== undefined && result !== null) reportRejection(result);
            } catch (error) {
                reportLater(error);
            }
        }
    }
    if (event !== undefined) eventState.end(event);
}

function reportRejection(result) {
    const { then } = result;
    if (typeof then === 'function') FunctionPrototypeCall(then, result, undefined, reportLater);
}
/** What a listener throws is an uncaught exception; the other listeners still run. */
function reportLater(error) {
    require('process').nextTick(() => { throw error; });
}

const isEventTarget = (value) => limits.is(value);

function listenersOf(target, type) {
    const list = tableOf(target, false)?.get(`${type}`) ?? [];
    const result = [];
    for (let i = 0; i < list.length; i++) ArrayPrototypePush(result, list[i].listener);
    return result;
}

/** The methods of an EventEmitter on an EventTarget; their listeners get the bare value. */
class NodeEventTarget extends EventTarget {
    // The implied constructor would spread its arguments, through an iterator that can be patched.
    constructor() { super(); }
    setMaxListeners(n) {
        validateNumber(n, 'setMaxListeners', 0);
        limits.set(this, n);
    }
    getMaxListeners() { return limits.get(this); }
    eventNames() {
        const names = [];
        tableOf(this, false)?.forEach((_, type) => ArrayPrototypePush(names, type));
        return names;
    }
    listenerCount(type) { return tableOf(this, false)?.get(String(type))?.length ?? 0; }
    on(type, listener, options = undefined) { return addNodeStyle(this, type, listener, options, false); }
    addListener(type, listener, options = undefined) { return addNodeStyle(this, type, listener, options, false); }
    once(type, listener, options = undefined) { return addNodeStyle(this, type, listener, options, true); }
    off(type, listener, options = undefined) {
        this.removeEventListener(type, listener, options);
        return this;
    }
    removeListener(type, listener, options = undefined) { return this.off(type, listener, options); }
    emit(type, value) {
        validateString(type, 'type');
        const had = this.listenerCount(type) > 0;
        dispatch(this, type, value, undefined);
        return had;
    }
    removeAllListeners(type) {
        const types = type === undefined ? this.eventNames() : [`${type}`];
        for (let i = 0; i < types.length; i++) {
            const list = tableOf(this, false)?.get(types[i]);
            if (list === undefined) continue;
            for (let j = 0; j < list.length; j++) list[j].removed = true;
            tableOf(this, false).delete(types[i]);
            this[kListenersChanged](types[i], 0);
        }
        return this;
    }
}
enumerable(
    NodeEventTarget.prototype, 'setMaxListeners', 'getMaxListeners', 'eventNames', 'listenerCount', 'off', 'removeListener', 'on',
    'addListener', 'emit', 'once', 'removeAllListeners');

function addNodeStyle(target, type, listener, options, once) {
    target.addEventListener(type, listener, { ...options, ...(once ? { once } : undefined), [kNodeStyle]: true });
    return target;
}

/** Defines the attribute `onX`: a listener that keeps its place in the list when another function is assigned. */
function defineEventHandler(prototype, type) {
    const handlers = new SafeWeakMap();
    const name = `on${type}`;
    const accessors = {
        __proto__: null,
        get() { return handlers.get(this)?.handler ?? null; },
        set(value) {
            const wrapper = handlers.get(this);
            if (typeof value !== 'function') {
                if (wrapper === undefined) return;
                handlers.delete(this);
                this.removeEventListener(type, wrapper);
            } else if (wrapper !== undefined) wrapper.handler = value;
            else {
                const wrapped = function (event) { return ReflectApply(wrapped.handler, this, [event]); };
                wrapped.handler = value;
                handlers.set(this, wrapped);
                this.addEventListener(type, wrapped);
            }
        },
    };
    ObjectDefineProperties(accessors.get, { name: { __proto__: null, value: `get ${name}` } });
    ObjectDefineProperties(accessors.set, { name: { __proto__: null, value: `set ${name}` } });
    ObjectDefineProperty(prototype, name, { __proto__: null, ...accessors, configurable: true, enumerable: true });
}

module.exports = {
    CustomEvent,
    Event,
    EventTarget,
    NodeEventTarget,
    defineEventHandler,
    dispatch,
    isEventTarget,
    kCreateEvent,
    kListenersChanged,
    kResistStopPropagation,
    kTrusted,
    listenersOf,
    maxListenersOf: (target) => limits.get(target),
    setMaxListenersOf: (target, n) => limits.set(target, n),
};
