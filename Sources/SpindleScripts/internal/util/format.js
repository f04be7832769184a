// `util.format`: the first value's placeholders filled with the others, and the rest behind it.

const {
    JSONStringify, Number, NumberParseFloat, NumberParseInt, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf,
    ObjectPrototypeHasOwnProperty, String, StringPrototypeSlice, StringPrototypeSplit, SymbolToPrimitive,
} = primordials;

const { kValidateObjectAllowArray, validateObject } = require('internal/validators');
const { getProxyDetails } = binding('util');

/** What is text already needs none of it. */
const inspection = () => require('internal/util/inspect');
const inspect = (value, options) => inspection().inspect(value, options);

function format(...values) {
    return formatValues(undefined, values);
}

function formatWithOptions(inspectOptions, ...values) {
    validateObject(inspectOptions, 'inspectOptions', kValidateObjectAllowArray);
    return formatValues(inspectOptions, values);
}

function formatValues(options, values) {
    const first = values[0];
    if (typeof first !== 'string') return joinValues('', options, values, 0);
    if (values.length === 1) return first;

    let text = '';
    let next = 1;   // the value for the next placeholder
    let start = 0;  // of what has not been copied to `text`
    const last = first.length - 1;
    for (let i = 0; i < last; i++) {
        if (first[i] !== '%') continue;
        const character = first[++i];
        let piece = '%';
        if (character !== '%') {
            if (next === values.length) continue;
            piece = placeholder(character, values[next], options);
            if (piece === undefined) continue;
            next++;
        }
        // A single character between two placeholders needs no slice.
        if (start === i - 2) text += first[start];
        else if (start < i - 2) text += StringPrototypeSlice(first, start, i - 1);
        text += piece;
        start = i + 1;
    }
    if (start === 0) text = first;
    else if (start <= last) text += StringPrototypeSlice(first, start);
    return joinValues(text, options, values, next, ' ');
}

function joinValues(text, options, values, next, separator = '') {
    for (; next < values.length; next++) {
        const value = values[next];
        text += separator + (typeof value === 'string' ? value :
            typeof value === 'number' && options === undefined ? numeric(value) : inspect(value, options));
        separator = ' ';
    }
    return text;
}

// What `%character` makes of `value`; undefined if it is no placeholder.
function placeholder(character, value, options) {
    switch (character) {
    case 's':
        if (typeof value === 'string') return value;
        if (typeof value === 'number' || typeof value === 'bigint') return numeric(value, options);
        if (typeof value !== 'object' || value === null || hasOwnText(value)) return String(value);
        return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
    case 'd':
        if (typeof value === 'symbol') return 'NaN';
        return numeric(typeof value === 'bigint' ? value : Number(value), options);
    case 'i':
        if (typeof value === 'symbol') return 'NaN';
        return numeric(typeof value === 'bigint' ? value : NumberParseInt(value), options);
    case 'f':
        return typeof value === 'symbol' ? 'NaN' : numeric(NumberParseFloat(value), options);
    case 'j':
        return json(value);
    case 'O':
        return inspect(value, options);
    case 'o':
        return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'c':
        return '';
    default:
        return undefined;
    }
}

function numeric(value, options) {
    const { bigintText, defaultOptions, numberText } = inspection();
    const separates = options?.numericSeparator ?? defaultOptions.numericSeparator;
    return typeof value === 'bigint' ? bigintText(value, separates) : numberText(value, separates);
}

// Whether a guest gave the object a conversion to text of its own: if so, `%s` uses it.
function hasOwnText(value) {
    for (let proxy; (proxy = getProxyDetails(value)) !== undefined;) {
        value = proxy[0];
        if (value === null) return false;
    }
    const hasToString = typeof value.toString === 'function';
    const hasToPrimitive = typeof value[SymbolToPrimitive] === 'function';
    if (!hasToString && !hasToPrimitive) return false;
    const isDefinedBy = (holder) => (hasToString && ObjectPrototypeHasOwnProperty(holder, 'toString')) ||
        (hasToPrimitive && ObjectPrototypeHasOwnProperty(holder, SymbolToPrimitive));
    if (isDefinedBy(value)) return true;
    let holder = value;
    do holder = ObjectGetPrototypeOf(holder); while (!isDefinedBy(holder));
    const constructor = ObjectGetOwnPropertyDescriptor(holder, 'constructor')?.value;
    return typeof constructor !== 'function' || !inspection().isBuiltIn(constructor.name);
}

let cyclicMessage;

// JSON, or `[Circular]`. That an error means a cycle is told by comparing it with the engine's words for a known one.
function json(value) {
    try {
        return `${JSONStringify(value)}`;  // undefined, too
    } catch (error) {
        if (cyclicMessage === undefined) {
            const cycle = {};
            cycle.cycle = cycle;
            try {
                JSONStringify(cycle);
            } catch (known) {
                cyclicMessage = firstLine(known);
            }
        }
        if (error.name === 'TypeError' && firstLine(error) === cyclicMessage) return '[Circular]';
        throw error;
    }
}

const firstLine = (error) => StringPrototypeSplit(error.message, '\n', 1)[0];

module.exports = { format, formatWithOptions };
