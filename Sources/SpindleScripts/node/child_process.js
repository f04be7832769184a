// node:child_process: other programs.

const {
    ArrayIsArray, ArrayPrototypeConcat, ArrayPrototypeIncludes, ArrayPrototypeJoin, ArrayPrototypePush, ArrayPrototypeSlice,
    Error, ObjectAssign, ObjectDefineProperty, Promise,
} = primordials;
const {
    codes: { ERR_CHILD_PROCESS_IPC_REQUIRED, ERR_CHILD_PROCESS_STDIO_MAXBUFFER, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateAbortSignal, validateFunction, validateObject, validateString } = require('internal/validators');
const {
    checkKillSignal, normalizeSpawnArguments, refuseNull, validateMaxBuffer, validateTimeout,
} = require('internal/child_process/arguments');
const { ChildProcess, abortChild } = require('internal/child_process/child');
const { customPromisify } = require('internal/util/functions');

const usualMaxBuffer = 1024 * 1024;

function spawn(file, args, options) {
    options = normalizeSpawnArguments(file, args, options);
    validateTimeout(options.timeout);
    validateAbortSignal(options.signal, 'options.signal');
    const killSignal = checkKillSignal(options.killSignal);
    const child = new ChildProcess();
    child.spawn(options);
    if (options.timeout > 0) {
        const { clearTimeout, setTimeout } = require('internal/timers');
        const timer = setTimeout(() => {
            try {
                child.kill(killSignal);
            } catch (error) {
                child.emit('error', error);
            }
        }, options.timeout);
        child.once('exit', () => clearTimeout(timer));
    }
    if (options.signal) {
        const { signal } = options;
        const onAbort = () => abortChild(child, killSignal, signal.reason);
        if (signal.aborted) require('process').nextTick(onAbort);
        else {
            signal.addEventListener('abort', onAbort, { once: true });
            child.once('exit', () => signal.removeEventListener('abort', onAbort));
        }
    }
    return child;
}

// --- Collected output --------------------------------------------------------------------------------------------------

function exec(command, options, callback) {
    const given = normalizeExec(command, options, callback);
    return execFile(given.file, given.options, given.callback);
}

function normalizeExec(command, options, callback) {
    validateString(command, 'command');
    refuseNull(command, 'command');
    if (typeof options === 'function') {
        callback = options;
        options = undefined;
    }
    options = { ...options };
    options.shell = typeof options.shell === 'string' ? options.shell : true;
    return { file: command, options, callback };
}

function normalizeExecFile(file, args, options, callback) {
    if (ArrayIsArray(args)) args = ArrayPrototypeSlice(args);
    else if (args != null && typeof args === 'object') {
        callback = options;
        options = args;
        args = null;
    } else if (typeof args === 'function') {
        callback = args;
        options = null;
        args = null;
    }
    args ??= [];
    if (typeof options === 'function') callback = options;
    else if (options != null) validateObject(options, 'options');
    options ??= {};
    if (callback != null) validateFunction(callback, 'callback');
    if (options.argv0 != null) {
        validateString(options.argv0, 'options.argv0');
        refuseNull(options.argv0, 'options.argv0');
    }
    return { file, args, options: typeof options === 'function' ? {} : options, callback };
}

/** What one output of a child has written, up to a number of bytes. */
class Collector {
    #stream;
    #pieces = [];
    #length = 0;

    constructor(stream, encoding, maxBuffer, onExcess) {
        this.#stream = stream;
        if (encoding) stream.setEncoding(encoding);
        stream.on('data', (chunk) => {
            const { readableEncoding } = stream;
            const length = readableEncoding ? require('buffer').Buffer.byteLength(chunk, readableEncoding) : chunk.length;
            const room = maxBuffer - this.#length;
            this.#length += length;
            ArrayPrototypePush(this.#pieces, length > room ? chunk.slice(0, room) : chunk);
            if (length > room) onExcess();
        });
    }

    get result() {
        return this.#stream.readableEncoding ? ArrayPrototypeJoin(this.#pieces, '') :
            require('buffer').Buffer.concat(this.#pieces);
    }
}

function execFile(file, args, options, callback) {
    ({ file, args, options, callback } = normalizeExecFile(file, args, options, callback));
    options = {
        __proto__: null, encoding: 'utf8', timeout: 0, maxBuffer: usualMaxBuffer, killSignal: 'SIGTERM', cwd: null, env: null,
        shell: false, ...options,
    };
    validateTimeout(options.timeout);
    validateMaxBuffer(options.maxBuffer);
    options.killSignal = checkKillSignal(options.killSignal);
    const child = spawn(file, args, {
        __proto__: null, cwd: options.cwd, env: options.env, gid: options.gid, shell: options.shell, signal: options.signal,
        uid: options.uid, windowsHide: !!options.windowsHide, windowsVerbatimArguments: !!options.windowsVerbatimArguments,
    });
    const { Buffer } = require('buffer');
    const encoding = options.encoding !== 'buffer' && Buffer.isEncoding(options.encoding) ? options.encoding : null;
    const command = args.length > 0 ? `${file} ${ArrayPrototypeJoin(args, ' ')}` : file;
    let error = null;
    let isKilled = false;
    let hasEnded = false;
    let timer = null;

    const end = (code, signal) => {
        if (hasEnded) return;
        hasEnded = true;
        if (timer !== null) require('internal/timers').clearTimeout(timer);
        if (!callback) return;
        const stdout = outputs.stdout?.result ?? (encoding ? '' : Buffer.alloc(0));
        const stderr = outputs.stderr?.result ?? (encoding ? '' : Buffer.alloc(0));
        if (error === null && code === 0 && signal === null) return callback(null, stdout, stderr);
        if (error === null) {
            error = new Error(`Command failed: ${command}\n${stderr}`);
            error.code = code < 0 ? require('util').getSystemErrorName(code) : code;
            error.killed = child.killed || isKilled;
            error.signal = signal;
        }
        error.cmd = command;
        callback(error, stdout, stderr);
    };
    const closeOutputs = () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
    };
    const kill = () => {
        closeOutputs();
        isKilled = true;
        try {
            child.kill(options.killSignal);
        } catch (problem) {
            error ??= problem;
            end();
        }
    };
    const collect = (name) => (child[name] ? new Collector(child[name], encoding, options.maxBuffer, () => {
        error = new ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name);
        kill();
    }) : undefined);
    const outputs = { __proto__: null, stdout: collect('stdout'), stderr: collect('stderr') };
    if (options.timeout > 0) {
        timer = require('internal/timers').setTimeout(() => {
            timer = null;
            kill();
        }, options.timeout);
    }
    child.on('close', end);
    child.on('error', (problem) => {
        error = problem;
        closeOutputs();
        end();
    });
    return child;
}

/** As a promise of `{stdout, stderr}` that also has the child; its error has them too. */
const promised = (original) => (...args) => {
    let settle;
    const promise = new Promise((resolve, reject) => {
        settle = (error, stdout, stderr) => {
            if (error === null) resolve({ stdout, stderr });
            else reject(ObjectAssign(error, { stdout, stderr }));
        };
    });
    promise.child = original(...args, (error, stdout, stderr) => settle(error, stdout, stderr));
    return promise;
};
ObjectDefineProperty(exec, customPromisify, { __proto__: null, enumerable: false, value: promised(exec) });
ObjectDefineProperty(execFile, customPromisify, { __proto__: null, enumerable: false, value: promised(execFile) });

// --- Programs of one's own kind ----------------------------------------------------------------------------------------

function fork(modulePath, args, options) {
    modulePath = require('internal/fs/values').getPath(modulePath, 'modulePath');
    if (args == null) args = [];
    else if (typeof args === 'object' && !ArrayIsArray(args)) {
        options = args;
        args = [];
    } else if (!ArrayIsArray(args)) throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
    if (options != null) validateObject(options, 'options');
    options = { __proto__: null, ...options, shell: false };
    const process = require('process');
    const { expandStdio } = require('internal/child_process/stdio');
    options.execPath ||= process.execPath;
    args = ArrayPrototypeConcat(options.execArgv || process.execArgv, [modulePath], args);
    if (typeof options.stdio === 'string') options.stdio = expandStdio(options.stdio, 'ipc');
    else if (!ArrayIsArray(options.stdio)) options.stdio = expandStdio(options.silent ? 'pipe' : 'inherit', 'ipc');
    else if (!ArrayPrototypeIncludes(options.stdio, 'ipc')) throw new ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
    return spawn(options.execPath, args, options);
}

// --- Waiting for them --------------------------------------------------------------------------------------------------

module.exports = {
    _forkChild: (...args) => require('internal/child_process/channel').joinParent(...args),
    ChildProcess,
    exec,
    execFile,
    execFileSync: (...args) => require('internal/child_process/sync').execFileSync(...args),
    execSync: (...args) => require('internal/child_process/sync').execSync(...args),
    fork,
    spawn,
    spawnSync: (...args) => require('internal/child_process/sync').spawnSync(...args),
};
