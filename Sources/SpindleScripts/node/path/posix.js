module.exports = require('internal/path').posix;
