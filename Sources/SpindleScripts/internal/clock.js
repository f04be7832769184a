// Milliseconds since this thread's program began, with fractions: what performance.now() and event time stamps show.

const { now, timeOrigin } = binding('performance');

module.exports = { now, timeOrigin };
