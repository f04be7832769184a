// node:net.

const {
    Boolean, ObjectDefineProperties, ObjectSetPrototypeOf, Promise, ReflectApply, Symbol, SymbolAsyncDispose,
} = primordials;
const EventEmitter = require('events');
const {
    codes: {
        ERR_FEATURE_UNAVAILABLE_ON_PLATFORM, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SERVER_ALREADY_LISTEN,
        ERR_SERVER_NOT_RUNNING,
    }, uvExceptionWithHostPort,
} = require('internal/errors');
const {
    validateAbortSignal, validateBoolean, validateInt32, validateNumber, validatePort,
} = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { host, owners } = require('internal/net/host');
const { isIP, isIPv4, isIPv6 } = require('internal/net/ip');
const { Handle, Socket, autoSelect, isPipeName, normalizeArgs } = require('internal/net/socket');

const kListening = Symbol('listening');

function Server(options, listener) {
    if (!(this instanceof Server)) return new Server(options, listener);
    ReflectApply(EventEmitter, this, []);
    if (typeof options === 'function') {
        listener = options;
        options = {};
    } else if (options == null) options = {};
    else if (typeof options === 'object') options = { ...options };
    else throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
    if (typeof listener === 'function') this.on('connection', listener);
    if (options.keepAliveInitialDelay !== undefined) {
        validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
        if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
    }
    if (options.highWaterMark !== undefined) validateNumber(options.highWaterMark, 'options.highWaterMark');
    this._handle = null;
    this._connections = 0;
    this.allowHalfOpen = options.allowHalfOpen || false;
    this.pauseOnConnect = Boolean(options.pauseOnConnect);
    this.noDelay = Boolean(options.noDelay);
    this.keepAlive = Boolean(options.keepAlive);
    this.keepAliveInitialDelay = options.keepAliveInitialDelay ?? 0;
    this.highWaterMark = options.highWaterMark;
    this.blockList = options.blockList;
    this._unref = false;
    /** What is being done so that it listens; a later `close` makes it void. */
    this[kListening] = null;
}
ObjectSetPrototypeOf(Server.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Server, EventEmitter);

const createServer = (options, listener) => new Server(options, listener);

Server.prototype.listen = function listen(...args) {
    const { 0: given, 1: callback } = normalizeArgs(args);
    let options = given;
    if (this[kListening] !== null) throw new ERR_SERVER_ALREADY_LISTEN();
    if (callback !== null) this.once('listening', callback);
    const backlogArgument = typeof args[0] === 'object' ? undefined : backlogOf(args);
    if (args.length === 0 || typeof args[0] === 'function' || (args[0] == null && typeof args[0] !== 'object')) {
        options = { ...options, port: 0 };
    }
    if (options._handle || options.handle || options instanceof Handle || typeof options.fd === 'number') {
        throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('servers from file descriptors and handles');
    }
    if (options.signal !== undefined) {
        validateAbortSignal(options.signal, 'options.signal');
        const close = () => this.close();
        if (options.signal.aborted) nextTick(close);
        else {
            options.signal.addEventListener('abort', close, { once: true });
            this.once('close', () => options.signal.removeEventListener('abort', close));
        }
    }
    const backlog = options.backlog ?? backlogArgument ?? 511;
    if ('port' in options && options.port == null) options = { ...options, port: 0 };
    if (typeof options.port === 'number' || typeof options.port === 'string') {
        validatePort(options.port, 'options.port');
        this[kListening] = {};
        if (options.host) listenAtName(this, options.host, options.port | 0, backlog, options);
        else listenAt(this, null, options.port | 0, backlog, options);
        return this;
    }
    if (options.path && isPipeName(options.path)) {
        this[kListening] = {};
        listenAt(this, options.path, -1, backlog, options);
        if (options.readableAll || options.writableAll) {
            const mode = (options.readableAll ? 0o444 : 0) | (options.writableAll ? 0o222 : 0) | 0o700;
            require('fs').chmodSync(options.path, mode);
        }
        return this;
    }
    if (!('port' in options || 'path' in options)) {
        throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
    }
    throw new ERR_INVALID_ARG_VALUE('options', options);
};
/** The number after the port, or after the host. */
function backlogOf(args) {
    for (let i = 1; i < args.length && i < 3; i++) if (typeof args[i] === 'number') return args[i];
    return undefined;
}

function listenAtName(server, name, port, backlog, options) {
    if (isIP(name) !== 0) {
        listenAt(server, name, port, backlog, options);
        return;
    }
    const attempt = server[kListening];
    require('dns').lookup(name, (error, address) => {
        if (server[kListening] !== attempt) return;
        if (error) {
            server[kListening] = null;
            server.emit('error', error);
        } else listenAt(server, address, port, backlog, options);
    });
}

/** `address`: null for all of this machine. */
function listenAt(server, address, port, backlog, options) {
    const isVersion6Only = Boolean(options.ipv6Only);
    let result = host.listen(address ?? '::', port, backlog | 0, isVersion6Only, contextOf(server), true, '');
    // Without IPv6 in the system.
    if (address === null && (result === -97 || result === -99)) {
        result = host.listen('0.0.0.0', port, backlog | 0, false, contextOf(server), true, '');
    }
    if (typeof result === 'number') {
        server[kListening] = null;
        const error = uvExceptionWithHostPort(result, 'listen', address ?? '::', port);
        nextTick(() => server.emit('error', error));
        return;
    }
    const { 0: number, 1: boundTo, 2: boundPort } = result;
    server._handle = new Handle(number);
    server._pipeName = port < 0 ? address : undefined;
    server._boundTo = port < 0 ? undefined :
        { address: boundTo, family: isIPv6(boundTo) ? 'IPv6' : 'IPv4', port: boundPort };
    owners.set(number, new Listener(server, server._handle));
    if (server._unref) server._handle.unref();
    nextTick(() => {
        if (server._handle?.number === number) server.emit('listening');
    });
}
/** Of a server that speaks TLS, the number of what it has to know for it. */
const contextOf = (server) => server._contextNumber ?? 0;

/** What the host tells of a server. */
class Listener {
    constructor(server) { this.server = server; }
    onConnection(number) { accept(this.server, number); }
    onFailed(errno, syscall) {
        this.server.emit('error', uvExceptionWithHostPort(errno, syscall));
    }
    onClosed() {
        const { server } = this;
        server[kListening] = null;
        emitCloseIfDrained(server);
    }
}

function accept(server, number) {
    if (server.maxConnections != null && server._connections >= server.maxConnections) {
        const local = host.address(number, false) ?? ['', 0, 0];
        const peer = host.address(number, true) ?? ['', 0, 0];
        host.close(number);
        const familyOf = (family) => (family === 0 ? undefined : `IPv${family}`);
        server.emit('drop', {
            localAddress: local[0], localPort: local[1], localFamily: familyOf(local[2]),
            remoteAddress: peer[0], remotePort: peer[1], remoteFamily: familyOf(peer[2]),
        });
        return;
    }
    if (server.blockList !== undefined) {
        const peer = host.address(number, true);
        if (peer !== undefined && peer[2] !== 0 && server.blockList.check(peer[0], `ipv${peer[2]}`)) {
            host.close(number);
            return;
        }
    }
    const socket = server._newSocket({
        allowHalfOpen: server.allowHalfOpen,
        number,
        readableHighWaterMark: server.highWaterMark,
        writableHighWaterMark: server.highWaterMark,
        noDelay: server.noDelay || undefined,
        keepAlive: server.keepAlive,
        keepAliveInitialDelay: server.keepAliveInitialDelay,
    });
    server._connections++;
    socket.server = socket._server = server;
    if (server.pauseOnConnect) socket.pause();
    server.emit('connection', socket);
}

Server.prototype._newSocket = function _newSocket(options) { return new Socket(options); };

Server.prototype.connectionClosed = function connectionClosed(socket) {
    socket._server = null;
    this._connections--;
    emitCloseIfDrained(this);
};

function emitCloseIfDrained(server) {
    if (server._handle !== null || server._connections > 0 || server[kListening] !== null) return;
    nextTick(() => server.emit('close'));
}

Server.prototype.address = function address() {
    if (this._handle === null) return null;
    return this._pipeName ?? { ...this._boundTo };
};

Server.prototype.close = function close(callback) {
    if (typeof callback === 'function') {
        if (this._handle === null) this.once('close', () => callback(new ERR_SERVER_NOT_RUNNING()));
        else this.once('close', callback);
    }
    if (this._handle === null) {
        this[kListening] = null;
        emitCloseIfDrained(this);
        return this;
    }
    host.close(this._handle.number);
    this._handle = null;
    if (this._pipeName !== undefined) {
        try {
            require('fs').unlinkSync(this._pipeName);
        } catch {
            // Somebody else has taken it away.
        }
    }
    return this;
};

Server.prototype[SymbolAsyncDispose] = function () {
    if (this._handle === null) return Promise.resolve();
    return new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
};

Server.prototype.getConnections = function getConnections(callback) {
    nextTick(callback, null, this._connections);
    return this;
};

Server.prototype.ref = function ref() {
    this._unref = false;
    this._handle?.ref();
    return this;
};
Server.prototype.unref = function unref() {
    this._unref = true;
    this._handle?.unref();
    return this;
};

ObjectDefineProperties(Server.prototype, {
    listening: { __proto__: null, configurable: true, enumerable: true, get() { return this._handle !== null; } },
});

function connect(...args) {
    const normalized = normalizeArgs(args);
    const options = normalized[0];
    const socket = new Socket(options);
    if (options.timeout) socket.setTimeout(options.timeout);
    return socket.connect(normalized);
}

const lazily = (name) => ({
    __proto__: null, configurable: true, enumerable: true, get() { return require('internal/net/block_list')[name]; },
});

module.exports = ObjectDefineProperties({
    Server,
    Socket,
    Stream: Socket,
    connect,
    createConnection: connect,
    createServer,
    getDefaultAutoSelectFamily: () => autoSelect.isDefault,
    getDefaultAutoSelectFamilyAttemptTimeout: () => autoSelect.timeout,
    isIP,
    isIPv4,
    isIPv6,
    setDefaultAutoSelectFamily(on) {
        validateBoolean(on, 'value');
        autoSelect.isDefault = on;
    },
    setDefaultAutoSelectFamilyAttemptTimeout(delay) {
        validateInt32(delay, 'value', 1);
        autoSelect.timeout = delay < 10 ? 10 : delay;
    },
}, { BlockList: lazily('BlockList'), SocketAddress: lazily('SocketAddress') });
