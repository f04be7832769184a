// node:dns in callbacks. Of its queries, those that the system's resolver answers.

const { ObjectDefineProperty, SymbolFor } = primordials;
const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { checkService, constants, errors, lookupOptions, order, resolve, resolveService } = require('internal/dns');

function lookup(hostname, options, callback) {
    if (typeof options === 'function') {
        callback = options;
        options = undefined;
    } else validateFunction(callback, 'callback');
    const checked = lookupOptions(hostname, options);
    resolve(hostname, checked, (error, addresses) => {
        if (error) callback(error);
        else if (checked.all) callback(null, addresses);
        else callback(null, addresses[0].address, addresses[0].family);
    });
}

function lookupService(address, port, callback) {
    if (arguments.length !== 3) throw new ERR_MISSING_ARGS('address', 'port', 'callback');
    checkService(address, port);
    validateFunction(callback, 'callback');
    resolveService(address, +port, callback);
}

ObjectDefineProperty(lookup, SymbolFor('nodejs.util.promisify.custom'), {
    __proto__: null, configurable: true, value: (hostname, options) => require('dns/promises').lookup(hostname, options),
});

module.exports = {
    ...constants,
    ...errors,
    ...order,
    lookup,
    lookupService,
    get promises() { return require('dns/promises'); },
};
