// A child's pipe as its program sees it: a stream.

const { Duplex } = require('stream');
const { errnoException } = require('internal/errors');

class PipeStream extends Duplex {
    #pipe;
    #isReading = false;

    /** Without a pipe, for a child that could not be started, it is at its end. */
    constructor(pipe, readable, writable) {
        super({ __proto__: null, readable, writable, allowHalfOpen: writable });
        this.#pipe = pipe;
        // Into the stream's own buffer, so that its end is seen although nobody reads.
        if (readable) this.read(0);
    }

    /** What another child can be given as its own. */
    get _handle() { return this.#pipe; }
    get fd() { return this.#pipe?.isOpen ? this.#pipe.descriptor : undefined; }

    _read() {
        if (this.#isReading) return;
        if (this.#pipe === null) return this.push(null);
        this.#isReading = true;
        this.#pipe.start((chunk) => this.#onRead(chunk));
    }
    #onRead(chunk) {
        if (typeof chunk === 'object') {
            const { Buffer } = require('buffer');
            if (!this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) this.#stop();
        } else if (chunk === undefined) this.push(null);
        else this.destroy(errnoException(chunk, 'read'));
    }
    #stop() {
        this.#isReading = false;
        if (this.#pipe.isOpen) this.#pipe.stop();
    }

    _write(chunk, encoding, callback) {
        if (this.#pipe === null) return callback(errnoException(-32, 'write'));
        this.#pipe.write(chunk, (errno) => callback(errno < 0 ? errnoException(errno, 'write') : null));
    }
    _final(callback) {
        if (this.#pipe === null) return callback();
        this.#pipe.end(() => callback());
    }
    _destroy(error, callback) {
        this.#pipe?.close();
        callback(error);
    }

    /** Leaves the bytes to another child, which has been given the pipe. */
    _giveAway() {
        this.pause();
        this.#stop();
    }

    ref() {
        if (this.#pipe?.isOpen) this.#pipe.ref();
        return this;
    }
    unref() {
        if (this.#pipe?.isOpen) this.#pipe.unref();
        return this;
    }
}

module.exports = { PipeStream };
