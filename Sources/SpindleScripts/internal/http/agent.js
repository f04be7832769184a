// http.Agent: which connection a request goes on.

const {
    ArrayPrototypeIndexOf, ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeShift, ArrayPrototypeSplice, NumberParseInt,
    ObjectKeys, ObjectSetPrototypeOf, ReflectApply, RegExpPrototypeExec,
} = primordials;
const EventEmitter = require('events');
const { validateNumber, validateOneOf, validateString } = require('internal/validators');

function Agent(options) {
    if (!(this instanceof Agent)) return new Agent(options);
    ReflectApply(EventEmitter, this, []);
    this.options = { __proto__: null, noDelay: true, path: null, ...options };
    this.defaultPort = this.options.defaultPort ?? 80;
    this.protocol = this.options.protocol ?? 'http:';
    /** Requests that wait, connections in use and at rest, each by the name of where they lead. */
    this.requests = { __proto__: null };
    this.sockets = { __proto__: null };
    this.freeSockets = { __proto__: null };
    this.keepAliveMsecs = this.options.keepAliveMsecs ?? 1000;
    this.keepAlive = this.options.keepAlive ?? false;
    this.maxSockets = this.options.maxSockets ?? Infinity;
    this.maxFreeSockets = this.options.maxFreeSockets ?? 256;
    this.scheduling = this.options.scheduling ?? 'lifo';
    this.maxTotalSockets = this.options.maxTotalSockets;
    this.totalSocketCount = 0;
    validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
    if (this.maxTotalSockets !== undefined) validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
    else this.maxTotalSockets = Infinity;
    this.on('free', onFree);
}
ObjectSetPrototypeOf(Agent.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Agent, EventEmitter);

/** A request is through with a connection. */
function onFree(socket, options) {
    const name = this.getName(options);
    if (!socket.writable) {
        socket.destroy();
        return;
    }
    const waiting = this.requests[name];
    if (waiting !== undefined && waiting.length > 0) {
        const request = takeFirst(this.requests, name);
        assign(this, socket, request);
        return;
    }
    const request = socket._httpMessage;
    const free = this.freeSockets[name] ?? [];
    const inUse = this.sockets[name]?.length ?? 0;
    if (!request?.shouldKeepAlive || !this.keepAlive || free.length >= this.maxFreeSockets || inUse > this.maxSockets ||
        this.totalSocketCount > this.maxTotalSockets || !this.keepSocketAlive(socket)) {
        socket.destroy();
        return;
    }
    this.freeSockets[name] = free;
    socket._httpMessage = null;
    removeFrom(this.sockets, name, socket);
    socket.once('error', onFreeError);
    ArrayPrototypePush(free, socket);
}
function onFreeError() { this.destroy(); }

function takeFirst(lists, name) {
    const first = ArrayPrototypeShift(lists[name]);
    if (lists[name].length === 0) delete lists[name];
    return first;
}
function removeFrom(lists, name, item) {
    const list = lists[name];
    const at = list === undefined ? -1 : ArrayPrototypeIndexOf(list, item);
    if (at < 0) return false;
    ArrayPrototypeSplice(list, at, 1);
    if (list.length === 0) delete lists[name];
    return true;
}

Agent.defaultMaxSockets = Infinity;

Agent.prototype.createConnection = function createConnection(...args) { return require('net').createConnection(...args); };

Agent.prototype.getName = function getName(options = {}) {
    let name = `${options.host || 'localhost'}:${options.port || ''}:${options.localAddress || ''}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    return name;
};

Agent.prototype.addRequest = function addRequest(request, options, port, localAddress) {
    if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress };
    options = { __proto__: null, ...options, ...this.options };
    if (options.socketPath) options.path = options.socketPath;
    normalizeServerName(options, request);
    const name = this.getName(options);
    this.sockets[name] ??= [];
    const free = this.freeSockets[name];
    let socket;
    while (free !== undefined && free.length > 0 && (socket === undefined || socket.destroyed)) {
        socket = this.scheduling === 'fifo' ? ArrayPrototypeShift(free) : ArrayPrototypePop(free);
    }
    if (free !== undefined && free.length === 0) delete this.freeSockets[name];
    if (socket !== undefined && !socket.destroyed) {
        socket.removeListener('error', onFreeError);
        this.reuseSocket(socket, request);
        assign(this, socket, request);
        ArrayPrototypePush(this.sockets[name], socket);
    } else if (this.sockets[name].length < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
        this.createSocket(request, options, (error, made) => {
            if (error) request.onSocket(made, error);
            else assign(this, made, request);
        });
    } else {
        request._agentOptions = options;
        ArrayPrototypePush(this.requests[name] ??= [], request);
    }
    if (this.sockets[name]?.length === 0) delete this.sockets[name];
};

/** The name that TLS asks for is that of the `Host` field, unless told otherwise. */
function normalizeServerName(options, request) {
    if (options.servername || options.servername === '') return;
    options.servername = options.host;
    const field = request?.getHeader('host');
    if (field === undefined) return;
    validateString(field, 'options.headers.host');
    const bracketed = RegExpPrototypeExec(/^\[([^\]]*)\]/, field);
    options.servername = bracketed !== null ? bracketed[1] : RegExpPrototypeExec(/^[^:]*/, field)[0];
    if (require('internal/net/ip').isIP(options.servername) !== 0) options.servername = '';
}

Agent.prototype.createSocket = function createSocket(request, options, callback) {
    options = { __proto__: null, ...options, ...this.options };
    if (options.socketPath) options.path = options.socketPath;
    normalizeServerName(options, request);
    const name = this.getName(options);
    options._agentKey = name;
    options.encoding = null;
    let isOver = false;
    const created = (error, socket) => {
        if (isOver) return;
        isOver = true;
        if (error) {
            callback(error);
            return;
        }
        ArrayPrototypePush(this.sockets[name] ??= [], socket);
        this.totalSocketCount++;
        install(this, socket, options);
        callback(null, socket);
    };
    if (this.keepAlive) {
        options.keepAlive = this.keepAlive;
        options.keepAliveInitialDelay = this.keepAliveMsecs;
    }
    const socket = this.createConnection(options, created);
    if (socket) created(null, socket);
};

function install(agent, socket, options) {
    const onFreed = () => agent.emit('free', socket, options);
    const onClose = () => {
        agent.totalSocketCount--;
        agent.removeSocket(socket, options);
    };
    const onTimeout = () => {
        // A connection at rest that nobody has used for too long.
        for (const name of ObjectKeys(agent.freeSockets)) {
            if (ArrayPrototypeIndexOf(agent.freeSockets[name], socket) >= 0) socket.destroy();
        }
    };
    const onRemove = () => {
        agent.totalSocketCount--;
        agent.removeSocket(socket, options);
        socket.removeListener('close', onClose);
        socket.removeListener('free', onFreed);
        socket.removeListener('timeout', onTimeout);
        socket.removeListener('agentRemove', onRemove);
    };
    socket.on('free', onFreed);
    socket.on('close', onClose);
    socket.on('timeout', onTimeout);
    socket.on('agentRemove', onRemove);
    if (agent.options.timeout) socket.setTimeout(agent.options.timeout);
}

Agent.prototype.removeSocket = function removeSocket(socket, options) {
    const name = this.getName(options);
    removeFrom(this.sockets, name, socket);
    removeFrom(this.freeSockets, name, socket);
    // Who waits for this place gets a new connection; with a limit for all, any may be the next.
    let next = this.requests[name]?.[0];
    if (next === undefined && this.maxTotalSockets < Infinity) {
        for (const other in this.requests) {
            if ((this.sockets[other]?.length ?? 0) < this.maxSockets) {
                next = this.requests[other][0];
                break;
            }
        }
    }
    if (next === undefined || this.totalSocketCount >= this.maxTotalSockets) return;
    const nextOptions = next._agentOptions ?? options;
    takeFirst(this.requests, this.getName(nextOptions));
    this.createSocket(next, nextOptions, (error, made) => {
        if (error) next.onSocket(made, error);
        else assign(this, made, next);
    });
};

Agent.prototype.keepSocketAlive = function keepSocketAlive(socket) {
    socket.setKeepAlive(true, this.keepAliveMsecs);
    socket.unref();
    let limit = this.options.timeout || 0;
    // A server may say how long it keeps the connection.
    const hint = socket._httpMessage?.res?.headers?.['keep-alive'];
    if (hint) {
        const seconds = RegExpPrototypeExec(/^timeout=(\d+)/, hint)?.[1];
        if (seconds !== undefined) {
            const milliseconds = NumberParseInt(seconds, 10) * 1000;
            if (milliseconds <= 0) return false;
            if (limit === 0 || milliseconds < limit) limit = milliseconds;
        }
    }
    if (socket.timeout !== limit) socket.setTimeout(limit);
    return true;
};
Agent.prototype.reuseSocket = function reuseSocket(socket, request) {
    request.reusedSocket = true;
    socket.ref();
};

function assign(agent, socket, request) {
    request.onSocket(socket);
    const limit = agent.options.timeout || 0;
    if (request.timeout === undefined && socket.timeout !== limit) socket.setTimeout(limit);
}

Agent.prototype.destroy = function destroy() {
    for (const lists of [this.freeSockets, this.sockets]) {
        for (const name in lists) {
            const all = lists[name].slice();
            for (let i = 0; i < all.length; i++) all[i].destroy();
        }
    }
};

/** The one for requests that name none; programs may put another in its place. */
const common = { agent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }) };

module.exports = { Agent, common };
