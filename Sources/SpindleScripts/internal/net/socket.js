// net.Socket: a connection as a stream.

const {
    ArrayPrototypePush, Boolean, MathMin, ObjectDefineProperties, ObjectSetPrototypeOf, ReflectApply, Symbol,
    TypedArrayPrototypeSet, TypedArrayPrototypeSubarray,
} = primordials;
const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const {
    aggregateErrors, codes: {
        ERR_FEATURE_UNAVAILABLE_ON_PLATFORM, ERR_INVALID_ADDRESS_FAMILY, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
        ERR_INVALID_IP_ADDRESS, ERR_MISSING_ARGS, ERR_SOCKET_CLOSED, ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
    }, errnoException, exceptionWithHostPort, genericError,
} = require('internal/errors');
const {
    validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateNumber, validatePort, validateString,
} = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { clearTimeout, setTimeout, Timeout } = require('internal/timers');
const { currentTime, host, owners, shortText, write, writeShort, written } = require('internal/net/host');
const { isIP } = require('internal/net/ip');

/** Who takes what arrives, instead of the stream: `execute(bytes, start, end)`; the bytes are good for that call only. */
const kConsumer = Symbol('consumer');
const kReading = Symbol('reading');
const kWriteCallback = Symbol('writeCallback');
/** What is left of a long write. */
const kRest = Symbol('rest');
const kBytesRead = Symbol('bytesRead');
const kBytesWritten = Symbol('bytesWritten');
const kTimer = Symbol('timer');
const kActive = Symbol('active');
/** Whether the host is through with it. */
const kGone = Symbol('gone');
const kNoDelay = Symbol('noDelay');
const kKeepAlive = Symbol('keepAlive');
const kAttempt = Symbol('attempt');
const kUnrefed = Symbol('unrefed');
/** What to do with the host's answer to a handshake of TLS. */
const kSecured = Symbol('secured');

/** A long write goes to the host in pieces of this many bytes, each after the last has gone out. */
const pieceLength = 1 << 20;

/** What others see as `_handle`: the socket's number with the host. */
class Handle {
    constructor(number) { this.number = number; }
    get fd() { return -1; }
    ref() { host.ref(this.number, true); }
    unref() { host.ref(this.number, false); }
}

function Socket(options) {
    if (!(this instanceof Socket)) return new Socket(options);
    if (typeof options === 'number') options = { fd: options };
    else options = { ...options };
    for (const name of ['objectMode', 'readableObjectMode', 'writableObjectMode']) {
        if (options[name]) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'is not supported');
    }
    if (options.fd !== undefined) throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('sockets from file descriptors');
    if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    const { number } = options;
    ReflectApply(Duplex, this, [{
        allowHalfOpen: Boolean(options.allowHalfOpen),
        autoDestroy: true,
        decodeStrings: false,
        emitClose: false,
        highWaterMark: options.highWaterMark,
        readable: options.readable,
        readableHighWaterMark: options.readableHighWaterMark,
        signal: options.signal,
        writable: options.writable,
        writableHighWaterMark: options.writableHighWaterMark,
    }]);
    this.connecting = false;
    this._hadError = false;
    this._parent = null;
    this._host = null;
    this._handle = null;
    this._peername = undefined;
    this._sockname = undefined;
    this.timeout = 0;
    this.server = null;
    this._server = null;
    this[kConsumer] = null;
    this[kReading] = true;
    this[kWriteCallback] = null;
    this[kRest] = null;
    this[kBytesRead] = 0;
    this[kBytesWritten] = 0;
    this[kTimer] = null;
    this[kActive] = 0;
    this[kGone] = false;
    this[kNoDelay] = options.noDelay;
    this[kKeepAlive] = options.keepAlive ? { delay: options.keepAliveInitialDelay } : undefined;
    this[kAttempt] = null;
    this[kUnrefed] = false;
    this[kSecured] = null;
    this.on('end', onReadableEnd);
    if (number !== undefined) attach(this, number);
}
ObjectSetPrototypeOf(Socket.prototype, Duplex.prototype);
ObjectSetPrototypeOf(Socket, Duplex);

/** The other side has ended, and so do we: to write is an error of its own from then on. */
function onReadableEnd() {
    if (!this.allowHalfOpen) this.write = writeAfterEnd;
}
function writeAfterEnd(chunk, encoding, callback) {
    if (!this.writableEnded) return ReflectApply(Duplex.prototype.write, this, [chunk, encoding, callback]);
    const error = genericError('This socket has been ended by the other party', 'EPIPE');
    if (typeof encoding === 'function') callback = encoding;
    if (typeof callback === 'function') nextTick(callback, error);
    this.destroy(error);
    return false;
}

/** Makes the stream the owner of a socket of the host. */
function attach(socket, number) {
    socket._handle = new Handle(number);
    owners.set(number, socket);
    if (socket[kUnrefed]) host.ref(number, false);
    if (socket[kNoDelay] !== undefined) host.noDelay(number, socket[kNoDelay]);
    if (socket[kKeepAlive] !== undefined) setKeepAlive(socket, true, socket[kKeepAlive].delay);
}
function setKeepAlive(socket, on, delay = 0) {
    host.keepAlive(socket._handle.number, on, MathMin(~~(delay / 1000), 0x7FFF));
}

// --- What the host tells ---------------------------------------------------------------------------------------------

const methods = {
    onData(bytes, start, end) {
        if (this[kGone] || this._handle === null) return;
        const length = end - start;
        this[kBytesRead] += length;
        this[kActive] = currentTime();
        if (this[kConsumer] !== null) {
            this[kConsumer].execute(bytes, start, end);
            return;
        }
        const chunk = Buffer.allocUnsafe(length);
        TypedArrayPrototypeSet(chunk, TypedArrayPrototypeSubarray(bytes, start, end));
        take(this, chunk);
    },
    onChunk(memory) {
        const chunk = Buffer.from(memory);
        if (this._handle === null) return;
        this[kBytesRead] += chunk.length;
        this[kActive] = currentTime();
        if (this[kConsumer] !== null) this[kConsumer].execute(chunk, 0, chunk.length);
        else take(this, chunk);
    },
    onEnd() {
        if (this._handle === null) return;
        if (this[kConsumer] !== null) this[kConsumer].ended();
        this.push(null);
        this.read(0);
    },
    onDrained() {
        this[kActive] = currentTime();
        const callback = this[kWriteCallback];
        if (callback === null) return;
        this[kWriteCallback] = null;
        if (this[kRest] === null) callback();
        else writeBytes(this, this[kRest], callback);
    },
    onFailed(errno, syscall) {
        if (this._handle === null) return;
        this.destroy(errnoException(errno, syscall));
    },
    onRefused(text) {
        if (this._handle === null) return;
        const { 0: code, 1: message } = text.split('\n');
        this.destroy(genericError(message, code));
    },
    onSecured(text) { this[kSecured]?.(text); },
    onClosed() {
        this[kGone] = true;
        if (this._handle !== null) {
            // Nothing more comes; the stream may still have something to read.
            if (!this._readableState.ended) methods.onEnd.call(this);
            return;
        }
        emitClose(this);
    },
};
for (const name of ['onData', 'onChunk', 'onEnd', 'onDrained', 'onFailed', 'onRefused', 'onSecured', 'onClosed']) {
    ObjectDefineProperties(Socket.prototype, { [name]: { __proto__: null, value: methods[name] } });
}

function take(socket, chunk) {
    if (!socket.push(chunk) && socket[kReading]) setReading(socket, false);
}
function setReading(socket, on) {
    socket[kReading] = on;
    if (socket._handle !== null && !socket[kGone]) host.read(socket._handle.number, on);
}

function emitClose(socket) {
    socket.emit('close', socket._hadError);
    socket._server?.connectionClosed(socket);
}

// --- Reading and writing -----------------------------------------------------------------------------------------------

Socket.prototype._read = function _read(n) {
    if (this.connecting || this._handle === null) {
        if (!this.destroyed && this.connecting) this.once('connect', () => this._read(n));
        return;
    }
    if (!this[kReading]) setReading(this, true);
};

Socket.prototype._write = function _write(data, encoding, callback) {
    if (this.connecting) {
        const onClose = () => callback(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
        this.once('connect', () => {
            this.off('close', onClose);
            this._write(data, encoding, callback);
        });
        this.once('close', onClose);
        return;
    }
    if (this._handle === null) {
        callback(new ERR_SOCKET_CLOSED());
        return;
    }
    if (this[kGone]) {
        callback(errnoException(-32, 'write'));
        return;
    }
    if (this[kWriteCallback] !== null) {
        // Something has gone past the stream, and has to get away first.
        const earlier = this[kWriteCallback];
        this[kWriteCallback] = () => {
            earlier();
            this._write(data, encoding, callback);
        };
        return;
    }
    this[kActive] = currentTime();
    const isLatin1 = encoding === 'latin1' || encoding === 'binary';
    if (typeof data === 'string' && data.length <= shortText && (isLatin1 || encoding === 'utf8' || encoding === 'utf-8')) {
        const goesOn = writeShort(this._handle.number, data, isLatin1);
        this[kBytesWritten] += written.count;
        if (goesOn) callback();
        else this[kWriteCallback] = callback;
        return;
    }
    writeBytes(this, typeof data === 'string' ? Buffer.from(data, encoding) : data, callback);
};
function writeBytes(socket, bytes, callback) {
    const { length } = bytes;
    const count = MathMin(length, pieceLength);
    socket[kRest] = count === length ? null : TypedArrayPrototypeSubarray(bytes, count, length);
    socket[kBytesWritten] += count;
    const goesOn = write(socket._handle.number, count === length ? bytes : TypedArrayPrototypeSubarray(bytes, 0, count));
    if (goesOn && count === length) callback();
    else socket[kWriteCallback] = callback;
}

/**
 * What `socket.write` does, past the stream while nothing waits in it: a server's answers are many and short, and the host
 * gathers them by itself.
 */
function writeNow(socket, data, encoding, callback) {
    const { length, corked } = socket._writableState;
    const isText = typeof data === 'string';
    const isLatin1 = encoding === 'latin1';
    if (length > 0 || corked > 0 || socket[kWriteCallback] !== null || socket._handle === null || socket.connecting ||
        socket[kGone] || data.length > shortText || socket.write !== Socket.prototype.write ||
        (isText && !isLatin1 && encoding && encoding !== 'utf8')) return socket.write(data, encoding, callback);
    socket[kActive] = currentTime();
    const goesOn = isText ? writeShort(socket._handle.number, data, isLatin1) : write(socket._handle.number, data);
    socket[kBytesWritten] += isText ? written.count : data.length;
    if (goesOn) {
        if (callback) nextTick(callback);
        return true;
    }
    socket[kWriteCallback] = () => {
        callback?.();
        socket.emit('drain');
    };
    return false;
}

Socket.prototype._writev = function _writev(chunks, callback) {
    const all = [];
    for (let i = 0; i < chunks.length; i++) {
        const { chunk, encoding } = chunks[i];
        all[i] = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    }
    this._write(Buffer.concat(all), 'buffer', callback);
};

Socket.prototype._final = function _final(callback) {
    if (this.connecting) {
        this.once('connect', () => this._final(callback));
        return;
    }
    if (this._handle !== null && !this[kGone]) host.finish(this._handle.number);
    callback();
};

Socket.prototype._destroy = function _destroy(error, callback) {
    this.connecting = false;
    for (let socket = this; socket !== null; socket = socket._parent) stopTimer(socket);
    this[kAttempt]?.cancel();
    this[kAttempt] = null;
    const handle = this._handle;
    const pending = this[kWriteCallback];
    this[kWriteCallback] = null;
    this._hadError = Boolean(error);
    if (handle !== null) {
        // Their answers outlive the connection.
        if (this._peername === undefined) this._peername = nameOf(this, true);
        if (this._sockname === undefined) this._sockname = nameOf(this, false);
        this._handle = null;
        if (!this[kGone]) {
            if (this.resetAndClosing) host.reset(handle.number);
            else host.close(handle.number);
        }
    }
    callback(error);
    pending?.(error ?? errnoException(-125, 'write'));
    // Behind 'error'. Otherwise it comes when the host has closed it.
    if (handle === null || this[kGone]) nextTick(emitClose, this);
};

Socket.prototype.end = function end(data, encoding, callback) {
    ReflectApply(Duplex.prototype.end, this, [data, encoding, callback]);
    return this;
};

Socket.prototype.destroySoon = function destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', this.destroy);
};

Socket.prototype.resetAndDestroy = function resetAndDestroy() {
    this.resetAndClosing = true;
    if (this.connecting) this.once('connect', () => this.destroy());
    else if (this._handle === null) this.destroy(new ERR_SOCKET_CLOSED());
    else this.destroy();
    return this;
};

Socket.prototype.pause = function pause() {
    if (this[kReading] && !this.connecting && this[kConsumer] === null) setReading(this, false);
    return ReflectApply(Duplex.prototype.pause, this, []);
};
Socket.prototype.resume = function resume() {
    if (!this[kReading] && !this.connecting && this._handle !== null) setReading(this, true);
    return ReflectApply(Duplex.prototype.resume, this, []);
};

// --- Time limits -------------------------------------------------------------------------------------------------------

Socket.prototype.setTimeout = function (msecs, callback) {
    if (this.destroyed) return this;
    validateNumber(msecs, 'msecs', 0);
    this.timeout = msecs;
    stopTimer(this);
    if (msecs === 0) {
        if (callback !== undefined) {
            validateFunction(callback, 'callback');
            this.removeListener('timeout', callback);
        }
        return this;
    }
    this[kActive] = currentTime();
    startTimer(this, msecs);
    if (callback !== undefined) {
        validateFunction(callback, 'callback');
        this.once('timeout', callback);
    }
    return this;
};
function startTimer(socket, delay) {
    socket[kTimer] = new Timeout(() => timerFired(socket), delay, undefined, false, false);
}
function stopTimer(socket) {
    if (socket[kTimer] === null) return;
    clearTimeout(socket[kTimer]);
    socket[kTimer] = null;
}
/** Looks at the clock only when the time is over, so that what is received and written need not touch the timer. */
function timerFired(socket) {
    const idle = currentTime() - socket[kActive];
    if (idle < socket.timeout) {
        startTimer(socket, socket.timeout - idle);
        return;
    }
    socket[kTimer] = null;
    socket._onTimeout();
}
Socket.prototype._onTimeout = function _onTimeout() { this.emit('timeout'); };
Socket.prototype._unrefTimer = function _unrefTimer() {
    for (let socket = this; socket !== null; socket = socket._parent) {
        socket[kActive] = currentTime();
        if (socket[kTimer] === null && socket.timeout > 0 && !socket.destroyed) startTimer(socket, socket.timeout);
    }
};

// --- Options and figures -------------------------------------------------------------------------------------------------

Socket.prototype.setNoDelay = function setNoDelay(on = true) {
    this[kNoDelay] = Boolean(on);
    if (this._handle !== null) host.noDelay(this._handle.number, Boolean(on));
    return this;
};
Socket.prototype.setKeepAlive = function (on = false, delay = 0) {
    this[kKeepAlive] = on ? { delay } : undefined;
    if (this._handle !== null) setKeepAlive(this, Boolean(on), delay);
    return this;
};
Socket.prototype.ref = function ref() {
    this[kUnrefed] = false;
    if (this._handle !== null) this._handle.ref();
    return this;
};
Socket.prototype.unref = function unref() {
    this[kUnrefed] = true;
    if (this._handle !== null) this._handle.unref();
    return this;
};

function nameOf(socket, ofPeer) {
    if (socket._handle === null || socket.connecting) return undefined;
    const answer = host.address(socket._handle.number, ofPeer);
    if (answer === undefined) return undefined;
    const { 0: address, 1: port, 2: family } = answer;
    return family === 0 ? {} : { address, family: `IPv${family}`, port };
}
Socket.prototype._getpeername = function _getpeername() { return this._peername ??= nameOf(this, true) ?? {}; };
Socket.prototype._getsockname = function _getsockname() { return this._sockname ??= nameOf(this, false) ?? {}; };
Socket.prototype.address = function address() {
    const name = this.connecting ? {} : this._getsockname();
    return { ...name };
};

const getter = (get) => ({ __proto__: null, configurable: true, enumerable: true, get });
const named = (which, key) => getter(function () { return this.connecting ? undefined : this[which]()[key]; });
ObjectDefineProperties(Socket.prototype, {
    _bytesDispatched: getter(function () { return this[kBytesWritten]; }),
    _connecting: getter(function () { return this.connecting; }),
    bufferSize: getter(function () { return this._handle === null ? undefined : this.writableLength; }),
    bytesRead: getter(function () { return this[kBytesRead]; }),
    bytesWritten: getter(function () { return this[kBytesWritten] + (this._handle === null ? 0 : this.writableLength); }),
    localAddress: named('_getsockname', 'address'),
    localFamily: named('_getsockname', 'family'),
    localPort: named('_getsockname', 'port'),
    pending: getter(function () { return this._handle === null || this.connecting; }),
    readyState: getter(function () {
        if (this.connecting) return 'opening';
        if (this.readable && this.writable) return 'open';
        if (this.readable) return 'readOnly';
        return this.writable ? 'writeOnly' : 'closed';
    }),
    remoteAddress: named('_getpeername', 'address'),
    remoteFamily: named('_getpeername', 'family'),
    remotePort: named('_getpeername', 'port'),
});

// --- Connecting ----------------------------------------------------------------------------------------------------------

const autoSelect = { isDefault: true, timeout: 250 };

Socket.prototype.connect = function connect(...args) {
    const { 0: options, 1: callback } = args.length === 1 && args[0]?.[kNormalized] ? args[0] : normalizeArgs(args);
    if (this.write !== Socket.prototype.write) this.write = Socket.prototype.write;
    if (this.destroyed) {
        this._readableState.destroyed = this._writableState.destroyed = false;
        resetState(this);
    }
    if (callback !== null) this.once('connect', callback);
    if (this[kUnrefed] === false && options.noDelay !== undefined) this[kNoDelay] = Boolean(options.noDelay);
    if (options.keepAlive) this[kKeepAlive] = { delay: options.keepAliveInitialDelay };
    if (options.path !== undefined && options.path !== null) {
        validateString(options.path, 'options.path');
        this.connecting = true;
        this.writable = true;
        tryNext(this, [{ address: options.path, port: -1 }], options);
        return this;
    }
    lookUpAndConnect(this, options);
    return this;
};
/** A socket that has been closed may connect anew. */
function resetState(socket) {
    const { Readable, Writable } = require('stream');
    socket._readableState = new Readable.ReadableState({}, true);
    socket._writableState = new Writable.WritableState({ decodeStrings: false, emitClose: false }, true, socket);
    socket._readableState.emitClose = socket._writableState.emitClose = false;
    socket._readableState.autoDestroy = socket._writableState.autoDestroy = true;
    socket._peername = socket._sockname = undefined;
    socket[kBytesRead] = socket[kBytesWritten] = 0;
    socket[kGone] = socket._hadError = false;
    socket[kReading] = true;
}

function lookUpAndConnect(socket, options) {
    const { host: hostname = 'localhost', localAddress, localPort } = options;
    let { port } = options;
    if (localAddress && !isIP(localAddress)) throw new ERR_INVALID_IP_ADDRESS(localAddress);
    if (localPort) validateNumber(localPort, 'options.localPort');
    if (port === undefined) throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
    if (typeof port !== 'number' && typeof port !== 'string') {
        throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
    }
    validatePort(port);
    port |= 0;
    if (options.autoSelectFamily != null) validateBoolean(options.autoSelectFamily, 'options.autoSelectFamily');
    if (options.autoSelectFamilyAttemptTimeout != null) {
        validateInt32(options.autoSelectFamilyAttemptTimeout, 'options.autoSelectFamilyAttemptTimeout', 1);
    }
    if (options.lookup != null) validateFunction(options.lookup, 'options.lookup');
    socket.connecting = true;
    if (isIP(hostname) !== 0) {
        nextTick(() => {
            if (socket.connecting) tryNext(socket, [{ address: hostname, port }], options);
        });
        return;
    }
    socket._host = hostname;
    const lookup = options.lookup ?? require('dns').lookup;
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : options.family ?? 0;
    const all = family !== 4 && family !== 6 && !localAddress && (options.autoSelectFamily ?? autoSelect.isDefault);
    lookup(hostname, { all, family, hints: options.hints ?? 0 }, (error, found, foundFamily) => {
        if (error || !all) socket.emit('lookup', error, found, foundFamily, hostname);
        if (!socket.connecting) return;
        if (error) {
            nextTick(() => socket.destroy(error));
            return;
        }
        const targets = [];
        const addresses = all ? found : [{ address: found, family: foundFamily }];
        for (let i = 0; i < addresses.length; i++) {
            const { address, family: kind } = addresses[i];
            if (all) socket.emit('lookup', null, address, kind, hostname);
            if (isIP(address) === 0) {
                nextTick(() => socket.destroy(new ERR_INVALID_IP_ADDRESS(address)));
                return;
            }
            if (kind !== 4 && kind !== 6) {
                nextTick(() => socket.destroy(new ERR_INVALID_ADDRESS_FAMILY(kind, hostname, port)));
                return;
            }
            ArrayPrototypePush(targets, { address, family: kind, port });
        }
        socket._unrefTimer();
        tryNext(socket, interleave(targets), options);
    });
}
/** Families in turn, beginning with the one that the resolver prefers. */
function interleave(targets) {
    const first = [];
    const second = [];
    for (let i = 0; i < targets.length; i++) (targets[i].family === targets[0].family ? first : second).push(targets[i]);
    const all = [];
    for (let i = 0; i < first.length || i < second.length; i++) {
        if (i < first.length) ArrayPrototypePush(all, first[i]);
        if (i < second.length) ArrayPrototypePush(all, second[i]);
    }
    return all;
}

/** Tries one address after the other; each but the last gets a limited time. */
function tryNext(socket, targets, options, index = 0, errors = []) {
    const { address, port } = targets[index];
    const isLast = index === targets.length - 1;
    const { localAddress, localPort } = options;
    if (targets.length > 1) socket.emit('connectionAttempt', address, port, targets[index].family);
    const local = localAddress ?? (localPort ? (isIP(address) === 6 ? '::' : '0.0.0.0') : '');
    const number = host.connect(address, port, local, localPort ?? 0);
    const failed = (error) => {
        if (targets.length > 1) {
            socket.emit(
                error.code === 'ETIMEDOUT' ? 'connectionAttemptTimeout' : 'connectionAttemptFailed', address, port,
                targets[index].family, error);
        }
        ArrayPrototypePush(errors, error);
        if (!isLast) tryNext(socket, targets, options, index + 1, errors);
        else {
            socket[kAttempt] = null;
            socket.destroy(errors.length === 1 ? errors[0] : aggregateErrors(errors));
        }
    };
    if (number < 0) {
        failed(exceptionWithHostPort(number, 'connect', address, port));
        return;
    }
    if (socket[kUnrefed]) host.ref(number, false);
    let timer;
    const attempt = socket[kAttempt] = {
        cancel() {
            clearTimeout(timer);
            owners.delete(number);
            host.close(number);
        },
    };
    if (!isLast) {
        timer = setTimeout(() => {
            attempt.cancel();
            failed(exceptionWithHostPort(-110, 'connect', address, port));
        }, options.autoSelectFamilyAttemptTimeout ?? autoSelect.timeout);
    }
    owners.set(number, {
        onConnected() {
            clearTimeout(timer);
            socket[kAttempt] = null;
            attach(socket, number);
            socket._sockname = undefined;
            socket.connecting = false;
            socket[kActive] = currentTime();
            // Who has asked to read meanwhile waits for 'connect'.
            if (socket.isPaused()) setReading(socket, false);
            socket.emit('connect');
            socket.emit('ready');
            if (socket.readable && !socket.isPaused()) socket.read(0);
        },
        onFailed(errno) {
            clearTimeout(timer);
            owners.delete(number);
            socket[kAttempt] = null;
            failed(exceptionWithHostPort(errno, 'connect', address, port));
        },
        onClosed() {},
    });
}

/** Of `connect` and `listen`: options and callback. */
const kNormalized = Symbol('normalized');
function normalizeArgs(args) {
    let options = {};
    const first = args[0];
    if (typeof first === 'object' && first !== null) options = first;
    else if (isPipeName(first)) options.path = first;
    else {
        options.port = first;
        if (args.length > 1 && typeof args[1] === 'string') options.host = args[1];
    }
    const last = args[args.length - 1];
    const normalized = [options, args.length > 0 && typeof last === 'function' ? last : null];
    normalized[kNormalized] = true;
    return normalized;
}
/** A string that is no port. */
function isPipeName(value) {
    return typeof value === 'string' && !(+value >= 0);
}

module.exports = {
    Handle, Socket, attach, autoSelect, isPipeName, kConsumer, kSecured, normalizeArgs, setReading,
    writeNow,
};
