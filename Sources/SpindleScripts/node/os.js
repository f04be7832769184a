// node:os.

const {
    ArrayPrototypePush, NumberParseInt, ObjectDefineProperties, ObjectDefineProperty, StringPrototypeEndsWith,
    StringPrototypeSlice, StringPrototypeSplit, SymbolToPrimitive,
} = primordials;
const { codes: { ERR_SYSTEM_ERROR } } = require('internal/errors');
const { validateInt32, validateObject } = require('internal/validators');
const { os: constants } = require('internal/constants');
const host = binding('os');

/** A failed system call, as Node wraps those of this module. */
function systemError(errno, syscall) {
    const { getSystemErrorMap } = require('internal/util/system_errors');
    const { 0: code, 1: message } = getSystemErrorMap().get(errno) ?? ['UNKNOWN', 'unknown error'];
    return new ERR_SYSTEM_ERROR({ errno, code, message, syscall });
}

const environment = () => require('process').env;

function cpus() {
    const values = host.cpus();
    const result = [];
    for (let i = 0; i + 6 < values.length; i += 7) {
        ArrayPrototypePush(result, {
            model: values[i],
            speed: values[i + 1],
            times: { user: values[i + 2], nice: values[i + 3], sys: values[i + 4], idle: values[i + 5], irq: values[i + 6] },
        });
    }
    return result;
}

function networkInterfaces() {
    const values = host.interfaces();
    const result = {};
    for (let i = 0; i + 6 < values.length; i += 7) {
        const name = values[i];
        const isV6 = values[i + 3] === 6;
        const entry = {
            address: values[i + 1],
            netmask: values[i + 2],
            family: isV6 ? 'IPv6' : 'IPv4',
            mac: values[i + 4],
            internal: values[i + 5],
            cidr: `${values[i + 1]}/${prefixLength(values[i + 2], isV6)}`,
        };
        if (isV6) entry.scopeid = values[i + 6];
        result[name] ??= [];
        ArrayPrototypePush(result[name], entry);
    }
    return result;
}
/** How many leading bits of a netmask are set. */
function prefixLength(netmask, isV6) {
    const parts = StringPrototypeSplit(netmask, isV6 ? ':' : '.');
    let count = 0;
    for (let i = 0; i < parts.length; i++) {
        let value = NumberParseInt(parts[i] || '0', isV6 ? 16 : 10);
        for (; value > 0; value >>= 1) count += value & 1;
    }
    return count;
}

function userInfo(options) {
    if (options !== undefined) validateObject(options, 'options');
    const info = host.userInfo();
    if (typeof info === 'number') throw systemError(info, 'uv_os_get_passwd');
    const { 0: username, 1: uid, 2: gid, 3: homedir, 4: shell } = info;
    const convert = options?.encoding === 'buffer' ? (text) => require('buffer').Buffer.from(text) : (text) => text;
    return { uid, gid, username: convert(username), homedir: convert(homedir), shell: convert(shell) };
}

function getPriority(pid = 0) {
    validateInt32(pid, 'pid');
    const { 0: errno, 1: priority } = host.getPriority(pid);
    if (errno < 0) throw systemError(errno, 'uv_os_getpriority');
    return priority;
}
function setPriority(pid, priority) {
    if (priority === undefined) {
        priority = pid;
        pid = 0;
    }
    validateInt32(pid, 'pid');
    validateInt32(priority, 'priority', -20, 19);
    const errno = host.setPriority(pid, priority);
    if (errno < 0) throw systemError(errno, 'uv_os_setpriority');
}

function tmpdir() {
    const { TMPDIR, TMP, TEMP } = environment();
    const path = TMPDIR || TMP || TEMP || '/tmp';
    return path.length > 1 && StringPrototypeEndsWith(path, '/') ? StringPrototypeSlice(path, 0, -1) : path;
}


module.exports = {
    arch: () => require('process').arch,
    availableParallelism: () => host.parallelism(),
    cpus,
    endianness: () => 'LE',
    freemem: () => host.freemem(),
    getPriority,
    homedir: () => environment().HOME || userInfo().homedir,
    hostname: () => host.hostname(),
    loadavg: () => host.loadavg(),
    networkInterfaces,
    platform: () => 'linux',
    release: () => host.uname()[1],
    setPriority,
    tmpdir,
    totalmem: () => host.totalmem(),
    type: () => host.uname()[0],
    userInfo,
    uptime: () => host.uptime(),
    version: () => host.uname()[2],
    machine: () => host.uname()[3],
};

// Such a function stands for its result where a text is wanted.
const names = ['arch', 'availableParallelism', 'endianness', 'freemem', 'homedir', 'hostname', 'platform', 'release', 'tmpdir',
    'totalmem', 'type', 'uptime', 'version', 'machine'];
for (let i = 0; i < names.length; i++) {
    const value = module.exports[names[i]];
    ObjectDefineProperty(value, SymbolToPrimitive, { __proto__: null, configurable: true, value: () => value(), writable: true });
}
ObjectDefineProperties(module.exports, {
    EOL: { __proto__: null, configurable: true, enumerable: true, value: '\n', writable: false },
    constants: { __proto__: null, configurable: false, enumerable: true, value: constants },
    devNull: { __proto__: null, configurable: true, enumerable: true, value: '/dev/null', writable: false },
});
