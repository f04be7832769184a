// Bytes on their way to the host and back.

const {
    ArrayBufferIsView, ArrayPrototypePush, ReflectApply, TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { isAnyArrayBuffer } = require('internal/util/types');

const host = binding('crypto');
const scratch = new Uint8Array(host.scratch);

/** Anything that holds bytes, as bytes; a string in `encoding`. */
function bytesOf(value, name, encoding = 'utf8') {
    if (typeof value === 'string') return require('buffer').Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding);
    if (ArrayBufferIsView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (isAnyArrayBuffer(value)) return new Uint8Array(value);
    const { keyBytes } = require('internal/crypto/keys');
    const key = keyBytes(value);
    if (key !== undefined) return key;
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
}

/** Hands `bytes` to `take(count)`, as much as `scratch` holds at a time. */
function feed(bytes, take) {
    const { length } = bytes;
    if (length <= scratch.length) {
        TypedArrayPrototypeSet(scratch, bytes, 0);
        take(length);
        return;
    }
    for (let from = 0; from < length; from += scratch.length) {
        const piece = TypedArrayPrototypeSubarray(bytes, from, from + scratch.length);
        TypedArrayPrototypeSet(scratch, piece, 0);
        take(piece.length);
    }
}

/** Lends the host each list of bytes for the length of `body`, which gets their ids and counts in turn. */
function lending(lists, body) {
    const names = [];
    try {
        for (let i = 0; i < lists.length; i++) {
            const { 0: buffer, 1: id } = host.memory(lists[i].length);
            ArrayPrototypePush(names, id, lists[i].length);
            TypedArrayPrototypeSet(new Uint8Array(buffer), lists[i], 0);
        }
        return body(names);
    } finally {
        for (let i = 0; i < names.length; i += 2) host.release(names[i]);
    }
}

/** Calls the host's `name` with the lists, and with what else it takes, put in by `place(names)`. */
function derive(name, lists, place) { return lending(lists, (names) => ReflectApply(host[name], host, place(names))); }

/** The same without waiting: `done(result)` follows. */
function deriveLater(name, lists, place, done) {
    lending(lists, (names) => {
        const args = place(names);
        primordials.ArrayPrototypeUnshift(args, done);
        ReflectApply(host[`${name}Later`], host, args);
    });
}

/** A result as a Buffer, or as a string in `encoding`. */
function shown(buffer, encoding) {
    const bytes = require('buffer').Buffer.from(buffer);
    return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

module.exports = { bytesOf, derive, deriveLater, feed, host, lending, scratch, shown };
