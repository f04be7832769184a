// What the web streams have in common: promises, queues with sizes, strategies, and the callbacks that programs give.
// The algorithms are those of the Streams Standard (https://streams.spec.whatwg.org); names follow it.

const {
    ArrayPrototypeSlice, Number, NumberIsFinite, NumberIsNaN, ObjectDefineProperties, ObjectDefineProperty, Promise,
    PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, SymbolFor, SymbolToStringTag,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS } } = require('internal/errors');
const { validateFunction } = require('internal/validators');

const noop = () => {};
const kInspect = SymbolFor('nodejs.util.inspect.custom');

/** A promise and the functions that settle it. */
function deferred() {
    const result = { __proto__: null, promise: undefined, resolve: undefined, reject: undefined };
    result.promise = new Promise((resolve, reject) => {
        result.resolve = resolve;
        result.reject = reject;
    });
    return result;
}
function resolved(value) {
    return { __proto__: null, promise: PromiseResolve(value), resolve: undefined, reject: undefined };
}
function rejected(error) {
    return { __proto__: null, promise: ignoreRejection(PromiseReject(error)), resolve: undefined, reject: undefined };
}
/** When a stream is over, for who asks: it is in `state` now. */
function overFor(state, storedError) {
    return state === 'closed' ? resolved() : state === 'errored' ? rejected(storedError) : deferred();
}
/** Nobody need listen to it. */
function ignoreRejection(promise) {
    PromisePrototypeThen(promise, undefined, noop);
    return promise;
}

/** Dictionaries of options: undefined and null stand for none. */
function dictionary(value, name) {
    if (value === undefined || value === null) return { __proto__: null };
    if (typeof value !== 'object' && typeof value !== 'function') throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
    return value;
}

/** A method of what the program gave, as a function that gives a promise; `fallback` where there is none. */
function promised(owner, method, name, fallback = () => PromiseResolve()) {
    if (method === undefined) return fallback;
    validateFunction(method, name);
    return (...args) => {
        try {
            return PromiseResolve(ReflectApply(method, owner, args));
        } catch (error) {
            return PromiseReject(error);
        }
    };
}

// --- Strategies --------------------------------------------------------------------------------------------------------

function highWaterMarkOf(strategy, fallback) {
    const { highWaterMark } = strategy;
    if (highWaterMark === undefined) return fallback;
    const value = Number(highWaterMark);
    if (typeof highWaterMark === 'symbol' || NumberIsNaN(value) || value < 0) {
        throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.highWaterMark', highWaterMark);
    }
    return value;
}
const one = () => 1;
function sizeOf(strategy) {
    const { size } = strategy;
    if (size === undefined) return one;
    if (typeof size !== 'function') throw new ERR_INVALID_ARG_TYPE('strategy.size', 'Function', size);
    return (chunk) => ReflectApply(size, undefined, [chunk]);
}

// --- Queues with sizes -------------------------------------------------------------------------------------------------

class Queue {
    items = [];
    head = 0;
    size = 0;

    get length() { return this.items.length - this.head; }
    push(value, size) {
        size = Number(size);
        if (NumberIsNaN(size) || size < 0 || !NumberIsFinite(size)) throw new ERR_INVALID_ARG_VALUE.RangeError('size', size);
        this.items[this.items.length] = { value, size };
        this.size += size;
    }
    peek() { return this.items[this.head].value; }
    shift() {
        const { value, size } = this.items[this.head];
        this.items[this.head++] = undefined;
        if (this.head === this.items.length) this.reset(this.size - size);
        else {
            this.size -= size;
            if (this.head > 1024) {
                this.items = ArrayPrototypeSlice(this.items, this.head);
                this.head = 0;
            }
        }
        // Sums of fractions may go wrong by a little.
        if (this.size < 0) this.size = 0;
        return value;
    }
    reset(size = 0) {
        this.items = [];
        this.head = 0;
        this.size = size;
    }
}

// --- Classes -----------------------------------------------------------------------------------------------------------

/** Gives a class what Web IDL gives it: enumerable members, a tag, and a way to be printed. */
function expose(constructor, members, shown) {
    const properties = { __proto__: null };
    for (let i = 0; i < members.length; i++) properties[members[i]] = { __proto__: null, enumerable: true };
    properties[SymbolToStringTag] = { __proto__: null, configurable: true, value: constructor.name };
    properties[kInspect] = {
        __proto__: null,
        configurable: true,
        value(depth, options, inspect) {
            if (depth !== null && depth < 0) return `${constructor.name} [Object]`;
            const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
            return `${constructor.name} ${inspect(shown(this), inner)}`;
        },
        writable: true,
    };
    ObjectDefineProperties(constructor.prototype, properties);
}
/** Static members are enumerable too. */
function exposeStatic(constructor, name) {
    ObjectDefineProperty(constructor, name, { __proto__: null, enumerable: true });
}
function check(is, name) {
    if (!is) throw new ERR_INVALID_THIS(name);
}

module.exports = {
    Queue,
    check,
    deferred,
    dictionary,
    expose,
    exposeStatic,
    highWaterMarkOf,
    ignoreRejection,
    noop,
    overFor,
    promised,
    rejected,
    resolved,
    sizeOf,
};
