// What nobody caught in a worker, on its way to the parent: an error goes with all its members, which structured clone
// would leave behind, and what cannot be cloned goes as text.

const {
    ErrorIsError, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetOwnPropertyNames, ObjectGetPrototypeOf,
    ObjectPrototype, Symbol,
} = primordials;
const { normalize } = require('internal/stack');

const errorClasses = {
    __proto__: null,
    Error: primordials.Error, EvalError: primordials.EvalError, RangeError: primordials.RangeError,
    ReferenceError: primordials.ReferenceError, SyntaxError: primordials.SyntaxError, TypeError: primordials.TypeError,
    URIError: primordials.URIError,
};
/** Causes further down go as plain clones. */
const MAXIMUM_DEPTH = 8;

/** The name of the language's own class that the error's is, or comes from. */
function classNameOf(error) {
    for (let at = ObjectGetPrototypeOf(error); at !== null; at = ObjectGetPrototypeOf(at)) {
        for (const name in errorClasses) if (errorClasses[name].prototype === at) return name;
    }
    return 'Error';
}

/** Members of the error and of what it inherits from, without functions: keys, values and whether each is enumerable. */
function membersOf(error, depth) {
    const keys = [];
    const values = [];
    const areEnumerable = [];
    const indexes = { __proto__: null };
    for (let at = error; at !== null && at !== ObjectPrototype; at = ObjectGetPrototypeOf(at)) {
        const names = ObjectGetOwnPropertyNames(at);
        for (let i = 0; i < names.length; i++) {
            const key = names[i];
            // The engine's own notes of where the error was made.
            if (key in indexes || key === 'line' || key === 'column' || key === 'sourceURL') continue;
            const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
            let value;
            try {
                value = 'value' in descriptor ? descriptor.value : error[key];
            } catch {
                continue;
            }
            if (typeof value === 'function' || descriptor.get === undefined && !('value' in descriptor)) continue;
            const index = keys.length;
            indexes[key] = true;
            keys[index] = key;
            values[index] = key === 'cause' && ErrorIsError(value) && depth < MAXIMUM_DEPTH ? pack(value, depth + 1) : value;
            areEnumerable[index] = descriptor.enumerable;
        }
    }
    return { keys, values, areEnumerable };
}

/** A cloneable description of what was thrown. */
function pack(thrown, depth = 0) {
    if (typeof thrown === 'symbol') return { symbol: thrown.description };
    // A DOMException is cloned as a whole.
    if (!ErrorIsError(thrown) || require('internal/dom_exception').isDOMException(thrown)) return { value: thrown };
    normalize(thrown);
    return { name: classNameOf(thrown), ...membersOf(thrown, depth) };
}

/** What `pack` described. */
function unpack(packed) {
    if ('symbol' in packed) return Symbol(packed.symbol);
    if (!('name' in packed)) return packed.value;
    const { name, keys, values, areEnumerable } = packed;
    // A clone of an error is one to the engine, too; its own members give way to those that came.
    const error = new errorClasses[name]();
    const own = ObjectGetOwnPropertyNames(error);
    for (let i = 0; i < own.length; i++) delete error[own[i]];
    for (let i = 0; i < keys.length; i++) {
        const value = keys[i] === 'cause' && typeof values[i] === 'object' && values[i] !== null && 'areEnumerable' in values[i] ?
            unpack(values[i]) : values[i];
        ObjectDefineProperty(error, keys[i], {
            __proto__: null, configurable: true, enumerable: areEnumerable[i], value, writable: true,
        });
    }
    return error;
}

/** What was thrown as text, however hostile it is; undefined if nothing can be said about it. */
function textOf(thrown) {
    try {
        return require('internal/util/inspect').inspect(thrown);
    } catch {
        return undefined;
    }
}

/** Hands what was thrown to `send`, which throws at what cannot be cloned. */
function sendThrown(thrown, send) {
    const attempts = [
        () => pack(thrown), () => ({ value: thrown }),
        () => ({ value: textOf(thrown) ?? new (require('internal/errors').codes.ERR_WORKER_UNSERIALIZABLE_ERROR)() }),
    ];
    for (let i = 0; i < attempts.length; i++) {
        try {
            return send(attempts[i]());
        } catch (error) {
            if (i === attempts.length - 1) throw error;
        }
    }
    return undefined;
}

module.exports = { sendThrown, textOf, unpack };
