// Strings to bytes and back, in JavaScript alone: a host function must never hold a pointer into a guest's buffer.
//
// The loops are written for the JIT: `text.charCodeAt(i)` and `fromCharCode.apply` are syntax the compiler knows, and
// forty (two) times as fast as the same through an uncurried primordial. Base64 and hexadecimal go through the engine's
// own methods of Uint8Array where it has them.
//
// Every `…Slice(bytes, start, end)` gives a string, every `…Write(text, target, offset, end)` the count of bytes it
// wrote; bounds are the caller's promise.

const {
    MathMin,
    StringFromCharCode: fromCharCode,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    Uint8Array,
    Uint8ArrayPrototypeSetFromBase64,
    Uint8ArrayPrototypeSetFromHex,
    Uint8ArrayPrototypeToBase64,
    Uint8ArrayPrototypeToHex,
} = primordials;

const replacement = 0xfffd;

// Code units on their way into a string. One scratch array serves all, as nothing below calls a guest's code.
const chunkLength = 1024;
const chunk = [];
for (let i = 0; i < chunkLength; i++) chunk[i] = 0;

// An array of each length up to this for what is left over: filling one that is there costs a sixth of making one.
const exactLength = 128;
const exact = [];

function scratch(length) {
    let units = exact[length];
    if (units === undefined) {
        units = [];
        for (let i = 0; i < length; i++) units[i] = 0;
        exact[length] = units;
    }
    return units;
}
for (let i = 0; i <= exactLength; i++) exact[i] = undefined;

/** The first `count` units of the chunk, as a string. */
function chunkPrefix(count) {
    if (count === chunkLength) return fromCharCode.apply(null, chunk);
    let text = '';
    for (let start = 0; start < count; start += exactLength) {
        const units = scratch(MathMin(count - start, exactLength));
        for (let i = 0; i < units.length; i++) units[i] = chunk[start + i];
        text += fromCharCode.apply(null, units);
    }
    return text;
}

function byteLengthUtf8(text) {
    const length = text.length;
    let bytes = length;
    let i = 0;
    for (; i + 3 < length; i += 4) {
        const units = text.charCodeAt(i) | text.charCodeAt(i + 1) | text.charCodeAt(i + 2) | text.charCodeAt(i + 3);
        if (units > 0x7f) break;
    }
    for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit < 0x80) continue;
        if (unit < 0x800) {
            bytes++;
            continue;
        }
        bytes += 2;
        // A pair takes four bytes for two units; a lone surrogate takes the three of U+FFFD.
        if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
            const low = text.charCodeAt(i + 1);
            if (low >= 0xdc00 && low < 0xe000) i++;
        }
    }
    return bytes;
}

let unitsRead = 0;

/** How many units of its text the last `utf8Write` took. */
function lastUnitsRead() {
    return unitsRead;
}

/** Writes whole characters only; lone surrogates become U+FFFD. */
function utf8Write(text, target, offset, end) {
    const length = text.length;
    let at = offset;
    let i = 0;
    scan: while (i < length) {
        const stop = MathMin(length, i + end - at) - 3;
        while (i < stop) {
            const a = text.charCodeAt(i);
            const b = text.charCodeAt(i + 1);
            const c = text.charCodeAt(i + 2);
            const d = text.charCodeAt(i + 3);
            if ((a | b | c | d) > 0x7f) break;
            target[at] = a;
            target[at + 1] = b;
            target[at + 2] = c;
            target[at + 3] = d;
            at += 4;
            i += 4;
        }
        let ascii = 0;
        // Up to where a run of ASCII might begin again.
        while (i < length && ascii < 4) {
            let unit = text.charCodeAt(i);
            if (unit < 0x80) {
                if (at >= end) break scan;
                target[at++] = unit;
                ascii++;
            } else if (unit < 0x800) {
                if (at + 2 > end) break scan;
                target[at++] = 0xc0 | unit >> 6;
                target[at++] = 0x80 | unit & 0x3f;
                ascii = 0;
            } else {
                if (unit >= 0xd800 && unit < 0xe000) {
                    const low = unit < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0;
                    if (low >= 0xdc00 && low < 0xe000) {
                        if (at + 4 > end) break scan;
                        const point = 0x10000 + (unit - 0xd800 << 10) + (low - 0xdc00);
                        target[at++] = 0xf0 | point >> 18;
                        target[at++] = 0x80 | point >> 12 & 0x3f;
                        target[at++] = 0x80 | point >> 6 & 0x3f;
                        target[at++] = 0x80 | point & 0x3f;
                        i += 2;
                        ascii = 0;
                        continue;
                    }
                    unit = replacement;
                }
                if (at + 3 > end) break scan;
                target[at++] = 0xe0 | unit >> 12;
                target[at++] = 0x80 | unit >> 6 & 0x3f;
                target[at++] = 0x80 | unit & 0x3f;
                ascii = 0;
            }
            i++;
        }
    }
    unitsRead = i;
    return at - offset;
}

function encodeUtf8(text) {
    const bytes = new Uint8Array(byteLengthUtf8(text));
    utf8Write(text, bytes, 0, bytes.length);
    return bytes;
}

/**
 * Each maximal part of an ill-formed sequence becomes one U+FFFD, as the Encoding standard's decoder has it: the first
 * byte that cannot continue a sequence ends it and is looked at anew.
 */
function utf8Slice(bytes, start, end) {
    const length = end - start;
    if (length <= exactLength) {
        const units = scratch(length);
        let i = 0;
        for (; i < length; i++) {
            const byte = bytes[start + i];
            if (byte > 0x7f) break;
            units[i] = byte;
        }
        if (i === length) return fromCharCode.apply(null, units);
    }
    let text = '';
    let count = 0;
    let i = start;
    while (i < end) {
        if (count === chunkLength) {
            text += fromCharCode.apply(null, chunk);
            count = 0;
        }
        const lead = bytes[i++];
        if (lead < 0x80) {
            chunk[count++] = lead;
            const stop = MathMin(end, i + chunkLength - count);
            while (i < stop) {
                const byte = bytes[i];
                if (byte > 0x7f) break;
                chunk[count++] = byte;
                i++;
            }
            continue;
        }
        let unit = replacement;
        if (lead < 0xe0) {
            if (lead >= 0xc2 && i < end && (bytes[i] & 0xc0) === 0x80) unit = (lead & 0x1f) << 6 | bytes[i++] & 0x3f;
        } else if (lead < 0xf0) {
            if (i < end && isSecond(lead, bytes[i])) {
                const second = bytes[i++];
                if (i < end && (bytes[i] & 0xc0) === 0x80) {
                    unit = (lead & 0xf) << 12 | (second & 0x3f) << 6 | bytes[i++] & 0x3f;
                }
            }
        } else if (lead < 0xf5 && i < end && isSecond(lead, bytes[i])) {
            const second = bytes[i++];
            if (i < end && (bytes[i] & 0xc0) === 0x80) {
                const third = bytes[i++];
                if (i < end && (bytes[i] & 0xc0) === 0x80) {
                    const point = (lead & 7) << 18 | (second & 0x3f) << 12 | (third & 0x3f) << 6 | bytes[i++] & 0x3f;
                    chunk[count++] = 0xd7c0 + (point >> 10);
                    if (count === chunkLength) {
                        text += fromCharCode.apply(null, chunk);
                        count = 0;
                    }
                    unit = 0xdc00 | point & 0x3ff;
                }
            }
        }
        chunk[count++] = unit;
    }
    return count === 0 ? text : text + chunkPrefix(count);
}

/** Whether `byte` may follow the lead of a sequence of three or four: neither overlong, nor a surrogate, nor too great. */
function isSecond(lead, byte) {
    switch (lead) {
    case 0xe0: return byte >= 0xa0 && byte < 0xc0;
    case 0xed: return byte >= 0x80 && byte < 0xa0;
    case 0xf0: return byte >= 0x90 && byte < 0xc0;
    case 0xf4: return byte >= 0x80 && byte < 0x90;
    default: return (byte & 0xc0) === 0x80;
    }
}

/** The count of bytes at the end that begin a character and lack the rest of it. */
function unfinishedUtf8(bytes, start, end) {
    for (let size = 1; size <= 3 && end - size >= start; size++) {
        const byte = bytes[end - size];
        if (byte < 0x80) return 0;
        if (byte < 0xc0) continue;
        if (byte < 0xc2 || byte > 0xf4) return 0;
        const needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        if (size >= needed) return 0;
        return size > 1 && !isSecond(byte, bytes[end - size + 1]) ? 0 : size;
    }
    return 0;
}

function isUtf8(bytes, start, end) {
    let i = start;
    while (i < end) {
        const lead = bytes[i++];
        if (lead < 0x80) continue;
        if (lead < 0xc2 || lead > 0xf4) return false;
        if (lead >= 0xe0 && !(i < end && isSecond(lead, bytes[i++]))) return false;
        for (let rest = lead < 0xf0 ? 1 : 2; rest > 0; rest--) {
            if (i >= end || (bytes[i++] & 0xc0) !== 0x80) return false;
        }
    }
    return true;
}

function isAscii(bytes, start, end) {
    for (let i = start; i < end; i++) {
        if (bytes[i] > 0x7f) return false;
    }
    return true;
}

function maskedSlice(bytes, start, end, mask) {
    const length = end - start;
    if (length <= exactLength) {
        const units = scratch(length);
        for (let i = 0; i < length; i++) units[i] = bytes[start + i] & mask;
        return fromCharCode.apply(null, units);
    }
    let text = '';
    let i = start;
    for (; end - i > chunkLength; i += chunkLength) {
        for (let j = 0; j < chunkLength; j++) chunk[j] = bytes[i + j] & mask;
        text += fromCharCode.apply(null, chunk);
    }
    const rest = end - i;
    for (let j = 0; j < rest; j++) chunk[j] = bytes[i + j] & mask;
    return text + chunkPrefix(rest);
}

function latin1Slice(bytes, start, end) {
    return maskedSlice(bytes, start, end, 0xff);
}

function asciiSlice(bytes, start, end) {
    return maskedSlice(bytes, start, end, 0x7f);
}

function latin1Write(text, target, offset, end) {
    const count = MathMin(text.length, end - offset);
    for (let i = 0; i < count; i++) target[offset + i] = text.charCodeAt(i);
    return count;
}

/** A last odd byte is dropped. */
function ucs2Slice(bytes, start, end) {
    let text = '';
    let count = 0;
    for (let i = start; i + 1 < end; i += 2) {
        if (count === chunkLength) {
            text += fromCharCode.apply(null, chunk);
            count = 0;
        }
        chunk[count++] = bytes[i] | bytes[i + 1] << 8;
    }
    return text + chunkPrefix(count);
}

function ucs2Write(text, target, offset, end) {
    const count = MathMin(text.length, end - offset >> 1);
    for (let i = 0, at = offset; i < count; i++, at += 2) {
        const unit = text.charCodeAt(i);
        target[at] = unit;
        target[at + 1] = unit >> 8;
    }
    return count * 2;
}

/** A plain view: `subarray` would ask the class of buffers to make one of its own. */
function view(bytes, start, end) {
    return new Uint8Array(TypedArrayPrototypeGetBuffer(bytes), TypedArrayPrototypeGetByteOffset(bytes) + start, end - start);
}

function digit(unit) {
    if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
    const letter = unit | 0x20;
    return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const lowerHexDigits = '0123456789abcdef';

function hexSlice(bytes, start, end) {
    if (Uint8ArrayPrototypeToHex !== undefined) {
        return Uint8ArrayPrototypeToHex(view(bytes, start, end));
    }
    let text = '';
    for (let i = start; i < end; i++) text += lowerHexDigits[bytes[i] >> 4] + lowerHexDigits[bytes[i] & 15];
    return text;
}

/** Stops at the first pair that is not hexadecimal; a last odd digit is dropped. */
function hexWrite(text, target, offset, end) {
    const count = MathMin(text.length >> 1, end - offset);
    if (Uint8ArrayPrototypeSetFromHex !== undefined && text.length === count * 2) {
        try {
            return Uint8ArrayPrototypeSetFromHex(view(target, offset, end), text).written;
        } catch {
            // Something that is no digit: what stands before it counts.
        }
    }
    for (let i = 0; i < count; i++) {
        const high = digit(text.charCodeAt(2 * i));
        const low = digit(text.charCodeAt(2 * i + 1));
        if (high < 0 || low < 0) return i;
        target[offset + i] = high << 4 | low;
    }
    return count;
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base64Options = { __proto__: null, alphabet: 'base64' };
const base64urlOptions = { __proto__: null, alphabet: 'base64url', omitPadding: true };

// The value of each unit below 128 in either alphabet; 64 marks those that are no digits.
let base64Values;

function base64Slice(bytes, start, end) {
    if (Uint8ArrayPrototypeToBase64 !== undefined) {
        return Uint8ArrayPrototypeToBase64(view(bytes, start, end), base64Options);
    }
    return base64Encode(bytes, start, end, base64Alphabet, '=');
}

function base64urlSlice(bytes, start, end) {
    if (Uint8ArrayPrototypeToBase64 !== undefined) {
        return Uint8ArrayPrototypeToBase64(view(bytes, start, end), base64urlOptions);
    }
    return base64Encode(bytes, start, end, base64urlAlphabet, '');
}

function base64Encode(bytes, start, end, alphabet, padding) {
    let text = '';
    let i = start;
    for (; i + 2 < end; i += 3) {
        const group = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
        text += alphabet[group >> 18] + alphabet[group >> 12 & 63] + alphabet[group >> 6 & 63] + alphabet[group & 63];
    }
    if (end - i === 1) {
        text += alphabet[bytes[i] >> 2] + alphabet[bytes[i] << 4 & 63] + padding + padding;
    } else if (end - i === 2) {
        const group = bytes[i] << 8 | bytes[i + 1];
        text += alphabet[group >> 10] + alphabet[group >> 4 & 63] + alphabet[group << 2 & 63] + padding;
    }
    return text;
}

/** The most bytes that a base64 text can stand for. */
function base64ByteLength(text) {
    let length = text.length;
    if (length > 0 && text.charCodeAt(length - 1) === 0x3d) length--;
    if (length > 1 && text.charCodeAt(length - 1) === 0x3d) length--;
    return length * 3 >>> 2;
}

/** Takes both alphabets, skips what belongs to neither, needs no padding. */
function base64Write(text, target, offset, end) {
    if (Uint8ArrayPrototypeSetFromBase64 !== undefined && end - offset >= base64ByteLength(text)) {
        try {
            return Uint8ArrayPrototypeSetFromBase64(view(target, offset, end), text, base64Options).written;
        } catch {
            // Not strictly base64: what Node takes all the same is decoded below.
        }
    }
    if (base64Values === undefined) {
        base64Values = new Uint8Array(128);
        for (let i = 0; i < 128; i++) base64Values[i] = 64;
        for (let i = 0; i < 64; i++) {
            base64Values[base64Alphabet.charCodeAt(i)] = i;
            base64Values[base64urlAlphabet.charCodeAt(i)] = i;
        }
    }
    const length = text.length;
    let at = offset;
    let bits = 0;
    let group = 0;
    for (let i = 0; i < length && at < end; i++) {
        const unit = text.charCodeAt(i);
        if (unit === 0x3d) break;
        const value = unit < 128 ? base64Values[unit] : 64;
        if (value === 64) continue;
        group = group << 6 | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            target[at++] = group >> bits;
        }
    }
    return at - offset;
}

module.exports = {
    asciiSlice,
    base64ByteLength,
    base64Slice,
    base64Write,
    base64urlSlice,
    byteLengthUtf8,
    encodeUtf8,
    hexSlice,
    hexWrite,
    isAscii,
    isUtf8,
    lastUnitsRead,
    latin1Slice,
    latin1Write,
    ucs2Slice,
    ucs2Write,
    unfinishedUtf8,
    utf8Slice,
    utf8Write,
};
