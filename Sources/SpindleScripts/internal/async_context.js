// The async context: what AsyncLocalStorage reads, carried from where a callback was handed over to where it runs.
//
// `context.current` is a frame (an immutable map storage → value) or undefined. It costs a load and a store where callbacks
// are queued, and nothing else until the first AsyncLocalStorage is made:
//
// - Ticks, timers, immediates and microtasks of ours keep the frame beside the callback and set it before the call.
// - Reactions of promises: `activate()` replaces Promise.prototype.then by one that wraps its callbacks; catch, finally and
//   the combinators go through it.
// - `await` does not call `then`, and JavaScriptCore has no promise hooks. The rewriter of the program's sources makes up for
//   it (SpindleSyntax, SuspensionRewriting): in every async function it declares one variable, keeps the frame in it before a
//   suspension and restores the frame from it afterwards:
//
//       const a = await g();        const a = $c.resume(await $c.resume(g(), $f = $c.current), $f);
//
//   A `catch`, a `finally` and the body of a `for await` begin by restoring it too, since a rejected `await` comes back there.
//   `$c` is this module's exports, handed in by the module wrapper under whatever name the rewriter chose.

const { ObjectDefineProperty, PromisePrototype, PromisePrototypeThen, ReflectApply } = primordials;

const context = {
    __proto__: null,
    current: undefined,

    /** Makes `frame` the current one and passes the value on: what a rewritten `await` is wrapped in. */
    resume(value, frame) {
        context.current = frame;
        return value;
    },

    /** Calls `callback` with `frame` as the current one. */
    run(frame, callback, self, args) {
        const previous = context.current;
        context.current = frame;
        try {
            return ReflectApply(callback, self, args);
        } finally {
            context.current = previous;
        }
    },

    /** A function that runs `callback` in the frame that is current now. */
    bind(callback) {
        const frame = context.current;
        return function (...args) { return context.run(frame, callback, this, args); };
    },

    /** Makes reactions of promises keep their frame; called with the first AsyncLocalStorage. */
    activate() {
        if (active) return;
        active = true;
        const wrap = (callback, frame) => (
            typeof callback === 'function' ? (value) => context.run(frame, callback, undefined, [value]) : callback);
        ObjectDefineProperty(PromisePrototype, 'then', {
            __proto__: null,
            configurable: true,
            enumerable: false,
            value: function then(onFulfilled, onRejected) {
                const frame = context.current;
                return PromisePrototypeThen(this, wrap(onFulfilled, frame), wrap(onRejected, frame));
            },
            writable: true,
        });
    },
};
let active = false;

module.exports = context;
