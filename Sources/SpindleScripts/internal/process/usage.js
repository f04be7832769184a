// Differences of processor time, as `cpuUsage` gives them.

const { NumberMAX_SAFE_INTEGER } = primordials;
const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateNumber, validateObject } = require('internal/validators');

function check(value, name) {
    validateNumber(value, name);
    if (value < 0 || value > NumberMAX_SAFE_INTEGER) throw new ERR_INVALID_ARG_VALUE.RangeError(name, value);
}

/** Microseconds since `previous`, an earlier usage; all of them without one. */
function usageSince(user, system, previous) {
    if (previous === undefined) return { user, system };
    validateObject(previous, 'prevValue');
    check(previous.user, 'prevValue.user');
    check(previous.system, 'prevValue.system');
    return { user: user - previous.user, system: system - previous.system };
}

module.exports = { usageSince };
