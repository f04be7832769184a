// The tests of a program as a tree: which run when, with which hooks, and what became of each. What happens is told in events, in
// the order in which the tests were written, whatever order they end in.

const {
    ArrayPrototypePush, ArrayPrototypeShift, ArrayPrototypeUnshift, Promise, PromisePrototypeThen, PromiseResolve,
} = primordials;
const { AsyncLocalStorage } = require('async_hooks');
const { AbortController } = require('internal/abort');
const clock = require('internal/clock');
const { TestFailure, kinds } = require('internal/test/failure');

/** The test that runs where we are. */
const current = new AsyncLocalStorage();

class TestNode {
    children = [];
    hooks = { __proto__: null, before: [], after: [], beforeEach: [], afterEach: [] };
    /** What is told of its children before it is their turn. */
    held = [];
    error = null;
    isFinished = false;
    isCancelled = false;
    startedAt = 0;
    duration = 0;
    diagnostics = [];
    planned;
    assertions = 0;
    context;

    #turn = 0;
    #running = 0;
    #waiting = [];
    #settled;
    #whenSettled;
    #before;
    #controller;
    #stopped;
    #stop;

    constructor(parent, { kind, name, fn, options = {}, location }) {
        this.parent = parent;
        this.kind = kind;
        this.name = name;
        this.fn = fn;
        this.location = location;
        this.nesting = parent === null ? -1 : parent.nesting + 1;
        this.skip = options.skip ?? (parent?.skip || undefined);
        this.todo = options.todo ?? (parent?.todo || undefined);
        this.timeout = options.timeout ?? parent?.timeout ?? Infinity;
        this.signalGiven = options.signal;
        this.planned = options.plan;
        const { concurrency = parent === null ? 1 : parent.inheritedConcurrency } = options;
        this.concurrency = concurrency === true ? Infinity : concurrency === false ? 1 : concurrency;
        this.promise = new Promise((resolve) => { this.resolve = resolve; });
        if (parent !== null) this.number = parent.children.push(this);
    }

    get inheritedConcurrency() { return this.kind === 'root' ? 1 : this.concurrency; }
    get fullName() {
        return this.parent === null || this.parent.kind === 'root' ? this.name : `${this.parent.fullName} > ${this.name}`;
    }
    get hasPassed() { return this.error === null; }
    get signal() { return (this.#controller ??= new AbortController()).signal; }

    // MARK: Events

    tell(type, data) { this.parent.pass(this, { __proto__: null, type, data }); }

    /** An event of a child goes up if all children before it are done with. */
    pass(child, event) {
        if (child.number - 1 !== this.#turn) ArrayPrototypePush(child.held, event);
        else this.up(event);
    }
    up(event) { this.parent.pass(this, event); }

    #endTurn() {
        this.#turn++;
        while (this.#turn < this.children.length) {
            const next = this.children[this.#turn];
            const { held } = next;
            next.held = [];
            for (let i = 0; i < held.length; i++) this.up(held[i]);
            if (!next.isFinished) return;
            this.#turn++;
        }
    }

    // MARK: Children

    /** Runs the child as soon as there is room for it. */
    schedule(child) {
        if (this.isFinished) {
            child.cancel('The test was added after its parent had ended');
        } else if (this.#running < this.concurrency) this.#launch(child);
        else ArrayPrototypePush(this.#waiting, child);
        return child.promise;
    }

    #launch(child) {
        this.#running++;
        PromisePrototypeThen(child.run(), () => this.#childEnded(child));
    }

    #childEnded(child) {
        this.#running--;
        if (child.number - 1 === this.#turn) this.#endTurn();
        while (this.#waiting.length > 0 && this.#running < this.concurrency) this.#launch(ArrayPrototypeShift(this.#waiting));
        if (this.#running === 0) this.#whenSettled?.();
    }

    #childrenSettled() {
        if (this.#running === 0) return PromiseResolve();
        return this.#settled ??= new Promise((resolve) => { this.#whenSettled = resolve; });
    }

    // MARK: Running

    /** Before the first of its children: its hooks, once. */
    runBefore() {
        return this.#before ??= this.runHooks('before');
    }

    async runHooks(name, context = this.context) {
        const { [name]: list } = this.hooks;
        for (let i = 0; i < list.length; i++) {
            try {
                await current.run(this, () => limited(this, list[i].timeout ?? Infinity, () => invoke(list[i].fn, context)));
            } catch (error) {
                throw new TestFailure(kinds.hook, error);
            }
        }
    }

    async run() {
        this.startedAt = clock.now();
        this.tell('test:start', this.describe());
        const stopped = new Promise((resolve, reject) => { this.#stop = reject; });
        stopped.catch(() => {});
        this.#stopped = stopped;
        const abort = () => this.#stop(new TestFailure(kinds.aborted, this.signalGiven.reason));
        try {
            if (this.signalGiven?.aborted) throw new TestFailure(kinds.aborted, this.signalGiven.reason);
            this.signalGiven?.addEventListener('abort', abort, { once: true });
            if (this.skip === undefined || this.skip === false) await this.#runBody();
        } catch (error) {
            this.fail(error);
        }
        this.signalGiven?.removeEventListener('abort', abort);
        this.finish();
    }

    async #runBody() {
        const { parent } = this;
        await parent.runBefore();
        try {
            if (this.kind === 'test') await this.#runEach('beforeEach');
            await limited(this, this.timeout, async () => {
                await this.runBefore();
                await current.run(this, () => this.body());
                if (this.kind !== 'test') this.#startChildren();
                await this.#childrenSettled();
                this.#checkPlan();
            }, this.#stopped);
        } catch (error) {
            this.fail(error);
            for (let i = 0; i < this.children.length; i++) {
                this.children[i].cancel('test did not finish before its parent and was cancelled');
            }
        }
        try {
            if (this.kind === 'test') await this.#runEach('afterEach');
            await this.runHooks('after');
        } catch (error) {
            this.fail(error);
        }
        this.#failWithChildren();
    }

    body() {
        const { context, fn } = this;
        return this.kind === 'test' ? invoke(fn, context) : this.built;
    }

    /** A suite's children have been gathered before any of them runs. */
    gathered = [];
    #startChildren() {
        const { gathered } = this;
        this.gathered = [];
        for (let i = 0; i < gathered.length; i++) this.schedule(gathered[i]);
    }

    async #runEach(name) {
        const chain = [];
        for (let node = this.parent; node !== null; node = node.parent) ArrayPrototypePush(chain, node);
        const count = chain.length;
        for (let i = 0; i < count; i++) await chain[name === 'beforeEach' ? count - 1 - i : i].runHooks(name, this.context);
    }

    #checkPlan() {
        if (this.planned === undefined) return;
        const seen = this.assertions + this.children.length;
        if (seen !== this.planned) {
            throw new TestFailure(kinds.test, `plan expected ${this.planned} assertions but received ${seen}`);
        }
    }

    #failWithChildren() {
        let failed = 0;
        for (let i = 0; i < this.children.length; i++) if (!this.children[i].hasPassed && !this.children[i].todo) failed++;
        if (failed > 0 && this.error === null) {
            this.fail(new TestFailure(kinds.subtests, `${failed} subtest${failed > 1 ? 's' : ''} failed`));
        }
    }

    /** The first failure counts. */
    fail(error) {
        if (this.error !== null) return;
        this.error = error instanceof TestFailure ? error : new TestFailure(kinds.test, error);
        const { failureType } = this.error;
        this.isCancelled = failureType === kinds.cancelled || failureType === kinds.aborted || failureType === kinds.timeout;
    }

    /** Fails with what came from elsewhere while it ran: an exception of a callback. */
    interrupt(type, error) {
        const failure = new TestFailure(type, error);
        this.fail(failure);
        this.#stop?.(failure);
    }

    /** Ends without having run, or in the middle. */
    cancel(message) {
        if (this.isFinished) return;
        for (let i = 0; i < this.children.length; i++) this.children[i].cancel(message);
        this.fail(new TestFailure(kinds.cancelled, message));
        if (this.startedAt === 0) {
            this.startedAt = clock.now();
            this.tell('test:start', this.describe());
        }
        this.finish();
        this.parent.skipTurn(this);
    }
    skipTurn(child) { if (child.number - 1 === this.#turn) this.#endTurn(); }

    finish() {
        if (this.isFinished) return;
        this.isFinished = true;
        this.duration = clock.now() - this.startedAt;
        this.#controller?.abort();
        const details = { __proto__: null, duration_ms: this.duration };
        if (this.kind === 'suite') details.type = 'suite';
        if (this.error !== null) details.error = this.error;
        this.tell(this.hasPassed ? 'test:pass' : 'test:fail', { ...this.describe(), testNumber: this.number, details });
        for (let i = 0; i < this.diagnostics.length; i++) {
            this.tell('test:diagnostic', { ...this.describe(), message: this.diagnostics[i], level: 'info' });
        }
        this.resolve();
    }

    describe() {
        const data = { __proto__: null, name: this.name, nesting: this.nesting, ...this.location };
        if (this.skip !== undefined && this.skip !== false) data.skip = this.skip;
        if (this.todo !== undefined && this.todo !== false) data.todo = this.todo;
        return data;
    }
}

/** The file: its children are what the program registers outside of any test. */
class RootNode extends TestNode {
    constructor(sink) {
        super(null, { kind: 'root', name: '<root>' });
        this.up = sink;
        this.startedAt = clock.now();
    }
}

/** Calls a test's or a hook's function: `(context)`, or `(context, done)`. */
function invoke(fn, context) {
    if (fn.length < 2) return fn.call(context, context);
    return new Promise((resolve, reject) => {
        let calls = 0;
        const result = fn.call(context, context, (error) => {
            if (++calls > 1) reject(new TestFailure(kinds.calledTwice, 'callback invoked multiple times'));
            else if (error) reject(error);
            else resolve();
        });
        if (typeof result?.then === 'function') {
            reject(new TestFailure(kinds.callback, 'passed a callback but also returned a Promise'));
        }
    });
}

/** The promise of `work()`, which fails when `timeout` milliseconds have passed or `stopped` is rejected. */
async function limited(node, timeout, work, stopped = undefined) {
    const { clearTimeout, setTimeout } = require('internal/timers');
    let timer;
    try {
        const racers = [work()];
        if (stopped !== undefined) ArrayPrototypePush(racers, stopped);
        if (timeout !== Infinity) {
            ArrayPrototypeUnshift(racers, new Promise((resolve, reject) => {
                timer = setTimeout(() => reject(new TestFailure(kinds.timeout, `test timed out after ${timeout}ms`)), timeout).unref();
            }));
        }
        return await first(racers);
    } finally {
        if (timer !== undefined) clearTimeout(timer);
    }
}

function first(promises) {
    return new Promise((resolve, reject) => {
        for (let i = 0; i < promises.length; i++) PromisePrototypeThen(PromiseResolve(promises[i]), resolve, reject);
    });
}

module.exports = { RootNode, TestNode, current };
