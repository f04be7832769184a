// http.OutgoingMessage: what both a server's response and a client's request are: fields, then a body.

const {
    ArrayIsArray, ArrayPrototypeJoin, ArrayPrototypePush, Boolean, Date, DatePrototypeGetTime, DatePrototypeToUTCString,
    NumberPrototypeToString, ObjectDefineProperties, ObjectKeys, ObjectSetPrototypeOf, ReflectApply, String,
    StringPrototypeIncludes, StringPrototypeToLowerCase, Symbol, SymbolFor,
} = primordials;
const { Stream } = require('internal/streams/legacy');
const { Buffer } = require('buffer');
const {
    codes: {
        ERR_HTTP_BODY_NOT_ALLOWED, ERR_HTTP_CONTENT_LENGTH_MISMATCH, ERR_HTTP_HEADERS_SENT, ERR_HTTP_TRAILER_INVALID,
        ERR_INVALID_ARG_TYPE, ERR_INVALID_CHAR, ERR_METHOD_NOT_IMPLEMENTED,
        ERR_STREAM_ALREADY_FINISHED, ERR_STREAM_CANNOT_PIPE, ERR_STREAM_DESTROYED, ERR_STREAM_NULL_VALUES,
        ERR_STREAM_WRITE_AFTER_END,
    },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { isUint8Array } = require('internal/util/types');
const { nextTick } = require('internal/task_queues');
const { currentTime } = require('internal/net/host');
const { kConsumer, writeNow } = require('internal/net/socket');
const { eachField, hasInvalidChar, validateHeaderName, validateHeaderValue } = require('internal/http/fields');

/** Fields by their names in lower case: [name as given, value]. */
const kFields = Symbol('fields');
const kNeedDrain = Symbol('needDrain');
const kCorked = Symbol('corked');
const kErrored = Symbol('errored');
const kBytes = Symbol('bytes');
const kUnique = Symbol('unique');
/** Written before there was a connection: [data, encoding, callback]. */
const kQueue = Symbol('queue');
const kHighWaterMark = Symbol('highWaterMark');

const noop = () => {};

function OutgoingMessage(options) {
    ReflectApply(Stream, this, []);
    this.destroyed = false;
    this._last = false;
    this.chunkedEncoding = false;
    this.shouldKeepAlive = true;
    this.maxRequestsOnConnectionReached = false;
    this._defaultKeepAlive = true;
    this.useChunkedEncodingByDefault = true;
    this.sendDate = false;
    this._removedConnection = false;
    this._removedContLen = false;
    this._removedTE = false;
    this.strictContentLength = false;
    this._contentLength = null;
    this._hasBody = true;
    this._trailer = '';
    this.finished = false;
    this._headerSent = false;
    this._closed = false;
    this.socket = null;
    this._header = null;
    this._keepAliveTimeout = 0;
    this._onPendingData = noop;
    this.outputSize = 0;
    this[kFields] = null;
    this[kNeedDrain] = false;
    this[kCorked] = 0;
    this[kErrored] = null;
    this[kBytes] = 0;
    this[kUnique] = null;
    this[kQueue] = null;
    this[kHighWaterMark] = options?.highWaterMark ?? 64 * 1024;
}
ObjectSetPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
ObjectSetPrototypeOf(OutgoingMessage, Stream);

const getter = (get, set) => ({ __proto__: null, configurable: true, enumerable: false, get, set });
ObjectDefineProperties(OutgoingMessage.prototype, {
    _headers: getter(function () { return this.getHeaders(); }, function (fields) {
        this[kFields] = null;
        if (fields) for (const name of ObjectKeys(fields)) this.setHeader(name, fields[name]);
    }),
    closed: getter(function () { return this._closed; }),
    connection: getter(function () { return this.socket; }, function (socket) { this.socket = socket; }),
    errored: getter(function () { return this[kErrored]; }),
    headersSent: getter(function () { return Boolean(this._header); }),
    writableCorked: getter(function () { return this[kCorked]; }),
    writableEnded: getter(function () { return this.finished; }),
    writableFinished: getter(function () {
        return this.finished && this.outputSize === 0 && (!this.socket || this.socket.writableLength === 0);
    }),
    writableHighWaterMark: getter(function () {
        return this.socket ? this.socket.writableHighWaterMark : this[kHighWaterMark];
    }),
    writableLength: getter(function () { return this.outputSize + (this.socket ? this.socket.writableLength : 0); }),
    writableNeedDrain: getter(function () { return !this.destroyed && !this.finished && this[kNeedDrain]; }),
    writableObjectMode: getter(() => false),
});
const prototype = OutgoingMessage.prototype;

prototype._renderHeaders = function _renderHeaders() {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
    const headers = {};
    for (const key in this[kFields]) headers[this[kFields][key][0]] = this[kFields][key][1];
    return headers;
};

prototype.cork = function cork() {
    this[kCorked]++;
    this.socket?.cork();
};
prototype.uncork = function uncork() {
    if (this[kCorked] > 0) this[kCorked]--;
    this.socket?.uncork();
};

prototype.setTimeout = function (msecs, callback) {
    if (callback) this.on('timeout', callback);
    if (this.socket) this.socket.setTimeout(msecs);
    else this.once('socket', (socket) => socket.setTimeout(msecs));
    return this;
};

prototype.destroy = function destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this[kErrored] = error ?? null;
    if (this.socket) this.socket.destroy(error);
    else this.once('socket', (socket) => socket.destroy(error));
    return this;
};

// --- Fields ------------------------------------------------------------------------------------------------------------

prototype.setHeader = function setHeader(name, value) {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
    validateHeaderName(name);
    validateHeaderValue(name, value);
    (this[kFields] ??= { __proto__: null })[StringPrototypeToLowerCase(name)] = [name, value];
    return this;
};
prototype.setHeaders = function setHeaders(headers) {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
    if (!headers || ArrayIsArray(headers) || typeof headers.keys !== 'function' || typeof headers.get !== 'function') {
        throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    }
    const cookies = [];
    for (const { 0: name, 1: value } of headers) {
        if (StringPrototypeToLowerCase(name) === 'set-cookie') {
            if (ArrayIsArray(value)) for (let i = 0; i < value.length; i++) ArrayPrototypePush(cookies, value[i]);
            else ArrayPrototypePush(cookies, value);
        } else this.setHeader(name, value);
    }
    if (cookies.length > 0) this.setHeader('set-cookie', cookies);
    return this;
};
prototype.appendHeader = function appendHeader(name, value) {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('append');
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const key = StringPrototypeToLowerCase(name);
    const fields = this[kFields] ??= { __proto__: null };
    if (fields[key] === undefined) {
        fields[key] = [name, value];
        return this;
    }
    const values = ArrayIsArray(fields[key][1]) ? fields[key][1] : [fields[key][1]];
    if (ArrayIsArray(value)) for (let i = 0; i < value.length; i++) ArrayPrototypePush(values, value[i]);
    else ArrayPrototypePush(values, value);
    fields[key][1] = values;
    return this;
};
prototype.getHeader = function getHeader(name) {
    validateString(name, 'name');
    return this[kFields]?.[StringPrototypeToLowerCase(name)]?.[1];
};
prototype.getHeaderNames = function getHeaderNames() { return this[kFields] === null ? [] : ObjectKeys(this[kFields]); };
prototype.getRawHeaderNames = function getRawHeaderNames() {
    const names = [];
    for (const key in this[kFields]) ArrayPrototypePush(names, this[kFields][key][0]);
    return names;
};
prototype.getHeaders = function getHeaders() {
    const headers = { __proto__: null };
    for (const key in this[kFields]) headers[key] = this[kFields][key][1];
    return headers;
};
prototype.hasHeader = function hasHeader(name) {
    validateString(name, 'name');
    return this[kFields]?.[StringPrototypeToLowerCase(name)] !== undefined;
};
prototype.removeHeader = function removeHeader(name) {
    validateString(name, 'name');
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('remove');
    const key = StringPrototypeToLowerCase(name);
    if (key === 'connection') this._removedConnection = true;
    else if (key === 'content-length') this._removedContLen = true;
    else if (key === 'transfer-encoding') this._removedTE = true;
    else if (key === 'date') this.sendDate = false;
    if (this[kFields] !== null) delete this[kFields][key];
};

let date = '';
let dateUntil = 0;
/** The time as fields have it, made once a second. */
function utcDate() {
    const time = currentTime();
    if (time >= dateUntil) {
        const now = new Date();
        date = DatePrototypeToUTCString(now);
        dateUntil = time + 1000 - DatePrototypeGetTime(now) % 1000;
    }
    return date;
}

/** Makes the text of the head of `firstLine` and the fields, which are the message's own or those given. */
prototype._storeHeader = function _storeHeader(firstLine, headers) {
    const seen = { connection: false, contentLength: false, coding: false, date: false, expect: false, trailer: false };
    let text = firstLine;
    const add = (name, value, key) => {
        if (ArrayIsArray(value)) {
            if (key === 'cookie' || this[kUnique]?.has(key)) text += `${name}: ${ArrayPrototypeJoin(value, '; ')}\r\n`;
            else for (let i = 0; i < value.length; i++) text += `${name}: ${value[i]}\r\n`;
        } else text += `${name}: ${value}\r\n`;
        noteField(this, seen, key, value);
    };
    if (headers === this[kFields]) for (const key in headers) add(headers[key][0], headers[key][1], key);
    else if (headers) {
        eachField(headers, (name, value) => {
            validateHeaderName(name);
            if (ArrayIsArray(value)) for (let i = 0; i < value.length; i++) validateHeaderValue(name, value[i]);
            else validateHeaderValue(name, value);
            add(name, value, StringPrototypeToLowerCase(name));
        });
    }
    if (this.sendDate && !seen.date) text += `Date: ${utcDate()}\r\n`;
    // Nothing else may follow, whatever the program has said.
    if (this.chunkedEncoding && (this.statusCode === 204 || this.statusCode === 304)) {
        this.chunkedEncoding = false;
        this.shouldKeepAlive = false;
    }
    if (this._removedConnection) {
        this._last = !this.shouldKeepAlive;
    } else if (!seen.connection) {
        const mayStay = this.shouldKeepAlive && (seen.contentLength || this.useChunkedEncodingByDefault || this.agent);
        if (mayStay && this.maxRequestsOnConnectionReached) {
            this._last = true;
            text += 'Connection: close\r\n';
        } else if (mayStay) {
            text += 'Connection: keep-alive\r\n';
            if (this._keepAliveTimeout >= 1000 && this._defaultKeepAlive) {
                let hint = `timeout=${(this._keepAliveTimeout / 1000) >>> 0}`;
                if (this._maxRequestsPerSocket > 0) hint += `, max=${this._maxRequestsPerSocket}`;
                text += `Keep-Alive: ${hint}\r\n`;
            }
        } else {
            this._last = true;
            text += 'Connection: close\r\n';
        }
    }
    if (!seen.contentLength && !seen.coding) {
        if (!this._hasBody) this.chunkedEncoding = false;
        else if (!this.useChunkedEncodingByDefault) this._last = true;
        else if (!seen.trailer && !this._removedContLen && typeof this._contentLength === 'number') {
            text += `Content-Length: ${this._contentLength}\r\n`;
        } else if (!this._removedTE) {
            text += 'Transfer-Encoding: chunked\r\n';
            this.chunkedEncoding = true;
        }
    }
    if (this.chunkedEncoding !== true && seen.trailer) throw new ERR_HTTP_TRAILER_INVALID();
    this._header = `${text}\r\n`;
    this._headerSent = false;
    if (seen.expect) this._send('');
};

function noteField(message, seen, key, value) {
    switch (key) {
        case 'connection':
            seen.connection = true;
            message._removedConnection = false;
            if (hasToken(value, 'close')) message._last = true;
            else message.shouldKeepAlive = true;
            break;
        case 'transfer-encoding':
            seen.coding = true;
            message._removedTE = false;
            if (hasToken(value, 'chunked')) message.chunkedEncoding = true;
            break;
        case 'content-length':
            seen.contentLength = true;
            message._contentLength = +value;
            message._removedContLen = false;
            break;
        case 'date':
        case 'expect':
        case 'trailer': seen[key] = true; break;
        case 'keep-alive': message._defaultKeepAlive = false; break;
        default:
    }
}
function hasToken(value, wanted) {
    return StringPrototypeIncludes(StringPrototypeToLowerCase(String(value)), wanted);
}

// --- Body --------------------------------------------------------------------------------------------------------------

/** Sends data, behind the head if that is still to go; the two as one text where possible. */
prototype._send = function _send(data, encoding, callback, byteLength) {
    if (!this._headerSent) {
        const header = this._header;
        this._headerSent = true;
        const isText = typeof data === 'string' && (encoding === 'utf8' || encoding === 'utf-8' || !encoding);
        if (data === '' || (typeof data === 'string' && encoding === 'latin1')) {
            data = header + data;
            encoding = 'latin1';
        } else if (isText && !hasWide(header)) {
            data = header + data;
        } else this._writeRaw(header, 'latin1', null);
    }
    return this._writeRaw(data, encoding, callback);
};
/** Whether it is other than ASCII, so that as UTF-8 it would be other bytes. */
function hasWide(text) {
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return true;
    return false;
}

prototype._writeRaw = function _writeRaw(data, encoding, callback) {
    const { socket } = this;
    if (socket?.destroyed) return false;
    if (typeof encoding === 'function') {
        callback = encoding;
        encoding = null;
    }
    if (socket && socket._httpMessage === this && socket.writable) {
        if (this[kQueue] !== null) this._flushOutput(socket);
        return kConsumer in socket ? writeNow(socket, data, encoding, callback) : socket.write(data, encoding, callback);
    }
    ArrayPrototypePush(this[kQueue] ??= [], [data, encoding, callback]);
    this.outputSize += data.length;
    this._onPendingData(data.length);
    return this.outputSize < this[kHighWaterMark];
};

prototype._flushOutput = function _flushOutput(socket) {
    const queue = this[kQueue];
    if (queue === null) return true;
    this[kQueue] = null;
    socket.cork();
    let result = true;
    for (let i = 0; i < queue.length; i++) result = socket.write(queue[i][0], queue[i][1], queue[i][2]);
    socket.uncork();
    this._onPendingData(-this.outputSize);
    this.outputSize = 0;
    return result;
};

/** Sends what waited for a connection. */
prototype._flush = function _flush() {
    const { socket } = this;
    if (!socket?.writable) return;
    const result = this._flushOutput(socket);
    if (this.finished) this._finish();
    else if (result && this[kNeedDrain]) {
        this[kNeedDrain] = false;
        this.emit('drain');
    }
};

prototype._implicitHeader = function _implicitHeader() { throw new ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()'); };

prototype.write = function write(chunk, encoding, callback) {
    if (typeof encoding === 'function') {
        callback = encoding;
        encoding = null;
    }
    const result = writeChunk(this, chunk, encoding, callback, false);
    if (!result) this[kNeedDrain] = true;
    return result;
};

function onError(message, error, callback) {
    nextTick(callback, error);
    nextTick(() => {
        if (typeof message.emit === 'function' && !message.destroyed) message.emit('error', error);
    });
}

function writeChunk(message, chunk, encoding, callback, fromEnd) {
    if (typeof callback !== 'function') callback = noop;
    if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
    let length;
    if (typeof chunk === 'string') length = Buffer.byteLength(chunk, encoding ?? undefined);
    else if (isUint8Array(chunk)) length = chunk.length;
    else throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
    let error;
    if (message.finished) error = new ERR_STREAM_WRITE_AFTER_END();
    else if (message.destroyed) error = new ERR_STREAM_DESTROYED('write');
    if (error !== undefined) {
        if (!message.destroyed) onError(message, error, callback);
        else nextTick(callback, error);
        return false;
    }
    if (message.strictContentLength && message._contentLength !== null && !message._removedContLen) {
        const total = message[kBytes] + length;
        if (fromEnd ? total !== message._contentLength : total > message._contentLength) {
            throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(total, message._contentLength);
        }
    }
    message[kBytes] += length;
    if (!message._header) {
        if (fromEnd) message._contentLength ??= length;
        message._implicitHeader();
    }
    if (!message._hasBody) {
        if (message.rejectNonStandardBodyWrites) throw new ERR_HTTP_BODY_NOT_ALLOWED();
        nextTick(callback);
        return true;
    }
    if (!message.chunkedEncoding) return message._send(chunk, encoding, callback, length);
    if (length === 0) {
        nextTick(callback);
        return true;
    }
    message._send(`${NumberPrototypeToString(length, 16)}\r\n`, 'latin1', null);
    message._send(chunk, encoding, null, length);
    return message._send('\r\n', 'latin1', callback);
}

prototype.addTrailers = function addTrailers(headers) {
    this._trailer = '';
    eachField(headers, (name, value) => {
        validateHeaderName(name, 'Trailer name');
        const values = ArrayIsArray(value) ? value : [value];
        for (let i = 0; i < values.length; i++) {
            if (hasInvalidChar(values[i])) throw new ERR_INVALID_CHAR('trailer content', name);
            this._trailer += `${name}: ${values[i]}\r\n`;
        }
    });
};

prototype.end = function end(chunk, encoding, callback) {
    if (typeof chunk === 'function') {
        callback = chunk;
        chunk = encoding = null;
    } else if (typeof encoding === 'function') {
        callback = encoding;
        encoding = null;
    }
    if (chunk) {
        if (this.finished) {
            onError(this, new ERR_STREAM_WRITE_AFTER_END(), typeof callback === 'function' ? callback : noop);
            return this;
        }
        writeChunk(this, chunk, encoding, null, true);
    } else if (this.finished) {
        if (typeof callback === 'function') {
            if (this.writableFinished) callback(new ERR_STREAM_ALREADY_FINISHED('end'));
            else this.on('finish', callback);
        }
        return this;
    } else if (!this._header) {
        this._contentLength = 0;
        this._implicitHeader();
    }
    if (typeof callback === 'function') this.once('finish', callback);
    if (this.strictContentLength && this._contentLength !== null && this[kBytes] !== this._contentLength && this._hasBody) {
        throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(this[kBytes], this._contentLength);
    }
    const finish = () => onFinish(this);
    if (this._hasBody && this.chunkedEncoding) this._send(`0\r\n${this._trailer}\r\n`, 'latin1', finish);
    else if (!this._headerSent || this.writableLength > 0 || this.socket?.writableNeedDrain) this._send('', 'latin1', finish);
    else nextTick(finish);
    if (this[kCorked] > 0) this.socket?.uncork();
    this[kCorked] = 0;
    this.finished = true;
    if (this.outputSize === 0 && this.socket && this.socket._httpMessage === this) this._finish();
    return this;
};
function onFinish(message) {
    if (message.socket?._hadError) return;
    message.emit('finish');
}

prototype._finish = function _finish() { this.emit('prefinish'); };

prototype.flushHeaders = function flushHeaders() {
    if (!this._header) this._implicitHeader();
    this._send('');
};

prototype.pipe = function pipe() { this.emit('error', new ERR_STREAM_CANNOT_PIPE()); };

prototype[SymbolFor('nodejs.rejection')] = function (error) { this.destroy(error); };

module.exports = { OutgoingMessage, kFields, kNeedDrain, kUnique, kErrored };
