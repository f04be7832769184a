// The methods of buffers that read and write numbers. Each fixed width has a function of its own, so that the compiler
// specialises it; the widths that are an argument share a loop.

const {
    ArrayBuffer,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
    MathFloor,
    TypeError,
    Uint8Array,
} = primordials;

const { codes: { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateNumber } = require('internal/validators');

// Numbers pass through this memory to become bytes; the platforms of this engine are little-endian.
const memory = new ArrayBuffer(8);
const float64 = new Float64Array(memory);
const float32 = new Float32Array(memory);
const int64 = new BigInt64Array(memory);
const uint64 = new BigUint64Array(memory);
const scratch = new Uint8Array(memory);

function boundsError(value, most, name = 'offset') {
    if (MathFloor(value) !== value) {
        validateNumber(value, name);
        throw new ERR_OUT_OF_RANGE(name, 'an integer', value);
    }
    if (most < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
    throw new ERR_OUT_OF_RANGE(name, `>= ${name === 'offset' ? 0 : 1} and <= ${most}`, value);
}

/** Throws unless `size` bytes lie at `offset`. */
function check(buffer, offset, size) {
    if (typeof offset !== 'number') throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    if (buffer[offset] === undefined || buffer[offset + size - 1] === undefined) boundsError(offset, buffer.length - size);
}

function checkValue(value, min, max, size) {
    if (typeof value !== typeof min) throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
    if (!(value > max || value < min)) return;
    const n = typeof min === 'bigint' ? 'n' : '';
    let range;
    if (size < 5) range = `>= ${min}${n} and <= ${max}${n}`;
    else if (min === 0 || min === 0n) range = `>= 0${n} and < 2${n} ** ${size * 8}${n}`;
    else range = `>= -(2${n} ** ${size * 8 - 1}${n}) and < 2${n} ** ${size * 8 - 1}${n}`;
    throw new ERR_OUT_OF_RANGE('value', range, value);
}

function checkWidth(offset, width) {
    if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
    if (typeof width !== 'number') throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', width);
    if (!(width >= 1 && width <= 6 && MathFloor(width) === width)) boundsError(width, 6, 'byteLength');
}

function readLE(buffer, offset, width) {
    checkWidth(offset, width);
    check(buffer, offset, width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 0x100 + buffer[offset + i];
    return value;
}

function readBE(buffer, offset, width) {
    checkWidth(offset, width);
    check(buffer, offset, width);
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 0x100 + buffer[offset + i];
    return value;
}

const signed = (value, width) => (value < 2 ** (8 * width - 1) ? value : value - 2 ** (8 * width));

/** `first` is the place of the least significant byte, `step` leads to the next. */
function writeWide(buffer, value, width, first, step) {
    // Shifts see 32 bits only.
    const high = MathFloor(value * 2 ** -32);
    for (let i = 0, at = first; i < width; i++, at += step) buffer[at] = i < 4 ? value >>> 8 * i : high >>> 8 * (i - 4);
}

function writeLE(buffer, value, offset, width, isSigned) {
    checkWidth(offset, width);
    value = +value;
    const limit = isSigned ? 2 ** (8 * width - 1) : 2 ** (8 * width);
    checkValue(value, isSigned ? -limit : 0, limit - 1, width);
    check(buffer, offset, width);
    writeWide(buffer, value, width, offset, 1);
    return offset + width;
}

function writeBE(buffer, value, offset, width, isSigned) {
    checkWidth(offset, width);
    value = +value;
    const limit = isSigned ? 2 ** (8 * width - 1) : 2 ** (8 * width);
    checkValue(value, isSigned ? -limit : 0, limit - 1, width);
    check(buffer, offset, width);
    writeWide(buffer, value, width, offset + width - 1, -1);
    return offset + width;
}

function write16LE(buffer, value, offset, min, max) {
    value = +value;
    checkValue(value, min, max, 2);
    check(buffer, offset, 2);
    buffer[offset] = value;
    buffer[offset + 1] = value >>> 8;
    return offset + 2;
}

function write16BE(buffer, value, offset, min, max) {
    value = +value;
    checkValue(value, min, max, 2);
    check(buffer, offset, 2);
    buffer[offset] = value >>> 8;
    buffer[offset + 1] = value;
    return offset + 2;
}

function write32LE(buffer, value, offset, min, max) {
    value = +value;
    checkValue(value, min, max, 4);
    check(buffer, offset, 4);
    buffer[offset] = value;
    buffer[offset + 1] = value >>> 8;
    buffer[offset + 2] = value >>> 16;
    buffer[offset + 3] = value >>> 24;
    return offset + 4;
}

function write32BE(buffer, value, offset, min, max) {
    value = +value;
    checkValue(value, min, max, 4);
    check(buffer, offset, 4);
    buffer[offset] = value >>> 24;
    buffer[offset + 1] = value >>> 16;
    buffer[offset + 2] = value >>> 8;
    buffer[offset + 3] = value;
    return offset + 4;
}

function load(buffer, offset, size) {
    check(buffer, offset, size);
    for (let i = 0; i < size; i++) scratch[i] = buffer[offset + i];
}

function loadReversed(buffer, offset, size) {
    check(buffer, offset, size);
    for (let i = 0; i < size; i++) scratch[size - 1 - i] = buffer[offset + i];
}

function store(buffer, offset, size) {
    check(buffer, offset, size);
    for (let i = 0; i < size; i++) buffer[offset + i] = scratch[i];
    return offset + size;
}

function storeReversed(buffer, offset, size) {
    check(buffer, offset, size);
    for (let i = 0; i < size; i++) buffer[offset + i] = scratch[size - 1 - i];
    return offset + size;
}

const maxUint64 = 0xffffffffffffffffn;
const maxInt64 = 0x7fffffffffffffffn;
const minInt64 = -0x8000000000000000n;

const methods = {
    __proto__: null,

    readUInt8(offset = 0) {
        check(this, offset, 1);
        return this[offset];
    },
    readInt8(offset = 0) {
        check(this, offset, 1);
        return this[offset] << 24 >> 24;
    },
    readUInt16LE(offset = 0) {
        check(this, offset, 2);
        return this[offset] | this[offset + 1] << 8;
    },
    readUInt16BE(offset = 0) {
        check(this, offset, 2);
        return this[offset] << 8 | this[offset + 1];
    },
    readInt16LE(offset = 0) {
        check(this, offset, 2);
        return this[offset] | this[offset + 1] << 24 >> 16;
    },
    readInt16BE(offset = 0) {
        check(this, offset, 2);
        return this[offset] << 24 >> 16 | this[offset + 1];
    },
    readUInt32LE(offset = 0) {
        check(this, offset, 4);
        return (this[offset] | this[offset + 1] << 8 | this[offset + 2] << 16 | this[offset + 3] << 24) >>> 0;
    },
    readUInt32BE(offset = 0) {
        check(this, offset, 4);
        return (this[offset] << 24 | this[offset + 1] << 16 | this[offset + 2] << 8 | this[offset + 3]) >>> 0;
    },
    readInt32LE(offset = 0) {
        check(this, offset, 4);
        return this[offset] | this[offset + 1] << 8 | this[offset + 2] << 16 | this[offset + 3] << 24;
    },
    readInt32BE(offset = 0) {
        check(this, offset, 4);
        return this[offset] << 24 | this[offset + 1] << 16 | this[offset + 2] << 8 | this[offset + 3];
    },
    readUIntLE(offset, byteLength) { return readLE(this, offset, byteLength); },
    readUIntBE(offset, byteLength) { return readBE(this, offset, byteLength); },
    readIntLE(offset, byteLength) { return signed(readLE(this, offset, byteLength), byteLength); },
    readIntBE(offset, byteLength) { return signed(readBE(this, offset, byteLength), byteLength); },
    readBigUInt64LE(offset = 0) {
        load(this, offset, 8);
        return uint64[0];
    },
    readBigUInt64BE(offset = 0) {
        loadReversed(this, offset, 8);
        return uint64[0];
    },
    readBigInt64LE(offset = 0) {
        load(this, offset, 8);
        return int64[0];
    },
    readBigInt64BE(offset = 0) {
        loadReversed(this, offset, 8);
        return int64[0];
    },
    readFloatLE(offset = 0) {
        load(this, offset, 4);
        return float32[0];
    },
    readFloatBE(offset = 0) {
        loadReversed(this, offset, 4);
        return float32[0];
    },
    readDoubleLE(offset = 0) {
        load(this, offset, 8);
        return float64[0];
    },
    readDoubleBE(offset = 0) {
        loadReversed(this, offset, 8);
        return float64[0];
    },

    writeUInt8(value, offset = 0) {
        value = +value;
        checkValue(value, 0, 0xff, 1);
        check(this, offset, 1);
        this[offset] = value;
        return offset + 1;
    },
    writeInt8(value, offset = 0) {
        value = +value;
        checkValue(value, -0x80, 0x7f, 1);
        check(this, offset, 1);
        this[offset] = value;
        return offset + 1;
    },
    writeUInt16LE(value, offset = 0) { return write16LE(this, value, offset, 0, 0xffff); },
    writeUInt16BE(value, offset = 0) { return write16BE(this, value, offset, 0, 0xffff); },
    writeInt16LE(value, offset = 0) { return write16LE(this, value, offset, -0x8000, 0x7fff); },
    writeInt16BE(value, offset = 0) { return write16BE(this, value, offset, -0x8000, 0x7fff); },
    writeUInt32LE(value, offset = 0) { return write32LE(this, value, offset, 0, 0xffffffff); },
    writeUInt32BE(value, offset = 0) { return write32BE(this, value, offset, 0, 0xffffffff); },
    writeInt32LE(value, offset = 0) { return write32LE(this, value, offset, -0x80000000, 0x7fffffff); },
    writeInt32BE(value, offset = 0) { return write32BE(this, value, offset, -0x80000000, 0x7fffffff); },
    writeUIntLE(value, offset, byteLength) { return writeLE(this, value, offset, byteLength, false); },
    writeUIntBE(value, offset, byteLength) { return writeBE(this, value, offset, byteLength, false); },
    writeIntLE(value, offset, byteLength) { return writeLE(this, value, offset, byteLength, true); },
    writeIntBE(value, offset, byteLength) { return writeBE(this, value, offset, byteLength, true); },
    writeBigUInt64LE(value, offset = 0) {
        checkValue(value, 0n, maxUint64, 8);
        uint64[0] = value;
        return store(this, offset, 8);
    },
    writeBigUInt64BE(value, offset = 0) {
        checkValue(value, 0n, maxUint64, 8);
        uint64[0] = value;
        return storeReversed(this, offset, 8);
    },
    writeBigInt64LE(value, offset = 0) {
        checkValue(value, minInt64, maxInt64, 8);
        int64[0] = value;
        return store(this, offset, 8);
    },
    writeBigInt64BE(value, offset = 0) {
        checkValue(value, minInt64, maxInt64, 8);
        int64[0] = value;
        return storeReversed(this, offset, 8);
    },
    writeFloatLE(value, offset = 0) {
        float32[0] = value;
        return store(this, offset, 4);
    },
    writeFloatBE(value, offset = 0) {
        float32[0] = value;
        return storeReversed(this, offset, 4);
    },
    writeDoubleLE(value, offset = 0) {
        float64[0] = value;
        return store(this, offset, 8);
    },
    writeDoubleBE(value, offset = 0) {
        float64[0] = value;
        return storeReversed(this, offset, 8);
    },
};

const both = ['8', '16LE', '16BE', '32LE', '32BE', 'LE', 'BE'];
for (let i = 0; i < both.length; i++) {
    methods[`readUint${both[i]}`] = methods[`readUInt${both[i]}`];
    methods[`writeUint${both[i]}`] = methods[`writeUInt${both[i]}`];
}
methods.readBigUint64LE = methods.readBigUInt64LE;
methods.readBigUint64BE = methods.readBigUInt64BE;
methods.writeBigUint64LE = methods.writeBigUInt64LE;
methods.writeBigUint64BE = methods.writeBigUInt64BE;

module.exports = methods;
