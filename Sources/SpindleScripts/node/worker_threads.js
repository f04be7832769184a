// node:worker_threads.

const {
    ArrayIsArray, ArrayPrototypeMap, ArrayPrototypePush, ObjectDefineProperty, ObjectKeys, Promise, PromiseResolve, SafeMap,
    StringPrototypeStartsWith, SymbolAsyncDispose, SymbolFor,
} = primordials;

const EventEmitter = require('events');
const {
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_WORKER_INVALID_EXEC_ARGV, ERR_WORKER_NOT_RUNNING, ERR_WORKER_OUT_OF_MEMORY, ERR_WORKER_PATH,
    },
    nodeError,
} = require('internal/errors');
const { validateArray, validateString } = require('internal/validators');
const { isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable } = require('internal/transferable');
const { transfersOf } = require('internal/clone');
const { host: messaging, post, read, receivers, write } = require('internal/worker/messages');
const { BroadcastChannel, MessageChannel, MessageEvent, MessagePort, receiveMessageOnPort } = require('internal/worker/port');

const host = binding('worker');
const { threadId } = host;
const isMainThread = threadId === 0;
const thread = isMainThread ? undefined : require('internal/worker/thread');

const SHARE_ENV = SymbolFor('nodejs.worker_threads.SHARE_ENV');
const limitNames = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];

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

const kDefaultStackSizeMb = 4;

class Worker extends EventEmitter {
    #thread;
    #port;
    #isRunning = true;
    #exited;
    #resolveExited;
    #isOnline = false;
    isStarted = true;

    constructor(filename, options = {}) {
        super();
        ObjectDefineProperty(this, 'isStarted', { __proto__: null, enumerable: false });
        if (options.execArgv && !ArrayIsArray(options.execArgv)) {
            throw new ERR_INVALID_ARG_TYPE('options.execArgv', 'Array', options.execArgv);
        }
        if (options.argv && !ArrayIsArray(options.argv)) throw new ERR_INVALID_ARG_TYPE('options.argv', 'Array', options.argv);
        checkExecArgv(options.execArgv);
        const { isSource, program } = programOf(filename, options);
        const name = options.name === undefined ? 'WorkerThread' : `${options.name}`;
        if (options.name !== undefined) validateString(options.name, 'options.name');
        const limits = limitsOf(options.resourceLimits);
        const start = {
            isSource, program, name, env: environmentOf(options.env), argv: ArrayPrototypeMap(options.argv ?? [], (text) => `${text}`),
            stdout: !!options.stdout, stderr: !!options.stderr, stackSize: limits.stackSizeMb * 2 ** 20,
            heapLimit: heapLimitOf(options.resourceLimits), closesDescriptors: options.trackUnmanagedFds ?? true,
        };
        const data = {
            environmentData: copyOf(environment), name, resourceLimits: limits, stdin: !!options.stdin, workerData: options.workerData,
        };
        const list = listOf(options.transferList);
        write(data, list, undefined, (length, text, attachments, buffer) => {
            const { 0: id, 1: port } = host.start(start, (event, value) => this.#tell(event, value), length, text, attachments, buffer);
            this.#thread = id;
            this.#port = port;
        });
        this.threadId = this.#thread;
        this.threadName = name;
        this.resourceLimits = limits;
        this.stdin = null;
        this.stdout = new WorkerOutput();
        this.stderr = new WorkerOutput();
        const { promise, resolve } = withResolvers();
        this.#exited = promise;
        this.#resolveExited = resolve;
        this.performance = { eventLoopUtilization: (one, two) => this.#utilization(one, two) };
        receivers.set(this.#port, this);
        messaging.start(this.#port);
        require('process').nextTick(() => require('process').emit('worker', this));
    }

    postMessage(value, transfer) {
        if (arguments.length === 0) throw nodeError('ERR_MISSING_ARGS', 'Not enough arguments to MessagePort.postMessage');
        const list = transfersOf(transfer);
        post(this.#port, value, list, undefined);
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

    getHeapSnapshot() { return rejectedUnlessRunning(this.#isRunning, 'Heap snapshots are not available in this engine'); }
    getHeapStatistics() { return rejectedUnlessRunning(this.#isRunning, 'Heap statistics of another thread are not available'); }

    /** A message of the worker's has come. */
    receive(message) {
        let value;
        try {
            value = read(message);
        } catch (error) {
            this.emit('messageerror', error);
            return;
        }
        this.emit('message', value);
    }

    /** The worker has closed its port; its end is told apart. */
    end() {}

    #tell(event, value) {
        switch (event) {
            case 'online':
                this.#isOnline = true;
                this.emit('online');
                break;
            case 'error':
                this.emit('error', read(value));
                break;
            case 'outOfMemory':
                this.emit('error', new ERR_WORKER_OUT_OF_MEMORY('JS heap out of memory'));
                break;
            case 'stdout': case 'stderr':
                this[event].push(value);
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
                this.receive(message);
            } catch (error) {
                require('internal/lifecycle').report(error);
            }
            processTicksAndRejections();
        }
        receivers.delete(this.#port);
        messaging.close(this.#port);
        this.#isRunning = false;
        this.threadId = -1;
        this.threadName = null;
        this.resourceLimits = {};
        this.stdout.finish();
        this.stderr.finish();
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

const ratio = (idle, active) => ({ idle, active, utilization: idle + active > 0 ? active / (idle + active) : 0 });

function withResolvers() {
    let resolve;
    const promise = new Promise((settle) => { resolve = settle; });
    return { promise, resolve };
}

async function rejectedUnlessRunning(isRunning, message) {
    if (!isRunning) throw new ERR_WORKER_NOT_RUNNING();
    throw nodeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message);
}

/** What a worker prints, if its parent wants it for itself; else nothing. */
class WorkerOutput extends EventEmitter {
    #chunks = [];
    #isFlowing = false;
    #encoding;
    #isEnded = false;

    constructor() {
        super();
        this.readable = true;
    }

    setEncoding(encoding) {
        this.#encoding = encoding;
        return this;
    }

    on(name, listener) {
        super.on(name, listener);
        if (name === 'data') this.resume();
        return this;
    }

    addListener(name, listener) { return this.on(name, listener); }

    resume() {
        if (this.#isFlowing) return this;
        this.#isFlowing = true;
        require('process').nextTick(() => this.#flow());
        return this;
    }

    pause() {
        this.#isFlowing = false;
        return this;
    }

    pipe(target) {
        this.on('data', (chunk) => target.write(chunk));
        return target;
    }

    push(buffer) {
        ArrayPrototypePush(this.#chunks, require('buffer').Buffer.from(buffer));
        if (this.#isFlowing) this.#flow();
    }

    finish() {
        this.#isEnded = true;
        if (this.#isFlowing) require('process').nextTick(() => this.#flow());
    }

    #flow() {
        while (this.#isFlowing && this.#chunks.length > 0) {
            const chunk = primordials.ArrayPrototypeShift(this.#chunks);
            this.emit('data', this.#encoding === undefined ? chunk : chunk.toString(this.#encoding));
        }
        if (this.#isFlowing && this.#isEnded && this.readable) {
            this.readable = false;
            this.emit('end');
            this.emit('close');
        }
    }
}

// MARK: Options

function programOf(filename, options) {
    if (options.eval) {
        if (typeof filename !== 'string') {
            throw new primordials.Error('\'options.eval\' must be false when \'filename\' is not a string');
        }
        return { isSource: true, program: filename };
    }
    const isURL = typeof filename === 'object' && filename !== null && filename.href !== undefined && filename.protocol !== undefined;
    if (isURL && filename.protocol === 'data:') return { isSource: false, program: `${filename.href}` };
    if (isURL) return { isSource: false, program: require('url').fileURLToPath(filename) };
    if (typeof filename !== 'string') throw new ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
    const path = require('path');
    if (path.isAbsolute(filename)) return { isSource: false, program: filename };
    if (!StringPrototypeStartsWith(filename, './') && !StringPrototypeStartsWith(filename, '../')) throw new ERR_WORKER_PATH(filename);
    return { isSource: false, program: path.resolve(filename) };
}

function environmentOf(env) {
    if (typeof env === 'object' && env !== null) {
        const list = [];
        const keys = ObjectKeys(env);
        for (let i = 0; i < keys.length; i++) ArrayPrototypePush(list, keys[i], `${env[keys[i]]}`);
        return list;
    }
    if (env === undefined || env === null || env === SHARE_ENV) return environmentOf(require('process').env);
    throw new ERR_INVALID_ARG_TYPE('options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env);
}

/** Options of V8 and of the process as a whole have no place here; those of Node that exist make no difference. */
function checkExecArgv(list) {
    const errors = [];
    for (const option of list ?? []) {
        const name = primordials.StringPrototypeSplit(`${option}`, '=')[0];
        if (StringPrototypeStartsWith(name, '-') && !require('process').allowedNodeEnvironmentFlags.has(name)) {
            ArrayPrototypePush(errors, `${option}`);
        }
    }
    if (errors.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(errors);
}

function limitsOf(given) {
    const limits = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 4096, codeRangeSizeMb: 0, stackSizeMb: kDefaultStackSizeMb };
    for (const name of limitNames) if (typeof given?.[name] === 'number' && given[name] > 0) limits[name] = given[name];
    return limits;
}

/** In bytes; 0 unless the program asks for a limit. The engine does not tell young objects from old ones. */
function heapLimitOf(given) {
    const old = given?.maxOldGenerationSizeMb;
    if (typeof old !== 'number' || !(old > 0)) return 0;
    const young = given.maxYoungGenerationSizeMb;
    return (old + (typeof young === 'number' && young > 0 ? young : 0)) * 2 ** 20;
}

function listOf(transferList) {
    if (transferList === undefined) return [];
    validateArray(transferList, 'options.transferList');
    return transferList;
}

function copyOf(map) {
    const copy = new primordials.Map();
    map.forEach((value, key) => primordials.MapPrototypeSet(copy, key, value));
    return copy;
}

function moveMessagePortToContext() {
    throw nodeError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'There are no contexts besides the main one', primordials.Error);
}

/** Most workers take no locks. */
const lazily = {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => require('internal/locks').locks,
};

module.exports = ObjectDefineProperty({
    BroadcastChannel, MessageChannel, MessageEvent, MessagePort, SHARE_ENV, Worker, getEnvironmentData, isInternalThread: false,
    isMainThread,
    isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable, moveMessagePortToContext,
    parentPort: isMainThread ? null : thread.getParentPort(), receiveMessageOnPort,
    resourceLimits: isMainThread ? {} : thread.given.resourceLimits, setEnvironmentData, threadId,
    threadName: isMainThread ? '' : thread.given.name, workerData: isMainThread ? null : thread.given.workerData,
}, 'locks', lazily);
