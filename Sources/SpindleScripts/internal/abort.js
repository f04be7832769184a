// AbortController and AbortSignal.

const {
    ArrayPrototypePush, ObjectDefineProperty, SafeSet, SafeWeakRef, Symbol, SymbolFor, SymbolIterator,
    SymbolToStringTag,
} = primordials;
const {
    codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS },
} = require('internal/errors');
const { validateUint32 } = require('internal/validators');
const {
    Event, EventTarget, defineEventHandler, kListenersChanged, kTrusted, setMaxListenersOf,
} = require('internal/event_target');

const kCreate = Symbol('kCreate');
const kInspect = SymbolFor('nodejs.util.inspect.custom');

/** Signals of a timeout or of other signals that somebody listens to: nothing else need hold them until they fire. */
const awaited = new SafeSet();

let abortSignal;
let follow;

class AbortSignal extends EventTarget {
    #aborted = false;
    #reason = undefined;
    /** Set where this signal aborts by itself, so that its listeners must keep it alive. */
    #independent = false;
    /** Signals made of this one by `any`, held weakly, and for such a one: what it was made of. */
    #dependents = undefined;
    #sources = undefined;

    constructor(token = undefined) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        super();
        setMaxListenersOf(this, 0);
    }

    static {
        abortSignal = (signal, reason) => {
            if (signal.#aborted) return;
            const all = [signal];
            mark(signal, reason);
            // Every signal is aborted before the first listener of any of them runs.
            signal.#dependents?.forEach((reference) => {
                const dependent = reference.deref();
                if (dependent !== undefined && !dependent.#aborted) {
                    mark(dependent, reason);
                    ArrayPrototypePush(all, dependent);
                }
            });
            for (let i = 0; i < all.length; i++) {
                all[i].dispatchEvent(new Event('abort', { [kTrusted]: true }));
                awaited.delete(all[i]);
            }
        };
        const mark = (signal, reason) => {
            signal.#aborted = true;
            signal.#reason = reason;
        };
        follow = (signal, sources) => {
            signal.#independent = true;
            signal.#sources = new SafeSet();
            for (let i = 0; i < sources.length; i++) {
                const source = sources[i];
                if (source.#sources === undefined) link(signal, source);
                else source.#sources.forEach((origin) => link(signal, origin));
            }
        };
        const link = (signal, source) => {
            source.#dependents ??= new SafeSet();
            if (source.#dependents.size > 0 && source.#dependents.size % 256 === 0) prune(source.#dependents);
            source.#dependents.add(new SafeWeakRef(signal));
            signal.#sources.add(source);
        };
    }

    get aborted() { return check(this).#aborted; }
    get reason() { return check(this).#reason; }
    throwIfAborted() { if (check(this).#aborted) throw this.#reason; }

    static abort(reason = abortError()) {
        const signal = new AbortSignal(kCreate);
        signal.#aborted = true;
        signal.#reason = reason;
        return signal;
    }

    static timeout(delay) {
        validateUint32(delay, 'delay', false);
        const signal = new AbortSignal(kCreate);
        signal.#independent = true;
        const reference = new SafeWeakRef(signal);
        require('timers').setTimeout(() => {
            const target = reference.deref();
            if (target === undefined) return;
            const { DOMException } = require('internal/dom_exception');
            abortSignal(target, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
        }, delay).unref();
        return signal;
    }

    static any(signals) {
        const list = [];
        if (signals === null || typeof signals !== 'object' || typeof signals[SymbolIterator] !== 'function') {
            throw new ERR_INVALID_ARG_TYPE('signals', 'Iterable', signals);
        }
        for (const signal of signals) {
            if (!isAbortSignal(signal)) throw new ERR_INVALID_ARG_TYPE(`signals[${list.length}]`, 'AbortSignal', signal);
            ArrayPrototypePush(list, signal);
        }
        const result = new AbortSignal(kCreate);
        for (let i = 0; i < list.length; i++) {
            if (list[i].#aborted) {
                result.#aborted = true;
                result.#reason = list[i].#reason;
                return result;
            }
        }
        follow(result, list);
        return result;
    }

    static is(value) { return typeof value === 'object' && value !== null && #aborted in value; }

    [kListenersChanged](type, count) {
        if (type !== 'abort' || !this.#independent || this.#aborted) return;
        if (count > 0) awaited.add(this);
        else awaited.delete(this);
    }

    [kInspect](depth, options) { return describe(this, { aborted: this.aborted }, depth, options); }
}
const isAbortSignal = AbortSignal.is;
delete AbortSignal.is;

function check(signal) {
    if (isAbortSignal(signal)) return signal;
    throw new ERR_INVALID_THIS('AbortSignal');
}
function prune(references) {
    references.forEach((reference) => { if (reference.deref() === undefined) references.delete(reference); });
}
function abortError() {
    const { DOMException } = require('internal/dom_exception');
    return new DOMException('This operation was aborted', 'AbortError');
}
function describe(self, members, depth, options) {
    const { name } = self.constructor;
    if (depth < 0) return `[${name}]`;
    const { inspect } = require('internal/util/inspect');
    return `${name} ${inspect(members, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

class AbortController {
    /** Made when first asked for. */
    #signal = undefined;
    get signal() {
        if (!(typeof this === 'object' && this !== null && #signal in this)) throw new ERR_INVALID_THIS('AbortController');
        return this.#signal ??= new AbortSignal(kCreate);
    }
    abort(reason = abortError()) { abortSignal(this.signal, reason); }
    [kInspect](depth, options) { return describe(this, { signal: this.signal }, depth, options); }
}

defineEventHandler(AbortSignal.prototype, 'abort');
expose(AbortSignal, 'aborted', 'reason', 'throwIfAborted');
expose(AbortController, 'signal', 'abort');
function expose(constructor, ...names) {
    ObjectDefineProperty(constructor.prototype, SymbolToStringTag, {
        __proto__: null, configurable: true, value: constructor.name,
    });
    for (let i = 0; i < names.length; i++) {
        ObjectDefineProperty(constructor.prototype, names[i], { __proto__: null, enumerable: true });
    }
}

module.exports = { AbortController, AbortSignal, isAbortSignal };
