// What the functions of tests and suites are given.

const { ArrayPrototypePush, ObjectKeys, ReflectApply } = primordials;
const { validateFunction, validateUint32 } = require('internal/validators');

class SuiteContext {
    #node;
    constructor(node) { this.#node = node; }
    get name() { return this.#node.name; }
    get fullName() { return this.#node.fullName; }
    get filePath() { return this.#node.location.file; }
    get signal() { return this.#node.signal; }
    get passed() { return this.#node.isFinished && this.#node.hasPassed; }
    get error() { return this.#node.error; }
    diagnostic(message) { ArrayPrototypePush(this.#node.diagnostics, `${message}`); }
}

class TestContext extends SuiteContext {
    #node;
    #register;
    #assert;
    #mock;

    constructor(node, register) {
        super(node);
        this.#node = node;
        this.#register = register;
    }

    /** node:assert, whose calls the test's plan counts. */
    get assert() { return this.#assert ??= countingAssert(this.#node); }
    get mock() {
        if (this.#mock === undefined) {
            const { MockTracker } = require('internal/test/mock');
            this.#mock = new MockTracker();
            ArrayPrototypePush(this.#node.hooks.after, { fn: () => this.#mock.reset() });
        }
        return this.#mock;
    }

    test(...args) { return this.#register(this.#node, 'test', args); }
    before(fn, options) { addHook(this.#node, 'before', fn, options); }
    after(fn, options) { addHook(this.#node, 'after', fn, options); }
    beforeEach(fn, options) { addHook(this.#node, 'beforeEach', fn, options); }
    afterEach(fn, options) { addHook(this.#node, 'afterEach', fn, options); }
    runOnly() {}

    plan(count) {
        validateUint32(count, 'count', true);
        this.#node.planned = count;
    }
    skip(message) { this.#node.skip = message === undefined ? true : `${message}`; }
    todo(message) { this.#node.todo = message === undefined ? true : `${message}`; }

    /** Calls `condition` until it does not throw; milliseconds. */
    async waitFor(condition, { interval = 50, timeout = 1000 } = {}) {
        validateFunction(condition, 'condition');
        const clock = require('internal/clock');
        const { setTimeout } = require('internal/timers');
        const end = clock.now() + timeout;
        for (;;) {
            try {
                return await condition();
            } catch (error) {
                if (clock.now() + interval > end) {
                    const failure = new primordials.Error('waitFor() timed out');
                    failure.cause = error;
                    throw failure;
                }
            }
            await new primordials.Promise((resolve) => setTimeout(resolve, interval));
        }
    }
}

function addHook(node, name, fn, options) {
    validateFunction(fn, 'fn');
    ArrayPrototypePush(node.hooks[name], { fn, timeout: options?.timeout });
}

function countingAssert(node) {
    const assert = require('assert');
    const counting = { __proto__: null };
    const names = ObjectKeys(assert);
    for (let i = 0; i < names.length; i++) {
        const { [names[i]]: f } = assert;
        if (typeof f !== 'function' || names[i] === 'AssertionError' || names[i] === 'strict') continue;
        counting[names[i]] = (...args) => {
            node.assertions++;
            return ReflectApply(f, assert, args);
        };
    }
    return counting;
}

module.exports = { SuiteContext, TestContext, addHook };
