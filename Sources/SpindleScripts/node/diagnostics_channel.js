// node:diagnostics_channel.

const {
    ArrayPrototypePush, ArrayPrototypeSlice, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply,
    SafeFinalizationRegistry, SafeMap, SafeWeakRef,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');

/** Channels by name, held weakly unless somebody listens. */
const channels = new SafeMap();
const collected = new SafeFinalizationRegistry((name) => {
    if (channels.get(name)?.deref() === undefined) channels.delete(name);
});
const held = new SafeMap();

class Channel {
    /** Replaced, never changed, so that publishing may walk it. */
    #subscribers = [];
    #stores = new SafeMap();

    constructor(name) {
        this.name = name;
        channels.set(name, new SafeWeakRef(this));
        collected.register(this, name);
    }

    get hasSubscribers() { return this.#subscribers.length > 0 || this.#stores.size > 0; }

    #hold() {
        if (this.hasSubscribers) held.set(this.name, this);
        else held.delete(this.name);
    }

    subscribe(onMessage) {
        validateFunction(onMessage, 'subscription');
        const list = ArrayPrototypeSlice(this.#subscribers);
        ArrayPrototypePush(list, onMessage);
        this.#subscribers = list;
        this.#hold();
    }
    unsubscribe(onMessage) {
        const list = [];
        let found = false;
        for (let i = 0; i < this.#subscribers.length; i++) {
            if (!found && this.#subscribers[i] === onMessage) found = true;
            else ArrayPrototypePush(list, this.#subscribers[i]);
        }
        this.#subscribers = list;
        this.#hold();
        return found;
    }
    publish(message) {
        const list = this.#subscribers;
        for (let i = 0; i < list.length; i++) {
            try {
                list[i](message, this.name);
            } catch (error) {
                // Whoever publishes is not to suffer from who listens.
                require('process').nextTick(() => { throw error; });
            }
        }
    }
    bindStore(store, transform) {
        this.#stores.set(store, transform);
        this.#hold();
    }
    unbindStore(store) {
        const found = this.#stores.delete(store);
        this.#hold();
        return found;
    }
    runStores(message, fn, self, ...args) {
        let run = () => {
            this.publish(message);
            return ReflectApply(fn, self, args);
        };
        this.#stores.forEach((transform, store) => {
            const inner = run;
            run = () => {
                let value = message;
                if (transform !== undefined) {
                    try {
                        value = transform(message);
                    } catch (error) {
                        require('process').nextTick(() => { throw error; });
                        return inner();
                    }
                }
                return store.run(value, inner);
            };
        });
        return run();
    }
}

function channel(name) {
    const known = channels.get(name)?.deref();
    if (known !== undefined) return known;
    if (typeof name !== 'string' && typeof name !== 'symbol') {
        throw new ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
    }
    return new Channel(name);
}

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

class TracingChannel {
    constructor(source) {
        for (let i = 0; i < events.length; i++) {
            const name = events[i];
            this[name] = typeof source === 'string' ? channel(`tracing:${source}:${name}`) : checkChannel(source?.[name], name);
        }
    }
    get hasSubscribers() {
        for (let i = 0; i < events.length; i++) if (this[events[i]].hasSubscribers) return true;
        return false;
    }
    subscribe(handlers) {
        for (let i = 0; i < events.length; i++) if (handlers[events[i]]) this[events[i]].subscribe(handlers[events[i]]);
    }
    unsubscribe(handlers) {
        let done = true;
        for (let i = 0; i < events.length; i++) {
            if (handlers[events[i]] && !this[events[i]].unsubscribe(handlers[events[i]])) done = false;
        }
        return done;
    }

    traceSync(fn, message = {}, self = undefined, ...args) {
        if (!this.hasSubscribers) return ReflectApply(fn, self, args);
        return this.start.runStores(message, () => {
            try {
                return message.result = ReflectApply(fn, self, args);
            } catch (error) {
                message.error = error;
                this.error.publish(message);
                throw error;
            } finally {
                this.end.publish(message);
            }
        });
    }
    tracePromise(fn, message = {}, self = undefined, ...args) {
        if (!this.hasSubscribers) return ReflectApply(fn, self, args);
        const settle = (key, value) => {
            message[key] = value;
            if (key === 'error') this.error.publish(message);
            this.asyncStart.publish(message);
            this.asyncEnd.publish(message);
        };
        return this.start.runStores(message, () => {
            try {
                const promise = PromiseResolve(ReflectApply(fn, self, args));
                return PromisePrototypeThen(promise, (result) => {
                    settle('result', result);
                    return result;
                }, (error) => {
                    settle('error', error);
                    return PromiseReject(error);
                });
            } catch (error) {
                message.error = error;
                this.error.publish(message);
                throw error;
            } finally {
                this.end.publish(message);
            }
        });
    }
    traceCallback(fn, position = -1, message = {}, self = undefined, ...args) {
        if (!this.hasSubscribers) return ReflectApply(fn, self, args);
        const at = position < 0 ? args.length + position : position;
        const callback = args[at];
        validateFunction(callback, 'callback');
        const tracing = this;
        args[at] = function (error, result) {
            const given = arguments;
            if (error) {
                message.error = error;
                tracing.error.publish(message);
            } else message.result = result;
            return tracing.asyncStart.runStores(message, () => {
                try {
                    return ReflectApply(callback, this, given);
                } finally {
                    tracing.asyncEnd.publish(message);
                }
            });
        };
        return this.start.runStores(message, () => {
            try {
                return ReflectApply(fn, self, args);
            } catch (error) {
                message.error = error;
                this.error.publish(message);
                throw error;
            } finally {
                this.end.publish(message);
            }
        });
    }
}
function checkChannel(value, name) {
    if (!(value instanceof Channel)) throw new ERR_INVALID_ARG_TYPE(`nameOrChannels.${name}`, ['Channel'], value);
    return value;
}

module.exports = {
    Channel,
    channel,
    hasSubscribers: (name) => channels.get(name)?.deref()?.hasSubscribers ?? false,
    subscribe: (name, onMessage) => channel(name).subscribe(onMessage),
    tracingChannel: (source) => new TracingChannel(source),
    unsubscribe: (name, onMessage) => channel(name).unsubscribe(onMessage),
};
