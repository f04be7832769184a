// Blob and File: immutable bytes in memory.

const {
    DateNow,
    MathMax,
    MathMin,
    Number,
    NumberIsNaN,
    ObjectDefineProperties,
    PromiseReject,
    PromiseResolve,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    SafeMap,
    StringPrototypeToLowerCase,
    StringPrototypeToWellFormed,
    SymbolFor,
    SymbolIterator,
    SymbolToStringTag,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeSet,
    TypedArrayPrototypeSlice,
    TypedArrayPrototypeSubarray,
    Uint8Array,
} = primordials;

const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { validateDictionary } = require('internal/validators');
const { encodeUtf8, utf8Slice } = require('internal/codecs');
const { bytesOf } = require('internal/encoding');
const { defineType, register } = require('internal/transferable');

const inspectCustom = SymbolFor('nodejs.util.inspect.custom');

/** The bytes of one item of the constructor's list; those of a blob are shared, as nothing can change them. */
function bytesOfPart(part, endings) {
    if (isBlob(part)) return storedBytes(part);
    const bytes = bytesOf(part);
    if (bytes !== undefined) return TypedArrayPrototypeSlice(bytes);
    let text = `${part}`;
    if (endings === 'native') text = RegExpPrototypeSymbolReplace(/\r\n|\r/g, text, '\n');
    return encodeUtf8(text);
}

function concatenated(list) {
    if (list.length === 1) return list[0];
    let length = 0;
    for (let i = 0; i < list.length; i++) length += list[i].length;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < list.length; i++) {
        TypedArrayPrototypeSet(bytes, list[i], at);
        at += list[i].length;
    }
    return bytes;
}

/** A type with anything but printable ASCII is no type. */
function normalizedType(type) {
    return RegExpPrototypeExec(/[^\x20-\x7e]/, type) === null ? StringPrototypeToLowerCase(type) : '';
}

let isBlob;
let storedBytes;
let blobOf;

class Blob {
    #bytes;
    #type;

    static {
        isBlob = (value) => value !== null && typeof value === 'object' && #bytes in value;
        storedBytes = (blob) => blob.#bytes;
        blobOf = (bytes, type) => {
            const blob = new Blob();
            blob.#bytes = bytes;
            blob.#type = type;
            return blob;
        };
    }

    constructor(sources = [], options = undefined) {
        if (sources === null || typeof sources?.[SymbolIterator] !== 'function' || typeof sources === 'string') {
            throw new ERR_INVALID_ARG_TYPE('sources', 'a sequence', sources);
        }
        validateDictionary(options, 'options');
        const type = options?.type ?? '';
        const endings = options?.endings ?? 'transparent';
        if (endings !== 'transparent' && endings !== 'native') {
            throw new ERR_INVALID_ARG_VALUE('options.endings', endings);
        }
        const parts = [];
        for (const part of sources) parts[parts.length] = bytesOfPart(part, endings);
        this.#bytes = concatenated(parts);
        this.#type = normalizedType(`${type}`);
        register(this, blobType);
    }

    get type() {
        checkBlob(this);
        return this.#type;
    }

    get size() {
        checkBlob(this);
        return this.#bytes.length;
    }

    slice(start = 0, end = undefined, contentType = '') {
        checkBlob(this);
        const { length } = this.#bytes;
        const from = position(start, length);
        const to = end === undefined ? length : position(end, length);
        return blobOf(TypedArrayPrototypeSubarray(this.#bytes, from, MathMax(from, to)), normalizedType(`${contentType}`));
    }

    arrayBuffer() {
        if (!isBlob(this)) return PromiseReject(new ERR_INVALID_THIS('Blob'));
        return PromiseResolve(TypedArrayPrototypeGetBuffer(TypedArrayPrototypeSlice(this.#bytes)));
    }

    bytes() {
        if (!isBlob(this)) return PromiseReject(new ERR_INVALID_THIS('Blob'));
        return PromiseResolve(TypedArrayPrototypeSlice(this.#bytes));
    }

    stream() {
        checkBlob(this);
        const { ReadableStream } = require('internal/webstreams/readable');
        const bytes = this.#bytes;
        let at = 0;
        return new ReadableStream({
            __proto__: null,
            type: 'bytes',
            pull(controller) {
                const end = MathMin(at + 65536, bytes.length);
                // Copies, for nothing may change a blob.
                if (end > at) controller.enqueue(TypedArrayPrototypeSlice(bytes, at, end));
                at = end;
                if (at < bytes.length) return;
                controller.close();
                controller.byobRequest?.respond(0);
            },
        }, { __proto__: null, highWaterMark: 0 });
    }

    text() {
        if (!isBlob(this)) return PromiseReject(new ERR_INVALID_THIS('Blob'));
        const hasMark = this.#bytes[0] === 0xef && this.#bytes[1] === 0xbb && this.#bytes[2] === 0xbf;
        return PromiseResolve(utf8Slice(this.#bytes, hasMark ? 3 : 0, this.#bytes.length));
    }

    [inspectCustom](depth, options, inspect) {
        if (depth !== null && depth < 0) return this;
        const { size, type } = this;
        return `Blob ${inspect({ size, type }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
    }
}

function checkBlob(blob) {
    if (!isBlob(blob)) throw new ERR_INVALID_THIS('Blob');
}

function position(index, length) {
    index = Number(index);
    if (NumberIsNaN(index)) return 0;
    return index < 0 ? MathMax(length + index, 0) : MathMin(index, length);
}

let isFile;

class File extends Blob {
    #name;
    #lastModified;

    constructor(fileBits, fileName, options = undefined) {
        if (arguments.length < 2) throw new ERR_MISSING_ARGS('fileBits', 'fileName');
        super(fileBits, options);
        const lastModified = options?.lastModified;
        // A number as Web IDL's `long long` takes it.
        const time = lastModified === undefined ? DateNow() : Number(lastModified);
        this.#lastModified = time - time === 0 ? time - time % 1 : 0;
        this.#name = StringPrototypeToWellFormed(`${fileName}`);
        register(this, fileType);
    }

    get name() {
        if (!isFile(this)) throw new ERR_INVALID_THIS('File');
        return this.#name;
    }

    get lastModified() {
        if (!isFile(this)) throw new ERR_INVALID_THIS('File');
        return this.#lastModified;
    }

    static {
        isFile = (value) => value !== null && typeof value === 'object' && #name in value;
    }

    [inspectCustom](depth, options, inspect) {
        if (depth !== null && depth < 0) return this;
        const { size, type, name, lastModified } = this;
        const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
        return `File ${inspect({ size, type, name, lastModified }, inner)}`;
    }
}

// Blobs that a URL of the scheme `blob:` stands for.
const registered = new SafeMap();
let lastId = 0;

function createObjectURL(blob) {
    if (!isBlob(blob)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', blob);
    const id = `blob:nodedata:${++lastId}`;
    registered.set(id, blob);
    return id;
}

function resolveObjectURL(url) {
    return registered.get(`${url}`);
}

function revokeObjectURL(url) {
    registered.delete(`${url}`);
}

// What a message carries: a slice is copied out of the memory it shares.
const stateOf = (blob) => ({ bytes: TypedArrayPrototypeSlice(storedBytes(blob)), type: blob.type });
const blobType = defineType({
    name: 'Blob',
    clone: stateOf,
    restore: ({ bytes, type }) => blobOf(bytes, type),
});
const fileType = defineType({
    name: 'File',
    clone: (file) => ({ ...stateOf(file), name: file.name, lastModified: file.lastModified }),
    restore: ({ bytes, name, ...options }) => new File([bytes], name, options),
});

const enumerable = { __proto__: null, enumerable: true };
ObjectDefineProperties(Blob.prototype, {
    __proto__: null,
    arrayBuffer: enumerable,
    bytes: enumerable,
    size: enumerable,
    slice: enumerable,
    stream: enumerable,
    text: enumerable,
    type: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'Blob' },
});
ObjectDefineProperties(File.prototype, {
    __proto__: null,
    lastModified: enumerable,
    name: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'File' },
});

module.exports = { Blob, File, createObjectURL, isBlob, resolveObjectURL, revokeObjectURL };
