// What the readable side of a stream keeps.

const {
    defaultEncodingFrom, defineCommon, defineFlags, flagsFrom, highWaterMarkFrom, kObjectMode,
} = require('internal/streams/state');

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

module.exports = {
    ReadableState,
    kDataEmitted,
    kDataListening,
    kEmittedReadable,
    kEndEmitted,
    kEnded,
    kFlowing,
    kHasFlowing,
    kHasPaused,
    kHasReadable,
    kMultiAwaitDrain,
    kNeedReadable,
    kPaused,
    kReadable,
    kReadableListening,
    kReading,
    kReadingMore,
    kResumeScheduled,
    kSync,
    setDecoder,
};
