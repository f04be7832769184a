// node:console and the global console.

const {
    ArrayIsArray, ArrayPrototypeForEach, ArrayPrototypeUnshift, Boolean, Error, ErrorCaptureStackTrace, FunctionPrototypeBind,
    MathFloor, NumberPrototypeToFixed, ObjectCreate, ObjectDefineProperty, ObjectKeys, RangeError, ReflectApply,
    ReflectConstruct, ReflectOwnKeys, SafeMap, SafeWeakMap, StringPrototypeIncludes, StringPrototypePadStart,
    StringPrototypeRepeat, StringPrototypeReplaceAll, StringPrototypeSlice, SymbolHasInstance, SymbolToStringTag,
} = primordials;
const {
    codes: { ERR_CONSOLE_WRITABLE_STREAM, ERR_INCOMPATIBLE_OPTION_PAIR },
} = require('internal/errors');
const {
    validateArray, validateInteger, validateObject, validateOneOf,
} = require('internal/validators');
const { isLight } = require('internal/process/stdio');
const clock = require('internal/clock');
const { formatWithOptions } = require('internal/util/format');
const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

/** What a console knows of itself, out of the program's sight. */
const states = new SafeWeakMap();
const noop = () => {};

function Console(options) {
    // Without `new` it makes one all the same.
    if (!new.target) return ReflectConstruct(Console, arguments);
    if (!options || typeof options.write === 'function') {
        options = { stdout: options, stderr: arguments[1], ignoreErrors: arguments[2] };
    }
    const {
        stdout, stderr = stdout, ignoreErrors = true, colorMode = 'auto', inspectOptions, groupIndentation,
    } = options;
    if (!stdout || typeof stdout.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stdout');
    if (!stderr || typeof stderr.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stderr');
    validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
    if (groupIndentation !== undefined) validateInteger(groupIndentation, 'groupIndentation', 0, 1000);
    if (inspectOptions !== undefined) {
        validateObject(inspectOptions, 'options.inspectOptions');
        if (inspectOptions.colors !== undefined && options.colorMode !== undefined) {
            throw new ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
        }
    }
    initialize(this, {
        stdout: () => stdout, stderr: () => stderr, ignoreErrors: Boolean(ignoreErrors), colorMode, inspectOptions,
        groupIndentation: groupIndentation ?? 2,
    });
}

function initialize(self, options) {
    states.set(self, { ...options, counts: new SafeMap(), indentation: '', timers: new SafeMap() });
    // Methods are own and bound, so that they may be passed around.
    const keys = ReflectOwnKeys(methods);
    for (let i = 0; i < keys.length; i++) {
        const bound = FunctionPrototypeBind(methods[keys[i]], self);
        ObjectDefineProperty(bound, 'name', { __proto__: null, configurable: true, value: keys[i] });
        ObjectDefineProperty(self, keys[i], {
            __proto__: null, configurable: true, enumerable: true, value: bound, writable: true,
        });
    }
}

function inspectOptionsFor(state, stream) {
    if (state.inspectOptions?.colors !== undefined) return state.inspectOptions;
    const { colorMode } = state;
    const colors = colorMode === 'auto' ? Boolean(stream.isTTY) &&
        (typeof stream.getColorDepth !== 'function' || stream.getColorDepth() > 2) : colorMode;
    return state.inspectOptions === undefined ? (colors ? colored : plain) : { ...state.inspectOptions, colors };
}
const plain = { __proto__: null };
const colored = { __proto__: null, colors: true };

function print(state, stream, text) {
    const { indentation } = state;
    if (indentation !== '') {
        if (StringPrototypeIncludes(text, '\n')) text = StringPrototypeReplaceAll(text, '\n', `\n${indentation}`);
        text = indentation + text;
    }
    text += '\n';
    if (isLight(stream)) {
        stream.write(text);
        return;
    }
    if (!state.ignoreErrors || typeof stream.listenerCount !== 'function' || stream.listenerCount('error') > 0) {
        if (!state.ignoreErrors) stream.write(text);
        else writeQuietly(stream, text);
        return;
    }
    // A stream that fails later must not end the program for want of a listener.
    stream.once('error', noop);
    writeQuietly(stream, text);
    stream.removeListener('error', noop);
}
function writeQuietly(stream, text) {
    try {
        stream.write(text, noop);
    } catch (error) {
        if (error instanceof RangeError && !('code' in error)) throw error;
    }
}

function toOut(self, args) {
    const state = states.get(self);
    const stream = state.stdout();
    print(state, stream, formatFor(state, stream, args));
}
function toErr(self, args) {
    const state = states.get(self);
    const stream = state.stderr();
    print(state, stream, formatFor(state, stream, args));
}
function formatFor(state, stream, args) {
    if (args.length === 1 && typeof args[0] === 'string') return args[0];
    ArrayPrototypeUnshift(args, inspectOptionsFor(state, stream));
    return ReflectApply(formatWithOptions, undefined, args);
}

/** `1.234s`, `1:02.345 (m:ss.mmm)`. */
function formatTime(ms) {
    if (ms < 1000) return `${+NumberPrototypeToFixed(ms, 3)}ms`;
    if (ms < 60_000) return `${NumberPrototypeToFixed(ms / 1000, 3)}s`;
    const hours = MathFloor(ms / 3_600_000);
    const minutes = MathFloor(ms % 3_600_000 / 60_000);
    const seconds = StringPrototypePadStart(NumberPrototypeToFixed(ms % 60_000 / 1000, 3), 6, '0');
    return hours > 0 ? `${hours}:${StringPrototypePadStart(`${minutes}`, 2, '0')}:${seconds} (h:mm:ss.mmm)` :
        `${minutes}:${seconds} (m:ss.mmm)`;
}

function warn(text) { require('process').emitWarning(text); }

function reportTime(self, label, method, data, ends) {
    const { timers } = states.get(self);
    label = `${label}`;
    const start = timers.get(label);
    if (start === undefined) {
        warn(`No such label '${label}' for console.${method}()`);
        return;
    }
    ArrayPrototypeUnshift(data, '%s: %s', label, formatTime(clock.now() - start));
    toOut(self, data);
    if (ends) timers.delete(label);
}

const methods = {
    __proto__: null,
    log(...args) { toOut(this, args); },
    warn(...args) { toErr(this, args); },
    dir(object, options) {
        const state = states.get(this);
        const stream = state.stdout();
        print(state, stream, inspect(object, { customInspect: false, ...inspectOptionsFor(state, stream), ...options }));
    },
    time(label = 'default') {
        label = `${label}`;
        const { timers } = states.get(this);
        if (timers.has(label)) warn(`Label '${label}' already exists for console.time()`);
        else timers.set(label, clock.now());
    },
    timeEnd(label = 'default') { reportTime(this, label, 'timeEnd', [], true); },
    timeLog(label = 'default', ...data) { reportTime(this, label, 'timeLog', data, false); },
    trace: function trace(...args) {
        const state = states.get(this);
        const error = new Error(formatFor(state, state.stderr(), args));
        error.name = 'Trace';
        ErrorCaptureStackTrace(error, trace);
        this.error(error.stack);
    },
    assert(condition, ...args) {
        if (condition) return;
        if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
        else ArrayPrototypeUnshift(args, 'Assertion failed');
        ReflectApply(this.warn, this, args);
    },
    clear() {
        const stream = states.get(this).stdout();
        if (stream.isTTY && require('process').env.TERM !== 'dumb') stream.write('\x1B[1;1H\x1B[0J');
    },
    count(label = 'default') {
        label = `${label}`;
        const { counts } = states.get(this);
        const count = (counts.get(label) ?? 0) + 1;
        counts.set(label, count);
        this.log(`${label}: ${count}`);
    },
    countReset(label = 'default') {
        label = `${label}`;
        if (!states.get(this).counts.delete(label)) warn(`Count for '${label}' does not exist`);
    },
    group(...data) {
        if (data.length > 0) ReflectApply(this.log, this, data);
        const state = states.get(this);
        state.indentation += StringPrototypeRepeat(' ', state.groupIndentation);
    },
    groupEnd() {
        const state = states.get(this);
        state.indentation = StringPrototypeSlice(state.indentation, 0, -state.groupIndentation || undefined);
    },
    table(data, properties) {
        if (data === null || typeof data !== 'object') return this.log(data);
        if (properties !== undefined) validateArray(properties, 'properties');
        const state = states.get(this);
        const options = {
            ...inspectOptionsFor(state, state.stdout()), breakLength: Infinity, colors: false, compact: 3, maxArrayLength: 3,
        };
        const format = (value) => inspect(value, {
            ...options, depth: value !== null && typeof value === 'object' && !ArrayIsArray(value) &&
                ObjectKeys(value).length > 2 ? -1 : 0,
        });
        return this.log(require('internal/console_table')(data, properties, format));
    },
};
methods.debug = methods.info = methods.dirxml = methods.log;
methods.error = methods.warn;
methods.groupCollapsed = methods.group;

ArrayPrototypeForEach(ReflectOwnKeys(methods), (name) => {
    ObjectDefineProperty(Console.prototype, name, {
        __proto__: null, configurable: true, enumerable: true, value: methods[name], writable: true,
    });
});

// The global one is no instance by construction: its prototype is an empty object, and its streams are the process's.
const console = ObjectCreate({});
initialize(console, {
    stdout: () => require('process').stdout, stderr: () => require('process').stderr, ignoreErrors: true, colorMode: 'auto',
    inspectOptions: undefined, groupIndentation: 2,
});
ObjectDefineProperty(console, SymbolToStringTag, { __proto__: null, configurable: true, value: 'console' });
ObjectDefineProperty(Console, SymbolHasInstance, { __proto__: null, value: (value) => states.has(value) });
console.Console = Console;
// There is no inspector that would listen.
console.profile = console.profileEnd = console.timeStamp = noop;

module.exports = console;
