// What the functions of node:child_process are called with, checked and completed.

const {
    ArrayIsArray, ArrayPrototypeJoin, ArrayPrototypePush, ArrayPrototypeSlice, ArrayPrototypeUnshift, NumberIsInteger,
    StringPrototypeIncludes, StringPrototypeToUpperCase,
} = primordials;
const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_SIGNAL },
} = require('internal/errors');
const { validateBoolean, validateObject, validateString } = require('internal/validators');

function refuseNull(value, name) {
    if (typeof value === 'string' && StringPrototypeIncludes(value, '\u0000')) {
        throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
    }
}

const isInt32 = (value) => value === (value | 0);

/** The command, its arguments and all options of a start: `{file, args, envPairs, ...}`; `args` begins with its own name. */
function normalizeSpawnArguments(file, args, options) {
    validateString(file, 'file');
    refuseNull(file, 'file');
    if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
    if (ArrayIsArray(args)) args = ArrayPrototypeSlice(args);
    else if (args == null) args = [];
    else if (typeof args !== 'object') throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
    else {
        options = args;
        args = [];
    }
    for (let i = 0; i < args.length; i++) refuseNull(args[i], `args[${i}]`);
    if (options === undefined) options = { __proto__: null };
    else validateObject(options, 'options');

    let { cwd } = options;
    if (cwd != null) cwd = require('internal/fs/values').getPath(cwd, 'options.cwd');
    checkOptions(options);
    if (options.shell) {
        args = ['-c', ArrayPrototypeJoin([file, ...args], ' ')];
        file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    }
    ArrayPrototypeUnshift(args, typeof options.argv0 === 'string' ? options.argv0 : file);
    return { __proto__: null, ...options, args, cwd, detached: !!options.detached, envPairs: environmentOf(options), file };
}

function checkOptions({ argv0, detached, gid, shell, uid, windowsHide, windowsVerbatimArguments }) {
    if (detached != null) validateBoolean(detached, 'options.detached');
    if (uid != null && !isInt32(uid)) throw new ERR_INVALID_ARG_TYPE('options.uid', 'int32', uid);
    if (gid != null && !isInt32(gid)) throw new ERR_INVALID_ARG_TYPE('options.gid', 'int32', gid);
    if (shell != null && typeof shell !== 'boolean' && typeof shell !== 'string') {
        throw new ERR_INVALID_ARG_TYPE('options.shell', ['Boolean', 'string'], shell);
    }
    if (argv0 != null) {
        validateString(argv0, 'options.argv0');
        refuseNull(argv0, 'options.argv0');
    }
    refuseNull(shell, 'options.shell');
    if (windowsHide != null) validateBoolean(windowsHide, 'options.windowsHide');
    if (windowsVerbatimArguments != null) validateBoolean(windowsVerbatimArguments, 'options.windowsVerbatimArguments');
}

/** `NAME=value` each; inherited members count, as in Node. */
function environmentOf(options) {
    const env = options.env || require('process').env;
    const pairs = [];
    for (const name in env) {
        const value = env[name];
        if (value === undefined) continue;
        refuseNull(name, `options.env['${name}']`);
        refuseNull(value, `options.env['${name}']`);
        ArrayPrototypePush(pairs, `${name}=${value}`);
    }
    return pairs;
}

function validateTimeout(timeout) {
    if (timeout != null && !(NumberIsInteger(timeout) && timeout >= 0)) {
        throw new ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout);
    }
}

function validateMaxBuffer(maxBuffer) {
    if (maxBuffer != null && !(typeof maxBuffer === 'number' && maxBuffer >= 0)) {
        throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
    }
}

/** The number of a signal that is named, or a number already. */
function signalNumber(signal) {
    const { signals } = require('internal/constants').os;
    if (typeof signal === 'number') {
        for (const name in signals) if (signals[name] === signal) return signal;
    } else if (typeof signal === 'string') {
        const number = signals[StringPrototypeToUpperCase(signal)];
        if (number !== undefined) return number;
    }
    throw new ERR_UNKNOWN_SIGNAL(signal);
}

function signalName(number) {
    const { signals } = require('internal/constants').os;
    for (const name in signals) if (signals[name] === number) return name;
    return null;
}

function checkKillSignal(signal) {
    if (typeof signal === 'string' || typeof signal === 'number') return signalNumber(signal);
    if (signal != null) throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
    return undefined;
}

module.exports = {
    checkKillSignal, normalizeSpawnArguments, refuseNull, signalName, signalNumber, validateMaxBuffer, validateTimeout,
};
