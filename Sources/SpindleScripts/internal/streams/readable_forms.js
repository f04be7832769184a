// What Readable has besides pushing and reading: other sources, other forms, and its properties.

const {
    ArrayPrototypeSlice, FunctionPrototypeBind, ObjectDefineProperties, ObjectKeys, SymbolAsyncIterator,
} = primordials;
const { destroyer, errorOrDestroy } = require('internal/streams/destroy');
const { kDestroyed, kErrorEmitted, kErrored } = require('internal/streams/state');
const { kEndEmitted } = require('internal/streams/readable_state');

/** Gives them to the class, which is not loaded from here as it loads this. */
module.exports = function addForms(Readable) {
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
            const { [key]: value } = source;
            if (this[key] === undefined && typeof value === 'function') this[key] = FunctionPrototypeBind(value, source);
        }
        return this;
    };
    Readable.wrap = function wrap(source, options) {
        return new Readable({
            objectMode: source.readableObjectMode ?? source.objectMode ?? true,
            ...options,
            destroy(error, callback) {
                destroyer(source, error);
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
        readableEncoding: member(function readableEncoding() {
            return this._readableState ? this._readableState.encoding : null;
        }),
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
};
