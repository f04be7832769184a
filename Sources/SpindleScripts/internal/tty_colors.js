// How many colours a terminal has, in bits, as its environment tells.

const { RegExpPrototypeExec, StringPrototypeToLowerCase } = primordials;
const { validateInteger } = require('internal/validators');

const two = 1;
const sixteen = 4;
const many = 8;
const all = 24;

const matches = (pattern, text) => RegExpPrototypeExec(pattern, text) !== null;
const services = ['APPVEYOR', 'BUILDKITE', 'CIRCLECI', 'DRONE', 'GITHUB_ACTIONS', 'GITLAB_CI', 'TRAVIS'];

let hasWarned = false;
function warnOfForce(env) {
    if (hasWarned) return;
    hasWarned = true;
    const disabled = env.NODE_DISABLE_COLORS !== undefined;
    const none = env.NO_COLOR !== undefined;
    if (!disabled && !none) return;
    const names = disabled && none ? 'NODE_DISABLE_COLORS\' and \'NO_COLOR' : disabled ? 'NODE_DISABLE_COLORS' : 'NO_COLOR';
    require('process').emitWarning(`The '${names}' env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
}

function getColorDepth(env = require('process').env) {
    if (env.FORCE_COLOR !== undefined) {
        const depth = { __proto__: null, '': sixteen, 1: sixteen, true: sixteen, 2: many, 3: all }[env.FORCE_COLOR];
        if (depth !== undefined) warnOfForce(env);
        return depth ?? two;
    }
    if (env.NODE_DISABLE_COLORS !== undefined || env.NO_COLOR !== undefined || env.TERM === 'dumb') return two;
    if (env.TMUX) return many;
    if (env.CI) {
        for (let i = 0; i < services.length; i++) if (services[i] in env) return many;
        return env.CI_NAME === 'codeship' ? many : two;
    }
    if ('TEAMCITY_VERSION' in env) return matches(/^(9\.(0*[1-9]\d*)\.|\d{2,}\.)/, env.TEAMCITY_VERSION) ? sixteen : two;
    switch (env.TERM_PROGRAM) {
    case 'iTerm.app': return !env.TERM_PROGRAM_VERSION || matches(/^[0-2]\./, env.TERM_PROGRAM_VERSION) ? many : all;
    case 'HyperTerm':
    case 'MacTerm': return all;
    case 'Apple_Terminal': return many;
    }
    if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return all;
    if (env.TERM) {
        if (matches(/^xterm-256/, env.TERM)) return many;
        const name = StringPrototypeToLowerCase(env.TERM);
        if (matches(/^(mosh|rxvt-unicode-24bit|terminator)$/, name)) return all;
        if (matches(/ansi|color|linux|^con\d*x\d|^(rxvt|screen|xterm|vt100)/, name) ||
            matches(/^(eterm|cons25|console|cygwin|dtterm|gnome|hurd|jfbterm|konsole|kterm|mlterm|putty|st)$/, name)) {
            return sixteen;
        }
    }
    return env.COLORTERM ? sixteen : two;
}

function hasColors(count, env) {
    if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
        env = count;
        count = 16;
    } else validateInteger(count, 'count', 2);
    return count <= 2 ** getColorDepth(env);
}

module.exports = { getColorDepth, hasColors };
