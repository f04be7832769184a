// What the calls of the file system take and give: paths, flags, modes, times, Stats and Dirent.

const {
    ArrayBufferIsView, BigInt, Date, DateNow, FunctionPrototypeCall, MathRound, Number, NumberIsFinite, NumberParseInt,
    ObjectDefineProperty, ObjectFreeze, RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeIncludes,
    StringPrototypeLastIndexOf, StringPrototypeSlice, Symbol, TypedArrayPrototypeGetSymbolToStringTag,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateInteger } = require('internal/validators');

const constants = ObjectFreeze({
    __proto__: null,
    UV_FS_SYMLINK_DIR: 1, UV_FS_SYMLINK_JUNCTION: 2,
    O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2,
    UV_DIRENT_UNKNOWN: 0, UV_DIRENT_FILE: 1, UV_DIRENT_DIR: 2, UV_DIRENT_LINK: 3, UV_DIRENT_FIFO: 4, UV_DIRENT_SOCKET: 5,
    UV_DIRENT_CHAR: 6, UV_DIRENT_BLOCK: 7,
    S_IFMT: 0o170000, S_IFREG: 0o100000, S_IFDIR: 0o040000, S_IFCHR: 0o020000, S_IFBLK: 0o060000, S_IFIFO: 0o010000,
    S_IFLNK: 0o120000, S_IFSOCK: 0o140000,
    O_CREAT: 0o100, O_EXCL: 0o200, UV_FS_O_FILEMAP: 0, O_NOCTTY: 0o400, O_TRUNC: 0o1000, O_APPEND: 0o2000,
    O_DIRECTORY: 0o200000, O_NOATIME: 0o1000000, O_NOFOLLOW: 0o400000, O_SYNC: 0o4010000, O_DSYNC: 0o10000, O_DIRECT: 0o40000,
    O_NONBLOCK: 0o4000,
    S_IRWXU: 0o700, S_IRUSR: 0o400, S_IWUSR: 0o200, S_IXUSR: 0o100, S_IRWXG: 0o70, S_IRGRP: 0o40, S_IWGRP: 0o20, S_IXGRP: 0o10,
    S_IRWXO: 0o7, S_IROTH: 0o4, S_IWOTH: 0o2, S_IXOTH: 0o1,
    F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1,
    UV_FS_COPYFILE_EXCL: 1, COPYFILE_EXCL: 1, UV_FS_COPYFILE_FICLONE: 2, COPYFILE_FICLONE: 2, UV_FS_COPYFILE_FICLONE_FORCE: 4,
    COPYFILE_FICLONE_FORCE: 4,
});

// --- Arguments ---------------------------------------------------------------------------------------------------------

const isBytes = (value) => ArrayBufferIsView(value) && TypedArrayPrototypeGetSymbolToStringTag(value) === 'Uint8Array';

/** The string of a path that may be a string, a Buffer or a file: URL. */
function getPath(path, name = 'path') {
    if (typeof path !== 'string') {
        if (isBytes(path)) path = require('buffer').Buffer.from(path).toString();
        else if (path !== null && typeof path === 'object' && path.href && path.protocol && path.auth === undefined) {
            path = require('url').fileURLToPath(path);
        } else throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path);
    }
    if (StringPrototypeIncludes(path, '\u0000')) {
        throw new ERR_INVALID_ARG_VALUE(name, path, 'must be a string, Uint8Array, or URL without null bytes');
    }
    return path;
}

function getDescriptor(fd, name = 'fd') {
    if (typeof fd !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', fd);
    validateInteger(fd, name, 0, 2147483647);
    return fd;
}
const getTarget = (file) => (typeof file === 'number' ? getDescriptor(file) : getPath(file));

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;
const flagWords = {
    __proto__: null,
    'r': O_RDONLY, 'rs': O_RDONLY | O_SYNC, 'sr': O_RDONLY | O_SYNC, 'r+': O_RDWR, 'rs+': O_RDWR | O_SYNC, 'sr+': O_RDWR | O_SYNC,
    'w': O_TRUNC | O_CREAT | O_WRONLY, 'wx': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL, 'xw': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
    'w+': O_TRUNC | O_CREAT | O_RDWR, 'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL, 'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
    'a': O_APPEND | O_CREAT | O_WRONLY,
    'ax': O_APPEND | O_CREAT | O_WRONLY | O_EXCL, 'xa': O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
    'as': O_APPEND | O_CREAT | O_WRONLY | O_SYNC, 'sa': O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
    'a+': O_APPEND | O_CREAT | O_RDWR, 'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL, 'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
    'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC, 'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};
function getFlags(flags, fallback = 'r', name = 'flags') {
    if (flags === undefined || flags === null) return flagWords[fallback];
    if (typeof flags === 'number') {
        validateInteger(flags, name, -2147483648, 2147483647);
        return flags;
    }
    const value = typeof flags === 'string' ? flagWords[flags] : undefined;
    if (value === undefined) throw new ERR_INVALID_ARG_VALUE(name, flags);
    return value;
}

function getMode(mode, name, fallback) {
    mode ??= fallback;
    if (typeof mode === 'string') {
        if (RegExpPrototypeExec(/^[0-7]+$/, mode) === null) {
            throw new ERR_INVALID_ARG_VALUE(name, mode, 'must be a 32-bit unsigned integer or an octal string');
        }
        mode = NumberParseInt(mode, 8);
    }
    validateInteger(mode, name, 0, 4294967295);
    return mode;
}

/** Seconds, of a Date, a number or a numeric string. */
function getTime(time, name) {
    if (typeof time === 'string' && +time == time) return +time;
    if (NumberIsFinite(time)) return time < 0 ? DateNow() / 1000 : time;
    if (time instanceof Date) return time.getTime() / 1000;
    throw new ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

/** Options that may be given as the name of an encoding alone. */
function getOptions(options, defaults) {
    if (options === undefined || options === null || typeof options === 'function') return defaults;
    if (typeof options === 'string') options = { encoding: options };
    else if (typeof options !== 'object') throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
    const { encoding } = options;
    if (encoding !== undefined && encoding !== null && encoding !== 'buffer' && !require('buffer').Buffer.isEncoding(encoding)) {
        throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
    }
    const { signal } = options;
    if (signal !== undefined) require('internal/validators').validateAbortSignal(signal, 'options.signal');
    return { ...defaults, ...options };
}

const isUtf8 = (encoding) => encoding === 'utf8' || encoding === 'utf-8' || encoding === 'UTF-8' || encoding === 'UTF8';

/** A name as the call was asked to give it. */
function encodeName(name, encoding) {
    if (encoding === undefined || encoding === null || isUtf8(encoding)) return name;
    const bytes = require('buffer').Buffer.from(name);
    return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

// --- Stats -------------------------------------------------------------------------------------------------------------

const kinds = { isBlockDevice: 0o060000, isCharacterDevice: 0o020000, isDirectory: 0o040000, isFIFO: 0o010000, isFile: 0o100000,
    isSocket: 0o140000, isSymbolicLink: 0o120000 };

function defineHidden(prototype, name, value) {
    ObjectDefineProperty(prototype, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}
function defineDates(prototype) {
    for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
        ObjectDefineProperty(prototype, name, {
            __proto__: null,
            configurable: true,
            enumerable: true,
            get() {
                const value = new Date(MathRound(Number(this[`${name}Ms`])));
                this[name] = value;
                return value;
            },
            set(value) {
                ObjectDefineProperty(this, name, {
                    __proto__: null, configurable: true, enumerable: true, value, writable: true,
                });
            },
        });
    }
}

function Stats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, mtimeMs, ctimeMs, birthtimeMs) {
    this.dev = dev;
    this.mode = mode;
    this.nlink = nlink;
    this.uid = uid;
    this.gid = gid;
    this.rdev = rdev;
    this.blksize = blksize;
    this.ino = ino;
    this.size = size;
    this.blocks = blocks;
    this.atimeMs = atimeMs;
    this.mtimeMs = mtimeMs;
    this.ctimeMs = ctimeMs;
    this.birthtimeMs = birthtimeMs;
}
function BigIntStats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeNs, mtimeNs, ctimeNs, birthtimeNs) {
    FunctionPrototypeCall(Stats, this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeNs / 1000000n,
        mtimeNs / 1000000n, ctimeNs / 1000000n, birthtimeNs / 1000000n);
    this.atimeNs = atimeNs;
    this.mtimeNs = mtimeNs;
    this.ctimeNs = ctimeNs;
    this.birthtimeNs = birthtimeNs;
}
defineDates(Stats.prototype);
defineDates(BigIntStats.prototype);
for (const name in kinds) {
    defineHidden(Stats.prototype, name, function () { return (this.mode & 0o170000) === kinds[name]; });
    defineHidden(BigIntStats.prototype, name, function () { return (this.mode & 0o170000n) === BigInt(kinds[name]); });
}

/** The host gives figures, times as seconds and nanoseconds. The time of birth is that of the change, which ext4 lacks too. */
function makeStats(f, bigint) {
    if (bigint) {
        const time = (i) => f[i] * 1000000000n + f[i + 1];
        return new BigIntStats(
            f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], time(10), time(12), time(14), time(14));
    }
    const time = (i) => f[i] * 1000 + f[i + 1] / 1e6;
    return new Stats(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], time(10), time(12), time(14), time(14));
}

/** Of a file that is not there. */
function noStats(bigint) {
    const zero = bigint ? 0n : 0;
    return makeStats([zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero], bigint);
}

class StatFs {
    constructor(type, bsize, blocks, bfree, bavail, files, ffree) {
        this.type = type;
        this.bsize = bsize;
        this.blocks = blocks;
        this.bfree = bfree;
        this.bavail = bavail;
        this.files = files;
        this.ffree = ffree;
    }
}
const makeStatFs = (f) => new StatFs(f[0], f[1], f[2], f[3], f[4], f[5], f[6]);

// --- Dirent ------------------------------------------------------------------------------------------------------------

// As in a dirent(3).
const types = { isBlockDevice: 6, isCharacterDevice: 2, isDirectory: 4, isFIFO: 1, isFile: 8, isSocket: 12, isSymbolicLink: 10 };
const kType = Symbol('type');

class Dirent {
    constructor(name, type, path) {
        this.name = name;
        this.parentPath = path;
        this.path = path;
        ObjectDefineProperty(this, kType, { __proto__: null, enumerable: false, value: type });
    }
}
for (const name in types) defineHidden(Dirent.prototype, name, function () { return this[kType] === types[name]; });

/** A Dirent of the entry `name`, which may lie deeper than `folder`. */
function makeDirent(name, type, folder, encoding) {
    const slash = StringPrototypeLastIndexOf(name, '/');
    if (slash >= 0) {
        const inner = StringPrototypeSlice(name, 0, slash);
        folder = StringPrototypeCharCodeAt(folder, folder.length - 1) === 47 ? folder + inner : `${folder}/${inner}`;
        name = StringPrototypeSlice(name, slash + 1);
    }
    return new Dirent(encodeName(name, encoding), type, folder);
}

module.exports = {
    BigIntStats, Dirent, Stats, constants, encodeName, getDescriptor, getFlags, getMode, getOptions, getPath, getTarget, getTime,
    isUtf8, makeDirent, makeStatFs, makeStats, noStats,
};
