// What the writable side of a stream keeps.

const { ArrayPrototypeSlice } = primordials;
const {
    defaultEncodingFrom, defineCommon, defineFlags, flagsFrom, highWaterMarkFrom, kObjectMode,
} = require('internal/streams/state');

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

class WritableState {
    constructor(options, isDuplex, onWritten) {
        this.flags = flagsFrom(options, isDuplex ? 'writableObjectMode' : undefined) | kSync | kAllBuffers | kAllNoop;
        if (options == null || options.decodeStrings !== false) this.flags |= kDecodeStrings;
        this.highWaterMark = highWaterMarkFrom(
            options, (this.flags & kObjectMode) !== 0, isDuplex ? 'writableHighWaterMark' : undefined);
        this.defaultEncoding = defaultEncodingFrom(options);
        /** Bytes, characters or objects that `_write` has not dealt with. */
        this.length = 0;
        this.corked = 0;
        /** What `_write` is given to call back. */
        this.onwrite = onWritten;
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

module.exports = {
    WritableState,
    kAfterWritePending,
    kAllBuffers,
    kAllNoop,
    kBufferProcessing,
    kDecodeStrings,
    kEnded,
    kEnding,
    kFinalCalled,
    kFinished,
    kHasWritable,
    kNeedDrain,
    kPrefinished,
    kSync,
    kWritable,
    kWriting,
};
