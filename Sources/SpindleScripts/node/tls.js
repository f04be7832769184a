// node:tls, over the host's TLS: a socket that speaks TLS is a net.Socket in whose way the host encrypts.

const { Boolean, ObjectSetPrototypeOf, ReflectApply, StringPrototypeSplit, Symbol } = primordials;
const net = require('net');
const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_TLS_CERT_ALTNAME_INVALID, ERR_TLS_HANDSHAKE_TIMEOUT }, genericError,
} = require('internal/errors');
const { validateFunction, validateNumber, validateObject, validateString } = require('internal/validators');
const { clearTimeout, setTimeout } = require('internal/timers');
const { host, owners } = require('internal/net/host');
const { attach, kSecured, normalizeArgs } = require('internal/net/socket');
const { SecureContext, clientContext, protocolsOf, serverContext } = require('internal/tls/context');

const kOptions = Symbol('options');
const kCertificate = Symbol('certificate');
const kProtocol = Symbol('protocol');

function TLSSocket(socket, options) {
    if (!(this instanceof TLSSocket)) return new TLSSocket(socket, options);
    options = { ...options };
    if (socket != null && !(socket instanceof net.Socket)) {
        throw new ERR_INVALID_ARG_TYPE('socket', 'net.Socket', socket);
    }
    ReflectApply(net.Socket, this, [{
        allowHalfOpen: options.allowHalfOpen ?? socket?.allowHalfOpen ?? false,
        number: options.number,
        highWaterMark: options.highWaterMark,
        readableHighWaterMark: options.readableHighWaterMark,
        writableHighWaterMark: options.writableHighWaterMark,
        signal: options.signal,
        noDelay: options.noDelay,
        keepAlive: options.keepAlive,
        keepAliveInitialDelay: options.keepAliveInitialDelay,
    }]);
    this.encrypted = true;
    this.authorized = false;
    this.authorizationError = null;
    this.secureConnecting = true;
    this.alpnProtocol = null;
    this.servername = options.servername ?? null;
    this.ssl = {};
    this[kOptions] = options;
    this[kCertificate] = '';
    this[kProtocol] = null;
    this[kSecured] = (text) => onSecured(this, text);
    if (socket != null) takeOver(this, socket);
}
ObjectSetPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
ObjectSetPrototypeOf(TLSSocket, net.Socket);

/** Has TLS begin on a connection that exists, or will. */
function takeOver(secure, socket) {
    secure._parent = socket;
    secure.connecting = socket.connecting;
    const begin = () => {
        const { number } = socket._handle;
        socket._handle = null;
        attach(secure, number);
        secure.connecting = false;
        owners.set(number, secure);
        secure.once('close', () => socket.destroy());
        if (secure[kOptions].isServer) {
            const context = secure[kOptions].secureContext ?? new SecureContext(secure[kOptions]);
            host.secure(number, serverContext(context, 0, false, protocolsOf(secure[kOptions].ALPNProtocols)), true, '');
        }
        secure.emit('connect');
    };
    socket.once('error', (error) => secure.destroy(error));
    if (socket.connecting) socket.once('connect', begin);
    else begin();
}

/** The handshake is over. */
function onSecured(socket, text) {
    const { 0: protocol, 1: version, 2: certificate } = StringPrototypeSplit(text, '\n');
    const options = socket[kOptions];
    socket.secureConnecting = false;
    socket.alpnProtocol = protocol === '' ? false : protocol;
    socket[kProtocol] = version;
    socket[kCertificate] = certificate;
    if (options.isServer) {
        socket.authorized = Boolean(options.requestCert && options.rejectUnauthorized && certificate !== '');
        socket.emit('secure');
        return;
    }
    socket.authorized = options.verification > 0;
    if (!socket.authorized) socket.authorizationError = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
    if (options.verification === 1) {
        const error = options.checkServerIdentity(options.servername || options.host, socket.getPeerCertificate());
        if (error) {
            socket.authorized = false;
            socket.authorizationError = error.code ?? error.message;
            socket.destroy(error);
            return;
        }
    }
    socket.emit('secure');
    socket.emit('secureConnect');
}

TLSSocket.prototype.getPeerCertificate = function getPeerCertificate() {
    if (this[kCertificate] === '') return {};
    return { raw: require('buffer').Buffer.from(this[kCertificate], 'hex') };
};
TLSSocket.prototype.getCertificate = () => ({});
TLSSocket.prototype.getProtocol = function getProtocol() { return this[kProtocol]; };
TLSSocket.prototype.getSession = () => undefined;
TLSSocket.prototype.isSessionReused = () => false;
TLSSocket.prototype.setServername = function setServername(name) {
    validateString(name, 'name');
    this[kOptions].servername = name;
};
TLSSocket.prototype.disableRenegotiation = () => {};
TLSSocket.prototype.enableTrace = () => {};

function connect(...args) {
    const { 0: given, 1: callback } = normalizeArgs(args);
    // `connect(port, host, options)`
    let extra;
    if (typeof args[1] === 'object' && args[1] !== null) extra = args[1];
    else if (typeof args[2] === 'object' && args[2] !== null) extra = args[2];
    const { env } = require('process');
    const options = { rejectUnauthorized: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', ...given, ...extra };
    const name = options.servername ?? options.host ?? options.socket?._host ?? 'localhost';
    const servername = net.isIP(name) === 0 ? name : '';
    if (options.checkServerIdentity !== undefined) validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
    const context = options.secureContext ?? new SecureContext(options);
    const verification = options.rejectUnauthorized === false ? 0 : options.checkServerIdentity === undefined ? 2 : 1;
    const socket = new TLSSocket(options.socket, {
        ...options, isServer: false, servername, verification,
        checkServerIdentity: options.checkServerIdentity,
    });
    if (callback !== null) socket.once('secureConnect', callback);
    if (options.timeout) socket.setTimeout(options.timeout);
    let number;
    const begin = () => {
        if (number === undefined || socket._handle === null || socket.connecting) return;
        host.secure(socket._handle.number, number, false, servername);
    };
    clientContext(context, verification, protocolsOf(options.ALPNProtocols), (error, made) => {
        if (error) {
            socket.destroy(error);
            return;
        }
        number = made;
        begin();
    });
    socket.cork();
    socket.once('connect', begin);
    socket.once('secure', () => socket.uncork());
    socket.once('end', () => {
        if (socket.secureConnecting && !socket.destroyed) {
            const message = 'Client network socket disconnected before secure TLS connection was established';
            socket.destroy(genericError(message, 'ECONNRESET'));
        }
    });
    if (!options.socket) socket.connect(options);
    return socket;
}

function Server(options, listener) {
    if (!(this instanceof Server)) return new Server(options, listener);
    if (typeof options === 'function') {
        listener = options;
        options = {};
    } else if (options == null) options = {};
    else validateObject(options, 'options');
    setUpSecurity(this, options);
    ReflectApply(net.Server, this, [{ ...options, pauseOnConnect: false }]);
    if (listener) this.on('secureConnection', listener);
    this.on('connection', onConnection);
}
ObjectSetPrototypeOf(Server.prototype, net.Server.prototype);
ObjectSetPrototypeOf(Server, net.Server);

/** The options that concern TLS; also those of an `https` server. */
function setUpSecurity(server, options) {
    const { handshakeTimeout = 120_000 } = options;
    validateNumber(handshakeTimeout, 'options.handshakeTimeout');
    server[kOptions] = {
        ALPNProtocols: protocolsOf(options.ALPNProtocols),
        handshakeTimeout,
        rejectUnauthorized: options.rejectUnauthorized !== false,
        requestCert: options.requestCert === true,
    };
    Server.prototype.setSecureContext.call(server, options);
}

Server.prototype.setSecureContext = function setSecureContext(options) {
    const { ALPNProtocols, rejectUnauthorized, requestCert } = this[kOptions];
    const context = options.secureContext ?? new SecureContext(options);
    if (context.settings.key === '') {
        // Until there is a key, connections fail.
        this._contextNumber = undefined;
        return;
    }
    this._contextNumber = serverContext(context, rejectUnauthorized ? 2 : 0, requestCert, ALPNProtocols);
};
Server.prototype._newSocket = function _newSocket(options) {
    const { requestCert, rejectUnauthorized } = this[kOptions];
    return new TLSSocket(null, { ...options, isServer: true, rejectUnauthorized, requestCert });
};

function onConnection(socket) {
    const server = this;
    const failed = (error) => {
        clearTimeout(timer);
        server.emit('tlsClientError', error, socket);
    };
    const timer = setTimeout(() => socket.destroy(new ERR_TLS_HANDSHAKE_TIMEOUT()), this[kOptions].handshakeTimeout).unref();
    socket.on('error', failed);
    socket.once('close', () => clearTimeout(timer));
    socket.once('secure', () => {
        clearTimeout(timer);
        socket.removeListener('error', failed);
        server.emit('secureConnection', socket);
    });
}

/** Whether a certificate is that of `hostname`: which the host looks at itself. */
function checkServerIdentity(hostname, certificate) {
    if (certificate?.raw !== undefined) return undefined;
    const error = new ERR_TLS_CERT_ALTNAME_INVALID('the certificate is empty');
    error.host = hostname;
    error.cert = certificate;
    return error;
}

module.exports = {
    DEFAULT_MAX_VERSION: 'TLSv1.3',
    DEFAULT_MIN_VERSION: 'TLSv1.2',
    SecureContext,
    Server,
    TLSSocket,
    checkServerIdentity,
    connect,
    createSecureContext: (options) => new SecureContext(options),
    createServer: (options, listener) => new Server(options, listener),
    rootCertificates: [],
};
