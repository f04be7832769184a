// Names of zlib's statuses, by number and the other way round.

const { ObjectDefineProperty } = primordials;
const constants = require('internal/zlib/constants');

const codes = {};
for (const name of [
    'Z_OK', 'Z_STREAM_END', 'Z_NEED_DICT', 'Z_ERRNO', 'Z_STREAM_ERROR', 'Z_DATA_ERROR', 'Z_MEM_ERROR', 'Z_BUF_ERROR', 'Z_VERSION_ERROR',
]) {
    codes[name] = constants[name];
    ObjectDefineProperty(codes, `${constants[name]}`, { __proto__: null, configurable: true, enumerable: true, value: name, writable: true });
}

module.exports = { codes };
