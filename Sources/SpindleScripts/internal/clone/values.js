// What the walkers of structured clone share: what an object is, what cannot be cloned and the words for it.

const {
    ArrayBuffer, ArrayBufferPrototypeGetByteLength, ArrayBufferPrototypeGetDetached, ArrayBufferPrototypeGetMaxByteLength,
    ArrayBufferPrototypeGetResizable, ArrayBufferPrototypeResize, ArrayPrototype, BigInt64Array, BigIntPrototypeValueOf,
    BigUint64Array, DataView, DataViewPrototypeGetBuffer, DataViewPrototypeGetByteLength, DataViewPrototypeGetByteOffset, Error, EvalError,
    Float16Array, Float32Array, Float64Array, FunctionPrototypeToString, Int16Array, Int32Array, Int8Array, ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, ObjectPrototype, ObjectSetPrototypeOf, RangeError, ReferenceError,
    ReflectOwnKeys, RegExpPrototypeGetDotAll, RegExpPrototypeGetGlobal,
    RegExpPrototypeGetHasIndices, RegExpPrototypeGetIgnoreCase, RegExpPrototypeGetMultiline, RegExpPrototypeGetSticky,
    RegExpPrototypeGetUnicode, RegExpPrototypeGetUnicodeSets, SymbolPrototypeToString, SymbolToStringTag, SyntaxError,
    TypeError, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeIncludes, TypedArrayPrototypeSet, URIError, Uint16Array,
    Uint32Array, Uint8Array, Uint8ClampedArray,
} = primordials;

const { normalize } = require('internal/stack');
const { defineType, isShared } = require('internal/transferable');
const host = binding('clone');

/** What `kind(object)` answers; the host reads it off the object, so neither a trap nor a changed prototype deceives it. */
const kinds = {
    __proto__: null,
    OTHER: 0, OBJECT: 1,
    /** An array as a literal makes it: no accessor, no property besides its items, the usual prototype. */
    ARRAY: 2,
    UNUSUAL_ARRAY: 3, PROXY: 4, DATE: 5, REGEXP: 6, MAP: 7, SET: 8, ERROR: 9, BUFFER: 10, SHARED: 11, VIEW: 12, BOOLEAN: 13,
    NUMBER: 14, STRING: 15,
};

function kind(object) {
    const which = host.kind(object);
    return which === kinds.BUFFER && isShared(object) ? kinds.SHARED : which;
}

/** Deeper levels are put off until the shallower ones are done, so that depth costs memory and never the stack. */
const MAXIMUM_DEPTH = 256;

// MARK: Errors

function dataCloneError(message) {
    const { DOMException } = require('internal/dom_exception');
    return new DOMException(message, 'DataCloneError');
}

const notCloneable = (value) => dataCloneError(`${describe(value)} could not be cloned.`);
const detachedBuffer = () => dataCloneError('An ArrayBuffer is detached and could not be cloned.');

/** The value of a data property of `object` or of what it inherits from; runs no code of the guest. */
function peek(object, key) {
    const { getProxyDetails } = binding('util');
    for (let at = object; at !== null; at = ObjectGetPrototypeOf(at)) {
        if (getProxyDetails(at) !== undefined) return undefined;
        const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
        if (descriptor !== undefined) return descriptor.value;
    }
    return undefined;
}

/** How a message names a value. */
function describe(value) {
    const { getProxyDetails } = binding('util');
    while (value !== null && (typeof value === 'object' || typeof value === 'function')) {
        const details = getProxyDetails(value);
        if (details === undefined) break;
        value = details[0];
    }
    if (typeof value === 'symbol') return SymbolPrototypeToString(value);
    if (typeof value === 'function') return FunctionPrototypeToString(value);
    if (typeof value !== 'object' || value === null) return `${value}`;
    if (peek(value, 'toString') === ObjectPrototype.toString) {
        const constructor = peek(value, 'constructor');
        const name = typeof constructor === 'function' ? peek(constructor, 'name') : undefined;
        if (typeof name === 'string' && name !== '') return `#<${name}>`;
    }
    const tag = peek(value, SymbolToStringTag);
    if (typeof tag === 'string') return `[object ${tag}]`;
    return kind(value) === kinds.UNUSUAL_ARRAY || kind(value) === kinds.ARRAY ? '[object Array]' : '[object Object]';
}

// MARK: Objects of the language

/** The value of a boxed BigInt, or undefined: the one box that `kind` does not tell. */
function unboxBigInt(object) {
    try {
        return BigIntPrototypeValueOf(object);
    } catch {
        return undefined;
    }
}

/** Asks each flag by itself: the getter `flags` would read properties that a guest can replace. */
function regExpFlags(value) {
    return (RegExpPrototypeGetHasIndices(value) ? 'd' : '') + (RegExpPrototypeGetGlobal(value) ? 'g' : '') +
        (RegExpPrototypeGetIgnoreCase(value) ? 'i' : '') + (RegExpPrototypeGetMultiline(value) ? 'm' : '') +
        (RegExpPrototypeGetDotAll(value) ? 's' : '') + (RegExpPrototypeGetUnicode(value) ? 'u' : '') +
        (RegExpPrototypeGetUnicodeSets(value) ? 'v' : '') + (RegExpPrototypeGetSticky(value) ? 'y' : '');
}

const errorNames = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];
const errorConstructors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

/** What is cloned of an error. `hasCause` tells an absent cause from an undefined one. */
function errorParts(value) {
    normalize(value);
    const name = `${value.name}`;
    let type = 0;
    while (type < errorNames.length && errorNames[type] !== name) type++;
    if (type === errorNames.length) type = 0;
    const message = ObjectGetOwnPropertyDescriptor(value, 'message');
    const cause = ObjectGetOwnPropertyDescriptor(value, 'cause');
    const stack = value.stack;
    return {
        type,
        message: message !== undefined && 'value' in message ? `${message.value}` : undefined,
        stack: typeof stack === 'string' ? stack : undefined,
        hasCause: cause !== undefined && 'value' in cause,
        cause: cause?.value,
    };
}

/** A DOMException is an error to the language, but clones as a whole. */
const domException = defineType({
    name: 'DOMException',
    clone: ({ name, message, stack }) => ({ name, message, stack }),
    restore: ({ name, message, stack }) => require('internal/dom_exception').revive(`${name}`, `${message}`, stack),
});
const isDOMException = (error) => require('internal/dom_exception').isDOMException(error);

function setHidden(object, key, value) {
    ObjectDefineProperty(object, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
}

function makeError(type, message, stack) {
    const Constructor = errorConstructors[type];
    const error = message === undefined ? new Constructor() : new Constructor(message);
    // Where this clone was made is of no interest.
    delete error.line;
    delete error.column;
    delete error.sourceURL;
    setHidden(error, 'stack', stack);
    return error;
}

// MARK: Buffers and views

const viewConstructors = [
    DataView, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
    Float64Array, BigInt64Array, BigUint64Array, Float16Array,
];
const viewNames = [
    undefined, 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
    'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Float16Array',
];
const elementSizes = [1, 1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2];

/** Whether the resizable buffer of a view has shrunk below it. Only a throw tells that from a view of length 0. */
function isOutOfBounds(view, isDataView) {
    try {
        if (isDataView) DataViewPrototypeGetByteLength(view);
        else TypedArrayPrototypeIncludes(view, 0);
        return false;
    } catch {
        return true;
    }
}

/**
 * Whether a view follows the length of its resizable buffer. The language does not tell, so the buffer is resized by
 * one element and back; nothing else can run meanwhile. `end` is where the view ends.
 */
function followsBuffer(view, buffer, size, end) {
    const isDataView = size === 0;
    const step = isDataView ? 1 : size;
    const byteLength = ArrayBufferPrototypeGetByteLength(buffer);
    if (end + step <= byteLength) return false;
    if (byteLength + step <= ArrayBufferPrototypeGetMaxByteLength(buffer)) {
        const count = () => isDataView ? DataViewPrototypeGetByteLength(view) : TypedArrayPrototypeGetLength(view);
        const before = count();
        ArrayBufferPrototypeResize(buffer, byteLength + step);
        const after = count();
        ArrayBufferPrototypeResize(buffer, byteLength);
        return after !== before;
    }
    if (byteLength < step) return true;
    const tail = new Uint8Array(step);
    TypedArrayPrototypeSet(tail, new Uint8Array(buffer, byteLength - step, step));
    ArrayBufferPrototypeResize(buffer, byteLength - step);
    const follows = !isOutOfBounds(view, isDataView);
    ArrayBufferPrototypeResize(buffer, byteLength);
    TypedArrayPrototypeSet(new Uint8Array(buffer, byteLength - step, step), tail);
    return follows;
}

/** A view in parts: `type` indexes `viewConstructors`; `length` counts elements, -1 if the view follows its buffer. */
function viewParts(view) {
    const name = TypedArrayPrototypeGetSymbolToStringTag(view);
    let type = 0;
    while (viewNames[type] !== name) type++;
    const isDataView = type === 0;
    const buffer = isDataView ? DataViewPrototypeGetBuffer(view) : TypedArrayPrototypeGetBuffer(view);
    const isOwned = kind(buffer) === kinds.BUFFER;
    if (isOwned && ArrayBufferPrototypeGetDetached(buffer)) throw detachedBuffer();
    const isResizable = isOwned && ArrayBufferPrototypeGetResizable(buffer);
    if (isResizable && isOutOfBounds(view, isDataView)) throw notCloneable(view);
    const byteOffset = isDataView ? DataViewPrototypeGetByteOffset(view) : TypedArrayPrototypeGetByteOffset(view);
    const length = isDataView ? DataViewPrototypeGetByteLength(view) : TypedArrayPrototypeGetLength(view);
    const size = isDataView ? 0 : elementSizes[type];
    const follows = isResizable && followsBuffer(view, buffer, size, byteOffset + length * (size || 1));
    return { type, buffer, byteOffset, length: follows ? -1 : length };
}

function makeView(type, buffer, byteOffset, length) {
    const Constructor = viewConstructors[type];
    return length < 0 ? new Constructor(buffer, byteOffset) : new Constructor(buffer, byteOffset, length);
}

/** A new buffer with the bytes of `buffer`, resizable as it is; `slice` would ask a species a guest can set. */
function copyBuffer(buffer, isForMessage) {
    if (ArrayBufferPrototypeGetDetached(buffer)) throw detachedBuffer();
    const byteLength = ArrayBufferPrototypeGetByteLength(buffer);
    let copy;
    if (ArrayBufferPrototypeGetResizable(buffer)) {
        copy = new ArrayBuffer(byteLength, { __proto__: null, maxByteLength: ArrayBufferPrototypeGetMaxByteLength(buffer) });
    } else {
        // Memory of the host's can go on to another engine as it is.
        copy = isForMessage ? host.allocate(byteLength) : new ArrayBuffer(byteLength);
    }
    TypedArrayPrototypeSet(new Uint8Array(copy), new Uint8Array(buffer));
    return copy;
}

/** Another object over the same shared memory. */
function shareBuffer(buffer) {
    const made = host.shareAgain(buffer);
    return made === buffer ? made : require('internal/worker/shared').present(made);
}

// MARK: Properties

/** A list whose items do not pass by setters a guest may have put on Array.prototype. */
const newList = () => ObjectSetPrototypeOf([], null);

/** Whether neither Array.prototype nor Object.prototype has a property that is an index: then arrays can be filled by assignment. */
function areIndicesTame() {
    if (ArrayPrototype.length !== 0) return false;
    const first = ReflectOwnKeys(ObjectPrototype)[0];
    return typeof first !== 'string' || !(first >= '0' && first <= ':');
}

/** Sets an own property whatever the prototype has of that name. */
function define(object, key, value) {
    ObjectDefineProperty(object, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

module.exports = {
    MAXIMUM_DEPTH, areIndicesTame, copyBuffer, dataCloneError, define, describe, detachedBuffer, domException, errorParts, isDOMException,
    kind, kinds, makeError, makeView, newList, notCloneable, regExpFlags, setHidden, shareBuffer, unboxBigInt, viewConstructors, viewParts,
};
