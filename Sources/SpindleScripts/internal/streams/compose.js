// `compose`: streams one behind the other as a single duplex stream.

const { ArrayPrototypeSlice } = primordials;
const { codes: { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } } = require('internal/errors');
const Duplex = require('internal/streams/duplex');
const { destroyer } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');
const { forward } = require('internal/streams/forward');
const { join } = require('internal/streams/pipeline');
const {
    isNodeStream, isReadable, isReadableStream, isTransformStream, isWebStream, isWritable, isWritableStream,
} = require('internal/streams/predicates');

const canRead = (stream) => !!(isReadable(stream) || isReadableStream(stream) || isTransformStream(stream));
const canWrite = (stream) => !!(isWritable(stream) || isWritableStream(stream) || isTransformStream(stream));

module.exports = function compose(...streams) {
    if (streams.length === 0) throw new ERR_MISSING_ARGS('streams');
    if (streams.length === 1) return Duplex.from(streams[0]);
    const given = ArrayPrototypeSlice(streams);
    const last = streams.length - 1;
    if (typeof streams[0] === 'function') streams[0] = Duplex.from(streams[0]);
    if (typeof streams[last] === 'function') streams[last] = Duplex.from(streams[last]);
    for (let i = 0; i < streams.length; i++) {
        const stream = streams[i];
        if (!isNodeStream(stream) && !isWebStream(stream)) continue;
        if (i < last && !canRead(stream)) throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, given[i], 'must be readable');
        if (i > 0 && !canWrite(stream)) throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, given[i], 'must be writable');
    }

    const head = streams[0];
    const tail = join(streams, (error) => {
        if (!joint.closed(error) && !readable && !writable) duplex.destroy();
    });
    const writable = canWrite(head);
    const readable = canRead(tail);
    const duplex = new Duplex({
        writableObjectMode: !!head?.writableObjectMode, readableObjectMode: !!tail?.readableObjectMode, writable, readable,
    });
    const joint = forward(
        duplex, writable && isNodeStream(head) ? head : undefined, readable && isNodeStream(tail) ? tail : undefined, (error) => {
            if (isNodeStream(tail)) destroyer(tail, error);
        });
    if (writable) {
        if (isWebStream(head)) writeToWeb(duplex, isTransformStream(head) ? head.writable : head, joint);
        finished(isTransformStream(tail) ? tail.readable : tail, joint.finish);
    }
    if (readable && isWebStream(tail)) readFromWeb(duplex, isTransformStream(tail) ? tail.readable : tail);
    return duplex;
};

function writeToWeb(duplex, stream, joint) {
    const writer = stream.getWriter();
    duplex._write = async (chunk, encoding, callback) => {
        try {
            await writer.ready;
            // What it fails with `ready` tells next.
            writer.write(chunk).catch(() => {});
            callback();
        } catch (error) {
            callback(error);
        }
    };
    duplex._final = async (callback) => {
        try {
            await writer.ready;
            writer.close().catch(() => {});
            joint.awaitFinish(callback);
        } catch (error) {
            callback(error);
        }
    };
}

function readFromWeb(duplex, stream) {
    const reader = stream.getReader();
    duplex._read = async () => {
        for (;;) {
            try {
                const { value, done } = await reader.read();
                if (done) {
                    duplex.push(null);
                    return;
                }
                if (!duplex.push(value)) return;
            } catch {
                // The pipeline tells of it.
                return;
            }
        }
    };
}
