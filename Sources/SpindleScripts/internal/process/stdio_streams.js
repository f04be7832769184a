// The standard streams as streams, over the host's descriptors; internal/process/stdio makes them.

const { ObjectSetPrototypeOf, ReflectApply } = primordials;
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { nextTick } = require('internal/task_queues');
const { writeChunk, writeErrorOf } = require('internal/process/stdio');
const host = binding('stdio');

/** Writes at once, so that nothing is lost or mixed up when the program ends. */
function StandardOutput(fd) {
    if (!(this instanceof StandardOutput)) return new StandardOutput(fd);
    ReflectApply(Writable, this, [{ decodeStrings: false, emitClose: false }]);
    this.fd = fd;
    this._type = 'pipe';
}
ObjectSetPrototypeOf(StandardOutput.prototype, Writable.prototype);
ObjectSetPrototypeOf(StandardOutput, Writable);

StandardOutput.prototype._write = function _write(chunk, encoding, callback) {
    const errno = writeChunk(this.fd, chunk, encoding === 'buffer' ? undefined : encoding);
    callback(errno === 0 ? null : writeErrorOf(errno));
};
StandardOutput.prototype.destroySoon = Writable.prototype.destroy;
/** The process's descriptors stay open, whatever becomes of the stream. */
StandardOutput.prototype._destroy = function _destroy(error, callback) {
    callback(error);
    this._undestroy();
    nextTick(() => this.emit('close'));
};

/** Reads as long as somebody wants it, so that a paused input does not keep the program alive. */
function StandardInput(fd, options) {
    if (!(this instanceof StandardInput)) return new StandardInput(fd, options);
    ReflectApply(Readable, this, [options]);
    this.fd = fd;
    let isReading = false;
    const stop = () => {
        if (!isReading) return;
        isReading = false;
        host.stopReading(fd);
    };
    // The host's own buffer, which is nobody else's.
    const onChunk = (buffer) => {
        if (buffer === undefined) {
            isReading = false;
            this.push(null);
        } else if (!this.push(require('buffer').Buffer.from(buffer))) stop();
    };
    this._read = () => {
        if (isReading) return;
        isReading = true;
        host.startReading(fd, onChunk);
    };
    this._destroy = (error, callback) => {
        stop();
        callback(error);
    };
    this.on('pause', stop);
}
ObjectSetPrototypeOf(StandardInput.prototype, Readable.prototype);
ObjectSetPrototypeOf(StandardInput, Readable);
/** Whether waiting for input keeps the program alive. */
StandardInput.prototype.ref = function ref() {
    host.refReading(true);
    return this;
};
StandardInput.prototype.unref = function unref() {
    host.refReading(false);
    return this;
};

module.exports = { StandardInput, StandardOutput };
