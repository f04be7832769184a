// A pool's worker that is a process: a crash, or memory without end, is its own affair.

const { Error, ObjectAssign, Promise } = primordials;
const { nodeError } = require('internal/errors');

/** What is known of tasks without shared memory: each has begun as soon as it is given, so none is taken back. */
class AssumedSlots {
    #isTaken = [];
    constructor(count) {
        for (let i = 0; i < count; i++) this.#isTaken[i] = false;
    }

    offer() {
        for (let slot = 0; slot < this.#isTaken.length; slot++) {
            if (this.#isTaken[slot]) continue;
            this.#isTaken[slot] = true;
            return slot;
        }
        return -1;
    }
    withdraw() { return false; }
    hasBegun() { return true; }
    isDone() { return false; }
    release(slot) { this.#isTaken[slot] = false; }
    endReport() {}
}

class ProcessWorker {
    #child;
    #exited;

    constructor(options, tell) {
        const { spawn } = require('child_process');
        const process = require('process');
        const { argv = [], concurrentTasksPerWorker: concurrency, env, filename, name, workerData } = options;
        this.limit = concurrency;
        this.slots = new AssumedSlots(concurrency);
        this.#child = spawn(process.execPath, ['eval', "require('spindle/worker')", ...argv], {
            env: env ?? process.env, serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        });
        this.id = this.#child.pid;
        this.#child.send({ concurrency, filename, name, workerData });
        this.#child.on('message', (message) => tell.message(message));
        this.#child.on('error', (error) => tell.error(error));
        this.#child.unref();
        this.#child.channel?.unref();
        this.#exited = new Promise((resolve) => {
            // What it sent before its end comes first.
            let rest = 2;
            let outcome;
            const end = () => {
                if (--rest > 0) return;
                const { code, signal } = outcome;
                if (signal !== null) tell.error(ObjectAssign(new Error(`The worker was ended by ${signal}`), { code: 'ERR_TASK_WORKER_EXITED', signal }));
                tell.exit(code);
                resolve(code);
            };
            this.#child.once('disconnect', end);
            this.#child.once('exit', (code, signal) => {
                outcome = { code, signal };
                end();
            });
        });
    }

    post(message, list = []) {
        if (list.length > 0) {
            throw nodeError('ERR_POOL_CANNOT_MOVE', 'What a task is given cannot be moved to another process, only copied', Error);
        }
        this.#child.send(message);
    }

    end() {
        this.#child.kill('SIGKILL');
        return this.#exited;
    }
}

module.exports = { ProcessWorker };
