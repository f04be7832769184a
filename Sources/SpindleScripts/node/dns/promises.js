// node:dns/promises.

const { Promise } = primordials;
const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
const { checkService, errors, lookupOptions, order, resolve, resolveService } = require('internal/dns');

function lookup(hostname, options) {
    const checked = lookupOptions(hostname, options);
    return new Promise((fulfil, reject) => {
        resolve(hostname, checked, (error, addresses) => {
            if (error) reject(error);
            else fulfil(checked.all ? addresses : addresses[0]);
        });
    });
}

function lookupService(address, port) {
    if (arguments.length !== 2) throw new ERR_MISSING_ARGS('address', 'port');
    checkService(address, port);
    return new Promise((fulfil, reject) => {
        resolveService(address, +port, (error, hostname, service) => {
            if (error) reject(error);
            else fulfil({ hostname, service });
        });
    });
}

module.exports = { ...errors, ...order, lookup, lookupService };
