// AssertionError and the words it finds for what differs.

const {
    ArrayPrototypeJoin,
    ArrayPrototypeSlice,
    Error,
    ErrorCaptureStackTrace,
    ObjectAssign,
    ObjectDefineProperty,
    ObjectGetPrototypeOf,
    String,
    StringPrototypeRepeat,
    StringPrototypeSlice,
    StringPrototypeSplit,
} = primordials;

const { inspect } = require('internal/util/inspect');
const { isNativeError } = require('internal/util/types');
const { validateObject } = require('internal/validators');

const headings = {
    __proto__: null,
    deepStrictEqual: 'Expected values to be strictly deep-equal:',
    partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
    strictEqual: 'Expected values to be strictly equal:',
    strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
    deepEqual: 'Expected values to be loosely deep-equal:',
    notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
    notStrictEqual: 'Expected "actual" to be strictly unequal to:',
    notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
    notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
    notIdentical: 'Values have same structure but are not reference-equal:',
    notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

const isObject = (value) => value !== null && typeof value === 'object';

// Everything an assertion looks at and nothing that depends on order or on custom functions.
function inspectValue(value) {
    return inspect(value, {
        __proto__: null,
        compact: false,
        customInspect: false,
        depth: 1000,
        maxArrayLength: Infinity,
        showHidden: false,
        showProxy: false,
        sorted: true,
        getters: true,
    });
}

function diffMessage(actual, expected, operator, message) {
    if (operator === 'strictEqual' && ((isObject(actual) && isObject(expected)) ||
        (typeof actual === 'function' && typeof expected === 'function'))) {
        operator = 'strictEqualObject';
    }
    const text = inspectValue(actual);
    const expectedText = inspectValue(expected);
    const lines = StringPrototypeSplit(text, '\n');
    const expectedLines = StringPrototypeSplit(expectedText, '\n');
    const heading = message || headings[operator];
    const legend = '+ actual - expected';

    if (text !== expectedText && lines.length === 1 && expectedLines.length === 1 &&
        (!isObject(actual) || !isObject(expected))) {
        // The quotes of strings do not count towards what is short enough for one line.
        const length = text.length + expectedText.length - (typeof actual === 'string' ? 2 : 0) -
            (typeof expected === 'string' ? 2 : 0);
        if (length <= 12) return `${heading}\n\n${text} !== ${expectedText}\n`;
        return `${heading}\n${legend}\n\n+ ${text}\n- ${expectedText}${marker(actual, expected, text, expectedText)}\n`;
    }
    if (text === expectedText) {
        const start = lines.length > 50 ? `${ArrayPrototypeJoin(ArrayPrototypeSlice(lines, 0, 50), '\n')}\n...` : text;
        return `${message || headings.notIdentical}\n\n${start}\n`;
    }
    const { diffLines } = require('internal/assert/line_diff');
    const { body, isCut } = layOut(diffLines(lines, expectedLines, isObject(actual)));
    return `${heading}\n${legend}${isCut ? '\n... Skipped lines' : ''}\n\n${body}\n`;
}

// A caret under the first character in which two strings differ, unless that is obvious.
function marker(actual, expected, text, expectedText) {
    if (typeof actual !== 'string' || typeof expected !== 'string') return '';
    const { stderr } = require('process');
    const width = stderr?.isTTY ? stderr.columns : 80;
    if (text.length + expectedText.length > width) return '';
    let i = 0;
    while (i < text.length && text[i] === expectedText[i]) i++;
    return i > 2 && i < text.length ? `\n${StringPrototypeRepeat(' ', i + 2)}^` : '';
}

// Of lines that both have, five are shown in a row, and the last before a difference or the end.
function layOut(entries) {
    let body = '';
    let isCut = false;
    let common = 0;
    for (let i = 0; i <= entries.length; i++) {
        const kind = i < entries.length ? entries[i][0] : undefined;
        if (kind === 0) {
            if (common < 5) body += `  ${entries[i][1]}\n`;
            common++;
            continue;
        }
        if (common === 7) body += `  ${entries[i - 2][1]}\n`;
        if (common > 7) {
            body += '...\n';
            isCut = true;
        }
        if (common > 5) body += `  ${entries[i - 1][1]}\n`;
        common = 0;
        if (kind !== undefined) body += `${kind === 1 ? '+' : '-'} ${entries[i][1]}\n`;
    }
    return { body: StringPrototypeSlice(body, 0, -1), isCut };
}

function notEqualMessage(actual, operator) {
    const heading = operator === 'notStrictEqual' && (isObject(actual) || typeof actual === 'function') ?
        headings.notStrictEqualObject : headings[operator];
    const lines = StringPrototypeSplit(inspectValue(actual), '\n');
    if (lines.length === 1) return `${heading}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
    const shown = lines.length > 50 ? [...ArrayPrototypeSlice(lines, 0, 46), '...'] : lines;
    return `${heading}\n\n${ArrayPrototypeJoin(shown, '\n')}\n`;
}

const shorten = (text, limit) => (text.length > limit ? `${StringPrototypeSlice(text, 0, limit - 3)}...` : text);

function looseMessage(actual, expected, operator) {
    const text = inspectValue(actual);
    const expectedText = inspectValue(expected);
    if (operator === 'notDeepEqual' && text === expectedText) return shorten(`${headings.notDeepEqual}\n\n${text}`, 1024);
    const left = shorten(text, 512);
    const right = shorten(expectedText, 512);
    if (operator === 'deepEqual') return `${headings.deepEqual}\n\n${left}\n\nshould loosely deep-equal\n\n${right}`;
    if (operator === 'notDeepEqual') {
        return `${headings.notDeepEqualUnequal}\n\n${left}\n\nshould not loosely deep-equal\n\n${right}`;
    }
    return `${left} ${operator} ${right}`;
}

// The error without its stack, which would drown the difference.
function withoutStack(error) {
    const copy = ObjectAssign({ __proto__: ObjectGetPrototypeOf(error) }, error);
    return ObjectDefineProperty(copy, 'message', { __proto__: null, value: error.message });
}

const isError = (value) => isObject(value) && 'stack' in value && (isNativeError(value) || value instanceof Error);

function messageFor({ actual, expected, message, operator }) {
    switch (operator) {
    case 'deepStrictEqual':
    case 'partialDeepStrictEqual':
    case 'strictEqual':
        return diffMessage(actual, expected, operator, message);
    default:
        if (message != null) return String(message);
    }
    if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual') return notEqualMessage(actual, operator);
    return looseMessage(actual, expected, operator);
}

class AssertionError extends Error {
    constructor(options) {
        validateObject(options, 'options');
        const { message, operator, stackStartFn, stackStartFunction } = options;
        let { actual, expected } = options;
        if (message == null && isError(actual) && isError(expected)) {
            actual = withoutStack(actual);
            expected = withoutStack(expected);
        }
        super(messageFor({ actual, expected, message, operator }));
        this.generatedMessage = !message;
        // The stack begins with name and code; afterwards the name is the class's alone.
        ObjectDefineProperty(this, 'name', {
            __proto__: null,
            value: 'AssertionError [ERR_ASSERTION]',
            enumerable: false,
            writable: true,
            configurable: true,
        });
        this.code = 'ERR_ASSERTION';
        this.actual = actual;
        this.expected = expected;
        this.operator = operator;
        ErrorCaptureStackTrace(this, stackStartFn || stackStartFunction);
        this.stack;
        this.name = 'AssertionError';
    }

    toString() {
        return `${this.name} [${this.code}]: ${this.message}`;
    }

    // Long strings are in the message already.
    [inspect.custom](depth, options) {
        const { actual, expected } = this;
        if (typeof actual === 'string') this.actual = excerpt(actual);
        if (typeof expected === 'string') this.expected = excerpt(expected);
        const text = inspect(this, { ...options, customInspect: false, depth: 0 });
        this.actual = actual;
        this.expected = expected;
        return text;
    }
}

function excerpt(text) {
    const lines = StringPrototypeSplit(text, '\n', 11);
    if (lines.length > 10) return `${ArrayPrototypeJoin(ArrayPrototypeSlice(lines, 0, 10), '\n')}\n...`;
    return text.length > 512 ? `${StringPrototypeSlice(text, 0, 512)}...` : text;
}

module.exports = { AssertionError };
