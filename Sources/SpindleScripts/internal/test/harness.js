// Joins the tests of a program to its life: they begin when the first is written, and the program's exit code tells of them.

const { ArrayPrototypePush, Error, Promise, PromisePrototypeThen, RegExpPrototypeExec, StringPrototypeSplit } = primordials;
const { validateAbortSignal, validateFunction, validateNumber, validateObject } = require('internal/validators');
const clock = require('internal/clock');
const { RootNode, TestNode, current } = require('internal/test/tree');
const { SuiteContext, TestContext, addHook } = require('internal/test/contexts');
const { kinds } = require('internal/test/failure');

let root;
let hasFailed = false;
const counts = { __proto__: null, tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

/** The one root of this program, which listens to its end. */
function rootNode() {
    if (root !== undefined) return root;
    const process = require('process');
    const report = reporter();
    root = new RootNode((event) => {
        count(event);
        report(event);
    });
    // Lets the program write all its tests of this turn first.
    root.hasBegun = false;
    process.nextTick(() => {
        root.hasBegun = true;
        const { gathered } = root;
        root.gathered = [];
        for (let i = 0; i < gathered.length; i++) root.schedule(gathered[i]);
    });
    const interrupt = (type) => (error) => {
        const node = current.getStore();
        if (node === undefined || node === root || node.isFinished) {
            report({ __proto__: null, type: 'test:diagnostic', data: { nesting: 0, message: outsideOfTests(error, node) } });
            process.exitCode = 1;
        } else node.interrupt(type, error);
    };
    process.on('uncaughtException', interrupt(kinds.uncaught));
    process.on('unhandledRejection', interrupt(kinds.rejected));
    const end = async () => {
        process.removeListener('beforeExit', end);
        for (let i = 0; i < root.children.length; i++) {
            root.children[i].cancel('Promise resolution is still pending but the event loop has already resolved');
        }
        let failure;
        try {
            await root.runBefore();
            await root.runHooks('after');
        } catch (error) {
            failure = error;
            report({ __proto__: null, type: 'test:diagnostic', data: { nesting: 0, message: `${error.stack}` } });
        }
        root.isFinished = true;
        const summary = { __proto__: null, ...counts, duration_ms: clock.now() - root.startedAt };
        report({ __proto__: null, type: 'test:summary', data: summary });
        if (hasFailed || failure !== undefined) process.exitCode = 1;
    };
    process.on('beforeExit', end);
    return root;
}

function outsideOfTests(error, node) {
    const text = require('internal/util/inspect').inspect(error);
    return node === undefined || node.kind === 'root' ? `Error outside of any test: ${text}` :
        `Error: Test "${node.name}" generated asynchronous activity after the test ended: ${text}`;
}

function reporter() {
    const process = require('process');
    if (process.env.NODE_TEST_CONTEXT === 'child' && typeof process.send === 'function') {
        return require('internal/test/child').reporter();
    }
    const { SpecReporter } = require('internal/test/spec');
    const spec = new SpecReporter(process.stdout.isTTY === true);
    return (event) => {
        const text = spec.text(event);
        if (text !== '') process.stdout.write(text);
    };
}

function count({ type, data }) {
    if (type !== 'test:pass' && type !== 'test:fail') return;
    if (data.details.error !== undefined && data.todo === undefined) hasFailed = true;
    if (data.details.type === 'suite') counts.suites++;
    else {
        counts.tests++;
        const { error } = data.details;
        const isTodo = data.todo !== undefined;
        if (data.skip !== undefined) counts.skipped++;
        else if (isTodo) counts.todo++;
        else if (isCancellation(error)) counts.cancelled++;
        else if (error !== undefined) counts.failed++;
        else counts.passed++;
    }
}

const isCancellation = (error) => (
    error?.failureType === kinds.cancelled || error?.failureType === kinds.aborted || error?.failureType === kinds.timeout);

/** Where the program called us. */
function callerLocation() {
    const lines = StringPrototypeSplit(new Error().stack, '\n');
    for (let i = 1; i < lines.length; i++) {
        const match = RegExpPrototypeExec(/(?:\(| at )((?:file:\/\/)?\/[^()]*):(\d+):(\d+)\)?$/, lines[i]);
        if (match !== null) {
            const file = match[1][0] === 'f' ? require('url').fileURLToPath(match[1]) : match[1];
            return { __proto__: null, file, line: +match[2], column: +match[3] };
        }
    }
    return { __proto__: null, file: undefined, line: undefined, column: undefined };
}

/** `name`, `options` and `fn`, of which all may be missing. */
function parametersOf(args, overrides) {
    let { 0: name, 1: options, 2: fn } = args;
    if (typeof name === 'function') {
        fn = name;
        options = undefined;
        name = undefined;
    } else if (name !== null && typeof name === 'object') {
        fn = options;
        options = name;
        name = undefined;
    } else if (typeof options === 'function') {
        fn = options;
        options = undefined;
    }
    options = { __proto__: null, ...options, ...overrides };
    if (options.timeout !== undefined && options.timeout !== Infinity) validateNumber(options.timeout, 'options.timeout', 0, 2 ** 31 - 1);
    if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    if (fn !== undefined) validateFunction(fn, 'fn');
    name = typeof name === 'string' && name !== '' ? name : fn?.name || '<anonymous>';
    return { name, options, fn: fn ?? (() => {}) };
}

function register(parent, kind, args, overrides) {
    const { name, options, fn } = parametersOf(args, overrides);
    if (args[0] !== undefined && args[0] !== null && typeof args[0] === 'object') validateObject(args[0], 'options');
    const location = callerLocation();
    const node = new TestNode(parent, { kind, name, fn, options, location });
    if (kind === 'test') node.context = new TestContext(node, register);
    else {
        node.context = new SuiteContext(node);
        const isSkipped = node.skip !== undefined && node.skip !== false;
        if (!isSkipped) build(node);
    }
    const gathers = parent.kind === 'suite' ? !parent.isBuilt : parent.kind === 'root' && !parent.hasBegun;
    if (gathers) ArrayPrototypePush(parent.gathered, node);
    else parent.schedule(node);
    return node.promise;
}

/** Calls a suite's function, in which its tests are written. */
function build(node) {
    node.isBuilt = false;
    try {
        const result = current.run(node, () => node.fn.call(node.context, node.context));
        if (typeof result?.then === 'function') {
            node.built = PromisePrototypeThen(result, () => {}, (error) => { throw error; });
            // Told when the suite runs.
            PromisePrototypeThen(node.built, undefined, () => {});
        }
    } catch (error) {
        node.built = new Promise((resolve, reject) => { reject(error); });
        PromisePrototypeThen(node.built, undefined, () => {});
    }
}

/** The test or suite around where we are. */
function currentNode() {
    const node = current.getStore();
    return node === undefined ? rootNode() : node;
}

function hook(name) {
    return (fn, options) => {
        if (options !== undefined) validateObject(options, 'options');
        addHook(currentNode(), name, fn, options);
    };
}

module.exports = { currentNode, hook, register, rootNode };
