// fs.watch, by events of the system, and fs.watchFile, by looking again and again.

const {
    ArrayPrototypePush, ArrayPrototypeShift, AsyncIteratorPrototype, ObjectSetPrototypeOf, Promise, PromiseReject,
    PromiseResolve, SafeMap, SymbolAsyncIterator, SymbolDispose,
} = primordials;
const EventEmitter = require('events');
const { AbortError, codes: { ERR_FS_WATCH_QUEUE_OVERFLOW }, uvException } = require('internal/errors');
const {
    validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf, validateUint32,
} = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const path = require('path');
const { encodeName, getOptions, getPath } = require('internal/fs/values');
const { calls, perform, performSync } = require('internal/fs/calls');
const host = binding('fs');

class FSWatcher extends EventEmitter {
    /** The host's numbers of the watches: by the path below the watched folder, '' for itself. */
    #watches = new SafeMap();
    #root;
    #encoding;
    #isReferenced = true;
    #isRecursive;
    #isClosed = false;

    constructor(filename, { encoding, persistent, recursive }) {
        super();
        this.#root = filename;
        this.#encoding = encoding;
        this.#isReferenced = persistent;
        this.#isRecursive = recursive && isDirectory(filename);
        const errno = this.#add('');
        if (errno < 0) throw watchError(errno, filename);
    }

    #add(below) {
        const full = below === '' ? this.#root : path.join(this.#root, below);
        const id = host.watch(full, (events) => this.#receive(below, events));
        if (id < 0) return id;
        if (!this.#isReferenced) host.refWatch(id, false);
        this.#watches.set(below, id);
        if (this.#isRecursive) this.#addFolders(below);
        return 0;
    }
    /** The folders in one that is watched; those that have gone by now tell of nothing. */
    #addFolders(below) {
        let entries;
        try {
            entries = performSync(calls.readdir(path.join(this.#root, below), { withFileTypes: true }));
        } catch {
            return;
        }
        for (let i = 0; i < entries.length; i++) {
            const inner = path.join(below, entries[i].name);
            if (entries[i].isDirectory() && !this.#watches.has(inner)) this.#add(inner);
        }
    }
    #receive(below, events) {
        for (let i = 0; i < events.length && !this.#isClosed; i += 2) {
            const { [i]: isRename, [i + 1]: name } = events;
            // Of a folder below, its own end is told by the one that it is in.
            if (name === '' && below !== '') {
                if (isRename) this.#drop(below);
                continue;
            }
            const changed = name === '' ? path.basename(this.#root) : path.join(below, name);
            if (isRename && this.#isRecursive && name !== '') {
                const isFolder = isDirectory(path.join(this.#root, changed));
                if (isFolder && !this.#watches.has(changed)) this.#add(changed);
            }
            this.emit('change', isRename ? 'rename' : 'change', encodeName(changed, this.#encoding));
        }
    }
    #drop(below) {
        const id = this.#watches.get(below);
        if (id === undefined) return;
        this.#watches.delete(below);
        host.unwatch(id);
    }

    close() {
        if (this.#isClosed) return;
        this.#isClosed = true;
        this.#watches.forEach((id) => host.unwatch(id));
        this.#watches.clear();
        nextTick(() => this.emit('close'));
    }
    ref() { return this.#setReference(true); }
    unref() { return this.#setReference(false); }
    #setReference(on) {
        this.#isReferenced = on;
        this.#watches.forEach((id) => host.refWatch(id, on));
        return this;
    }
}

function isDirectory(name) {
    try {
        return performSync(calls.stat(name)).isDirectory();
    } catch {
        return false;
    }
}
function watchError(errno, filename) {
    const error = uvException({ errno, syscall: 'watch', path: filename });
    error.filename = filename;
    return error;
}

function checkOptions(options) {
    const { persistent = true, recursive = false, signal } = options;
    validateBoolean(persistent, 'options.persistent');
    validateBoolean(recursive, 'options.recursive');
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    return { encoding: options.encoding, persistent, recursive, signal };
}

function watch(filename, options, listener) {
    if (typeof options === 'function') listener = options;
    const settings = checkOptions(getOptions(options, {}));
    filename = getPath(filename, 'filename');
    const watcher = new FSWatcher(filename, settings);
    if (listener !== undefined) {
        validateFunction(listener, 'listener');
        watcher.on('change', listener);
    }
    const { signal } = settings;
    if (signal?.aborted) nextTick(() => watcher.close());
    else if (signal !== undefined) {
        const aborting = EventEmitter.addAbortListener(signal, () => watcher.close());
        watcher.once('close', () => aborting[SymbolDispose]());
    }
    return watcher;
}

/** The form of fs/promises: an async iterator of `{ eventType, filename }`. */
function watchLater(filename, options = {}) {
    const own = typeof options === 'string' ? { encoding: options } : options;
    validateObject(own, 'options');
    const settings = checkOptions(getOptions(own, {}));
    const { maxQueue = 2048, overflow = 'ignore' } = own;
    validateInteger(maxQueue, 'options.maxQueue');
    validateOneOf(overflow, 'options.overflow', ['ignore', 'error']);
    filename = getPath(filename, 'filename');
    const { signal } = settings;
    const queue = [];
    let waiting;
    let failure;
    let isOver = false;
    let watcher;
    const end = (error) => {
        if (isOver) return;
        isOver = true;
        failure = error;
        watcher?.close();
        wake();
    };
    const wake = () => {
        waiting?.();
        waiting = undefined;
    };
    const abort = () => end(new AbortError(undefined, { cause: signal.reason }));
    const start = () => {
        watcher = new FSWatcher(filename, settings);
        watcher.on('change', (eventType, name) => {
            if (queue.length < maxQueue) ArrayPrototypePush(queue, { __proto__: null, eventType, filename: name });
            else if (overflow === 'error') end(new ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue));
            else require('process').emitWarning('fs.watch maxQueue exceeded');
            wake();
        });
        if (signal !== undefined) EventEmitter.addAbortListener(signal, abort);
    };
    return ObjectSetPrototypeOf({
        async next() {
            if (signal?.aborted && !isOver) abort();
            if (watcher === undefined && !isOver) start();
            while (queue.length === 0 && !isOver) await new Promise((resolve) => { waiting = resolve; });
            if (queue.length > 0) return { value: ArrayPrototypeShift(queue), done: false };
            const error = failure;
            failure = undefined;
            if (error !== undefined) throw error;
            return { value: undefined, done: true };
        },
        return() {
            end();
            return PromiseResolve({ value: undefined, done: true });
        },
        throw(error) {
            end();
            return PromiseReject(error);
        },
        [SymbolAsyncIterator]() { return this; },
    }, AsyncIteratorPrototype);
}

// --- Looking again and again -------------------------------------------------------------------------------------------

/** The watchers that there are, by absolute path: files are looked at once for all listeners. */
const statWatchers = new SafeMap();

class StatWatcher extends EventEmitter {
    #filename;
    #interval;
    #bigint;
    #timer;
    #last;
    #isMissing = false;
    #isStopped = false;
    #isReferenced;

    constructor(filename, { bigint, interval, persistent }) {
        super();
        this.#filename = filename;
        this.#interval = interval;
        this.#bigint = bigint;
        this.#isReferenced = persistent;
        this.#look();
    }
    #look() {
        perform(calls.stat(this.#filename, { bigint: this.#bigint }), (error, stats) => {
            if (this.#isStopped) return;
            this.#compare(error ? undefined : stats);
            const { setTimeout } = require('timers');
            this.#timer = setTimeout(() => this.#look(), this.#interval);
            if (!this.#isReferenced) this.#timer.unref();
        });
    }
    #compare(found) {
        const before = this.#last;
        const stats = found ?? require('internal/fs/values').noStats(this.#bigint);
        const wasMissing = this.#isMissing;
        this.#last = stats;
        this.#isMissing = found === undefined;
        if (before === undefined) {
            // Once, for a file that is not there from the beginning.
            if (this.#isMissing) this.emit('change', stats, stats);
            return;
        }
        if (this.#isMissing && wasMissing) return;
        if (this.#isMissing !== wasMissing || differ(before, stats)) this.emit('change', stats, before);
    }
    stop() {
        if (this.#isStopped) return;
        this.#isStopped = true;
        this.#timer?.close();
        nextTick(() => this.emit('stop'));
    }
    ref() {
        this.#isReferenced = true;
        this.#timer?.ref();
        return this;
    }
    unref() {
        this.#isReferenced = false;
        this.#timer?.unref();
        return this;
    }
}
function differ(a, b) {
    return a.mtimeMs !== b.mtimeMs || a.ctimeMs !== b.ctimeMs || a.size !== b.size || a.mode !== b.mode || a.ino !== b.ino ||
        a.dev !== b.dev || a.uid !== b.uid || a.gid !== b.gid || a.nlink !== b.nlink;
}

function watchFile(filename, options, listener) {
    filename = path.resolve(getPath(filename));
    if (options === null || typeof options !== 'object') {
        listener = options;
        options = undefined;
    }
    validateFunction(listener, 'listener');
    const { bigint = false, interval = 5007, persistent = true } = options ?? {};
    validateUint32(interval, 'interval');
    let watcher = statWatchers.get(filename);
    if (watcher === undefined) {
        watcher = new StatWatcher(filename, { bigint, interval, persistent });
        statWatchers.set(filename, watcher);
    }
    watcher.addListener('change', listener);
    return watcher;
}
function unwatchFile(filename, listener) {
    filename = path.resolve(getPath(filename));
    const watcher = statWatchers.get(filename);
    if (watcher === undefined) return;
    if (typeof listener === 'function') watcher.removeListener('change', listener);
    else watcher.removeAllListeners('change');
    if (watcher.listenerCount('change') > 0) return;
    watcher.stop();
    statWatchers.delete(filename);
}

module.exports = { FSWatcher, StatWatcher, unwatchFile, watch, watchFile, watchLater };
