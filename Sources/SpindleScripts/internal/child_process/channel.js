// The channel between a forked child and its parent, as Node.js speaks it over the socket that NODE_CHANNEL_FD names: a line
// of JSON each, or with advanced serialization four bytes of length and a value.

const {
    ArrayPrototypePush, JSONParse, JSONStringify, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith,
    TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array,
} = primordials;
const EventEmitter = require('events');
const {
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_INVALID_HANDLE_TYPE, ERR_IPC_CHANNEL_CLOSED, ERR_IPC_DISCONNECTED, ERR_MISSING_ARGS,
    }, errnoException,
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const process = require('process');

// Past so many bytes that the other side has not taken, `send` answers false.
const backlogLimit = 2 * 65536;

/** Calls `take` with each value whose bytes have come. */
class JSONReader {
    #rest = '';
    #decoder = new (require('string_decoder').StringDecoder)('utf8');

    read(bytes, take) {
        const { Buffer } = require('buffer');
        const text = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
        let from = 0;
        for (let end = StringPrototypeIndexOf(text, '\n'); end >= 0; end = StringPrototypeIndexOf(text, '\n', from)) {
            const line = this.#rest + StringPrototypeSlice(text, from, end);
            this.#rest = '';
            from = end + 1;
            take(JSONParse(line));
        }
        this.#rest += StringPrototypeSlice(text, from);
    }
}

class AdvancedReader {
    #bytes = new Uint8Array(0);

    read(bytes, take) {
        if (this.#bytes.length > 0) {
            const joined = new Uint8Array(this.#bytes.length + bytes.length);
            TypedArrayPrototypeSet(joined, this.#bytes);
            TypedArrayPrototypeSet(joined, bytes, this.#bytes.length);
            bytes = joined;
        }
        const { deserialize } = require('v8');
        let at = 0;
        while (bytes.length - at >= 4) {
            const length = bytes[at] * 0x1000000 + (bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
            if (bytes.length - at - 4 < length) break;
            at += 4 + length;
            take(deserialize(TypedArrayPrototypeSubarray(bytes, at - length, at)));
        }
        this.#bytes = TypedArrayPrototypeSubarray(bytes, at);
    }
}

const serializations = {
    __proto__: null,
    json: {
        Reader: JSONReader,
        bytes: (value) => require('buffer').Buffer.from(`${JSONStringify(value)}\n`),
    },
    advanced: {
        Reader: AdvancedReader,
        bytes(value) {
            const body = require('v8').serialize(value);
            const bytes = new Uint8Array(4 + body.length);
            for (let i = 0; i < 4; i++) bytes[i] = body.length >>> (24 - 8 * i);
            TypedArrayPrototypeSet(bytes, body, 4);
            return bytes;
        },
    },
};

/** What `channel` is to the program: whether the channel keeps the loop alive. */
class Control extends EventEmitter {
    #pipe;
    #listeners = 0;
    #isForced;

    constructor(pipe) {
        super();
        this.#pipe = pipe;
    }

    /** While somebody listens, unless the program has said otherwise. */
    refCounted() { if (++this.#listeners === 1 && this.#isForced === undefined) this.#pipe.ref(); }
    unrefCounted() {
        if (--this.#listeners > 0 || this.#isForced !== undefined) return;
        this.#pipe.unref();
        this.emit('unref');
    }
    ref() {
        this.#isForced = true;
        this.#pipe.ref();
    }
    unref() {
        this.#isForced = false;
        this.#pipe.unref();
    }
    get fd() { return this.#pipe.isOpen ? this.#pipe.descriptor : undefined; }
}

const isInternal = (message) => (
    message !== null && typeof message === 'object' && typeof message.cmd === 'string' &&
    StringPrototypeStartsWith(message.cmd, 'NODE_') && message.cmd.length > 5);

/** Makes `target`, a ChildProcess or the process itself, one end of a channel over `pipe`. `onClosed()` after its end. */
function setupChannel(target, pipe, serialization, onClosed) {
    const { Reader, bytes: bytesOf } = serializations[serialization];
    const reader = new Reader();
    const control = new Control(pipe);
    // Messages for which there was no listener yet.
    let early = [];
    target.channel = control;
    target._channel = control;
    target.connected = true;

    const deliver = (event, message) => {
        if (event === 'internalMessage' || target.listenerCount('message') > 0) target.emit(event, message, undefined);
        else ArrayPrototypePush(early, message);
    };
    target.on('newListener', (name) => {
        if (name !== 'message' || early.length === 0) return;
        process.nextTick(() => {
            if (target.listenerCount('message') === 0) return;
            const messages = early;
            early = [];
            for (let i = 0; i < messages.length; i++) target.emit('message', messages[i], undefined);
        });
    });
    const take = (message) => {
        if (target.channel === null) return;
        process.nextTick(deliver, isInternal(message) ? 'internalMessage' : 'message', message);
    };
    const close = () => {
        if (!pipe.isOpen) return;
        pipe.close();
        target.channel = null;
        target._channel = null;
        process.nextTick(() => {
            target.emit('disconnect');
            onClosed?.();
        });
    };
    pipe.start((chunk) => {
        if (typeof chunk === 'object') return reader.read(chunk, take);
        target.connected = false;
        close();
    });

    target.send = function send(message, handle, options, callback) {
        if (typeof handle === 'function') {
            callback = handle;
            handle = undefined;
            options = undefined;
        } else if (typeof options === 'function') {
            callback = options;
            options = undefined;
        } else if (options !== undefined) validateObject(options, 'options');
        if (target.connected) return target._send(message, handle, options, callback);
        const error = new ERR_IPC_CHANNEL_CLOSED();
        if (typeof callback === 'function') process.nextTick(callback, error);
        else process.nextTick(() => target.emit('error', error));
        return false;
    };
    target._send = function _send(message, handle, options, callback) {
        if (message === undefined) throw new ERR_MISSING_ARGS('message');
        const type = typeof message;
        if (type !== 'string' && type !== 'object' && type !== 'number' && type !== 'boolean') {
            throw new ERR_INVALID_ARG_TYPE('message', ['string', 'object', 'number', 'boolean'], message);
        }
        if (handle) throw new ERR_INVALID_HANDLE_TYPE();
        // Of a message that was only queued, nobody but a callback hears that it was lost.
        let isAtOnce = true;
        pipe.write(bytesOf(message), (errno) => {
            const error = errno < 0 ? errnoException(errno, 'write') : null;
            if (typeof callback === 'function') process.nextTick(callback, error);
            else if (error !== null && isAtOnce && !options?.swallowErrors) process.nextTick(() => target.emit('error', error));
        });
        isAtOnce = false;
        return pipe.writeQueueSize < backlogLimit;
    };
    target.disconnect = function disconnect() {
        if (!target.connected) return target.emit('error', new ERR_IPC_DISCONNECTED());
        target._disconnect();
    };
    target._disconnect = function _disconnect() {
        target.connected = false;
        pipe.end(close);
    };
    return control;
}

/** Joins this process to the parent that has forked it. */
function joinParent(descriptor, serialization) {
    const { Pipe } = require('internal/pipe');
    const pipe = Pipe.open(descriptor);
    const control = setupChannel(process, pipe, serialization === 'advanced' ? 'advanced' : 'json');
    pipe.unref();
    const counts = (name) => name === 'message' || name === 'disconnect';
    process.on('newListener', (name) => { if (counts(name)) control.refCounted(); });
    process.on('removeListener', (name) => { if (counts(name)) control.unrefCounted(); });
}

module.exports = { joinParent, setupChannel };
