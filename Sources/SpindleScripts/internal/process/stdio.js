// process.stdin, stdout and stderr. Most programs only write: an output becomes a real stream when something else is asked of
// it, and then for good. Until then its prototype is a proxy that answers for the stream.

const {
    ArrayBufferIsView, ObjectCreate, ObjectSetPrototypeOf, Proxy, ReflectApply, ReflectGet, ReflectHas, ReflectSet, SafeSet,
} = primordials;
const host = binding('stdio');

/** Workers have no terminal: what they write goes by way of their parent. */
const isTerminal = (fd) => binding('worker').threadId === 0 && host.isTTY(fd);

/** Writes a string, or bytes as one; gives 0 or an error number. The host must not touch memory that the program sees. */
function writeChunk(fd, chunk, encoding) {
    if (typeof chunk === 'string' && (encoding == null || encoding === 'utf8' || encoding === 'utf-8')) {
        return host.write(fd, chunk, false);
    }
    const { Buffer } = require('buffer');
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) :
        Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return host.write(fd, bytes.latin1Slice(), true);
}

const writeErrorOf = (errno) => require('internal/errors').errnoException(errno, 'write');

/** The outputs that are no streams yet. */
const lights = new SafeSet();
const isLight = (stream) => lights.has(stream);

function output(fd) {
    const isTTY = isTerminal(fd) || undefined;
    /** Makes it a stream; gives the prototype that it has then. */
    const settle = () => {
        if (lights.delete(stream)) {
            const Class = isTTY ? require('tty').WriteStream : require('internal/process/stdio_streams').StandardOutput;
            settled = Class.prototype;
            ObjectSetPrototypeOf(stream, settled);
            ReflectApply(Class, stream, [fd]);
            stream._isStdio = true;
        }
        return settled;
    };
    let settled;
    function write(chunk, encoding, callback) {
        const isPlain = lights.has(this) && (typeof chunk === 'string' || ArrayBufferIsView(chunk)) &&
            encoding === undefined && callback === undefined;
        if (!isPlain) return ReflectApply(settle().write, this, [chunk, encoding, callback]);
        const errno = writeChunk(fd, chunk);
        // The stream is made for its error.
        if (errno !== 0) stream.destroy(writeErrorOf(errno));
        return errno === 0;
    }
    const light = { __proto__: null, fd, isTTY, write };
    const stream = ObjectCreate(new Proxy({}, {
        __proto__: null,
        get: (target, key, receiver) => (key in light ? light[key] : ReflectGet(settle(), key, receiver)),
        set: (target, key, value, receiver) => ReflectSet(settle(), key, value, receiver),
        has: (target, key) => ReflectHas(settle(), key),
        getPrototypeOf: () => settle(),
    }));
    lights.add(stream);
    return stream;
}

function input() {
    if (isTerminal(0)) {
        const { ReadStream } = require('tty');
        return new ReadStream(0);
    }
    const { StandardInput } = require('internal/process/stdio_streams');
    return new StandardInput(0);
}

module.exports = { input, isLight, isTerminal, output, writeChunk, writeErrorOf };
