// Writable: chunks go to `_write` one at a time, and wait in a buffer meanwhile.

const {
    ArrayBufferIsView, ArrayPrototypePush, ArrayPrototypeSlice, ArrayPrototypeSplice, Error, FunctionPrototypeSymbolHasInstance,
    ObjectDefineProperties, ObjectDefineProperty, ObjectSetPrototypeOf, Promise, ReflectApply, StringPrototypeToLowerCase,
    SymbolAsyncDispose, SymbolHasInstance,
} = primordials;
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const {
    AbortError,
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_MULTIPLE_CALLBACK, ERR_STREAM_ALREADY_FINISHED,
        ERR_STREAM_CANNOT_PIPE, ERR_STREAM_DESTROYED, ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END, ERR_UNKNOWN_ENCODING,
    },
} = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { Stream } = require('internal/streams/legacy');
const destruction = require('internal/streams/destroy');
const {
    defaultEncodingFrom, defineCommon, defineFlags, flagsFrom, highWaterMarkFrom, kAutoDestroy, kCloseEmitted, kConstructed,
    kDestroyed, kErrorEmitted, kErrored, kObjectMode, setErrored,
} = require('internal/streams/state');

const { errorOrDestroy } = destruction;
const { from: bufferFrom, isEncoding } = Buffer;

module.exports = Writable;

/** `_write` is on the stack, or nothing was written yet: events have to wait for a tick. */
const kSync = 1 << 9;
const kFinalCalled = 1 << 10;
const kNeedDrain = 1 << 11;
/** `end` was called; it has returned; 'finish' was emitted. */
const kEnding = 1 << 12;
const kEnded = 1 << 13;
const kFinished = 1 << 14;
const kDecodeStrings = 1 << 15;
/** `_write` has not called back yet. */
const kWriting = 1 << 16;
/** Buffered chunks are being handed on; `_write` may call back at once, and must not begin that again. */
const kBufferProcessing = 1 << 17;
const kPrefinished = 1 << 18;
/** All that is buffered are Buffers; and nothing of it has a callback. */
const kAllBuffers = 1 << 19;
const kAllNoop = 1 << 20;
/** Side of a duplex stream: whether somebody has set `writable`, and to what. */
const kHasWritable = 1 << 21;
const kWritable = 1 << 22;
/** A tick is under way for writes that ended at once. */
const kAfterWritePending = 1 << 23;

const noop = () => {};

class WritableState {
    constructor(options, isDuplex, stream) {
        this.flags = flagsFrom(options, isDuplex ? 'writableObjectMode' : undefined) | kSync | kAllBuffers | kAllNoop;
        if (options == null || options.decodeStrings !== false) this.flags |= kDecodeStrings;
        this.highWaterMark = highWaterMarkFrom(
            options, (this.flags & kObjectMode) !== 0, isDuplex ? 'writableHighWaterMark' : undefined);
        this.defaultEncoding = defaultEncodingFrom(options);
        /** Bytes, characters or objects that `_write` has not dealt with. */
        this.length = 0;
        this.corked = 0;
        /** What `_write` is given to call back. */
        this.onwrite = (error) => onWritten(stream, this, error);
        this.writelen = 0;
        this.writecb = null;
        /** What waits, from `bufferedIndex` on; null for nothing. */
        this.waiting = null;
        this.bufferedIndex = 0;
        /** Writes, and other things, that 'finish' has to wait for. */
        this.pendingcb = 0;
        /** Of writes that ended at once with the same callback: how many, for one tick to tell them all. */
        this.afterWrite = null;
        /** Callbacks of `end`. */
        this.onFinished = null;
        this.error = null;
    }

    get writable() { return (this.flags & kHasWritable) === 0 ? undefined : (this.flags & kWritable) !== 0; }
    set writable(on) {
        const rest = this.flags & ~(kHasWritable | kWritable);
        this.flags = on == null ? rest : rest | kHasWritable | (on ? kWritable : 0);
    }
    get buffered() { return this.waiting ?? []; }
    get bufferedRequestCount() { return this.waiting === null ? 0 : this.waiting.length - this.bufferedIndex; }
    getBuffer() { return this.waiting === null ? [] : ArrayPrototypeSlice(this.waiting, this.bufferedIndex); }
}
defineCommon(WritableState.prototype);
defineFlags(WritableState.prototype, {
    __proto__: null,
    allBuffers: kAllBuffers,
    allNoop: kAllNoop,
    bufferProcessing: kBufferProcessing,
    decodeStrings: kDecodeStrings,
    ended: kEnded,
    ending: kEnding,
    finalCalled: kFinalCalled,
    finished: kFinished,
    needDrain: kNeedDrain,
    prefinished: kPrefinished,
    sync: kSync,
    writing: kWriting,
});

function Writable(options) {
    if (!(this instanceof Writable)) return new Writable(options);
    this._writableState = new WritableState(options, false, this);
    if (options) {
        if (typeof options.write === 'function') this._write = options.write;
        if (typeof options.writev === 'function') this._writev = options.writev;
        if (typeof options.destroy === 'function') this._destroy = options.destroy;
        if (typeof options.final === 'function') this._final = options.final;
        if (typeof options.construct === 'function') this._construct = options.construct;
        if (options.signal) require('internal/streams/abort_signal').addAbortSignal(options.signal, this);
    }
    ReflectApply(Stream, this, [options]);
    if (this._construct != null) destruction.construct(this, () => onConstructed(this));
}
ObjectSetPrototypeOf(Writable.prototype, Stream.prototype);
ObjectSetPrototypeOf(Writable, Stream);
Writable.WritableState = WritableState;

// Duplex streams, which inherit from Readable, are Writables too.
ObjectDefineProperty(Writable, SymbolHasInstance, {
    __proto__: null,
    value(object) {
        return FunctionPrototypeSymbolHasInstance(this, object) ||
            (this === Writable && !!object && object._writableState instanceof WritableState);
    },
});

function onConstructed(stream) {
    const state = stream._writableState;
    if ((state.flags & kWriting) === 0) writeBuffered(stream, state);
    if ((state.flags & kEnding) !== 0) finishMaybe(stream, state, false);
}
Writable.onConstructed = onConstructed;

Writable.prototype.pipe = function pipe() { errorOrDestroy(this, new ERR_STREAM_CANNOT_PIPE()); };

Writable.prototype.destroy = function destroy(error, callback) {
    const state = this._writableState;
    if ((state.waiting !== null || state.onFinished !== null) && (state.flags & kDestroyed) === 0) nextTick(failBuffered, state);
    return ReflectApply(destruction.destroy, this, [error, callback]);
};
Writable.prototype._undestroy = destruction.undestroy;
Writable.prototype._destroy = function _destroy(error, callback) { callback(error); };

Writable.prototype[EventEmitter.captureRejectionSymbol] = function captureRejection(error) { this.destroy(error); };

Writable.prototype[SymbolAsyncDispose] = function asyncDispose() {
    if (!this.destroyed) this.destroy(this.writableFinished ? null : new AbortError());
    return new Promise((resolve, reject) => {
        require('internal/streams/finished').finished(this, (error) => {
            if (error && error.name !== 'AbortError') reject(error);
            else resolve(null);
        });
    });
};

// --- Writing -----------------------------------------------------------------------------------------------------------

Writable.prototype.write = function write(chunk, encoding, callback) {
    if (typeof encoding === 'function') {
        callback = encoding;
        encoding = null;
    }
    return accept(this, chunk, encoding, callback) === true;
};

/** Whether there is room for more; an error where the stream is over. */
function accept(stream, chunk, encoding, callback) {
    const state = stream._writableState;
    if (typeof callback !== 'function') callback = noop;
    if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
    if ((state.flags & kObjectMode) === 0) {
        if (!encoding) encoding = state.defaultEncoding;
        else if (encoding !== 'buffer' && !isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
        if (typeof chunk === 'string') {
            if ((state.flags & kDecodeStrings) !== 0) {
                chunk = bufferFrom(chunk, encoding);
                encoding = 'buffer';
            }
        } else if (chunk instanceof Buffer) encoding = 'buffer';
        else if (ArrayBufferIsView(chunk)) {
            chunk = bufferFrom(chunk.buffer, chunk.byteOffset, chunk.byteLength);
            encoding = 'buffer';
        } else throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
    if ((state.flags & (kEnding | kDestroyed)) !== 0) {
        const error = (state.flags & kEnding) !== 0 ? new ERR_STREAM_WRITE_AFTER_END() : new ERR_STREAM_DESTROYED('write');
        nextTick(callback, error);
        errorOrDestroy(stream, error, true);
        return error;
    }
    state.pendingcb++;
    const size = (state.flags & kObjectMode) !== 0 ? 1 : chunk.length;
    state.length += size;
    if (state.corked > 0 || (state.flags & (kWriting | kErrored | kConstructed)) !== kConstructed) {
        state.waiting ??= [];
        state.waiting[state.waiting.length] = { chunk, encoding, callback };
        if (encoding !== 'buffer') state.flags &= ~kAllBuffers;
        if (callback !== noop) state.flags &= ~kAllNoop;
    } else {
        begin(state, size, callback);
        stream._write(chunk, encoding, state.onwrite);
        state.flags &= ~kSync;
    }
    const hasRoom = state.length < state.highWaterMark || state.length === 0;
    if (!hasRoom) state.flags |= kNeedDrain;
    // False also when it has failed, so that loops that write until then end.
    return hasRoom && (state.flags & (kDestroyed | kErrored)) === 0;
}

function begin(state, size, callback) {
    state.writelen = size;
    state.writecb = callback;
    state.flags |= kWriting | kSync;
}

/** `_write` has called back. */
function onWritten(stream, state, error) {
    const callback = state.writecb;
    if (callback === null) {
        errorOrDestroy(stream, new ERR_MULTIPLE_CALLBACK());
        return;
    }
    const isSync = (state.flags & kSync) !== 0;
    state.writecb = null;
    state.flags &= ~kWriting;
    state.length -= state.writelen;
    state.writelen = 0;
    if (error) {
        if ((state.flags & kErrored) === 0) setErrored(state, error);
        const other = stream._readableState;
        if (other && !other.errored) other.errored = error;
        if (isSync) nextTick(failWrite, stream, state, error, callback);
        else failWrite(stream, state, error, callback);
        return;
    }
    if (state.waiting !== null) writeBuffered(stream, state);
    if (!isSync) {
        afterWrite(stream, state, 1, callback);
        return;
    }
    if (callback !== noop) {
        // Programs mostly pass the same callback again: one tick for all of them.
        if (state.afterWrite !== null && state.afterWrite.callback === callback) state.afterWrite.count++;
        else {
            state.afterWrite = { count: 1, callback };
            state.flags |= kAfterWritePending;
            nextTick(tellAfterWrite, stream, state, state.afterWrite);
        }
        return;
    }
    const isEmptied = (state.flags & kNeedDrain) !== 0 && state.length === 0;
    if ((isEmptied || (state.flags & kDestroyed) !== 0) && (state.flags & kAfterWritePending) === 0) {
        state.flags |= kAfterWritePending;
        nextTick(afterWrite, stream, state, 1, callback);
    } else {
        state.pendingcb--;
        if ((state.flags & kEnding) !== 0) finishMaybe(stream, state, true);
    }
}

function failWrite(stream, state, error, callback) {
    state.pendingcb--;
    callback(error);
    // Nothing that waits will be written either.
    failBuffered(state);
    errorOrDestroy(stream, error);
}

function tellAfterWrite(stream, state, { count, callback }) {
    state.afterWrite = null;
    afterWrite(stream, state, count, callback);
}
function afterWrite(stream, state, count, callback) {
    state.flags &= ~kAfterWritePending;
    if ((state.flags & (kEnding | kNeedDrain | kDestroyed)) === kNeedDrain && state.length === 0) {
        state.flags &= ~kNeedDrain;
        stream.emit('drain');
    }
    while (count-- > 0) {
        state.pendingcb--;
        callback(null);
    }
    if ((state.flags & kDestroyed) !== 0) failBuffered(state);
    if ((state.flags & kEnding) !== 0) finishMaybe(stream, state, true);
}

// --- The buffer --------------------------------------------------------------------------------------------------------

function resetBuffer(state) {
    state.waiting = null;
    state.bufferedIndex = 0;
    state.flags |= kAllBuffers | kAllNoop;
}

/** Writes what waits, all at once where the stream has `_writev`. */
function writeBuffered(stream, state) {
    if (state.waiting === null || state.corked > 0 ||
        (state.flags & (kDestroyed | kBufferProcessing | kConstructed)) !== kConstructed) return;
    const { waiting } = state;
    let at = state.bufferedIndex;
    const count = waiting.length - at;
    if (count === 0) return;
    state.flags |= kBufferProcessing;
    if (count > 1 && stream._writev) {
        state.pendingcb -= count - 1;
        const isSilent = (state.flags & kAllNoop) !== 0;
        const chunks = isSilent && at === 0 ? waiting : ArrayPrototypeSlice(waiting, at);
        chunks.allBuffers = (state.flags & kAllBuffers) !== 0;
        begin(state, state.length, isSilent ? noop : (error) => {
            for (let i = at; i < waiting.length; i++) waiting[i].callback(error);
        });
        stream._writev(chunks, state.onwrite);
        state.flags &= ~kSync;
        resetBuffer(state);
    } else {
        do {
            const { chunk, encoding, callback } = waiting[at];
            waiting[at++] = null;
            begin(state, (state.flags & kObjectMode) !== 0 ? 1 : chunk.length, callback);
            // A callback may have destroyed it.
            if ((state.flags & kDestroyed) !== 0) state.onwrite(new ERR_STREAM_DESTROYED('write'));
            else stream._write(chunk, encoding, state.onwrite);
            state.flags &= ~kSync;
        } while (at < waiting.length && (state.flags & kWriting) === 0);
        if (at === waiting.length) resetBuffer(state);
        else if (at > 256) {
            ArrayPrototypeSplice(waiting, 0, at);
            state.bufferedIndex = 0;
        } else state.bufferedIndex = at;
    }
    state.flags &= ~kBufferProcessing;
}

/** Tells the callbacks of what will not be written. */
function failBuffered(state) {
    if ((state.flags & kWriting) !== 0) return;
    if (state.waiting !== null) {
        for (let i = state.bufferedIndex; i < state.waiting.length; i++) {
            const { chunk, callback } = state.waiting[i];
            state.length -= (state.flags & kObjectMode) !== 0 ? 1 : chunk.length;
            callback(state.error ?? new ERR_STREAM_DESTROYED('write'));
        }
    }
    tellFinished(state, state.error ?? new ERR_STREAM_DESTROYED('end'));
    resetBuffer(state);
}

Writable.prototype.cork = function cork() { this._writableState.corked++; };
Writable.prototype.uncork = function uncork() {
    const state = this._writableState;
    if (state.corked === 0) return;
    state.corked--;
    if ((state.flags & kWriting) === 0) writeBuffered(this, state);
};

Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding) {
    if (typeof encoding === 'string') encoding = StringPrototypeToLowerCase(encoding);
    if (!isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
    this._writableState.defaultEncoding = encoding;
    return this;
};

Writable.prototype._write = function _write(chunk, encoding, callback) {
    if (!this._writev) throw new ERR_METHOD_NOT_IMPLEMENTED('_write()');
    this._writev([{ chunk, encoding }], callback);
};
Writable.prototype._writev = null;

// --- The end -----------------------------------------------------------------------------------------------------------

Writable.prototype.end = function end(chunk, encoding, callback) {
    const state = this._writableState;
    if (typeof chunk === 'function') {
        callback = chunk;
        chunk = null;
        encoding = null;
    } else if (typeof encoding === 'function') {
        callback = encoding;
        encoding = null;
    }
    let error;
    if (chunk !== null && chunk !== undefined) {
        const accepted = accept(this, chunk, encoding);
        if (accepted instanceof Error) error = accepted;
    }
    if (state.corked > 0) {
        state.corked = 1;
        this.uncork();
    }
    if (error === undefined) {
        if ((state.flags & (kEnding | kErrored)) === 0) {
            state.flags |= kEnding;
            finishMaybe(this, state, true);
            state.flags |= kEnded;
        } else if ((state.flags & kFinished) !== 0) error = new ERR_STREAM_ALREADY_FINISHED('end');
        else if ((state.flags & kDestroyed) !== 0) error = new ERR_STREAM_DESTROYED('end');
    }
    if (typeof callback === 'function') {
        if (error !== undefined) nextTick(callback, error);
        else if ((state.flags & kErrored) !== 0) nextTick(callback, state.error);
        else if ((state.flags & kFinished) !== 0) nextTick(callback, null);
        else ArrayPrototypePush(state.onFinished ??= [], callback);
    }
    return this;
};

function canFinish(state) {
    const stops = kDestroyed | kConstructed | kFinished | kWriting | kErrorEmitted | kCloseEmitted | kErrored;
    return (state.flags & (kEnding | stops)) === (kEnding | kConstructed) && state.length === 0 && state.waiting === null;
}

/** `later`: 'finish' has to wait for a tick. */
function finishMaybe(stream, state, later) {
    if (!canFinish(state)) return;
    callFinal(stream, state);
    if (state.pendingcb !== 0) return;
    if (later) {
        state.pendingcb++;
        nextTick(finishIfStillPossible, stream, state);
    } else if (canFinish(state)) {
        state.pendingcb++;
        finish(stream, state);
    }
}
function finishIfStillPossible(stream, state) {
    if (canFinish(state)) finish(stream, state);
    else state.pendingcb--;
}

function callFinal(stream, state) {
    if ((state.flags & (kPrefinished | kFinalCalled)) !== 0) return;
    if (typeof stream._final !== 'function' || (state.flags & kDestroyed) !== 0) {
        state.flags |= kFinalCalled | kPrefinished;
        stream.emit('prefinish');
        return;
    }
    state.flags |= kFinalCalled | kSync;
    state.pendingcb++;
    try {
        stream._final((error) => onFinal(stream, state, error));
    } catch (error) {
        onFinal(stream, state, error);
    }
    state.flags &= ~kSync;
}
function onFinal(stream, state, error) {
    if ((state.flags & kPrefinished) !== 0) {
        errorOrDestroy(stream, error ?? new ERR_MULTIPLE_CALLBACK());
        return;
    }
    state.pendingcb--;
    if (error) {
        tellFinished(state, error);
        errorOrDestroy(stream, error, (state.flags & kSync) !== 0);
    } else if (canFinish(state)) {
        state.flags |= kPrefinished;
        stream.emit('prefinish');
        // 'finish' always comes after `_final` has returned.
        state.pendingcb++;
        nextTick(finish, stream, state);
    }
}

function finish(stream, state) {
    state.pendingcb--;
    state.flags |= kFinished;
    tellFinished(state, null);
    stream.emit('finish');
    if ((state.flags & kAutoDestroy) === 0) return;
    const other = stream._readableState;
    if (!other || (other.autoDestroy && (other.endEmitted || other.readable === false))) stream.destroy();
}

function tellFinished(state, error) {
    const callbacks = state.onFinished;
    if (callbacks === null) return;
    state.onFinished = null;
    for (let i = 0; i < callbacks.length; i++) callbacks[i](error);
}

Writable.fromWeb = function fromWeb(stream, options) {
    return require('internal/webstreams/adapters').writableFromWeb(stream, options);
};
Writable.toWeb = function toWeb(stream) { return require('internal/webstreams/adapters').writableToWeb(stream); };

const member = (get, set) => ({ __proto__: null, configurable: true, get, set });
ObjectDefineProperties(Writable.prototype, {
    __proto__: null,
    closed: member(function closed() { return this._writableState ? this._writableState.closed : false; }),
    destroyed: member(
        function destroyed() { return this._writableState ? this._writableState.destroyed : false; },
        function destroyed(on) { if (this._writableState) this._writableState.destroyed = on; }),
    errored: member(function errored() { return this._writableState ? this._writableState.errored : null; }),
    writable: member(
        function writable() {
            const state = this._writableState;
            return !!state && state.writable !== false && (state.flags & (kEnding | kEnded | kDestroyed | kErrored)) === 0;
        },
        function writable(on) { if (this._writableState) this._writableState.writable = !!on; }),
    writableAborted: member(function writableAborted() {
        const state = this._writableState;
        return state.writable !== false && (state.flags & (kDestroyed | kErrored)) !== 0 && (state.flags & kFinished) === 0;
    }),
    writableBuffer: member(function writableBuffer() { return this._writableState && this._writableState.getBuffer(); }),
    writableCorked: member(function writableCorked() { return this._writableState ? this._writableState.corked : 0; }),
    writableEnded: member(function writableEnded() { return this._writableState ? this._writableState.ending : false; }),
    writableFinished: member(function writableFinished() {
        return this._writableState ? this._writableState.finished : false;
    }),
    writableHighWaterMark: member(function writableHighWaterMark() {
        return this._writableState && this._writableState.highWaterMark;
    }),
    writableLength: member(function writableLength() { return this._writableState && this._writableState.length; }),
    writableNeedDrain: member(function writableNeedDrain() {
        const state = this._writableState;
        return state ? (state.flags & (kDestroyed | kEnding | kNeedDrain)) === kNeedDrain : false;
    }),
    writableObjectMode: member(function writableObjectMode() {
        return this._writableState ? this._writableState.objectMode : false;
    }),
});
