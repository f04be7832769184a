module.exports = require('internal/path').win32;
