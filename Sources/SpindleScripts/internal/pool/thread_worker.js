// A pool's worker that is a thread.

const { MessageChannel } = require('internal/worker/port');
const { Slots } = require('internal/pool/slots');

/** How many tasks a worker has before it asks: so the next one begins without a word from the pool. */
const AHEAD = 4;

class ThreadWorker {
    #worker;
    #port;

    /** `tell` has `message(value)`, `other(value)`, `error(error)` and `exit(code)`. */
    constructor(options, tell) {
        const { Worker } = require('worker_threads');
        const { concurrentTasksPerWorker: concurrency, filename, name } = options;
        this.limit = concurrency + AHEAD;
        // A slot that was taken back is free again only when the worker has come across it.
        const slotCount = 2 * this.limit;
        this.slots = new Slots(slotCount);
        this.#worker = new Worker("require('spindle/worker')", {
            argv: options.argv, env: options.env, eval: true, execArgv: options.execArgv, name: options.threadName,
            resourceLimits: options.resourceLimits, trackUnmanagedFds: options.trackUnmanagedFds, workerData: options.workerData,
        });
        const { port1, port2 } = new MessageChannel();
        this.#port = port1;
        this.#worker.postMessage({ concurrency, filename, name, port: port2, slotCount, slots: this.slots.buffer }, [port2]);
        port1.on('message', (message) => tell.message(message));
        this.#worker.on('message', (message) => tell.other(message));
        this.#worker.on('error', (error) => tell.error(error));
        this.#worker.on('exit', (code) => {
            // What it sent before its end comes first.
            let last;
            while ((last = require('internal/worker/port').receiveMessageOnPort(port1)) !== undefined) tell.message(last.message);
            port1.close();
            tell.exit(code);
        });
        port1.unref();
        this.#worker.unref();
    }

    get id() { return this.#worker.threadId; }
    post(message, list) { this.#port.postMessage(message, list); }
    end() { return this.#worker.terminate(); }
}

module.exports = { ThreadWorker };
