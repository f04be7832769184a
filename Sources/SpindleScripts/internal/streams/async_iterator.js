// Streams in `for await`: chunks are read, and a loop that is left ends the stream.

const { Promise } = primordials;
const { destroyer, joined } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');

const noop = () => {};

function iterate(stream, options) {
    if (typeof stream.read !== 'function') {
        stream = require('internal/streams/readable').wrap(stream, { objectMode: true });
    }
    const iterator = chunksOf(stream, options);
    iterator.stream = stream;
    return iterator;
}

async function* chunksOf(stream, options) {
    let wake = noop;
    const notify = () => {
        const call = wake;
        wake = noop;
        call();
    };
    const wait = (resolve) => { wake = resolve; };
    stream.on('readable', notify);
    // null: it has ended well.
    let error;
    const stop = finished(stream, { writable: false }, (failure) => {
        error = failure ? joined(error, failure) : null;
        notify();
    });
    try {
        for (;;) {
            const chunk = stream.destroyed ? null : stream.read();
            if (chunk !== null) yield chunk;
            else if (error) throw error;
            else if (error === null) return;
            else await new Promise(wait);
        }
    } catch (failure) {
        error = joined(error, failure);
        throw error;
    } finally {
        if ((error || options?.destroyOnReturn !== false) && (error === undefined || stream._readableState.autoDestroy)) {
            destroyer(stream, null);
        } else {
            stream.off('readable', notify);
            stop();
        }
    }
}

module.exports = { iterate };
