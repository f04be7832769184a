// The methods of Readable that are named like those of arrays. Those that give a stream are async generators here.

const {
    ArrayPrototypePush, ArrayPrototypeShift, MathFloor, Number, NumberIsNaN, Promise, PromisePrototypeThen, PromiseReject,
    PromiseResolve, ReflectApply, SymbolDispose,
} = primordials;
const {
    AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateAbortSignal, validateInteger, validateObject } = require('internal/validators');
const { AbortController, AbortSignal } = require('internal/abort');
const { abortErrorOf, addAbortSignal, onAbort } = require('internal/streams/abort_signal');
const { isNodeStream, isWritable } = require('internal/streams/predicates');

/** In place of an item that `filter` leaves out. */
const omitted = { __proto__: null };
const end = { __proto__: null };

function checkOptions(options) {
    if (options === undefined || options === null) return undefined;
    validateObject(options, 'options');
    if (options.signal != null) validateAbortSignal(options.signal, 'options.signal');
    return options.signal ?? undefined;
}
function checkFunction(value, name = 'fn') {
    if (typeof value !== 'function') throw new ERR_INVALID_ARG_TYPE(name, ['Function', 'AsyncFunction'], value);
}

function map(fn, options) {
    checkFunction(fn);
    checkOptions(options);
    const concurrency = options?.concurrency == null ? 1 : MathFloor(options.concurrency);
    const ahead = options?.highWaterMark == null ? concurrency - 1 : MathFloor(options.highWaterMark);
    validateInteger(concurrency, 'options.concurrency', 1);
    validateInteger(ahead, 'options.highWaterMark', 0);
    return mapped(this, fn, options?.signal, concurrency, ahead + concurrency);
}

/** Yields outcomes in order, while up to `concurrency` calls of `fn` run and up to `limit` outcomes wait. */
async function* mapped(stream, fn, outerSignal, concurrency, limit) {
    const signal = AbortSignal.any(outerSignal === undefined || outerSignal === null ? [] : [outerSignal]);
    const queue = [];
    let running = 0;
    let isOver = false;
    let wakeReader;
    let wakeSource;
    const onItem = () => {
        wakeReader?.();
        wakeReader = undefined;
    };
    const onRoom = (isForced) => {
        if (wakeSource === undefined || (!isForced && (isOver || running >= concurrency || queue.length >= limit))) return;
        wakeSource();
        wakeSource = undefined;
    };
    const onSuccess = () => {
        running--;
        onRoom(false);
    };
    const onFailure = () => {
        isOver = true;
        onSuccess();
    };
    const pump = async () => {
        try {
            for await (const item of stream) {
                if (isOver) return;
                if (signal.aborted) throw new AbortError();
                let outcome;
                try {
                    const value = fn(item, { signal });
                    if (value === omitted) continue;
                    outcome = PromiseResolve(value);
                } catch (error) {
                    outcome = PromiseReject(error);
                }
                running++;
                PromisePrototypeThen(outcome, onSuccess, onFailure);
                ArrayPrototypePush(queue, outcome);
                onItem();
                if (!isOver && (queue.length >= limit || running >= concurrency)) {
                    await new Promise((resolve) => { wakeSource = resolve; });
                }
            }
            ArrayPrototypePush(queue, end);
        } catch (error) {
            const outcome = PromiseReject(error);
            PromisePrototypeThen(outcome, onSuccess, onFailure);
            ArrayPrototypePush(queue, outcome);
        } finally {
            isOver = true;
            onItem();
        }
    };
    pump();
    try {
        for (;;) {
            while (queue.length > 0) {
                const value = await queue[0];
                if (value === end) return;
                if (signal.aborted) throw new AbortError();
                if (value !== omitted) yield value;
                ArrayPrototypeShift(queue);
                onRoom(false);
            }
            await new Promise((resolve) => { wakeReader = resolve; });
        }
    } finally {
        isOver = true;
        onRoom(true);
    }
}

function filter(fn, options) {
    checkFunction(fn);
    return ReflectApply(map, this, [async (value, own) => (await fn(value, own) ? value : omitted), options]);
}
async function forEach(fn, options) {
    checkFunction(fn);
    const calls = ReflectApply(map, this, [async (value, own) => {
        await fn(value, own);
        return omitted;
    }, options]);
    // Nothing is yielded; this runs until the end.
    for await (const nothing of calls);
}
async function some(fn, options) {
    for await (const found of ReflectApply(filter, this, [fn, options])) return true;
    return false;
}
async function every(fn, options) {
    checkFunction(fn);
    return !await ReflectApply(some, this, [async (...args) => !await ReflectApply(fn, undefined, args), options]);
}
async function find(fn, options) {
    for await (const found of ReflectApply(filter, this, [fn, options])) return found;
    return undefined;
}
function flatMap(fn, options) { return flattened(ReflectApply(map, this, [fn, options])); }
async function* flattened(values) {
    for await (const value of values) yield* value;
}

async function toArray(options) {
    const signal = checkOptions(options);
    const result = [];
    for await (const value of this) {
        if (signal?.aborted) throw abortErrorOf(signal);
        ArrayPrototypePush(result, value);
    }
    return result;
}

async function reduce(reducer, initialValue, options) {
    checkFunction(reducer, 'reducer');
    const outerSignal = checkOptions(options);
    let hasValue = arguments.length > 1;
    let value = initialValue;
    if (outerSignal?.aborted) {
        const error = abortErrorOf(outerSignal);
        // It is told of by the promise.
        this.once('error', () => {});
        await require('internal/streams/finished').finishedPromise(this.destroy(error));
        throw error;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const aborting = outerSignal === undefined ? undefined : onAbort(outerSignal, () => controller.abort());
    try {
        for await (const item of this) {
            if (outerSignal?.aborted) throw new AbortError();
            if (hasValue) value = await reducer(value, item, { signal });
            else value = item;
            hasValue = true;
        }
        if (!hasValue) {
            const error = new ERR_MISSING_ARGS('reduce');
            error.message = 'Reduce of an empty stream requires an initial value';
            throw error;
        }
    } finally {
        aborting?.[SymbolDispose]();
        controller.abort();
    }
    return value;
}

function countFrom(number) {
    number = Number(number);
    if (NumberIsNaN(number)) return 0;
    if (number < 0) throw new ERR_OUT_OF_RANGE('number', '>= 0', number);
    return number;
}
function drop(number, options) {
    const signal = checkOptions(options);
    return dropped(this, countFrom(number), signal);
}
async function* dropped(stream, count, signal) {
    if (signal?.aborted) throw new AbortError();
    for await (const value of stream) {
        if (signal?.aborted) throw new AbortError();
        if (count-- <= 0) yield value;
    }
}
function take(number, options) {
    const signal = checkOptions(options);
    return taken(this, countFrom(number), signal);
}
async function* taken(stream, count, signal) {
    if (signal?.aborted) throw new AbortError();
    for await (const value of stream) {
        if (signal?.aborted) throw new AbortError();
        if (count-- > 0) yield value;
        // Not one more is taken from the source.
        if (count <= 0) return;
    }
}

function compose(stream, options) {
    const signal = checkOptions(options);
    if (isNodeStream(stream) && !isWritable(stream)) throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be writable');
    const composed = require('internal/streams/compose')(this, stream);
    return signal === undefined ? composed : addAbortSignal(signal, composed);
}

module.exports = { compose, drop, every, filter, find, flatMap, forEach, map, reduce, some, take, toArray };
