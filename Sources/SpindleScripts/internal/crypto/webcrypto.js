// The global `crypto`: randomness and digests of the Web Cryptography API.

const {
    ObjectDefineProperties, PromiseReject, PromiseResolve, StringPrototypeToUpperCase, SymbolToStringTag,
} = primordials;
const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS } } = require('internal/errors');
const random = require('internal/crypto/random');

const token = {};
const digests = { __proto__: null, 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

class SubtleCrypto {
    constructor(given) { if (given !== token) throw new ERR_ILLEGAL_CONSTRUCTOR(); }

    /** The digest of what `data` holds now, as an ArrayBuffer. */
    digest(algorithm, data) {
        const { DOMException } = require('internal/dom_exception');
        let result;
        try {
            if (this !== subtle) throw new ERR_INVALID_THIS('SubtleCrypto');
            const name = typeof algorithm === 'string' ? algorithm : algorithm?.name;
            const known = digests[StringPrototypeToUpperCase(`${name}`)];
            if (known === undefined) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
            const { bytesOf, feed, host } = require('internal/crypto/bytes');
            if (typeof data === 'string') {
                const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
                throw new ERR_INVALID_ARG_TYPE('data', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], data);
            }
            const digest = host.digest(known);
            feed(bytesOf(data, 'data'), digest);
            result = digest(-1);
        } catch (error) {
            return PromiseReject(error);
        }
        return PromiseResolve(result);
    }
}

class Crypto {
    constructor(given) { if (given !== token) throw new ERR_ILLEGAL_CONSTRUCTOR(); }
    get subtle() { return subtle; }
    getRandomValues(array) {
        if (this !== crypto) throw new ERR_INVALID_THIS('Crypto');
        return random.getRandomValues(array);
    }
    randomUUID(options) {
        if (this !== crypto) throw new ERR_INVALID_THIS('Crypto');
        return random.randomUUID(options);
    }
}

const enumerable = { __proto__: null, enumerable: true };
ObjectDefineProperties(SubtleCrypto.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'SubtleCrypto' }, digest: enumerable,
});
ObjectDefineProperties(Crypto.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'Crypto' },
    getRandomValues: enumerable, randomUUID: enumerable, subtle: enumerable,
});

const subtle = new SubtleCrypto(token);
const crypto = new Crypto(token);

module.exports = { Crypto, SubtleCrypto, crypto };
