'use strict';

// A tiny test harness for guest programs. A file that uses it runs under Node and under Spindle alike; it prints one line a
// test and a total, and the process ends with code 1 if a test failed or never finished.

const tests = [];
const { toString } = Object.prototype;
// Taken before a test patches them.
const { log } = console;
const { keys, is, getOwnPropertySymbols } = Object;
const then = Function.prototype.call.bind(Promise.prototype.then);

/** Registers a test; those of a file run one after the other once the file has been read. */
function test(name, body) {
    tests.push({ name, body });
    if (tests.length === 1) setImmediate(runAll);
}

/** Registers a test of what came with major `version` of Node; on an older Node it is skipped. Without a body: is it there? */
function since(version, name, body) {
    const there = Number(process.versions.node.split('.')[0]) >= Number(version);
    if (name === undefined) return there;
    if (there) test(name, body);
    else log(`skipped - ${name} (since ${version})`);
    return there;
}

/** Registers a test of what Spindle promises beyond Node, such as built-ins that survive a poisoned prototype. */
function beyond(name, body) {
    if (process.versions.spindle !== undefined) test(name, body);
    else log(`skipped - ${name} (Spindle alone)`);
}

let failures = 0;
let finished = 0;
function runAll() {
    const next = (index) => {
        if (index === tests.length) return report();
        const { name, body } = tests[index];
        const pass = () => { log(`ok ${++finished} - ${name}`); };
        const fail = (error) => {
            failures++;
            log(`not ok ${++finished} - ${name}\n${describe(error).replace(/^/gm, '    ')}`);
        };
        let result;
        try {
            result = body();
        } catch (error) {
            fail(error);
            return setImmediate(next, index + 1);
        }
        if (typeof result?.then === 'function') {
            then(then(Promise.resolve(result), pass, fail), () => setImmediate(next, index + 1));
        } else {
            pass();
            setImmediate(next, index + 1);
        }
    };
    next(0);
}
function report() {
    log(`# ${tests.length - failures} of ${tests.length} passed`);
    if (failures > 0) process.exitCode = 1;
}
process.on('exit', () => {
    if (finished === tests.length) return;
    log(`not ok ${finished + 1} - ${tests[finished].name}\n    never finished`);
    process.exitCode = 1;
});

function describe(error) {
    if (error === null || typeof error !== 'object') return `thrown: ${String(error)}`;
    return `${error.name}: ${error.message}\n${error.stack ?? ''}`;
}

function show(value, depth = 0) {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `[Function ${value.name}]`;
    if (typeof value !== 'object' || value === null) return is(value, -0) ? '-0' : String(value);
    if (depth > 3) return '…';
    const inner = (item) => show(item, depth + 1);
    if (Array.isArray(value)) return `[${Array.from(value, inner).join(', ')}]`;
    if (value instanceof Error) return `[${value.name}: ${value.message}]`;
    if (value instanceof Map || value instanceof Set) return `${value.constructor.name} ${show([...value], depth)}`;
    if (value instanceof Date || value instanceof RegExp) return String(value);
    return `{${keys(value).map((key) => `${key}: ${inner(value[key])}`).join(', ')}}`;
}

class Failure extends Error {
    get name() { return 'Failure'; }
}
function fail(message, detail) {
    throw new Failure(message === undefined ? detail : `${message}: ${detail}`);
}

function ok(value, message) {
    if (!value) fail(message, `${show(value)} is not truthy`);
}
function equal(actual, expected, message) {
    if (!is(actual, expected)) fail(message, `got ${show(actual)}, expected ${show(expected)}`);
}
function notEqual(actual, unexpected, message) {
    if (is(actual, unexpected)) fail(message, `did not expect ${show(actual)}`);
}
function match(text, pattern, message) {
    if (typeof text !== 'string' || !pattern.test(text)) fail(message, `${show(text)} does not match ${pattern}`);
}
/** The same structure: types, keys, contents, holes; identity and prototypes beyond the built-in type do not count. */
function deepEqual(actual, expected, message) {
    if (!same(actual, expected, new Map())) fail(message, `got ${show(actual)}, expected ${show(expected)}`);
}

function same(a, b, seen) {
    if (is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (seen.get(a) === b) return true;
    seen.set(a, b);
    const tag = toString.call(a);
    if (tag !== toString.call(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    if (a instanceof Date) return is(a.getTime(), b.getTime());
    if (a instanceof RegExp) return String(a) === String(b);
    if (a instanceof Error && (a.name !== b.name || a.message !== b.message)) return false;
    if (a instanceof Map) {
        if (a.size !== b.size) return false;
        const left = [...a];
        const right = [...b];
        return left.every((entry, i) => same(entry, right[i], seen));
    }
    if (a instanceof Set) return a.size === b.size && same([...a], [...b], seen);
    if (a instanceof ArrayBuffer) return same(new Uint8Array(a), new Uint8Array(b), seen);
    if (a instanceof Number || a instanceof String || a instanceof Boolean) return is(a.valueOf(), b.valueOf());
    if ('length' in a && a.length !== b.length) return false;
    const names = [...keys(a), ...getOwnPropertySymbols(a)];
    if (names.length !== keys(b).length + getOwnPropertySymbols(b).length) return false;
    return names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name], seen));
}

/** `expected`: a class, a pattern of the message, a predicate, or an object whose members the error must have. */
function check(error, expected, message) {
    if (expected === undefined) return error;
    if (expected instanceof RegExp) match(String(error?.message ?? error), expected, message);
    else if (typeof expected === 'function') {
        const fits = expected.prototype !== undefined && error instanceof expected;
        if (!fits && !(expected.prototype === undefined && expected(error))) {
            fail(message, `${describe(error)} is not as expected`);
        }
    } else {
        for (const key of keys(expected)) {
            if (expected[key] instanceof RegExp) match(error[key], expected[key], message ?? key);
            else if (!same(error[key], expected[key], new Map())) {
                fail(message ?? key, `got ${show(error[key])}, expected ${show(expected[key])} (${describe(error)})`);
            }
        }
    }
    return error;
}
/** Calls `body`, which must throw; the error is returned. */
function throws(body, expected, message) {
    let error;
    try {
        body();
    } catch (thrown) {
        error = thrown;
        return check(error, expected, message);
    }
    return fail(message, 'nothing was thrown');
}
async function rejects(promise, expected, message) {
    try {
        await (typeof promise === 'function' ? promise() : promise);
    } catch (thrown) {
        return check(thrown, expected, message);
    }
    return fail(message, 'nothing was rejected');
}

module.exports = { beyond, deepEqual, equal, fail, match, notEqual, ok, rejects, since, test, throws };
