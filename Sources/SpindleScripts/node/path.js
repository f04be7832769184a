// node:path, which here is node:path/posix; node:path/win32 is the same module's other half.

const { posix } = require('internal/path');

module.exports = posix;
