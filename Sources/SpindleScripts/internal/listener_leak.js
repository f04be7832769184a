// The warning of a list of listeners that only grows.

const { Error, String } = primordials;

/** `kind` is the class's name, `role` the member of the warning that holds the target. */
module.exports = function warnOfLeak(kind, role, target, type, count, limit) {
    const { inspect } = require('internal/util/inspect');
    const warning = new Error(
        `Possible ${kind} memory leak detected. ${count} ${String(type)} listeners added to ${inspect(target, { depth: -1 })}. ` +
        `MaxListeners is ${limit}. Use ${role === 'emitter' ? 'emitter' : 'events'}.setMaxListeners() to increase limit`);
    warning.name = 'MaxListenersExceededWarning';
    warning[role] = target;
    warning.type = type;
    warning.count = count;
    require('process').emitWarning(warning);
};
