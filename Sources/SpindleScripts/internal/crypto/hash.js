// Digests and message authentication codes.

const {
    ArrayBufferIsView, ArrayPrototypeSlice, ArrayPrototypeSort, Error, FunctionPrototypeCall, ObjectSetPrototypeOf, Symbol,
} = primordials;
const {
    codes: { ERR_CRYPTO_HASH_FINALIZED, ERR_CRYPTO_INVALID_DIGEST, ERR_INVALID_ARG_TYPE }, nodeError,
} = require('internal/errors');
const { validateEncoding, validateString, validateUint32 } = require('internal/validators');
const { bytesOf, feed, host, lending, shown } = require('internal/crypto/bytes');
const LazyTransform = require('internal/streams/lazy_transform');

const kDigest = Symbol('kDigest');
const kIsDone = Symbol('kIsDone');
const kLength = Symbol('kLength');

function take(self, data, encoding) {
    if (self[kIsDone]) throw new ERR_CRYPTO_HASH_FINALIZED();
    if (typeof data === 'string') validateEncoding(data, encoding);
    else if (!ArrayBufferIsView(data)) {
        throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    feed(bytesOf(data, 'data', encoding), self[kDigest]);
    return self;
}

/** What `update` and the stream of Hash and Hmac have in common. */
function define(constructor) {
    const { prototype } = constructor;
    ObjectSetPrototypeOf(prototype, LazyTransform.prototype);
    ObjectSetPrototypeOf(constructor, LazyTransform);
    prototype.update = function update(data, encoding) { return take(this, data, encoding); };
    prototype._transform = function (chunk, encoding, callback) {
        take(this, chunk, encoding);
        callback();
    };
    prototype._flush = function (callback) {
        this.push(this.digest());
        callback();
    };
}

function Hash(algorithm, options) {
    if (!new.target) return new Hash(algorithm, options);
    const isCopy = algorithm instanceof Hash;
    if (!isCopy) validateString(algorithm, 'algorithm');
    const length = typeof options === 'object' && options !== null ? options.outputLength : undefined;
    if (length !== undefined) validateUint32(length, 'options.outputLength');
    this[kDigest] = isCopy ? algorithm[kDigest](-2) : host.digest(algorithm);
    if (this[kDigest] === undefined) throw new Error('Digest method not supported');
    if (length !== undefined && length !== this[kDigest](-1).byteLength) {
        throw nodeError('ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH', 'Unsupported state or unable to change the length of this digest', Error);
    }
    this[kIsDone] = false;
    FunctionPrototypeCall(LazyTransform, this, options);
}
define(Hash);
Hash.prototype.copy = function copy(options) {
    if (this[kIsDone]) throw new ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options);
};
Hash.prototype.digest = function digest(encoding) {
    if (this[kIsDone]) throw new ERR_CRYPTO_HASH_FINALIZED();
    this[kIsDone] = true;
    return shown(this[kDigest](-1), encoding);
};

function Hmac(algorithm, key, options) {
    if (!new.target) return new Hmac(algorithm, key, options);
    validateString(algorithm, 'hmac');
    const bytes = bytesOf(key, 'key', options?.encoding);
    this[kDigest] = lending([bytes], ({ 0: id, 1: count }) => host.digest(algorithm, id, count));
    if (this[kDigest] === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(algorithm);
    this[kIsDone] = false;
    FunctionPrototypeCall(LazyTransform, this, options);
}
define(Hmac);
Hmac.prototype.digest = function digest(encoding) {
    if (this[kIsDone]) return encoding === undefined || encoding === 'buffer' ? require('buffer').Buffer.alloc(0) : '';
    this[kIsDone] = true;
    return shown(this[kDigest](-1), encoding);
};

/** The digest of `data` in one call. */
function hash(algorithm, data, options = 'hex') {
    validateString(algorithm, 'algorithm');
    if (typeof data !== 'string' && !ArrayBufferIsView(data)) {
        throw new ERR_INVALID_ARG_TYPE('input', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
    }
    const encoding = typeof options === 'string' ? options : options?.outputEncoding ?? 'hex';
    const digest = host.digest(algorithm);
    if (digest === undefined) throw new Error('Digest method not supported');
    feed(bytesOf(data, 'input'), digest);
    return shown(digest(-1), encoding);
}

function getHashes() { return ArrayPrototypeSort(ArrayPrototypeSlice(host.digests)); }

module.exports = { Hash, Hmac, getHashes, hash };
