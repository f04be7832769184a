// A task from the call of `run` until its promise is settled.

const { ArrayPrototypeSlice, Promise } = primordials;
const { AbortError, nodeError } = require('internal/errors');
const clock = require('internal/clock');
const { unwrap } = require('internal/pool/movable');

class Task {
    // The queue's.
    previous = null;
    next = null;
    isQueued = false;
    // The pool's, once a worker has it.
    slot = -1;
    isSettled = false;
    queuedAt = 0;
    begunAt = 0;

    #resolve;
    #reject;
    #stop;
    #listener;
    #queueTimer;
    #runTimer;

    /** `stop(task, error)` is called when the task is to end early. */
    constructor(input, options, stop) {
        this.transferList = ArrayPrototypeSlice(options.transferList);
        this.input = unwrap(input, this.transferList);
        this.filename = options.filename;
        this.name = options.name;
        this.priority = options.priority;
        this.onProgress = options.onProgress;
        this.timeout = options.timeout;
        this.#stop = stop;
        this.promise = new Promise((resolve, reject) => {
            this.#resolve = resolve;
            this.#reject = reject;
        });
        const { queueTimeout, signal } = options;
        if (signal !== undefined) {
            this.signal = signal;
            this.#listener = () => stop(this, new AbortError('The task has been aborted', { cause: signal.reason }));
            signal.addEventListener('abort', this.#listener, { once: true });
        }
        if (queueTimeout !== undefined) {
            this.#queueTimer = require('internal/timers').setTimeout(() => stop(this, nodeError(
                'ERR_TASK_QUEUE_TIMEOUT', `The task waited longer than ${queueTimeout} ms for a worker`, primordials.Error)), queueTimeout);
        }
    }

    /** A worker is about to run it, or may be: its time runs. `hasBegun` tells when the time is over. */
    begin(hasBegun) {
        if (this.begunAt !== 0) return;
        this.begunAt = clock.now();
        if (this.#queueTimer !== undefined) require('internal/timers').clearTimeout(this.#queueTimer);
        if (this.timeout === undefined) return;
        const watch = (time) => {
            this.#runTimer = require('internal/timers').setTimeout(() => {
                // Held up by another task of its worker, it has all its time before it.
                if (!hasBegun()) return watch(this.timeout);
                this.#stop(this, nodeError('ERR_TASK_TIMEOUT', `The task ran longer than ${this.timeout} ms`, primordials.Error));
            }, time);
        };
        watch(this.timeout);
    }

    /** A worker gave it back without having begun. */
    postpone() {
        this.#clearTimers();
        this.begunAt = 0;
        this.slot = -1;
    }

    resolve(value) { if (this.#settle()) this.#resolve(value); }
    reject(error) { if (this.#settle()) this.#reject(error); }

    #settle() {
        if (this.isSettled) return false;
        this.isSettled = true;
        this.#clearTimers();
        this.signal?.removeEventListener('abort', this.#listener);
        this.input = undefined;
        return true;
    }

    #clearTimers() {
        const { clearTimeout } = require('internal/timers');
        if (this.#runTimer !== undefined) clearTimeout(this.#runTimer);
        if (this.#queueTimer !== undefined) clearTimeout(this.#queueTimer);
        this.#runTimer = undefined;
        this.#queueTimer = undefined;
    }
}

module.exports = { Task };
