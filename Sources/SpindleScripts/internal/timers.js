// Timers and immediates over the host's one timer.
//
// Timers of one duration form a list, in the order in which they expire; a heap orders the lists by their first expiry. So
// starting and clearing one of many equal timers takes constant time.

const {
    ArrayPrototypePush, FunctionPrototypeCall, MathMax, MathTrunc, NumberIsNaN, ObjectDefineProperties, ReflectApply, SafeMap,
    Symbol, SymbolDispose, SymbolFor, SymbolToPrimitive,
} = primordials;
const { validateFunction } = require('internal/validators');
const context = require('internal/async_context');
const { processTicksAndRejections } = require('internal/task_queues');
const { report } = require('internal/lifecycle');
const { now, refTimer, schedule, setup, toggleImmediate } = binding('timers');

const longest = 2 ** 31 - 1;
const kId = Symbol('asyncId');
const kFrame = Symbol('frame');
const kRefed = Symbol('refed');

let lastId = 1;
let lastListId = 0;
let refedTimers = 0;
/** Timers that were turned into numbers, which clearTimeout takes as well. */
const byId = new SafeMap();

// --- Lists and their heap ----------------------------------------------------------------------------------------------

const lists = new SafeMap();
/** A binary heap from index 1; each list knows its position. */
const heap = [null];
let heapSize = 0;

class TimersList {
    constructor(duration, expiry) {
        this._idleNext = this;
        this._idlePrev = this;
        this.expiry = expiry;
        this.id = ++lastListId;
        this.duration = duration;
        this.position = 0;
    }
}
const before = (a, b) => a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);

function place(list, position) {
    heap[position] = list;
    list.position = position;
}
function siftUp(list) {
    let at = list.position;
    for (let parent = at >> 1; parent > 0 && before(list, heap[parent]); parent = at >> 1) {
        place(heap[parent], at);
        at = parent;
    }
    place(list, at);
}
function siftDown(list) {
    let at = list.position;
    for (let child = at * 2; child <= heapSize; child = at * 2) {
        if (child < heapSize && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], list)) break;
        place(heap[child], at);
        at = child;
    }
    place(list, at);
}
function addList(list) {
    place(list, ++heapSize);
    siftUp(list);
}
function removeList(list) {
    lists.delete(list.duration);
    const last = heap[heapSize];
    heap[heapSize--] = null;
    if (last === list) return;
    place(last, list.position);
    siftUp(last);
    siftDown(last);
}

function link(list, timer) {
    timer._idleNext = list;
    timer._idlePrev = list._idlePrev;
    list._idlePrev._idleNext = timer;
    list._idlePrev = timer;
}
function unlink(timer) {
    if (timer._idleNext === null) return;
    timer._idleNext._idlePrev = timer._idlePrev;
    timer._idlePrev._idleNext = timer._idleNext;
    timer._idleNext = timer._idlePrev = null;
}

function insert(timer, start = now()) {
    timer._idleStart = start;
    const duration = MathTrunc(timer._idleTimeout);
    let list = lists.get(duration);
    if (list === undefined) {
        list = new TimersList(duration, start + duration);
        lists.set(duration, list);
        addList(list);
        if (heap[1] === list) arm();
    }
    link(list, timer);
}
/** Takes a timer out of its list; the list goes with the last one. */
function extract(timer) {
    if (timer._idleNext === null) return;
    const list = timer._idleNext === timer._idlePrev ? timer._idleNext : undefined;
    unlink(timer);
    if (list !== undefined && lists.get(list.duration) === list) removeList(list);
}

let processing = false;
function arm() {
    if (processing) return;
    schedule(heapSize === 0 ? -1 : MathMax(heap[1].expiry - now(), 1));
}

function countRefed(change) {
    refedTimers += change;
    if (refedTimers === (change > 0 ? 1 : 0)) refTimer(change > 0);
}

/** Called by the host when the earliest timer is due. */
function processTimers() {
    // Read once: timers that fall due while others run wait for the next turn, so that they cannot starve the loop.
    const time = now();
    let first = true;
    processing = true;
    while (heapSize > 0 && heap[1].expiry <= time) {
        const list = heap[1];
        for (let timer = list._idleNext; timer !== list; timer = list._idleNext) {
            if (time - timer._idleStart < list.duration) {
                // Its last timers were started later than the list was made for.
                list.expiry = MathMax(timer._idleStart + list.duration, time + 1);
                list.id = ++lastListId;
                siftDown(list);
                break;
            }
            if (!first) {
                processTicksAndRejections();
                // A tick may have cleared it.
                if (list._idleNext !== timer) {
                    first = true;
                    continue;
                }
            }
            first = false;
            unlink(timer);
            fire(timer);
        }
        if (list._idleNext === list && lists.get(list.duration) === list) removeList(list);
    }
    processing = false;
    arm();
}

function fire(timer) {
    const start = timer._repeat === null ? 0 : now();
    context.current = timer[kFrame];
    try {
        if (timer._timerArgs === undefined) FunctionPrototypeCall(timer._onTimeout, timer);
        else ReflectApply(timer._onTimeout, timer, timer._timerArgs);
    } catch (error) {
        report(error);
    }
    context.current = undefined;
    // The callback may have restarted it by refresh(), or closed it.
    if (timer._idleNext !== null || timer._destroyed) return;
    if (timer._repeat !== null && timer._idleTimeout !== -1) {
        timer._idleTimeout = timer._repeat;
        insert(timer, start);
    } else destroy(timer);
}

function destroy(timer) {
    if (timer._destroyed) return;
    timer._destroyed = true;
    if (timer[kRefed]) countRefed(-1);
    byId.delete(timer[kId]);
}

// --- Timeout -----------------------------------------------------------------------------------------------------------

let warnedOfNegative = false;
let warnedOfNaN = false;

function clamp(after) {
    if (after === undefined) return 1;
    after *= 1;
    if (after >= 1 && after <= longest) return after;
    let reason;
    let name;
    if (after > longest) {
        reason = 'does not fit into a 32-bit signed integer.';
        name = 'TimeoutOverflowWarning';
    } else if (after < 0 && !warnedOfNegative) {
        warnedOfNegative = true;
        reason = 'is a negative number.';
        name = 'TimeoutNegativeWarning';
    } else if (NumberIsNaN(after) && !warnedOfNaN) {
        warnedOfNaN = true;
        reason = 'is not a number.';
        name = 'TimeoutNaNWarning';
    }
    if (name !== undefined) require('process').emitWarning(`${after} ${reason}\nTimeout duration was set to 1.`, name);
    return 1;
}

class Timeout {
    constructor(callback, after, args, repeat, refed) {
        this._idleTimeout = clamp(after);
        this._idlePrev = null;
        this._idleNext = null;
        this._idleStart = 0;
        this._onTimeout = callback;
        this._timerArgs = args;
        this._repeat = repeat ? this._idleTimeout : null;
        this._destroyed = false;
        this[kRefed] = refed;
        this[kId] = ++lastId;
        this[kFrame] = context.current;
        if (refed) countRefed(1);
        insert(this);
    }

    ref() {
        if (!this[kRefed]) {
            this[kRefed] = true;
            if (!this._destroyed) countRefed(1);
        }
        return this;
    }
    unref() {
        if (this[kRefed]) {
            this[kRefed] = false;
            if (!this._destroyed) countRefed(-1);
        }
        return this;
    }
    hasRef() { return this[kRefed]; }
    /** Starts it anew with its old duration; brings one that has fired back to life. */
    refresh() {
        if (this._idleTimeout === -1) return this;
        extract(this);
        if (this._destroyed) {
            this._destroyed = false;
            if (this[kRefed]) countRefed(1);
        }
        insert(this);
        return this;
    }
    close() {
        clearTimeout(this);
        return this;
    }
    [SymbolToPrimitive]() {
        if (!this._destroyed) byId.set(this[kId], this);
        return this[kId];
    }
    [SymbolDispose]() { clearTimeout(this); }
}

function setTimeout(callback, after, ...args) {
    validateFunction(callback, 'callback');
    return new Timeout(callback, after, args.length === 0 ? undefined : args, false, true);
}
function setInterval(callback, repeat, ...args) {
    validateFunction(callback, 'callback');
    return new Timeout(callback, repeat, args.length === 0 ? undefined : args, true, true);
}
function clearTimeout(timer) {
    if (typeof timer === 'number' || typeof timer === 'string') timer = byId.get(+timer);
    if (!(timer instanceof Timeout)) {
        if (timer instanceof Immediate) clearImmediate(timer);
        return;
    }
    extract(timer);
    timer._idleTimeout = -1;
    timer._onTimeout = null;
    destroy(timer);
}
function clearInterval(timer) { clearTimeout(timer); }

// --- Immediate ---------------------------------------------------------------------------------------------------------

let immediates = [];
let refedImmediates = 0;

function countImmediates(change) {
    refedImmediates += change;
    if (refedImmediates === (change > 0 ? 1 : 0)) toggleImmediate(change > 0);
}

class Immediate {
    constructor(callback, args) {
        this._onImmediate = callback;
        this._argv = args;
        this._destroyed = false;
        this[kRefed] = true;
        this[kFrame] = context.current;
        countImmediates(1);
        ArrayPrototypePush(immediates, this);
    }
    ref() {
        if (!this[kRefed]) {
            this[kRefed] = true;
            if (!this._destroyed) countImmediates(1);
        }
        return this;
    }
    unref() {
        if (this[kRefed]) {
            this[kRefed] = false;
            if (!this._destroyed) countImmediates(-1);
        }
        return this;
    }
    hasRef() { return this[kRefed]; }
    [SymbolDispose]() { clearImmediate(this); }
}

/** Called by the host once a turn; those that callbacks add wait for the next. Tells whether there are such. */
function processImmediates() {
    const batch = immediates;
    immediates = [];
    let first = true;
    for (let i = 0; i < batch.length; i++) {
        const immediate = batch[i];
        if (immediate._destroyed) continue;
        if (first) first = false;
        else {
            processTicksAndRejections();
            if (immediate._destroyed) continue;
        }
        const { _onImmediate: callback, _argv: args } = immediate;
        discard(immediate);
        context.current = immediate[kFrame];
        try {
            if (args === undefined) callback();
            else ReflectApply(callback, undefined, args);
        } catch (error) {
            report(error);
        }
        context.current = undefined;
    }
    return immediates.length > 0;
}
function discard(immediate) {
    immediate._destroyed = true;
    immediate._onImmediate = null;
    if (immediate[kRefed]) countImmediates(-1);
}

function setImmediate(callback, ...args) {
    validateFunction(callback, 'callback');
    return new Immediate(callback, args.length === 0 ? undefined : args);
}
function clearImmediate(immediate) {
    if (immediate instanceof Immediate && !immediate._destroyed) discard(immediate);
}

const kPromisify = SymbolFor('nodejs.util.promisify.custom');
ObjectDefineProperties(setTimeout, {
    [kPromisify]: { __proto__: null, enumerable: true, get: () => require('timers/promises').setTimeout },
});
ObjectDefineProperties(setImmediate, {
    [kPromisify]: { __proto__: null, enumerable: true, get: () => require('timers/promises').setImmediate },
});

/** Names of what keeps the loop alive here, one for each. */
function activeResources() {
    const names = [];
    for (let i = 0; i < refedTimers; i++) ArrayPrototypePush(names, 'Timeout');
    for (let i = 0; i < refedImmediates; i++) ArrayPrototypePush(names, 'Immediate');
    return names;
}

setup(processTimers, processImmediates);

module.exports = {
    Immediate, Timeout, activeResources, clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout,
};
