// ChildProcess: another program that runs, its streams, its channel and its end.

const {
    ArrayPrototypePush, ArrayPrototypeSlice, ObjectDefineProperty, ReflectApply, SymbolDispose,
} = primordials;
const EventEmitter = require('events');
const {
    AbortError, codes: { ERR_INVALID_ARG_TYPE }, errnoException,
} = require('internal/errors');
const { validateArray, validateObject, validateOneOf, validateString } = require('internal/validators');
const { signalName, signalNumber } = require('internal/child_process/arguments');
const { parseStdio } = require('internal/child_process/stdio');
const host = binding('child');
const process = require('process');

const ENOENT = -2;
const ESRCH = -3;
const EAGAIN = -11;
const EACCES = -13;
const EINVAL = -22;
const ENFILE = -23;
const EMFILE = -24;
const ENOSYS = -38;

// What a program is told of by 'error'; anything else is thrown at it.
const isTold = (errno) => errno === EACCES || errno === EAGAIN || errno === EMFILE || errno === ENFILE || errno === ENOENT;

class ChildProcess extends EventEmitter {
    /** The host's number of the child while it runs. */
    #handle = 0;
    /** How many ends 'close' waits for: the child's own, and those of its streams and its channel. */
    #awaited = 1;
    #ended = 0;

    constructor() {
        super();
        this._handle = null;
        this.connected = false;
        this.signalCode = null;
        this.exitCode = null;
        this.killed = false;
        this.spawnfile = null;
    }

    spawn(options) {
        validateObject(options, 'options');
        validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
        const serialization = options.serialization || 'json';
        const stdio = parseStdio(options.stdio || 'pipe', false);
        if (options.envPairs !== undefined) validateArray(options.envPairs, 'options.envPairs');
        const env = ArrayPrototypeSlice(options.envPairs ?? []);
        validateString(options.file, 'options.file');
        this.spawnfile = options.file;
        if (options.args !== undefined) validateArray(options.args, 'options.args');
        this.spawnargs = options.args ?? [];

        const connections = [];
        let channel = -1;
        for (let i = 0; i < stdio.length; i++) {
            ArrayPrototypePush(connections, stdio[i].connection);
            if (stdio[i].type !== 'ipc') continue;
            channel = i;
            ArrayPrototypePush(env, `NODE_CHANNEL_FD=${i}`);
            ArrayPrototypePush(env, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);
        }
        const result = host.start({
            __proto__: null, file: options.file, args: this.spawnargs, env, cwd: options.cwd ?? undefined, uid: options.uid,
            gid: options.gid, detached: options.detached, stdio: connections,
        }, (code, signal) => this.#onExit(code, signal));
        const hasFailed = typeof result === 'number';
        if (hasFailed && !isTold(result)) throw errnoException(result, 'spawn');
        if (hasFailed) {
            process.nextTick(() => this.#onExit(result, 0));
            if (result === EMFILE || result === ENFILE) return result;
        } else {
            this.pid = result[0];
            this.#handle = result[1];
            this._handle = { pid: this.pid, ref: () => this.ref(), unref: () => this.unref(), hasRef: () => this.#handle !== 0 };
            process.nextTick(() => this.emit('spawn'));
        }
        this.#connect(stdio, hasFailed ? undefined : result);
        if (channel >= 0 && !hasFailed) {
            this.#awaited++;
            const { Pipe } = require('internal/pipe');
            require('internal/child_process/channel').setupChannel(
                this, new Pipe(result[2 + channel]), serialization, () => this.#maybeClose());
        }
        return hasFailed ? result : 0;
    }

    #connect(stdio, started) {
        const { Pipe } = require('internal/pipe');
        const { PipeStream } = require('internal/child_process/pipe_stream');
        this.stdio = [];
        for (let i = 0; i < stdio.length; i++) {
            let stream = null;
            if (stdio[i].type === 'wrap') stdio[i].stream._giveAway?.();
            if (stdio[i].type === 'pipe') {
                stream = new PipeStream(started === undefined ? null : new Pipe(started[2 + i]), i > 0, i === 0 || i > 2);
                this.#awaited++;
                stream.on('close', () => this.#maybeClose());
            }
            ArrayPrototypePush(this.stdio, stream);
        }
        this.stdin = this.stdio[0];
        this.stdout = this.stdio[1];
        this.stderr = this.stdio[2];
    }

    /** A negative code is the error that kept it from starting. */
    #onExit(code, signal) {
        if (signal > 0) this.signalCode = signalName(signal);
        else this.exitCode = code;
        this.#handle = 0;
        this._handle = null;
        this.stdin?.destroy();
        if (code < 0) {
            const error = errnoException(code, this.spawnfile ? `spawn ${this.spawnfile}` : 'spawn');
            if (this.spawnfile) error.path = this.spawnfile;
            error.spawnargs = ArrayPrototypeSlice(this.spawnargs, 1);
            this.emit('error', error);
        } else this.emit('exit', this.exitCode, this.signalCode);
        // Streams that nobody has touched are read to their end, lest 'close' never comes.
        process.nextTick(() => this.#flushStreams());
        this.#maybeClose();
    }

    #flushStreams() {
        for (let i = 0; i < (this.stdio?.length ?? 0); i++) {
            if (this.stdio[i]?.readable) this.stdio[i].resume();
        }
    }

    #maybeClose() {
        if (++this.#ended === this.#awaited) this.emit('close', this.exitCode, this.signalCode);
    }

    kill(signal) {
        const number = signal === 0 ? 0 : signalNumber(signal === undefined ? 'SIGTERM' : signal);
        if (this.#handle === 0) return false;
        const errno = host.kill(this.#handle, number);
        if (errno === 0) {
            this.killed = true;
            return true;
        }
        if (errno === EINVAL || errno === ENOSYS) throw errnoException(errno, 'kill');
        if (errno !== ESRCH) this.emit('error', errnoException(errno, 'kill'));
        return false;
    }

    [SymbolDispose]() { if (!this.killed) this.kill(); }

    ref() { if (this.#handle !== 0) host.ref(this.#handle, true); }
    unref() { if (this.#handle !== 0) host.ref(this.#handle, false); }
}

/** Ends a child since its program has aborted it. */
function abortChild(child, signal, reason) {
    try {
        if (child.kill(signal)) child.emit('error', new AbortError(undefined, { cause: reason }));
    } catch (error) {
        child.emit('error', error);
    }
}

module.exports = { ChildProcess, abortChild };
