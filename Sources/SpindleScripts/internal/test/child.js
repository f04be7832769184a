// The tests of a file that a run has started as a process of its own: its events go there.

/** The function that passes events on. */
function reporter() {
    const process = require('process');
    // The run is not waited for: what it has not read when this process ends, the channel still holds.
    process.channel?.unref();
    return ({ type, data }) => process.send({ type, data });
}

module.exports = { reporter };
