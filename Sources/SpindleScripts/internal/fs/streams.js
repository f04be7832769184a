// fs.ReadStream and WriteStream.

const {
    MathMin, ObjectDefineProperty, ObjectSetPrototypeOf, PromisePrototypeThen, ReflectApply, Symbol,
} = primordials;
const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_DESTROYED, ERR_SYSTEM_ERROR },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { errorOrDestroy } = require('internal/streams/destroy');
const { finished } = require('internal/streams/finished');
const { getDescriptor, getOptions, getPath } = require('internal/fs/values');
const { ownRead, perform, readChunk } = require('internal/fs/calls');
const { Buffer } = require('buffer');

const kHandle = Symbol('handle');
/** The functions that do the work: those of `fs`, of the option of this name, or of a FileHandle. */
const kFs = Symbol('fs');
const kIsBusy = Symbol('isBusy');
const kIdle = Symbol('idle');

/** Takes `fd` and `fs` out of the options. */
function setSource(stream, options, functions) {
    const { fd } = options;
    const own = options.fs;
    if (own) {
        validateObject(own, 'options.fs');
        for (let i = 0; i < functions.length; i++) {
            if (functions[i] !== 'writev' || own.writev) validateFunction(own[functions[i]], `options.fs.${functions[i]}`);
        }
    }
    stream[kFs] = own || require('fs');
    stream[kHandle] = undefined;
    stream.fd = null;
    if (fd === undefined || fd === null) return;
    if (typeof fd === 'number') {
        stream.fd = getDescriptor(fd);
        return;
    }
    const { FileHandle } = require('internal/fs/file_handle');
    if (!(fd instanceof FileHandle)) throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
    if (own) throw new ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    stream[kHandle] = fd;
    stream.fd = fd.fd;
    FileHandle.hold(fd);
    fd.on('close', () => stream.close());
}

function setUp(stream, path, options) {
    stream[kIsBusy] = false;
    // A path does not matter where there is a descriptor.
    stream.path = stream.fd === null ? getPath(path) : path;
    stream.flags = options.flags ?? stream.flags;
    stream.mode = options.mode ?? 0o666;
    if (options.start !== undefined) {
        validateInteger(options.start, 'start', 0);
        stream.start = options.start;
        stream.pos = options.start;
    }
}

function construct(callback) {
    if (typeof this.fd === 'number') {
        callback();
        return;
    }
    this[kFs].open(this.path, this.flags, this.mode, (error, fd) => {
        if (error) {
            callback(error);
            return;
        }
        this.fd = fd;
        callback();
        this.emit('open', fd);
        this.emit('ready');
    });
}

/** Ends what is under way first, since its descriptor may be another file's a moment later. */
function destroy(error, callback) {
    if (this[kIsBusy]) this.once(kIdle, (failure) => close(this, error || failure, callback));
    else close(this, error, callback);
}
function close(stream, error, callback) {
    const { fd } = stream;
    stream.fd = null;
    if (typeof fd !== 'number') {
        callback(error);
        return;
    }
    const over = (failure) => callback(failure || error);
    if (stream[kHandle] !== undefined) {
        const { FileHandle } = require('internal/fs/file_handle');
        FileHandle.release(stream[kHandle]);
        PromisePrototypeThen(stream[kHandle].close(), () => over(), over);
    } else if (stream.flush && !error) {
        stream[kFs].fsync(fd, (failure) => stream[kFs].close(fd, (other) => over(failure || other)));
    } else stream[kFs].close(fd, over);
}

/** Marks the stream as busy; gives what is to be called with the outcome, which counts unless the stream is over by then. */
function begin(stream, done) {
    stream[kIsBusy] = true;
    return (error, value) => {
        stream[kIsBusy] = false;
        if (stream.destroyed) stream.emit(kIdle, error);
        else done(error, value);
    };
}

function defineCommon(prototype, parent, stateName) {
    ObjectSetPrototypeOf(prototype, parent.prototype);
    prototype._construct = construct;
    prototype._destroy = destroy;
    ObjectDefineProperty(prototype, 'autoClose', {
        __proto__: null,
        configurable: true,
        get() { return this[stateName].autoDestroy; },
        set(on) { this[stateName].autoDestroy = on; },
    });
    ObjectDefineProperty(prototype, 'pending', {
        __proto__: null, configurable: true, get() { return this.fd === null; },
    });
}

// --- Reading -----------------------------------------------------------------------------------------------------------

function ReadStream(path, options) {
    if (!(this instanceof ReadStream)) return new ReadStream(path, options);
    options = { ...getOptions(options, {}) };
    options.highWaterMark ??= 64 * 1024;
    options.emitClose ??= true;
    setSource(this, options, ['open', 'read', 'close']);
    this.flags = 'r';
    setUp(this, path, options);
    this.bytesRead = 0;
    this.start = options.start;
    this.end = options.end ?? Infinity;
    options.autoDestroy = options.autoClose ?? true;
    if (this.end !== Infinity) {
        validateInteger(this.end, 'end', 0);
        if (this.start !== undefined && this.start > this.end) {
            throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
        }
    }
    ReflectApply(Readable, this, [options]);
}
defineCommon(ReadStream.prototype, Readable, '_readableState');
ObjectSetPrototypeOf(ReadStream, Readable);

ReadStream.prototype._read = function _read(size) {
    size = MathMin(this.end - (this.pos ?? this.bytesRead) + 1, size);
    if (size <= 0) {
        this.push(null);
        return;
    }
    const done = begin(this, (error, chunk) => {
        if (error) {
            errorOrDestroy(this, error);
            return;
        }
        if (chunk.length === 0) {
            this.push(null);
            return;
        }
        if (this.pos !== undefined) this.pos += chunk.length;
        this.bytesRead += chunk.length;
        this.push(chunk);
    });
    const functions = this[kFs];
    if (functions.read === ownRead()) {
        // Into memory that nobody else has: no need to copy it.
        perform(readChunk(this.fd, size, this.pos), done);
        return;
    }
    const buffer = Buffer.allocUnsafeSlow(size);
    functions.read(this.fd, buffer, 0, size, this.pos, (error, count) => {
        done(error, error ? undefined : buffer.subarray(0, count));
    });
};

ReadStream.prototype.close = function close(callback) {
    if (typeof callback === 'function') finished(this, callback);
    this.destroy();
};

// --- Writing -----------------------------------------------------------------------------------------------------------

function WriteStream(path, options) {
    if (!(this instanceof WriteStream)) return new WriteStream(path, options);
    options = { ...getOptions(options, {}) };
    options.decodeStrings = true;
    if (options.flush !== undefined && options.flush !== null) validateBoolean(options.flush, 'options.flush');
    options.emitClose ??= true;
    setSource(this, options, ['open', 'write', 'writev', 'close']);
    this.flags = 'w';
    setUp(this, path, options);
    this.flush = options.flush ?? false;
    this.bytesWritten = 0;
    options.autoDestroy = options.autoClose ?? true;
    if (this[kFs].writev === undefined) this._writev = null;
    ReflectApply(Writable, this, [options]);
    if (options.encoding) this.setDefaultEncoding(options.encoding);
}
defineCommon(WriteStream.prototype, Writable, '_writableState');
ObjectSetPrototypeOf(WriteStream, Writable);

/** Writes all of `bytes`, in several calls if need be. */
function writeAll(stream, bytes, callback) {
    stream[kFs].write(stream.fd, bytes, 0, bytes.length, stream.pos, (error, count) => {
        if (stream.destroyed) {
            stream[kIsBusy] = false;
            callback(error || new ERR_STREAM_DESTROYED('write'));
            stream.emit(kIdle, error);
            return;
        }
        if (error || count === bytes.length) {
            stream[kIsBusy] = false;
            if (!error) advance(stream, count);
            callback(error);
            return;
        }
        if (count === 0) {
            stream[kIsBusy] = false;
            callback(new ERR_SYSTEM_ERROR({ errno: -11, code: 'EAGAIN', message: 'write failed', syscall: 'write' }));
            return;
        }
        advance(stream, count);
        writeAll(stream, bytes.subarray(count), callback);
    });
}
function advance(stream, count) {
    stream.bytesWritten += count;
    if (stream.pos !== undefined) stream.pos += count;
}

WriteStream.prototype._write = function _write(chunk, encoding, callback) {
    this[kIsBusy] = true;
    writeAll(this, chunk, callback);
};
WriteStream.prototype._writev = function _writev(items, callback) {
    const chunks = [];
    let size = 0;
    for (let i = 0; i < items.length; i++) {
        chunks[i] = items[i].chunk;
        size += chunks[i].length;
    }
    this[kIsBusy] = true;
    const { pos } = this;
    this[kFs].writev(this.fd, chunks, pos, (error, count) => {
        if (!error && count < size && !this.destroyed) {
            // A disk that is nearly full, or a pipe: the rest goes piece by piece.
            advance(this, count);
            writeAll(this, Buffer.concat(chunks, size).subarray(count), callback);
            return;
        }
        this[kIsBusy] = false;
        if (this.destroyed) {
            callback(error || new ERR_STREAM_DESTROYED('write'));
            this.emit(kIdle, error);
            return;
        }
        if (!error) advance(this, count);
        callback(error);
    });
};

WriteStream.prototype.close = function close(callback) {
    if (typeof callback === 'function') {
        if (this.closed) {
            nextTick(callback);
            return;
        }
        this.on('close', callback);
    }
    // Otherwise it closes by itself.
    if (!this.autoClose) this.on('finish', () => this.destroy());
    this.end();
};
WriteStream.prototype.destroySoon = WriteStream.prototype.end;

module.exports = { ReadStream, WriteStream };
