// The encodings that buffers know, by every name they go by.

const { StringPrototypeToLowerCase } = primordials;

const {
    asciiSlice,
    base64ByteLength,
    base64Slice,
    base64Write,
    base64urlSlice,
    byteLengthUtf8,
    hexSlice,
    hexWrite,
    latin1Slice,
    latin1Write,
    ucs2Slice,
    ucs2Write,
    utf8Slice,
    utf8Write,
} = require('internal/codecs');

const one = (text) => text.length;

// `byteLength` is exact, or for base64 the most that a text can stand for; `step` is the size of the units searched for.
const utf8 = { name: 'utf8', step: 1, byteLength: byteLengthUtf8, slice: utf8Slice, write: utf8Write };
const utf16le = { name: 'utf16le', step: 2, byteLength: (text) => text.length * 2, slice: ucs2Slice, write: ucs2Write };
const latin1 = { name: 'latin1', step: 1, byteLength: one, slice: latin1Slice, write: latin1Write };
const ascii = { name: 'ascii', step: 1, byteLength: one, slice: asciiSlice, write: latin1Write };
const base64 = { name: 'base64', step: 1, byteLength: base64ByteLength, slice: base64Slice, write: base64Write };
const base64url = { name: 'base64url', step: 1, byteLength: base64ByteLength, slice: base64urlSlice, write: base64Write };
const hex = { name: 'hex', step: 1, byteLength: (text) => text.length >>> 1, slice: hexSlice, write: hexWrite };

/** Without regard to case; undefined for a name of no encoding. */
function encodingOf(name) {
    return exactly(name) ?? exactly(StringPrototypeToLowerCase(`${name}`));
}

function exactly(name) {
    switch (name) {
    case 'utf8':
    case 'utf-8': return utf8;
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le': return utf16le;
    case 'latin1':
    case 'binary': return latin1;
    case 'ascii': return ascii;
    case 'base64': return base64;
    case 'base64url': return base64url;
    case 'hex': return hex;
    default: return undefined;
    }
}

/** The one name Node uses for an encoding; nothing named means utf8. */
function normalizeEncoding(name) {
    if (name === undefined || name === null || name === '') return 'utf8';
    return encodingOf(name)?.name;
}

module.exports = { ascii, base64, base64url, encodingOf, hex, latin1, normalizeEncoding, utf16le, utf8 };
