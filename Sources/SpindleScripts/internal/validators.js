// Checks of arguments that throw what Node throws.

const {
    ArrayBufferIsView, ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypeJoin, ArrayPrototypeMap, NumberIsInteger, NumberIsNaN,
    NumberMAX_SAFE_INTEGER, NumberMIN_SAFE_INTEGER, NumberParseInt, RegExpPrototypeExec, String,
    StringPrototypeToUpperCase, StringPrototypeTrim,
} = primordials;
const {
    codes: {
        ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_SOCKET_BAD_PORT, ERR_UNKNOWN_SIGNAL,
    },
} = require('internal/errors');

/** A validator of everything whose `typeof` is `type`. */
const ofType = (type) => (value, name) => {
    if (typeof value !== type) throw new ERR_INVALID_ARG_TYPE(name, type, value);
};
const validateString = ofType('string');
const validateBoolean = ofType('boolean');

function validateFunction(value, name) {
    if (typeof value !== 'function') throw new ERR_INVALID_ARG_TYPE(name, 'Function', value);
}

function validateUndefined(value, name) {
    if (value !== undefined) throw new ERR_INVALID_ARG_TYPE(name, 'undefined', value);
}

function validateInteger(value, name, min = NumberMIN_SAFE_INTEGER, max = NumberMAX_SAFE_INTEGER) {
    if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
    if (!NumberIsInteger(value)) throw new ERR_OUT_OF_RANGE(name, 'an integer', value);
    if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
}

function validateInt32(value, name, min = -2147483648, max = 2147483647) {
    validateInteger(value, name, min, max);
}

function validateUint32(value, name, positive = false) {
    validateInteger(value, name, positive ? 1 : 0, 4294967295);
}

function validateNumber(value, name, min = undefined, max = undefined) {
    if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
    if ((min != null && value < min) || (max != null && value > max) || ((min != null || max != null) && NumberIsNaN(value))) {
        const low = min != null ? `>= ${min}` : '';
        const high = max != null ? `<= ${max}` : '';
        throw new ERR_OUT_OF_RANGE(name, `${low}${low && high ? ' && ' : ''}${high}`, value);
    }
}

function validateOneOf(value, name, allowed) {
    if (ArrayPrototypeIncludes(allowed, value)) return;
    const list = ArrayPrototypeJoin(
        ArrayPrototypeMap(allowed, (item) => (typeof item === 'string' ? `'${item}'` : String(item))), ', ');
    throw new ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${list}`);
}

const kValidateObjectNone = 0;
const kValidateObjectAllowNullable = 1;
const kValidateObjectAllowArray = 2;
const kValidateObjectAllowFunction = 4;
const kValidateObjectAllowObjects = kValidateObjectAllowArray | kValidateObjectAllowFunction;
const kValidateObjectAllowObjectsAndNull = kValidateObjectAllowObjects | kValidateObjectAllowNullable;

/** `options` adds the kValidateObject… flags of what passes besides plain objects. */
function validateObject(value, name, options = kValidateObjectNone) {
    const type = typeof value;
    if (value === null ? (options & kValidateObjectAllowNullable) !== 0 :
        ArrayIsArray(value) ? (options & kValidateObjectAllowArray) !== 0 :
            type === 'object' || (type === 'function' && (options & kValidateObjectAllowFunction) !== 0)) return;
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
}

/** The dictionary of Web IDL: undefined and null stand for an empty one. */
function validateDictionary(value, name) {
    if (value != null && typeof value !== 'object' && typeof value !== 'function') {
        throw new ERR_INVALID_ARG_TYPE(name, 'a dictionary', value);
    }
}

function validateArray(value, name, minLength = 0) {
    if (!ArrayIsArray(value)) throw new ERR_INVALID_ARG_TYPE(name, 'Array', value);
    if (value.length < minLength) throw new ERR_INVALID_ARG_VALUE(name, value, `must be longer than ${minLength}`);
}

/** An array whose items all pass `validate`. */
const arrayOf = (validate) => (value, name) => {
    validateArray(value, name);
    for (let i = 0; i < value.length; i++) validate(value[i], `${name}[${i}]`);
};
const validateStringArray = arrayOf(validateString);
const validateBooleanArray = arrayOf(validateBoolean);
const validateAbortSignalArray = arrayOf((value, name) => {
    if (value == null) throw new ERR_INVALID_ARG_TYPE(name, 'AbortSignal', value);
    validateAbortSignal(value, name);
});

function validateAbortSignal(signal, name) {
    if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
        throw new ERR_INVALID_ARG_TYPE(name, 'AbortSignal', signal);
    }
}

function validateBuffer(value, name = 'buffer') {
    if (!ArrayBufferIsView(value)) {
        throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], value);
    }
}

function validateEncoding(data, encoding) {
    const { normalizeEncoding } = require('internal/buffer/encodings');
    if (normalizeEncoding(encoding) === 'hex' && data.length % 2 !== 0) {
        throw new ERR_INVALID_ARG_VALUE('encoding', encoding, `is invalid for data of length ${data.length}`);
    }
}

function validatePort(port, name = 'Port', allowZero = true) {
    const number = typeof port === 'number' || (typeof port === 'string' && StringPrototypeTrim(port).length > 0) ? +port : NaN;
    if (number !== number >>> 0 || number > 0xFFFF || (number === 0 && !allowZero)) {
        throw new ERR_SOCKET_BAD_PORT(name, port, allowZero);
    }
    return number;
}

/** The name or number of a signal; `signals` is `os.constants.signals`. */
function validateSignalName(signal, name = 'signal') {
    validateString(signal, name);
    const { signals } = require('internal/constants').os;
    if (signals[signal] === undefined) {
        const upper = StringPrototypeToUpperCase(signal);
        throw new ERR_UNKNOWN_SIGNAL(signals[upper] === undefined ? signal : `${signal} (signals must use all capital letters)`);
    }
}

/** A file mode: a 32-bit unsigned number or its octal digits. `fallback` stands for undefined and null. */
function parseFileMode(value, name, fallback) {
    value ??= fallback;
    if (typeof value === 'string') {
        if (RegExpPrototypeExec(/^[0-7]+$/, value) === null) {
            throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a 32-bit unsigned integer or an octal string');
        }
        value = NumberParseInt(value, 8);
    }
    validateUint32(value, name);
    return value;
}

module.exports = {
    kValidateObjectAllowArray,
    kValidateObjectAllowFunction,
    kValidateObjectAllowNullable,
    kValidateObjectAllowObjects,
    kValidateObjectAllowObjectsAndNull,
    kValidateObjectNone,
    parseFileMode,
    validateAbortSignal,
    validateAbortSignalArray,
    validateArray,
    validateBoolean,
    validateBooleanArray,
    validateBuffer,
    validateDictionary,
    validateEncoding,
    validateFunction,
    validateInt32,
    validateInteger,
    validateNumber,
    validateObject,
    validateOneOf,
    validatePort,
    validateSignalName,
    validateString,
    validateStringArray,
    validateUint32,
    validateUndefined,
};
