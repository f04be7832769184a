// process.env: strings only, whatever is assigned.

const {
    ArrayIsArray, ObjectDefineProperty, ObjectPrototypePropertyIsEnumerable, Proxy, ReflectOwnKeys, String, TypeError,
} = primordials;
const { codes: { ERR_INVALID_OBJECT_DEFINE_PROPERTY } } = require('internal/errors');

function define(target, key, value) {
    ObjectDefineProperty(target, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}
function text(value) {
    if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    return String(value);
}

const handler = {
    __proto__: null,
    set(target, key, value) {
        define(target, text(key), text(value));
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
        define(target, text(key), text(descriptor.value));
        return true;
    },
};

/** An environment of its own with the members of `source`, an object or a list that alternates names and values. */
function makeEnv(source) {
    const target = {};
    if (ArrayIsArray(source)) {
        for (let i = 0; i < source.length; i += 2) define(target, source[i], source[i + 1]);
    } else {
        const keys = ReflectOwnKeys(source);
        for (let i = 0; i < keys.length; i++) {
            const key = keys[i];
            if (typeof key === 'string' && ObjectPrototypePropertyIsEnumerable(source, key)) {
                define(target, key, text(source[key]));
            }
        }
    }
    return new Proxy(target, handler);
}

module.exports = { makeEnv };
