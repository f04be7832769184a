// What has become of the tasks that were given to a worker, in memory that pool and worker both see: so the pool can take a
// task back which the worker has not begun, and knows for certain that one which it could not take back has begun.
//
//   free → offered (pool) → begun (worker) → done (worker) → free (pool)
//                         → withdrawn (pool) → free (worker)

const { AtomicsCompareExchange, AtomicsLoad, AtomicsStore, Int32Array } = primordials;
const { SharedArrayBuffer } = require('internal/worker/shared');

const kFree = 0;
const kOffered = 1;
const kBegun = 2;
const kWithdrawn = 3;
const kDone = 4;

class Slots {
    #states;
    /** 1 where a report of progress is on its way. */
    #reports;

    /** Over memory that the pool has made, or new. */
    constructor(count, buffer = new SharedArrayBuffer(8 * count)) {
        this.buffer = buffer;
        this.count = count;
        this.#states = new Int32Array(buffer, 0, count);
        this.#reports = new Int32Array(buffer, 4 * count, count);
    }

    /** The number of a free slot, which is offered from now on; -1 if there is none. */
    offer() {
        for (let slot = 0; slot < this.count; slot++) {
            if (AtomicsLoad(this.#states, slot) !== kFree) continue;
            AtomicsStore(this.#reports, slot, 0);
            AtomicsStore(this.#states, slot, kOffered);
            return slot;
        }
        return -1;
    }

    /** Whether the worker may run the task; else the pool has taken it back. */
    begin(slot) {
        if (AtomicsCompareExchange(this.#states, slot, kOffered, kBegun) === kOffered) return true;
        AtomicsStore(this.#states, slot, kFree);
        return false;
    }

    /** Whether the task was not begun, and will not be. */
    withdraw(slot) { return AtomicsCompareExchange(this.#states, slot, kOffered, kWithdrawn) === kOffered; }

    hasBegun(slot) { return AtomicsLoad(this.#states, slot) !== kOffered; }
    isDone(slot) { return AtomicsLoad(this.#states, slot) === kDone; }
    finish(slot) { AtomicsStore(this.#states, slot, kDone); }
    release(slot) { AtomicsStore(this.#states, slot, kFree); }

    /** Whether a report may be sent; else the one before it has not been read yet. */
    beginReport(slot) { return AtomicsCompareExchange(this.#reports, slot, 0, 1) === 0; }
    endReport(slot) { AtomicsStore(this.#reports, slot, 0); }
}

module.exports = { Slots };
