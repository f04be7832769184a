// One worker of a pool: which tasks it has, and how each of them ends.

const { ArrayPrototypeIndexOf, ArrayPrototypePush, ArrayPrototypeSplice } = primordials;
const { nodeError } = require('internal/errors');
const { kAbort, kProgress, kReady, kResult } = require('internal/pool/messages');

class Member {
    /** In the order in which it runs them; those after the first `concurrency` are given ahead. */
    tasks = [];
    isReady = false;
    /** Takes no more tasks: one that was aborted still runs beside others, which are left to end. */
    isRetiring = false;
    isEnding = false;
    /** Whether it got as far as a task. */
    hasRunTask = false;
    idleTimer;
    #host;
    #pool;
    #concurrency;
    #cause;

    constructor(Host, options, pool) {
        this.#concurrency = options.concurrentTasksPerWorker;
        this.#pool = pool;
        this.#host = new Host(options, {
            message: (message) => this.#receive(message),
            other: (message) => pool.otherMessage(message),
            error: (error) => { this.#cause = error; },
            exit: (code) => this.#exited(code),
        });
    }

    get id() { return this.#host.id; }
    get hasRoom() { return this.isReady && !this.isRetiring && this.tasks.length < this.#concurrency; }
    get hasRoomAhead() { return this.isReady && !this.isRetiring && this.tasks.length < this.#host.limit; }
    get isIdle() { return this.isReady && this.tasks.length === 0; }
    get hasTasksAhead() { return this.tasks.length > this.#concurrency; }

    /** Whether the worker has a place for the task; throws where its input cannot be cloned. */
    give(task) {
        const slot = this.#host.slots.offer();
        if (slot < 0) return false;
        try {
            const { filename, input, name } = task;
            this.#host.post(filename === undefined && name === undefined ? [slot, input] : [slot, input, filename, name], task.transferList);
        } catch (error) {
            this.#host.slots.release(slot);
            throw error;
        }
        task.slot = slot;
        ArrayPrototypePush(this.tasks, task);
        this.#beginFirst();
        return true;
    }

    /** Takes the last task back that it was given ahead; undefined if it has begun all of them. */
    takeBackLast() {
        const task = this.tasks[this.tasks.length - 1];
        return this.#takeBack(task) ? task : undefined;
    }

    /** Ends a task early; its promise is settled. */
    abandon(task) {
        if (this.#takeBack(task) || this.#host.slots.isDone(task.slot)) return;
        if (this.#concurrency === 1) {
            this.end();
            return;
        }
        this.isRetiring = true;
        this.#takeBackAll();
        this.#host.post([kAbort, task.slot]);
        this.#endIfAbandoned();
    }

    /** Ends the worker at once; what it has not begun goes back to the pool. The promise is of its exit. */
    end() {
        if (!this.isEnding) {
            this.isEnding = true;
            this.isReady = false;
            this.#takeBackAll();
            this.#pool.left(this);
        }
        return this.#host.end();
    }

    #takeBack(task) {
        if (!this.#host.slots.withdraw(task.slot)) return false;
        ArrayPrototypeSplice(this.tasks, ArrayPrototypeIndexOf(this.tasks, task), 1);
        task.postpone();
        return true;
    }

    #takeBackAll() {
        for (let i = this.tasks.length - 1; i >= 0; i--) {
            const task = this.tasks[i];
            if (!task.isSettled && this.#takeBack(task)) this.#pool.returned(task);
        }
    }

    #beginFirst() {
        const { slots } = this.#host;
        for (let i = 0; i < this.tasks.length && i < this.#concurrency; i++) {
            const task = this.tasks[i];
            task.begin(() => slots.hasBegun(task.slot));
        }
    }

    #endIfAbandoned() {
        for (let i = 0; i < this.tasks.length; i++) if (!this.tasks[i].isSettled) return;
        this.end();
    }

    #receive(message) {
        const { 0: slot, 1: status, 2: value } = message;
        if (slot === kReady) {
            this.isReady = true;
            return this.#pool.ready(this);
        }
        const index = this.#indexOf(slot);
        if (index < 0) return;
        const task = this.tasks[index];
        if (status === kProgress) {
            this.#host.slots.endReport(slot);
            if (!task.isSettled) this.#pool.progressed(task, value);
            return;
        }
        ArrayPrototypeSplice(this.tasks, index, 1);
        this.#host.slots.release(slot);
        this.hasRunTask = true;
        this.#beginFirst();
        if (!task.isSettled) {
            if (status === kResult) task.resolve(value);
            else task.reject(restored(value, message[3]));
            this.#pool.finished(task);
        }
        if (this.isEnding) return;
        if (this.isRetiring) {
            // All that were aborted have ended by themselves: the worker is as good as new.
            this.isRetiring = this.#hasAbandoned();
            if (this.isRetiring) return this.#endIfAbandoned();
        }
        this.#pool.freed(this);
    }

    #hasAbandoned() {
        for (let i = 0; i < this.tasks.length; i++) if (this.tasks[i].isSettled) return true;
        return false;
    }

    #indexOf(slot) {
        for (let i = 0; i < this.tasks.length; i++) if (this.tasks[i].slot === slot) return i;
        return -1;
    }

    #exited(code) {
        this.isReady = false;
        this.#takeBackAll();
        const { tasks } = this;
        const error = this.#cause ?? endError(code);
        this.tasks = [];
        for (let i = 0; i < tasks.length; i++) {
            this.hasRunTask = true;
            if (tasks[i].isSettled) continue;
            tasks[i].reject(error);
            this.#pool.finished(tasks[i]);
        }
        this.#pool.exited(this, error);
    }
}

function endError(code) {
    const error = nodeError('ERR_TASK_WORKER_EXITED', `The worker ended with exit code ${code} while it ran the task`, primordials.Error);
    error.exitCode = code;
    return error;
}

/** An error with the members that did not come along. */
function restored(error, members) {
    if (typeof error !== 'object' || error === null || members === undefined) return error;
    const { code, name } = members;
    if (code !== undefined && error.code === undefined) error.code = code;
    if (name !== undefined && error.name !== name) {
        primordials.ObjectDefineProperty(error, 'name', {
            __proto__: null, configurable: true, enumerable: false, value: name, writable: true,
        });
    }
    return error;
}

module.exports = { Member };
