// A child's pipe as the program sees it.

const EventEmitter = require('events');
const process = require('process');

class PipeStream extends EventEmitter {
    #pipe;
    #decoder;
    #isClosed = false;

    constructor(pipe, readable, writable) {
        super();
        this.#pipe = pipe;
        this.readable = readable;
        this.writable = writable;
        this.destroyed = false;
        if (pipe === null) process.nextTick(() => this.#end());
        this.on('newListener', (name) => {
            if (name === 'data') this.resume();
        });
    }

    get _handle() { return this.#pipe; }
    get readableEncoding() { return this.#decoder === undefined ? null : this.#decoder.encoding; }
    setEncoding(encoding) {
        this.#decoder = new (require('string_decoder').StringDecoder)(encoding);
        return this;
    }
    isPaused() { return false; }
    resume() {
        if (this.readable && this.#pipe !== null) this.#pipe.start((chunk) => this.#onRead(chunk));
        return this;
    }
    #onRead(chunk) {
        if (typeof chunk !== 'object') return this.#end();
        const bytes = require('buffer').Buffer.from(chunk.buffer, 0, chunk.length);
        this.emit('data', this.#decoder === undefined ? bytes : this.#decoder.write(bytes));
    }
    #end() {
        if (this.#isClosed) return;
        if (this.readable) this.emit('end');
        this.destroy();
    }
    write(chunk, encoding, done) {
        const bytes = typeof chunk === 'string' ? require('buffer').Buffer.from(chunk, encoding) : chunk;
        this.#pipe.write(bytes, () => { if (typeof done === 'function') process.nextTick(done); });
        return this.#pipe.writeQueueSize === 0;
    }
    end(chunk) {
        if (chunk !== undefined) this.write(chunk);
        this.#pipe?.end(() => { if (!this.readable) this.destroy(); });
        return this;
    }
    destroy() {
        if (this.#isClosed) return this;
        this.#isClosed = true;
        this.destroyed = true;
        this.readable = false;
        this.#pipe?.close();
        process.nextTick(() => this.emit('close', false));
        return this;
    }
}

module.exports = { PipeStream };
