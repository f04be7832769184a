const {
    ArrayBufferIsView,
    ObjectDefineProperties,
    Symbol,
    TypedArrayPrototypeSet,
    TypedArrayPrototypeSlice,
    Uint8Array,
} = primordials;

const { codes: { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { Buffer } = require('buffer');
const { bytesOf } = require('internal/encoding');
const { base64, base64url, encodingOf, utf16le, utf8 } = require('internal/buffer/encodings');

/** How many bytes at the end belong to a character whose rest is still to come, be it valid or not. */
function unfinished(encoding, bytes, pendingLength) {
    const { length } = bytes;
    switch (encoding) {
    case utf8:
        for (let size = 1; size <= 3 && size <= length; size++) {
            const byte = bytes[length - size];
            if ((byte & 0xc0) === 0x80) continue;
            return byte >= 0xc0 && byte < 0xf8 && size < wholeLength(utf8, bytes, length - size) ? size : 0;
        }
        return 0;
    case utf16le:
        // A lead surrogate waits for its partner, but not one that a chunk of a single byte has completed, nor one that an
        // odd byte follows, unless it has been waiting already.
        if ((length & 1) === 1) return length === 3 && pendingLength === 2 ? 3 : 1;
        if (length === 2 && pendingLength === 1) return 0;
        return length >= 2 && (bytes[length - 1] & 0xfc) === 0xd8 ? 2 : 0;
    case base64:
    case base64url: return length % 3;
    default: return 0;
    }
}

/** How long the character will be that begins at `start`. */
function wholeLength(encoding, bytes, start = 0) {
    if (encoding === utf8) return bytes[start] < 0xe0 ? 2 : bytes[start] < 0xf0 ? 3 : 4;
    if (encoding === utf16le) return bytes.length > 1 ? 4 : 2;
    return 3;
}

// Per decoder: its encoding and the bytes of a character that has only begun.
const kEncoding = Symbol('encoding');
const kPending = Symbol('pending');
const nothing = new Uint8Array(0);

function StringDecoder(encoding) {
    const known = encoding === undefined || encoding === null || encoding === '' ? utf8 : encodingOf(encoding);
    if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    this.encoding = known.name;
    ObjectDefineProperties(this, {
        __proto__: null,
        [kEncoding]: { __proto__: null, value: known },
        [kPending]: { __proto__: null, value: nothing, writable: true },
    });
}

function write(chunk) {
    if (typeof chunk === 'string') return chunk;
    if (!ArrayBufferIsView(chunk)) throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
    let bytes = bytesOf(chunk);
    const pending = this[kPending];
    if (pending.length > 0) {
        const whole = new Uint8Array(pending.length + bytes.length);
        TypedArrayPrototypeSet(whole, pending, 0);
        TypedArrayPrototypeSet(whole, bytes, pending.length);
        bytes = whole;
    }
    const end = bytes.length - unfinished(this[kEncoding], bytes, pending.length);
    this[kPending] = end === bytes.length ? nothing : TypedArrayPrototypeSlice(bytes, end);
    return this[kEncoding].slice(bytes, 0, end);
}

function end(chunk) {
    const text = chunk === undefined ? '' : this.write(chunk);
    const pending = this[kPending];
    this[kPending] = nothing;
    return text + this[kEncoding].slice(pending, 0, pending.length);
}

// Old interface: characters are decoded as if nothing were pending.
function text(chunk, offset) {
    this[kPending] = nothing;
    return this.write(chunk.slice(offset));
}

StringDecoder.prototype.write = write;
StringDecoder.prototype.end = end;
StringDecoder.prototype.text = text;
ObjectDefineProperties(StringDecoder.prototype, {
    __proto__: null,
    lastChar: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const four = Buffer.alloc(4);
            TypedArrayPrototypeSet(four, this[kPending], 0);
            return four;
        },
    },
    lastNeed: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const pending = this[kPending];
            return pending.length === 0 ? 0 : wholeLength(this[kEncoding], pending) - pending.length;
        },
    },
    lastTotal: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const pending = this[kPending];
            return pending.length === 0 ? 0 : wholeLength(this[kEncoding], pending);
        },
    },
});

module.exports = { StringDecoder };
