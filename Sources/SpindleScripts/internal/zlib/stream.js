// The streams of node:zlib: a Transform over a stream of the host.

const {
    Error, FunctionPrototypeCall, MathMax, MathMin, ObjectDefineProperty, ObjectSetPrototypeOf, Symbol, TypedArrayPrototypeSet,
    TypedArrayPrototypeSlice, Uint8Array,
} = primordials;
const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const constants = require('internal/zlib/constants');
const { Buffer } = require('buffer');
const { Transform } = require('stream');
const { finished } = require('internal/streams/finished');

const host = binding('zlib');
const { codes } = require('internal/zlib/codes');

/** An empty chunk that says how to flush; no input of a program is marked so. */
const kFlushKind = Symbol('kFlushKind');
/** In which order one flush takes another's place. */
const kForce = [0, 1, 3, 4, 5, 2];
const flushForce = [];
for (let i = 0; i < kForce.length; i++) flushForce[kForce[i]] = i;
const stronger = (a, b) => (flushForce[a] > flushForce[b] ? a : b);

/** Memory of the host for the input and output of one stream, which grows with the chunks. */
class Lane {
    #input = { id: 0, bytes: undefined };
    #output = { id: 0, bytes: undefined };

    putInput(chunk) {
        if (this.#input.bytes === undefined || this.#input.bytes.length < chunk.length) this.#input = replace(this.#input, chunk.length);
        TypedArrayPrototypeSet(this.#input.bytes, chunk, 0);
        return this.#input.id;
    }
    output(size) {
        if (this.#output.bytes === undefined || this.#output.bytes.length < size) this.#output = replace(this.#output, size);
        return this.#output.id;
    }
    /** The first `count` bytes of the output, as a Buffer of the program's. */
    take(count) {
        const copy = TypedArrayPrototypeSlice(this.#output.bytes, 0, count);
        return Buffer.from(copy.buffer, copy.byteOffset, count);
    }
    release() {
        if (this.#input.bytes !== undefined) host.release(this.#input.id);
        if (this.#output.bytes !== undefined) host.release(this.#output.id);
        this.#input = { id: 0, bytes: undefined };
        this.#output = { id: 0, bytes: undefined };
    }
}
function replace(old, size) {
    if (old.bytes !== undefined) host.release(old.id);
    const { 0: buffer, 1: id } = host.memory(MathMax(size, 1024));
    return { id, bytes: new Uint8Array(buffer) };
}

/** Input is handed to the host in pieces no larger than this. */
const kPiece = 256 << 10;

function CompressionStream(options, { flush, finishFlush, fullFlush, open }) {
    const { chunkSize, maxOutputLength } = options;
    FunctionPrototypeCall(Transform, this, { autoDestroy: true, ...options.given });
    this.bytesWritten = 0;
    this._chunkSize = chunkSize;
    this._defaultFlushFlag = flush;
    this._finishFlushFlag = finishFlush;
    this._defaultFullFlushFlag = fullFlush;
    this._maxOutputLength = maxOutputLength;
    this._info = options.given?.info;
    this._open = open;
    this._lane = new Lane();
    this._isBusy = false;
    this._isClosed = false;
    for (const name of ['_open', '_lane', '_handle', '_isBusy', '_isClosed', '_pendingClose', '_resume']) {
        ObjectDefineProperty(this, name, { __proto__: null, configurable: true, enumerable: false, value: this[name] ?? null, writable: true });
    }
}
ObjectSetPrototypeOf(CompressionStream.prototype, Transform.prototype);
ObjectSetPrototypeOf(CompressionStream, Transform);
const { prototype } = CompressionStream;

ObjectDefineProperty(prototype, '_closed', {
    __proto__: null, configurable: true, enumerable: true, get() { return this._isClosed; },
});

/** The stream below, made when the first input tells how much is likely to follow. */
prototype._hostStream = function (count, isLast) {
    return this._handle ??= this._open(!isLast && count >= 16384);
};

prototype._flush = function (callback) { this._transform(Buffer.alloc(0), '', callback); };
prototype._final = function (callback) { callback(); };

prototype._transform = function (chunk, encoding, callback) {
    let flag = chunk[kFlushKind];
    if (flag === undefined) {
        flag = this._defaultFlushFlag;
        // The last chunk ends the stream at once.
        if (this.writableEnded && this.writableLength === chunk.byteLength) flag = stronger(flag, this._finishFlushFlag);
    }
    const isLast = flag === this._finishFlushFlag;
    const stream = this._hostStream(chunk.byteLength, isLast);
    new Passage(this, stream, chunk, flag, callback).next();
};

/** One chunk on its way through. */
class Passage {
    #owner;
    #stream;
    #chunk;
    #flag;
    #callback;
    #from = 0;
    /** Of the piece that lies in the host's memory: how much is left, and where. */
    #left = 0;
    #at = 0;
    #input = 0;

    constructor(owner, stream, chunk, flag, callback) {
        this.#owner = owner;
        this.#stream = stream;
        this.#chunk = chunk;
        this.#flag = flag;
        this.#callback = callback;
        this.#put();
    }

    #put() {
        const end = MathMin(this.#from + kPiece, this.#chunk.length);
        this.#input = this.#owner._lane.putInput(this.#chunk.subarray(this.#from, end));
        this.#left = end - this.#from;
        this.#at = 0;
        this.#from = end;
    }

    next() {
        const { _chunkSize: size, _lane: lane } = this.#owner;
        const isLastPiece = this.#from === this.#chunk.length;
        this.#owner._isBusy = true;
        this.#stream.writeLater(
            (outcome) => this.#written(outcome, size), isLastPiece ? this.#flag : 0, this.#input, this.#at, this.#left,
            lane.output(size), 0, size);
    }

    #written({ 0: status, 1: unusedInput, 2: unusedOutput, 3: message }, size) {
        const owner = this.#owner;
        owner._isBusy = false;
        if (owner.destroyed) {
            owner._release();
            return this.#callback();
        }
        if (message !== undefined) {
            owner._release();
            return owner.destroy(errorOf(status, message));
        }
        const used = this.#left - unusedInput;
        owner.bytesWritten += used;
        this.#at += used;
        this.#left = unusedInput;
        const made = size - unusedOutput;
        const hasRoom = made === 0 || owner.push(owner._lane.take(made));
        if (owner.destroyed) return this.#callback();
        if (unusedOutput === 0) return this.#goOn(hasRoom);
        if (unusedInput > 0) {
            // What follows the end of the compressed data is none of ours.
            owner.push(null);
            return this.#callback();
        }
        if (this.#from < this.#chunk.length) {
            this.#put();
            return this.#goOn(hasRoom);
        }
        this.#callback();
    }

    /** At once, or when somebody has read. */
    #goOn(hasRoom) {
        if (hasRoom) return this.next();
        this.#owner._resume = () => this.next();
    }
}

prototype._read = function (size) {
    const resume = this._resume;
    if (resume !== null) {
        this._resume = null;
        resume();
        return;
    }
    FunctionPrototypeCall(Transform.prototype._read, this, size);
};

prototype.flush = function flush(kind, callback) {
    if (typeof kind === 'function' || (kind === undefined && callback === undefined)) {
        callback = kind;
        kind = this._defaultFullFlushFlag;
    }
    if (this.writableFinished) {
        if (callback) require('process').nextTick(callback);
    } else if (this.writableEnded) {
        if (callback) this.once('end', callback);
    } else {
        const chunk = Buffer.alloc(0);
        chunk[kFlushKind] = kind;
        this.write(chunk, '', callback);
    }
};

prototype.close = function close(callback) {
    if (callback) finished(this, callback);
    this.destroy();
};

prototype._destroy = function (error, callback) {
    this._isClosed = true;
    if (!this._isBusy) this._release();
    callback(error);
};

prototype._release = function () {
    this._handle = null;
    this._lane.release();
};

prototype.reset = function reset() {
    if (this._isClosed) throw new Error('zlib binding closed');
    this._handle?.reset();
};

/** Everything of `bytes` in one go, on this thread. */
function runSync(options, kinds, bytes) {
    const { chunkSize, maxOutputLength } = options;
    const lane = new Lane();
    const stream = kinds.open(bytes.length >= kShared);
    const parts = [];
    let total = 0;
    let read = 0;
    try {
        for (let from = 0; ;) {
            const end = MathMin(from + kPiece, bytes.length);
            const input = lane.putInput(bytes.subarray(from, end));
            const isLast = end === bytes.length;
            let at = 0;
            let left = end - from;
            let room;
            do {
                const size = MathMax(chunkSize, 65536);
                const { 0: status, 1: unusedInput, 2: unusedOutput, 3: message } =
                    stream.write(isLast ? kinds.finishFlush : 0, input, at, left, lane.output(size), 0, size);
                if (message !== undefined) throw errorOf(status, message);
                const used = left - unusedInput;
                at += used;
                read += used;
                left = unusedInput;
                room = unusedOutput;
                if (unusedOutput < size) {
                    total += size - unusedOutput;
                    if (total > maxOutputLength) throw tooLarge(maxOutputLength);
                    parts[parts.length] = lane.take(size - unusedOutput);
                }
            } while (room === 0);
            from = end;
            if (isLast || left > 0) break;
        }
    } finally {
        lane.release();
    }
    const buffer = parts.length === 1 ? parts[0] : Buffer.concat(parts, total);
    return { buffer, read };
}
/** From so many bytes on, several processors share the work. */
const kShared = 1 << 20;

function errorOf(status, message) {
    const error = new Error(message);
    error.errno = status;
    error.code = codes[status];
    return error;
}

function tooLarge(most) {
    const { codes: { ERR_BUFFER_TOO_LARGE } } = require('internal/errors');
    return new ERR_BUFFER_TOO_LARGE(most.toString(16));
}

/** `level`, `strategy` of a stream of zlib's from now on. */
function setParameters(stream, level, strategy, callback) {
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (!(level >= -1 && level <= 9)) throw new ERR_OUT_OF_RANGE('level', '>= -1 and <= 9', level);
    if (!(strategy >= 0 && strategy <= 4)) throw new ERR_OUT_OF_RANGE('strategy', '>= 0 and <= 4', strategy);
    stream.flush(constants.Z_SYNC_FLUSH, () => {
        if (!stream.destroyed) stream._hostStream(0, true).setParameters(level, strategy);
        if (callback) callback();
    });
}

module.exports = { CompressionStream, host, kShared, runSync, setParameters, tooLarge };
