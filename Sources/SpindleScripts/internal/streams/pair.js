// `duplexPair`: two duplex streams, each of which reads what the other writes.

const { Symbol } = primordials;
const { nextTick } = require('internal/task_queues');
const Duplex = require('internal/streams/duplex');

/** The write of the other side that waits for this one to read. */
const kCallback = Symbol('callback');

class DuplexSide extends Duplex {
    #other = null;
    [kCallback] = null;

    static join(first, second) {
        first.#other = second;
        second.#other = first;
    }
    _read() {
        const callback = this[kCallback];
        if (callback === null) return;
        this[kCallback] = null;
        callback();
    }
    _write(chunk, encoding, callback) {
        if (chunk.length === 0) {
            nextTick(callback);
            return;
        }
        // First, as the other side may read at once.
        this.#other[kCallback] = callback;
        this.#other.push(chunk);
    }
    _final(callback) {
        this.#other.on('end', callback);
        this.#other.push(null);
    }
}

module.exports = function duplexPair(options) {
    const sides = [new DuplexSide(options), new DuplexSide(options)];
    DuplexSide.join(sides[0], sides[1]);
    return sides;
};
