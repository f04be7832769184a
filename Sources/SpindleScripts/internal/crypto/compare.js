// Comparison in a time that does not depend on where two values differ.

const { ArrayBufferIsView, Uint8Array } = primordials;
const { codes: { ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { isAnyArrayBuffer } = require('internal/util/types');

function viewOf(value, name) {
    if (ArrayBufferIsView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (isAnyArrayBuffer(value)) return new Uint8Array(value);
    throw new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
}

function timingSafeEqual(one, two) {
    const a = viewOf(one, 'buf1');
    const b = viewOf(two, 'buf2');
    if (a.length !== b.length) throw new ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
    let difference = 0;
    for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
    return difference === 0;
}

module.exports = { timingSafeEqual };
