// Transform: a Duplex that reads what becomes of what is written. PassThrough: nothing becomes of it.

const { ObjectSetPrototypeOf, ReflectApply, Symbol } = primordials;
const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const Duplex = require('internal/streams/duplex');
const { highWaterMarkFrom } = require('internal/streams/state');

/** What ends the write that is under way; and the same once its outcome has filled the readable side. */
const kWrite = Symbol('write');
const kCallback = Symbol('callback');
/** How much was buffered when that write began. */
const kBefore = Symbol('before');
/** What `_transform` is given to call: one function for all writes. */
const kTransformed = Symbol('transformed');

function Transform(options) {
    if (!(this instanceof Transform)) return new Transform(options);
    // Without a buffer for reading there is to be none for writing either.
    if (options && highWaterMarkFrom(options, false, 'readableHighWaterMark') === 0) {
        options = {
            ...options, highWaterMark: null, readableHighWaterMark: 0, writableHighWaterMark: options.writableHighWaterMark || 0,
        };
    }
    ReflectApply(Duplex, this, [options]);
    // There is a `_read`, which may push at once.
    this._readableState.sync = false;
    this[kWrite] = null;
    this[kCallback] = null;
    this[kBefore] = 0;
    this[kTransformed] = (error, value) => onTransformed(this, error, value);
    if (options) {
        if (typeof options.transform === 'function') this._transform = options.transform;
        if (typeof options.flush === 'function') this._flush = options.flush;
    }
    // Programs may bring a `_final` of their own, which does not know of flushing.
    this.on('prefinish', onPrefinish);
}
ObjectSetPrototypeOf(Transform.prototype, Duplex.prototype);
ObjectSetPrototypeOf(Transform, Duplex);

function final(callback) {
    if (typeof this._flush !== 'function' || this.destroyed) {
        this.push(null);
        callback?.();
        return;
    }
    this._flush((error, data) => {
        if (error) {
            if (callback) callback(error);
            else this.destroy(error);
            return;
        }
        if (data != null) this.push(data);
        this.push(null);
        callback?.();
    });
}
function onPrefinish() {
    if (this._final !== final) ReflectApply(final, this, []);
}
Transform.prototype._final = final;

Transform.prototype._transform = function _transform() { throw new ERR_METHOD_NOT_IMPLEMENTED('_transform()'); };

Transform.prototype._write = function _write(chunk, encoding, callback) {
    this[kWrite] = callback;
    this[kBefore] = this._readableState.length;
    this._transform(chunk, encoding, this[kTransformed]);
};
function onTransformed(stream, error, value) {
    const callback = stream[kWrite];
    if (error) {
        callback(error);
        return;
    }
    if (value !== null && value !== undefined) stream.push(value);
    const { _readableState: readable } = stream;
    const { length } = readable;
    // A program that has ended the readable side is to see that before its write is over.
    if (readable.ended) nextTick(callback);
    else if (length < readable.highWaterMark || length === stream[kBefore] || stream._writableState.ended) callback();
    else stream[kCallback] = callback;
}
Transform.prototype._read = function _read() {
    const callback = this[kCallback];
    if (callback === null) return;
    this[kCallback] = null;
    callback();
};

function PassThrough(options) {
    if (!(this instanceof PassThrough)) return new PassThrough(options);
    ReflectApply(Transform, this, [options]);
}
ObjectSetPrototypeOf(PassThrough.prototype, Transform.prototype);
ObjectSetPrototypeOf(PassThrough, Transform);
PassThrough.prototype._transform = function _transform(chunk, encoding, callback) { callback(null, chunk); };

module.exports = { PassThrough, Transform };
