// http.ClientRequest: a request, and the answer that comes to it.

const {
    ArrayIsArray, Boolean, ObjectDefineProperty, ObjectSetPrototypeOf, ReflectApply, String, StringPrototypeCharCodeAt,
    StringPrototypeIncludes, StringPrototypeStartsWith, StringPrototypeToUpperCase, Symbol,
} = primordials;
const {
    codes: {
        ERR_HTTP_HEADERS_SENT, ERR_INVALID_ARG_TYPE, ERR_INVALID_HTTP_TOKEN, ERR_INVALID_PROTOCOL, ERR_UNESCAPED_CHARACTERS,
    }, genericError,
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger, validateNumber } = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { kConsumer, setReading } = require('internal/net/socket');
const { eachField, isToken } = require('internal/http/fields');
const { IncomingMessage, abortIncoming, kResume, pushBody } = require('internal/http/incoming');
const { OutgoingMessage, kErrored, kFields, kNeedDrain, kUnique } = require('internal/http/outgoing');
const { Parser, kDefaultBody, kNoBody, kUpgraded } = require('internal/http/parser');
const { common } = require('internal/http/agent');

const kExchange = Symbol('exchange');

function isURL(value) { return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined); }

function ClientRequest(input, options, callback) {
    ReflectApply(OutgoingMessage, this, []);
    if (typeof input === 'string') input = urlOptions(new (require('internal/url').URL)(input));
    else if (isURL(input)) input = urlOptions(input);
    else {
        callback = options;
        options = input;
        input = null;
    }
    if (typeof options === 'function') {
        callback = options;
        options = input ?? {};
    } else options = { ...input, ...options };
    setAgent(this, options);
    const defaultProtocol = options.defaultProtocol ?? this.agent?.protocol ?? 'http:';
    const protocol = options.protocol ?? defaultProtocol;
    let expected = this.agent?.protocol ?? defaultProtocol;
    if (options.path) {
        const path = String(options.path);
        for (let i = 0; i < path.length; i++) {
            const unit = StringPrototypeCharCodeAt(path, i);
            if (unit <= 32 || unit > 255) throw new ERR_UNESCAPED_CHARACTERS('Request path');
        }
    }
    if (protocol !== expected) throw new ERR_INVALID_PROTOCOL(protocol, expected);
    const defaultPort = options.defaultPort ?? this.agent?.defaultPort ?? 80;
    const port = options.port = options.port || defaultPort;
    const host = options.host = checked(options.hostname, 'hostname') || checked(options.host, 'host') || 'localhost';
    const setHost = options.setHost !== undefined ? Boolean(options.setHost) : true;
    if (options.timeout !== undefined) {
        validateNumber(options.timeout, 'timeout', 0);
        this.timeout = options.timeout;
    }
    let { method } = options;
    if (method != null && typeof method !== 'string') throw new ERR_INVALID_ARG_TYPE('options.method', 'string', method);
    if (method) {
        if (!isToken(method)) throw new ERR_INVALID_HTTP_TOKEN('Method', method);
        method = this.method = StringPrototypeToUpperCase(method);
    } else method = this.method = 'GET';
    if (options.maxHeaderSize !== undefined) validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
    this.maxHeaderSize = options.maxHeaderSize;
    if (options.insecureHTTPParser !== undefined) validateBoolean(options.insecureHTTPParser, 'options.insecureHTTPParser');
    this.joinDuplicateHeaders = options.joinDuplicateHeaders;
    this.socketPath = options.socketPath;
    this.path = options.path || '/';
    this.host = host;
    this.protocol = protocol;
    this._ended = false;
    this.res = null;
    this.aborted = false;
    this.upgradeOrConnect = false;
    this.reusedSocket = false;
    this.maxHeadersCount = null;
    this.parser = null;
    this[kExchange] = null;
    if (callback) {
        validateFunction(callback, 'callback');
        this.once('response', callback);
    }
    if (method === 'GET' || method === 'HEAD' || method === 'DELETE' || method === 'OPTIONS' || method === 'TRACE' ||
        method === 'CONNECT') this.useChunkedEncodingByDefault = false;
    else this.useChunkedEncodingByDefault = true;
    if (this.agent) {
        if (!this.agent.keepAlive && this.agent.maxSockets === Infinity) this._last = true;
        this.shouldKeepAlive = !this._last;
    } else {
        this._last = true;
        this.shouldKeepAlive = false;
    }
    const isList = ArrayIsArray(options.headers);
    if (!isList) {
        if (options.headers) eachField(options.headers, (name, value) => this.setHeader(name, value));
        if (host && !this.getHeader('host') && setHost) {
            const name = StringPrototypeIncludes(host, ':') && !StringPrototypeStartsWith(host, '[') ? `[${host}]` : host;
            this.setHeader('Host', +port === defaultPort ? name : `${name}:${port}`);
        }
        if (options.auth && !this.getHeader('Authorization')) {
            this.setHeader('Authorization', `Basic ${require('buffer').Buffer.from(options.auth).toString('base64')}`);
        }
        if (this.getHeader('expect')) {
            if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
            this._storeHeader(`${method} ${this.path} HTTP/1.1\r\n`, this[kFields]);
        }
    } else this._storeHeader(`${method} ${this.path} HTTP/1.1\r\n`, options.headers);
    this[kUnique] = null;
    if (options.signal) require('internal/streams/abort_signal').addAbortSignal(options.signal, this);
    connect(this, options);
}
ObjectSetPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
ObjectSetPrototypeOf(ClientRequest, OutgoingMessage);
const prototype = ClientRequest.prototype;

function urlOptions(url) { return require('internal/url').urlToHttpOptions(url); }

function checked(name, what) {
    if (name !== undefined && name !== null && typeof name !== 'string') {
        throw new ERR_INVALID_ARG_TYPE(`options.${what}`, ['string', 'undefined', 'null'], name);
    }
    return name;
}

function setAgent(request, options) {
    let { agent } = options;
    const fallback = options._defaultAgent ?? common.agent;
    if (agent === false) agent = new fallback.constructor();
    else if (agent == null) {
        if (typeof options.createConnection !== 'function') agent = fallback;
    } else if (typeof agent.addRequest !== 'function') {
        throw new ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
    }
    request.agent = agent;
}

function connect(request, options) {
    if (request.agent) {
        request.agent.addRequest(request, options);
        return;
    }
    if (options.socketPath) options = { ...options, path: options.socketPath };
    else options = { ...options, path: undefined };
    request._last = true;
    request.shouldKeepAlive = false;
    if (typeof options.createConnection !== 'function') {
        request.onSocket(require('net').createConnection(options));
        return;
    }
    let isOver = false;
    const done = (error, socket) => {
        if (isOver) return;
        isOver = true;
        if (error) nextTick(() => fail(request, error));
        else request.onSocket(socket);
    };
    try {
        const socket = options.createConnection(options, done);
        if (socket) done(null, socket);
    } catch (error) {
        done(error);
    }
}

function fail(request, error) {
    if (request.destroyed && request._closed) return;
    request.destroyed = true;
    request[kErrored] ??= error;
    request.emit('error', error);
    closeRequest(request);
}
function closeRequest(request) {
    if (request._closed) return;
    request._closed = true;
    request.emit('close');
}

ObjectDefineProperty(prototype, 'path', { __proto__: null, configurable: true, enumerable: true, value: '/', writable: true });

prototype._implicitHeader = function _implicitHeader() {
    if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
    this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, this[kFields]);
};

prototype.abort = function abort() {
    if (this.aborted) return;
    this.aborted = true;
    nextTick(() => this.emit('abort'));
    this.destroy();
};

prototype.destroy = function destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    if (this.res) this.res._dump();
    this[kErrored] = error ?? null;
    if (this.socket) this.socket.destroy(error);
    else if (error || this.aborted || !this.agent) nextTick(() => fail(this, error ?? hangUp()));
    else nextTick(() => fail(this, hangUp()));
    return this;
};
function hangUp() { return genericError('socket hang up', 'ECONNRESET'); }

// --- The connection ----------------------------------------------------------------------------------------------------

prototype.onSocket = function onSocket(socket, error) {
    nextTick(() => {
        if (this.destroyed || error) {
            // Nobody wants the connection any more; another request may.
            if (!error && socket && !socket.destroyed) {
                if (this.agent) socket.emit('free');
                else socket.destroy();
            }
            if (error) fail(this, error);
            return;
        }
        this[kExchange] = new Exchange(this, socket);
        if (this.timeout !== undefined && this.timeout > 0) listenTimeout(this, socket);
        this.emit('socket', socket);
        this._flush();
    });
};

function listenTimeout(request, socket) {
    if (!request.timeoutListener) {
        request.timeoutListener = () => request.emit('timeout');
        socket.on('timeout', request.timeoutListener);
    }
    socket.setTimeout(request.timeout);
}

prototype.setTimeout = function (msecs, callback) {
    if (this._ended) return this;
    validateNumber(msecs, 'msecs', 0);
    this.timeout = msecs;
    if (callback) this.once('timeout', callback);
    if (this.socket) listenTimeout(this, this.socket);
    return this;
};
prototype.setNoDelay = function setNoDelay(on) {
    deferToSocket(this, (socket) => socket.setNoDelay(on));
};
prototype.setSocketKeepAlive = function setSocketKeepAlive(on, delay) {
    deferToSocket(this, (socket) => socket.setKeepAlive(on, delay));
};
prototype.clearTimeout = function (callback) { this.setTimeout(0, callback); };
function deferToSocket(request, action) {
    if (request.socket) action(request.socket);
    else request.once('socket', action);
}

/** A request and its answer on a connection. */
class Exchange {
    constructor(request, socket) {
        this.request = request;
        this.socket = socket;
        this.response = null;
        this.isPaused = false;
        this.hasEnded = false;
        this.errorEmitted = false;
        this.parser = new Parser(
            this, false, request.maxHeaderSize ?? 16 * 1024, request.maxHeadersCount === 0 ? Infinity :
                (request.maxHeadersCount ?? 1000) * 2);
        request.socket = socket;
        request.parser = this.parser;
        socket._httpMessage = request;
        this.listeners = {
            __proto__: null,
            close: () => this.#closed(),
            data: (chunk) => this.execute(chunk, 0, chunk.length),
            drain: () => {
                if (!request[kNeedDrain] || request.finished) return;
                request[kNeedDrain] = false;
                request.emit('drain');
            },
            end: () => this.#ended(),
            error: (error) => this.#failed(error),
        };
        for (const type in this.listeners) {
            if (type === 'data' && kConsumer in socket) continue;
            socket.on(type, this.listeners[type]);
        }
        if (kConsumer in socket) {
            socket[kConsumer] = this;
            setReading(socket, true);
        }
    }

    release() {
        for (const type in this.listeners) this.socket.removeListener(type, this.listeners[type]);
        if (this.socket[kConsumer] === this) this.socket[kConsumer] = null;
        this.parser.stop();
    }

    execute(bytes, start, end) { this.parser.execute(bytes, start, end); }
    ended() { this.socket.resume(); }

    onBegin() {}

    onHead(head) {
        const { request, socket } = this;
        if (this.response !== null) {
            // Nobody has asked for a second one.
            socket.destroy();
            return kNoBody;
        }
        const response = new IncomingMessage(socket);
        response.httpVersionMajor = head.major;
        response.httpVersionMinor = head.minor;
        response.httpVersion = `${head.major}.${head.minor}`;
        response.rawHeaders = head.rawHeaders;
        response.statusCode = head.statusCode;
        response.statusMessage = head.statusMessage;
        response.joinDuplicateHeaders = request.joinDuplicateHeaders;
        response.upgrade = head.statusCode === 101 || request.method === 'CONNECT';
        response.req = request;
        this.response = request.res = response;
        if (request.method === 'CONNECT' || (head.upgrade && head.statusCode === 101)) return kUpgraded;
        const { statusCode } = head;
        if (statusCode < 200) {
            this.response = request.res = null;
            if (statusCode === 100) request.emit('continue');
            request.emit('information', {
                statusCode, statusMessage: head.statusMessage, httpVersion: response.httpVersion,
                httpVersionMajor: head.major, httpVersionMinor: head.minor, headers: response.headers,
                rawHeaders: response.rawHeaders,
            });
            return kNoBody;
        }
        if (request.shouldKeepAlive && !head.keepsAlive) request.shouldKeepAlive = false;
        response[kResume] = () => {
            if (!this.isPaused) return;
            this.isPaused = false;
            if (socket[kConsumer] === this) setReading(socket, true);
            else socket.resume();
        };
        response.on('end', () => this.#responseRead());
        if (request.aborted || !request.emit('response', response)) response._dump();
        return request.method === 'HEAD' || statusCode === 204 || statusCode === 304 ? kNoBody : kDefaultBody;
    }

    onBody(bytes, start, end) {
        if (pushBody(this.response, bytes, start, end) || this.isPaused) return;
        this.isPaused = true;
        if (this.socket[kConsumer] === this) setReading(this.socket, false);
        else this.socket.pause();
    }

    onTrailers(list) { this.response.rawTrailers = list; }

    onComplete() {
        const { response } = this;
        // An answer before the answer.
        if (response === null) return;
        response.complete = true;
        response.push(null);
        // Nothing else may come until the next request.
        if (this.request.shouldKeepAlive) this.parser.stop();
    }

    onUpgrade(bytes, start, end) {
        const { request, response, socket } = this;
        const { Buffer } = require('buffer');
        const head = Buffer.from(bytes.subarray(start, end));
        this.release();
        request.upgradeOrConnect = true;
        socket._httpMessage = null;
        socket.emit('agentRemove');
        if (request.timeoutListener) socket.removeListener('timeout', request.timeoutListener);
        const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
        if (request.listenerCount(event) > 0) {
            socket.readableFlowing = null;
            request.emit(event, response, socket, head);
            request.destroyed = true;
            closeRequest(request);
        } else socket.destroy();
    }

    onParseError(error) {
        // An end too soon is told of as what it is to who waits: an answer that broke off, or none.
        if (this.hasEnded) return;
        this.release();
        this.socket.on('error', () => {});
        this.request[kErrored] = error;
        this.socket.destroy();
        this.#broken(error);
    }

    /** The answer has been read to its end. */
    #responseRead() {
        const { request, socket } = this;
        request._ended = true;
        if (!request.shouldKeepAlive) {
            if (socket.writable && typeof socket.destroySoon === 'function') socket.destroySoon();
        } else if (request.writableFinished) this.#free();
        else request.once('finish', () => this.#free());
    }
    /** Gives the connection back. */
    #free() {
        const { request, socket } = this;
        if (socket.destroyed) return;
        this.release();
        if (request.timeoutListener) {
            socket.removeListener('timeout', request.timeoutListener);
            socket.setTimeout(0);
        }
        request.destroyed = true;
        nextTick(() => {
            closeRequest(request);
            if (!socket.destroyed) socket.emit('free');
        });
    }

    #failed(error) {
        this.parser.stop();
        this.#broken(error);
    }
    #broken(error) {
        const { request } = this;
        if (this.response !== null && !this.response.complete) this.response.destroy(error);
        if (request._closed || this.errorEmitted || this.response?.complete) return;
        this.errorEmitted = true;
        request[kErrored] ??= error;
        request.emit('error', error);
    }

    #ended() {
        this.hasEnded = true;
        this.parser.finish();
        if (this.response === null && !this.request.destroyed && !this.errorEmitted) this.#broken(hangUp());
        if (!this.socket.destroyed) this.socket.end();
    }

    #closed() {
        const { request, response } = this;
        request.destroyed = this.hasEnded = true;
        this.parser.finish();
        if (response !== null) {
            if (!response.complete) abortIncoming(response);
            if (!response.readableEnded && !response.destroyed && response.complete) {
                response.once('end', () => closeRequest(request));
                return;
            }
            nextTick(closeRequest, request);
            return;
        }
        if (!this.errorEmitted) this.#broken(request[kErrored] ?? hangUp());
        nextTick(closeRequest, request);
    }
}

module.exports = { ClientRequest };
