// Names by way of the system's resolver: what `dns` and `dns/promises` share.

const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE }, dnsException,
} = require('internal/errors');
const {
    validateBoolean, validateNumber, validateOneOf, validatePort, validateString,
} = require('internal/validators');
const { nextTick } = require('internal/task_queues');
const { isIP } = require('internal/net/ip');

const constants = { ADDRCONFIG: 0x20, ALL: 0x10, V4MAPPED: 0x08 };
const allHints = constants.ADDRCONFIG | constants.ALL | constants.V4MAPPED;
let defaultOrder = 'verbatim';

/** The arguments of `lookup`, checked; also for the form that gives promises. */
function lookupOptions(hostname, options) {
    if (hostname) validateString(hostname, 'hostname');
    const result = { all: false, family: 0, hints: 0, order: defaultOrder };
    if (options === null || (typeof options !== 'object' && options !== undefined && typeof options !== 'number')) {
        throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
    }
    if (typeof options === 'number') {
        validateOneOf(options, 'family', [0, 4, 6]);
        result.family = options;
    } else if (options !== undefined) {
        if (options.hints != null) {
            validateNumber(options.hints, 'options.hints');
            result.hints = options.hints >>> 0;
            if ((result.hints & ~allHints) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', options.hints);
        }
        if (options.family != null) {
            if (options.family === 'IPv4') result.family = 4;
            else if (options.family === 'IPv6') result.family = 6;
            else {
                validateOneOf(options.family, 'options.family', [0, 4, 6]);
                result.family = options.family;
            }
        }
        if (options.all != null) {
            validateBoolean(options.all, 'options.all');
            result.all = options.all;
        }
        if (options.verbatim != null) {
            validateBoolean(options.verbatim, 'options.verbatim');
            result.order = options.verbatim ? 'verbatim' : 'ipv4first';
        }
        if (options.order != null) {
            validateOneOf(options.order, 'options.order', ['ipv4first', 'ipv6first', 'verbatim']);
            result.order = options.order;
        }
    }
    return result;
}

/** Calls `done(error, addresses)`, later. */
function resolve(hostname, { all, family, hints, order }, done) {
    if (!hostname) {
        nextTick(done, null, all ? [] : [{ address: null, family: family === 6 ? 6 : 4 }]);
        return;
    }
    const kind = isIP(hostname);
    if (kind !== 0) {
        nextTick(done, null, [{ address: hostname, family: kind }]);
        return;
    }
    binding('dns').lookup((answer) => {
        if (typeof answer === 'number') {
            done(dnsException(answer, 'getaddrinfo', hostname));
            return;
        }
        const addresses = [];
        for (let i = 0; i < answer.length; i += 2) {
            addresses[addresses.length] = { address: answer[i], family: answer[i + 1] };
        }
        done(null, order === 'verbatim' ? addresses : ordered(addresses, order === 'ipv4first' ? 4 : 6));
    }, hostname, family, hints);
}
function ordered(addresses, first) {
    const result = [];
    for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i < addresses.length; i++) {
            if ((addresses[i].family === first) === (pass === 0)) result[result.length] = addresses[i];
        }
    }
    return result;
}

/** Calls `done(error, hostname, service)`. */
function resolveService(address, port, done) {
    binding('dns').service((answer) => {
        if (typeof answer === 'number') done(dnsException(answer, 'getnameinfo', address));
        else done(null, answer[0], answer[1]);
    }, address, port);
}
function checkService(address, port) {
    if (isIP(address) === 0) throw new ERR_INVALID_ARG_VALUE('address', address);
    validatePort(port);
}

const errors = {
    NODATA: 'ENODATA', FORMERR: 'EFORMERR', SERVFAIL: 'ESERVFAIL', NOTFOUND: 'ENOTFOUND', NOTIMP: 'ENOTIMP',
    REFUSED: 'EREFUSED', BADQUERY: 'EBADQUERY', BADNAME: 'EBADNAME', BADFAMILY: 'EBADFAMILY', BADRESP: 'EBADRESP',
    CONNREFUSED: 'ECONNREFUSED', TIMEOUT: 'ETIMEOUT', EOF: 'EOF', FILE: 'EFILE', NOMEM: 'ENOMEM',
    DESTRUCTION: 'EDESTRUCTION', BADSTR: 'EBADSTR', BADFLAGS: 'EBADFLAGS', NONAME: 'ENONAME', BADHINTS: 'EBADHINTS',
    NOTINITIALIZED: 'ENOTINITIALIZED', LOADIPHLPAPI: 'ELOADIPHLPAPI',
    ADDRGETNETWORKPARAMS: 'EADDRGETNETWORKPARAMS', CANCELLED: 'ECANCELLED',
};

const order = {
    getDefaultResultOrder: () => defaultOrder,
    setDefaultResultOrder(value) {
        validateOneOf(value, 'dnsOrder', ['verbatim', 'ipv4first', 'ipv6first']);
        defaultOrder = value;
    },
};

module.exports = { checkService, constants, errors, lookupOptions, order, resolve, resolveService };
