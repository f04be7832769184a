// node:assert. Each assertion is a named function: its name is the error's operator, and the stack starts above it.

const {
    ArrayPrototypeIndexOf,
    ArrayPrototypeJoin,
    ArrayPrototypePush,
    ArrayPrototypeSlice,
    Error,
    FunctionPrototypeCall,
    NumberIsNaN,
    ObjectAssign,
    ObjectIs,
    ObjectKeys,
    ObjectPrototypeIsPrototypeOf,
    RegExpPrototypeExec,
    String,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeSplit,
    Symbol,
} = primordials;

const {
    codes: {
        ERR_AMBIGUOUS_ARGUMENT,
        ERR_INVALID_ARG_TYPE,
        ERR_INVALID_ARG_VALUE,
        ERR_INVALID_RETURN_VALUE,
        ERR_MISSING_ARGS,
    },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { AssertionError } = require('internal/assert/assertion_error');
const { inspect } = require('internal/util/inspect');
const { isNativeError, isPromise, isRegExp } = require('internal/util/types');
const { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual } = require('internal/util/comparisons');

const isError = (value) => isNativeError(value) || value instanceof Error;

// A message that is an error is thrown instead.
function raise(options) {
    if (isError(options.message)) throw options.message;
    throw new AssertionError(options);
}

// Throws with a message that is marked as ours unless the caller gave one.
function raiseExplained(options, explain) {
    const { message } = options;
    if (isError(message)) throw message;
    const error = new AssertionError({ ...options, message: message || explain() });
    error.generatedMessage = !message;
    throw error;
}

function checkTruth(args, operation) {
    const { 0: value, 1: message } = args;
    if (value) return;
    if (isError(message)) throw message;
    const error = new AssertionError({
        actual: value,
        expected: true,
        message: args.length === 0 ? 'No value argument passed to `assert.ok()`' :
            message ?? 'The expression evaluated to a falsy value',
        operator: '==',
        stackStartFn: operation,
    });
    error.generatedMessage = message == null;
    throw error;
}

function assert(...args) {
    checkTruth(args, assert);
}

function ok(...args) {
    checkTruth(args, ok);
}

// An assertion about two values that passes where `holds` does.
function comparison(operation, operator, holds) {
    return (args) => {
        if (args.length < 2) throw new ERR_MISSING_ARGS('actual', 'expected');
        const { 0: actual, 1: expected, 2: message } = args;
        if (!holds(actual, expected)) raise({ actual, expected, message, operator, stackStartFn: operation });
    };
}

const looselyEqual = (a, b) => a == b || (NumberIsNaN(a) && NumberIsNaN(b));
const not = (holds) => (a, b) => !holds(a, b);

const checkEqual = comparison(equal, '==', looselyEqual);
function equal(...args) {
    checkEqual(args);
}

const checkNotEqual = comparison(notEqual, '!=', not(looselyEqual));
function notEqual(...args) {
    checkNotEqual(args);
}

const checkDeepEqual = comparison(deepEqual, 'deepEqual', isDeepEqual);
function deepEqual(...args) {
    checkDeepEqual(args);
}

const checkNotDeepEqual = comparison(notDeepEqual, 'notDeepEqual', not(isDeepEqual));
function notDeepEqual(...args) {
    checkNotDeepEqual(args);
}

const checkDeepStrictEqual = comparison(deepStrictEqual, 'deepStrictEqual', isDeepStrictEqual);
function deepStrictEqual(...args) {
    checkDeepStrictEqual(args);
}

const checkNotDeepStrictEqual = comparison(notDeepStrictEqual, 'notDeepStrictEqual', not(isDeepStrictEqual));
function notDeepStrictEqual(...args) {
    checkNotDeepStrictEqual(args);
}

const checkStrictEqual = comparison(strictEqual, 'strictEqual', ObjectIs);
function strictEqual(...args) {
    checkStrictEqual(args);
}

const checkNotStrictEqual = comparison(notStrictEqual, 'notStrictEqual', not(ObjectIs));
function notStrictEqual(...args) {
    checkNotStrictEqual(args);
}

const checkPartial = comparison(partialDeepStrictEqual, 'partialDeepStrictEqual', isPartialStrictEqual);
function partialDeepStrictEqual(...args) {
    checkPartial(args);
}

let hasWarned = false;

function fail(actual, expected, message, operator, stackStartFn) {
    const count = arguments.length;
    const isUnexplained = actual == null && count <= 1;
    if (isUnexplained) {
        message = 'Failed';
    } else if (count === 1) {
        message = actual;
        actual = undefined;
    } else {
        if (!hasWarned) {
            hasWarned = true;
            require('process').emitWarning('assert.fail() with more than one argument is deprecated. ' +
                'Please use assert.strictEqual() instead or only pass a message.', 'DeprecationWarning', 'DEP0094');
        }
        if (count === 2) operator = '!=';
    }
    if (isError(message)) throw message;
    const error = new AssertionError({
        actual, expected, message, operator: operator ?? 'fail', stackStartFn: stackStartFn || fail,
    });
    if (isUnexplained) error.generatedMessage = true;
    throw error;
}

// Errors thrown and promises rejected.

const nothing = Symbol('nothing thrown');

function thrownBy(body) {
    validateFunction(body, 'fn');
    try {
        body();
    } catch (error) {
        return error;
    }
    return nothing;
}

const isThenable = (value) => isPromise(value) || (value !== null && typeof value === 'object' &&
    typeof value.then === 'function' && typeof value.catch === 'function');

async function rejectionOf(promiseOrFunction) {
    let promise = promiseOrFunction;
    if (typeof promise === 'function') {
        promise = promiseOrFunction();
        if (!isThenable(promise)) throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    } else if (!isThenable(promise)) {
        throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promise);
    }
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return nothing;
}

const expectations = ['Object', 'Error', 'Function', 'RegExp'];

function expectError(operation, actual, args) {
    let { 0: expected, 1: message } = args;
    if (typeof expected === 'string') {
        if (args.length === 2) throw new ERR_INVALID_ARG_TYPE('error', expectations, expected);
        // Probably meant as what the error's message should be.
        if (actual !== null && typeof actual === 'object' ? actual.message === expected : actual === expected) {
            throw new ERR_AMBIGUOUS_ARGUMENT('error/message', actual === expected ?
                `The error "${actual}" is identical to the message.` :
                `The error message "${expected}" is identical to the message.`);
        }
        message = expected;
        expected = undefined;
    } else if (expected != null && typeof expected !== 'object' && typeof expected !== 'function') {
        throw new ERR_INVALID_ARG_TYPE('error', expectations, expected);
    }
    if (actual === nothing) {
        const kind = operation === rejects ? 'rejection' : 'exception';
        raise({
            actual: undefined,
            expected,
            operator: operation.name,
            message: `Missing expected ${kind}${expected?.name ? ` (${expected.name})` : ''}${message ? `: ${message}` : '.'}`,
            stackStartFn: operation,
        });
    }
    if (!expected) return;
    const options = { actual, expected, message, operator: operation.name, stackStartFn: operation };
    if (typeof expected === 'function') checkByFunction(options);
    else if (isRegExp(expected)) checkByPattern(options);
    else checkByMembers(options);
}

function checkByPattern(options) {
    const text = String(options.actual);
    if (RegExpPrototypeExec(options.expected, text) !== null) return;
    raiseExplained(options, () => `The input did not match the regular expression ${
        inspect(options.expected)}. Input:\n\n${inspect(text)}\n`);
}

// `expected` is a class the error must be an instance of, or a function that must answer true.
function checkByFunction(options) {
    const { actual, expected } = options;
    if (expected.prototype !== undefined && actual instanceof expected) return;
    if (ObjectPrototypeIsPrototypeOf(Error, expected)) raiseExplained(options, () => wrongClass(actual, expected));
    const answer = FunctionPrototypeCall(expected, {}, actual);
    if (answer === true) return;
    raiseExplained(options, () => `The ${expected.name ? `"${expected.name}" ` : ''}validation function is expected to ` +
        `return "true". Received ${inspect(answer)}${isError(actual) ? `\n\nCaught error:\n\n${actual}` : ''}`);
}

function wrongClass(actual, expected) {
    const start = `The error is expected to be an instance of "${expected.name}". Received `;
    if (!isError(actual)) return `${start}"${inspect(actual, { depth: -1 })}"`;
    const name = actual.constructor?.name || actual.name;
    return `${start}${name === expected.name ? 'an error with identical name but a different prototype.' : `"${name}"`}${
        actual.message ? `\n\nError message:\n\n${actual.message}` : ''}`;
}

// `expected` is an object whose members the error must have; patterns are matched against strings.
function checkByMembers(options) {
    const { actual, expected, message, operator, stackStartFn } = options;
    if (typeof actual !== 'object' || actual === null) {
        const error = new AssertionError({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn });
        error.operator = operator;
        throw error;
    }
    const keys = ObjectKeys(expected);
    if (isError(expected)) ArrayPrototypePush(keys, 'name', 'message');
    else if (keys.length === 0) throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');

    const matches = (key) => typeof actual[key] === 'string' && isRegExp(expected[key]) &&
        RegExpPrototypeExec(expected[key], actual[key]) !== null;
    for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (matches(key) || (key in actual && isDeepStrictEqual(actual[key], expected[key]))) continue;
        if (message) raise(options);
        // The difference in the members asked for alone, what a pattern matched counting as equal.
        const error = new AssertionError({
            actual: new Comparison(keys, actual),
            expected: new Comparison(keys, expected, (name) => (matches(name) ? actual[name] : expected[name])),
            operator: 'deepStrictEqual',
            stackStartFn,
        });
        error.actual = actual;
        error.expected = expected;
        error.operator = operator;
        throw error;
    }
}

class Comparison {
    constructor(keys, source, read = (key) => source[key]) {
        for (let i = 0; i < keys.length; i++) {
            if (keys[i] in source) this[keys[i]] = read(keys[i]);
        }
    }
}

function refuseError(operation, actual, args) {
    if (actual === nothing) return;
    let { 0: expected, 1: message } = args;
    if (typeof expected === 'string') {
        message = expected;
        expected = undefined;
    }
    if (expected && !isUnwanted(actual, expected)) throw actual;
    const kind = operation === doesNotReject ? 'rejection' : 'exception';
    raise({
        actual,
        expected,
        operator: operation.name,
        message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${actual && actual.message}"`,
        stackStartFn: operation,
    });
}

function isUnwanted(actual, expected) {
    if (typeof expected === 'function') {
        if (expected.prototype !== undefined && actual instanceof expected) return true;
        return !ObjectPrototypeIsPrototypeOf(Error, expected) && FunctionPrototypeCall(expected, {}, actual) === true;
    }
    if (isRegExp(expected)) return RegExpPrototypeExec(expected, String(actual)) !== null;
    throw new ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
}

function throws(promiseFn, ...args) {
    expectError(throws, thrownBy(promiseFn), args);
}

async function rejects(promiseFn, ...args) {
    expectError(rejects, await rejectionOf(promiseFn), args);
}

function doesNotThrow(fn, ...args) {
    refuseError(doesNotThrow, thrownBy(fn), args);
}

async function doesNotReject(fn, ...args) {
    refuseError(doesNotReject, await rejectionOf(fn), args);
}

function ifError(value) {
    if (value === null || value === undefined) return;
    let message = 'ifError got unwanted exception: ';
    if (typeof value !== 'object' || typeof value.message !== 'string') message += inspect(value);
    else if (value.message.length === 0 && value.constructor) message += value.constructor.name;
    else message += value.message;

    const error = new AssertionError({
        actual: value, expected: null, operator: 'ifError', message, stackStartFn: ifError,
    });
    if (typeof value.stack === 'string') joinStacks(error, value.stack);
    throw error;
}

// The frames of the error that was got, below those that lead to the assertion alone.
function joinStacks(error, stack) {
    const start = StringPrototypeIndexOf(stack, '\n    at');
    if (start === -1) return;
    const frames = StringPrototypeSplit(StringPrototypeSlice(stack, start + 1), '\n');
    let own = StringPrototypeSplit(error.stack, '\n');
    for (let i = 0; i < frames.length; i++) {
        const position = ArrayPrototypeIndexOf(own, frames[i]);
        if (position !== -1) {
            own = ArrayPrototypeSlice(own, 0, position);
            break;
        }
    }
    error.stack = `${ArrayPrototypeJoin(own, '\n')}\n${ArrayPrototypeJoin(frames, '\n')}`;
}

function checkMatch(string, regexp, message, operation) {
    if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
    const isExpected = operation === match;
    if (typeof string === 'string' && (RegExpPrototypeExec(regexp, string) !== null) === isExpected) return;
    raiseExplained({ actual: string, expected: regexp, message, operator: operation.name, stackStartFn: operation }, () => {
        if (typeof string !== 'string') {
            return `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})`;
        }
        return `The input ${isExpected ? 'did not match' : 'was expected to not match'} the regular expression ${
            inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
    });
}

function match(string, regexp, message) {
    checkMatch(string, regexp, message, match);
}

function doesNotMatch(string, regexp, message) {
    checkMatch(string, regexp, message, doesNotMatch);
}

function strict(...args) {
    checkTruth(args, strict);
}

ObjectAssign(assert, {
    fail,
    AssertionError,
    ok,
    equal,
    notEqual,
    deepEqual,
    notDeepEqual,
    deepStrictEqual,
    notDeepStrictEqual,
    strictEqual,
    notStrictEqual,
    partialDeepStrictEqual,
    throws,
    rejects,
    doesNotThrow,
    doesNotReject,
    ifError,
    match,
    doesNotMatch,
});
assert.strict = ObjectAssign(strict, assert, {
    equal: strictEqual,
    deepEqual: deepStrictEqual,
    notEqual: notStrictEqual,
    notDeepEqual: notDeepStrictEqual,
});
assert.strict.strict = assert.strict;

module.exports = assert;
