// `Readable.from`: the items of an iterable as a stream, taken as they are asked for.

const { PromisePrototypeThen, SymbolAsyncIterator, SymbolIterator } = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES } } = require('internal/errors');
const { nextTick } = require('internal/task_queues');
const { Buffer } = require('buffer');

module.exports = function from(Readable, iterable, options) {
    // Text and bytes are one item.
    if (typeof iterable === 'string' || iterable instanceof Buffer) {
        return new Readable({
            objectMode: true,
            ...options,
            read() {
                this.push(iterable);
                this.push(null);
            },
        });
    }
    const isAsync = !!iterable?.[SymbolAsyncIterator];
    if (!isAsync && !iterable?.[SymbolIterator]) throw new ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);
    const iterator = isAsync ? iterable[SymbolAsyncIterator]() : iterable[SymbolIterator]();
    const readable = new Readable({ objectMode: true, highWaterMark: 1, ...options });

    // Whether a call of one of these is still under way.
    let isReading = false;
    readable._read = () => {
        if (isReading) return;
        isReading = true;
        if (isAsync) pushLater();
        else pushNow();
    };
    /** Whether to go on. */
    function push(value) {
        if (value === null) {
            isReading = false;
            throw new ERR_STREAM_NULL_VALUES();
        }
        if (readable.push(value)) return true;
        isReading = false;
        return false;
    }
    /** Without a promise in between, as long as the items are none. */
    function pushNow() {
        try {
            for (;;) {
                const { value, done } = iterator.next();
                if (done) {
                    readable.push(null);
                    return;
                }
                if (value && typeof value.then === 'function') {
                    pushPromised(value);
                    return;
                }
                if (!push(value)) return;
            }
        } catch (error) {
            readable.destroy(error);
        }
    }
    async function pushPromised(promise) {
        try {
            if (push(await promise)) pushNow();
        } catch (error) {
            readable.destroy(error);
        }
    }
    async function pushLater() {
        try {
            for (;;) {
                const { value, done } = await iterator.next();
                if (done) {
                    readable.push(null);
                    return;
                }
                if (!push(value)) return;
            }
        } catch (error) {
            readable.destroy(error);
        }
    }

    async function close(error) {
        if (error != null && typeof iterator.throw === 'function') {
            const { value, done } = await iterator.throw(error);
            await value;
            if (done) return;
        }
        if (typeof iterator.return === 'function') {
            const { value } = await iterator.return();
            await value;
        }
    }
    readable._destroy = (error, callback) => {
        // In a tick, as the callback may throw.
        PromisePrototypeThen(
            close(error), () => nextTick(callback, error), (failure) => nextTick(callback, failure || error));
    };
    return readable;
};
