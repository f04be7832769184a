// What `new Worker` is asked for, checked and in the words of the host.

const {
    ArrayIsArray, ArrayPrototypeMap, ArrayPrototypePush, ObjectKeys, SafeSet, StringPrototypeIndexOf, StringPrototypeSlice,
    StringPrototypeSplit, StringPrototypeStartsWith,
} = primordials;

const { codes: { ERR_INVALID_ARG_TYPE, ERR_WORKER_INVALID_EXEC_ARGV, ERR_WORKER_PATH } } = require('internal/errors');
const { validateArray, validateString } = require('internal/validators');

const kDefaultStackSizeMb = 4;
const limitNames = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];

/** `start` is for the host, the rest for the worker's own scripts. */
function optionsOf(filename, options) {
    if (options.execArgv && !ArrayIsArray(options.execArgv)) {
        throw new ERR_INVALID_ARG_TYPE('options.execArgv', 'Array', options.execArgv);
    }
    if (options.argv && !ArrayIsArray(options.argv)) throw new ERR_INVALID_ARG_TYPE('options.argv', 'Array', options.argv);
    const execArgv = options.execArgv ? texts(options.execArgv) : require('process').execArgv;
    const { isModule, preloads } = readArguments(execArgv);
    const { kind, program } = programOf(filename, options, isModule);
    if (options.name !== undefined) validateString(options.name, 'options.name');
    const name = options.name === undefined ? 'WorkerThread' : options.name;
    const limits = limitsOf(options.resourceLimits);
    const transferList = options.transferList ?? [];
    validateArray(transferList, 'options.transferList');
    return {
        start: {
            kind, program, name, execArgv, env: environmentOf(options.env), argv: texts(options.argv ?? []),
            stdin: !!options.stdin, stdout: !!options.stdout, stderr: !!options.stderr, stackSize: limits.stackSizeMb * 2 ** 20,
        },
        limits, name, preloads, transferList,
    };
}

const texts = (list) => ArrayPrototypeMap(list, (value) => `${value}`);

/** `kind`: 'file' and a path, 'url', or the text of a 'source' or a 'module'. */
function programOf(filename, options, isModule) {
    if (options.eval) {
        if (typeof filename !== 'string') {
            const { ERR_INVALID_ARG_VALUE } = require('internal/errors').codes;
            throw new ERR_INVALID_ARG_VALUE('options.eval', options.eval, 'must be false when \'filename\' is not a string');
        }
        return { kind: isModule ? 'module' : 'source', program: filename };
    }
    const isURL = typeof filename === 'object' && filename !== null && filename.href !== undefined &&
        filename.protocol !== undefined;
    if (isURL && filename.protocol === 'data:') return { kind: 'url', program: `${filename.href}` };
    if (isURL) return { kind: 'file', program: require('url').fileURLToPath(filename) };
    if (typeof filename !== 'string') throw new ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
    const path = require('path');
    if (path.isAbsolute(filename)) return { kind: 'file', program: filename };
    const isRelative = StringPrototypeStartsWith(filename, './') || StringPrototypeStartsWith(filename, '../');
    if (!isRelative) throw new ERR_WORKER_PATH(filename);
    return { kind: 'file', program: path.resolve(filename) };
}

/** Names and values in turn; undefined for the environment that the worker has in common with this thread. */
function environmentOf(env) {
    if (env === require('worker_threads').SHARE_ENV) {
        require('internal/process/env').share();
        return undefined;
    }
    if (env !== undefined && (typeof env !== 'object' && env !== null)) {
        throw new ERR_INVALID_ARG_TYPE('options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env);
    }
    const source = env ?? require('process').env;
    const list = [];
    const keys = ObjectKeys(source);
    for (let i = 0; i < keys.length; i++) ArrayPrototypePush(list, keys[i], `${source[keys[i]]}`);
    return list;
}

function limitsOf(given) {
    const limits = {
        maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 4096, codeRangeSizeMb: 0, stackSizeMb: kDefaultStackSizeMb,
    };
    for (let i = 0; i < limitNames.length; i++) {
        const name = limitNames[i];
        if (typeof given?.[name] === 'number' && given[name] > 0) limits[name] = given[name];
    }
    return limits;
}

// MARK: execArgv

/** Options that Node has for a thread of its own. Those that take a value end in `=`. */
const known = StringPrototypeSplit(
    'addons conditions= deprecation diagnostic-dir= disable-warning= dns-result-order= enable-source-maps ' +
    'extra-info-on-fatal-exception force-context-aware frozen-intrinsics global-search-paths import= input-type= insecure-http-parser loader= ' +
    'max-http-header-size= network-family-autoselection pending-deprecation preserve-symlinks preserve-symlinks-main ' +
    'redirect-warnings= require= test-only throw-deprecation tls-keylog= tls-max-v1.2 tls-max-v1.3 tls-min-v1.0 tls-min-v1.1 ' +
    'tls-min-v1.2 tls-min-v1.3 trace-deprecation trace-exit trace-sync-io trace-tls trace-uncaught trace-warnings ' +
    'unhandled-rejections= verify-base-objects warnings', ' ');
const shortNames = { __proto__: null, '-C': '--conditions', '-r': '--require' };
let flags;
const valued = new SafeSet();

/** The names of the options, as `process.allowedNodeEnvironmentFlags` lists them. */
function allowedFlags() {
    if (flags !== undefined) return flags;
    flags = new SafeSet();
    for (let i = 0; i < known.length; i++) {
        const takesValue = known[i][known[i].length - 1] === '=';
        const name = takesValue ? StringPrototypeSlice(known[i], 0, -1) : known[i];
        flags.add(`--${name}`);
        if (takesValue) valued.add(`--${name}`);
        else flags.add(`--no-${name}`);
    }
    for (const name in shortNames) flags.add(name);
    return flags;
}

/** Checks the options; gives what must happen because of them before the program begins: `[how, specifier]` of each preload. */
function readArguments(list) {
    let isModule = false;
    const preloads = [];
    const errors = [];
    for (let i = 0; i < list.length; i++) {
        const end = StringPrototypeIndexOf(list[i], '=');
        const given = end < 0 ? list[i] : StringPrototypeSlice(list[i], 0, end);
        const name = shortNames[given] ?? given;
        const isExperimental = StringPrototypeStartsWith(name, '--experimental-') ||
            StringPrototypeStartsWith(name, '--no-experimental-');
        if (!isExperimental && !allowedFlags().has(name)) {
            if (StringPrototypeStartsWith(name, '-')) ArrayPrototypePush(errors, list[i]);
            continue;
        }
        if (!valued.has(name)) continue;
        const value = end < 0 ? list[++i] : StringPrototypeSlice(list[i], end + 1);
        if (value === undefined) ArrayPrototypePush(errors, `${given} requires an argument`);
        else if (name === '--input-type') isModule = value === 'module';
        else if (name === '--require' || name === '--import') {
            ArrayPrototypePush(preloads, [StringPrototypeSlice(name, 2), value]);
        }
    }
    if (errors.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(errors);
    return { isModule, preloads };
}

module.exports = { allowedFlags, optionsOf };
