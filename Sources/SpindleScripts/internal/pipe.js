// One end of a pipe or of a pair of sockets to another process, over the host's: writes in order, however much at once.

const { ArrayPrototypePush, ArrayPrototypeShift, TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const host = binding('pipe');

const EAGAIN = -11;
const EPIPE = -32;

// Where the host finds what is to be written.
const outbound = new Uint8Array(host.outbound);

class Pipe {
    #id;
    #queue = [];
    #isWaiting = false;
    #onEnded;
    /** Bytes that the other side has not room for yet. */
    writeQueueSize = 0;

    constructor(id) { this.#id = id; }

    static open(descriptor) { return new Pipe(host.open(descriptor)); }

    get isOpen() { return this.#id !== 0; }
    /** The number that a child can be given it by. */
    get descriptor() { return this.isOpen ? host.descriptor(this.#id) : -1; }

    /** `onRead(bytes)` for each chunk, in memory of its own; at the end `onRead(undefined)`, after an error with its number. */
    start(onRead) {
        host.start(this.#id, (chunk) => onRead(typeof chunk === 'object' ? new Uint8Array(chunk) : chunk));
    }
    stop() { host.stop(this.#id); }

    /** Calls `done(errno)` when all of the bytes, which stay untouched until then, were taken: at once, if there is room. */
    write(bytes, done) {
        if (!this.isOpen) return done(EPIPE);
        ArrayPrototypePush(this.#queue, { bytes, at: 0, done });
        this.writeQueueSize += bytes.length;
        if (!this.#isWaiting) this.#flush();
    }

    /** Has the other side read the end, after everything that was written. */
    end(done) {
        this.#onEnded = done;
        if (!this.#isWaiting) this.#flush();
    }

    #flush() {
        this.#isWaiting = false;
        while (this.#queue.length > 0) {
            const first = this.#queue[0];
            const errno = this.#push(first);
            if (errno === EAGAIN) {
                this.#isWaiting = true;
                host.awaitRoom(this.#id, () => this.#flush());
                return;
            }
            if (errno < 0) return this.#fail(errno);
            ArrayPrototypeShift(this.#queue);
            first.done(0);
        }
        const onEnded = this.#onEnded;
        if (onEnded === undefined || !this.isOpen) return;
        this.#onEnded = undefined;
        host.endWriting(this.#id);
        onEnded(0);
    }

    /** Writes what it can of one piece; 0 when that was all. */
    #push(piece) {
        const { bytes } = piece;
        while (piece.at < bytes.length) {
            const rest = bytes.length - piece.at;
            const count = rest < outbound.length ? rest : outbound.length;
            TypedArrayPrototypeSet(outbound, TypedArrayPrototypeSubarray(bytes, piece.at, piece.at + count));
            const written = host.write(this.#id, count);
            if (written < 0) return written;
            piece.at += written;
            this.writeQueueSize -= written;
        }
        return 0;
    }

    #fail(errno) {
        const queue = this.#queue;
        const onEnded = this.#onEnded;
        this.#queue = [];
        this.#onEnded = undefined;
        this.#isWaiting = false;
        this.writeQueueSize = 0;
        for (let i = 0; i < queue.length; i++) queue[i].done(errno);
        onEnded?.(errno);
    }

    close() {
        if (!this.isOpen) return;
        host.close(this.#id);
        this.#id = 0;
        this.#fail(-125);
    }

    ref() { host.ref(this.#id, true); }
    unref() { host.ref(this.#id, false); }
}

module.exports = { Pipe };
