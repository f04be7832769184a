// The program of a pool's worker: takes tasks one after the other, or as many at once as the pool allows, and runs them.

const { ArrayPrototypePush, ArrayPrototypeShift, PromisePrototypeThen, SafeMap, StringPrototypeStartsWith } = primordials;
const { kAbort, kFailure, kProgress, kReady, kResult } = require('internal/pool/messages');
const { unwrap } = require('internal/pool/movable');

/** Milliseconds between two reports of progress that go to another process. */
const REPORT_INTERVAL = 10;

class Runner {
    #post;
    #slots;
    #concurrency;
    #filename;
    #name;
    /** Tasks that came while as many as are allowed were running. */
    #waiting = [];
    #running = new SafeMap();
    #functions = new SafeMap();

    constructor(post, slots, { concurrency, filename, name }) {
        this.#post = post;
        this.#slots = slots;
        this.#concurrency = concurrency;
        this.#filename = filename;
        this.#name = name;
        // Loaded ahead of the first task; what it throws, that task is told.
        if (filename !== null) this.#load(filename, name);
        post([kReady]);
    }

    receive(message) {
        if (message[0] === kAbort) return this.#running.get(message[1])?.abort();
        if (this.#running.size < this.#concurrency) this.#begin(message);
        else ArrayPrototypePush(this.#waiting, message);
    }

    #begin({ 0: slot, 1: input, 2: filename, 3: name }) {
        if (!this.#slots.begin(slot)) return;
        const task = new RunningTask(this.#post, this.#slots, slot);
        this.#running.set(slot, task);
        const known = this.#load(filename ?? this.#filename, name ?? this.#name);
        if (typeof known === 'function') this.#run(task, known, input);
        else PromisePrototypeThen(known, (f) => this.#run(task, f, input), (error) => this.#end(task, kFailure, error));
    }

    #run(task, f, input) {
        let result;
        try {
            result = f(input, task.context);
            if (typeof result?.then === 'function') {
                return PromisePrototypeThen(
                    primordials.PromiseResolve(result), (value) => this.#end(task, kResult, value),
                    (error) => this.#end(task, kFailure, error));
            }
        } catch (error) {
            return this.#end(task, kFailure, error);
        }
        return this.#end(task, kResult, result);
    }

    #end(task, status, value) {
        task.flush();
        this.#slots.finish(task.slot);
        this.#running.delete(task.slot);
        if (status === kFailure) this.#fail(task.slot, value);
        else {
            try {
                const list = [];
                this.#post([task.slot, kResult, unwrap(value, list)], list);
            } catch (error) {
                this.#fail(task.slot, error);
            }
        }
        while (this.#waiting.length > 0 && this.#running.size < this.#concurrency) this.#begin(ArrayPrototypeShift(this.#waiting));
    }

    #fail(slot, error) {
        try {
            this.#post([slot, kFailure, error, membersOf(error)]);
        } catch {
            const { inspect } = require('internal/util/inspect');
            this.#post([slot, kFailure, new primordials.Error(inspect(error)), undefined]);
        }
    }

    /** The function `name` of a module, or a promise of it. */
    #load(filename, name) {
        const key = `${name}\n${filename}`;
        let known = this.#functions.get(key);
        if (known === undefined) {
            known = find(filename, name);
            this.#functions.set(key, known);
            const settle = (f) => { this.#functions.set(key, f); };
            // The next task tries again: a file can be there by then.
            PromisePrototypeThen(known, settle, () => { this.#functions.delete(key); });
        }
        return known;
    }
}

class RunningTask {
    #post;
    #slots;
    #controller;
    #held;
    #holds = false;

    constructor(post, slots, slot) {
        this.#post = post;
        this.#slots = slots;
        this.slot = slot;
    }

    /** The second argument of a task's function. */
    get context() {
        const task = this;
        return {
            progress(value) { task.#report(value); },
            get signal() { return task.#signal; },
        };
    }

    get #signal() {
        const { AbortController } = require('internal/abort');
        return (this.#controller ??= new AbortController()).signal;
    }

    abort() {
        void this.#signal;
        this.#controller.abort();
    }

    /** Reports come no faster than the pool reads them: of those between, the last one counts. */
    #report(value) {
        this.#holds = !this.#slots.beginReport(this.slot);
        if (this.#holds) this.#held = value;
        else this.#post([this.slot, kProgress, value]);
    }

    flush() {
        if (this.#holds) this.#post([this.slot, kProgress, this.#held]);
        this.#holds = false;
    }
}

/** What is known of a task without shared memory: nobody takes one back, and reports keep a distance instead of a count. */
class PacedSlots {
    #last = -Infinity;

    begin() { return true; }
    finish() {}
    beginReport() {
        const now = require('internal/clock').now();
        if (now - this.#last < REPORT_INTERVAL) return false;
        this.#last = now;
        return true;
    }
}

async function find(filename, name) {
    const url = StringPrototypeStartsWith(filename, 'file:') ? filename : require('url').pathToFileURL(filename).href;
    const namespace = await require('internal/modules/esm').importDynamically(url, url);
    // A CommonJS module can have functions as members that its text does not tell.
    const f = namespace[name] ?? namespace.default?.[name];
    if (typeof f === 'function') return f;
    const { nodeError } = require('internal/errors');
    throw nodeError('ERR_POOL_TASK_NOT_FOUND', name === 'default' ?
        `${filename} has no function as its default export` : `${filename} exports no function "${name}"`);
}

/** Members of an error that structured clone would drop. */
function membersOf(error) {
    if (typeof error !== 'object' || error === null) return undefined;
    const { code, name } = error;
    return { code: typeof code === 'string' || typeof code === 'number' ? code : undefined, name: typeof name === 'string' ? name : undefined };
}

function serveThread() {
    const { parentPort } = require('worker_threads');
    parentPort.once('message', ({ port, slots, ...setup }) => {
        const { Slots } = require('internal/pool/slots');
        const runner = new Runner(
            (message, list) => port.postMessage(message, list), new Slots(setup.slotCount, slots), setup);
        port.on('message', (message) => runner.receive(message));
    });
}

function serveProcess() {
    const process = require('process');
    process.once('message', ({ workerData, ...setup }) => {
        // For tasks that run in threads and processes alike.
        require('worker_threads').workerData = workerData;
        const runner = new Runner((message) => process.send(message), new PacedSlots(), setup);
        process.on('message', (message) => runner.receive(message));
    });
}

if (require('worker_threads').isMainThread) serveProcess();
else serveThread();
