// The tests of a file that a run has started as a process of its own: its events go there.

const { TestFailure } = require('internal/test/failure');

/** The function that passes events on. */
function reporter() {
    const process = require('process');
    // The run is not waited for: what it has not read when this process ends, the channel still holds.
    process.channel?.unref();
    return ({ type, data }) => process.send({ type, data: packed(data) });
}

/** Clones keep of an error its text alone. */
function packed(data) {
    const error = data.details?.error;
    if (error === undefined) return data;
    const { cause, failureType } = error;
    return { ...data, details: { ...data.details, error: { cause, failureType } } };
}

function unpacked({ type, data }) {
    const error = data?.details?.error;
    if (error !== undefined) data.details.error = new TestFailure(error.failureType, error.cause);
    return { type, data };
}

module.exports = { reporter, unpacked };
