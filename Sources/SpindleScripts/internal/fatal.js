// What is printed of an error that ends a program: the source line and a caret, the error, its stack.

const {
    ArrayIsArray, RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeRepeat, StringPrototypeSlice, StringPrototypeSplit,
    StringPrototypeStartsWith,
} = primordials;
const { write } = binding('stdio');

function printFatal(error, fromPromise) {
    write(2, textOf(error, fromPromise), false);
}

function textOf(error, fromPromise) {
    const isError = error !== null && typeof error === 'object' && typeof error.stack === 'string';
    let text;
    try {
        text = isError || typeof error === 'object' ? require('internal/util/inspect').inspect(error) : primordials.String(error);
    } catch {
        text = isError ? error.stack : 'an error that cannot be shown';
    }
    const head = isError ? sourceOf(error) : `Uncaught${fromPromise ? ' (in promise)' : ''}:\n`;
    const { version } = require('process');
    return `${head}${text}\n\nSpindle, compatible with Node.js ${version}\n`;
}

/** `file:line`, the line and a caret below the column; nothing if the place is not in a file that can be read. */
function sourceOf(error) {
    try {
        const { kPlace, sourceText } = require('internal/modules/host');
        const place = error[kPlace] ?? firstPlace(error.stack);
        if (!ArrayIsArray(place)) return '';
        const { 0: file, 1: line, 2: column } = place;
        const source = StringPrototypeSplit(sourceText(file), '\n')[line - 1];
        if (source === undefined) return '';
        return `${file}:${line}\n${source}\n${StringPrototypeRepeat(' ', column - 1)}^\n\n`;
    } catch {
        return '';
    }
}

/** [file, line, column] of the first frame that is the program's own. */
function firstPlace(stack) {
    const lines = StringPrototypeSplit(StringPrototypeSlice(stack, StringPrototypeIndexOf(stack, '\n    at ') + 1), '\n');
    for (let i = 0; i < lines.length; i++) {
        const match = RegExpPrototypeExec(/^ {4}at (?:.*\()?(.*):(\d+):(\d+)\)?$/, lines[i]);
        if (match !== null && !StringPrototypeStartsWith(match[1], 'node:')) return [match[1], +match[2], +match[3]];
    }
    return undefined;
}

module.exports = { printFatal, textOf };
