// Mocks of node:test: functions that record their calls, in place of others or for themselves.

const {
    ArrayPrototypePush, ArrayPrototypeSlice, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, Proxy,
    ReflectApply, ReflectConstruct, SafeMap,
} = primordials;
const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateFunction, validateInteger, validateObject } = require('internal/validators');

/** What a mocked function tells of itself, as its `mock`. */
class MockFunctionContext {
    #calls = [];
    #implementation;
    #original;
    #once = new SafeMap();
    #times;
    #restore;

    constructor(original, implementation, times, restore) {
        this.#original = original;
        this.#implementation = implementation;
        this.#times = times;
        this.#restore = restore;
    }

    /** Of each call: `arguments`, `error`, `result`, `stack`, `target`, `this`. */
    get calls() { return ArrayPrototypeSlice(this.#calls); }
    callCount() { return this.#calls.length; }

    mockImplementation(implementation) {
        validateFunction(implementation, 'implementation');
        this.#implementation = implementation;
    }

    mockImplementationOnce(implementation, onCall = this.#calls.length) {
        validateFunction(implementation, 'implementation');
        validateInteger(onCall, 'onCall', this.#calls.length);
        this.#once.set(onCall, implementation);
    }

    resetCalls() { this.#calls = []; }

    /** Puts what was there back; the mocked function goes on recording. */
    restore() {
        this.#restore?.();
        this.#restore = undefined;
        this.#implementation = this.#original;
    }

    static {
        module.exports.record = (context, target, self, args, isConstruction) => {
            const index = context.#calls.length;
            const implementation = context.#once.get(index) ?? context.#implementation;
            context.#once.delete(index);
            const call = {
                arguments: args, error: undefined, result: undefined, stack: new primordials.Error(), target, this: self,
            };
            try {
                call.result = isConstruction ? ReflectConstruct(implementation, args, target) : ReflectApply(implementation, self, args);
                if (isConstruction) call.this = call.result;
                return call.result;
            } catch (error) {
                call.error = error;
                throw error;
            } finally {
                ArrayPrototypePush(context.#calls, call);
                if (context.#calls.length === context.#times) context.restore();
            }
        };
    }
}

function mockFunction(original, implementation, times, restore) {
    const context = new MockFunctionContext(original, implementation, times, restore);
    const { record } = module.exports;
    const mocked = new Proxy(original, {
        __proto__: null,
        apply(target, self, args) { return record(context, undefined, self, args, false); },
        construct(target, args, newTarget) { return record(context, newTarget, undefined, args, true); },
        get(target, key, receiver) { return key === 'mock' ? context : primordials.ReflectGet(target, key, receiver); },
    });
    return { context, mocked };
}

class MockTracker {
    #contexts = [];
    #timers;

    fn(original = () => {}, implementation = original, options = {}) {
        if (original !== null && typeof original === 'object') {
            options = original;
            original = () => {};
            implementation = original;
        } else if (implementation !== null && typeof implementation === 'object') {
            options = implementation;
            implementation = original;
        }
        validateFunction(original, 'original');
        validateFunction(implementation, 'implementation');
        const { context, mocked } = mockFunction(original, implementation, timesOf(options), undefined);
        ArrayPrototypePush(this.#contexts, context);
        return mocked;
    }

    method(object, name, implementation, options = {}) {
        if (implementation !== null && typeof implementation === 'object') {
            options = implementation;
            implementation = undefined;
        }
        validateObject(options, 'options');
        if (object === null || (typeof object !== 'object' && typeof object !== 'function')) validateObject(object, 'object');
        const { getter = false, setter = false } = options;
        if (getter && setter) throw new ERR_INVALID_ARG_VALUE('options.setter', setter, 'cannot be used with \'options.getter\'');
        const kind = getter ? 'get' : setter ? 'set' : 'value';
        const { descriptor, owner } = find(object, name);
        const original = descriptor?.[kind];
        if (typeof original !== 'function') throw new ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
        const restore = () => {
            if (owner === object) ObjectDefineProperty(object, name, descriptor);
            else delete object[name];
        };
        const { context, mocked } = mockFunction(original, implementation ?? original, timesOf(options), restore);
        const replaced = { __proto__: null, configurable: true, enumerable: descriptor.enumerable };
        if (kind === 'value') {
            replaced.value = mocked;
            replaced.writable = descriptor.writable;
        } else {
            replaced.get = kind === 'get' ? mocked : descriptor.get;
            replaced.set = kind === 'set' ? mocked : descriptor.set;
        }
        ObjectDefineProperty(object, name, replaced);
        ArrayPrototypePush(this.#contexts, context);
        return mocked;
    }

    getter(object, name, implementation, options = {}) {
        const { more, own } = split(implementation, options);
        return this.method(object, name, own, { ...more, getter: true });
    }

    setter(object, name, implementation, options = {}) {
        const { more, own } = split(implementation, options);
        return this.method(object, name, own, { ...more, setter: true });
    }

    get timers() { return this.#timers ??= new (require('internal/test/mock_timers').MockTimers)(); }

    /** Restores everything, and forgets what it has mocked. */
    reset() {
        this.restoreAll();
        this.#contexts = [];
    }

    restoreAll() {
        this.#timers?.reset();
        for (let i = this.#contexts.length - 1; i >= 0; i--) this.#contexts[i].restore();
    }
}

const split = (implementation, options) => (
    implementation !== null && typeof implementation === 'object' ? { more: implementation, own: undefined } :
        { more: options, own: implementation });

function timesOf(options) {
    validateObject(options, 'options');
    if (options.times === undefined) return Infinity;
    validateInteger(options.times, 'options.times', 1);
    return options.times;
}

function find(object, name) {
    for (let owner = object; owner !== null && owner !== undefined; owner = ObjectGetPrototypeOf(owner)) {
        const descriptor = ObjectGetOwnPropertyDescriptor(owner, name);
        if (descriptor !== undefined) return { descriptor, owner };
    }
    return { descriptor: undefined, owner: undefined };
}

module.exports.MockTracker = MockTracker;
