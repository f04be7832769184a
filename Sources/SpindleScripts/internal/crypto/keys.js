// KeyObject, of secret keys.

const { ObjectDefineProperty, SymbolToStringTag, Uint8Array } = primordials;
const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateObject, validateOneOf } = require('internal/validators');
const { defineType, register } = require('internal/transferable');

const token = {};
let bytesIn;

class KeyObject {
    #bytes;

    static {
        bytesIn = (key) => (typeof key === 'object' && key !== null && #bytes in key ? key.#bytes : undefined);
    }

    constructor(given, bytes) {
        if (given !== token) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#bytes = bytes;
        register(this, keyType);
    }

    get type() { return 'secret'; }
    get symmetricKeySize() { return this.#bytes.length; }

    equals(other) {
        const bytes = bytesIn(other);
        if (bytes === undefined) throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', other);
        return bytes.length === this.#bytes.length && require('internal/crypto/compare').timingSafeEqual(bytes, this.#bytes);
    }

    export(options = {}) {
        validateObject(options, 'options');
        const { format = 'buffer' } = options;
        validateOneOf(format, 'options.format', [undefined, 'buffer', 'jwk']);
        const { Buffer } = require('buffer');
        if (format === 'jwk') return { kty: 'oct', k: Buffer.from(this.#bytes).toString('base64url') };
        return Buffer.from(this.#bytes);
    }
}
ObjectDefineProperty(KeyObject.prototype, SymbolToStringTag, { __proto__: null, configurable: true, value: 'KeyObject' });

const keyType = defineType({
    name: 'KeyObject',
    clone: (key) => bytesIn(key),
    restore: (state) => new KeyObject(token, state),
});

/** The bytes of a key, or undefined if it is none. */
const keyBytes = bytesIn;

function createSecretKey(key, encoding) {
    const { bytesOf } = require('internal/crypto/bytes');
    if (bytesIn(key) !== undefined) throw new ERR_INVALID_ARG_VALUE('key', key, 'is a key already');
    return new KeyObject(token, new Uint8Array(bytesOf(key, 'key', encoding)));
}

module.exports = { KeyObject, createSecretKey, keyBytes };
