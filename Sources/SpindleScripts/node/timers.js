// node:timers.

const {
    clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout,
} = require('internal/timers');

module.exports = {
    setTimeout,
    clearTimeout,
    setImmediate,
    clearImmediate,
    setInterval,
    clearInterval,
    get promises() { return require('timers/promises'); },
};
