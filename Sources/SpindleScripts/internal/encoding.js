// The Encoding standard's TextEncoder and TextDecoder, and the base64 functions of HTML.
// Decoders: utf-8, utf-16le, utf-16be and windows-1252 (which is also what `latin1` and `ascii` mean there).

const {
    ArrayBufferIsView,
    DataViewPrototypeGetBuffer,
    DataViewPrototypeGetByteLength,
    DataViewPrototypeGetByteOffset,
    ObjectDefineProperties,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    SafeMap,
    StringPrototypeCharCodeAt,
    StringPrototypeSplit,
    StringPrototypeToLowerCase,
    StringPrototypeToWellFormed,
    SymbolFor,
    SymbolToStringTag,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    TypedArrayPrototypeSlice,
    Uint8Array,
} = primordials;

const {
    codes: {
        ERR_ENCODING_INVALID_ENCODED_DATA,
        ERR_ENCODING_NOT_SUPPORTED,
        ERR_INVALID_ARG_TYPE,
        ERR_INVALID_THIS,
        ERR_MISSING_ARGS,
    },
} = require('internal/errors');
const { kValidateObjectAllowObjectsAndNull, validateObject, validateString } = require('internal/validators');
const { isAnyArrayBuffer } = require('internal/util/types');
const {
    base64ByteLength,
    base64Slice,
    base64Write,
    encodeUtf8,
    isUtf8,
    lastUnitsRead,
    latin1Slice,
    latin1Write,
    ucs2Slice,
    unfinishedUtf8,
    utf8Slice,
    utf8Write,
} = require('internal/codecs');

const inspectCustom = SymbolFor('nodejs.util.inspect.custom');

/** The memory of a buffer or view as bytes; undefined for anything else. */
function bytesOf(source) {
    if (ArrayBufferIsView(source)) {
        if (TypedArrayPrototypeGetSymbolToStringTag(source) === undefined) {
            return new Uint8Array(DataViewPrototypeGetBuffer(source), DataViewPrototypeGetByteOffset(source),
                DataViewPrototypeGetByteLength(source));
        }
        return new Uint8Array(TypedArrayPrototypeGetBuffer(source), TypedArrayPrototypeGetByteOffset(source),
            TypedArrayPrototypeGetByteLength(source));
    }
    return isAnyArrayBuffer(source) ? new Uint8Array(source) : undefined;
}

let checkEncoder;

class TextEncoder {
    #brand;

    static {
        checkEncoder = (encoder) => {
            if (encoder === null || typeof encoder !== 'object' || !(#brand in encoder)) {
                throw new ERR_INVALID_THIS('TextEncoder');
            }
        };
    }

    get encoding() {
        checkEncoder(this);
        return 'utf-8';
    }

    encode(input = '') {
        checkEncoder(this);
        return encodeUtf8(`${input}`);
    }

    encodeInto(src, dest) {
        checkEncoder(this);
        validateString(src, 'src');
        if (!ArrayBufferIsView(dest) || TypedArrayPrototypeGetSymbolToStringTag(dest) !== 'Uint8Array') {
            throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', dest);
        }
        const written = utf8Write(src, dest, 0, TypedArrayPrototypeGetByteLength(dest));
        return { read: lastUnitsRead(), written };
    }

    [inspectCustom](depth, options, inspect) {
        checkEncoder(this);
        return inspect({ encoding: this.encoding }, options);
    }
}

// What 0x80 to 0x9f mean in windows-1252; the rest is Latin-1.
const windows1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
    '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

function windows1252Slice(bytes, start, end) {
    const text = latin1Slice(bytes, start, end);
    if (RegExpPrototypeExec(/[\x80-\x9f]/, text) === null) return text;
    return RegExpPrototypeSymbolReplace(/[\x80-\x9f]/g, text,
        (control) => windows1252[StringPrototypeCharCodeAt(control, 0) - 0x80]);
}

/** The bytes at the end that begin a UTF-16 character: a lone byte, a lead surrogate, or both. */
function unfinishedUtf16(high) {
    return (bytes, start, end) => {
        const odd = end - start & 1;
        const unit = end - odd - 2;
        return unit >= start && (bytes[unit + high] & 0xfc) === 0xd8 ? odd + 2 : odd;
    };
}

function swapped(bytes, start, end) {
    const copy = new Uint8Array(end - start & ~1);
    for (let i = 0; i < copy.length; i += 2) {
        copy[i] = bytes[start + i + 1];
        copy[i + 1] = bytes[start + i];
    }
    return copy;
}

/** A decoder of UTF-16; `high` is the place of the more significant byte in a unit. */
function utf16(name, high, ucs2) {
    const unfinished = unfinishedUtf16(high);
    return {
        name,
        bom: high === 1 ? [0xff, 0xfe] : [0xfe, 0xff],
        unfinished,
        isValid(bytes, start, end) {
            const text = ucs2(bytes, start, end);
            return (end - start & 1) === 0 && StringPrototypeToWellFormed(text) === text;
        },
        slice(bytes, start, end) {
            const rest = unfinished(bytes, start, end);
            const text = StringPrototypeToWellFormed(ucs2(bytes, start, end - rest));
            return rest === 0 ? text : `${text}\ufffd`;
        },
    };
}

const decoders = [
    [
        { name: 'utf-8', bom: [0xef, 0xbb, 0xbf], unfinished: unfinishedUtf8, isValid: isUtf8, slice: utf8Slice },
        'utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8',
    ],
    [utf16('utf-16le', 1, ucs2Slice), 'utf-16le utf-16 ucs-2 unicode unicodefeff csunicode iso-10646-ucs-2'],
    [
        utf16('utf-16be', 0, (bytes, start, end) => {
            const copy = swapped(bytes, start, end);
            return ucs2Slice(copy, 0, copy.length);
        }),
        'utf-16be unicodefffe',
    ],
    [
        { name: 'windows-1252', bom: [], unfinished: () => 0, isValid: () => true, slice: windows1252Slice },
        'windows-1252 latin1 ascii ansi_x3.4-1968 cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 ' +
        'iso_8859-1 iso_8859-1:1987 l1 us-ascii x-cp1252',
    ],
];
let decoderByLabel;

function decoderFor(label) {
    if (decoderByLabel === undefined) {
        decoderByLabel = new SafeMap();
        for (let i = 0; i < decoders.length; i++) {
            const labels = StringPrototypeSplit(decoders[i][1], ' ');
            for (let j = 0; j < labels.length; j++) decoderByLabel.set(labels[j], decoders[i][0]);
        }
    }
    const trimmed = RegExpPrototypeSymbolReplace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, label, '');
    return decoderByLabel.get(StringPrototypeToLowerCase(trimmed));
}

function beginsWith(bytes, mark) {
    if (mark.length === 0 || bytes.length < mark.length) return false;
    for (let i = 0; i < mark.length; i++) {
        if (bytes[i] !== mark[i]) return false;
    }
    return true;
}

const empty = new Uint8Array(0);

let checkDecoder;

class TextDecoder {
    #decoder;
    #fatal;
    #ignoreBOM;
    // Of a stream: the bytes of a character that has only begun, and whether anything came before them.
    #pending = empty;
    #isUnderWay = false;

    static {
        checkDecoder = (decoder) => {
            if (decoder === null || typeof decoder !== 'object' || !(#decoder in decoder)) {
                throw new ERR_INVALID_THIS('TextDecoder');
            }
        };
    }

    constructor(encoding = 'utf-8', options = undefined) {
        encoding = `${encoding}`;
        if (options !== undefined) validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
        this.#decoder = decoderFor(encoding);
        if (this.#decoder === undefined) throw new ERR_ENCODING_NOT_SUPPORTED(encoding);
        this.#fatal = !!options?.fatal;
        this.#ignoreBOM = !!options?.ignoreBOM;
    }

    decode(input = empty, options = undefined) {
        checkDecoder(this);
        let bytes = bytesOf(input);
        if (bytes === undefined) {
            throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'ArrayBufferView', 'SharedArrayBuffer'], input);
        }
        if (options !== undefined) validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
        const stream = !!options?.stream;
        if (this.#pending.length > 0) bytes = joined(this.#pending, bytes);
        const decoder = this.#decoder;
        const end = stream ? bytes.length - decoder.unfinished(bytes, 0, bytes.length) : bytes.length;
        const skipsMark = !this.#ignoreBOM && !this.#isUnderWay && end > 0 && beginsWith(bytes, decoder.bom);
        this.#pending = end === bytes.length ? empty : TypedArrayPrototypeSlice(bytes, end);
        this.#isUnderWay = stream && (this.#isUnderWay || end > 0);
        if (this.#fatal && !decoder.isValid(bytes, 0, end)) {
            this.#pending = empty;
            this.#isUnderWay = false;
            throw new ERR_ENCODING_INVALID_ENCODED_DATA(decoder.name, undefined);
        }
        return decoder.slice(bytes, skipsMark ? decoder.bom.length : 0, end);
    }

    get encoding() {
        checkDecoder(this);
        return this.#decoder.name;
    }

    get fatal() {
        checkDecoder(this);
        return this.#fatal;
    }

    get ignoreBOM() {
        checkDecoder(this);
        return this.#ignoreBOM;
    }

    [inspectCustom](depth, options, inspect) {
        checkDecoder(this);
        const { encoding, fatal, ignoreBOM } = this;
        return `TextDecoder ${inspect({ encoding, fatal, ignoreBOM }, options)}`;
    }
}

function joined(first, second) {
    const bytes = new Uint8Array(first.length + second.length);
    TypedArrayPrototypeSet(bytes, first, 0);
    TypedArrayPrototypeSet(bytes, second, first.length);
    return bytes;
}

const enumerable = { __proto__: null, enumerable: true };
ObjectDefineProperties(TextEncoder.prototype, {
    __proto__: null,
    encode: enumerable,
    encodeInto: enumerable,
    encoding: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'TextEncoder' },
});
ObjectDefineProperties(TextDecoder.prototype, {
    __proto__: null,
    decode: enumerable,
    encoding: enumerable,
    fatal: enumerable,
    ignoreBOM: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'TextDecoder' },
});

function invalidCharacter(message) {
    const { DOMException } = require('internal/dom_exception');
    return new DOMException(message, 'InvalidCharacterError');
}

function btoa(input) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
    const text = `${input}`;
    for (let i = 0; i < text.length; i++) {
        if (text.charCodeAt(i) > 0xff) throw invalidCharacter('Invalid character');
    }
    const bytes = new Uint8Array(text.length);
    latin1Write(text, bytes, 0, text.length);
    return base64Slice(bytes, 0, bytes.length);
}

function atob(input) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
    const text = RegExpPrototypeSymbolReplace(/[\t\n\f\r ]+/g, `${input}`, '');
    const match = RegExpPrototypeExec(/^([A-Za-z0-9+/]*)(={0,2})$/, text);
    if (match?.[1].length % 4 === 1) throw invalidCharacter('The string to be decoded is not correctly encoded.');
    // Padding is either absent or fills the last group of four.
    if (match === null || (match[2] !== '' && text.length % 4 !== 0)) throw invalidCharacter('Invalid character');
    const bytes = new Uint8Array(base64ByteLength(text));
    const written = base64Write(text, bytes, 0, bytes.length);
    return latin1Slice(bytes, 0, written);
}

module.exports = { TextDecoder, TextEncoder, atob, btoa, bytesOf };
