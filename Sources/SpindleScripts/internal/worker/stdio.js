// The standard streams of a worker, as its parent has them.

const { Readable, Writable } = require('stream');
const host = binding('worker');

/** What the worker reads as its standard input. A write is done when the worker has taken it. */
class WorkerInput extends Writable {
    #thread;

    constructor(thread) {
        super({ decodeStrings: false });
        this.#thread = thread;
    }

    _write(chunk, encoding, done) {
        const isText = typeof chunk === 'string' && (encoding === 'utf8' || encoding === 'utf-8');
        const { Buffer } = require('buffer');
        const text = isText ? chunk : (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk).latin1Slice();
        host.feed(this.#thread, text, !isText, () => done());
    }

    _final(done) {
        host.endInput(this.#thread);
        done();
    }
}

/** What the worker prints; `wasPrinted` if it stands on this process's own stream already and is here for who listens. */
class WorkerOutput extends Readable {
    constructor(wasPrinted) {
        super();
        if (wasPrinted) this.resume();
    }

    _read() {}
}

module.exports = { WorkerInput, WorkerOutput };
