// node:v8: serialization in this system's own format, and what of the heap's figures the engine has.

const {
    ArrayBufferIsView, DataViewPrototypeGetBuffer, DataViewPrototypeGetByteLength, DataViewPrototypeGetByteOffset, Error,
    Float64Array, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet, Uint32Array, Uint8Array,
} = primordials;

const { nodeError } = require('internal/errors');
const { validateString } = require('internal/validators');
const { VERSION } = require('internal/clone/format');
const { pack, unpack } = require('internal/clone');

const FIRST_CAPACITY = 64;

/** The bytes of a view as a Uint8Array. */
function bytesOf(value, name) {
    if (!ArrayBufferIsView(value)) throw nodeError('ERR_INVALID_ARG_TYPE', `${name} must be a TypedArray or a DataView`);
    return TypedArrayPrototypeGetSymbolToStringTag(value) === undefined ?
        new Uint8Array(DataViewPrototypeGetBuffer(value), DataViewPrototypeGetByteOffset(value), DataViewPrototypeGetByteLength(value)) :
        new Uint8Array(TypedArrayPrototypeGetBuffer(value), TypedArrayPrototypeGetByteOffset(value),
            TypedArrayPrototypeGetByteLength(value));
}

function bufferOf(bytes, start, end) {
    const { Buffer } = require('buffer');
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}

/** What a packed value throws becomes the plain Error that v8 has, unless a subclass makes another. */
function packed(value, makeError) {
    try {
        return new Uint8Array(pack(value));
    } catch (error) {
        const { isDOMException } = require('internal/dom_exception');
        if (!isDOMException(error)) throw error;
        throw new (makeError ?? Error)(error.message);
    }
}

// MARK: Streams of values

/** Writes values and raw parts one after the other; each value is packed by itself, behind its length. */
class Serializer {
    #bytes = new Uint8Array(FIRST_CAPACITY);
    #at = 0;

    #append(bytes) {
        const needed = this.#at + bytes.length;
        if (needed > this.#bytes.length) {
            const grown = new Uint8Array(needed * 2);
            TypedArrayPrototypeSet(grown, this.#bytes);
            this.#bytes = grown;
        }
        TypedArrayPrototypeSet(this.#bytes, bytes, this.#at);
        this.#at = needed;
    }

    writeHeader() {
        const head = new Uint8Array(2);
        head[0] = 0xff;
        head[1] = VERSION;
        this.#append(head);
    }

    writeValue(value) {
        const bytes = packed(value, this._getDataCloneError);
        this.writeUint32(bytes.length);
        this.#append(bytes);
        return true;
    }

    writeUint32(value) {
        const numbers = new Uint32Array(1);
        numbers[0] = value;
        this.#append(new Uint8Array(numbers.buffer));
    }

    writeUint64(high, low) {
        this.writeUint32(low);
        this.writeUint32(high);
    }

    writeDouble(value) {
        const numbers = new Float64Array(1);
        numbers[0] = value;
        this.#append(new Uint8Array(numbers.buffer));
    }

    writeRawBytes(source) { this.#append(bytesOf(source, 'source')); }

    releaseBuffer() {
        const bytes = this.#bytes;
        const at = this.#at;
        this.#bytes = new Uint8Array(FIRST_CAPACITY);
        this.#at = 0;
        return bufferOf(bytes, 0, at);
    }
}
Serializer.prototype._getDataCloneError = Error;

class Deserializer {
    #bytes;
    #at = 0;
    #version = 0;

    constructor(buffer) {
        this.#bytes = bytesOf(buffer, 'buffer');
        this.buffer = buffer;
    }

    #take(length, what) {
        if (length > this.#bytes.length - this.#at) throw new Error(`${what}() failed`);
        const copy = new Uint8Array(length);
        TypedArrayPrototypeSet(copy, new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length));
        this.#at += length;
        return copy;
    }

    readHeader() {
        const head = this.#take(2, 'ReadHeader');
        if (head[0] !== 0xff || head[1] !== VERSION) {
            throw new Error('Unable to deserialize cloned data due to invalid or unsupported version.');
        }
        this.#version = head[1];
        return true;
    }

    readValue() { return unpack(this.#take(this.readUint32(), 'ReadValue')); }
    getWireFormatVersion() { return this.#version; }
    readUint32() { return new Uint32Array(this.#take(4, 'ReadUint32').buffer)[0]; }

    readUint64() {
        const low = this.readUint32();
        return [this.readUint32(), low];
    }

    readDouble() { return new Float64Array(this.#take(8, 'ReadDouble').buffer)[0]; }

    readRawBytes(length) {
        const bytes = this.#take(length, 'ReadRawBytes');
        return bufferOf(bytes, 0, bytes.length);
    }
}

class DefaultSerializer extends Serializer {}
class DefaultDeserializer extends Deserializer {}

function serialize(value) {
    const serializer = new DefaultSerializer();
    serializer.writeHeader();
    serializer.writeValue(value);
    return serializer.releaseBuffer();
}

function deserialize(buffer) {
    const deserializer = new DefaultDeserializer(buffer);
    deserializer.readHeader();
    return deserializer.readValue();
}

// MARK: Figures

function getHeapStatistics() {
    const host = binding('process');
    const { 0: rss, 1: heapTotal, 2: heapUsed, 3: external } = host.memoryUsage();
    const limit = host.constrainedMemory() || host.availableMemory() + rss;
    return require('internal/heap').heapStatistics(heapUsed, heapTotal, external, limit);
}

/** The engine has one space. */
function getHeapSpaceStatistics() {
    const { total_heap_size: size, used_heap_size: used } = getHeapStatistics();
    return [{
        space_name: 'heap', space_size: size, space_used_size: used, space_available_size: size - used, physical_space_size: size,
    }];
}

function getHeapCodeStatistics() {
    return {
        code_and_metadata_size: 0, bytecode_and_metadata_size: 0, external_script_source_size: 0, cpu_profiler_metadata_size: 0,
    };
}

/** The engine has no flags that could change while it runs: the text is checked and nothing happens. */
function setFlagsFromString(flags) {
    validateString(flags, 'flags');
}

const cachedDataVersionTag = () => VERSION;

module.exports = {
    DefaultDeserializer, DefaultSerializer, Deserializer, Serializer, cachedDataVersionTag, deserialize, getHeapCodeStatistics,
    getHeapSpaceStatistics, getHeapStatistics, serialize, setFlagsFromString,
};
