// node:fs/promises.

const { PromiseReject, ReflectApply, SymbolAsyncDispose } = primordials;
const EventEmitter = require('events');
const { calls, performAsync } = require('internal/fs/calls');
require('internal/fs/directory');
const { constants } = require('internal/fs/values');

const promises = module.exports;

for (const name in calls) {
    const prepare = calls[name];
    promises[name] = async (...args) => {
        // A FileHandle stands for its descriptor.
        if (args[0] instanceof FileHandle) args[0] = args[0].fd;
        return performAsync(ReflectApply(prepare, undefined, args));
    };
    primordials.ObjectDefineProperty(promises[name], 'name', { __proto__: null, configurable: true, value: name });
}
// These need a descriptor, which is the business of a FileHandle.
for (const name of ['close', 'fchmod', 'fchown', 'fdatasync', 'fstat', 'fsync', 'ftruncate', 'futimes', 'read', 'write']) {
    delete promises[name];
}

class FileHandle extends EventEmitter {
    #fd;

    constructor(fd) {
        super();
        this.#fd = fd;
    }

    get fd() { return this.#fd; }

    #perform(name, ...args) {
        if (this.#fd < 0) {
            const { uvException } = require('internal/errors');
            return PromiseReject(uvException({ errno: -9, syscall: name, message: 'file closed' }));
        }
        try {
            return performAsync(calls[name](this.#fd, ...args));
        } catch (error) {
            return PromiseReject(error);
        }
    }

    appendFile(data, options) { return this.#perform('writeFile', data, options); }
    chmod(mode) { return this.#perform('fchmod', mode); }
    chown(uid, gid) { return this.#perform('fchown', uid, gid); }
    datasync() { return this.#perform('fdatasync'); }
    readFile(options) { return this.#perform('readFile', options); }
    stat(options) { return this.#perform('fstat', options); }
    sync() { return this.#perform('fsync'); }
    truncate(length) { return this.#perform('ftruncate', length); }
    utimes(accessed, modified) { return this.#perform('futimes', accessed, modified); }
    writeFile(data, options) { return this.#perform('writeFile', data, options); }

    async read(...args) {
        const made = calls.read(this.#fd, ...args);
        return { __proto__: null, bytesRead: await performAsync(made), buffer: made.buffer };
    }
    async write(...args) {
        const made = calls.write(this.#fd, ...args);
        return { __proto__: null, bytesWritten: await performAsync(made), buffer: made.buffer };
    }

    async close() {
        if (this.#fd < 0) return;
        const fd = this.#fd;
        this.#fd = -1;
        await performAsync(calls.close(fd));
        this.emit('close');
    }
    async [SymbolAsyncDispose]() { await this.close(); }
}

promises.open = async (path, flags, mode) => new FileHandle(await performAsync(calls.open(path, flags, mode)));
promises.cp = async (source, destination, options) => require('internal/fs/copy').cp(source, destination, options);
promises.constants = constants;
