// node:tty.

const { NumberIsInteger, ObjectDefineProperty, ObjectSetPrototypeOf, ReflectApply } = primordials;
const { SystemError, codes: { ERR_INVALID_FD }, errnoException } = require('internal/errors');
const { StandardInput, StandardOutput } = require('internal/process/stdio_streams');
const { getColorDepth, hasColors } = require('internal/tty_colors');
const host = binding('stdio');

function isatty(fd) { return NumberIsInteger(fd) && fd >= 0 && fd <= 2147483647 && host.isTTY(fd); }

function checkTerminal(fd) {
    if (fd >> 0 !== fd || fd < 0) throw new ERR_INVALID_FD(fd);
    if (!host.isTTY(fd)) {
        throw new SystemError('ERR_TTY_INIT_FAILED', 'TTY initialization failed', {
            errno: -22, code: 'EINVAL', message: 'invalid argument', syscall: 'uv_tty_init',
        });
    }
}

function ReadStream(fd, options) {
    if (!(this instanceof ReadStream)) return new ReadStream(fd, options);
    checkTerminal(fd);
    ReflectApply(StandardInput, this, [fd, { highWaterMark: 0, ...options }]);
    this.isRaw = false;
    this.isTTY = true;
}
ObjectSetPrototypeOf(ReadStream.prototype, StandardInput.prototype);
ObjectSetPrototypeOf(ReadStream, StandardInput);

ReadStream.prototype.setRawMode = function setRawMode(on) {
    on = !!on;
    const errno = host.setRawMode(this.fd, on);
    if (errno !== 0) this.emit('error', errnoException(errno, 'setRawMode'));
    else this.isRaw = on;
    return this;
};

function WriteStream(fd) {
    if (!(this instanceof WriteStream)) return new WriteStream(fd);
    checkTerminal(fd);
    ReflectApply(StandardOutput, this, [fd]);
    this._type = 'tty';
    const { 0: columns, 1: rows } = host.size(fd);
    this.columns = columns;
    this.rows = rows;
    // The signal is watched for only while somebody wants to know.
    const refresh = () => this._refreshSize();
    this.on('newListener', (type) => {
        if (type === 'resize' && this.listenerCount('resize') === 0) require('process').on('SIGWINCH', refresh);
    });
    this.on('removeListener', (type) => {
        if (type === 'resize' && this.listenerCount('resize') === 0) require('process').off('SIGWINCH', refresh);
    });
}
ObjectSetPrototypeOf(WriteStream.prototype, StandardOutput.prototype);
ObjectSetPrototypeOf(WriteStream, StandardOutput);

const { prototype } = WriteStream;
prototype.isTTY = true;
prototype.getColorDepth = getColorDepth;
prototype.hasColors = hasColors;
prototype.getWindowSize = function getWindowSize() { return [this.columns, this.rows]; };
prototype._refreshSize = function _refreshSize() {
    const { 0: columns, 1: rows } = host.size(this.fd);
    if (columns === this.columns && rows === this.rows) return;
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
};
const methods = ['cursorTo', 'moveCursor', 'clearLine', 'clearScreenDown'];
for (let i = 0; i < methods.length; i++) {
    const name = methods[i];
    prototype[name] = function (...args) { return require('internal/readline/cursor')[name](this, ...args); };
    ObjectDefineProperty(prototype[name], 'name', { __proto__: null, configurable: true, value: name });
}

module.exports = { ReadStream, WriteStream, isatty };
