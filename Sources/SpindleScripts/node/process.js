// node:process, the object that is also the global `process`.

const {
    ArrayPrototypeSlice, BigInt, MathFloor, NumberIsNaN, ObjectCreate, ObjectDefineProperty, ObjectFreeze, ReflectApply,
    SafeSet, Set, StringPrototypeReplace, StringPrototypeStartsWith, SymbolFor, SymbolToStringTag,
} = primordials;
const EventEmitter = require('events');
const {
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_SIGNAL,
    },
    errnoException, uvException,
} = require('internal/errors');
const { parseFileMode, validateArray, validateInteger, validateString } = require('internal/validators');
const { makeEnv } = require('internal/process/env');
const { emitWarning, onWarning } = require('internal/process/warnings');
const lifecycle = require('internal/lifecycle');
const clock = require('internal/clock');
const host = binding('process');

const nodeVersion = '24.0.0';

// The prototype is an object of its own, named `process`, as programs see it when they print the constructor.
const prototype = ObjectCreate(EventEmitter.prototype, {
    constructor: { __proto__: null, configurable: true, value: function process() {}, writable: true },
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'process' },
});
const process = ObjectCreate(prototype);
module.exports = process;
ReflectApply(EventEmitter, process, []);

/** Each of `getters` becomes a member whose value is made when first read. */
function defineLazily(getters) {
    for (const name in getters) {
        ObjectDefineProperty(process, name, {
            __proto__: null,
            configurable: true,
            enumerable: true,
            get() {
                const value = getters[name]();
                ObjectDefineProperty(process, name, {
                    __proto__: null, configurable: true, enumerable: true, value, writable: true,
                });
                return value;
            },
            set(value) {
                ObjectDefineProperty(process, name, {
                    __proto__: null, configurable: true, enumerable: true, value, writable: true,
                });
            },
        });
    }
}

const info = host.info();
process.version = `v${nodeVersion}`;
process.versions = ObjectFreeze({ __proto__: null, node: nodeVersion, ...info.versions });
process.arch = info.arch;
process.platform = 'linux';
process.release = { name: 'node' };
process.title = 'spindle';
process.argv = info.argv;
process.execArgv = info.execArgv;
process.env = makeEnv();
process.pid = info.pid;
process.ppid = info.ppid;
process.execPath = info.execPath;
process.debugPort = 9229;
process.argv0 = info.argv0;

process.features = {
    inspector: false,
    debug: false,
    uv: true,
    ipv6: true,
    tls_alpn: true,
    tls_sni: true,
    tls_ocsp: true,
    tls: true,
    cached_builtins: true,
    require_module: true,
    typescript: false,
};
process.config = { target_defaults: {}, variables: {} };
process.moduleLoadList = [];
ObjectDefineProperty(process, '_exiting', { __proto__: null, configurable: true, get: () => lifecycle.isExiting });

defineLazily({
    __proto__: null,
    stdin: () => require('internal/process/stdio').input(),
    stdout: () => require('internal/process/stdio').output(1),
    stderr: () => require('internal/process/stdio').output(2),
    allowedNodeEnvironmentFlags: () => new Set(require('internal/worker/options').allowedFlags()),
});

// --- The end -----------------------------------------------------------------------------------------------------------

let exitCode;
ObjectDefineProperty(process, 'exitCode', {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get: () => exitCode,
    set(code) {
        if (code !== undefined && code !== null) {
            let value = code;
            if (typeof code === 'string' && code !== '' && !NumberIsNaN(+code)) value = +code;
            validateInteger(value, 'code');
        }
        exitCode = code;
    },
});

process.reallyExit = (code) => host.reallyExit(+code || 0);
process.exit = function exit(code) {
    if (arguments.length > 0 && code !== undefined) process.exitCode = code;
    lifecycle.announceExit(process);
    // Looked up again, as programs replace it in tests.
    process.reallyExit(+process.exitCode || 0);
};
process.abort = () => host.abort();
process.hasUncaughtExceptionCaptureCallback = lifecycle.hasCaptureCallback;
process.setUncaughtExceptionCaptureCallback = lifecycle.setCaptureCallback;

process.kill = function kill(pid, signal) {
    // Numbers in strings pass, as they always did.
    if (pid != (pid | 0)) throw new ERR_INVALID_ARG_TYPE('pid', 'number', pid);
    let number = signal;
    if (typeof signal !== 'number') {
        number = signal === undefined ? 15 : require('internal/constants').os.signals[signal];
        if (number === undefined) throw new ERR_UNKNOWN_SIGNAL(signal);
    }
    const errno = host.kill(pid | 0, number);
    if (errno < 0) throw errnoException(errno, 'kill');
    return true;
};

// --- Time and resources ------------------------------------------------------------------------------------------------

process.uptime = () => clock.now() / 1000;

function hrtime(previous) {
    const time = host.hrtime();
    const seconds = MathFloor(time / 1e9);
    const nanoseconds = time % 1e9;
    if (previous === undefined) return [seconds, nanoseconds];
    validateArray(previous, 'time');
    if (previous.length !== 2) throw new ERR_OUT_OF_RANGE('time', 2, previous.length);
    const rest = nanoseconds - previous[1];
    return rest < 0 ? [seconds - previous[0] - 1, rest + 1e9] : [seconds - previous[0], rest];
}
hrtime.bigint = () => BigInt(host.hrtime());
process.hrtime = hrtime;

function memoryUsage() {
    const { 0: rss, 1: heapTotal, 2: heapUsed, 3: external, 4: arrayBuffers } = host.memoryUsage();
    return { rss, heapTotal, heapUsed, external, arrayBuffers };
}
memoryUsage.rss = () => host.rss();
process.memoryUsage = memoryUsage;
process.availableMemory = () => host.availableMemory();
process.constrainedMemory = () => host.constrainedMemory();

function usage(ofThread, previous) {
    const { 0: user, 1: system } = host.cpuUsage(ofThread);
    return require('internal/process/usage').usageSince(user, system, previous);
}
process.cpuUsage = function cpuUsage(previous) { return usage(false, previous); };
process.threadCpuUsage = function threadCpuUsage(previous) { return usage(true, previous); };

const usageNames = [
    'userCPUTime', 'systemCPUTime', 'maxRSS', 'sharedMemorySize', 'unsharedDataSize', 'unsharedStackSize', 'minorPageFault',
    'majorPageFault', 'swappedOut', 'fsRead', 'fsWrite', 'ipcSent', 'ipcReceived', 'signalsCount', 'voluntaryContextSwitches',
    'involuntaryContextSwitches',
];
process.resourceUsage = function resourceUsage() {
    const values = host.resourceUsage();
    const result = {};
    for (let i = 0; i < usageNames.length; i++) result[usageNames[i]] = values[i];
    return result;
};
process.getActiveResourcesInfo = () => require('internal/timers').activeResources();

// --- Surroundings ------------------------------------------------------------------------------------------------------

process.cwd = () => host.cwd();
process.chdir = function chdir(directory) {
    validateString(directory, 'directory');
    const errno = host.chdir(directory);
    if (errno < 0) throw uvException({ errno, syscall: 'chdir', path: host.cwd(), dest: directory });
};
process.umask = function umask(mask) {
    return host.umask(mask === undefined ? -1 : parseFileMode(mask, 'mask'));
};
process.getuid = () => host.ids()[0];
process.geteuid = () => host.ids()[1];
process.getgid = () => host.ids()[2];
process.getegid = () => host.ids()[3];
process.getgroups = () => ArrayPrototypeSlice(host.ids(), 4);

process.getBuiltinModule = function getBuiltinModule(id) {
    validateString(id, 'id');
    const { isBuiltin } = require('module');
    return isBuiltin(id) ? require(StringPrototypeReplace(id, 'node:', '')) : undefined;
};

const queues = require('internal/task_queues');
process.nextTick = queues.nextTick;
process._tickCallback = queues.processTicksAndRejections;
process.emitWarning = emitWarning;
process.setSourceMapsEnabled = () => {};
process.sourceMapsEnabled = false;
// Flags of the command line that decide what becomes of warnings.
const warningFlags = {
    __proto__: null,
    '--no-deprecation': 'noDeprecation',
    '--throw-deprecation': 'throwDeprecation',
    '--trace-deprecation': 'traceDeprecation',
    '--trace-warnings': 'traceProcessWarnings',
};
let showsWarnings = process.env.NODE_NO_WARNINGS !== '1';
for (let i = 0; i < info.execArgv.length; i++) {
    const flag = info.execArgv[i];
    if (warningFlags[flag] !== undefined) process[warningFlags[flag]] = true;
    else if (flag === '--no-warnings') showsWarnings = false;
}
if (showsWarnings) process.on('warning', onWarning);

/** Objects with a way to keep the loop alive, called by its newer name if it has one. */
function callEither(object, symbol, name) {
    const method = object?.[symbol] ?? object?.[name];
    if (typeof method === 'function') ReflectApply(method, object, []);
}
process.ref = (object) => callEither(object, SymbolFor('nodejs.ref'), 'ref');
process.unref = (object) => callEither(object, SymbolFor('nodejs.unref'), 'unref');

// --- Signals: watched while somebody listens ---------------------------------------------------------------------------

const watched = new SafeSet();
const numberOf = (type) => (
    typeof type === 'string' && StringPrototypeStartsWith(type, 'SIG') ?
        require('internal/constants').os.signals[type] : undefined);
process.on('newListener', (type) => {
    if (type === 'workerMessage') require('internal/worker/messenger').listen();
    const number = numberOf(type);
    if (number === undefined || watched.has(type)) return;
    const errno = host.watchSignal(number, true);
    if (errno < 0) throw errnoException(errno, 'uv_signal_start');
    watched.add(type);
});
process.on('removeListener', (type) => {
    if (!watched.has(type) || process.listenerCount(type) > 0) return;
    watched.delete(type);
    host.watchSignal(numberOf(type), false);
});
function onSignal(number) {
    const { signals } = require('internal/constants').os;
    for (const name in signals) {
        if (signals[name] === number && watched.has(name)) process.emit(name, name, number);
    }
}

host.setHooks({
    __proto__: null,
    beforeExit() { process.emit('beforeExit', +process.exitCode || 0); },
    exit: lifecycle.end,
    signal: onSignal,
});

// --- The parent that has forked this process ---------------------------------------------------------------------------

const channelDescriptor = process.env.NODE_CHANNEL_FD;
if (channelDescriptor !== undefined && binding('worker').threadId === 0) {
    const serialization = process.env.NODE_CHANNEL_SERIALIZATION_MODE;
    delete process.env.NODE_CHANNEL_FD;
    delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
    require('internal/child_process/channel').joinParent(+channelDescriptor, serialization);
}
