// Functions made of functions: promisify, callbackify, deprecate, inherits.

const {
    ArrayPrototypePop,
    ArrayPrototypePush,
    FunctionPrototypeBind,
    ObjectDefineProperties,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptors,
    ObjectGetPrototypeOf,
    ObjectSetPrototypeOf,
    Promise,
    PromisePrototypeThen,
    PromiseResolve,
    ReflectApply,
    ReflectConstruct,
    ReflectOwnKeys,
    SafeSet,
    Symbol,
    SymbolFor,
} = primordials;

const {
    codes: {
        ERR_FALSY_VALUE_REJECTION,
        ERR_INVALID_ARG_TYPE,
    },
} = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');

const customPromisify = SymbolFor('nodejs.util.promisify.custom');

// A built-in whose callback takes several results lists their names under this: its promise is for an object of them.
const promisifyNames = Symbol('promisifyNames');

// The own properties of `original`, in a form that a patched Object.prototype cannot add to.
function descriptorsOf(original) {
    const descriptors = ObjectGetOwnPropertyDescriptors(original);
    const keys = ReflectOwnKeys(descriptors);
    for (let i = 0; i < keys.length; i++) ObjectSetPrototypeOf(descriptors[keys[i]], null);
    return descriptors;
}

function markPromisified(promisified) {
    return ObjectDefineProperty(promisified, customPromisify, {
        __proto__: null, value: promisified, enumerable: false, writable: false, configurable: true,
    });
}

function promisify(original) {
    validateFunction(original, 'original');
    const custom = original[customPromisify];
    if (custom) {
        validateFunction(custom, 'util.promisify.custom');
        return markPromisified(custom);
    }

    const names = original[promisifyNames];
    function promisified(...args) {
        return new Promise((resolve, reject) => {
            ArrayPrototypePush(args, (error, ...results) => {
                if (error) return reject(error);
                if (names === undefined || results.length < 2) return resolve(results[0]);
                const named = {};
                for (let i = 0; i < names.length; i++) named[names[i]] = results[i];
                return resolve(named);
            });
            ReflectApply(original, this, args);
        });
    }
    ObjectSetPrototypeOf(promisified, ObjectGetPrototypeOf(original));
    markPromisified(promisified);
    return ObjectDefineProperties(promisified, descriptorsOf(original));
}
promisify.custom = customPromisify;

function callbackify(original) {
    validateFunction(original, 'original');
    function callbackified(...args) {
        const last = ArrayPrototypePop(args);
        validateFunction(last, 'last argument');
        const callback = FunctionPrototypeBind(last, this);
        const { nextTick } = require('process');
        // On the next tick, so that what the callback throws is an uncaught exception and no rejection.
        PromisePrototypeThen(
            PromiseResolve(ReflectApply(original, this, args)),
            (result) => nextTick(callback, null, result),
            // No error at all would look like success.
            (reason) => nextTick(callback, reason || new ERR_FALSY_VALUE_REJECTION(reason)),
        );
    }
    const descriptors = descriptorsOf(original);
    if (typeof descriptors.length.value === 'number') descriptors.length.value++;
    if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
    ObjectDefineProperties(callbackified, descriptors);
    return callbackified;
}

let warnedCodes;

// `original` with a warning at its first call; a code is warned of once, whatever number of functions have it.
function deprecate(original, message, code, { modifyPrototype = true } = {}) {
    if (code !== undefined) validateString(code, 'code');
    let isWarned = false;

    function warn() {
        isWarned = true;
        const process = require('process');
        if (code === undefined) {
            process.emitWarning(message, 'DeprecationWarning', deprecated);
            return;
        }
        warnedCodes ??= new SafeSet();
        if (warnedCodes.has(code)) return;
        warnedCodes.add(code);
        process.emitWarning(message, 'DeprecationWarning', code, deprecated);
    }

    function deprecated(...args) {
        if (!isWarned && !require('process').noDeprecation) warn();
        return new.target ? ReflectConstruct(original, args, new.target) : ReflectApply(original, this, args);
    }
    if (modifyPrototype) {
        ObjectSetPrototypeOf(deprecated, original);
        // So that what the original makes is an instance of the wrapper too.
        if (original.prototype) deprecated.prototype = original.prototype;
    }
    return deprecated;
}

function inherits(constructor, parent) {
    if (constructor == null) throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
    if (parent == null) throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', parent);
    if (parent.prototype === undefined) {
        throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', parent.prototype);
    }
    ObjectDefineProperty(constructor, 'super_', {
        __proto__: null, value: parent, writable: true, configurable: true,
    });
    ObjectSetPrototypeOf(constructor.prototype, parent.prototype);
}

module.exports = { callbackify, customPromisify, deprecate, inherits, promisify, promisifyNames };
