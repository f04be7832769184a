// The worker's side of a worker: what it was given, and how its end is told.

const { ObjectDefineProperty, PromisePrototypeThen } = primordials;
const host = binding('worker');
const { read, write } = require('internal/worker/messages');

/** What the parent passed on: `workerData`, `environmentData`, `resourceLimits`, `name`, `preloads`. */
const given = read(host.data());

/** Prepares the thread, before the program begins. `isHosted`: its parent is no guest. */
function setup(isHosted) {
    const process = require('process');
    require('internal/lifecycle').setOnFatal(isHosted ? tellHost : tellParent, 1);
    for (const name of ['abort', 'chdir', 'initgroups', 'setegid', 'seteuid', 'setgid', 'setgroups', 'setuid']) {
        const unsupported = function () {
            const { codes: { ERR_WORKER_UNSUPPORTED_OPERATION } } = require('internal/errors');
            throw new ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}()`);
        };
        unsupported.disabled = true;
        define(process, name, unsupported);
    }
    const { umask } = process;
    define(process, 'umask', (mask) => {
        if (mask === undefined) return umask();
        const { codes: { ERR_WORKER_UNSUPPORTED_OPERATION } } = require('internal/errors');
        throw new ERR_WORKER_UNSUPPORTED_OPERATION('Setting process.umask()');
    });
    host.online();
}

function define(process, name, value) {
    ObjectDefineProperty(process, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}

/** Runs what `--require` and `--import` name, then the program. */
function preload(run) {
    const { preloads } = given;
    if (preloads === undefined || preloads.length === 0) return run();
    const path = `${require('process').cwd()}/[worker]`;
    const next = async () => {
        for (let i = 0; i < preloads.length; i++) {
            const { 0: how, 1: specifier } = preloads[i];
            if (how === 'require') require('module').createRequire(path)(specifier);
            else await require('internal/modules/esm').importDynamically(specifier, require('url').pathToFileURL(path).href);
        }
        run();
    };
    const { report } = require('internal/lifecycle');
    return PromisePrototypeThen(next(), undefined, (error) => { report(error); });
}

/** Sends the exception that ends this thread to the parent, once 'exit' has run. */
function tellParent(error, fromPromise, announce) {
    announce();
    require('internal/worker/errors').sendThrown(error, (packed) => write(packed, [], undefined, host.fail));
}

/** The same for a parent that is no guest: it gets the error as structured clone has it. */
function tellHost(error, fromPromise, announce) {
    announce();
    try {
        write(error, [], undefined, host.fail);
    } catch {
        const text = require('internal/worker/errors').textOf(error);
        write(new primordials.Error(text ?? 'An error that cannot be shown'), [], undefined, host.fail);
    }
}

let parentPort = null;
/** The port to the parent, made when it is first wanted. */
function getParentPort() {
    return parentPort ??= require('internal/worker/port').portOf(host.port);
}

module.exports = { getParentPort, given, preload, setup };
