// Readable: what is pushed waits in a buffer until it is read, or flows on as 'data' events.

const {
    ArrayBufferIsView, ArrayPrototypePush, ArrayPrototypeSlice, ArrayPrototypeSplice, ArrayPrototypeUnshift,
    FunctionPrototypeBind, NumberIsInteger, NumberIsNaN, NumberParseInt, ObjectDefineProperties, ObjectKeys,
    ObjectSetPrototypeOf, Promise, ReflectApply, SymbolAsyncDispose, SymbolAsyncIterator, TypedArrayPrototypeSet,
} = primordials;
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const {
    AbortError,
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_PUSH_AFTER_EOF,
        ERR_STREAM_UNSHIFT_AFTER_END_EVENT,
    },
} = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { Stream } = require('internal/streams/legacy');
const destruction = require('internal/streams/destroy');
const {
    defaultEncodingFrom, defineCommon, defineFlags, flagsFrom, highWaterMarkFrom, kAutoDestroy, kCloseEmitted, kConstructed,
    kDestroyed, kErrorEmitted, kErrored, kObjectMode,
} = require('internal/streams/state');

const { errorOrDestroy } = destruction;
const { alloc, allocUnsafe, from: bufferFrom } = Buffer;

module.exports = Readable;

/** `push(null)` was called; 'end' was emitted. */
const kEnded = 1 << 9;
const kEndEmitted = 1 << 10;
/** `_read` was called and has not pushed yet. */
const kReading = 1 << 11;
/** `_read` is on the stack, or nothing was read yet: events have to wait for a tick. */
const kSync = 1 << 12;
/** A reader found too little, and waits for 'readable'. */
const kNeedReadable = 1 << 13;
/** 'readable' is about to be emitted. */
const kEmittedReadable = 1 << 14;
const kReadableListening = 1 << 15;
const kDataListening = 1 << 16;
const kResumeScheduled = 1 << 17;
const kReadingMore = 1 << 18;
/** `awaitDrainWriters` is a set, as there was more than one pipe. */
const kMultiAwaitDrain = 1 << 19;
const kDataEmitted = 1 << 20;
/** Whether it flows has been decided; whether it does. Likewise of an explicit pause. */
const kHasFlowing = 1 << 21;
const kFlowing = 1 << 22;
const kHasPaused = 1 << 23;
const kPaused = 1 << 24;
/** Side of a duplex stream: whether somebody has set `readable`, and to what. */
const kHasReadable = 1 << 25;
const kReadable = 1 << 26;

class ReadableState {
    constructor(options, isDuplex) {
        this.flags = flagsFrom(options, isDuplex ? 'readableObjectMode' : undefined) | kSync;
        this.highWaterMark = highWaterMarkFrom(
            options, (this.flags & kObjectMode) !== 0, isDuplex ? 'readableHighWaterMark' : undefined);
        // What is buffered are the items from `bufferIndex` on; `length` counts bytes, characters or objects.
        this.buffer = [];
        this.bufferIndex = 0;
        this.length = 0;
        this.pipes = [];
        /** null, a destination of a pipe that is full, or a set of such. */
        this.awaitDrainWriters = null;
        this.defaultEncoding = defaultEncodingFrom(options);
        this.decoder = null;
        this.encoding = null;
        this.error = null;
        if (options?.encoding) setDecoder(this, options.encoding);
    }

    get flowing() { return (this.flags & kHasFlowing) === 0 ? null : (this.flags & kFlowing) !== 0; }
    set flowing(on) {
        const rest = this.flags & ~(kHasFlowing | kFlowing);
        this.flags = on == null ? rest : rest | kHasFlowing | (on ? kFlowing : 0);
    }
    get readable() { return (this.flags & kHasReadable) === 0 ? undefined : (this.flags & kReadable) !== 0; }
    set readable(on) {
        const rest = this.flags & ~(kHasReadable | kReadable);
        this.flags = on === undefined ? rest : rest | kHasReadable | (on ? kReadable : 0);
    }
    get paused() { return (this.flags & kPaused) !== 0; }
    set paused(on) { this.flags = (on ? this.flags | kPaused : this.flags & ~kPaused) | kHasPaused; }
    get pipesCount() { return this.pipes.length; }
}
defineCommon(ReadableState.prototype);
defineFlags(ReadableState.prototype, {
    __proto__: null,
    dataEmitted: kDataEmitted,
    emittedReadable: kEmittedReadable,
    endEmitted: kEndEmitted,
    ended: kEnded,
    multiAwaitDrain: kMultiAwaitDrain,
    needReadable: kNeedReadable,
    readableListening: kReadableListening,
    reading: kReading,
    readingMore: kReadingMore,
    resumeScheduled: kResumeScheduled,
    sync: kSync,
});

function setDecoder(state, encoding) {
    const { StringDecoder } = require('string_decoder');
    state.decoder = new StringDecoder(encoding);
    state.encoding = state.decoder.encoding;
}

function Readable(options) {
    if (!(this instanceof Readable)) return new Readable(options);
    this._readableState = new ReadableState(options, false);
    if (options) {
        if (typeof options.read === 'function') this._read = options.read;
        if (typeof options.destroy === 'function') this._destroy = options.destroy;
        if (typeof options.construct === 'function') this._construct = options.construct;
        if (options.signal) require('internal/streams/abort_signal').addAbortSignal(options.signal, this);
    }
    ReflectApply(Stream, this, [options]);
    if (this._construct != null) destruction.construct(this, () => onConstructed(this));
}
ObjectSetPrototypeOf(Readable.prototype, Stream.prototype);
ObjectSetPrototypeOf(Readable, Stream);
Readable.ReadableState = ReadableState;

function onConstructed(stream) {
    const state = stream._readableState;
    if ((state.flags & kNeedReadable) !== 0) readMoreLater(stream, state);
}
Readable.onConstructed = onConstructed;

Readable.prototype.destroy = destruction.destroy;
Readable.prototype._undestroy = destruction.undestroy;
Readable.prototype._destroy = function _destroy(error, callback) { callback(error); };
Readable.prototype._read = function _read() { throw new ERR_METHOD_NOT_IMPLEMENTED('_read()'); };

Readable.prototype[EventEmitter.captureRejectionSymbol] = function captureRejection(error) { this.destroy(error); };

Readable.prototype[SymbolAsyncDispose] = function asyncDispose() {
    let error = null;
    if (!this.destroyed) {
        if (!this.readableEnded) error = new AbortError();
        this.destroy(error);
    }
    return new Promise((resolve, reject) => {
        require('internal/streams/finished').finished(this, (failure) => {
            if (failure && failure !== error) reject(failure);
            else resolve(null);
        });
    });
};

// --- What comes in -----------------------------------------------------------------------------------------------------

/** Whether more may be pushed; with nothing buffered it may even with a mark of 0. */
function hasRoom(state) {
    return (state.flags & kEnded) === 0 && (state.length < state.highWaterMark || state.length === 0);
}

const asBuffer = (view) => (view instanceof Buffer ? view : bufferFrom(view.buffer, view.byteOffset, view.byteLength));
/** The class is asked first, as that is quicker than the engine's function. */
const isChunk = (chunk) => chunk instanceof Buffer || chunk === undefined || ArrayBufferIsView(chunk);
function refuse(stream, chunk) {
    errorOrDestroy(stream, new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
    return false;
}

Readable.prototype.push = function push(chunk, encoding) {
    const state = this._readableState;
    if (chunk === null) {
        state.flags &= ~kReading;
        onEnd(this, state);
        return false;
    }
    const isText = typeof chunk === 'string';
    // Text in the encoding that is read anyway stays text.
    let isDecoded = false;
    if ((state.flags & kObjectMode) === 0) {
        if (isText) {
            encoding ||= state.defaultEncoding;
            if (state.encoding === encoding) isDecoded = true;
            else chunk = bufferFrom(chunk, encoding);
        } else if (!isChunk(chunk)) return refuse(this, chunk);
        else if (chunk !== undefined) chunk = asBuffer(chunk);
        if (chunk === undefined || chunk.length === 0) {
            // Nothing, but the end of a `_read`.
            state.flags &= ~kReading;
            readMoreLater(this, state);
            return hasRoom(state);
        }
    } else isDecoded = !!encoding;
    if ((state.flags & kEnded) !== 0) {
        errorOrDestroy(this, new ERR_STREAM_PUSH_AFTER_EOF());
        return false;
    }
    if ((state.flags & (kDestroyed | kErrored)) !== 0) return false;
    state.flags &= ~kReading;
    if (state.decoder !== null && !isDecoded) {
        chunk = state.decoder.write(chunk);
        if (chunk.length === 0 && (state.flags & kObjectMode) === 0) {
            readMoreLater(this, state);
            return hasRoom(state);
        }
    }
    add(this, state, chunk, false);
    return hasRoom(state);
};

Readable.prototype.unshift = function unshift(chunk, encoding) {
    const state = this._readableState;
    if (chunk === null) {
        state.flags &= ~kReading;
        onEnd(this, state);
        return false;
    }
    if ((state.flags & kObjectMode) === 0) {
        if (typeof chunk === 'string') {
            encoding ||= state.defaultEncoding;
            if (state.encoding !== encoding) {
                chunk = bufferFrom(chunk, encoding);
                if (state.encoding) chunk = chunk.toString(state.encoding);
            }
        } else if (!isChunk(chunk)) return refuse(this, chunk);
        else if (chunk !== undefined) chunk = asBuffer(chunk);
        if (chunk === undefined || chunk.length === 0) return hasRoom(state);
    }
    if ((state.flags & kEndEmitted) !== 0) errorOrDestroy(this, new ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
    else if ((state.flags & (kDestroyed | kErrored)) !== 0) return false;
    else add(this, state, chunk, true);
    return hasRoom(state);
};

function add(stream, state, chunk, toFront) {
    if ((state.flags & (kFlowing | kSync | kDataListening)) === (kFlowing | kDataListening) && state.length === 0) {
        forgetFullWriters(state);
        state.flags |= kDataEmitted;
        stream.emit('data', chunk);
    } else {
        state.length += (state.flags & kObjectMode) !== 0 ? 1 : chunk.length;
        if (!toFront) state.buffer[state.buffer.length] = chunk;
        else if (state.bufferIndex > 0) state.buffer[--state.bufferIndex] = chunk;
        else ArrayPrototypeUnshift(state.buffer, chunk);
        if ((state.flags & kNeedReadable) !== 0) emitReadableLater(stream, state);
    }
    readMoreLater(stream, state);
}

function forgetFullWriters(state) {
    if ((state.flags & kMultiAwaitDrain) !== 0) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
}

function onEnd(stream, state) {
    if ((state.flags & kEnded) !== 0) return;
    const rest = state.decoder?.end();
    if (rest) {
        ArrayPrototypePush(state.buffer, rest);
        state.length += (state.flags & kObjectMode) !== 0 ? 1 : rest.length;
    }
    state.flags |= kEnded;
    if ((state.flags & kSync) !== 0) emitReadableLater(stream, state);
    else {
        // At once, as parsers of streams in streams rely on.
        state.flags = (state.flags & ~kNeedReadable) | kEmittedReadable;
        emitReadable(stream);
    }
}

Readable.prototype.setEncoding = function setEncoding(encoding) {
    const state = this._readableState;
    setDecoder(state, encoding);
    // What is buffered becomes text.
    let text = '';
    for (let i = state.bufferIndex; i < state.buffer.length; i++) text += state.decoder.write(state.buffer[i]);
    state.buffer = text === '' ? [] : [text];
    state.bufferIndex = 0;
    state.length = text.length;
    return this;
};

// --- What is read ------------------------------------------------------------------------------------------------------

/** How much a `read(n)` can give now: n is NaN for all there is, or in flow for the next piece. */
function amountToRead(n, state) {
    if (n <= 0 || (state.length === 0 && (state.flags & kEnded) !== 0)) return 0;
    if ((state.flags & kObjectMode) !== 0) return 1;
    if (NumberIsNaN(n)) {
        if ((state.flags & kFlowing) !== 0 && state.length > 0) return state.buffer[state.bufferIndex].length;
        return state.length;
    }
    if (n <= state.length) return n;
    return (state.flags & kEnded) !== 0 ? state.length : 0;
}

/** The power of two that holds n. */
function markFor(n) {
    if (n > 0x40000000) throw new ERR_OUT_OF_RANGE('size', '<= 1GiB', n);
    let mark = 1;
    while (mark < n) mark *= 2;
    return mark;
}

Readable.prototype.read = function read(size) {
    const asked = size === undefined ? NaN : NumberIsInteger(size) ? size : NumberParseInt(size, 10);
    const state = this._readableState;
    if (asked > state.highWaterMark) state.highWaterMark = markFor(asked);
    if (asked !== 0) state.flags &= ~kEmittedReadable;
    // `read(0)` asks to have the buffer filled. Where it is full, somebody only has to hear of it.
    if (asked === 0 && (state.flags & kNeedReadable) !== 0 && ((state.flags & kEnded) !== 0 ||
        (state.highWaterMark !== 0 ? state.length >= state.highWaterMark : state.length > 0))) {
        if (state.length === 0 && (state.flags & kEnded) !== 0) endLater(this, state);
        else emitReadableLater(this, state);
        return null;
    }
    let n = amountToRead(asked, state);
    if (n === 0 && (state.flags & kEnded) !== 0) {
        if (state.length === 0) endLater(this, state);
        return null;
    }
    // The source is asked before anything is taken, as it may push at once.
    const wants = (state.flags & kNeedReadable) !== 0 || state.length === 0 || state.length - n < state.highWaterMark;
    if (wants && (state.flags & (kReading | kEnded | kDestroyed | kErrored | kConstructed)) === kConstructed) {
        state.flags |= state.length === 0 ? kReading | kSync | kNeedReadable : kReading | kSync;
        try {
            this._read(state.highWaterMark);
        } catch (error) {
            errorOrDestroy(this, error);
        }
        state.flags &= ~kSync;
        if ((state.flags & kReading) === 0) n = amountToRead(asked, state);
    }
    const chunk = n > 0 ? take(n, state) : null;
    if (chunk === null) {
        if (state.length <= state.highWaterMark) state.flags |= kNeedReadable;
        n = 0;
    } else {
        state.length -= n;
        forgetFullWriters(state);
    }
    if (state.length === 0) {
        if ((state.flags & kEnded) === 0) state.flags |= kNeedReadable;
        // What was asked for is more than there was before the end.
        else if (asked !== n) endLater(this, state);
    }
    if (chunk !== null && (state.flags & (kErrorEmitted | kCloseEmitted)) === 0) {
        state.flags |= kDataEmitted;
        this.emit('data', chunk);
    }
    return chunk;
};

/** The first `n` of what is buffered; the caller counts. */
function take(n, state) {
    if (state.length === 0) return null;
    const { buffer } = state;
    const first = buffer[state.bufferIndex];
    if ((state.flags & kObjectMode) !== 0 || (n === first?.length && n > 0)) {
        dropFirst(state);
        return first;
    }
    if (n >= state.length) n = state.length;
    else if (n < first.length) {
        buffer[state.bufferIndex] = first.slice(n);
        return first.slice(0, n);
    }
    let at = 0;
    const result = state.decoder === null ? allocUnsafe(n) : undefined;
    let text = '';
    while (at < n) {
        const piece = buffer[state.bufferIndex];
        const wanted = n - at;
        const whole = piece.length <= wanted;
        const part = whole ? piece : piece.slice(0, wanted);
        if (whole) dropFirst(state);
        else buffer[state.bufferIndex] = piece.slice(wanted);
        if (result === undefined) text += part;
        else TypedArrayPrototypeSet(result, part, at);
        at += part.length;
    }
    return result ?? text;
}

function dropFirst(state) {
    const { buffer } = state;
    buffer[state.bufferIndex++] = null;
    if (state.bufferIndex === buffer.length) {
        buffer.length = 0;
        state.bufferIndex = 0;
    } else if (state.bufferIndex > 1024) {
        ArrayPrototypeSplice(buffer, 0, state.bufferIndex);
        state.bufferIndex = 0;
    }
}
Readable._fromList = (n, state) => {
    if (state.length === 0) return null;
    return take(n || state.length, state) ?? alloc(0);
};

/** Fills the buffer in a later tick, for who comes to read. */
function readMoreLater(stream, state) {
    if ((state.flags & (kReadingMore | kConstructed)) !== kConstructed) return;
    state.flags |= kReadingMore;
    nextTick(readMore, stream, state);
}
function readMore(stream, state) {
    while ((state.flags & (kReading | kEnded)) === 0 &&
        (state.length < state.highWaterMark || ((state.flags & kFlowing) !== 0 && state.length === 0))) {
        const before = state.length;
        stream.read(0);
        // The source had nothing at once.
        if (state.length === before) break;
    }
    state.flags &= ~kReadingMore;
}

// --- Events ------------------------------------------------------------------------------------------------------------

function emitReadableLater(stream, state) {
    state.flags &= ~kNeedReadable;
    if ((state.flags & kEmittedReadable) !== 0) return;
    state.flags |= kEmittedReadable;
    nextTick(emitReadable, stream);
}
function emitReadable(stream) {
    const state = stream._readableState;
    if ((state.flags & (kDestroyed | kErrored)) === 0 && (state.length > 0 || (state.flags & kEnded) !== 0)) {
        stream.emit('readable');
        state.flags &= ~kEmittedReadable;
    }
    // Another one is due when more comes, unless it flows or is full.
    if ((state.flags & (kFlowing | kEnded)) === 0 && state.length <= state.highWaterMark) state.flags |= kNeedReadable;
    flow(stream);
}

function flow(stream) {
    const state = stream._readableState;
    while ((state.flags & kFlowing) !== 0 && stream.read() !== null);
}

function endLater(stream, state) {
    if ((state.flags & kEndEmitted) !== 0) return;
    state.flags |= kEnded;
    nextTick(emitEnd, state, stream);
}
function emitEnd(state, stream) {
    // Something may have been put back meanwhile.
    if ((state.flags & (kErrored | kCloseEmitted | kEndEmitted)) !== 0 || state.length > 0) return;
    state.flags |= kEndEmitted;
    stream.emit('end');
    if (stream.writable && stream.allowHalfOpen === false) nextTick(endOther, stream);
    else if ((state.flags & kAutoDestroy) !== 0) {
        const other = stream._writableState;
        if (!other || (other.autoDestroy && (other.finished || other.writable === false))) stream.destroy();
    }
}
function endOther(stream) {
    if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

Readable.prototype.on = function on(type, listener) {
    ReflectApply(Stream.prototype.on, this, [type, listener]);
    const state = this._readableState;
    if (type === 'data') {
        state.flags |= kDataListening;
        if (this.listenerCount('readable') > 0) state.flags |= kReadableListening;
        // It flows unless it was stopped.
        if ((state.flags & (kHasFlowing | kFlowing)) !== kHasFlowing) this.resume();
    } else if (type === 'readable' && (state.flags & (kEndEmitted | kReadableListening)) === 0) {
        state.flags = (state.flags | kReadableListening | kNeedReadable | kHasFlowing) & ~(kFlowing | kEmittedReadable);
        if (state.length > 0) emitReadableLater(this, state);
        else if ((state.flags & kReading) === 0) nextTick(readNothing, this);
    }
    return this;
};
Readable.prototype.addListener = Readable.prototype.on;
function readNothing(stream) { stream.read(0); }

Readable.prototype.removeListener = function removeListener(type, listener) {
    ReflectApply(Stream.prototype.removeListener, this, [type, listener]);
    // In a tick, so that `once('readable')` may listen again meanwhile.
    if (type === 'readable') nextTick(reconsider, this);
    else if (type === 'data' && this.listenerCount('data') === 0) this._readableState.flags &= ~kDataListening;
    return this;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function removeAllListeners(type) {
    ReflectApply(Stream.prototype.removeAllListeners, this, arguments);
    if (type === 'readable' || type === undefined) nextTick(reconsider, this);
    return this;
};

function reconsider(stream) {
    const state = stream._readableState;
    if (stream.listenerCount('readable') > 0) state.flags |= kReadableListening;
    else state.flags &= ~kReadableListening;
    // A resume that is under way is to flow now.
    if ((state.flags & (kHasPaused | kPaused | kResumeScheduled)) === (kHasPaused | kResumeScheduled)) {
        state.flags |= kHasFlowing | kFlowing;
    } else if ((state.flags & kDataListening) !== 0) stream.resume();
    else if ((state.flags & kReadableListening) === 0) state.flags &= ~(kHasFlowing | kFlowing);
}

Readable.prototype.resume = function resume() {
    const state = this._readableState;
    if ((state.flags & kFlowing) === 0) {
        // Who listens for 'readable' takes the data; then this only wakes the source.
        state.flags |= (state.flags & kReadableListening) === 0 ? kHasFlowing | kFlowing : kHasFlowing;
        if ((state.flags & kResumeScheduled) === 0) {
            state.flags |= kResumeScheduled;
            nextTick(resumed, this, state);
        }
    }
    state.flags = (state.flags | kHasPaused) & ~kPaused;
    return this;
};
function resumed(stream, state) {
    if ((state.flags & kReading) === 0) stream.read(0);
    state.flags &= ~kResumeScheduled;
    stream.emit('resume');
    flow(stream);
    if ((state.flags & (kFlowing | kReading)) === kFlowing) stream.read(0);
}

Readable.prototype.pause = function pause() {
    const state = this._readableState;
    if ((state.flags & (kHasFlowing | kFlowing)) !== kHasFlowing) {
        state.flags = (state.flags | kHasFlowing) & ~kFlowing;
        this.emit('pause');
    }
    state.flags |= kHasPaused | kPaused;
    return this;
};
Readable.prototype.isPaused = function isPaused() {
    const { flags } = this._readableState;
    return (flags & kPaused) !== 0 || (flags & (kHasFlowing | kFlowing)) === kHasFlowing;
};

Readable.prototype.pipe = function pipe(destination, options) {
    return require('internal/streams/pipe').pipe(this, destination, options);
};
Readable.prototype.unpipe = function unpipe(destination) {
    return require('internal/streams/pipe').unpipe(this, destination);
};

// --- Other forms -------------------------------------------------------------------------------------------------------

/** Makes an emitter of 'data' and 'end' the source of this stream. */
Readable.prototype.wrap = function wrap(source) {
    let paused = false;
    source.on('data', (chunk) => {
        if (!this.push(chunk) && source.pause) {
            paused = true;
            source.pause();
        }
    });
    source.on('end', () => { this.push(null); });
    source.on('error', (error) => { errorOrDestroy(this, error); });
    source.on('close', () => { this.destroy(); });
    source.on('destroy', () => { this.destroy(); });
    this._read = () => {
        if (paused && source.resume) {
            paused = false;
            source.resume();
        }
    };
    const keys = ObjectKeys(source);
    for (let i = 1; i < keys.length; i++) {
        const key = keys[i];
        if (this[key] === undefined && typeof source[key] === 'function') this[key] = FunctionPrototypeBind(source[key], source);
    }
    return this;
};
Readable.wrap = function wrap(source, options) {
    return new Readable({
        objectMode: source.readableObjectMode ?? source.objectMode ?? true,
        ...options,
        destroy(error, callback) {
            destruction.destroyer(source, error);
            callback(error);
        },
    }).wrap(source);
};

Readable.prototype[SymbolAsyncIterator] = function asyncIterator() {
    return require('internal/streams/async_iterator').iterate(this);
};
Readable.prototype.iterator = function iterator(options) {
    if (options !== undefined) require('internal/validators').validateObject(options, 'options');
    return require('internal/streams/async_iterator').iterate(this, options);
};
Readable.from = function from(iterable, options) {
    return require('internal/streams/from')(Readable, iterable, options);
};
Readable.fromWeb = function fromWeb(stream, options) {
    return require('internal/webstreams/adapters').readableFromWeb(stream, options);
};
Readable.toWeb = function toWeb(stream, options) {
    return require('internal/webstreams/adapters').readableToWeb(stream, options);
};

const member = (get, set) => ({ __proto__: null, configurable: true, get, set });
ObjectDefineProperties(Readable.prototype, {
    __proto__: null,
    closed: member(function closed() { return this._readableState ? this._readableState.closed : false; }),
    destroyed: member(
        function destroyed() { return this._readableState ? this._readableState.destroyed : false; },
        function destroyed(on) { if (this._readableState) this._readableState.destroyed = on; }),
    errored: member(function errored() { return this._readableState ? this._readableState.errored : null; }),
    readable: member(
        function readable() {
            const state = this._readableState;
            return !!state && state.readable !== false && (state.flags & (kDestroyed | kErrorEmitted | kEndEmitted)) === 0;
        },
        function readable(on) { if (this._readableState) this._readableState.readable = !!on; }),
    readableAborted: member(function readableAborted() {
        const state = this._readableState;
        return state.readable !== false && (state.flags & (kDestroyed | kErrored)) !== 0 && (state.flags & kEndEmitted) === 0;
    }),
    readableBuffer: member(function readableBuffer() {
        return this._readableState && ArrayPrototypeSlice(this._readableState.buffer, this._readableState.bufferIndex);
    }),
    readableDidRead: member(function readableDidRead() { return this._readableState.dataEmitted; }),
    readableEncoding: member(function readableEncoding() { return this._readableState ? this._readableState.encoding : null; }),
    readableEnded: member(function readableEnded() { return this._readableState ? this._readableState.endEmitted : false; }),
    readableFlowing: member(
        function readableFlowing() { return this._readableState.flowing; },
        function readableFlowing(on) { if (this._readableState) this._readableState.flowing = on; }),
    readableHighWaterMark: member(function readableHighWaterMark() { return this._readableState.highWaterMark; }),
    readableLength: member(function readableLength() { return this._readableState.length; }),
    readableObjectMode: member(function readableObjectMode() {
        return this._readableState ? this._readableState.objectMode : false;
    }),
});
