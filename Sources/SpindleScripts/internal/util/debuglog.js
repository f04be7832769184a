// `util.debuglog`: messages on standard error for the sections that NODE_DEBUG names.

const {
    ArrayPrototypeJoin,
    ArrayPrototypeMap,
    ObjectDefineProperty,
    RegExp,
    RegExpPrototypeExec,
    StringPrototypeReplaceAll,
    StringPrototypeSplit,
    StringPrototypeToUpperCase,
} = primordials;

const { format, formatWithOptions } = require('internal/util/format');
const { inspect } = require('internal/util/inspect');

let pattern;

// NODE_DEBUG lists sections, separated by commas, in any case; `*` stands for anything.
function isEnabled(section) {
    if (pattern === undefined) {
        const list = StringPrototypeSplit(require('process').env.NODE_DEBUG ?? '', ',');
        const parts = ArrayPrototypeMap(list, (name) => StringPrototypeReplaceAll(escapePattern(name), '*', '.*'));
        pattern = new RegExp(`^(?:${ArrayPrototypeJoin(parts, '|')})$`, 'i');
    }
    return section !== '' && RegExpPrototypeExec(pattern, section) !== null;
}

const specials = ['\\', '|', '{', '}', '(', ')', '[', ']', '^', '$', '+', '?', '.'];

function escapePattern(text) {
    for (let i = 0; i < specials.length; i++) text = StringPrototypeReplaceAll(text, specials[i], `\\${specials[i]}`);
    return text;
}

function write(section, args) {
    const { pid, stderr } = require('process');
    const colors = stderr.isTTY === true;
    stderr.write(format('%s %s: %s\n', section, inspect(pid, { colors }), formatWithOptions({ colors }, ...args)));
}

// The environment is asked at the first use, so that making a logger costs nothing. `callback` is then given the
// function that logs without asking again.
function debuglog(section, callback) {
    let enabled;
    let log = (...args) => {
        test();
        log = enabled ? (...values) => write(section, values) : () => {};
        if (typeof callback === 'function') callback(log);
        log(...args);
    };
    function test() {
        if (enabled !== undefined) return enabled;
        section = StringPrototypeToUpperCase(section);
        enabled = isEnabled(section);
        return enabled;
    }
    const logger = (...args) => log(...args);
    ObjectDefineProperty(logger, 'enabled', {
        __proto__: null, get: test, configurable: true, enumerable: true,
    });
    return logger;
}

module.exports = { debuglog };
