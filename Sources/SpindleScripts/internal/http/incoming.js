// http.IncomingMessage: what the other side sends, as a stream.

const { ObjectDefineProperties, ObjectSetPrototypeOf, ReflectApply, Symbol } = primordials;
const { Readable } = require('stream');
const { genericError } = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { addField, distinctFieldsOf, fieldsOf } = require('internal/http/fields');

const kHeaders = Symbol('headers');
const kHeadersDistinct = Symbol('headersDistinct');
const kTrailers = Symbol('trailers');
const kTrailersDistinct = Symbol('trailersDistinct');
/** Called when it is read from; lets its connection go on. */
const kResume = Symbol('resume');

function IncomingMessage(socket) {
    ReflectApply(Readable, this, [socket ? { highWaterMark: socket.readableHighWaterMark } : undefined]);
    this._readableState.readingMore = true;
    this.socket = socket;
    this.httpVersionMajor = null;
    this.httpVersionMinor = null;
    this.httpVersion = null;
    this.complete = false;
    this[kHeaders] = null;
    this[kHeadersDistinct] = null;
    this.rawHeaders = [];
    this[kTrailers] = null;
    this[kTrailersDistinct] = null;
    this.rawTrailers = [];
    this.joinDuplicateHeaders = false;
    this.aborted = false;
    this.upgrade = null;
    this.url = '';
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
    this.client = socket;
    this._consumed = false;
    this._dumped = false;
    this[kResume] = null;
}
ObjectSetPrototypeOf(IncomingMessage.prototype, Readable.prototype);
ObjectSetPrototypeOf(IncomingMessage, Readable);

/** A view of a flat list that is made when it is asked for. */
const view = (key, list, make) => ({
    __proto__: null,
    configurable: true,
    get() { return this[key] ??= make(this[list], this.joinDuplicateHeaders); },
    set(value) { this[key] = value; },
});
ObjectDefineProperties(IncomingMessage.prototype, {
    connection: {
        __proto__: null,
        configurable: true,
        get() { return this.socket; },
        set(socket) { this.socket = socket; },
    },
    headers: view(kHeaders, 'rawHeaders', fieldsOf),
    headersDistinct: view(kHeadersDistinct, 'rawHeaders', distinctFieldsOf),
    trailers: view(kTrailers, 'rawTrailers', fieldsOf),
    trailersDistinct: view(kTrailersDistinct, 'rawTrailers', distinctFieldsOf),
});

IncomingMessage.prototype.setTimeout = function (msecs, callback) {
    if (callback) this.on('timeout', callback);
    this.socket.setTimeout(msecs);
    return this;
};

IncomingMessage.prototype._read = function _read() {
    if (!this._consumed) {
        this._readableState.readingMore = false;
        this._consumed = true;
    }
    this[kResume]?.();
};

IncomingMessage.prototype._destroy = function _destroy(error, callback) {
    if (!this.readableEnded || !this.complete) {
        this.aborted = true;
        this.emit('aborted');
    }
    // An end that the other side did not send takes the connection with it.
    if (this.socket && !this.socket.destroyed && this.aborted) {
        this.socket.destroy(error);
        const finish = (later) => nextTick(() => {
            // Nobody can do anything about it who does not listen.
            callback(later && this.listenerCount('error') === 0 ? null : later);
        });
        const { finished } = require('internal/streams/finished');
        finished(this.socket, (later) => finish(later?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? error : later));
        return;
    }
    nextTick(() => callback(error && this.listenerCount('error') === 0 ? null : error));
};

IncomingMessage.prototype._addHeaderLine = function _addHeaderLine(field, value, fields) {
    addField(fields, field, value, this.joinDuplicateHeaders);
};

/** Reads the rest away, so that the connection can go on. */
IncomingMessage.prototype._dump = function _dump() {
    if (this._dumped) return;
    this._dumped = true;
    this._consumed = true;
    this.removeAllListeners('data');
    this.resume();
};

/** Its connection ended in the middle. */
function abortIncoming(message) {
    if (message.destroyed || (message.complete && message.readableEnded)) return;
    message.destroy(genericError('aborted', 'ECONNRESET'));
}

/** A part of the body; the bytes are good for this call only. False if there is enough for now. */
function pushBody(message, bytes, start, end) {
    if (message._dumped) return true;
    const { Buffer } = require('buffer');
    // A buffer of its own is one that nobody writes to any more.
    if (bytes instanceof Buffer) return message.push(bytes.subarray(start, end));
    return message.push(Buffer.from(bytes.subarray(start, end)));
}

module.exports = { IncomingMessage, abortIncoming, kResume, pushBody };
