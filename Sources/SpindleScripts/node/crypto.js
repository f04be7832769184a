// node:crypto. The parts are in internal/crypto, each loaded when a program first asks for it.

const { ObjectDefineProperty } = primordials;

/** What each part exports, under the names of this module. */
const parts = {
    __proto__: null,
    'internal/crypto/cipher': ['Cipheriv', 'Decipheriv', 'getCipherInfo', 'getCiphers'],
    'internal/crypto/compare': ['timingSafeEqual'],
    'internal/crypto/derivation': ['hkdf', 'hkdfSync', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync'],
    'internal/crypto/hash': ['Hash', 'Hmac', 'getHashes', 'hash'],
    'internal/crypto/keys': ['KeyObject', 'createSecretKey'],
    'internal/crypto/random': ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID'],
};

function createHash(algorithm, options) { return new (require('internal/crypto/hash').Hash)(algorithm, options); }
function createHmac(algorithm, key, options) { return new (require('internal/crypto/hash').Hmac)(algorithm, key, options); }
function createCipheriv(cipher, key, iv, options) {
    return new (require('internal/crypto/cipher').Cipheriv)(cipher, key, iv, options);
}
function createDecipheriv(cipher, key, iv, options) {
    return new (require('internal/crypto/cipher').Decipheriv)(cipher, key, iv, options);
}
function getRandomValues(array) { return require('internal/crypto/random').getRandomValues(array); }
function getCurves() { return []; }

module.exports = {
    constants: { __proto__: null, RSA_PKCS1_PADDING: 1, RSA_NO_PADDING: 3, RSA_PKCS1_OAEP_PADDING: 4, RSA_PKCS1_PSS_PADDING: 6 },
    createCipheriv, createDecipheriv, createHash, createHmac, getCurves, getRandomValues,
};

function defineLazily(name, get) {
    ObjectDefineProperty(module.exports, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const value = get();
            ObjectDefineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
            return value;
        },
        set(value) {
            ObjectDefineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
        },
    });
}
for (const id in parts) {
    const names = parts[id];
    for (let i = 0; i < names.length; i++) defineLazily(names[i], () => require(id)[names[i]]);
}
defineLazily('webcrypto', () => require('internal/crypto/webcrypto').crypto);
defineLazily('subtle', () => require('internal/crypto/webcrypto').crypto.subtle);
