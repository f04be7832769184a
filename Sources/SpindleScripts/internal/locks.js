// `locks` of node:worker_threads: the named locks of the process (Web Locks).

const { Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, StringPrototypeStartsWith, Symbol } = primordials;

const { codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const { validateAbortSignal, validateFunction, validateObject, validateOneOf } = require('internal/validators');
const host = binding('locks');

const kCreate = Symbol('kCreate');
const WAITING = 0;
const IF_AVAILABLE = 1;
const STEAL = 2;

class Lock {
    #name;
    #mode;
    constructor(token, name, mode) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#name = name;
        this.#mode = mode;
    }
    get name() { return this.#name; }
    get mode() { return this.#mode; }
}

function domError(message, name) {
    const { DOMException } = require('internal/dom_exception');
    return new DOMException(message, name);
}

class LockManager {
    constructor(token) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    }

    async request(name, options, callback) {
        if (callback === undefined) {
            callback = options;
            options = undefined;
        }
        name = `${name}`;
        validateFunction(callback, 'callback');
        if (options === undefined || options === null) options = {};
        validateObject(options, 'options');
        const { ifAvailable = false, mode = 'exclusive', signal, steal = false } = options;
        validateOneOf(mode, 'options.mode', ['exclusive', 'shared']);
        validateAbortSignal(signal, 'options.signal');
        if (StringPrototypeStartsWith(name, '-')) throw domError('Lock name may not start with hyphen', 'NotSupportedError');
        if (ifAvailable && steal) throw domError('ifAvailable and steal are mutually exclusive', 'NotSupportedError');
        if (mode !== 'exclusive' && steal) throw domError(`mode: "${mode}" and steal are mutually exclusive`, 'NotSupportedError');
        if (signal && (ifAvailable || steal)) {
            throw domError('signal cannot be used with steal or ifAvailable', 'NotSupportedError');
        }
        signal?.throwIfAborted();
        // Awaited, since a promise that is returned is resolved by way of its `then`, which may be anybody's.
        return await perform(name, mode, steal ? STEAL : ifAvailable ? IF_AVAILABLE : WAITING, signal, callback);
    }

    query() {
        return new Promise((resolve) => {
            host.query((flat) => {
                const state = { held: [], pending: [] };
                const clientId = `node-${require('process').pid}-0`;
                for (let i = 0; i < flat.length; i += 3) {
                    const list = flat[i + 2] ? state.held : state.pending;
                    list[list.length] = { name: flat[i], mode: flat[i + 1] === 1 ? 'shared' : 'exclusive', clientId };
                }
                resolve(state);
            });
        });
    }
}

/** Takes the lock, runs the callback with it and settles as that does, unless the lock is stolen meanwhile. */
function perform(name, mode, acquisition, signal, callback) {
    return new Promise((resolve, reject) => {
        const onAbort = () => host.cancel(number);
        const run = (lock) => {
            let result;
            try {
                result = PromiseResolve(callback(lock));
            } catch (error) {
                result = PromiseReject(error);
            }
            return result;
        };
        let settle;
        const number = host.request(name, mode === 'shared', acquisition, (event) => {
            signal?.removeEventListener('abort', onAbort);
            switch (event) {
                case 'granted': {
                    if (signal?.aborted) {
                        settle = () => reject(signal.reason);
                        host.release(number);
                        break;
                    }
                    const end = (finish) => (value) => {
                        settle ??= () => finish(value);
                        host.release(number);
                    };
                    PromisePrototypeThen(run(new Lock(kCreate, name, mode)), end(resolve), end(reject));
                    break;
                }
                case 'stolen':
                    settle = () => {};
                    reject(domError('Lock was stolen by another request', 'AbortError'));
                    break;
                case 'unavailable': PromisePrototypeThen(run(null), resolve, reject); break;
                case 'cancelled': reject(signal.reason); break;
                default: settle?.();
            }
        });
        signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    });
}

module.exports = { Lock, LockManager, locks: new LockManager(kCreate) };
