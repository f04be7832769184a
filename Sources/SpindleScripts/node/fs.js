// node:fs. What each call does is in internal/fs/calls; here it gets its forms.

const { ObjectDefineProperty, PromisePrototypeThen, ReflectApply } = primordials;
const { validateFunction } = require('internal/validators');
const { calls, perform, performSync, setOwnRead } = require('internal/fs/calls');
const { Dir } = require('internal/fs/directory');
const { Dirent, Stats, constants, getTime } = require('internal/fs/values');

const fs = module.exports;

/** The callback is what is called with (error, value); undefined values are left out, as in Node. */
function withCallback(prepare) {
    return (...args) => {
        const callback = args.length === 0 ? undefined : args[args.length - 1];
        validateFunction(callback, 'cb');
        args.length--;
        perform(ReflectApply(prepare, undefined, args), (error, value) => {
            if (error !== null) callback(error);
            else if (value === undefined) callback(null);
            else callback(null, value);
        });
    };
}

function define(name, value, length) {
    ObjectDefineProperty(value, 'name', { __proto__: null, configurable: true, value: name });
    if (length !== undefined) ObjectDefineProperty(value, 'length', { __proto__: null, configurable: true, value: length });
    fs[name] = value;
}

for (const name in calls) {
    const prepare = calls[name];
    define(name, withCallback(prepare), prepare.length + 1);
    define(`${name}Sync`, (...args) => performSync(ReflectApply(prepare, undefined, args)), prepare.length);
}

/** Of these the callback has a third argument, the buffer or buffers, and the promisified form gives both. */
for (const name of ['read', 'readv', 'write', 'writev']) {
    const prepare = calls[name];
    define(name, (...args) => {
        const callback = args.length === 0 ? undefined : args[args.length - 1];
        validateFunction(callback, 'cb');
        args.length--;
        const made = ReflectApply(prepare, undefined, args);
        perform(made, (error, count) => {
            if (error !== null) callback(error);
            else callback(null, count, made.buffer);
        });
    });
    const key = name[0] === 'r' ? 'bytesRead' : 'bytesWritten';
    const buffers = name.length > 5 || name === 'readv' ? 'buffers' : 'buffer';
    ObjectDefineProperty(fs[name], primordials.SymbolFor('nodejs.util.promisify.custom'), {
        __proto__: null,
        value: (...args) => new primordials.Promise((resolve, reject) => {
            fs[name](...args, (error, count, buffer) => {
                if (error) reject(error);
                else resolve({ [key]: count, [buffers]: buffer });
            });
        }),
    });
}

setOwnRead(fs.read);

define('existsSync', (path) => {
    try {
        performSync(calls.access(path));
        return true;
    } catch {
        return false;
    }
});
define('exists', (path, callback) => {
    validateFunction(callback, 'cb');
    let made;
    try {
        made = calls.access(path);
    } catch {
        require('process').nextTick(callback, false);
        return;
    }
    perform(made, (error) => callback(error === null));
});
ObjectDefineProperty(fs.exists, primordials.SymbolFor('nodejs.util.promisify.custom'), {
    __proto__: null, value: (path) => new primordials.Promise((resolve) => { fs.exists(path, resolve); }),
});

define('cpSync', (source, destination, options) => require('internal/fs/copy').cpSync(source, destination, options));
define('cp', (source, destination, options, callback) => {
    if (typeof options === 'function') {
        callback = options;
        options = undefined;
    }
    validateFunction(callback, 'cb');
    PromisePrototypeThen(require('internal/fs/copy').cp(source, destination, options), () => callback(null), callback);
});

define('createReadStream', (path, options) => new fs.ReadStream(path, options));
define('createWriteStream', (path, options) => new fs.WriteStream(path, options));
/** Programs replace these classes, so they are members that can be written. */
for (const { 0: name, 1: original } of [
    ['ReadStream', 'ReadStream'], ['WriteStream', 'WriteStream'], ['FileReadStream', 'ReadStream'],
    ['FileWriteStream', 'WriteStream'],
]) {
    const settle = (value) => {
        ObjectDefineProperty(fs, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
    };
    ObjectDefineProperty(fs, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const value = require('internal/fs/streams')[original];
            settle(value);
            return value;
        },
        set: settle,
    });
}

define('watch', (...args) => ReflectApply(require('internal/fs/watchers').watch, fs, args));
define('watchFile', (...args) => ReflectApply(require('internal/fs/watchers').watchFile, fs, args));
define('unwatchFile', (...args) => ReflectApply(require('internal/fs/watchers').unwatchFile, fs, args));

fs.realpath.native = fs.realpath;
fs.realpathSync.native = fs.realpathSync;
fs.Dir = Dir;
fs.Dirent = Dirent;
fs.Stats = Stats;
fs.constants = constants;
fs.F_OK = constants.F_OK;
fs.R_OK = constants.R_OK;
fs.W_OK = constants.W_OK;
fs.X_OK = constants.X_OK;
fs._toUnixTimestamp = getTime;
ObjectDefineProperty(fs, 'promises', {
    __proto__: null, configurable: true, enumerable: true, get: () => require('fs/promises'),
});
