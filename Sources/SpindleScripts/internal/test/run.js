// Runs the tests of many files, each in a process of its own.

const {
    ArrayPrototypePush, ArrayPrototypeShift, ArrayPrototypeSort, PromisePrototypeThen, RegExpPrototypeExec, SafeSet,
} = primordials;
const { validateAbortSignal, validateArray, validateInteger, validateObject } = require('internal/validators');
const { TestFailure, kinds } = require('internal/test/failure');
const { unpacked } = require('internal/test/child');
const clock = require('internal/clock');

const extension = /\.[cm]?js$/;
const testName = /(?:^test|^test-.*|[._-]test)\.[cm]?js$/;

/** The files below `directory` whose names say that they hold tests, sorted; never in node_modules. */
function find(directory) {
    const { readdirSync } = require('fs');
    const { join } = require('path');
    const found = [];
    const visit = (folder, isInTest) => {
        const entries = readdirSync(folder, { withFileTypes: true });
        for (let i = 0; i < entries.length; i++) {
            const { [i]: entry } = entries;
            if (entry.name === 'node_modules' || entry.name[0] === '.') continue;
            const path = join(folder, entry.name);
            if (entry.isDirectory()) visit(path, isInTest || entry.name === 'test');
            else if (RegExpPrototypeExec(isInTest ? extension : testName, entry.name) !== null) {
                ArrayPrototypePush(found, path);
            }
        }
    };
    visit(directory, false);
    return ArrayPrototypeSort(found);
}

/**
 * A stream of the events of all files, in the order of `files`. `concurrency`: how many files run at once, by default as many as
 * there are processors less one; `timeout` in milliseconds, of a file.
 */
function run(options = {}) {
    validateObject(options, 'options');
    const path = require('path');
    const { cwd = require('process').cwd(), signal, timeout } = options;
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    const concurrency = concurrencyOf(options.concurrency);
    if (options.files !== undefined) validateArray(options.files, 'options.files');
    const files = options.files ?? find(cwd);
    const events = new TestsStream();
    const totals = { __proto__: null, tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
    const startedAt = clock.now();
    const waiting = [];
    for (let i = 0; i < files.length; i++) ArrayPrototypePush(waiting, new FileRun(path.resolve(cwd, files[i]), i));
    const all = primordials.ArrayPrototypeSlice(waiting);
    let turn = 0;
    const running = new SafeSet();
    const tell = (file, event) => {
        if (file.index === turn) events.tell(event);
        else ArrayPrototypePush(file.held, event);
    };
    const next = () => {
        while (running.size < concurrency && waiting.length > 0) {
            const file = ArrayPrototypeShift(waiting);
            running.add(file);
            PromisePrototypeThen(file.run({ cwd, signal, timeout }, (event) => tell(file, event)), (counts) => {
                for (const name in totals) totals[name] += counts[name];
                running.delete(file);
                while (turn < all.length && all[turn].isFinished) {
                    turn++;
                    const held = turn < all.length ? all[turn].held : [];
                    for (let i = 0; i < held.length; i++) events.tell(held[i]);
                }
                next();
            });
        }
        if (running.size === 0) {
            events.tell({ type: 'test:summary', data: { __proto__: null, ...totals, duration_ms: clock.now() - startedAt } });
            events.finish();
        }
    };
    require('process').nextTick(next);
    return events;
}

function concurrencyOf(value = true) {
    if (value === true) return primordials.MathMax(require('os').availableParallelism() - 1, 1);
    if (value === false) return 1;
    validateInteger(value, 'options.concurrency', 1);
    return value;
}

class FileRun {
    held = [];
    isFinished = false;

    constructor(file, index) {
        this.file = file;
        this.index = index;
    }

    /** Its counts, when its process has ended. */
    run({ cwd, signal, timeout }, tell) {
        const { fork } = require('child_process');
        const { env } = require('process');
        const child = fork(this.file, [], {
            cwd, env: { ...env, NODE_TEST_CONTEXT: 'child' }, killSignal: 'SIGKILL', serialization: 'advanced', signal, silent: true, timeout,
        });
        const startedAt = clock.now();
        let counts;
        let failure;
        child.stdout.on('data', (chunk) => tell({ type: 'test:stdout', data: { __proto__: null, file: this.file, message: `${chunk}` } }));
        child.stderr.on('data', (chunk) => tell({ type: 'test:stderr', data: { __proto__: null, file: this.file, message: `${chunk}` } }));
        child.on('message', (event) => {
            if (event?.type === 'test:summary') counts = event.data;
            else tell(unpacked(event));
        });
        child.on('error', (error) => { failure = error; });
        return new primordials.Promise((resolve) => {
            child.on('close', (code, killSignal) => {
                this.isFinished = true;
                const { duration_ms, ...own } = counts ?? { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
                // A file without tests is one itself; one that ends badly fails whatever its tests say.
                const hasFailed = failure !== undefined || code !== 0;
                if (counts === undefined || (hasFailed && own.failed + own.cancelled === 0)) {
                    own.tests++;
                    own[hasFailed ? 'failed' : 'passed']++;
                    this.#tellOfFile(tell, startedAt, hasFailed ? failure ?? endOf(code, killSignal) : undefined);
                }
                resolve(own);
            });
        });
    }

    #tellOfFile(tell, startedAt, cause) {
        const data = { __proto__: null, name: this.file, nesting: 0, file: this.file, line: 1, column: 1, testNumber: this.index + 1 };
        tell({ type: 'test:start', data });
        const details = { __proto__: null, duration_ms: clock.now() - startedAt };
        if (cause !== undefined) details.error = new TestFailure(kinds.test, cause);
        tell({ type: cause === undefined ? 'test:pass' : 'test:fail', data: { ...data, details } });
    }
}

const endOf = (code, signal) => (signal === null ? `test file ended with exit code ${code}` : `test file was ended by ${signal}`);

/** Events as a stream of objects, each of which is emitted under its own name too. */
class TestsStream extends require('stream').Readable {
    constructor() { super({ objectMode: true, highWaterMark: 2 ** 53 - 1, read() {} }); }

    tell(event) {
        this.push(event);
        this.emit(event.type, event.data);
    }

    finish() { this.push(null); }
}

module.exports = { run };
