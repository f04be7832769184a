// fs.Dir: the entries of a directory, one after the other. They are all read when it is opened.

const { ObjectDefineProperty, PromiseReject, PromiseResolve, SymbolAsyncIterator } = primordials;
const { codes: { ERR_DIR_CLOSED } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { calls } = require('internal/fs/calls');
const { getPath } = require('internal/fs/values');

class Dir {
    #path;
    #entries;
    #next = 0;
    #isClosed = false;

    constructor(path, entries) {
        this.#path = path;
        this.#entries = entries;
    }

    get path() { return this.#path; }

    readSync() {
        if (this.#isClosed) throw new ERR_DIR_CLOSED();
        return this.#next < this.#entries.length ? this.#entries[this.#next++] : null;
    }
    read(callback) {
        if (callback === undefined) {
            try {
                return PromiseResolve(this.readSync());
            } catch (error) {
                return PromiseReject(error);
            }
        }
        validateFunction(callback, 'callback');
        const entry = this.readSync();
        require('process').nextTick(callback, null, entry);
    }

    closeSync() {
        if (this.#isClosed) throw new ERR_DIR_CLOSED();
        this.#isClosed = true;
    }
    close(callback) {
        if (callback === undefined) {
            try {
                return PromiseResolve(this.closeSync());
            } catch (error) {
                return PromiseReject(error);
            }
        }
        validateFunction(callback, 'callback');
        this.closeSync();
        require('process').nextTick(callback, null);
    }

    async *entries() {
        try {
            for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry;
        } finally {
            if (!this.#isClosed) this.closeSync();
        }
    }
}
ObjectDefineProperty(Dir.prototype, SymbolAsyncIterator, {
    __proto__: null, configurable: true, enumerable: false, value: Dir.prototype.entries, writable: true,
});

/** Whatever is wrong with the directory shows when it is opened, as its entries are read then. */
calls.opendir = (path, options) => {
    const made = calls.readdir(path, { ...options, withFileTypes: true });
    made.syscall = 'opendir';
    const { result } = made;
    made.result = (found) => new Dir(getPath(path), result(found));
    return made;
};

module.exports = { Dir };
