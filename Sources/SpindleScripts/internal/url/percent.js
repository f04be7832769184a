// Percent-encoding, and the sets of characters that the URL standard has it done to in each part of a URL.

const { StringPrototypeSlice, StringPrototypeCharCodeAt, Uint8Array } = primordials;

const { encodeUtf8, utf8Slice } = require('internal/codecs');

// One bit a set, by code unit; what lies beyond ASCII belongs to all of them.
const sets = new Uint8Array(128);
const control = 1;
const fragment = 2;
const query = 4;
const specialQuery = 8;
const path = 16;
const userinfo = 32;
const component = 64;
// Of `application/x-www-form-urlencoded`; a space, which becomes a plus sign there, is left alone.
const form = 128;

for (let unit = 0; unit < 128; unit++) if (unit < 0x20 || unit === 0x7f) sets[unit] = 0xff;
function add(characters, bits) {
    for (let i = 0; i < characters.length; i++) sets[StringPrototypeCharCodeAt(characters, i)] |= bits;
}
add(' "<>', fragment | query | specialQuery | path | userinfo | component);
add('`', fragment | path | userinfo | component);
add('#', query | specialQuery | path | userinfo | component);
add('\'', specialQuery);
add('?^{}', path | userinfo | component);
add('/:;=@[\\]|', userinfo | component);
add('$%&+,', component);
add('!"#$%&\'()+,/:;<=>?@[\\]^`{|}~', form);

const hexDigits = '0123456789ABCDEF';
const encodedByte = (byte) => `%${hexDigits[byte >> 4]}${hexDigits[byte & 15]}`;

/** `text` with the characters of a set (one of the bits above) as percent-encoded UTF-8. */
function percentEncode(text, set) {
    let encoded = '';
    let done = 0;
    for (let i = 0; i < text.length; i++) {
        let unit = text.charCodeAt(i);
        if (unit < 0x80) {
            if ((sets[unit] & set) === 0) continue;
            encoded += StringPrototypeSlice(text, done, i) + encodedByte(unit);
        } else {
            let end = i + 1;
            while (end < text.length && (unit = text.charCodeAt(end)) >= 0x80) end++;
            const bytes = encodeUtf8(StringPrototypeSlice(text, i, end));
            encoded += StringPrototypeSlice(text, done, i);
            for (let j = 0; j < bytes.length; j++) encoded += encodedByte(bytes[j]);
            i = end - 1;
        }
        done = i + 1;
    }
    return done === 0 ? text : encoded + StringPrototypeSlice(text, done);
}

function digit(unit) {
    if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
    const letter = unit | 0x20;
    return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The bytes that a text stands for, `%` and two digits being one; ill-formed UTF-8 becomes U+FFFD. */
function percentDecode(text) {
    const bytes = encodeUtf8(text);
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
        let byte = bytes[i];
        if (byte === 0x25 && i + 2 < bytes.length) {
            const high = digit(bytes[i + 1]);
            const low = digit(bytes[i + 2]);
            if (high >= 0 && low >= 0) {
                byte = high << 4 | low;
                i += 2;
            }
        }
        bytes[length++] = byte;
    }
    return utf8Slice(bytes, 0, length);
}

module.exports = {
    component,
    control,
    digit,
    form,
    fragment,
    path,
    percentDecode,
    percentEncode,
    query,
    specialQuery,
    userinfo,
};
