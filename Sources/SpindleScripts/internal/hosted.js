// A program that a Swift program runs: `internal/main` starts it with what its owner asked for.

const { ArrayPrototypePush, ArrayPrototypeShift, Error, ObjectDefineProperty, ObjectKeys, Promise, globalThis } = primordials;

const host = binding('host');
const { read, write } = require('internal/worker/messages');

/** `kind`: 'file' and its path, 'url' and one, 'script' or 'module' and its text. `task`: the export that a pool calls. */
function start(kind, text, name, task) {
    require('internal/lifecycle').setOnFatal(tellOwner);
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
        if (outcome[0]) throw errorOf(value);
        return value;
    };
}

/** Calls that are under way, and what begins those for which there is no room yet. */
let running = 0;
const waiting = [];

function asyncFunction(index) {
    return (...args) => new Promise((resolve, reject) => {
        const done = (failed, message) => {
            running--;
            const value = read(message);
            if (failed) reject(errorOf(value));
            else resolve(value);
            while (running < host.callLimit && waiting.length > 0) ArrayPrototypeShift(waiting)();
        };
        const begin = () => {
            try {
                write(args, [], undefined, (length, text, attachments, buffer) => {
                    host.callLater(index, done, length, text, attachments, buffer);
                });
                running++;
            } catch (error) {
                reject(error);
            }
        };
        if (running < host.callLimit) begin();
        else ArrayPrototypePush(waiting, begin);
    });
}

// MARK: Errors, as texts

/** What the owner is told of anything thrown. It may be anything, with getters that throw. */
function describe(error) {
    const field = (name) => {
        try {
            const value = error[name];
            return typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined;
        } catch {
            return undefined;
        }
    };
    const message = typeof error === 'object' && error !== null ? field('message') : undefined;
    if (message === undefined) return { __proto__: null, name: '', message: textOf(error) };
    return { __proto__: null, name: field('name') ?? 'Error', message, code: field('code'), stack: field('stack') };
}

function textOf(value) {
    if (typeof value === 'string') return value;
    try {
        return require('internal/util/inspect').inspect(value);
    } catch {
        return 'a value that cannot be shown';
    }
}

/** What a function of the owner's threw. */
function errorOf({ name, message, code }) {
    const { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } = primordials;
    const classes = { __proto__: null, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
    const error = new (classes[name] ?? Error)(message);
    if (error.name !== name) {
        ObjectDefineProperty(error, 'name', {
            __proto__: null, configurable: true, enumerable: false, value: name, writable: true,
        });
    }
    if (code !== undefined) error.code = code;
    return error;
}

/** Of an error that nobody caught. */
function tellOwner(error) { write(describe(error), [], undefined, binding('worker').fail); }

// MARK: Tasks of a pool

/** The exports of the task's module. */
async function loadTask(kind, text, name) {
    return kind === 'file' ? importURL(fileURL(text)) : load(kind, text, name);
}

/** Answers each `{ id, input }` by `{ id, output }` or `{ id, error }`, after any number of `{ id, progress }`. */
function serve(loading, name) {
    const { parentPort } = require('worker_threads');
    // The port's own method: a task may replace that of the prototype.
    const { postMessage } = parentPort;
    const post = (answer, transfers) => primordials.ReflectApply(postMessage, parentPort, [answer, transfers]);
    parentPort.on('message', async ({ id, input }) => {
        const transfers = [];
        const helpers = {
            progress: (progress, list) => post({ id, progress }, list),
            transfer(object) {
                ArrayPrototypePush(transfers, object);
                return object;
            },
        };
        try {
            const exports = await loading;
            const task = name === 'default' && typeof exports === 'function' ? exports : exports[name];
            if (typeof task !== 'function') throw new primordials.TypeError(`The module exports no function ${name}`);
            post({ id, output: await task(input, helpers) }, transfers);
        } catch (error) {
            post({ id, error: describe(error) }, []);
        }
    });
}

module.exports = { start };
