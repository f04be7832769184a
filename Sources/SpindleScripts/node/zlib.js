// node:zlib.

const {
    ArrayBufferIsView, FunctionPrototypeCall, NumberIsFinite, NumberIsNaN, ObjectDefineProperty, ObjectFreeze, ObjectKeys,
    ObjectSetPrototypeOf, TypedArrayPrototypeSet, Uint8Array,
} = primordials;
const {
    codes: { ERR_BROTLI_INVALID_PARAM, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_ZLIB_INITIALIZATION_FAILED },
} = require('internal/errors');
const { validateFunction, validateUint32 } = require('internal/validators');
const { isAnyArrayBuffer } = require('internal/util/types');
const constants = require('internal/zlib/constants');
const { codes } = require('internal/zlib/codes');
const { CompressionStream, host, kShared, runSync, setParameters, tooLarge } = require('internal/zlib/stream');
const { Buffer, kMaxLength } = require('buffer');

const {
    BROTLI_DECODE, BROTLI_DECODER_PARAM_LARGE_WINDOW, BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH,
    BROTLI_OPERATION_PROCESS, BROTLI_PARAM_SIZE_HINT, DEFLATE, DEFLATERAW, GUNZIP, GZIP, INFLATE, INFLATERAW, UNZIP, Z_BLOCK, Z_DEFAULT_CHUNK,
    Z_DEFAULT_LEVEL, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY, Z_DEFAULT_WINDOWBITS, Z_FINISH, Z_FULL_FLUSH, Z_MIN_CHUNK, Z_NO_FLUSH,
} = constants;

/** A number from `lower` to `upper`, or `fallback` where there is none. */
function numberIn(value, name, lower, upper, fallback) {
    if (value === undefined || NumberIsNaN(value)) return fallback;
    if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
    if (!NumberIsFinite(value) && value !== upper) throw new ERR_OUT_OF_RANGE(name, 'a finite number', value);
    if (value < lower || value > upper) throw new ERR_OUT_OF_RANGE(name, `>= ${lower} and <= ${upper}`, value);
    return value;
}

function commonOptions(options) {
    return {
        given: options,
        chunkSize: numberIn(options?.chunkSize, 'options.chunkSize', Z_MIN_CHUNK, Infinity, Z_DEFAULT_CHUNK),
        maxOutputLength: numberIn(options?.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength),
    };
}

function dictionaryOf(value) {
    if (value === undefined) return undefined;
    if (ArrayBufferIsView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (isAnyArrayBuffer(value)) return new Uint8Array(value);
    throw new ERR_INVALID_ARG_TYPE('options.dictionary', ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], value);
}

/** How to flush and how to open a stream of zlib's. */
function zlibKinds(options, kind) {
    const flush = numberIn(options?.flush, 'options.flush', Z_NO_FLUSH, Z_BLOCK, Z_NO_FLUSH);
    const finishFlush = numberIn(options?.finishFlush, 'options.finishFlush', Z_NO_FLUSH, Z_BLOCK, Z_FINISH);
    const isReading = kind === INFLATE || kind === GUNZIP || kind === UNZIP;
    // What is read says itself how large its window is.
    const windowBits = isReading && (options?.windowBits === undefined || options?.windowBits === 0) ? 0 :
        numberIn(options?.windowBits, 'options.windowBits', kind === GZIP ? 9 : 8, 15, Z_DEFAULT_WINDOWBITS);
    const level = numberIn(options?.level, 'options.level', -1, 9, Z_DEFAULT_LEVEL);
    const memLevel = numberIn(options?.memLevel, 'options.memLevel', 1, 9, Z_DEFAULT_MEMLEVEL);
    const strategy = numberIn(options?.strategy, 'options.strategy', 0, 4, Z_DEFAULT_STRATEGY);
    const dictionary = dictionaryOf(options?.dictionary);
    const canShare = level !== 0 && windowBits === Z_DEFAULT_WINDOWBITS && memLevel === Z_DEFAULT_MEMLEVEL &&
        strategy === Z_DEFAULT_STRATEGY && dictionary === undefined;
    const open = (isLarge) => {
        let stream;
        const isShared = isLarge && canShare;
        // zlib has no raw streams with the smallest window.
        const bits = kind === DEFLATERAW && windowBits === 8 ? 9 : windowBits;
        if (dictionary === undefined) stream = host.open(kind, level, bits, memLevel, strategy, undefined, 0, isShared);
        else {
            const { 0: buffer, 1: id } = host.memory(dictionary.length);
            TypedArrayPrototypeSet(new Uint8Array(buffer), dictionary, 0);
            stream = host.open(kind, level, bits, memLevel, strategy, id, dictionary.length, false);
            host.release(id);
        }
        if (stream === undefined) throw new ERR_ZLIB_INITIALIZATION_FAILED();
        return stream;
    };
    return { flush, finishFlush, fullFlush: Z_FULL_FLUSH, open };
}

function brotliKinds(options, kind) {
    const operation = (value, name, fallback) => (
        numberIn(value, name, BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_EMIT_METADATA, fallback));
    const flush = operation(options?.flush, 'options.flush', BROTLI_OPERATION_PROCESS);
    const finishFlush = operation(options?.finishFlush, 'options.finishFlush', BROTLI_OPERATION_FINISH);
    const isDecoding = kind === BROTLI_DECODE;
    const parameters = [];
    const last = isDecoding ? BROTLI_DECODER_PARAM_LARGE_WINDOW : 9;
    const keys = options?.params === undefined ? [] : ObjectKeys(options.params);
    for (let i = 0; i < keys.length; i++) {
        const key = +keys[i];
        if (NumberIsNaN(key) || key < 0 || key > last) throw new ERR_BROTLI_INVALID_PARAM(keys[i]);
        const { [keys[i]]: value } = options.params;
        if (typeof value !== 'number' && typeof value !== 'boolean') {
            throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
        }
        parameters[parameters.length] = key;
        parameters[parameters.length] = +value;
    }
    const open = () => {
        const stream = host.openBrotli(isDecoding, parameters);
        if (stream !== undefined) return stream;
        if (host.hasBrotli()) throw new ERR_ZLIB_INITIALIZATION_FAILED();
        const { nodeError } = require('internal/errors');
        throw nodeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'Brotli is not installed: libbrotli1 is the package that has it', primordials.Error);
    };
    return { flush, finishFlush, fullFlush: BROTLI_OPERATION_FLUSH, open };
}

// MARK: Classes

function define(name, kind, kinds) {
    const constructor = {
        [name]: function (options) {
            if (!new.target) return new constructor(options);
            const common = commonOptions(options);
            FunctionPrototypeCall(CompressionStream, this, common, kinds(options, kind));
        },
    }[name];
    ObjectSetPrototypeOf(constructor.prototype, CompressionStream.prototype);
    ObjectSetPrototypeOf(constructor, CompressionStream);
    if (kinds === zlibKinds) {
        constructor.prototype.params = function params(level, strategy, callback) { setParameters(this, level, strategy, callback); };
    }
    return constructor;
}

const BROTLI_ENCODE_KIND = constants.BROTLI_ENCODE;
const formats = [
    ['Deflate', DEFLATE, zlibKinds, 'deflate'], ['Inflate', INFLATE, zlibKinds, 'inflate'], ['Gzip', GZIP, zlibKinds, 'gzip'],
    ['Gunzip', GUNZIP, zlibKinds, 'gunzip'], ['DeflateRaw', DEFLATERAW, zlibKinds, 'deflateRaw'],
    ['InflateRaw', INFLATERAW, zlibKinds, 'inflateRaw'], ['Unzip', UNZIP, zlibKinds, 'unzip'],
    ['BrotliCompress', BROTLI_ENCODE_KIND, brotliKinds, 'brotliCompress'],
    ['BrotliDecompress', BROTLI_DECODE, brotliKinds, 'brotliDecompress'],
];

// MARK: In one call

function bytesOf(value) {
    if (typeof value === 'string') return Buffer.from(value);
    if (ArrayBufferIsView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (isAnyArrayBuffer(value)) return new Uint8Array(value);
    throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], value);
}

/** Collects what `stream` makes of `bytes`. */
function collect(stream, bytes, callback) {
    const parts = [];
    let total = 0;
    stream.on('error', callback);
    stream.on('data', (chunk) => {
        total += chunk.length;
        if (total > stream._maxOutputLength) return stream.destroy(tooLarge(stream._maxOutputLength));
        parts[parts.length] = chunk;
    });
    stream.on('end', () => {
        const buffer = parts.length === 1 ? parts[0] : Buffer.concat(parts, total);
        stream.close();
        callback(null, stream._info ? { buffer, engine: stream } : buffer);
    });
    stream.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function asyncFunction(constructor, name) {
    return {
        [name](buffer, options, callback) {
            if (typeof options === 'function') {
                callback = options;
                options = undefined;
            }
            validateFunction(callback, 'callback');
            const bytes = bytesOf(buffer);
            // One chunk holds what is known to be large in fewer pieces.
            const stream = new constructor(
                bytes.length >= kShared && options?.chunkSize === undefined ? { ...options, chunkSize: 4 * Z_DEFAULT_CHUNK } : options);
            if (bytes.length >= kShared) stream._handle = stream._open(true);
            collect(stream, bytes, callback);
        },
    }[name];
}

function syncFunction(constructor, name, kind, kinds) {
    return {
        [name](buffer, options) {
            const common = commonOptions(options);
            const bytes = bytesOf(buffer);
            const { buffer: result, read } = runSync(common, kinds(options, kind), bytes);
            if (!options?.info) return result;
            const engine = new constructor(options);
            engine.bytesWritten = read;
            return { buffer: result, engine };
        },
    }[name];
}

// MARK: Exports

/** The checksum of CRC-32 of `data`, going on from `value`. */
function crc32(data, value = 0) {
    if (typeof data !== 'string' && !ArrayBufferIsView(data)) {
        throw new ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
    }
    validateUint32(value, 'value');
    const bytes = bytesOf(data);
    const { 0: buffer, 1: id } = host.memory(bytes.length);
    TypedArrayPrototypeSet(new Uint8Array(buffer), bytes, 0);
    const sum = host.crc32(id, bytes.length, value);
    host.release(id);
    return sum;
}

module.exports = { crc32 };
for (let i = 0; i < formats.length; i++) {
    const { 0: name, 1: kind, 2: kinds, 3: call } = formats[i];
    const constructor = define(name, kind, kinds);
    module.exports[name] = constructor;
    ObjectDefineProperty(module.exports, `create${name}`, {
        __proto__: null, configurable: true, enumerable: true, value: (options) => new constructor(options), writable: true,
    });
    module.exports[call] = asyncFunction(constructor, call);
    module.exports[`${call}Sync`] = syncFunction(constructor, `${call}Sync`, kind, kinds);
}
for (const object of [constants, codes]) ObjectFreeze(object);
for (const [name, value] of [['constants', constants], ['codes', codes]]) {
    ObjectDefineProperty(module.exports, name, { __proto__: null, configurable: false, enumerable: true, value, writable: false });
}
// As programs of old name them.
const names = ObjectKeys(constants);
for (let i = 0; i < names.length; i++) {
    if (names[i][0] !== 'Z') continue;
    ObjectDefineProperty(module.exports, names[i], {
        __proto__: null, configurable: false, enumerable: false, value: constants[names[i]], writable: false,
    });
}
