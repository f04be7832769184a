// node:fs/promises.

const { ObjectDefineProperty, ReflectApply } = primordials;
const { calls, performAsync } = require('internal/fs/calls');
require('internal/fs/directory');
const { FileHandle } = require('internal/fs/file_handle');
const { constants } = require('internal/fs/values');

const promises = module.exports;

for (const name in calls) {
    const prepare = calls[name];
    promises[name] = async (...args) => {
        // A FileHandle stands for its descriptor.
        if (args[0] instanceof FileHandle) args[0] = args[0].fd;
        return performAsync(ReflectApply(prepare, undefined, args));
    };
    ObjectDefineProperty(promises[name], 'name', { __proto__: null, configurable: true, value: name });
}
// These need a descriptor, which is the business of a FileHandle.
for (const name of [
    'close', 'fchmod', 'fchown', 'fdatasync', 'fstat', 'fsync', 'ftruncate', 'futimes', 'read', 'readv', 'write', 'writev',
]) {
    delete promises[name];
}

promises.open = async (path, flags, mode) => new FileHandle(await performAsync(calls.open(path, flags, mode)));
promises.cp = async (source, destination, options) => require('internal/fs/copy').cp(source, destination, options);
promises.watch = function watch(filename, options) {
    return require('internal/fs/watchers').watchLater(filename, options);
};
promises.constants = constants;
