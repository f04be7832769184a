// Escape sequences that move the cursor and clear parts of a terminal.

const { NumberIsNaN } = primordials;
const { codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_CURSOR_POS } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { nextTick } = require('internal/task_queues');

const csi = (text) => `\x1b[${text}`;

function send(stream, text, callback) {
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (text === '' || stream === null || stream === undefined) {
        if (callback !== undefined) nextTick(callback, null);
        return true;
    }
    return stream.write(text, callback);
}

function cursorTo(stream, x, y, callback) {
    if (typeof y === 'function') {
        callback = y;
        y = undefined;
    }
    if (NumberIsNaN(x)) throw new ERR_INVALID_ARG_VALUE('x', x);
    if (NumberIsNaN(y)) throw new ERR_INVALID_ARG_VALUE('y', y);
    if (typeof x !== 'number' && typeof y === 'number') throw new ERR_INVALID_CURSOR_POS();
    if (typeof x !== 'number') return send(stream, '', callback);
    return send(stream, typeof y === 'number' ? csi(`${y + 1};${x + 1}H`) : csi(`${x + 1}G`), callback);
}

function moveCursor(stream, dx, dy, callback) {
    const across = dx < 0 ? csi(`${-dx}D`) : dx > 0 ? csi(`${dx}C`) : '';
    const down = dy < 0 ? csi(`${-dy}A`) : dy > 0 ? csi(`${dy}B`) : '';
    return send(stream, across + down, callback);
}

/** `direction`: -1 to the left of the cursor, 1 to the right, 0 all. */
function clearLine(stream, direction, callback) {
    return send(stream, csi(direction < 0 ? '1K' : direction > 0 ? '0K' : '2K'), callback);
}
function clearScreenDown(stream, callback) { return send(stream, csi('0J'), callback); }

module.exports = { clearLine, clearScreenDown, cursorTo, moveCursor };
