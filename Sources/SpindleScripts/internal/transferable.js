// The built-in objects that can be cloned or transferred beside what the language has: a class registers a type once and
// each of its objects under it; `internal/clone` asks here. A type is an object of functions, all internal:
//
//   name                 where `load` finds the module that registers it, and what a message says
//   clone(object)        → a cloneable state; absent if the type can only be transferred
//   restore(state)       → an object equal to the one cloned
//   transfer(object)     → a handle of the host, the object is dead from now on; absent if the type can only be cloned
//   receive(handle)      → the object at the other end
//   detached(object)     → true if there is nothing left to transfer
//
// The marks of `markAsUntransferable` and `markAsUncloneable` are kept here too.

const { SafeMap, SafeWeakMap, SafeWeakSet } = primordials;

const types = new SafeMap();
const typeOfObject = new SafeWeakMap();

/** The modules that register a type when they are first needed: a message can be the first to mention one. */
const homes = {
    __proto__: null,
    Blob: 'internal/blob',
    BlockList: 'internal/blocklist',
    DOMException: 'internal/clone/values',
    File: 'internal/blob',
    FileHandle: 'internal/fs/file_handle',
    Histogram: 'internal/histogram',
    KeyObject: 'internal/crypto/keys',
    MessagePort: 'internal/worker/port',
    SocketAddress: 'internal/blocklist',
    X509Certificate: 'internal/crypto/x509',
};

function defineType(type) {
    types.set(type.name, type);
    return type;
}

/** From now on `object` is cloned and transferred as `type` says. */
function register(object, type) {
    typeOfObject.set(object, type);
    return object;
}

const typeOf = (object) => typeOfObject.get(object);

/** The type called `name`, or undefined: the name may come from a hostile message. */
function load(name) {
    if (!types.has(name) && homes[name] !== undefined) require(homes[name]);
    return types.get(name);
}

/** Buffers over memory that other threads see; to the engine they are like any other. */
const sharedBuffers = new SafeWeakSet();
const brandAsShared = (buffer) => sharedBuffers.add(buffer);
const isShared = (value) => isObject(value) && sharedBuffers.has(value);

const untransferable = new SafeWeakSet();
const uncloneable = new SafeWeakSet();
const marks = { __proto__: null, any: false };

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

function markAsUntransferable(value) {
    if (isObject(value)) untransferable.add(value);
}

function isMarkedAsUntransferable(value) {
    return isObject(value) && untransferable.has(value);
}

function markAsUncloneable(value) {
    if (!isObject(value)) return;
    uncloneable.add(value);
    marks.any = true;
}

/** Asked for each object of a clone, hence the shortcut for a program that marked none. */
function isMarkedAsUncloneable(object) {
    return marks.any && uncloneable.has(object);
}

module.exports = {
    brandAsShared, defineType, isMarkedAsUncloneable, isMarkedAsUntransferable, isShared, load, markAsUncloneable,
    markAsUntransferable, register, typeOf,
};
