// A duplex stream in front of others: what is written to it goes to one, what is read from it comes from another.

const { AbortError } = require('internal/errors');

/**
 * `target` and `source`: Node streams, or undefined for a side that goes another way. `finish()` is to be called once what
 * was written has come through; `closed(error)` once the streams behind are over; `end(error)` ends those.
 */
function forward(duplex, target, source, end) {
    /** Callbacks that wait for an event of the streams behind. */
    const waiting = { __proto__: null, drain: null, finish: null, readable: null, close: undefined };
    const wake = (event) => {
        const callback = waiting[event];
        waiting[event] = null;
        callback?.();
    };
    if (target !== undefined) {
        duplex._write = (chunk, encoding, callback) => {
            if (target.write(chunk, encoding)) callback();
            else waiting.drain = callback;
        };
        duplex._final = (callback) => {
            target.end();
            waiting.finish = callback;
        };
        target.on('drain', () => wake('drain'));
    }
    if (source !== undefined) {
        source.on('readable', () => wake('readable'));
        source.on('end', () => { duplex.push(null); });
        duplex._read = () => {
            for (;;) {
                const chunk = source.read();
                if (chunk === null) {
                    waiting.readable = duplex._read;
                    return;
                }
                if (!duplex.push(chunk)) return;
            }
        };
    }
    duplex._destroy = (error, callback) => {
        const isOver = waiting.close === null;
        if (!error && !isOver) error = new AbortError();
        waiting.drain = waiting.finish = waiting.readable = null;
        if (!isOver) waiting.close = callback;
        end(error, isOver);
        if (isOver) callback(error);
    };
    return {
        /** What `_final` of another kind waits with. */
        awaitFinish(callback) { waiting.finish = callback; },
        finish() { wake('finish'); },
        closed(error) {
            const callback = waiting.close;
            waiting.close = null;
            if (callback) callback(error);
            else if (error) duplex.destroy(error);
            return !!callback || !!error;
        },
    };
}

module.exports = { forward };
