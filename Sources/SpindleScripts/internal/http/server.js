// http.Server: connections on which requests come one after the other, and their answers go in the same order.

const {
    ArrayIsArray, ArrayPrototypePush, ArrayPrototypeShift, Boolean, MathMin, ObjectSetPrototypeOf, ReflectApply,
    RegExpPrototypeExec, SafeSet, Symbol, SymbolAsyncDispose,
} = primordials;
const net = require('net');
const { codes: { ERR_HTTP_REQUEST_TIMEOUT, ERR_HTTP_SOCKET_ENCODING, ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateBoolean, validateInteger, validateObject } = require('internal/validators');
const { clearInterval, setInterval } = require('internal/timers');
const { nextTick } = require('internal/task_queues');
const { currentTime } = require('internal/net/host');
const { kConsumer, setReading } = require('internal/net/socket');
const { Parser, kDefaultBody, kUpgraded } = require('internal/http/parser');
const { IncomingMessage, abortIncoming, kResume, pushBody } = require('internal/http/incoming');
const { kNeedDrain } = require('internal/http/outgoing');
const { ServerResponse, kUnique, kWhenFinished } = require('internal/http/response');

const kConnections = Symbol('connections');
const kChecks = Symbol('checks');
const kConnection = Symbol('connection');

/** Answers that wait for those before them; with more, nothing is read until some have gone. */
const pipelineLimit = 64;

function Server(options, listener) {
    if (!(this instanceof Server)) return new Server(options, listener);
    if (typeof options === 'function') {
        listener = options;
        options = {};
    } else if (options == null) options = {};
    else validateObject(options, 'options');
    setUp(this, options);
    ReflectApply(net.Server, this, [{
        allowHalfOpen: true,
        noDelay: options.noDelay ?? true,
        keepAlive: options.keepAlive,
        keepAliveInitialDelay: options.keepAliveInitialDelay,
        highWaterMark: options.highWaterMark,
    }]);
    if (listener) this.on('request', listener);
    this.on('connection', onConnection);
}
ObjectSetPrototypeOf(Server.prototype, net.Server.prototype);
ObjectSetPrototypeOf(Server, net.Server);

/** The options that are not those of its sockets; also those of `https`. */
function setUp(server, options) {
    const limit = (name, fallback) => {
        const value = options[name];
        if (value === undefined) return fallback;
        validateInteger(value, name, 0);
        return value;
    };
    server.httpAllowHalfOpen = false;
    server.timeout = 0;
    server.maxHeadersCount = null;
    server.maxRequestsPerSocket = 0;
    server._IncomingMessage = options.IncomingMessage ?? IncomingMessage;
    server._ServerResponse = options.ServerResponse ?? ServerResponse;
    server.maxHeaderSize = limit('maxHeaderSize', undefined);
    server.requestTimeout = limit('requestTimeout', 300_000);
    server.headersTimeout = limit('headersTimeout', server.requestTimeout > 0 ? MathMin(60_000, server.requestTimeout) : 60_000);
    server.keepAliveTimeout = limit('keepAliveTimeout', 5000);
    server.connectionsCheckingInterval = limit('connectionsCheckingInterval', 30_000);
    if (server.requestTimeout > 0 && server.headersTimeout > server.requestTimeout) {
        throw new ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', options.headersTimeout);
    }
    for (const name of ['requireHostHeader', 'joinDuplicateHeaders', 'rejectNonStandardBodyWrites', 'insecureHTTPParser']) {
        if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
    }
    server.requireHostHeader = options.requireHostHeader ?? true;
    server.joinDuplicateHeaders = options.joinDuplicateHeaders;
    server.rejectNonStandardBodyWrites = options.rejectNonStandardBodyWrites ?? false;
    server[kUnique] = uniqueNames(options.uniqueHeaders);
    server[kConnections] = new SafeSet();
    server[kChecks] = null;
    server.on('listening', startChecks);
    server.on('close', stopChecks);
}
function uniqueNames(names) {
    if (!ArrayIsArray(names)) return null;
    const set = new SafeSet();
    for (let i = 0; i < names.length; i++) set.add(`${names[i]}`.toLowerCase());
    return set;
}

function startChecks() {
    stopChecks.call(this);
    if (this.connectionsCheckingInterval <= 0) return;
    this[kChecks] = setInterval(() => checkConnections(this), this.connectionsCheckingInterval).unref();
}
function stopChecks() {
    if (this[kChecks] !== null) clearInterval(this[kChecks]);
    this[kChecks] = null;
}
/** Ends those who take too long to say what they want. */
function checkConnections(server) {
    const time = currentTime();
    server[kConnections].forEach((connection) => {
        const { startedAt } = connection;
        if (startedAt < 0) return;
        const limit = connection.hasHead ? server.requestTimeout : server.headersTimeout;
        if (limit > 0 && time - startedAt >= limit) connection.fail(new ERR_HTTP_REQUEST_TIMEOUT());
    });
}

Server.prototype.setTimeout = function (msecs, callback) {
    this.timeout = msecs;
    if (callback) this.on('timeout', callback);
    return this;
};
Server.prototype.closeAllConnections = function closeAllConnections() {
    this[kConnections].forEach((connection) => connection.socket.destroy());
};
Server.prototype.closeIdleConnections = function closeIdleConnections() {
    this[kConnections].forEach((connection) => {
        if (connection.isIdle) connection.socket.destroy();
    });
};
Server.prototype.close = function close(...args) {
    this.closeIdleConnections();
    ReflectApply(net.Server.prototype.close, this, args);
    return this;
};
Server.prototype[SymbolAsyncDispose] = net.Server.prototype[SymbolAsyncDispose];

function onConnection(socket) { new Connection(this, socket); }

/** One connection of a server: the parser's owner, and the queue of its answers. */
class Connection {
    constructor(server, socket) {
        this.server = server;
        this.socket = socket;
        this.parser = new Parser(
            this, true, server.maxHeaderSize ?? 16 * 1024, server.maxHeadersCount === 0 ? Infinity :
                (server.maxHeadersCount ?? 1000) * 2);
        /** The request whose body comes. */
        this.request = null;
        /** Requests that are not over: their bodies or their answers are still under way. */
        this.incoming = [];
        /** Answers that wait for the one before. */
        this.outgoing = [];
        /** When the message that is coming began, or the connection did; below 0 between messages. */
        this.startedAt = currentTime();
        this.hasHead = false;
        this.hasHadRequest = false;
        this.requests = 0;
        this.isPaused = false;
        socket[kConnection] = this;
        socket._httpMessage = null;
        server[kConnections].add(this);
        if (server.timeout > 0) socket.setTimeout(server.timeout);
        socket.on('timeout', onSocketTimeout);
        socket.on('error', onSocketError);
        socket.on('close', onSocketClose);
        socket.on('end', onSocketEnd);
        socket.on('drain', onSocketDrain);
        if (kConsumer in socket && socket.listenerCount('data') === 0) {
            socket[kConsumer] = this;
            socket.on = addListener;
            socket.addListener = addListener;
            // Something may have come before the server was told of the connection.
            if (socket.readableLength > 0) this.#readBuffered();
        } else socket.on('data', onSocketData);
        socket.setEncoding = refuseEncoding;
    }

    #readBuffered() {
        for (let chunk = this.socket.read(); chunk !== null; chunk = this.socket.read()) this.execute(chunk, 0, chunk.length);
    }

    get isIdle() { return this.hasHadRequest && this.incoming.length === 0 && !this.parser.isInMessage; }

    execute(bytes, start, end) { this.parser.execute(bytes, start, end); }

    /** The other side sends nothing more. */
    ended() { this.socket.resume(); }

    /** The program reads the connection itself from here on. */
    letGo() {
        const { socket } = this;
        this.parser.stop();
        this.server[kConnections].delete(this);
        if (socket[kConsumer] === this) {
            socket[kConsumer] = null;
            delete socket.on;
            delete socket.addListener;
        } else socket.removeListener('data', onSocketData);
        delete socket.setEncoding;
        socket.removeListener('timeout', onSocketTimeout);
        socket.removeListener('error', onSocketError);
        socket.removeListener('close', onSocketClose);
        socket.removeListener('end', onSocketEnd);
        socket.removeListener('drain', onSocketDrain);
        socket[kConnection] = null;
    }

    // --- The parser's words ---

    onBegin() {
        if (this.startedAt < 0) this.startedAt = currentTime();
        this.hasHead = false;
    }

    onHead(head) {
        const { server, socket } = this;
        this.hasHead = true;
        const request = new server._IncomingMessage(socket);
        request.httpVersionMajor = head.major;
        request.httpVersionMinor = head.minor;
        request.httpVersion = head.major === 1 && head.minor === 1 ? '1.1' : `${head.major}.${head.minor}`;
        request.rawHeaders = head.rawHeaders;
        request.method = head.method;
        request.url = head.url;
        request.joinDuplicateHeaders = server.joinDuplicateHeaders;
        request.upgrade = head.upgrade && server.listenerCount(head.method === 'CONNECT' ? 'connect' : 'upgrade') > 0;
        if (head.upgrade && (request.upgrade || head.method === 'CONNECT')) {
            request.upgrade = true;
            this.request = request;
            return kUpgraded;
        }
        request[kResume] = () => this.resume();
        this.request = request;
        ArrayPrototypePush(this.incoming, request);
        this.#answer(request, head);
        return kDefaultBody;
    }

    onBody(bytes, start, end) {
        if (!pushBody(this.request, bytes, start, end)) this.pause();
    }

    onTrailers(list) { this.request.rawTrailers = list; }

    onComplete() {
        const { request } = this;
        this.startedAt = -1;
        this.request = null;
        request.complete = true;
        request.push(null);
    }

    onUpgrade(bytes, start, end) {
        const { request, server, socket } = this;
        const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
        const { Buffer } = require('buffer');
        const head = Buffer.from(bytes.subarray(start, end));
        this.letGo();
        if (server.listenerCount(event) === 0) {
            socket.destroy();
            return;
        }
        request.complete = true;
        request.push(null);
        socket.readableFlowing = null;
        if (this.isPaused) setReading(socket, true);
        server.emit(event, request, socket, head);
    }

    onParseError(error) { this.fail(error); }

    /** What came is no request. */
    fail(error) {
        const { server, socket } = this;
        this.parser.stop();
        this.startedAt = -1;
        socket.removeListener('error', onSocketError);
        if (socket.listenerCount('error') === 0) socket.on('error', () => {});
        if (server.emit('clientError', error, socket)) return;
        if (socket.writable && (!socket._httpMessage || !socket._httpMessage._headerSent)) {
            const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' :
                error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW' ? '413 Payload Too Large' :
                    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
            socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, 'latin1');
        }
        // What was written goes out first.
        if (socket.destroySoon) socket.destroySoon();
        else socket.destroy(error);
    }

    // --- Answers ---

    #answer(request, head) {
        const { server, socket } = this;
        const response = new server._ServerResponse(request, {
            highWaterMark: socket.writableHighWaterMark, rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
        });
        this.hasHadRequest = true;
        this.requests++;
        response._keepAliveTimeout = server.keepAliveTimeout;
        response._maxRequestsPerSocket = server.maxRequestsPerSocket;
        response.shouldKeepAlive = head.keepsAlive;
        response[kUnique] = server[kUnique];
        response[kWhenFinished] = this;
        response.on('finish', onResponseFinished);
        if (socket._httpMessage) {
            ArrayPrototypePush(this.outgoing, response);
            if (this.outgoing.length >= pipelineLimit) this.pause();
        } else response.assignSocket(socket);
        if (server.maxRequestsPerSocket > 0) {
            if (this.requests === server.maxRequestsPerSocket) response.maxRequestsOnConnectionReached = true;
            else if (this.requests > server.maxRequestsPerSocket) {
                if (!server.emit('dropRequest', request, socket)) response.writeHead(503);
                response.end();
                return;
            }
        }
        if (server.requireHostHeader && head.major === 1 && head.minor === 1 && head.hosts === 0) {
            response.writeHead(400, ['Connection', 'close']);
            response.end();
            return;
        }
        if (head.hosts > 1) {
            response.writeHead(400, ['Connection', 'close']);
            response.end();
            return;
        }
        const { expect } = head;
        if (expect !== undefined && head.minor === 1) {
            if (RegExpPrototypeExec(/(?:^|\W)100-continue(?:$|\W)/i, expect) !== null) {
                response._expect_continue = true;
                if (server.listenerCount('checkContinue') > 0) server.emit('checkContinue', request, response);
                else {
                    response.writeContinue();
                    server.emit('request', request, response);
                }
            } else if (server.listenerCount('checkExpectation') > 0) server.emit('checkExpectation', request, response);
            else {
                response.writeHead(417);
                response.end();
            }
            return;
        }
        server.emit('request', request, response);
    }

    /** An answer has gone out: what of its request is still to come is read away, and the next answer is due. */
    finished(response) {
        const { server, socket } = this;
        const request = response.req;
        if (this.incoming[0] === request) ArrayPrototypeShift(this.incoming);
        if (!request._consumed) request._dump();
        response.detachSocket(socket);
        nextTick(closeResponse, response);
        if (response._last) {
            if (typeof socket.destroySoon === 'function') socket.destroySoon();
            else socket.end();
        } else if (this.outgoing.length === 0) {
            this.#rest();
        } else {
            const next = ArrayPrototypeShift(this.outgoing);
            next.assignSocket(socket);
            if (this.outgoing.length < pipelineLimit) this.resume();
        }
    }

    /** Nothing is to do until the next request. */
    #rest() {
        const { server, socket } = this;
        const limit = server.keepAliveTimeout;
        if (limit > 0 && this.incoming.length === 0 && socket.timeout !== limit) socket.setTimeout?.(limit);
    }

    // --- Backpressure ---

    pause() {
        if (this.isPaused) return;
        this.isPaused = true;
        if (this.socket[kConsumer] === this) setReading(this.socket, false);
        else this.socket.pause();
    }
    resume() {
        if (!this.isPaused || this.outgoing.length >= pipelineLimit) return;
        this.isPaused = false;
        if (this.socket[kConsumer] === this) setReading(this.socket, true);
        else this.socket.resume();
    }
}

function onResponseFinished() { this[kWhenFinished]?.finished(this); }
function closeResponse(response) {
    response.destroyed = true;
    response._closed = true;
    response.emit('close');
}

function refuseEncoding() { throw new ERR_HTTP_SOCKET_ENCODING(); }

/** Of a connection whose bytes go past its stream: who wants them from the stream gets them there. */
function addListener(type, listener) {
    if (type === 'data' || type === 'readable') {
        const connection = this[kConnection];
        this[kConsumer] = null;
        delete this.on;
        delete this.addListener;
        ReflectApply(net.Socket.prototype.on, this, ['data', onSocketData]);
        if (connection.isPaused) this.pause();
    }
    return ReflectApply(net.Socket.prototype.on, this, [type, listener]);
}
function onSocketData(chunk) { this[kConnection].execute(chunk, 0, chunk.length); }

function onSocketEnd() {
    const connection = this[kConnection];
    connection.parser.finish();
    if (this.destroyed) return;
    const { outgoing, server } = connection;
    const last = outgoing.length > 0 ? outgoing[outgoing.length - 1] : this._httpMessage;
    // Without leave to be half open, what is not answered yet never is.
    if (server.httpAllowHalfOpen && last) last._last = true;
    else this.end();
}

function onSocketClose() {
    const connection = this[kConnection];
    connection.server[kConnections].delete(connection);
    connection.parser.stop();
    const { incoming } = connection;
    connection.incoming = [];
    for (let i = 0; i < incoming.length; i++) abortIncoming(incoming[i]);
    const response = this._httpMessage;
    if (response) {
        response.destroyed = true;
        response._closed = true;
        response.emit('close');
    }
}

function onSocketError(error) { this[kConnection].fail(error); }

function onSocketTimeout() {
    const connection = this[kConnection];
    const { request, server } = connection;
    const handled = Boolean(request && !request.complete && request.emit('timeout', this));
    const response = this._httpMessage;
    const responseHandled = Boolean(response?.emit('timeout', this));
    const serverHandled = server.emit('timeout', this);
    if (!handled && !responseHandled && !serverHandled) this.destroy();
}

function onSocketDrain() {
    const response = this._httpMessage;
    if (response && !response.finished && response[kNeedDrain]) {
        response[kNeedDrain] = false;
        response.emit('drain');
    }
}

module.exports = { Server, onConnection, setUp };
