// tls.SecureContext: keys, certificates and what is asked of the other side, as the host wants to know them.

const { ArrayIsArray, ArrayPrototypeJoin, ArrayPrototypePush, JSONStringify, SafeMap, String } = primordials;
const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_TLS_INVALID_PROTOCOL_VERSION }, genericError,
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { host } = require('internal/net/host');

const versions = { __proto__: null, 'TLSv1': 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

function versionOf(name, fallback, which) {
    if (name == null) return fallback;
    const version = versions[name];
    if (version === undefined) throw new ERR_TLS_INVALID_PROTOCOL_VERSION(name, which);
    return version;
}

/** PEM texts, one after the other. */
function pemOf(value, name) {
    if (value == null || value === false) return '';
    const texts = [];
    const list = ArrayIsArray(value) ? value : [value];
    for (let i = 0; i < list.length; i++) {
        const item = list[i]?.pem ?? list[i];
        if (typeof item === 'string') ArrayPrototypePush(texts, item);
        else if (isArrayBufferView(item)) {
            const { Buffer } = require('buffer');
            ArrayPrototypePush(texts, Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('latin1'));
        } else throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], item);
    }
    return ArrayPrototypeJoin(texts, '\n');
}

class SecureContext {
    constructor(options = {}) {
        if (options.pfx !== undefined) throw new ERR_INVALID_ARG_VALUE('options.pfx', options.pfx, 'is not supported');
        if (options.passphrase != null) validateString(options.passphrase, 'options.passphrase');
        const key = ArrayIsArray(options.key) ? options.key[0] : options.key;
        this.settings = {
            certificates: pemOf(options.cert, 'options.cert'),
            key: pemOf(key, 'options.key'),
            passphrase: key?.passphrase ?? options.passphrase ?? '',
            authorities: pemOf(options.ca, 'options.ca'),
            minimum: versionOf(options.minVersion, versions['TLSv1.2'], 'minimum'),
            maximum: versionOf(options.maxVersion, 0, 'maximum'),
        };
        this.context = {};
    }
}

/** `verification`: 0 nothing, 1 that somebody trusted vouches for it, 2 and that it is who was asked for. */
function settingsOf(context, isServer, verification, asksClients, protocols) {
    const { certificates, key, passphrase, authorities, minimum, maximum } = context.settings;
    return [
        isServer, certificates, key, passphrase, authorities, verification, asksClients, ArrayPrototypeJoin(protocols, ','),
        minimum, maximum,
    ];
}

/** Contexts of clients by what they were made of: to make one takes a while, and most connections want the same. */
const clients = new SafeMap();
const clientLimit = 32;

/** Calls `done(error, number)`. */
function clientContext(context, verification, protocols, done) {
    const settings = settingsOf(context, false, verification, false, protocols);
    const key = JSONStringify(settings);
    const known = clients.get(key);
    if (known !== undefined) {
        done(null, known);
        return;
    }
    host.clientContext((answer) => {
        if (typeof answer === 'string') {
            done(genericError(answer, 'ERR_OSSL_PEM_NO_START_LINE'));
            return;
        }
        if (clients.size >= clientLimit) {
            clients.forEach((number) => host.releaseContext(number));
            clients.clear();
        }
        clients.set(key, answer);
        done(null, answer);
    }, ...settings);
}

function serverContext(context, verification, asksClients, protocols) {
    return host.serverContext(...settingsOf(context, true, verification, asksClients, protocols));
}

/** Names of protocols as an array of strings, however they are given. */
function protocolsOf(given) {
    if (given == null) return [];
    if (ArrayIsArray(given)) {
        const names = [];
        for (let i = 0; i < given.length; i++) ArrayPrototypePush(names, String(given[i]));
        return names;
    }
    if (!isArrayBufferView(given)) throw new ERR_INVALID_ARG_TYPE('options.ALPNProtocols', ['Array', 'Buffer'], given);
    const bytes = require('buffer').Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    const names = [];
    for (let at = 0; at < bytes.length; at += bytes[at] + 1) {
        ArrayPrototypePush(names, bytes.latin1Slice(at + 1, at + 1 + bytes[at]));
    }
    return names;
}

module.exports = { SecureContext, clientContext, protocolsOf, serverContext };
