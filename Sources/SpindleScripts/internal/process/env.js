// process.env: strings only, whatever is assigned.

const { ArrayPrototypePush, ObjectDefineProperty, ObjectKeys, Proxy, ReflectGet, String, TypeError } = primordials;
const { codes: { ERR_INVALID_OBJECT_DEFINE_PROPERTY } } = require('internal/errors');
const host = binding('process');

function define(target, key, value) {
    ObjectDefineProperty(target, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}
function text(value) {
    if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    return String(value);
}

/** Puts a variable where it belongs; of another thread's environment once it is shared. */
let store = define;

const handler = {
    __proto__: null,
    set(target, key, value) {
        store(target, text(key), text(value));
        return true;
    },
    defineProperty(target, key, descriptor) {
        if ('get' in descriptor || 'set' in descriptor) {
            throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY('\'process.env\' does not accept an accessor(getter/setter) descriptor');
        }
        if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
            throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
                '\'process.env\' only accepts a configurable, writable, and enumerable data descriptor');
        }
        store(target, text(key), text(descriptor.value));
        return true;
    },
};

/** What the handler does besides for an environment that the host keeps for several threads. */
const shared = {
    __proto__: null,
    get(target, key) {
        const value = typeof key === 'string' ? host.sharedVariable(key) : undefined;
        return value ?? ReflectGet(target, key);
    },
    has: (target, key) => typeof key === 'string' && host.sharedVariable(key) !== undefined || key in target,
    deleteProperty(target, key) {
        if (typeof key === 'string') host.setSharedVariable(key, undefined);
        return true;
    },
    ownKeys: () => host.sharedNames(),
    getOwnPropertyDescriptor(target, key) {
        const value = typeof key === 'string' ? host.sharedVariable(key) : undefined;
        return value === undefined ? undefined : { __proto__: null, configurable: true, enumerable: true, value, writable: true };
    },
};
function useShared() {
    for (const name in shared) handler[name] = shared[name];
    store = (target, key, value) => host.setSharedVariable(key, value);
}

let own;
/** Lets other threads have this thread's environment in common with it. */
function share() {
    if (handler.get !== undefined) return;
    const list = [];
    const names = ObjectKeys(own);
    for (let i = 0; i < names.length; i++) {
        ArrayPrototypePush(list, names[i], own[names[i]]);
        delete own[names[i]];
    }
    host.shareEnvironment(list);
    useShared();
}

/** The environment of this thread. */
function makeEnv() {
    own = {};
    const variables = host.environment();
    if (variables === undefined) useShared();
    else for (let i = 0; i < variables.length; i += 2) define(own, variables[i], variables[i + 1]);
    return new Proxy(own, handler);
}

module.exports = { makeEnv, share };
