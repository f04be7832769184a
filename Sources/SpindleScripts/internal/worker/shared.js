// SharedArrayBuffer over the host's memory: the engine's own cannot be seen by a second engine, so one of the host is
// shown as an ArrayBuffer whose prototype says that it is shared. Atomics work on it as they are, except those that wait.

const {
    ArrayBuffer, ArrayBufferPrototypeGetByteLength, BigInt64Array, Int32Array, MathMax, MathMin, Number, ObjectDefineProperty,
    ObjectSetPrototypeOf, Promise, RangeError, SymbolSpecies,
    SymbolToStringTag, TypeError, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet, Uint8Array,
} = primordials;

const host = binding('memory');
const { brandAsShared, isShared } = require('internal/transferable');

function checkShared(value, name) {
    if (isShared(value)) return;
    throw new TypeError(`Method SharedArrayBuffer.prototype.${name} called on incompatible receiver ${typeof value}`);
}

class SharedArrayBuffer {
    constructor(length, options) {
        const size = toIndex(length);
        if (options?.maxByteLength !== undefined) {
            throw new RangeError('SharedArrayBuffer cannot be growable: the memory of other threads would not grow with it');
        }
        return present(host.allocateShared(size), new.target.prototype);
    }

    static get [SymbolSpecies]() { return this; }

    get byteLength() {
        checkShared(this, 'byteLength');
        return ArrayBufferPrototypeGetByteLength(this);
    }

    get growable() {
        checkShared(this, 'growable');
        return false;
    }

    get maxByteLength() {
        checkShared(this, 'maxByteLength');
        return ArrayBufferPrototypeGetByteLength(this);
    }

    grow() {
        checkShared(this, 'grow');
        throw new TypeError('SharedArrayBuffer is not growable');
    }

    slice(start = 0, end = undefined) {
        checkShared(this, 'slice');
        const length = ArrayBufferPrototypeGetByteLength(this);
        const from = relative(start, length);
        const to = end === undefined ? length : relative(end, length);
        const size = MathMax(0, to - from);
        const made = new SharedArrayBuffer(size);
        TypedArrayPrototypeSet(new Uint8Array(made), new Uint8Array(this, from, size));
        return made;
    }
}
ObjectDefineProperty(SharedArrayBuffer.prototype, SymbolToStringTag, {
    __proto__: null, configurable: true, value: 'SharedArrayBuffer',
});

function toIndex(value) {
    const number = Number(value);
    const index = number !== number ? 0 : number < 0 ? -(-number - (-number % 1)) : number - (number % 1);
    if (index < 0 || index > 2 ** 32) throw new RangeError('Invalid array buffer length');
    return index;
}

function relative(value, length) {
    let index = Number(value);
    if (index !== index) index = 0;
    index -= index % 1;
    return index < 0 ? MathMax(0, length + index) : MathMin(index, length);
}

/** Shows a buffer over shared memory of the host as a SharedArrayBuffer. */
function present(buffer, prototype = SharedArrayBuffer.prototype) {
    brandAsShared(buffer);
    return ObjectSetPrototypeOf(buffer, prototype);
}

// MARK: Waiting

/** The place that `Atomics.wait` and its like mean: the buffer, the offset in it and whether 64 bits count. */
function placeOf(view, index, mustBeShared) {
    const tag = TypedArrayPrototypeGetSymbolToStringTag(view);
    if (tag !== 'Int32Array' && tag !== 'BigInt64Array') {
        throw new TypeError('[object Array] is not an int32 or BigInt64 typed array.');
    }
    const buffer = TypedArrayPrototypeGetBuffer(view);
    const isSharedBuffer = isShared(buffer);
    if (mustBeShared && !isSharedBuffer) throw new TypeError('[object Int32Array] is not a shared typed array.');
    const at = toIndex(index);
    if (at >= TypedArrayPrototypeGetLength(view)) throw new RangeError('Invalid atomic access index');
    const is64 = tag === 'BigInt64Array';
    return { buffer, isSharedBuffer, is64, offset: TypedArrayPrototypeGetByteOffset(view) + at * (is64 ? 8 : 4) };
}

const cell = new ArrayBuffer(8);
const words = new Int32Array(cell);
const wide = new BigInt64Array(cell);
/** The two halves of what is expected there. */
function halvesOf(value, is64) {
    if (is64) wide[0] = value;
    else {
        words[0] = value;
        words[1] = 0;
    }
    return words;
}

function timeoutOf(value) {
    const timeout = value === undefined ? NaN : Number(value);
    return timeout !== timeout || timeout === Infinity ? -1 : MathMax(timeout, 0);
}

const outcomes = ['ok', 'not-equal', 'timed-out'];

function wait(view, index, value, timeout) {
    const { buffer, offset, is64 } = placeOf(view, index, true);
    const { 0: low, 1: high } = halvesOf(value, is64);
    return outcomes[host.wait(buffer, offset, is64, low, high, timeoutOf(timeout))];
}

function waitAsync(view, index, value, timeout) {
    const { buffer, offset, is64 } = placeOf(view, index, true);
    const { 0: low, 1: high } = halvesOf(value, is64);
    const time = timeoutOf(timeout);
    let settle;
    let timer;
    const promise = new Promise((resolve) => { settle = resolve; });
    const id = host.waitAsync(buffer, offset, is64, low, high, (code) => {
        if (timer !== undefined) clearTimeout(timer);
        settle(outcomes[code]);
    });
    if (id >= 0) return { async: false, value: outcomes[id] };
    if (time === 0) return { async: false, value: host.stopWaiting(id) ? 'timed-out' : 'ok' };
    const { clearTimeout, setTimeout } = require('timers');
    if (time > 0) timer = setTimeout(() => { if (host.stopWaiting(id)) settle('timed-out'); }, time);
    return { async: true, value: promise };
}

function notify(view, index, count) {
    const { buffer, offset, isSharedBuffer } = placeOf(view, index, false);
    const most = count === undefined ? -1 : MathMax(toIntegerOrInfinity(count), 0);
    return isSharedBuffer ? host.notify(buffer, offset, most === Infinity ? -1 : most) : 0;
}

function toIntegerOrInfinity(value) {
    const number = Number(value);
    return number !== number ? 0 : number === Infinity || number === -Infinity ? number : number - (number % 1);
}

module.exports = { SharedArrayBuffer, notify, present, wait, waitAsync };
