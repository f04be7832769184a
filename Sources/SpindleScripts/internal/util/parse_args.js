// `util.parseArgs`: arguments of a command line into options and positionals.
//
// Two steps: the arguments become tokens (what was written, by the options' types alone), then the tokens become
// values, where strict mode objects to what fits no option.

const {
    ArrayPrototypeIncludes,
    ArrayPrototypePush,
    ArrayPrototypeShift,
    ArrayPrototypeSlice,
    ArrayPrototypeUnshift,
    ObjectEntries,
    ObjectPrototypeHasOwnProperty,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
} = primordials;

const {
    codes: {
        ERR_INVALID_ARG_TYPE,
        ERR_INVALID_ARG_VALUE,
        ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
        ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
        ERR_PARSE_ARGS_UNKNOWN_OPTION,
    },
} = require('internal/errors');
const {
    validateArray,
    validateBoolean,
    validateBooleanArray,
    validateObject,
    validateString,
    validateStringArray,
} = require('internal/validators');

// Own properties only: what a guest put on Object.prototype is no configuration.
const own = (object, key) => (ObjectPrototypeHasOwnProperty(object, key) ? object[key] : undefined);
const option = (options, name, key) => (ObjectPrototypeHasOwnProperty(options, name) ? own(options[name], key) : undefined);

// The arguments of the program itself; with `--eval` there is no file before them.
function programArguments() {
    const { argv, execArgv } = require('process');
    for (const flag of ['-e', '--eval', '-p', '--print']) {
        if (ArrayPrototypeIncludes(execArgv, flag)) return ArrayPrototypeSlice(argv, 1);
    }
    return ArrayPrototypeSlice(argv, 2);
}

function validateOptions(options) {
    validateObject(options, 'options');
    const entries = ObjectEntries(options);
    for (let i = 0; i < entries.length; i++) {
        const { 0: name, 1: config } = entries[i];
        validateObject(config, `options.${name}`);
        const type = own(config, 'type');
        if (type !== 'string' && type !== 'boolean') {
            throw new ERR_INVALID_ARG_TYPE(`options.${name}.type`, "('string|boolean')", type);
        }
        if (ObjectPrototypeHasOwnProperty(config, 'short')) {
            validateString(config.short, `options.${name}.short`);
            if (config.short.length !== 1) {
                throw new ERR_INVALID_ARG_VALUE(`options.${name}.short`, config.short, 'must be a single character');
            }
        }
        const multiple = own(config, 'multiple');
        if (ObjectPrototypeHasOwnProperty(config, 'multiple')) validateBoolean(multiple, `options.${name}.multiple`);
        const value = own(config, 'default');
        if (value === undefined) continue;
        const validate = type === 'string' ? (multiple ? validateStringArray : validateString) :
            (multiple ? validateBooleanArray : validateBoolean);
        validate(value, `options.${name}.default`);
    }
}

function nameOfShort(options, short) {
    const entries = ObjectEntries(options);
    for (let i = 0; i < entries.length; i++) {
        if (own(entries[i][1], 'short') === short) return entries[i][0];
    }
    return short;
}

function tokenize(args, options) {
    const tokens = [];
    const rest = ArrayPrototypeSlice(args);
    let index = -1;
    let expanded = 0;  // arguments at the head of `rest` that come from one group of short options

    const takesValue = (name) => option(options, name, 'type') === 'string';
    const add = (name, rawName, value, inlineValue) => {
        ArrayPrototypePush(tokens, { kind: 'option', name, rawName, index, value, inlineValue });
    };
    // An option by itself: a string option takes the argument after it, whatever that is.
    const addLone = (name, rawName) => {
        if (!takesValue(name) || rest[0] == null) return add(name, rawName, undefined, undefined);
        add(name, rawName, ArrayPrototypeShift(rest), false);
        index++;
        return undefined;
    };

    while (rest.length > 0) {
        const arg = ArrayPrototypeShift(rest);
        if (expanded > 0) expanded--;
        else index++;

        if (arg === '--') {
            ArrayPrototypePush(tokens, { kind: 'option-terminator', index });
            for (let i = 0; i < rest.length; i++) {
                ArrayPrototypePush(tokens, { kind: 'positional', index: ++index, value: rest[i] });
            }
            break;
        }
        if (StringPrototypeStartsWith(arg, '--')) {
            const equals = StringPrototypeIndexOf(arg, '=', 3);
            if (equals === -1) {
                addLone(StringPrototypeSlice(arg, 2), arg);
            } else {
                const name = StringPrototypeSlice(arg, 2, equals);
                add(name, `--${name}`, StringPrototypeSlice(arg, equals + 1), true);
            }
        } else if (arg.length > 1 && arg[0] === '-') {
            const name = nameOfShort(options, arg[1]);
            if (arg.length === 2) {
                addLone(name, arg);
            } else if (takesValue(name)) {
                add(name, `-${arg[1]}`, StringPrototypeSlice(arg, 2), true);
            } else {
                const group = ungroup(arg, takesValue, options);
                expanded = group.length;
                for (let i = group.length - 1; i >= 0; i--) ArrayPrototypeUnshift(rest, group[i]);
            }
        } else {
            ArrayPrototypePush(tokens, { kind: 'positional', index, value: arg });
        }
    }
    return tokens;
}

// `-abfFILE` as `-a -b -fFILE`: from an option that takes a value on, the text is that value.
function ungroup(arg, takesValue, options) {
    const group = [];
    for (let i = 1; i < arg.length; i++) {
        if (i < arg.length - 1 && takesValue(nameOfShort(options, arg[i]))) {
            ArrayPrototypePush(group, `-${StringPrototypeSlice(arg, i)}`);
            break;
        }
        ArrayPrototypePush(group, `-${arg[i]}`);
    }
    return group;
}

const isNegation = (name) => StringPrototypeStartsWith(name, 'no-');

function checkUsage(token, { options, allowPositionals, allowNegative }) {
    let { name } = token;
    if (!ObjectPrototypeHasOwnProperty(options, name)) {
        const negated = allowNegative && isNegation(name) ? StringPrototypeSlice(name, 3) : undefined;
        if (negated === undefined || option(options, negated, 'type') !== 'boolean') {
            throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, allowPositionals);
        }
        name = negated;
    }
    const short = option(options, name, 'short');
    const spelling = `${short ? `-${short}, ` : ''}--${name}`;
    const type = option(options, name, 'type');
    if (type === 'string' && typeof token.value !== 'string') {
        throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${spelling} <value>' argument missing`);
    }
    if (type === 'boolean' && token.value != null) {
        throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${spelling}' does not take an argument`);
    }
    // Probably an option whose predecessor lacks its value.
    if (!token.inlineValue && token.value?.length > 1 && token.value[0] === '-') {
        const example = StringPrototypeStartsWith(token.rawName, '--') ? `'${token.rawName}=-XYZ'` :
            `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`;
        throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${token.rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${token.rawName}'?
To specify an option argument starting with a dash use ${example}.`);
    }
}

function store(token, values, { options, allowNegative }) {
    if (token.name === '__proto__') return;
    let value = token.value ?? true;
    if (allowNegative && isNegation(token.name) && token.value === undefined) {
        token.name = StringPrototypeSlice(token.name, 3);
        value = false;
    }
    const { name } = token;
    if (!option(options, name, 'multiple')) values[name] = value;
    else if (values[name]) ArrayPrototypePush(values[name], value);
    else values[name] = [value];
}

function parseArgs(config = { __proto__: null }) {
    const args = own(config, 'args') ?? programArguments();
    const strict = own(config, 'strict') ?? true;
    const allowPositionals = own(config, 'allowPositionals') ?? !strict;
    const returnsTokens = own(config, 'tokens') ?? false;
    const allowNegative = own(config, 'allowNegative') ?? false;
    const options = own(config, 'options') ?? { __proto__: null };
    validateArray(args, 'args');
    validateBoolean(strict, 'strict');
    validateBoolean(allowPositionals, 'allowPositionals');
    validateBoolean(returnsTokens, 'tokens');
    validateBoolean(allowNegative, 'allowNegative');
    validateOptions(options);

    const rules = { options, allowPositionals, allowNegative };
    const tokens = tokenize(args, options);
    const values = { __proto__: null };
    const positionals = [];
    for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i];
        if (token.kind === 'option') {
            if (strict) checkUsage(token, rules);
            store(token, values, rules);
        } else if (token.kind === 'positional') {
            if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
            ArrayPrototypePush(positionals, token.value);
        }
    }
    const entries = ObjectEntries(options);
    for (let i = 0; i < entries.length; i++) {
        const { 0: name, 1: entry } = entries[i];
        const value = own(entry, 'default');
        if (value !== undefined && values[name] === undefined && name !== '__proto__') values[name] = value;
    }
    return returnsTokens ? { values, positionals, tokens } : { values, positionals };
}

module.exports = { parseArgs };
