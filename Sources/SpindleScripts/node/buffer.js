const {
    ArrayBuffer,
    ArrayBufferIsView,
    ArrayIsArray,
    ArrayPrototypeJoin,
    ArrayPrototypePush,
    Error,
    MathFloor,
    MathMax,
    MathMin,
    MathTrunc,
    NumberIsNaN,
    NumberMAX_SAFE_INTEGER,
    NumberMIN_SAFE_INTEGER,
    ObjectDefineProperties,
    ObjectHasOwn,
    ObjectKeys,
    ObjectSetPrototypeOf,
    RangeError,
    ReflectOwnKeys,
    RegExpPrototypeSymbolReplace,
    StringPrototypeSlice,
    SymbolFor,
    SymbolSpecies,
    SymbolToPrimitive,
    TypedArrayPrototypeFill,
    TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    TypedArrayPrototypeSlice,
    Uint8Array,
} = primordials;

const {
    codes: {
        ERR_BUFFER_OUT_OF_BOUNDS,
        ERR_INVALID_ARG_TYPE,
        ERR_INVALID_ARG_VALUE,
        ERR_INVALID_BUFFER_SIZE,
        ERR_INVALID_STATE,
        ERR_OUT_OF_RANGE,
        ERR_UNKNOWN_ENCODING,
    },
} = require('internal/errors');
const { validateArray, validateInteger, validateNumber, validateString } = require('internal/validators');
const { isAnyArrayBuffer } = require('internal/util/types');
const { atob, btoa, bytesOf } = require('internal/encoding');
const codecs = require('internal/codecs');
const { ascii, base64, base64url, encodingOf, hex, latin1, utf16le, utf8 } = require('internal/buffer/encodings');
const { compareBytes, fillBytes, indexOfByte, indexOfBytes } = require('internal/buffer/search');

const inspectCustom = SymbolFor('nodejs.util.inspect.custom');
const kMaxLength = 0x100000000;
// The longest string of the engine.
const kStringMaxLength = 0x7fffffff;
let inspectMaxBytes = 50;

// What every buffer is an instance of; `Buffer` itself must be callable without `new`.
class FastBuffer extends Uint8Array {
    constructor(source, byteOffset, length) {
        super(source, byteOffset, length);
    }
}

const isBytes = (value) => ArrayBufferIsView(value) &&
    (value instanceof FastBuffer || TypedArrayPrototypeGetSymbolToStringTag(value) === 'Uint8Array');

function validateBytes(value, name) {
    if (!isBytes(value)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'Uint8Array'], value);
}

function validateSize(size) {
    validateNumber(size, 'size', 0, kMaxLength);
}

function validateOffset(value, name, min = 0, max = NumberMAX_SAFE_INTEGER) {
    validateInteger(value, name, min, max);
}

/** The encoding of a name, or the error that there is none. */
function requireEncoding(name) {
    const encoding = encodingOf(name);
    if (encoding === undefined) throw new ERR_UNKNOWN_ENCODING(name);
    return encoding;
}

// Small buffers share a block of memory, each at a multiple of eight.
let pool;
let poolOffset = 0;

/** A small buffer out of the pool. */
function pooled(size) {
    if (pool === undefined || size > pool.byteLength - poolOffset) {
        pool = new ArrayBuffer(Buffer.poolSize);
        // A message that took it along would empty everyone's buffers.
        require('internal/transferable').markAsUntransferable(pool);
        poolOffset = 0;
    }
    const buffer = new FastBuffer(pool, poolOffset, size);
    poolOffset = MathMin(poolOffset + size + 7 & ~7, pool.byteLength);
    return buffer;
}

const fitsPool = (size) => size < Buffer.poolSize >>> 1;

function Buffer(arg, encodingOrOffset, length) {
    if (typeof arg === 'number') {
        if (typeof encodingOrOffset === 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', arg);
        return Buffer.alloc(arg);
    }
    return Buffer.from(arg, encodingOrOffset, length);
}

function fromString(text, name) {
    const encoding = typeof name !== 'string' || name.length === 0 ? utf8 : requireEncoding(name);
    if (text.length === 0) return new FastBuffer(0);
    const most = encoding.byteLength(text);
    const buffer = fitsPool(most) ? pooled(most) : new FastBuffer(most);
    const written = encoding.write(text, buffer, 0, most);
    return written === most ? buffer : new FastBuffer(buffer.buffer, buffer.byteOffset, written);
}

function fromArrayBuffer(memory, byteOffset, length) {
    if (byteOffset === undefined) byteOffset = 0;
    else {
        byteOffset = +byteOffset;
        if (NumberIsNaN(byteOffset)) byteOffset = 0;
    }
    const most = memory.byteLength - byteOffset;
    if (most < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
    if (length === undefined) return new FastBuffer(memory, byteOffset, most);
    length = +length;
    if (length > most) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    return new FastBuffer(memory, byteOffset, length > 0 ? length : 0);
}

function fromArrayLike(list) {
    const { length } = list;
    if (!(length > 0)) return new FastBuffer(0);
    const buffer = fitsPool(length) ? pooled(length) : new FastBuffer(length);
    TypedArrayPrototypeSet(buffer, list, 0);
    return buffer;
}

/** A buffer of the items of an array-like object, or of what `toJSON` made; undefined for other objects. */
function fromObject(object) {
    if (object.length !== undefined || isAnyArrayBuffer(object.buffer)) {
        return typeof object.length === 'number' ? fromArrayLike(object) : new FastBuffer(0);
    }
    return object.type === 'Buffer' && ArrayIsArray(object.data) ? fromArrayLike(object.data) : undefined;
}

function fill(buffer, value, offset, end, encodingName) {
    let encoding;
    if (typeof value === 'string') {
        if (offset === undefined || typeof offset === 'string') {
            encodingName = offset;
            offset = undefined;
        } else if (typeof end === 'string') {
            encodingName = end;
            end = undefined;
        }
        encoding = encodingName === undefined || encodingName === null || encodingName === '' ? utf8 :
            encodingOf(encodingName);
        if (encoding === undefined) {
            validateString(encodingName, 'encoding');
            throw new ERR_UNKNOWN_ENCODING(encodingName);
        }
    }
    const { length } = buffer;
    if (offset === undefined) {
        offset = 0;
        end = length;
    } else {
        validateNumber(offset, 'offset', 0, kMaxLength);
        if (end === undefined) end = length;
        else validateNumber(end, 'end', 0, length);
        if (offset >= end) return buffer;
    }
    let pattern;
    if (typeof value === 'string') {
        if (value.length > 0) {
            pattern = fromString(value, encoding.name);
            if (pattern.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
        }
    } else if (isBytes(value)) {
        if (value.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
        pattern = value;
    }
    if (pattern === undefined) TypedArrayPrototypeFill(buffer, typeof value === 'string' ? 0 : value & 255, offset, end);
    else if (pattern.length === 1) TypedArrayPrototypeFill(buffer, pattern[0], offset, end);
    else fillBytes(buffer, pattern, MathTrunc(offset), MathTrunc(end));
    return buffer;
}

const statics = {
    __proto__: null,

    poolSize: 8 * 1024,

    from(value, encodingOrOffset, length) {
        if (typeof value === 'string') return fromString(value, encodingOrOffset);
        if (typeof value === 'object' && value !== null) {
            if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
            const inner = value.valueOf?.();
            if (inner != null && inner !== value && (typeof inner === 'string' || typeof inner === 'object')) {
                return statics.from(inner, encodingOrOffset, length);
            }
            const buffer = fromObject(value);
            if (buffer !== undefined) return buffer;
            if (typeof value[SymbolToPrimitive] === 'function') {
                const primitive = value[SymbolToPrimitive]('string');
                if (typeof primitive === 'string') return fromString(primitive, encodingOrOffset);
            }
        }
        throw new ERR_INVALID_ARG_TYPE('first argument',
            ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
    },

    copyBytesFrom(view, offset, length) {
        if (!ArrayBufferIsView(view) || TypedArrayPrototypeGetSymbolToStringTag(view) === undefined) {
            throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
        }
        const viewLength = TypedArrayPrototypeGetLength(view);
        if (viewLength === 0) return new FastBuffer(0);
        let start = 0;
        let end = viewLength;
        if (offset !== undefined) {
            validateInteger(offset, 'offset', 0);
            if (offset >= viewLength) return new FastBuffer(0);
            start = offset;
        }
        if (length !== undefined) {
            validateInteger(length, 'length', 0);
            end = start + length;
        }
        return fromArrayLike(bytesOf(TypedArrayPrototypeSlice(view, start, end)));
    },

    of(...items) {
        const buffer = statics.allocUnsafe(items.length);
        for (let i = 0; i < items.length; i++) buffer[i] = items[i];
        return buffer;
    },

    alloc(size, value, encoding) {
        validateSize(size);
        const buffer = new FastBuffer(size);
        return value !== undefined && value !== 0 && size > 0 ? fill(buffer, value, 0, buffer.length, encoding) : buffer;
    },

    allocUnsafe(size) {
        validateSize(size);
        size = MathFloor(size);
        return size > 0 && fitsPool(size) ? pooled(size) : new FastBuffer(size);
    },

    allocUnsafeSlow(size) {
        validateSize(size);
        return new FastBuffer(size);
    },

    isBuffer(value) {
        return value instanceof Buffer;
    },

    compare(buf1, buf2) {
        validateBytes(buf1, 'buf1');
        validateBytes(buf2, 'buf2');
        return buf1 === buf2 ? 0 : compareBytes(buf1, 0, buf1.length, buf2, 0, buf2.length);
    },

    isEncoding(encoding) {
        return typeof encoding === 'string' && encoding.length !== 0 && encodingOf(encoding) !== undefined;
    },

    concat(list, length) {
        validateArray(list, 'list');
        if (list.length === 0) return new FastBuffer(0);
        if (length === undefined) {
            length = 0;
            for (let i = 0; i < list.length; i++) length += list[i]?.length || 0;
        } else {
            validateOffset(length, 'length', 0, kMaxLength);
        }
        const buffer = statics.allocUnsafe(length);
        let at = 0;
        for (let i = 0; i < list.length; i++) {
            validateBytes(list[i], `list[${i}]`);
            at += copyActual(list[i], buffer, at, 0, list[i].length);
        }
        // The pool's memory may be in its second life.
        if (at < length) TypedArrayPrototypeFill(buffer, 0, at, length);
        return buffer;
    },

    byteLength(string, encoding) {
        if (typeof string !== 'string') {
            if (ArrayBufferIsView(string) || isAnyArrayBuffer(string)) return string.byteLength;
            throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], string);
        }
        if (string.length === 0) return 0;
        return ((encoding && encodingOf(encoding)) || utf8).byteLength(string);
    },
};

function toInteger(value) {
    value = +value;
    return value >= NumberMIN_SAFE_INTEGER && value <= NumberMAX_SAFE_INTEGER ? MathFloor(value) : 0;
}

function copyActual(source, target, targetStart, sourceStart, sourceEnd) {
    const count = MathMin(sourceEnd - sourceStart, target.length - targetStart, source.length - sourceStart);
    if (count <= 0) return 0;
    // For a few bytes a loop costs less than a view; it may not be used where source and target overlap.
    if (count < 64 && source.buffer !== target.buffer) {
        for (let i = 0; i < count; i++) target[targetStart + i] = source[sourceStart + i];
        return count;
    }
    const part = sourceStart !== 0 || count < source.length ?
        new Uint8Array(source.buffer, source.byteOffset + sourceStart, count) : source;
    TypedArrayPrototypeSet(target, part, targetStart);
    return count;
}

function search(buffer, value, byteOffset, encoding, isForward) {
    validateBytes(buffer, 'buffer');
    if (typeof byteOffset === 'string') {
        encoding = byteOffset;
        byteOffset = undefined;
    }
    byteOffset = MathMax(MathMin(+byteOffset, 0x7fffffff), -0x80000000);
    if (NumberIsNaN(byteOffset)) byteOffset = isForward ? 0 : buffer.length;
    if (typeof value === 'number') return indexOfByte(buffer, value >>> 0, byteOffset, isForward);
    const known = encoding === undefined ? utf8 : encodingOf(encoding);
    if (typeof value === 'string') {
        if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
        return indexOfBytes(buffer, fromString(value, known.name), byteOffset, isForward, known.step);
    }
    if (isBytes(value)) return indexOfBytes(buffer, value, byteOffset, isForward, known?.step ?? 1);
    throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

function swap(buffer, i, j) {
    const byte = buffer[i];
    buffer[i] = buffer[j];
    buffer[j] = byte;
}

function outOfIndex() {
    const error = new RangeError('Index out of range');
    error.code = 'ERR_OUT_OF_RANGE';
    return error;
}

/** The raw method that decodes a range: its bounds are not clamped. */
const sliceMethod = (encoding) => function (start = 0, end = this.length) {
    start = toInteger(start);
    end = MathMax(toInteger(end), start);
    if (start < 0 || end > this.length) throw outOfIndex();
    return encoding.slice(this, start, end);
};

const writeMethod = (encoding) => function (string, offset = 0, length = this.length - offset) {
    if (typeof string !== 'string') throw new ERR_INVALID_ARG_TYPE('argument', 'string', string);
    if (offset < 0 || offset > this.length) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
    if (length < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    return encoding.write(string, this, offset, MathMin(offset + length, this.length));
};

const methods = {
    __proto__: null,

    asciiSlice: sliceMethod(ascii),
    base64Slice: sliceMethod(base64),
    base64urlSlice: sliceMethod(base64url),
    latin1Slice: sliceMethod(latin1),
    hexSlice: sliceMethod(hex),
    ucs2Slice: sliceMethod(utf16le),
    utf8Slice: sliceMethod(utf8),
    asciiWrite: writeMethod(ascii),
    base64Write: writeMethod(base64),
    base64urlWrite: writeMethod(base64url),
    latin1Write: writeMethod(latin1),
    hexWrite: writeMethod(hex),
    ucs2Write: writeMethod(utf16le),
    utf8Write: writeMethod(utf8),

    copy(target, targetStart, sourceStart, sourceEnd) {
        validateBytes(this, 'source');
        validateBytes(target, 'target');
        const start = targetStart === undefined ? 0 : toInteger(targetStart);
        if (start < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
        const from = sourceStart === undefined ? 0 : toInteger(sourceStart);
        if (from < 0 || from > this.length) {
            throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${this.length}`, sourceStart);
        }
        const to = sourceEnd === undefined ? this.length : toInteger(sourceEnd);
        if (to < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
        return copyActual(this, target, start, from, to);
    },

    toString(encoding, start, end) {
        const { length } = this;
        if (arguments.length === 0) return codecs.utf8Slice(this, 0, length);
        if (start <= 0) start = 0;
        else if (start >= length) return '';
        else start = MathTrunc(start) || 0;
        if (end === undefined || end > length) end = length;
        else end = MathTrunc(end) || 0;
        if (end <= start) return '';
        return (encoding === undefined ? utf8 : requireEncoding(encoding)).slice(this, start, end);
    },

    equals(otherBuffer) {
        validateBytes(otherBuffer, 'otherBuffer');
        if (this === otherBuffer) return true;
        const { length } = this;
        return length === otherBuffer.length && compareBytes(this, 0, length, otherBuffer, 0, length) === 0;
    },

    [inspectCustom](depth, context) {
        const shown = MathMax(MathMin(inspectMaxBytes, this.length), 0);
        const rest = this.length - shown;
        const bytes = RegExpPrototypeSymbolReplace(/..(?!$)/g, codecs.hexSlice(this, 0, shown), '$& ');
        const parts = [];
        if (bytes !== '') ArrayPrototypePush(parts, bytes);
        if (rest > 0) parts[0] = `${bytes}${bytes === '' ? '' : ' '}... ${rest} more byte${rest > 1 ? 's' : ''}`;
        if (context) {
            const { inspect } = require('internal/util/inspect');
            // The indices come first.
            const keys = context.showHidden ? ReflectOwnKeys(this) : ObjectKeys(this);
            for (let i = this.length; i < keys.length; i++) {
                const text = inspect({ __proto__: null, [keys[i]]: this[keys[i]] },
                    { ...context, breakLength: Infinity, compact: true });
                ArrayPrototypePush(parts, StringPrototypeSlice(text, '[Object: null prototype] { '.length, -2));
            }
        }
        return `<${constructorName(this)} ${ArrayPrototypeJoin(parts, ', ')}>`;
    },

    compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
        validateBytes(target, 'target');
        if (targetStart === undefined) targetStart = 0;
        else validateOffset(targetStart, 'targetStart');
        if (targetEnd === undefined) targetEnd = target.length;
        else validateOffset(targetEnd, 'targetEnd', 0, target.length);
        if (sourceStart === undefined) sourceStart = 0;
        else validateOffset(sourceStart, 'sourceStart');
        if (sourceEnd === undefined) sourceEnd = this.length;
        else validateOffset(sourceEnd, 'sourceEnd', 0, this.length);
        if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
        if (targetStart >= targetEnd) return 1;
        return compareBytes(this, sourceStart, sourceEnd, target, targetStart, targetEnd);
    },

    indexOf(value, byteOffset, encoding) {
        return search(this, value, byteOffset, encoding, true);
    },

    lastIndexOf(value, byteOffset, encoding) {
        return search(this, value, byteOffset, encoding, false);
    },

    includes(value, byteOffset, encoding) {
        return search(this, value, byteOffset, encoding, true) !== -1;
    },

    fill(value, offset, end, encoding) {
        return fill(this, value, offset, end, encoding);
    },

    write(string, offset, length, encoding) {
        if (typeof string !== 'string') throw argumentMustBeString();
        if (offset === undefined) return codecs.utf8Write(string, this, 0, this.length);
        if (length === undefined && typeof offset === 'string') {
            encoding = offset;
            offset = 0;
            length = this.length;
        } else {
            validateOffset(offset, 'offset', 0, this.length);
            const remaining = this.length - offset;
            if (length === undefined) {
                length = remaining;
            } else if (typeof length === 'string') {
                encoding = length;
                length = remaining;
            } else {
                validateOffset(length, 'length', 0, this.length);
                length = MathMin(length, remaining);
            }
        }
        return (encoding ? requireEncoding(encoding) : utf8).write(string, this, offset, offset + length);
    },

    toJSON() {
        const data = [];
        for (let i = 0; i < this.length; i++) data[i] = this[i];
        return { type: 'Buffer', data };
    },

    subarray(start, end) {
        const { length } = this;
        start = fromEnd(start, length);
        end = end === undefined ? length : fromEnd(end, length);
        return new FastBuffer(this.buffer, this.byteOffset + start, end > start ? end - start : 0);
    },

    slice(start, end) {
        return this.subarray(start, end);
    },

    swap16() {
        const { length } = this;
        if (length % 2 !== 0) throw new ERR_INVALID_BUFFER_SIZE('16-bits');
        for (let i = 0; i < length; i += 2) swap(this, i, i + 1);
        return this;
    },

    swap32() {
        const { length } = this;
        if (length % 4 !== 0) throw new ERR_INVALID_BUFFER_SIZE('32-bits');
        for (let i = 0; i < length; i += 4) {
            swap(this, i, i + 3);
            swap(this, i + 1, i + 2);
        }
        return this;
    },

    swap64() {
        const { length } = this;
        if (length % 8 !== 0) throw new ERR_INVALID_BUFFER_SIZE('64-bits');
        for (let i = 0; i < length; i += 8) {
            for (let j = 0; j < 4; j++) swap(this, i + j, i + 7 - j);
        }
        return this;
    },
};
methods.inspect = methods[inspectCustom];
methods.toLocaleString = methods.toString;

// Node's message differs from that of the other methods here.
function argumentMustBeString() {
    const error = new ERR_INVALID_ARG_TYPE('string', 'string', undefined);
    error.message = 'argument must be a string';
    return error;
}

/** An index that counts from the end when negative, within bounds. */
function fromEnd(index, length) {
    index = MathTrunc(index);
    if (index === 0 || NumberIsNaN(index)) return 0;
    if (index < 0) return MathMax(index + length, 0);
    return MathMin(index, length);
}

function constructorName(buffer) {
    try {
        const { constructor } = buffer;
        if (typeof constructor === 'function' && ObjectHasOwn(constructor, 'name')) return constructor.name;
    } catch {
        // A getter that throws must not spoil the printing.
    }
    return 'Buffer';
}

ObjectSetPrototypeOf(Buffer, Uint8Array);
for (const name in statics) Buffer[name] = statics[name];
Buffer.prototype = FastBuffer.prototype;
const numbers = require('internal/buffer/numbers');
for (const name in numbers) Buffer.prototype[name] = numbers[name];
for (const name in methods) Buffer.prototype[name] = methods[name];
Buffer.prototype[inspectCustom] = methods[inspectCustom];
ObjectDefineProperties(Buffer, {
    __proto__: null,
    [SymbolSpecies]: { __proto__: null, configurable: true, enumerable: false, get() { return FastBuffer; } },
});
ObjectDefineProperties(Buffer.prototype, {
    __proto__: null,
    constructor: { __proto__: null, configurable: true, enumerable: false, value: Buffer, writable: true },
    parent: { __proto__: null, enumerable: true, get() { return this instanceof Buffer ? this.buffer : undefined; } },
    offset: { __proto__: null, enumerable: true, get() { return this instanceof Buffer ? this.byteOffset : undefined; } },
});

function SlowBuffer(size) {
    return Buffer.allocUnsafeSlow(size);
}
ObjectSetPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
ObjectSetPrototypeOf(SlowBuffer, Uint8Array);

/** The bytes that `isUtf8` and `isAscii` look at. */
function inputBytes(input) {
    const bytes = bytesOf(input);
    if (bytes === undefined || (ArrayBufferIsView(input) && TypedArrayPrototypeGetSymbolToStringTag(input) === undefined)) {
        throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
    }
    const memory = ArrayBufferIsView(input) ? input.buffer : input;
    if (memory.detached) throw new ERR_INVALID_STATE('Cannot validate on a detached buffer');
    return bytes;
}

function isUtf8(input) {
    const bytes = inputBytes(input);
    return codecs.isUtf8(bytes, 0, bytes.length);
}

function isAscii(input) {
    const bytes = inputBytes(input);
    return codecs.isAscii(bytes, 0, bytes.length);
}

const isTranscodable = (encoding) => (
    encoding === utf8 || encoding === utf16le || encoding === latin1 || encoding === ascii);

function transcode(source, fromEncoding, toEncoding) {
    validateBytes(source, 'source');
    if (source.length === 0) return Buffer.alloc(0);
    const from = fromEncoding ? encodingOf(fromEncoding) : utf8;
    const to = toEncoding ? encodingOf(toEncoding) : utf8;
    if (!isTranscodable(from) || !isTranscodable(to)) {
        const error = new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
        error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
        error.errno = 1;
        throw error;
    }
    let text = from.slice(source, 0, source.length);
    // What the target cannot express becomes a question mark, a pair of surrogates one.
    if (to === latin1) text = RegExpPrototypeSymbolReplace(/[^\x00-\xff]/gu, text, '?');
    else if (to === ascii) text = RegExpPrototypeSymbolReplace(/[^\x00-\x7f]/gu, text, '?');
    return fromString(text, to.name);
}

const lazily = (name) => ({
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() { return require('internal/blob')[name]; },
});

const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength };

module.exports = { Buffer, SlowBuffer, transcode, isUtf8, isAscii, kMaxLength, kStringMaxLength, btoa, atob };
ObjectDefineProperties(module.exports, {
    __proto__: null,
    constants: { __proto__: null, configurable: false, enumerable: true, value: constants },
    INSPECT_MAX_BYTES: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() { return inspectMaxBytes; },
        set(value) {
            validateNumber(value, 'INSPECT_MAX_BYTES', 0);
            inspectMaxBytes = value;
        },
    },
    Blob: lazily('Blob'),
    resolveObjectURL: lazily('resolveObjectURL'),
    File: lazily('File'),
});
