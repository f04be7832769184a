// Timers and the clock in the hands of a test: nothing is due until `tick` says that time has passed.

const {
    ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypePush, ArrayPrototypeSplice, Date, MathMax, ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor, ObjectSetPrototypeOf, ReflectApply, ReflectConstruct, SymbolDispose, globalThis,
} = primordials;
const { codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } } = require('internal/errors');
const { validateNumber, validateObject } = require('internal/validators');

const kAll = ['setTimeout', 'setInterval', 'setImmediate', 'Date'];

class MockTimer {
    constructor(id) { this.id = id; }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
    refresh() { return this; }
    [primordials.SymbolToPrimitive]() { return this.id; }
}

class MockTimers {
    #isEnabled = false;
    #now = 0;
    #lastID = 0;
    /** By the time they are due, and of one time in the order they were set. */
    #pending = [];
    #undo = [];

    enable(options = { __proto__: null }) {
        validateObject(options, 'options');
        if (this.#isEnabled) throw new ERR_INVALID_STATE('MockTimers is already enabled!');
        const { apis = kAll, now = 0 } = options;
        for (let i = 0; i < apis.length; i++) {
            if (!ArrayPrototypeIncludes(kAll, apis[i])) {
                throw new ERR_INVALID_ARG_VALUE('options.apis', apis[i], `option ${apis[i]} is not supported`);
            }
        }
        this.#now = typeof now === 'number' ? now : +now;
        validateNumber(this.#now, 'options.now', 0);
        this.#isEnabled = true;
        const timers = require('timers');
        const set = (delay, callback, args, every) => this.#set(delay, callback, args, every);
        const clear = (timer) => this.#clear(timer);
        const replaced = {
            __proto__: null,
            setTimeout: [['setTimeout', (callback, delay, ...args) => set(delay, callback, args)], ['clearTimeout', clear]],
            setInterval: [
                ['setInterval', (callback, delay, ...args) => set(delay, callback, args, MathMax(+delay || 0, 1))],
                ['clearInterval', clear],
            ],
            setImmediate: [['setImmediate', (callback, ...args) => set(-1, callback, args)], ['clearImmediate', clear]],
        };
        for (let i = 0; i < apis.length; i++) {
            if (apis[i] === 'Date') {
                this.#replace(globalThis, 'Date', this.#makeDate());
                continue;
            }
            const pairs = replaced[apis[i]];
            for (let k = 0; k < pairs.length; k++) {
                this.#replace(globalThis, pairs[k][0], pairs[k][1]);
                this.#replace(timers, pairs[k][0], pairs[k][1]);
            }
        }
    }

    /** Lets `time` milliseconds pass: what is due in them runs, in order. */
    tick(time = 1) {
        this.#check();
        validateNumber(time, 'time', 0);
        this.#advance(this.#now + time);
    }

    runAll() {
        this.#check();
        const { length } = this.#pending;
        if (length > 0) this.#advance(MathMax(this.#now, this.#pending[length - 1].due));
    }

    setTime(time) {
        this.#check();
        validateNumber(time, 'time', 0);
        this.#now = time;
    }

    reset() {
        if (!this.#isEnabled) return;
        for (let i = this.#undo.length - 1; i >= 0; i--) this.#undo[i]();
        this.#undo = [];
        this.#pending = [];
        this.#isEnabled = false;
    }

    [SymbolDispose]() { this.reset(); }

    #check() {
        if (!this.#isEnabled) throw new ERR_INVALID_STATE('You should enable MockTimers first by calling the .enable function');
    }

    #set(delay, callback, args, every = undefined) {
        const id = ++this.#lastID;
        // An immediate is due before whatever has a delay.
        const due = this.#now + (delay === -1 ? 0 : MathMax(+delay || 0, 1));
        const timer = new MockTimer(id);
        this.#insert({ args, callback, due, every, id, timer });
        return timer;
    }

    #insert(entry) {
        let at = this.#pending.length;
        while (at > 0 && this.#pending[at - 1].due > entry.due) at--;
        ArrayPrototypeSplice(this.#pending, at, 0, entry);
    }

    #clear(timer) {
        const id = timer?.id ?? timer;
        for (let i = 0; i < this.#pending.length; i++) {
            if (this.#pending[i].id === id) return void ArrayPrototypeSplice(this.#pending, i, 1);
        }
    }

    #advance(end) {
        while (this.#pending.length > 0 && this.#pending[0].due <= end) {
            const entry = this.#pending[0];
            this.#now = MathMax(this.#now, entry.due);
            ReflectApply(entry.callback, undefined, entry.args);
            const index = ArrayPrototypeIndexOf(this.#pending, entry);
            if (index < 0) continue;
            ArrayPrototypeSplice(this.#pending, index, 1);
            if (entry.every !== undefined) {
                entry.due += entry.every;
                this.#insert(entry);
            }
        }
        this.#now = end;
    }

    #replace(object, key, value) {
        const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
        ObjectDefineProperty(object, key, { __proto__: null, configurable: true, enumerable: descriptor.enumerable, value, writable: true });
        ArrayPrototypePush(this.#undo, () => ObjectDefineProperty(object, key, descriptor));
    }

    #makeDate() {
        const now = () => this.#now;
        function MockDate(...args) {
            if (new.target === undefined) return new Date(now()).toString();
            return ReflectConstruct(Date, args.length === 0 ? [now()] : args, new.target);
        }
        ObjectSetPrototypeOf(MockDate, Date);
        MockDate.prototype = Date.prototype;
        ObjectDefineProperty(MockDate, 'name', { __proto__: null, configurable: true, value: 'Date' });
        ObjectDefineProperty(MockDate, 'now', { __proto__: null, configurable: true, enumerable: false, value: now, writable: true });
        ObjectDefineProperty(MockDate, 'isMock', { __proto__: null, configurable: true, enumerable: false, value: true });
        return MockDate;
    }
}

module.exports = { MockTimers };
