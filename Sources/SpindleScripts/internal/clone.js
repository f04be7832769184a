// Structured clone: `structuredClone` within one engine, messages between engines, and bytes that stand for themselves.

const {
    ArrayBuffer, ArrayBufferPrototypeGetDetached, ArrayBufferPrototypeTransfer, ArrayIsArray, Error, ReflectApply, SafeMap,
    StringFromCharCode, StringPrototype, StringPrototypeCharCodeAt, SymbolIterator, TypedArrayPrototypeSet, Uint16Array,
    Uint32Array, Uint8Array, stringMethods,
} = primordials;

const { nodeError } = require('internal/errors');
const { VERSION } = require('internal/clone/format');
const { isMarkedAsUntransferable, typeOf } = require('internal/transferable');
const { dataCloneError, kind, kinds, newList } = require('internal/clone/values');
const { Reader } = require('internal/clone/reader');
const { Writer } = require('internal/clone/writer');

// MARK: Transfer lists

/** The items of a transfer list, which may be any iterable; `name` is for the message. */
function listOf(list, name) {
    if (list === undefined || list === null) return [];
    if (ArrayIsArray(list)) return list;
    if (typeof list === 'object' && typeof list[SymbolIterator] === 'function') return [...list];
    throw nodeError('ERR_INVALID_ARG_TYPE', `Optional ${name} argument must be an iterable`);
}

const none = newList();

/** The items of the second argument of a postMessage: a transfer list or options that have one. */
function transfersOf(argument) {
    if (argument === undefined || argument === null) return none;
    if (typeof argument !== 'object') throw nodeError('ERR_INVALID_ARG_TYPE', 'Optional transferList argument must be an iterable');
    if (ArrayIsArray(argument) || argument[SymbolIterator] !== undefined) return listOf(argument, 'transferList');
    return listOf(argument.transfer, 'options.transfer');
}

const unsupported = () => dataCloneError('Cannot transfer object of unsupported type.');

/** Maps each item to its index, or throws if one cannot be transferred. `source` is the port that sends. */
function checkTransfers(list, source) {
    const transfers = new SafeMap();
    for (let i = 0; i < list.length; i++) {
        const item = list[i];
        const isObject = typeof item === 'object' && item !== null;
        const isBuffer = isObject && kind(item) === kinds.BUFFER;
        const type = isObject && !isBuffer ? typeOf(item) : undefined;
        if (!isBuffer && type?.transfer === undefined) throw dataCloneError('Found invalid object in transferList');
        if (item === source) throw dataCloneError('Transfer list contains source port');
        if (isMarkedAsUntransferable(item)) throw unsupported();
        if (isBuffer ? ArrayBufferPrototypeGetDetached(item) : type.detached(item)) {
            throw isBuffer ? unsupported() : dataCloneError(`${type.name} in transfer list is already detached`);
        }
        if (transfers.has(item)) {
            throw dataCloneError(`Transfer list contains duplicate ${isBuffer ? 'ArrayBuffer' : type.name}`);
        }
        transfers.set(item, i);
    }
    return transfers;
}

/** Takes the items over, all or none: a getter that ran while the value was written may have detached some. */
function takeTransfers(list, attachments) {
    for (let i = 0; i < list.length; i++) {
        const type = typeOf(list[i]);
        if (type === undefined ? ArrayBufferPrototypeGetDetached(list[i]) : type.detached(list[i])) throw unsupported();
    }
    for (let i = 0; i < list.length; i++) {
        const type = typeOf(list[i]);
        attachments[i] = type === undefined ? ArrayBufferPrototypeTransfer(list[i]) : type.transfer(list[i]);
    }
}

// MARK: Messages

const FIRST_CAPACITY = 1 << 12;
let spare = null;

/** Has messages written to `buffer` as long as they are short. */
function useBuffer(buffer) { spare = new Writer(buffer); }

/**
 * Writes a message. The answer is good until it is given to `release`: `bytes` and their length `at`, `text`, and
 * `attachments` (null if there are none): buffers, shared buffers and host handles, none of which a guest has seen.
 */
function encode(value, list, source) {
    const writer = spare ?? new Writer(new ArrayBuffer(FIRST_CAPACITY));
    // A getter may clone something itself.
    spare = null;
    try {
        if (list === undefined || list.length === 0) {
            writer.message(value);
        } else {
            const items = newList();
            for (let i = 0; i < list.length; i++) items[i] = list[i];
            writer.transfers = checkTransfers(items, source);
            for (let i = 0; i < items.length; i++) writer.attach(undefined);
            writer.message(value);
            takeTransfers(items, writer.attachments);
        }
        return writer;
    } catch (error) {
        release(writer);
        throw error;
    }
}

function release(writer) {
    writer.reset();
    if (writer.isReusable) spare = writer;
}

/** The value of the message in the first `length` bytes of the reader's buffer. */
function decode(reader, length, text, attachments) {
    return decodeAt(reader, 0, length, text, 0, text.length, attachments);
}

/** The same for one message of several; see `Reader.messageAt`. */
function decodeAt(reader, from, end, text, textFrom, textEnd, attachments) {
    try {
        return reader.messageAt(from, end, text, textFrom, textEnd, attachments);
    } catch {
        throw new Error('Unable to deserialize cloned data.');
    }
}

/** A message as an object that lasts. */
function serialize(value, list) {
    const writer = encode(value, list);
    const bytes = new Uint8Array(writer.at);
    TypedArrayPrototypeSet(bytes, new Uint8Array(writer.buffer, 0, writer.at));
    const { text, attachments } = writer;
    // Joins the pieces of the text, as the host does when it takes it: cutting an unjoined one is quadratic.
    if (text !== '') StringPrototypeCharCodeAt(text, 0);
    release(writer);
    return { bytes, text, attachments };
}

function deserialize({ bytes, text, attachments }) {
    return decode(new Reader(alignedCopy(bytes)), bytes.length, text, attachments);
}

function alignedCopy(bytes) {
    const buffer = new ArrayBuffer(bytes.length);
    TypedArrayPrototypeSet(new Uint8Array(buffer), bytes);
    return buffer;
}

// MARK: Within one engine

/** Of a value that goes to nobody else. */
function copy(value) {
    const { Copier } = require('internal/clone/copier');
    return new Copier().run(value);
}

function structuredClone(value, options) {
    if (arguments.length === 0) throw nodeError('ERR_MISSING_ARGS', 'The value argument must be specified');
    if (options === undefined || options === null) return copy(value);
    if (typeof options !== 'object' && typeof options !== 'function') {
        throw nodeError('ERR_INVALID_ARG_TYPE', 'The options argument must be either an object or undefined');
    }
    const list = listOf(options.transfer, 'transferList');
    if (list.length === 0) return copy(value);
    return deserialize(serialize(value, list));
}

// MARK: The packed form

// One run of bytes for a message without attachments: 'S', VERSION, bytes per unit of the text (1 or 2), 0, the length of the
// structure as u32, the number of units as u32, 0 as u32; the structure; the units, padded to their size.
const HEAD = 16;
const MAGIC = 0x53;

/** The units of a text as bytes: one each if all are below 256, else two. */
function unitsOf(text) {
    const { length } = text;
    const narrow = new Uint8Array(length);
    // The loop must not call what a guest put there.
    const isPristine = StringPrototype.charCodeAt === stringMethods.charCodeAt;
    for (let i = 0; i < length; i++) {
        const unit = isPristine ? text.charCodeAt(i) : StringPrototypeCharCodeAt(text, i);
        if (unit > 0xff) return wideUnitsOf(text, isPristine);
        narrow[i] = unit;
    }
    return narrow;
}

function wideUnitsOf(text, isPristine) {
    const { length } = text;
    const wide = new Uint16Array(length);
    for (let i = 0; i < length; i++) wide[i] = isPristine ? text.charCodeAt(i) : StringPrototypeCharCodeAt(text, i);
    return wide;
}

function textOf(units, length) {
    let text = '';
    for (let from = 0; from < length; from += 8192) {
        const count = length - from < 8192 ? length - from : 8192;
        const part = [];
        for (let i = 0; i < count; i++) part[i] = units[from + i];
        text += ReflectApply(StringFromCharCode, undefined, part);
    }
    return text;
}

/** The packed form of a value as the bytes of a new ArrayBuffer. What needs a carrier cannot be cloned this way. */
function pack(value) {
    const writer = spare ?? new Writer(new ArrayBuffer(FIRST_CAPACITY));
    spare = null;
    try {
        writer.isSelfContained = true;
        writer.message(value);
        const units = unitsOf(writer.text);
        const width = units.BYTES_PER_ELEMENT;
        const textAt = padded(HEAD + writer.at, width);
        const buffer = new ArrayBuffer(textAt + units.length * width);
        const bytes = new Uint8Array(buffer);
        bytes[0] = MAGIC;
        bytes[1] = VERSION;
        bytes[2] = width;
        const head = new Uint32Array(buffer, 0, 3);
        head[1] = writer.at;
        head[2] = units.length;
        TypedArrayPrototypeSet(bytes, new Uint8Array(writer.buffer, 0, writer.at), HEAD);
        TypedArrayPrototypeSet(width === 1 ? bytes : new Uint16Array(buffer, textAt), units, width === 1 ? textAt : 0);
        return buffer;
    } finally {
        release(writer);
    }
}

const padded = (offset, size) => offset + ((size - offset % size) % size);

/** The value of the packed form that fills `bytes`. */
function unpack(bytes) {
    const isPacked = bytes.length >= HEAD && bytes[0] === MAGIC && bytes[1] === VERSION && (bytes[2] === 1 || bytes[2] === 2);
    if (!isPacked) throw new Error('Unable to deserialize cloned data due to invalid or unsupported version.');
    const buffer = alignedCopy(bytes);
    const width = bytes[2];
    const { 1: length, 2: count } = new Uint32Array(buffer, 0, 3);
    const textAt = padded(HEAD + length, width);
    if (textAt + count * width > bytes.length) throw new Error('Unable to deserialize cloned data.');
    const units = width === 1 ? new Uint8Array(buffer, textAt, count) : new Uint16Array(buffer, textAt, count);
    return decode(new Reader(buffer, HEAD), length, textOf(units, count), null);
}

module.exports = {
    checkTransfers, decode, decodeAt, deserialize, encode, pack, release, serialize, structuredClone, transfersOf, unpack,
    useBuffer,
};
