// node:async_hooks: AsyncLocalStorage and AsyncResource over internal/async_context. createHook tells of AsyncResources;
// there are no hooks for promises in the engine.

const {
    ArrayPrototypeFilter, ArrayPrototypePush, ArrayPrototypeSlice, NumberIsSafeInteger, ObjectDefineProperty, ObjectFreeze,
    ReflectApply, SafeFinalizationRegistry,
} = primordials;
const {
    codes: { ERR_ASYNC_CALLBACK, ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID },
} = require('internal/errors');
const { validateFunction, validateObject, validateString } = require('internal/validators');
const context = require('internal/async_context');

// --- AsyncLocalStorage -------------------------------------------------------------------------------------------------

/**
 * A frame is a chain of entries `{storage, value, next}`, one for each storage that has a value. Frames are shared by whoever
 * was queued in them and never change.
 */
function frameWith(storage, value) {
    return { storage, value, next: frameWithout(context.current, storage) };
}
function frameWithout(frame, storage) {
    if (frame === undefined) return undefined;
    if (frame.storage === storage) return frame.next;
    const next = frameWithout(frame.next, storage);
    return next === frame.next ? frame : { storage: frame.storage, value: frame.value, next };
}

class AsyncLocalStorage {
    #defaultValue;
    #name;

    constructor(options = {}) {
        validateObject(options, 'options');
        this.#defaultValue = options.defaultValue;
        if (options.name !== undefined) this.#name = `${options.name}`;
        context.activate();
    }

    /** A function that runs `fn` in the context of this call. */
    static bind(fn) {
        validateFunction(fn, 'fn');
        return context.bind(fn);
    }
    /** A function that runs what it is given in the context of this call. */
    static snapshot() {
        return context.bind((fn, ...args) => ReflectApply(fn, undefined, args));
    }

    get name() { return this.#name ?? ''; }

    getStore() {
        for (let frame = context.current; frame !== undefined; frame = frame.next) {
            if (frame.storage === this) return frame.value;
        }
        return this.#defaultValue;
    }
    run(store, callback, ...args) { return context.run(frameWith(this, store), callback, undefined, args); }
    exit(callback, ...args) { return context.run(frameWithout(context.current, this), callback, undefined, args); }
    enterWith(store) { context.current = frameWith(this, store); }
    disable() { context.current = frameWithout(context.current, this); }
}

// --- Resources and their ids -------------------------------------------------------------------------------------------

let lastId = 1;
/** Ids of the resources whose callbacks run now, innermost last; the program itself is 1, triggered by nothing. */
let executionId = 1;
let triggerId = 0;
let executionResource = {};
let hooks = [];

function tell(name, ...args) {
    for (let i = 0, list = hooks; i < list.length; i++) {
        if (list[i][name] !== undefined) ReflectApply(list[i][name], undefined, args);
    }
}

const destroyed = new SafeFinalizationRegistry((state) => destroy(state));
function destroy(state) {
    if (state.destroyed) return;
    state.destroyed = true;
    tell('destroy', state.id);
}

class AsyncResource {
    #state;
    #trigger;
    #frame = context.current;

    constructor(type, options = {}) {
        validateString(type, 'type');
        let triggerAsyncId = executionId;
        let requireManualDestroy = false;
        if (typeof options === 'number') triggerAsyncId = options;
        else {
            if (options.triggerAsyncId !== undefined) ({ triggerAsyncId } = options);
            requireManualDestroy = !!options.requireManualDestroy;
        }
        if (!NumberIsSafeInteger(triggerAsyncId) || triggerAsyncId < -1) {
            throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerAsyncId);
        }
        this.#state = { id: ++lastId, destroyed: false };
        this.#trigger = triggerAsyncId;
        if (hooks.length === 0) return;
        if (type.length === 0) throw new ERR_ASYNC_TYPE(type);
        tell('init', this.#state.id, type, triggerAsyncId, this);
        if (!requireManualDestroy) destroyed.register(this, this.#state, this);
    }

    runInAsyncScope(fn, thisArg, ...args) { return this.#run(fn, thisArg, args); }
    #run(fn, thisArg, args) {
        const outer = { executionId, executionResource, triggerId };
        executionId = this.#state.id;
        triggerId = this.#trigger;
        executionResource = this;
        tell('before', executionId);
        try {
            return context.run(this.#frame, fn, thisArg, args);
        } finally {
            tell('after', this.#state.id);
            ({ executionId, executionResource, triggerId } = outer);
        }
    }

    emitDestroy() {
        destroyed.unregister(this);
        destroy(this.#state);
        return this;
    }
    asyncId() { return this.#state.id; }
    triggerAsyncId() { return this.#trigger; }

    bind(fn, thisArg) {
        validateFunction(fn, 'fn');
        const resource = this;
        const bound = function (...args) {
            return resource.#run(fn, thisArg === undefined ? this : thisArg, args);
        };
        ObjectDefineProperty(bound, 'length', {
            __proto__: null, configurable: true, enumerable: false, value: fn.length, writable: false,
        });
        return bound;
    }
    static bind(fn, type, thisArg) {
        return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
    }
}

class AsyncHook {
    #callbacks;
    constructor(callbacks) { this.#callbacks = callbacks; }
    enable() {
        this.disable();
        // A new list, so that one that is being walked stays as it was.
        const list = ArrayPrototypeSlice(hooks);
        ArrayPrototypePush(list, this.#callbacks);
        hooks = list;
        return this;
    }
    disable() {
        hooks = ArrayPrototypeFilter(hooks, (callbacks) => callbacks !== this.#callbacks);
        return this;
    }
}

function createHook(callbacks) {
    validateObject(callbacks, 'callbacks');
    const { init, before, after, destroy: onDestroy, promiseResolve } = callbacks;
    checkHook(init, 'init');
    checkHook(before, 'before');
    checkHook(after, 'after');
    checkHook(onDestroy, 'destroy');
    checkHook(promiseResolve, 'promiseResolve');
    return new AsyncHook({ __proto__: null, init, before, after, destroy: onDestroy });
}
function checkHook(callback, name) {
    if (callback !== undefined && typeof callback !== 'function') throw new ERR_ASYNC_CALLBACK(`hook.${name}`);
}

module.exports = {
    AsyncLocalStorage,
    createHook,
    executionAsyncId: () => executionId,
    triggerAsyncId: () => triggerId,
    executionAsyncResource: () => executionResource,
    asyncWrapProviders: ObjectFreeze({ __proto__: null, NONE: 0 }),
    AsyncResource,
};
