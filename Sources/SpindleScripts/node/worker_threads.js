// node:worker_threads.

const {
    ArrayPrototypePush, ObjectDefineProperty, Promise, PromiseResolve, SafeMap, SymbolAsyncDispose, SymbolFor,
} = primordials;

const EventEmitter = require('events');
const { codes: { ERR_WORKER_NOT_RUNNING }, nodeError } = require('internal/errors');
const { isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable } = require('internal/transferable');
const { transfersOf } = require('internal/clone');
const { host: messaging, post, read, receivers, write } = require('internal/worker/messages');
const { BroadcastChannel, MessageChannel, MessageEvent, MessagePort, receiveMessageOnPort } = require('internal/worker/port');

const host = binding('worker');
const { threadId } = host;
const isMainThread = threadId === 0;
const thread = isMainThread ? undefined : require('internal/worker/thread');

// MARK: Environment data

const environmentData = thread?.given.environmentData ?? new primordials.Map();
const environment = new SafeMap();
primordials.MapPrototypeForEach(environmentData, (value, key) => environment.set(key, value));

function getEnvironmentData(key) { return environment.get(key); }

function setEnvironmentData(key, value) {
    if (value === undefined) environment.delete(key);
    else environment.set(key, value);
}

// MARK: Worker

class Worker extends EventEmitter {
    #thread;
    #port;
    #isRunning = true;
    #isOnline = false;
    #exited;
    #resolveExited;
    #name;
    #limits;
    #performance;
    /** Of what the worker prints: the stream, what came before anybody has asked for it, and whether it goes there alone. */
    #outputs;
    #input = null;

    constructor(filename, options = {}) {
        super();
        const { limits, name, preloads, start, transferList } = require('internal/worker/options').optionsOf(filename, options);
        const data = {
            environmentData: copyOf(environment), name, preloads, resourceLimits: limits, workerData: options.workerData,
        };
        write(data, transferList, undefined, (length, text, attachments, buffer) => {
            const tell = (event, value) => this.#tell(event, value);
            const { 0: id, 1: port } = host.start(start, tell, length, text, attachments, buffer);
            this.#thread = id;
            this.#port = port;
        });
        this.#name = name;
        this.#limits = limits;
        this.#outputs = { stdout: new Output(start.stdout), stderr: new Output(start.stderr) };
        if (start.stdin) this.#input = new (require('internal/worker/stdio').WorkerInput)(this.#thread);
        const { promise, resolve } = withResolvers();
        this.#exited = promise;
        this.#resolveExited = resolve;
        receivers.set(this.#port, { isStarted: true, receive: (message) => this.#receive(message), end() {} });
        messaging.start(this.#port);
        const process = require('process');
        process.nextTick(() => process.emit('worker', this));
    }

    get threadId() { return this.#isRunning ? this.#thread : -1; }
    get threadName() { return this.#isRunning ? this.#name : null; }
    get resourceLimits() { return this.#isRunning ? { ...this.#limits } : {}; }
    get stdin() { return this.#input; }
    get stdout() { return this.#outputs.stdout.stream; }
    get stderr() { return this.#outputs.stderr.stream; }
    get performance() {
        return this.#performance ??= { eventLoopUtilization: (one, two) => this.#utilization(one, two) };
    }

    postMessage(value, transfer) {
        if (arguments.length === 0) throw nodeError('ERR_MISSING_ARGS', 'Not enough arguments to MessagePort.postMessage');
        if (!this.#isRunning) return;
        post(this.#port, value, transfersOf(transfer), undefined);
    }

    terminate() {
        if (!this.#isRunning) return PromiseResolve();
        this.ref();
        host.terminate(this.#thread);
        return this.#exited;
    }

    async [SymbolAsyncDispose]() { await this.terminate(); }

    ref() { if (this.#isRunning) host.ref(this.#thread, true); }
    unref() { if (this.#isRunning) host.ref(this.#thread, false); }

    async getHeapStatistics() {
        const { 0: used, 1: total, 2: external } = await this.#figures(false);
        return require('internal/heap').heapStatistics(used, total, external, this.#limits.maxOldGenerationSizeMb * 2 ** 20);
    }

    async cpuUsage(previous) {
        const { 0: user, 1: system } = await this.#figures(true);
        return require('internal/process/usage').usageSince(user, system, previous);
    }

    async getHeapSnapshot() {
        if (!this.#isRunning) throw new ERR_WORKER_NOT_RUNNING();
        throw nodeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'The engine makes no heap snapshots', primordials.Error);
    }

    #figures(ofTime) {
        return new Promise((resolve, reject) => {
            const done = (figures) => {
                if (figures === undefined) reject(new ERR_WORKER_NOT_RUNNING());
                else resolve(figures);
            };
            if (this.#isRunning) host.figures(this.#thread, ofTime, done);
            else done();
        });
    }

    #receive(message) {
        let value;
        try {
            value = read(message);
        } catch (error) {
            this.emit('messageerror', error);
            return;
        }
        this.emit('message', value);
    }

    #tell(event, value) {
        switch (event) {
            case 'online':
                this.#isOnline = true;
                this.emit('online');
                break;
            case 'error':
                this.emit('error', require('internal/worker/errors').unpack(read(value)));
                break;
            case 'stdout': case 'stderr':
                this.#outputs[event].push(value);
                break;
            default:
                this.#exit(value);
        }
    }

    /** Everything that was posted before the end is delivered before it. */
    #exit(code) {
        const { processTicksAndRejections } = require('internal/task_queues');
        for (let message = messaging.receive(this.#port); message !== undefined; message = messaging.receive(this.#port)) {
            try {
                this.#receive(message);
            } catch (error) {
                require('internal/lifecycle').report(error);
            }
            processTicksAndRejections();
        }
        receivers.delete(this.#port);
        messaging.close(this.#port);
        this.#isRunning = false;
        this.#outputs.stdout.end();
        this.#outputs.stderr.end();
        this.#input?.destroy();
        this.#resolveExited(code);
        this.emit('exit', code);
    }

    #utilization(one, two) {
        const usage = this.#isRunning && this.#isOnline ? host.usage(this.#thread) : undefined;
        if (usage === undefined) return { idle: 0, active: 0, utilization: 0 };
        if (two !== undefined) return ratio(one.idle - two.idle, one.active - two.active);
        if (one !== undefined) return ratio(usage[0] - one.idle, usage[1] - one.active);
        return ratio(usage[0], usage[1]);
    }
}
const shown = { __proto__: null, enumerable: true };
primordials.ObjectDefineProperties(Worker.prototype, {
    resourceLimits: shown, stderr: shown, stdin: shown, stdout: shown, threadId: shown, threadName: shown,
});

const ratio = (idle, active) => ({ idle, active, utilization: idle + active > 0 ? active / (idle + active) : 0 });

function withResolvers() {
    let resolve;
    const promise = new Promise((settle) => { resolve = settle; });
    return { promise, resolve };
}

/** What a worker prints on one of its streams. The stream itself is made when the program first asks for it. */
class Output {
    #isKept;
    #chunks = [];
    #hasEnded = false;
    #stream;

    /** `isKept`: it is printed nowhere else, so that nothing may be lost. */
    constructor(isKept) { this.#isKept = isKept; }

    get stream() {
        if (this.#stream === undefined) {
            const { WorkerOutput } = require('internal/worker/stdio');
            this.#stream = new WorkerOutput(!this.#isKept);
            for (let i = 0; i < this.#chunks.length; i++) this.#stream.push(this.#chunks[i]);
            if (this.#hasEnded) this.#stream.push(null);
        }
        return this.#stream;
    }

    push(buffer) {
        if (this.#stream === undefined && !this.#isKept) return;
        const chunk = require('buffer').Buffer.from(buffer);
        if (this.#stream !== undefined) this.#stream.push(chunk);
        else ArrayPrototypePush(this.#chunks, chunk);
    }

    end() {
        this.#hasEnded = true;
        this.#stream?.push(null);
    }
}

function copyOf(map) {
    const copy = new primordials.Map();
    map.forEach((value, key) => primordials.MapPrototypeSet(copy, key, value));
    return copy;
}

function moveMessagePortToContext() {
    throw nodeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'There are no contexts besides the main one', primordials.Error);
}

function postMessageToThread(id, value, transferList, timeout) {
    return require('internal/worker/messenger').postMessageToThread(id, value, transferList, timeout);
}

/** Most workers take no locks. */
const lazily = {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => require('internal/locks').locks,
};

module.exports = ObjectDefineProperty({
    BroadcastChannel, MessageChannel, MessageEvent, MessagePort, SHARE_ENV: SymbolFor('nodejs.worker_threads.SHARE_ENV'),
    Worker, getEnvironmentData, isInternalThread: false, isMainThread,
    isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable, moveMessagePortToContext,
    parentPort: isMainThread ? null : thread.getParentPort(), postMessageToThread, receiveMessageOnPort,
    resourceLimits: isMainThread ? {} : thread.given.resourceLimits, setEnvironmentData, threadId,
    threadName: isMainThread ? '' : thread.given.name, workerData: isMainThread ? null : thread.given.workerData,
}, 'locks', lazily);
