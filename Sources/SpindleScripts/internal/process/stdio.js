// process.stdin, stdout and stderr: emitters with the everyday methods of streams, over the host's descriptors.

const {
    ArrayBufferIsView, ArrayPrototypePush, ArrayPrototypeShift, Promise, RegExpPrototypeExec, SymbolAsyncIterator, Uint8Array,
} = primordials;
const EventEmitter = require('events');
const { codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END } } = require('internal/errors');
const { isTTY, size, startReading, stopReading, write } = binding('stdio');

class StandardOutput extends EventEmitter {
    constructor(fd) {
        super();
        this.fd = fd;
        this.writable = true;
        this.writableEnded = false;
        this.writableLength = 0;
        this.writableHighWaterMark = 16384;
        this.writableNeedDrain = false;
        this.destroyed = false;
        this._isStdio = true;
        // As in Node, no terminal has no such members.
        if (isTTY(fd)) this.isTTY = true;
    }

    get columns() { return this.isTTY ? size(this.fd)[0] : undefined; }
    get rows() { return this.isTTY ? size(this.fd)[1] : undefined; }
    getWindowSize() { return [this.columns, this.rows]; }
    getColorDepth() { return this.isTTY ? depthOf(require('process').env) : 1; }
    hasColors(count = 16) { return count <= 2 ** this.getColorDepth(); }

    write(chunk, encoding, callback) {
        if (typeof encoding === 'function') {
            callback = encoding;
            encoding = undefined;
        }
        if (this.writableEnded) {
            const error = new ERR_STREAM_WRITE_AFTER_END();
            require('process').nextTick(() => {
                callback?.(error);
                this.emit('error', error);
            });
            return false;
        }
        if (typeof chunk === 'string') {
            if (encoding == null || encoding === 'utf8' || encoding === 'utf-8') write(this.fd, chunk, false);
            else writeBytes(this.fd, require('buffer').Buffer.from(chunk, encoding));
        } else if (ArrayBufferIsView(chunk)) writeBytes(this.fd, chunk);
        else if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
        else throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
        if (typeof callback === 'function') require('process').nextTick(callback, null);
        return true;
    }

    end(chunk, encoding, callback) {
        if (typeof chunk === 'function') {
            callback = chunk;
            chunk = undefined;
        } else if (typeof encoding === 'function') {
            callback = encoding;
            encoding = undefined;
        }
        if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
        if (!this.writableEnded) {
            this.writableEnded = true;
            this.writable = false;
            require('process').nextTick(() => this.emit('finish'));
        }
        if (typeof callback === 'function') require('process').nextTick(callback);
        return this;
    }

    cork() {}
    uncork() {}
    setDefaultEncoding() { return this; }
    ref() { return this; }
    unref() { return this; }
    // The process's own descriptors are never closed.
    destroy() { return this; }
}

/** Bytes go to the host as a string of their values, since it must not touch memory that the program sees. */
function writeBytes(fd, view) {
    const { Buffer } = require('buffer');
    write(fd, Buffer.from(view.buffer, view.byteOffset, view.byteLength).latin1Slice(), true);
}

function depthOf(env) {
    if (env.NO_COLOR !== undefined && env.NO_COLOR !== '' || env.TERM === 'dumb') return 1;
    if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 24;
    return RegExpPrototypeExec(/256/, env.TERM ?? '') !== null ? 8 : 4;
}

class StandardInput extends EventEmitter {
    #started = false;
    #flowing = false;
    #ended = false;
    #chunks = [];
    #decoder;
    constructor() {
        super();
        this.fd = 0;
        this.readable = true;
        this.destroyed = false;
        this.readableEnded = false;
        if (isTTY(0)) this.isTTY = true;
    }

    on(type, listener) {
        super.on(type, listener);
        if (type === 'data') this.resume();
        else if (type === 'readable') this.#start();
        return this;
    }
    addListener(type, listener) { return this.on(type, listener); }

    #start() {
        if (this.#started) return;
        this.#started = true;
        startReading(0, (buffer) => this.#receive(buffer));
    }
    /** `buffer` is the host's own; undefined at the end. */
    #receive(buffer) {
        if (buffer === undefined) this.#ended = true;
        else ArrayPrototypePush(this.#chunks, this.#decode(new Uint8Array(buffer)));
        this.#flow();
    }
    #decode(bytes) {
        const { Buffer } = require('buffer');
        const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        return this.#decoder === undefined ? chunk : this.#decoder.write(chunk);
    }
    #flow() {
        if (this.listenerCount('readable') > 0) this.emit('readable');
        while (this.#flowing && this.#chunks.length > 0) this.emit('data', ArrayPrototypeShift(this.#chunks));
        if (this.#ended && this.#chunks.length === 0 && !this.readableEnded) {
            this.readableEnded = true;
            this.readable = false;
            this.emit('end');
            this.emit('close');
        }
    }

    read() { return this.#chunks.length > 0 ? ArrayPrototypeShift(this.#chunks) : null; }
    resume() {
        this.#flowing = true;
        this.#start();
        require('process').nextTick(() => this.#flow());
        return this;
    }
    pause() {
        this.#flowing = false;
        if (this.#started && !this.#ended) {
            this.#started = false;
            stopReading(0);
        }
        return this;
    }
    isPaused() { return !this.#flowing; }
    setEncoding(encoding) {
        const { StringDecoder } = require('string_decoder');
        this.#decoder = new StringDecoder(encoding);
        return this;
    }
    ref() { return this; }
    unref() { return this; }
    destroy() { return this.pause(); }

    async* [SymbolAsyncIterator]() {
        const waiting = [];
        let ended = this.readableEnded;
        const queue = [];
        const wake = () => { if (waiting.length > 0) ArrayPrototypeShift(waiting)(); };
        const onData = (chunk) => {
            ArrayPrototypePush(queue, chunk);
            wake();
        };
        const onEnd = () => {
            ended = true;
            wake();
        };
        this.on('data', onData).on('end', onEnd);
        try {
            for (;;) {
                if (queue.length > 0) yield ArrayPrototypeShift(queue);
                else if (ended) return;
                else await new Promise((resolve) => { ArrayPrototypePush(waiting, resolve); });
            }
        } finally {
            this.off('data', onData);
            this.off('end', onEnd);
            this.pause();
        }
    }
}

module.exports = { StandardInput, StandardOutput };
