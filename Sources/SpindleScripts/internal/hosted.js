// A program that a Swift program runs: `internal/main` starts it with what its owner asked for.

const { ObjectDefineProperty, ObjectKeys, Promise, globalThis } = primordials;

const host = binding('host');
const { read, write } = require('internal/worker/messages');

/** `kind`: 'file' and its path, 'url' and one, 'script' or 'module' and its text. `task`: the export that a pool calls. */
function start(kind, text, name, task) {
    lend();
    if (task === undefined) load(kind, text, name);
    else serve(loadTask(kind, text, name), task);
}

function load(kind, text, name) {
    switch (kind) {
        case 'file': return require('internal/main').startFile(text);
        case 'script': return require('internal/main').startSource(text, name, false);
        case 'url': return importURL(text);
        default: return require('internal/modules/esm').runSource(fileURL(name), text);
    }
}

const fileURL = (name) => require('internal/file_urls').hrefOf(require('path').resolve(name));
const importURL = (url) => require('internal/modules/esm').importDynamically(url, fileURL('[owner]'));

// MARK: What the owner lends

function lend() {
    const { areAsync, names } = host;
    for (let i = 0; i < names.length; i++) define(names[i], areAsync[i] ? asyncFunction(i) : syncFunction(i));
    const values = read(host.values());
    const keys = ObjectKeys(values);
    for (let i = 0; i < keys.length; i++) define(keys[i], values[keys[i]]);
}

function define(name, value) {
    if (typeof value === 'function') ObjectDefineProperty(value, 'name', { __proto__: null, configurable: true, value: name });
    ObjectDefineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}

function syncFunction(index) {
    return (...args) => {
        let outcome;
        write(args, [], undefined, (length, text, attachments, buffer) => {
            outcome = host.call(index, length, text, attachments, buffer);
        });
        const value = read(outcome[1]);
        if (outcome[0]) throw value;
        return value;
    };
}

function asyncFunction(index) {
    return (...args) => new Promise((resolve, reject) => {
        const done = (failed, message) => {
            const value = read(message);
            if (failed) reject(value);
            else resolve(value);
        };
        write(args, [], undefined, (length, text, attachments, buffer) => {
            host.callLater(index, done, length, text, attachments, buffer);
        });
    });
}

// MARK: Tasks of a pool

/** The exports of the task's module. */
async function loadTask(kind, text, name) {
    return kind === 'file' ? importURL(fileURL(text)) : load(kind, text, name);
}

/** Answers each `{ id, input }` by `{ id, output }` or `{ id, error }`, after any number of `{ id, progress }`. */
function serve(loading, name) {
    const { parentPort } = require('worker_threads');
    const perform = async ({ id, input }) => {
        const exports = await loading;
        const task = name === 'default' && typeof exports === 'function' ? exports : exports[name];
        if (typeof task !== 'function') throw new primordials.TypeError(`The module exports no function ${name}`);
        return task(input, { progress: (progress) => parentPort.postMessage({ id, progress }) });
    };
    parentPort.on('message', async (call) => {
        try {
            parentPort.postMessage({ id: call.id, output: await perform(call) });
        } catch (error) {
            fail(parentPort, call.id, error);
        }
    });
}

function fail(port, id, error) {
    try {
        port.postMessage({ id, error });
    } catch {
        port.postMessage({ id, error: new primordials.Error(require('internal/util/inspect').inspect(error)) });
    }
}

module.exports = { start };
