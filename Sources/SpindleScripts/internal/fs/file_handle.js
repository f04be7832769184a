// FileHandle of fs/promises: an open file, which can be handed to another thread.

const {
    ArrayBuffer, Error, Int32Array, Promise, PromisePrototypeFinally, PromisePrototypeThen, PromiseReject, PromiseResolve,
    SymbolAsyncDispose, Uint8Array,
} = primordials;
const EventEmitter = require('events');
const { codes: { ERR_INVALID_STATE } } = require('internal/errors');
const { calls, performAsync, readChunk } = require('internal/fs/calls');
const { defineType, register } = require('internal/transferable');

let typeOfHandle;

class FileHandle extends EventEmitter {
    #fd;
    /** Calls and streams that use it: it is closed once there are none. */
    #users = 0;
    /** `{ promise, resolve, reject }` of a close that waits. */
    #closing;
    #isLocked = false;

    static {
        typeOfHandle = defineType({
            name: 'FileHandle',
            transfer(handle) {
                const memory = new ArrayBuffer(4);
                new Int32Array(memory)[0] = handle.#fd;
                handle.#fd = -1;
                return memory;
            },
            receive: (memory) => new FileHandle(new Int32Array(memory)[0]),
            detached: (handle) => handle.#fd < 0 || handle.#users > 0,
        });
    }

    constructor(fd) {
        super();
        this.#fd = fd;
        register(this, typeOfHandle);
    }

    get fd() { return this.#fd; }

    static hold(handle) { handle.#users++; }
    static release(handle) {
        if (--handle.#users > 0 || handle.#closing === undefined) return;
        const { resolve, reject } = handle.#closing;
        PromisePrototypeThen(handle.#closeNow(), resolve, reject);
    }

    /** Performs what `prepare(fd)` asks for; errors name the call. */
    #run(syscall, prepare) {
        if (this.#fd < 0) {
            const error = new Error('file closed');
            error.code = 'EBADF';
            error.syscall = syscall;
            return PromiseReject(error);
        }
        let made;
        try {
            made = prepare(this.#fd);
        } catch (error) {
            return PromiseReject(error);
        }
        this.#users++;
        return PromisePrototypeFinally(performAsync(made), () => FileHandle.release(this));
    }

    appendFile(data, options) { return this.#run('writeFile', (fd) => calls.writeFile(fd, data, options)); }
    chmod(mode) { return this.#run('fchmod', (fd) => calls.fchmod(fd, mode)); }
    chown(uid, gid) { return this.#run('fchown', (fd) => calls.fchown(fd, uid, gid)); }
    datasync() { return this.#run('fdatasync', (fd) => calls.fdatasync(fd)); }
    readFile(options) { return this.#run('readFile', (fd) => calls.readFile(fd, options)); }
    stat(options) { return this.#run('fstat', (fd) => calls.fstat(fd, options)); }
    sync() { return this.#run('fsync', (fd) => calls.fsync(fd)); }
    truncate(length) { return this.#run('ftruncate', (fd) => calls.ftruncate(fd, length)); }
    utimes(accessed, modified) { return this.#run('futimes', (fd) => calls.futimes(fd, accessed, modified)); }
    writeFile(data, options) { return this.#run('writeFile', (fd) => calls.writeFile(fd, data, options)); }

    async read(...args) {
        let made;
        const bytesRead = await this.#run('read', (fd) => made = calls.read(fd, ...args));
        return { __proto__: null, bytesRead, buffer: made.buffer };
    }
    async readv(buffers, position) {
        const bytesRead = await this.#run('readv', (fd) => calls.readv(fd, buffers, position));
        return { __proto__: null, bytesRead, buffers };
    }
    async write(...args) {
        let made;
        const bytesWritten = await this.#run('write', (fd) => made = calls.write(fd, ...args));
        return { __proto__: null, bytesWritten, buffer: made.buffer };
    }
    async writev(buffers, position) {
        const bytesWritten = await this.#run('writev', (fd) => calls.writev(fd, buffers, position));
        return { __proto__: null, bytesWritten, buffers };
    }

    createReadStream(options) {
        const { ReadStream } = require('internal/fs/streams');
        return new ReadStream(undefined, { ...options, fd: this });
    }
    createWriteStream(options) {
        const { WriteStream } = require('internal/fs/streams');
        return new WriteStream(undefined, { ...options, fd: this });
    }
    readLines(options) {
        return require('readline').createInterface({ input: this.createReadStream(options), crlfDelay: Infinity });
    }
    /** Locked to the handle for good: there is one such stream. */
    readableWebStream(options = { __proto__: null }) {
        if (this.#fd < 0) throw new ERR_INVALID_STATE('The FileHandle is closed');
        if (this.#closing !== undefined) throw new ERR_INVALID_STATE('The FileHandle is closing');
        if (this.#isLocked) throw new ERR_INVALID_STATE('The FileHandle is locked');
        this.#isLocked = true;
        const { ReadableStream } = require('internal/webstreams/readable');
        FileHandle.hold(this);
        let isHeld = true;
        const letGo = () => {
            if (!isHeld) return undefined;
            isHeld = false;
            FileHandle.release(this);
            return options?.autoClose ? this.close() : undefined;
        };
        this.once('close', () => { isHeld = false; });
        return new ReadableStream({
            type: 'bytes',
            autoAllocateChunkSize: 16384,
            pull: async (controller) => {
                const chunk = await this.#run('read', (fd) => readChunk(fd, 16384));
                if (chunk.length > 0) {
                    controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
                    return;
                }
                await letGo();
                controller.close();
                controller.byobRequest?.respond(0);
            },
            cancel: letGo,
        });
    }

    close() {
        if (this.#fd < 0) return PromiseResolve();
        if (this.#closing !== undefined) return this.#closing.promise;
        let promise;
        if (this.#users === 0) promise = this.#closeNow();
        else {
            const closing = this.#closing = { __proto__: null };
            promise = closing.promise = new Promise((resolve, reject) => {
                closing.resolve = resolve;
                closing.reject = reject;
            });
        }
        // At once, so that its streams end.
        this.emit('close');
        return promise;
    }
    async #closeNow() {
        const fd = this.#fd;
        this.#fd = -1;
        await performAsync(calls.close(fd));
    }
    async [SymbolAsyncDispose]() { await this.close(); }
}

module.exports = { FileHandle };
