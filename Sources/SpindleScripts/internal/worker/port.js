// MessagePort, MessageChannel, BroadcastChannel and MessageEvent.

const { ArrayPrototypePush, ObjectDefineProperties, Symbol, SymbolFor, SymbolToStringTag } = primordials;

const { codes: { ERR_CONSTRUCT_CALL_INVALID, ERR_INVALID_THIS, ERR_MISSING_ARGS }, nodeError } =
    require('internal/errors');
const {
    Event, EventTarget, NodeEventTarget, defineEventHandler, dispatch, kCreateEvent, kListenersChanged,
} = require('internal/event_target');
const { defineType, register } = require('internal/transferable');
const { transfersOf } = require('internal/clone');
const { host, post, read, receivers } = require('internal/worker/messages');

const kCreate = Symbol('kCreate');
/** Internals of ports and channels, set by their static blocks. */
let portType;
let handleOf;
let broadcastHandleOf;
const enumerable = { __proto__: null, enumerable: true };

class MessageEvent extends Event {
    #data;
    #origin;
    #lastEventId;
    #source;
    #ports;

    constructor(type, { data = null, origin = '', lastEventId = '', source = null, ports = [], ...options } = {}) {
        super(type, options);
        this.#data = data;
        this.#origin = `${origin}`;
        this.#lastEventId = `${lastEventId}`;
        this.#source = source;
        this.#ports = ports;
    }

    get data() { return this.#data; }
    get origin() { return this.#origin; }
    get lastEventId() { return this.#lastEventId; }
    get source() { return this.#source; }
    get ports() { return this.#ports; }
}
ObjectDefineProperties(MessageEvent.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'MessageEvent' },
    data: enumerable, lastEventId: enumerable, origin: enumerable, ports: enumerable, source: enumerable,
});

// MARK: Ports

/** The ports that came with the message that is being delivered. */
let receivedPorts = [];

class MessagePort extends NodeEventTarget {
    /** The host's number for it; 0 once it is closed or has been handed on. */
    #handle;
    #isReferenced = false;
    isStarted = false;

    static {
        portType = defineType({
            name: 'MessagePort',
            transfer(port) {
                const handle = port.#handle;
                receivers.delete(handle);
                port.#handle = 0;
                return handle;
            },
            receive(handle) {
                const port = new MessagePort(kCreate, handle);
                ArrayPrototypePush(receivedPorts, port);
                return port;
            },
            detached: (port) => port.#handle === 0,
        });
        handleOf = (port) => (#handle in port ? port.#handle : undefined);
    }

    constructor(token, handle) {
        if (token !== kCreate) throw new ERR_CONSTRUCT_CALL_INVALID();
        super();
        this.#handle = handle;
        ObjectDefineProperties(this, { isStarted: { __proto__: null, enumerable: false } });
        register(this, portType);
        receivers.set(handle, this);
    }

    postMessage(value, transfer) {
        if (arguments.length === 0) throw nodeError('ERR_MISSING_ARGS', 'Not enough arguments to MessagePort.postMessage');
        const list = transfersOf(transfer);
        // A closed port says no more than an open one, but what cannot be cloned is still an error.
        post(this.#handle, value, list, this);
    }

    start() {
        if (this.#handle === 0 || this.isStarted) return;
        this.isStarted = true;
        host.start(this.#handle);
    }

    close(callback) {
        if (typeof callback === 'function') this.once('close', callback);
        if (this.#handle === 0) return;
        const handle = this.#handle;
        this.#handle = 0;
        receivers.delete(handle);
        host.close(handle);
        require('process').nextTick(() => this.end());
    }

    ref() {
        this.#isReferenced = this.#handle !== 0;
        host.ref(this.#handle, true);
    }

    unref() {
        this.#isReferenced = false;
        host.ref(this.#handle, false);
    }

    hasRef() { return this.#isReferenced; }

    /** A message has come. */
    receive(message) { deliver(this, message); }

    /** The channel is closed. */
    end() {
        this.#handle = 0;
        this.#isReferenced = false;
        dispatch(this, 'close', undefined, new Event('close'));
    }

    [kListenersChanged](type, count) {
        if (type !== 'message') return;
        if (count === 0) this.unref();
        else if (count === 1) {
            this.ref();
            this.start();
        }
    }

    [kCreateEvent](data, type) { return createEvent(data, type); }

    [SymbolFor('nodejs.util.inspect.custom')](depth, options) {
        const { inspect } = require('internal/util/inspect');
        return `MessagePort [EventTarget] ${inspect({ active: this.#handle !== 0, refed: this.#isReferenced }, options)}`;
    }
}
ObjectDefineProperties(MessagePort.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'MessagePort' },
    receive: { __proto__: null, enumerable: false }, end: { __proto__: null, enumerable: false },
});
defineEventHandler(MessagePort.prototype, 'message');
defineEventHandler(MessagePort.prototype, 'messageerror');

function createEvent(data, type) {
    const isMessage = type === 'message' || type === 'messageerror';
    return isMessage ? new MessageEvent(type, { data, ports: receivedPorts }) : new Event(type);
}

/** Dispatches a message to the listeners of `target`. */
function deliver(target, message) {
    receivedPorts = [];
    let value;
    try {
        value = read(message);
    } catch (error) {
        dispatch(target, 'messageerror', error, undefined);
        return;
    }
    dispatch(target, 'message', value, undefined);
}

class MessageChannel {
    constructor() {
        const { 0: one, 1: two } = host.channel();
        this.port1 = new MessagePort(kCreate, one);
        this.port2 = new MessagePort(kCreate, two);
    }
}

/** The oldest message of a port, without an event. */
function receiveMessageOnPort(port) {
    const isPort = typeof port === 'object' && port !== null;
    const handle = isPort ? handleOf(port) ?? broadcastHandleOf(port) : undefined;
    if (handle === undefined) {
        throw nodeError('ERR_INVALID_ARG_TYPE', 'The "port" argument must be a MessagePort instance');
    }
    const message = handle === 0 ? undefined : host.receive(handle);
    if (message === undefined) return undefined;
    receivedPorts = [];
    return { message: read(message) };
}

// MARK: Broadcast

class BroadcastChannel extends EventTarget {
    #name;
    #handle;
    isStarted = true;

    static {
        broadcastHandleOf = (channel) => (#handle in channel ? channel.#handle : undefined);
    }

    constructor(name) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        super();
        ObjectDefineProperties(this, { isStarted: { __proto__: null, enumerable: false } });
        this.#name = `${name}`;
        this.#handle = host.joinBroadcast(this.#name);
        receivers.set(this.#handle, this);
        host.start(this.#handle);
        host.ref(this.#handle, true);
    }

    get name() { return this.#name; }

    postMessage(value) {
        if (!(#handle in this)) throw new ERR_INVALID_THIS('BroadcastChannel');
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('message');
        if (this.#handle === 0) {
            const { DOMException } = require('internal/dom_exception');
            throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
        }
        post(this.#handle, value, [], this);
    }

    close() {
        if (this.#handle === 0) return;
        receivers.delete(this.#handle);
        host.close(this.#handle);
        this.#handle = 0;
    }

    ref() {
        if (this.#handle !== 0) host.ref(this.#handle, true);
        return this;
    }

    unref() {
        if (this.#handle !== 0) host.ref(this.#handle, false);
        return this;
    }

    receive(message) { deliver(this, message); }
    end() { this.#handle = 0; }
    [kCreateEvent](data, type) { return createEvent(data, type); }
}
ObjectDefineProperties(BroadcastChannel.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'BroadcastChannel' },
    close: enumerable, name: enumerable, postMessage: enumerable,
});
defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');

module.exports = {
    BroadcastChannel, MessageChannel, MessageEvent, MessagePort, portOf: (handle) => new MessagePort(kCreate, handle),
    receiveMessageOnPort,
};
