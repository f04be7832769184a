// node:util. The larger parts are loaded when they are first used.

const {
    ArrayIsArray,
    Date,
    DatePrototypeGetDate,
    DatePrototypeGetHours,
    DatePrototypeGetMinutes,
    DatePrototypeGetMonth,
    DatePrototypeGetSeconds,
    Error,
    FunctionPrototypeSymbolHasInstance,
    NumberIsSafeInteger,
    ObjectDefineProperty,
    ObjectKeys,
    ObjectPrototypeToString,
    Promise,
    SafeWeakRef,
    StringPrototypePadStart,
    StringPrototypeToWellFormed,
} = primordials;

const { errnoException, codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const {
    kValidateObjectAllowObjects,
    validateAbortSignal,
    validateBoolean,
    validateNumber,
    validateObject,
    validateOneOf,
    validateString,
} = require('internal/validators');
const { format, formatWithOptions } = require('internal/util/format');
const { inspect } = require('internal/util/inspect');
const { stripVTControlCharacters } = require('internal/util/text');
const { callbackify, deprecate, inherits, promisify } = require('internal/util/functions');
const { debuglog } = require('internal/util/debuglog');
const types = require('util/types');

function systemError(number) {
    validateNumber(number, 'err');
    if (number >= 0 || !NumberIsSafeInteger(number)) throw new ERR_OUT_OF_RANGE('err', 'a negative integer', number);
    return getSystemErrorMap().get(number);
}

const getSystemErrorMap = () => require('internal/util/system_errors').getSystemErrorMap();
const getSystemErrorName = (number) => systemError(number)?.[0] ?? `Unknown system error ${number}`;
const getSystemErrorMessage = (number) => systemError(number)?.[1];

const isStream = (value) => value !== null && typeof value === 'object' &&
    (typeof value.write === 'function' || typeof value.pipe === 'function' || typeof value.getReader === 'function' ||
        typeof value.getWriter === 'function');

// As Node.js decides it: FORCE_COLOR, else what the terminal can do.
function showsColors(stream) {
    const { FORCE_COLOR } = require('process').env;
    if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
    return Boolean(stream?.isTTY) && (typeof stream.getColorDepth !== 'function' || stream.getColorDepth() > 2);
}

// `text` in the styles of `inspect.colors` that `format` names; plain where the stream shows no colours.
function styleText(format, text, { validateStream = true, stream = require('process').stdout } = {}) {
    validateString(text, 'text');
    validateBoolean(validateStream, 'options.validateStream');
    if (validateStream && !isStream(stream)) {
        throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    const names = ArrayIsArray(format) ? format : [format];
    let before = '';
    let after = '';
    for (let i = 0; i < names.length; i++) {
        const codes = inspect.colors[names[i]];
        if (codes === undefined) validateOneOf(names[i], 'format', ObjectKeys(inspect.colors));
        before += `\u001b[${codes[0]}m`;
        after = `\u001b[${codes[1]}m${after}`;
    }
    return validateStream && !showsColors(stream) ? text : before + text + after;
}

// A promise for the abort of `signal`, while `resource` lives.
async function aborted(signal, resource) {
    if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
    validateAbortSignal(signal, 'signal');
    validateObject(resource, 'resource', kValidateObjectAllowObjects);
    if (signal.aborted) return;
    const reference = new SafeWeakRef(resource);
    await new Promise((resolve) => {
        signal.addEventListener('abort', (event) => {
            if (event.isTrusted && reference.deref() !== undefined) resolve();
        }, { __proto__: null, once: true });
    });
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const twoDigits = (number) => StringPrototypePadStart(`${number}`, 2, '0');

function log(...args) {
    const now = new Date();
    const time = `${twoDigits(DatePrototypeGetHours(now))}:${twoDigits(DatePrototypeGetMinutes(now))}:${
        twoDigits(DatePrototypeGetSeconds(now))}`;
    const day = `${DatePrototypeGetDate(now)} ${months[DatePrototypeGetMonth(now)]}`;
    require('console').log('%s - %s', `${day} ${time}`, format(...args));
}

function extend(target, source) {
    if (source === null || typeof source !== 'object') return target;
    const keys = ObjectKeys(source);
    for (let i = keys.length - 1; i >= 0; i--) target[keys[i]] = source[keys[i]];
    return target;
}

module.exports = {
    _errnoException: (...args) => errnoException(...args),
    _extend: extend,
    aborted,
    callbackify,
    debug: debuglog,
    debuglog,
    deprecate,
    format,
    formatWithOptions,
    getSystemErrorMap,
    getSystemErrorMessage,
    getSystemErrorName,
    inherits,
    inspect,
    isArray: ArrayIsArray,
    isBoolean: (value) => typeof value === 'boolean',
    isBuffer: (value) => require('buffer').Buffer.isBuffer(value),
    isDate: types.isDate,
    isDeepStrictEqual: (a, b) => require('internal/util/comparisons').isDeepStrictEqual(a, b),
    isError: (value) => ObjectPrototypeToString(value) === '[object Error]' ||
        FunctionPrototypeSymbolHasInstance(Error, value),
    isFunction: (value) => typeof value === 'function',
    isNull: (value) => value === null,
    isNullOrUndefined: (value) => value === null || value === undefined,
    isNumber: (value) => typeof value === 'number',
    isObject: (value) => value !== null && typeof value === 'object',
    isPrimitive: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
    isRegExp: types.isRegExp,
    isString: (value) => typeof value === 'string',
    isSymbol: (value) => typeof value === 'symbol',
    isUndefined: (value) => value === undefined,
    log,
    parseArgs: (config) => require('internal/util/parse_args').parseArgs(config),
    parseEnv: (content) => require('internal/util/env_file').parseEnv(content),
    promisify,
    stripVTControlCharacters,
    styleText,
    toUSVString: (input) => StringPrototypeToWellFormed(`${input}`),
    types,
};

function defineLazily(name, id) {
    ObjectDefineProperty(module.exports, name, {
        __proto__: null,
        get: () => require(id)[name],
        set(value) {
            ObjectDefineProperty(module.exports, name, {
                __proto__: null, value, writable: true, enumerable: true, configurable: true,
            });
        },
        enumerable: true,
        configurable: true,
    });
}
defineLazily('TextDecoder', 'internal/encoding');
defineLazily('TextEncoder', 'internal/encoding');
