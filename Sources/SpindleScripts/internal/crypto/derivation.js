// Keys out of passwords and out of other keys.

const { ArrayPrototypePush } = primordials;
const {
    codes: { ERR_CRYPTO_INVALID_DIGEST, ERR_CRYPTO_INVALID_KEYLEN, ERR_CRYPTO_INVALID_SCRYPT_PARAMS, ERR_OUT_OF_RANGE }, nodeError,
} = require('internal/errors');
const { validateFunction, validateInteger, validateObject, validateString, validateUint32 } = require('internal/validators');
const { bytesOf, derive, deriveLater, host, shown } = require('internal/crypto/bytes');

const kMost = 2 ** 31 - 1;
/** PBKDF2 is known with these. */
const pbkdf2Digests = /^(?:rsa-)?(?:md5|sha1|sha256|sha384|sha512)$/i;

function checkedPbkdf2(password, salt, iterations, count, digest) {
    validateString(digest, 'digest');
    const lists = [bytesOf(password, 'password'), bytesOf(salt, 'salt')];
    validateInteger(iterations, 'iterations', 1, kMost);
    validateInteger(count, 'keylen', 0, kMost);
    if (primordials.RegExpPrototypeExec(pbkdf2Digests, digest) === null) throw new ERR_CRYPTO_INVALID_DIGEST(digest);
    return { lists, place: (names) => { ArrayPrototypePush(names, iterations, count); return [digest, ...names]; } };
}

function pbkdf2(password, salt, iterations, count, digest, callback) {
    if (typeof digest === 'function') {
        callback = digest;
        digest = undefined;
    }
    const { lists, place } = checkedPbkdf2(password, salt, iterations, count, digest);
    validateFunction(callback, 'callback');
    if (count === 0) return require('process').nextTick(callback, null, require('buffer').Buffer.alloc(0));
    deriveLater('pbkdf2', lists, place, (key) => callback(null, shown(key)));
}

function pbkdf2Sync(password, salt, iterations, count, digest) {
    const { lists, place } = checkedPbkdf2(password, salt, iterations, count, digest);
    return count === 0 ? require('buffer').Buffer.alloc(0) : shown(derive('pbkdf2', lists, place));
}

const kDefaults = { __proto__: null, N: 16384, r: 8, p: 1, maxmem: 32 << 20 };
function scryptOptions(options) {
    const wanted = { __proto__: null, ...kDefaults };
    if (options === undefined || options === null) return wanted;
    validateObject(options, 'options');
    for (const { 0: short, 1: long } of [['N', 'cost'], ['r', 'blockSize'], ['p', 'parallelization'], ['maxmem', undefined]]) {
        const { [short]: one } = options;
        const two = long === undefined ? undefined : options[long];
        if (one !== undefined && two !== undefined) {
            throw nodeError('ERR_INCOMPATIBLE_OPTION_PAIR', `Option "${short}" cannot be used in combination with option "${long}"`);
        }
        if (one === undefined && two === undefined) continue;
        if (short === 'maxmem') validateInteger(one, 'maxmem', 0);
        else validateUint32(one ?? two, one === undefined ? long : short);
        wanted[short] = one ?? two;
        if (wanted[short] === 0) wanted[short] = kDefaults[short];
    }
    return wanted;
}

function checkedScrypt(password, salt, count, options) {
    const { N, r, p, maxmem } = scryptOptions(options);
    const lists = [bytesOf(password, 'password'), bytesOf(salt, 'salt')];
    validateInteger(count, 'keylen', 0, kMost);
    // N is a power of two above 1, and what RFC 7914 says of the others.
    if (N < 2 || (N & (N - 1)) !== 0 || r * p >= 2 ** 30 || N >= 2 ** (16 * r)) throw new ERR_CRYPTO_INVALID_SCRYPT_PARAMS('');
    if (128 * r * (N + p + 2) > maxmem) throw new ERR_CRYPTO_INVALID_SCRYPT_PARAMS(': memory limit exceeded');
    return { lists, place: (names) => { ArrayPrototypePush(names, N, r, p, maxmem, count); return names; } };
}
function scrypt(password, salt, count, options, callback) {
    if (typeof options === 'function') {
        callback = options;
        options = undefined;
    }
    const { lists, place } = checkedScrypt(password, salt, count, options);
    validateFunction(callback, 'callback');
    if (count === 0) return require('process').nextTick(callback, null, require('buffer').Buffer.alloc(0));
    deriveLater('scrypt', lists, place, (key) => {
        if (key === undefined) callback(new ERR_CRYPTO_INVALID_SCRYPT_PARAMS(''));
        else callback(null, shown(key));
    });
}

function scryptSync(password, salt, count, options) {
    const { lists, place } = checkedScrypt(password, salt, count, options);
    if (count === 0) return require('buffer').Buffer.alloc(0);
    const key = derive('scrypt', lists, place);
    if (key === undefined) throw new ERR_CRYPTO_INVALID_SCRYPT_PARAMS('');
    return shown(key);
}

function checkedHkdf(digest, key, salt, info, count) {
    validateString(digest, 'digest');
    const lists = [bytesOf(key, 'ikm'), bytesOf(salt, 'salt'), bytesOf(info, 'info')];
    validateInteger(count, 'length', 0, kMost);
    if (lists[2].length > 1024) throw new ERR_OUT_OF_RANGE('info', 'must not contain more than 1024 bytes', lists[2].length);
    const one = host.digest(digest);
    if (one === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(digest);
    if (count > 255 * one(-1).byteLength) throw new ERR_CRYPTO_INVALID_KEYLEN();
    return { lists, place: (names) => { ArrayPrototypePush(names, count); return [digest, ...names]; } };
}

function hkdf(digest, key, salt, info, count, callback) {
    const { lists, place } = checkedHkdf(digest, key, salt, info, count);
    validateFunction(callback, 'callback');
    deriveLater('hkdf', lists, place, (result) => callback(null, result));
}

function hkdfSync(digest, key, salt, info, count) {
    const { lists, place } = checkedHkdf(digest, key, salt, info, count);
    return derive('hkdf', lists, place);
}

module.exports = { hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
