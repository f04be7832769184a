// node:querystring

const {
    ArrayIsArray,
    ArrayPrototypePush,
    decodeURIComponent,
    encodeURIComponent,
    NumberIsFinite,
    NumberParseInt,
    ObjectKeys,
    RegExpPrototypeExec,
    StringPrototypeCharCodeAt,
    StringPrototypeIndexOf,
    StringPrototypeReplaceAll,
    StringPrototypeSlice,
    StringPrototypeSplit,
} = primordials;

const { codes: { ERR_INVALID_URI } } = require('internal/errors');

function escape(text) {
    if (typeof text !== 'string') text = `${text}`;
    try {
        return encodeURIComponent(text);
    } catch {
        throw new ERR_INVALID_URI();
    }
}

const percentSequence = /%[0-9a-fA-F]{2}/;
const hexPair = /^[0-9a-fA-F]{2}$/;

// Percent sequences as bytes; what is none stays as it is.
function unescapeBuffer(text, decodesSpaces) {
    const bytes = [];
    for (let i = 0; i < text.length; i++) {
        const pair = text[i] === '%' ? StringPrototypeSlice(text, i + 1, i + 3) : '';
        if (pair !== '' && RegExpPrototypeExec(hexPair, pair) !== null) {
            ArrayPrototypePush(bytes, NumberParseInt(pair, 16));
            i += 2;
        } else {
            ArrayPrototypePush(bytes, decodesSpaces && text[i] === '+' ? 32 : StringPrototypeCharCodeAt(text, i));
        }
    }
    return require('buffer').Buffer.from(bytes);
}

function unescape(text, decodesSpaces) {
    try {
        return decodeURIComponent(text);
    } catch {
        return querystring.unescapeBuffer(text, decodesSpaces).toString();
    }
}

function primitiveText(value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return NumberIsFinite(value) ? `${value}` : '';
    return typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : '';
}

function stringify(object, separator, equals, options) {
    if (object === null || typeof object !== 'object') return '';
    separator ||= '&';
    equals ||= '=';
    const encode = typeof options?.encodeURIComponent === 'function' ? options.encodeURIComponent : querystring.escape;
    const keys = ObjectKeys(object);
    let text = '';
    for (let i = 0; i < keys.length; i++) {
        const value = object[keys[i]];
        const values = ArrayIsArray(value) ? value : [value];
        const name = encode(primitiveText(keys[i])) + equals;
        for (let j = 0; j < values.length; j++) {
            text += (text === '' ? '' : separator) + name + encode(primitiveText(values[j]));
        }
    }
    return text;
}

function parse(text, separator, equals, options) {
    const result = { __proto__: null };
    if (typeof text !== 'string' || text === '') return result;
    separator = separator ? `${separator}` : '&';
    equals = equals ? `${equals}` : '=';
    const custom = typeof options?.decodeURIComponent === 'function' ? options.decodeURIComponent :
        querystring.unescape === unescape ? undefined : querystring.unescape;
    // Zero and below mean any number of pairs.
    const limit = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;

    function decode(part) {
        if (part === '') return part;
        part = StringPrototypeReplaceAll(part, '+', custom === undefined ? ' ' : '%20');
        if (custom === undefined) return RegExpPrototypeExec(percentSequence, part) === null ? part : unescape(part, true);
        try {
            return custom(part);
        } catch {
            return querystring.unescape(part, true);
        }
    }

    const pairs = StringPrototypeSplit(text, separator);
    // Empty pairs count too.
    for (let i = 0; i < pairs.length && !(limit > 0 && i >= limit); i++) {
        if (pairs[i] === '') continue;
        const at = StringPrototypeIndexOf(pairs[i], equals);
        const key = decode(at === -1 ? pairs[i] : StringPrototypeSlice(pairs[i], 0, at));
        const value = at === -1 ? '' : decode(StringPrototypeSlice(pairs[i], at + equals.length));
        const before = result[key];
        if (before === undefined) result[key] = value;
        else if (ArrayIsArray(before)) ArrayPrototypePush(before, value);
        else result[key] = [before, value];
    }
    return result;
}

// Through the object, as programs replace `escape` and `unescape` there.
const querystring = {
    unescapeBuffer,
    unescape,
    escape,
    stringify,
    encode: stringify,
    parse,
    decode: parse,
};

module.exports = querystring;
