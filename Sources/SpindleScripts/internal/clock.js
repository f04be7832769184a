// Milliseconds since this thread's program began, with fractions: what performance.now() and event time stamps show.

const host = binding('performance');

module.exports = { now: host.now, get timeOrigin() { return host.timeOrigin(); } };
