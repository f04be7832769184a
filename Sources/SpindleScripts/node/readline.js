// node:readline.

const { ObjectDefineProperty } = primordials;
const { Interface } = require('internal/readline/interface');
const { clearLine, clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');

function createInterface(input, output, completer, terminal) { return new Interface(input, output, completer, terminal); }
function emitKeypressEvents(stream, readline) { require('internal/readline/keys').emitKeypressEvents(stream, readline); }

module.exports = { Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor };
ObjectDefineProperty(module.exports, 'promises', {
    __proto__: null, configurable: true, enumerable: true, get: () => require('readline/promises'),
});
