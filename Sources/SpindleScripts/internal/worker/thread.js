// The worker's side of a worker: what it was given, and how its end is told.

const { ObjectDefineProperty } = primordials;
const host = binding('worker');
const { read, write } = require('internal/worker/messages');

/** What the parent passed on: `workerData`, `environmentData`, `resourceLimits`, `name`, `stdin`. */
const given = read(host.data());

/** Prepares the thread, before the program begins. */
function setup() {
    const process = require('process');
    require('internal/lifecycle').setOnFatal(tellParent);
    for (const name of ['abort', 'chdir', 'initgroups', 'setegid', 'seteuid', 'setgid', 'setgroups', 'setuid']) {
        const unsupported = function () {
            const { codes: { ERR_WORKER_UNSUPPORTED_OPERATION } } = require('internal/errors');
            throw new ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}()`);
        };
        unsupported.disabled = true;
        ObjectDefineProperty(process, name, { __proto__: null, configurable: true, enumerable: true, value: unsupported, writable: true });
    }
    host.online();
}

/** Sends the exception that ends this thread to the parent. */
function tellParent(error) {
    try {
        write(error, [], undefined, host.fail);
    } catch {
        const { codes: { ERR_WORKER_UNSERIALIZABLE_ERROR } } = require('internal/errors');
        const { inspect } = require('internal/util/inspect');
        let text;
        try {
            text = inspect(error);
        } catch {
            return write(new ERR_WORKER_UNSERIALIZABLE_ERROR(), [], undefined, host.fail);
        }
        write(new primordials.Error(text), [], undefined, host.fail);
    }
}

let parentPort = null;
/** The port to the parent, made when it is first wanted. */
function getParentPort() {
    return parentPort ??= require('internal/worker/port').portOf(host.port());
}

module.exports = { getParentPort, given, setup };
