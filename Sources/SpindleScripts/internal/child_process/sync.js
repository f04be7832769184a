// Starting a program and waiting for its end.

const {
    ArrayBufferIsView, ArrayPrototypeJoin, ArrayPrototypeMap, ArrayPrototypePush, ArrayPrototypeSlice, Error, ObjectAssign,
    TypedArrayPrototypeSet, Uint8Array,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE }, errnoException } = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const {
    checkKillSignal, normalizeSpawnArguments, refuseNull, signalName, validateMaxBuffer, validateTimeout,
} = require('internal/child_process/arguments');
const { parseStdio } = require('internal/child_process/stdio');
const host = binding('child');

function spawnSync(file, args, options) {
    options = { __proto__: null, maxBuffer: 1024 * 1024, ...normalizeSpawnArguments(file, args, options) };
    validateTimeout(options.timeout);
    validateMaxBuffer(options.maxBuffer);
    const killSignal = checkKillSignal(options.killSignal);
    const stdio = parseStdio(options.stdio || 'pipe', true);
    const { Buffer } = require('buffer');
    const bytesOf = (input, name) => {
        if (ArrayBufferIsView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
        if (typeof input === 'string') return Buffer.from(input, options.encoding === 'buffer' ? undefined : options.encoding);
        throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView', 'string'], input);
    };
    const input = options.input ? bytesOf(options.input, 'options.stdio[0]') : undefined;
    if (input !== undefined) stdio[0] = { type: 'pipe', connection: -4 };

    let memory;
    if (input !== undefined) {
        memory = host.memory(input.length);
        TypedArrayPrototypeSet(new Uint8Array(memory[0]), input);
    }
    const { 0: errno, 1: pid, 2: code, 3: signal, 4: outputs } = host.run({
        __proto__: null, file: options.file, args: options.args, env: options.envPairs, cwd: options.cwd ?? undefined,
        uid: options.uid, gid: options.gid, detached: options.detached,
        stdio: ArrayPrototypeMap(stdio, (entry) => entry.connection),
        input: memory === undefined ? -1 : memory[1], inputLength: input?.length ?? 0,
        timeout: options.timeout > 0 ? options.timeout : -1,
        maxBuffer: options.maxBuffer == null || options.maxBuffer > 2 ** 50 ? -1 : options.maxBuffer,
        killSignal: killSignal ?? 15,
    });
    const wasStarted = pid !== 0;
    const output = wasStarted ? [] : null;
    if (wasStarted) {
        const { encoding } = options;
        for (let i = 0; i < stdio.length; i++) {
            const bytes = outputs[i] === undefined ? null : Buffer.from(outputs[i]);
            ArrayPrototypePush(output, bytes !== null && encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes);
        }
    }
    const result = {
        status: wasStarted && signal === 0 ? code : null,
        signal: signal > 0 ? signalName(signal) : null,
        output,
        pid,
        stdout: output && output[1],
        stderr: output && output[2],
    };
    if (errno !== 0) {
        result.error = errnoException(errno, `spawnSync ${options.file}`);
        result.error.path = options.file;
        result.error.spawnargs = ArrayPrototypeSlice(options.args, 1);
    }
    return result;
}

/** Throws what a run that went wrong is told by. */
function check(result, args, command) {
    if (result.error) throw ObjectAssign(result.error, result);
    if (result.status === 0) return;
    let message = `Command failed: ${command ?? ArrayPrototypeJoin(args, ' ')}`;
    if (result.stderr && result.stderr.length > 0) message += `\n${result.stderr.toString()}`;
    throw ObjectAssign(new Error(message), result);
}

function execFileSync(file, args, options) {
    if (args !== null && typeof args === 'object' && typeof args.length !== 'number') {
        options = args;
        args = [];
    }
    if (options != null) validateObject(options, 'options');
    const result = spawnSync(file, args ?? [], options ?? {});
    if (!options?.stdio && result.stderr) require('process').stderr.write(result.stderr);
    check(result, [options?.argv0 || file, ...(args ?? [])]);
    return result.stdout;
}

function execSync(command, options) {
    validateString(command, 'command');
    refuseNull(command, 'command');
    options = { ...options };
    options.shell = typeof options.shell === 'string' ? options.shell : true;
    const result = spawnSync(command, options);
    if (!options.stdio && result.stderr) require('process').stderr.write(result.stderr);
    check(result, undefined, command);
    return result.stdout;
}

module.exports = { execFileSync, execSync, spawnSync };
