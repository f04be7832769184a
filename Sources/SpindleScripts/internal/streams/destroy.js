// How streams begin (`_construct`) and end (`destroy`): both once, both perhaps later, and the end after the beginning.
// A duplex stream begins and ends as one; what is said here of "its states" is said of both sides.

const { AggregateError, ArrayIsArray, ArrayPrototypePush, SafeArrayIterator, Symbol } = primordials;
const { AbortError, codes: { ERR_MULTIPLE_CALLBACK } } = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { isDestroyed, isFinished, isRequest, isServerRequest, kIsDestroyed } = require('internal/streams/predicates');
const {
    kAutoDestroy, kCloseEmitted, kClosed, kConstructed, kDestroyed, kEmitClose, kErrorEmitted, kErrored, setErrored,
} = require('internal/streams/state');

// Private events, so that the stream need not hold what waits for its beginning.
const kConstruct = Symbol('construct');
const kDestroy = Symbol('destroy');

/** Of streams of other libraries a state may have members in place of flags. */
function has(state, flag, name) {
    if (!state) return false;
    return state.flags === undefined ? !!state[name] : (state.flags & flag) !== 0;
}
function isMarked(stream, flag, name) {
    return has(stream._writableState, flag, name) || has(stream._readableState, flag, name);
}
function mark(stream, flag) {
    const { _readableState: readable, _writableState: writable } = stream;
    if (writable) writable.flags |= flag;
    if (readable) readable.flags |= flag;
}
/** The first error is the one that counts. */
function noteError(stream, error) {
    if (!error) return;
    const { _readableState: readable, _writableState: writable } = stream;
    if (writable && (writable.flags & kErrored) === 0) setErrored(writable, error);
    if (readable && (readable.flags & kErrored) === 0) setErrored(readable, error);
}

/** One error of two, the later of which names it. */
function joined(earlier, later) {
    if (!earlier || !later || earlier === later) return earlier || later;
    if (ArrayIsArray(later.errors)) {
        ArrayPrototypePush(later.errors, earlier);
        return later;
    }
    const error = new AggregateError(new SafeArrayIterator([later, earlier]), later.message);
    error.code = later.code;
    return error;
}

/** The method of all streams. `callback`, which is undocumented, some libraries pass. */
function destroy(error, callback) {
    if (isMarked(this, kDestroyed)) {
        if (typeof callback === 'function') callback();
        return this;
    }
    // Before anything is called, which may destroy again.
    noteError(this, error);
    mark(this, kDestroyed);
    if (((this._writableState || this._readableState).flags & kConstructed) === 0) {
        this.once(kDestroy, (constructError) => close(this, joined(constructError, error), callback));
    } else close(this, error, callback);
    return this;
}

function close(stream, error, callback) {
    let called = false;
    const closed = (closeError) => {
        if (called) return;
        called = true;
        noteError(stream, closeError);
        mark(stream, kClosed);
        if (typeof callback === 'function') callback(closeError);
        if (closeError) nextTick(emitErrorAndClose, stream, closeError);
        else nextTick(emitClose, stream);
    };
    try {
        stream._destroy(error || null, closed);
    } catch (thrown) {
        closed(thrown);
    }
}

function emitErrorAndClose(stream, error) {
    emitError(stream, error);
    emitClose(stream);
}
function emitError(stream, error) {
    if (isMarked(stream, kErrorEmitted)) return;
    mark(stream, kErrorEmitted);
    stream.emit('error', error);
}
function emitClose(stream) {
    mark(stream, kCloseEmitted);
    if (isMarked(stream, kEmitClose)) stream.emit('close');
}

/** Makes the stream as if it had never been destroyed, for libraries that open it again. */
function undestroy() {
    const { _readableState: readable, _writableState: writable } = this;
    const past = kDestroyed | kClosed | kCloseEmitted | kErrorEmitted;
    if (readable) {
        readable.flags = (readable.flags | kConstructed) & ~past;
        readable.errored = null;
        readable.reading = false;
        readable.ended = readable.endEmitted = readable.readable === false;
    }
    if (writable) {
        writable.flags = (writable.flags | kConstructed) & ~past;
        writable.errored = null;
        writable.finalCalled = writable.prefinished = false;
        writable.ending = writable.ended = writable.finished = writable.writable === false;
    }
}

/**
 * What becomes of an error of the stream's own: its end or, without autoDestroy, an event; at once, or with `later` in a tick.
 */
function errorOrDestroy(stream, error, later = false) {
    if (isMarked(stream, kDestroyed, 'destroyed')) return;
    if (isMarked(stream, kAutoDestroy, 'autoDestroy')) {
        stream.destroy(error);
        return;
    }
    if (!error) return;
    noteError(stream, error);
    if (later) nextTick(emitError, stream, error);
    else emitError(stream, error);
}

/** Calls `_construct`, if there is one, in the next tick, and then `done`. Both sides of a duplex stream may ask. */
function construct(stream, done) {
    if (typeof stream._construct !== 'function') return;
    const { _readableState: readable, _writableState: writable } = stream;
    if (readable) readable.flags &= ~kConstructed;
    if (writable) writable.flags &= ~kConstructed;
    stream.once(kConstruct, done);
    if (stream.listenerCount(kConstruct) === 1) nextTick(callConstruct, stream);
}
function callConstruct(stream) {
    let called = false;
    const constructed = (error) => {
        if (called) {
            errorOrDestroy(stream, error ?? new ERR_MULTIPLE_CALLBACK());
            return;
        }
        called = true;
        mark(stream, kConstructed);
        if (isMarked(stream, kDestroyed)) stream.emit(kDestroy, error);
        else if (error) errorOrDestroy(stream, error, true);
        else stream.emit(kConstruct);
    };
    try {
        stream._construct((error) => nextTick(constructed, error));
    } catch (error) {
        nextTick(constructed, error);
    }
}

/** Ends any kind of stream, as well as it knows. Without an error, one that is not finished is aborted. */
function destroyer(stream, error) {
    if (!stream || isDestroyed(stream)) return;
    if (!error && !isFinished(stream)) error = new AbortError();
    if (isServerRequest(stream)) {
        stream.socket = null;
        stream.destroy(error);
    } else if (isRequest(stream)) stream.abort();
    else if (isRequest(stream.req)) stream.req.abort();
    else if (typeof stream.destroy === 'function') stream.destroy(error);
    else if (typeof stream.close === 'function') stream.close();
    else {
        nextTick(() => {
            if (error) stream.emit('error', error);
            if (error) nextTick(() => stream.emit('close'));
            else stream.emit('close');
        });
    }
    if (!stream.destroyed) stream[kIsDestroyed] = true;
}

module.exports = { construct, destroy, destroyer, emitError, errorOrDestroy, joined, undestroy };
