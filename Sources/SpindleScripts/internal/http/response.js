// http.ServerResponse.

const { ArrayIsArray, ObjectSetPrototypeOf, ReflectApply, Symbol } = primordials;
const {
    codes: {
        ERR_HTTP_HEADERS_SENT, ERR_HTTP_INVALID_STATUS_CODE, ERR_HTTP_SOCKET_ASSIGNED, ERR_INVALID_ARG_VALUE, ERR_INVALID_CHAR,
    },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { eachField, hasInvalidChar, validateHeaderName, validateHeaderValue } = require('internal/http/fields');
const { OutgoingMessage, kFields, kUnique } = require('internal/http/outgoing');
const STATUS_CODES = require('internal/http/status');

/** Told when everything has been given to the connection; its connection deals with it before the program does. */
const kWhenFinished = Symbol('whenFinished');

function ServerResponse(request, options) {
    ReflectApply(OutgoingMessage, this, [options]);
    this.statusCode = 200;
    this.statusMessage = undefined;
    this.req = request;
    this.sendDate = true;
    this._sent100 = false;
    this._expect_continue = false;
    this[kWhenFinished] = null;
    if (request.method === 'HEAD') this._hasBody = false;
    if (request.httpVersionMajor < 1 || request.httpVersionMinor < 1) {
        this.useChunkedEncodingByDefault = /\bchunked\b/i.test(request.headers.te ?? '');
        this.shouldKeepAlive = false;
    }
    if (options?.rejectNonStandardBodyWrites) this.rejectNonStandardBodyWrites = true;
}
ObjectSetPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
ObjectSetPrototypeOf(ServerResponse, OutgoingMessage);
const prototype = ServerResponse.prototype;

prototype.statusCode = 200;
prototype.statusMessage = undefined;

prototype.assignSocket = function assignSocket(socket) {
    if (socket._httpMessage) throw new ERR_HTTP_SOCKET_ASSIGNED();
    socket._httpMessage = this;
    this.socket = socket;
    this.emit('socket', socket);
    this._flush();
};
prototype.detachSocket = function detachSocket(socket) {
    socket._httpMessage = null;
    this.socket = null;
};

prototype.writeContinue = function writeContinue(callback) {
    this._writeRaw('HTTP/1.1 100 Continue\r\n\r\n', 'latin1', callback);
    this._sent100 = true;
};
prototype.writeProcessing = function writeProcessing(callback) {
    this._writeRaw('HTTP/1.1 102 Processing\r\n\r\n', 'latin1', callback);
};
prototype.writeEarlyHints = function writeEarlyHints(hints, callback) {
    validateObject(hints, 'hints');
    if (hints.link == null) return;
    const links = ArrayIsArray(hints.link) ? hints.link : [hints.link];
    let text = 'HTTP/1.1 103 Early Hints\r\nLink: ';
    for (let i = 0; i < links.length; i++) {
        const link = `${links[i]}`;
        if (!/^(?:<[^>]*>)(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/.test(link)) {
            throw new ERR_INVALID_ARG_VALUE(
                'hints', link, 'must be an array or string of format "</styles.css>; rel=preload; as=style"');
        }
        text += i > 0 ? `, ${link}` : link;
    }
    text += '\r\n';
    for (const name in hints) {
        if (name === 'link') continue;
        validateHeaderName(name);
        validateHeaderValue(name, hints[name]);
        text += `${name}: ${hints[name]}\r\n`;
    }
    this._writeRaw(`${text}\r\n`, 'latin1', callback);
};

prototype._implicitHeader = function _implicitHeader() { this.writeHead(this.statusCode); };

prototype.writeHead = function writeHead(statusCode, reason, headers) {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
    const given = statusCode;
    statusCode |= 0;
    if (statusCode < 100 || statusCode > 999) throw new ERR_HTTP_INVALID_STATUS_CODE(given);
    if (typeof reason === 'string') this.statusMessage = reason;
    else {
        this.statusMessage ||= STATUS_CODES[statusCode] || 'unknown';
        headers ??= reason;
    }
    this.statusCode = statusCode;
    let fields = this[kFields];
    if (headers) {
        if (fields !== null) {
            // Those given last replace those of the same name, but repeat themselves.
            const replaced = { __proto__: null };
            eachField(headers, (name, value) => {
                if (!name && name !== 0) return;
                if (ArrayIsArray(headers) && replaced[`${name}`.toLowerCase()]) this.appendHeader(name, value);
                else this.setHeader(name, value);
                replaced[`${name}`.toLowerCase()] = true;
            });
            fields = this[kFields];
        } else fields = headers;
    }
    if (hasInvalidChar(this.statusMessage)) throw new ERR_INVALID_CHAR('statusMessage');
    if (statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode <= 199)) this._hasBody = false;
    // Without the go-ahead the client may or may not send its body: where the next request begins nobody knows.
    if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
    this._storeHeader(`HTTP/1.1 ${statusCode} ${this.statusMessage}\r\n`, fields);
    return this;
};
prototype.writeHeader = prototype.writeHead;

module.exports = { ServerResponse, kUnique, kWhenFinished };
