// Entries of the performance timeline and the observers of new ones.

const {
    ArrayIsArray, ArrayPrototypeFilter, ArrayPrototypeIncludes, ArrayPrototypePush, ArrayPrototypeSlice, ArrayPrototypeSort,
    ObjectDefineProperty, ObjectFreeze, ReflectApply, SafeArrayIterator, Symbol, SymbolFor, SymbolToStringTag,
} = primordials;
const {
    codes: {
        ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS, ERR_VALID_PERFORMANCE_ENTRY_TYPE,
    },
} = require('internal/errors');
const { validateFunction, validateObject, validateString } = require('internal/validators');

const kCreate = Symbol('kCreate');
const kInspect = SymbolFor('nodejs.util.inspect.custom');

class PerformanceEntry {
    #name;
    #entryType;
    #startTime;
    #duration;
    #detail;
    constructor(token, name, entryType, startTime, duration, detail) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#name = name;
        this.#entryType = entryType;
        this.#startTime = startTime;
        this.#duration = duration;
        this.#detail = detail;
    }
    get name() { return this.#name; }
    get entryType() { return this.#entryType; }
    get startTime() { return this.#startTime; }
    get duration() { return this.#duration; }
    static detailOf(entry) { return entry.#detail; }

    toJSON() {
        const { name, entryType, startTime, duration } = this;
        return { name, entryType, startTime, duration, ...(this.#detail === undefined ? undefined : { detail: this.#detail }) };
    }
    [kInspect](depth, options) {
        if (depth < 0) return this;
        const { inspect } = require('internal/util/inspect');
        const depthLeft = options.depth == null ? null : options.depth - 1;
        return `${this.constructor.name} ${inspect(this.toJSON(), { ...options, depth: depthLeft })}`;
    }
}
const { detailOf } = PerformanceEntry;
delete PerformanceEntry.detailOf;
ObjectDefineProperty(PerformanceEntry.prototype, SymbolToStringTag, {
    __proto__: null, configurable: true, value: 'PerformanceEntry',
});

/** An entry whose `detail` shows: that of a function call that was measured. */
class PerformanceNodeEntry extends PerformanceEntry {
    get detail() { return detailOf(this); }
}

// --- The timeline ------------------------------------------------------------------------------------------------------

/** Marks and measures until they are cleared. */
let timeline = [];
const byStart = (list) => ArrayPrototypeSort(list, (a, b) => a.startTime - b.startTime);
const matches = (name, type) => (entry) => (
    (name === undefined || entry.name === name) && (type === undefined || entry.entryType === type));

function select(name, type) { return byStart(ArrayPrototypeFilter(timeline, matches(name, type))); }
function clear(name, type) {
    const gone = matches(name === undefined ? undefined : `${name}`, type);
    timeline = ArrayPrototypeFilter(timeline, (entry) => !gone(entry));
}

/** Puts an entry before its observers, and if it `stays` into the timeline. */
function enqueue(entry, stays) {
    if (stays) ArrayPrototypePush(timeline, entry);
    for (let i = 0; i < observers.length; i++) deliver(observers[i], entry);
}

// --- Observers ---------------------------------------------------------------------------------------------------------

const entryTypes = ObjectFreeze(['function', 'mark', 'measure']);
let observers = [];
let deliver;
let isScheduled = false;

function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    require('internal/timers').setImmediate(() => {
        isScheduled = false;
        const list = ArrayPrototypeSlice(observers);
        for (let i = 0; i < list.length; i++) list[i][kFlush]();
    });
}
const kFlush = Symbol('kFlush');

class PerformanceObserverEntryList {
    #entries;
    constructor(token, entries) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#entries = byStart(entries);
    }
    getEntries() { return ArrayPrototypeSlice(this.#entries); }
    getEntriesByType(type) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
        return ArrayPrototypeFilter(this.#entries, matches(undefined, `${type}`));
    }
    getEntriesByName(name, type = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        return ArrayPrototypeFilter(this.#entries, matches(`${name}`, type === undefined ? undefined : `${type}`));
    }
}

class PerformanceObserver {
    #callback;
    #buffer = [];
    #types = [];
    /** Whether observe() was called with 'type', which adds up, or with 'entryTypes', which replaces. */
    #isSingle;

    constructor(callback) {
        validateFunction(callback, 'callback');
        this.#callback = callback;
    }
    static get supportedEntryTypes() { return entryTypes; }

    static {
        deliver = (observer, entry) => {
            if (!ArrayPrototypeIncludes(observer.#types, entry.entryType)) return;
            ArrayPrototypePush(observer.#buffer, entry);
            schedule();
        };
    }

    observe(options = {}) {
        validateObject(options, 'options');
        const { entryTypes: types, type, buffered } = options;
        if (types === undefined && type === undefined) throw new ERR_MISSING_ARGS('options.entryTypes', 'options.type');
        if (types != null && type != null) {
            throw new ERR_INVALID_ARG_VALUE(
                'options.entryTypes', types, 'options.entryTypes can not set with options.type together');
        }
        const isSingle = types === undefined;
        if (this.#isSingle !== undefined && this.#isSingle !== isSingle) {
            const { DOMException } = require('internal/dom_exception');
            throw new DOMException('PerformanceObserver can not change observer type', 'InvalidModificationError');
        }
        this.#isSingle = isSingle;
        if (isSingle) {
            validateString(type, 'options.type');
            if (!ArrayPrototypeIncludes(this.#types, type)) ArrayPrototypePush(this.#types, type);
            if (buffered) {
                const past = select(undefined, type);
                for (let i = 0; i < past.length; i++) ArrayPrototypePush(this.#buffer, past[i]);
                if (past.length > 0) schedule();
            }
        } else {
            if (!ArrayIsArray(types)) throw new ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', types);
            this.#types = ArrayPrototypeFilter(types, (name) => ArrayPrototypeIncludes(entryTypes, name));
            if (types.length === 0) throw new ERR_VALID_PERFORMANCE_ENTRY_TYPE();
        }
        if (!ArrayPrototypeIncludes(observers, this)) observers = [...new SafeArrayIterator(observers), this];
    }
    disconnect() {
        observers = ArrayPrototypeFilter(observers, (observer) => observer !== this);
        this.#buffer = [];
        this.#types = [];
        this.#isSingle = undefined;
    }
    takeRecords() {
        const list = this.#buffer;
        this.#buffer = [];
        return list;
    }
    [kFlush]() {
        if (this.#buffer.length === 0) return;
        const list = new PerformanceObserverEntryList(kCreate, this.takeRecords());
        ReflectApply(this.#callback, this, [list, this, { droppedEntriesCount: 0 }]);
    }
}

module.exports = {
    PerformanceEntry, PerformanceNodeEntry, PerformanceObserver, PerformanceObserverEntryList, clear, detailOf, enqueue, kCreate,
    select,
};
