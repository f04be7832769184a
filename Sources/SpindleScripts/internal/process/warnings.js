// process.emitWarning and what is printed of a warning that the program did not silence.

const { ArrayIsArray, Error, ErrorCaptureStackTrace, ErrorPrototypeToString, String } = primordials;
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateString } = require('internal/validators');

let hinted = false;

function emitWarning(warning, type, code, constructor) {
    const process = require('process');
    let detail;
    if (type !== null && typeof type === 'object' && !ArrayIsArray(type)) {
        ({ code, ctor: constructor, detail } = type);
        type = type.type || 'Warning';
        if (typeof detail !== 'string') detail = undefined;
    } else if (typeof type === 'function') {
        constructor = type;
        code = '';
        type = 'Warning';
    }
    if (type !== undefined) validateString(type, 'type');
    if (typeof code === 'function') {
        constructor = code;
        code = '';
    } else if (code !== undefined) validateString(code, 'code');
    if (typeof warning === 'string') warning = createWarning(warning, type, code, constructor ?? emitWarning, detail);
    else if (!(warning instanceof Error)) throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
    if (warning.name === 'DeprecationWarning') {
        if (process.noDeprecation) return;
        if (process.throwDeprecation) {
            process.nextTick(() => { throw warning; });
            return;
        }
    }
    process.nextTick(() => process.emit('warning', warning));
}

function createWarning(message, type, code, constructor, detail) {
    const warning = new Error(message);
    warning.name = String(type || 'Warning');
    if (code !== undefined) warning.code = code;
    if (detail !== undefined) warning.detail = detail;
    ErrorCaptureStackTrace(warning, constructor);
    return warning;
}

/** The listener of 'warning' that every program starts with. */
function onWarning(warning) {
    const process = require('process');
    if (!(warning instanceof Error)) return;
    const deprecated = warning.name === 'DeprecationWarning';
    if (deprecated && process.noDeprecation) return;
    const trace = process.traceProcessWarnings || (deprecated && process.traceDeprecation);
    let text = `(${process.release.name}:${process.pid}) `;
    if (warning.code) text += `[${warning.code}] `;
    if (trace && warning.stack) text += warning.stack;
    else text += typeof warning.toString === 'function' ? `${warning.toString()}` : ErrorPrototypeToString(warning);
    if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
    if (!trace && !hinted) {
        hinted = true;
        const flag = deprecated ? '--trace-deprecation' : '--trace-warnings';
        text += `\n(Use \`${process.release.name} ${flag} ...\` to show where the warning was created)`;
    }
    process.stderr.write(`${text}\n`);
}

module.exports = { emitWarning, onWarning };
