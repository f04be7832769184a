// The calls of the file system, each written once: what `fs` has as three functions (`stat`, `statSync`, `promises.stat`)
// is one entry here. `prepare(...arguments)` checks the arguments and gives a request; then the host is called, in one way
// or the other; then `result` makes what the program is given.

const {
    ArrayBufferIsView: isView, ArrayIsArray, MathMin, Promise, ReflectApply, TypedArrayPrototypeSet, Uint8Array,
} = primordials;
const {
    AbortError, codes: { ERR_FS_EISDIR, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE }, uvException,
} = require('internal/errors');
const { validateBoolean, validateInteger, validateObject } = require('internal/validators');
const {
    constants, encodeName, getDescriptor, getFlags, getMode, getOptions, getPath, getTarget, getTime, isUtf8, makeDirent,
    makeStatFs, makeStats,
} = require('internal/fs/values');
const host = binding('fs');

const buffers = () => require('buffer').Buffer;

/** The bytes of a view, whatever its type. */
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** A copy of `bytes` in the host's memory: its number, to be released once the call is over. */
function lend(bytes) {
    const { 0: buffer, 1: id } = host.memory(bytes.byteLength);
    TypedArrayPrototypeSet(new Uint8Array(buffer), bytes);
    return id;
}

/** Of what may be written: a string, which the host encodes, or bytes. */
function getData(data, encoding) {
    if (typeof data === 'string') {
        if (encoding === undefined || encoding === null || isUtf8(encoding)) return data;
        return buffers().from(data, encoding);
    }
    if (isView(data)) return bytesOf(data);
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
}

/** `call`: the host's name of it; `syscall`: how errors name it; `arguments`: what the host is given. */
function request(call, syscall, args, path, dest, result) {
    return { call, syscall, args, path, dest, result, memory: undefined, signal: undefined };
}

const calls = {
    __proto__: null,
    access(path, mode) {
        if (mode !== undefined) validateInteger(mode, 'mode', 0, 7);
        path = getPath(path);
        return request('access', 'access', [path, mode ?? 0], path);
    },
    appendFile(file, data, options) {
        options = getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'a' });
        return calls.writeFile(file, data, options);
    },
    chmod(path, mode) {
        path = getPath(path);
        return request('chmod', 'chmod', [path, getMode(mode, 'mode')], path);
    },
    chown: chown('chown', getPath, true),
    close(fd) { return request('close', 'close', [getDescriptor(fd)]); },
    copyFile(source, destination, mode = 0) {
        source = getPath(source, 'src');
        destination = getPath(destination, 'dest');
        validateInteger(mode, 'mode', 0, 7);
        const isExclusive = (mode & constants.COPYFILE_EXCL) !== 0;
        return request('copyFile', 'copyfile', [source, destination, isExclusive], source, destination);
    },
    fchmod(fd, mode) { return request('chmod', 'fchmod', [getDescriptor(fd), getMode(mode, 'mode')]); },
    fchown: chown('fchown', getDescriptor, true),
    fdatasync(fd) { return request('sync', 'fdatasync', [getDescriptor(fd), true]); },
    fstat: stat('fstat', getDescriptor, true),
    fsync(fd) { return request('sync', 'fsync', [getDescriptor(fd), false]); },
    ftruncate(fd, length = 0) {
        validateInteger(length, 'len');
        return request('truncate', 'ftruncate', [getDescriptor(fd), length < 0 ? 0 : length]);
    },
    futimes: utimes('futime', getDescriptor, true),
    lchown: chown('lchown', getPath, false),
    link(existing, path) {
        existing = getPath(existing, 'existingPath');
        path = getPath(path, 'newPath');
        return request('link', 'link', [existing, path], existing, path);
    },
    lstat: stat('lstat', getPath, false),
    lutimes: utimes('lutime', getPath, false),
    mkdir(path, options) {
        let mode = 0o777;
        let recursive = false;
        if (typeof options === 'number' || typeof options === 'string') mode = options;
        else if (options) {
            if (options.recursive !== undefined) ({ recursive } = options);
            if (options.mode !== undefined) ({ mode } = options);
        }
        path = getPath(path);
        validateBoolean(recursive, 'options.recursive');
        return request('mkdir', 'mkdir', [path, getMode(mode, 'mode', 0o777), recursive], path);
    },
    mkdtemp(prefix, options) {
        const { encoding } = getOptions(options, {});
        prefix = getPath(prefix, 'prefix');
        return request('mkdtemp', 'mkdtemp', [prefix], `${prefix}XXXXXX`, undefined, (name) => encodeName(name, encoding));
    },
    open(path, flags, mode) {
        path = getPath(path);
        return request('open', 'open', [path, getFlags(flags), getMode(mode, 'mode', 0o666)], path);
    },
    readdir(path, options) {
        const { encoding, recursive, withFileTypes } = getOptions(options, {});
        path = getPath(path);
        if (recursive !== undefined && recursive !== null) validateBoolean(recursive, 'options.recursive');
        return request('readdir', 'scandir', [path, !!withFileTypes, !!recursive], path, undefined, (found) => {
            const names = withFileTypes ? found[0] : found;
            for (let i = 0; i < names.length; i++) {
                names[i] = withFileTypes ? makeDirent(names[i], found[1][i], path, encoding) : encodeName(names[i], encoding);
            }
            return names;
        });
    },
    readFile(file, options) {
        const { encoding, flag, signal } = getOptions(options, { flag: 'r' });
        const target = getTarget(file);
        const asText = isUtf8(encoding);
        const made = request('readFile', 'open', [target, getFlags(flag, 'r', 'options.flag'), asText],
            typeof target === 'string' ? target : undefined, undefined, (content) => {
                if (asText) return content;
                const bytes = buffers().from(content);
                return encoding === undefined || encoding === null || encoding === 'buffer' ? bytes : bytes.toString(encoding);
            });
        made.signal = signal;
        return made;
    },
    readlink(path, options) {
        const { encoding } = getOptions(options, {});
        path = getPath(path);
        return request('readlink', 'readlink', [path], path, undefined, (target) => encodeName(target, encoding));
    },
    realpath(path, options) {
        const { encoding } = getOptions(options, {});
        path = getPath(path);
        return request('realpath', 'realpath', [path], path, undefined, (target) => encodeName(target, encoding));
    },
    rename(from, to) {
        from = getPath(from, 'oldPath');
        to = getPath(to, 'newPath');
        return request('rename', 'rename', [from, to], from, to);
    },
    rm(path, options) {
        path = getPath(path);
        if (options !== undefined) validateObject(options, 'options');
        const { force = false, recursive = false } = options ?? {};
        validateBoolean(force, 'options.force');
        validateBoolean(recursive, 'options.recursive');
        return request('rm', 'rm', [path, recursive, force], path);
    },
    rmdir(path, options) {
        path = getPath(path);
        return options?.recursive ? request('rm', 'rmdir', [path, true, false], path) : request('rmdir', 'rmdir', [path], path);
    },
    stat: stat('stat', getPath, true),
    statfs(path, options) {
        const bigint = !!options?.bigint;
        path = getPath(path);
        return request('statfs', 'statfs', [path, bigint], path, undefined, makeStatFs);
    },
    symlink(target, path) {
        target = getPath(target, 'target');
        path = getPath(path);
        return request('symlink', 'symlink', [target, path], target, path);
    },
    truncate(path, length = 0) {
        if (typeof path === 'number') return calls.ftruncate(path, length);
        path = getPath(path);
        validateInteger(length, 'len');
        return request('truncate', 'open', [path, length < 0 ? 0 : length], path);
    },
    unlink(path) {
        path = getPath(path);
        return request('unlink', 'unlink', [path], path);
    },
    utimes: utimes('utime', getPath, true),
    writeFile(file, data, options) {
        const { encoding, flag, flush, mode, signal } = getOptions(options, { encoding: 'utf8', mode: 0o666, flag: 'w' });
        if (flush !== undefined && flush !== null) validateBoolean(flush, 'options.flush');
        const target = getTarget(file);
        const content = getData(data, encoding);
        const flags = getFlags(flag, 'w', 'options.flag');
        const bits = getMode(mode, 'mode', 0o666);
        const path = typeof target === 'string' ? target : undefined;
        let made;
        if (typeof content === 'string') made = request('writeText', 'open', [target, content, flags, bits, !!flush], path);
        else {
            const id = lend(content);
            made = request('writeFile', 'open', [target, id, content.byteLength, flags, bits, !!flush], path);
            made.memory = id;
        }
        made.signal = signal;
        return made;
    },
};

function chown(syscall, get, follows) {
    return (file, uid, gid) => {
        file = get(file);
        validateInteger(uid, 'uid', -1, 4294967295);
        validateInteger(gid, 'gid', -1, 4294967295);
        return request('chown', syscall, [file, uid, gid, follows], typeof file === 'string' ? file : undefined);
    };
}
function stat(syscall, get, follows) {
    return (file, options) => {
        const bigint = !!options?.bigint;
        file = get(file);
        const made = request('stat', syscall, [file, follows, bigint], typeof file === 'string' ? file : undefined, undefined,
            (figures) => makeStats(figures, bigint));
        made.mayLack = options?.throwIfNoEntry === false;
        return made;
    };
}
function utimes(syscall, get, follows) {
    return (file, accessed, modified) => {
        file = get(file);
        return request('utimes', syscall, [file, getTime(accessed, 'time'), getTime(modified, 'time'), follows],
            typeof file === 'string' ? file : undefined);
    };
}

// --- Reading and writing at a descriptor -------------------------------------------------------------------------------

/** Where in its file a call reads or writes; -1 where the descriptor stands. */
function getPosition(position, name = 'position') {
    if (position === undefined || position === null) return -1;
    if (typeof position === 'bigint') position = primordials.Number(position);
    validateInteger(position, name, -1);
    return position;
}

function getSpan(view, offset, length, name) {
    offset ??= 0;
    validateInteger(offset, 'offset', 0);
    const { byteLength } = view;
    length ??= byteLength - offset;
    validateInteger(length, 'length');
    if (offset > byteLength) throw new ERR_OUT_OF_RANGE('offset', `<= ${byteLength}`, offset);
    if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
    if (length > byteLength - offset) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
    return [offset, length];
}

/** `read(fd, buffer, offset, length, position)`, `read(fd, buffer, options)` or `read(fd, options)`. */
calls.read = (fd, buffer, offset, length, position) => {
    fd = getDescriptor(fd);
    if (buffer === undefined || buffer === null || (typeof buffer === 'object' && !isView(buffer))) {
        ({ buffer = buffers().alloc(16384), offset, length, position } = buffer ?? {});
    } else if (offset !== null && typeof offset === 'object') ({ offset, length, position } = offset);
    if (!isView(buffer)) throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
    ({ 0: offset, 1: length } = getSpan(buffer, offset, length));
    const { 0: memory, 1: id } = host.memory(length);
    const made = request('read', 'read', [fd, id, length, getPosition(position)], undefined, undefined, (count) => {
        const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
        if (count > 0) TypedArrayPrototypeSet(target, new Uint8Array(memory, 0, count));
        return count;
    });
    made.memory = id;
    made.buffer = buffer;
    return made;
};

/** `write(fd, buffer, offset, length, position)`, `write(fd, buffer, options)` or `write(fd, string, position, encoding)`. */
calls.write = (fd, data, offset, length, position) => {
    fd = getDescriptor(fd);
    let bytes;
    if (typeof data === 'string') {
        position = offset;
        bytes = buffers().from(data, typeof length === 'string' ? length : 'utf8');
    } else {
        if (!isView(data)) throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
        if (offset !== null && typeof offset === 'object') ({ offset, length, position } = offset);
        ({ 0: offset, 1: length } = getSpan(data, offset, length));
        bytes = new Uint8Array(data.buffer, data.byteOffset + offset, length);
    }
    const id = lend(bytes);
    const made = request('write', 'write', [fd, id, bytes.byteLength, getPosition(position)]);
    made.memory = id;
    made.buffer = data;
    return made;
};

/** Of several views: how many bytes they are. */
function getViews(views) {
    validateViews(views);
    let size = 0;
    for (let i = 0; i < views.length; i++) size += views[i].byteLength;
    return size;
}
function validateViews(views) {
    if (!ArrayIsArray(views)) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', views);
    for (let i = 0; i < views.length; i++) {
        if (!isView(views[i])) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', views);
    }
}
/** A position that is no number stands for where the descriptor is. */
const getLoosePosition = (position) => (typeof position === 'number' ? position : -1);

// In one call of the system, as the bytes go by way of the host's memory anyway.
calls.readv = (fd, buffers, position) => {
    fd = getDescriptor(fd);
    const size = getViews(buffers);
    const { 0: memory, 1: id } = host.memory(size);
    const made = request('read', 'read', [fd, id, size, getLoosePosition(position)], undefined, undefined, (count) => {
        for (let i = 0, at = 0; at < count; i++) {
            const { byteLength } = buffers[i];
            const part = new Uint8Array(memory, at, MathMin(byteLength, count - at));
            TypedArrayPrototypeSet(bytesOf(buffers[i]), part);
            at += byteLength;
        }
        return count;
    });
    made.memory = id;
    made.buffer = buffers;
    return made;
};
calls.writev = (fd, buffers, position) => {
    fd = getDescriptor(fd);
    const size = getViews(buffers);
    const { 0: memory, 1: id } = host.memory(size);
    const all = new Uint8Array(memory);
    for (let i = 0, at = 0; i < buffers.length; i++) {
        TypedArrayPrototypeSet(all, bytesOf(buffers[i]), at);
        at += buffers[i].byteLength;
    }
    const made = request('write', 'write', [fd, id, size, getLoosePosition(position)]);
    made.memory = id;
    made.buffer = buffers;
    return made;
};

/** Reads up to `size` bytes; the outcome is a Buffer over memory that nobody else has. */
function readChunk(fd, size, position = -1) {
    const { 0: memory, 1: id } = host.memory(size);
    const made = request('read', 'read', [fd, id, size, position], undefined, undefined, (count) => {
        const { Buffer } = require('buffer');
        // A little in a large memory would hold on to all of it.
        return count < size / 2 ? Buffer.copyBytesFrom(new Uint8Array(memory, 0, count)) : Buffer.from(memory, 0, count);
    });
    made.memory = id;
    return made;
}
/** `fs.read` as it was made, by which its users see whether a program has replaced it. */
let publicRead;
function setOwnRead(read) { publicRead = read; }
function ownRead() { return publicRead; }

// --- Performing --------------------------------------------------------------------------------------------------------

/** The outcome of a request; throws if it failed. */
function settle(made, outcome) {
    if (made.memory !== undefined) host.release(made.memory);
    if (typeof outcome === 'number' && outcome < 0) {
        if (made.mayLack && (outcome === -2 || outcome === -20)) return undefined;
        throw uvException({ errno: outcome, syscall: made.syscall, path: made.path, dest: made.dest });
    }
    if (outcome !== null && typeof outcome === 'object' && outcome.errno !== undefined) {
        const { errno, path, syscall } = outcome;
        if (syscall === 'rm' && errno === -21) {
            throw new ERR_FS_EISDIR({ code: 'EISDIR', message: 'is a directory', path, syscall: 'rm', errno: 21 });
        }
        throw uvException({ errno, syscall, path: path === '' ? undefined : path });
    }
    return made.result === undefined ? outcome : made.result(outcome);
}

function performSync(made) {
    return settle(made, ReflectApply(host[made.call], undefined, made.args));
}

function perform(made, done) {
    const { signal } = made;
    if (signal?.aborted) {
        if (made.memory !== undefined) host.release(made.memory);
        require('process').nextTick(done, new AbortError(undefined, { cause: signal.reason }));
        return;
    }
    ReflectApply(host[`${made.call}Later`], undefined, [(outcome) => {
        let value;
        try {
            if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
            value = settle(made, outcome);
        } catch (error) {
            done(error);
            return;
        }
        done(null, value);
    }, ...made.args]);
}

function performAsync(made) {
    return new Promise((resolve, reject) => {
        perform(made, (error, value) => {
            if (error === null) resolve(value);
            else reject(error);
        });
    });
}

module.exports = { calls, ownRead, perform, performAsync, performSync, readChunk, setOwnRead };
