// Randomness.

const {
    ArrayBufferIsView, MathFloor, NumberIsSafeInteger, StringPrototypeSlice, TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet, Uint8Array,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateBoolean, validateFunction, validateNumber, validateObject } = require('internal/validators');
const { isAnyArrayBuffer } = require('internal/util/types');
const { host } = require('internal/crypto/bytes');

const kMost = 2 ** 31 - 1;
/** More than this `getRandomValues` does not give, as the specification says. */
const kQuota = 65536;

function checkSize(size, unit, offset, length) {
    validateNumber(size, 'size');
    size *= unit;
    if (!(size >= 0 && size <= kMost)) throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${kMost}`, size);
    if (size + offset > length) throw new ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, size + offset);
    return MathFloor(size);
}

function randomBytes(size, callback) {
    const count = checkSize(size, 1, 0, Infinity);
    if (callback !== undefined) validateFunction(callback, 'callback');
    const { Buffer } = require('buffer');
    if (callback === undefined) return Buffer.from(host.random(count));
    host.randomLater((buffer) => callback(null, Buffer.from(buffer)), count);
}

/** The bytes of `buffer` from `offset` on, `size` elements. */
function placeOf(buffer, offset, size) {
    if (!isAnyArrayBuffer(buffer) && !ArrayBufferIsView(buffer)) {
        throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
    }
    const unit = buffer.BYTES_PER_ELEMENT ?? 1;
    validateNumber(offset, 'offset');
    offset *= unit;
    if (!(offset >= 0 && offset <= buffer.byteLength)) throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${buffer.byteLength}`, offset);
    const count = size === undefined ? buffer.byteLength - offset : checkSize(size, unit, offset, buffer.byteLength);
    return isAnyArrayBuffer(buffer) ? new Uint8Array(buffer, offset, count) :
        new Uint8Array(buffer.buffer, buffer.byteOffset + offset, count);
}

function randomFillSync(buffer, offset = 0, size) {
    const place = placeOf(buffer, offset, size);
    TypedArrayPrototypeSet(place, new Uint8Array(host.random(place.length)));
    return buffer;
}

function randomFill(buffer, offset, size, callback) {
    if (typeof offset === 'function') {
        callback = offset;
        offset = 0;
        size = undefined;
    } else if (typeof size === 'function') {
        callback = size;
        size = undefined;
    }
    validateFunction(callback, 'callback');
    const place = placeOf(buffer, offset, size);
    host.randomLater((random) => {
        TypedArrayPrototypeSet(place, new Uint8Array(random));
        callback(null, buffer);
    }, place.length);
}

/** A number of 48 bits. */
function wideNumber() {
    const bytes = new Uint8Array(host.random(6));
    let number = 0;
    for (let i = 0; i < 6; i++) number = number * 256 + bytes[i];
    return number;
}

function randomInt(min, max, callback) {
    if (max === undefined || typeof max === 'function') {
        callback = max;
        max = min;
        min = 0;
    }
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (!NumberIsSafeInteger(min)) throw new ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
    if (!NumberIsSafeInteger(max)) throw new ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
    if (max <= min) throw new ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
    const range = max - min;
    const most = 2 ** 48;
    if (!(range < most)) throw new ERR_OUT_OF_RANGE(min === 0 ? 'max' : 'max - min', `<= ${most - 1}`, range);
    // Numbers beyond the last whole range would make some results likelier.
    const limit = most - most % range;
    let number = wideNumber();
    while (number >= limit) number = wideNumber();
    const result = min + number % range;
    if (callback === undefined) return result;
    require('process').nextTick(callback, undefined, result);
}

const hex = [];
for (let i = 0; i < 256; i++) hex[i] = StringPrototypeSlice((i + 256).toString(16), 1);

/** Version 4 of RFC 9562. */
function randomUUID(options) {
    if (options !== undefined) {
        validateObject(options, 'options');
        if (options.disableEntropyCache !== undefined) validateBoolean(options.disableEntropyCache, 'options.disableEntropyCache');
    }
    const bytes = new Uint8Array(host.random(16));
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let text = '';
    for (let i = 0; i < 16; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
        text += hex[bytes[i]];
    }
    return text;
}

const integers = /^(?:Big)?(?:Int|Uint)\d+(?:Clamped)?Array$|^Uint8ClampedArray$/;
function getRandomValues(array) {
    const { DOMException } = require('internal/dom_exception');
    const tag = ArrayBufferIsView(array) ? TypedArrayPrototypeGetSymbolToStringTag(array) : undefined;
    if (tag === undefined || primordials.RegExpPrototypeExec(integers, tag) === null) {
        throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (array.byteLength > kQuota) {
        throw new DOMException(`The requested length exceeds ${kQuota} bytes`, 'QuotaExceededError');
    }
    return randomFillSync(array, 0);
}

module.exports = { getRandomValues, randomBytes, randomFill, randomFillSync, randomInt, randomUUID };
