// Ciphers: AES in the modes CBC, CTR and GCM.

const {
    ArrayBufferIsView, Error, FunctionPrototypeCall, ObjectSetPrototypeOf, RegExpPrototypeExec, StringPrototypeToLowerCase, Symbol,
    TypedArrayPrototypeSet,
} = primordials;
const {
    codes: {
        ERR_CRYPTO_INVALID_AUTH_TAG, ERR_CRYPTO_INVALID_IV, ERR_CRYPTO_INVALID_KEYLEN, ERR_CRYPTO_INVALID_STATE, ERR_CRYPTO_UNKNOWN_CIPHER,
        ERR_INVALID_ARG_TYPE,
    },
    nodeError,
} = require('internal/errors');
const { validateEncoding, validateString } = require('internal/validators');
const { bytesOf, feed, host, scratch, shown } = require('internal/crypto/bytes');
const LazyTransform = require('internal/streams/lazy_transform');

const kCipher = Symbol('kCipher');
const kState = Symbol('kState');

const kUpdate = 0;
const kFinish = 1;
const kAssociate = 2;
const kGetTag = 3;
const kSetTag = 4;
const kPad = 5;

const pattern = /^(?:aes-?(128|192|256)-(cbc|ctr|gcm)|id-aes(128|192|256)-gcm|aes(128|192|256))$/;

/** Bits of the key, and mode, of a cipher's name. */
function parse(name) {
    const match = RegExpPrototypeExec(pattern, StringPrototypeToLowerCase(name));
    if (match === null) return undefined;
    return { bits: +(match[1] ?? match[3] ?? match[4]), mode: match[2] ?? (match[3] === undefined ? 'cbc' : 'gcm') };
}

function setUp(self, name, key, vector, options, isEncrypting) {
    validateString(name, 'cipher');
    const known = parse(name);
    const keyBytes = bytesOf(key, 'key', options?.encoding);
    const vectorBytes = vector === null ? bytesOf('', 'iv') : bytesOf(vector, 'iv');
    if (known === undefined) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
    if (keyBytes.length * 8 !== known.bits) throw new ERR_CRYPTO_INVALID_KEYLEN();
    if (vectorBytes.length > 64) throw new ERR_CRYPTO_INVALID_IV();
    TypedArrayPrototypeSet(scratch, keyBytes, 0);
    TypedArrayPrototypeSet(scratch, vectorBytes, keyBytes.length);
    const cipher = host.cipher(known.mode, known.bits, isEncrypting, keyBytes.length, vectorBytes.length);
    if (typeof cipher === 'string') throw new ERR_CRYPTO_INVALID_IV();
    self[kCipher] = cipher;
    self[kState] = { isDone: false, isEncrypting, hasTag: false, isAuthenticated: known.mode === 'gcm', tagLength: options?.authTagLength ?? 16 };
    FunctionPrototypeCall(LazyTransform, self, options);
}

/** What the host says of input that does not fit. */
function failure(text, state) {
    if (text === 'badPadding') return nodeError('ERR_OSSL_BAD_DECRYPT', 'error:1C800064:Provider routines::bad decrypt', Error);
    if (text === 'wrongLength') {
        return state.isEncrypting ?
            nodeError('ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH', 'error:1C80006A:Provider routines::data not multiple of block length', Error) :
            nodeError('ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH', 'error:1C80006B:Provider routines::wrong final block length', Error);
    }
    return new Error('Unsupported state or unable to authenticate data');
}

function define(constructor) {
    const { prototype } = constructor;
    ObjectSetPrototypeOf(prototype, LazyTransform.prototype);
    ObjectSetPrototypeOf(constructor, LazyTransform);

    prototype.update = function update(data, inputEncoding, outputEncoding) {
        if (typeof data === 'string') validateEncoding(data, inputEncoding);
        else if (!ArrayBufferIsView(data)) {
            throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
        }
        if (this[kState].isDone) throw new ERR_CRYPTO_INVALID_STATE('update');
        const parts = [];
        const { Buffer } = require('buffer');
        feed(bytesOf(data, 'data', inputEncoding), (count) => { parts[parts.length] = Buffer.from(this[kCipher](kUpdate, count)); });
        return decoded(this, parts.length === 1 ? parts[0] : Buffer.concat(parts), outputEncoding, false);
    };
    prototype.final = function final(outputEncoding) {
        const state = this[kState];
        if (state.isDone) throw new ERR_CRYPTO_INVALID_STATE('final');
        if (state.isAuthenticated && !state.isEncrypting && !state.hasTag) throw failure('unauthenticated', state);
        state.isDone = true;
        const result = this[kCipher](kFinish, 0);
        if (typeof result === 'string') throw failure(result, state);
        return decoded(this, require('buffer').Buffer.from(result), outputEncoding, true);
    };
    prototype.setAutoPadding = function setAutoPadding(isPadding = true) {
        if (this[kState].isDone) throw new ERR_CRYPTO_INVALID_STATE('setAutoPadding');
        this[kCipher](kPad, !!isPadding);
        return this;
    };
    prototype.setAAD = function setAAD(data, options) {
        if (!this[kState].isAuthenticated || this[kState].isDone) throw new ERR_CRYPTO_INVALID_STATE('setAAD');
        feed(bytesOf(data, 'aadbuf', options?.encoding), (count) => this[kCipher](kAssociate, count));
        return this;
    };
    prototype._transform = function (chunk, encoding, callback) {
        this.push(this.update(chunk, encoding));
        callback();
    };
    prototype._flush = function (callback) {
        try {
            this.push(this.final());
        } catch (error) {
            callback(error);
            return;
        }
        callback();
    };
}

/** A string in `encoding`: what does not fill a character yet waits for the rest. */
function decoded(self, buffer, encoding, isLast) {
    if (encoding === undefined || encoding === 'buffer') return buffer;
    const state = self[kState];
    state.decoder ??= new (require('string_decoder').StringDecoder)(encoding);
    return isLast ? state.decoder.end(buffer) : state.decoder.write(buffer);
}

function Cipheriv(cipher, key, iv, options) {
    if (!new.target) return new Cipheriv(cipher, key, iv, options);
    setUp(this, cipher, key, iv, options, true);
}
define(Cipheriv);
Cipheriv.prototype.getAuthTag = function getAuthTag() {
    const state = this[kState];
    if (!state.isAuthenticated || !state.isDone) throw new ERR_CRYPTO_INVALID_STATE('getAuthTag');
    return shown(this[kCipher](kGetTag, 0)).subarray(0, state.tagLength);
};

function Decipheriv(cipher, key, iv, options) {
    if (!new.target) return new Decipheriv(cipher, key, iv, options);
    setUp(this, cipher, key, iv, options, false);
}
define(Decipheriv);
Decipheriv.prototype.setAuthTag = function setAuthTag(tag, encoding) {
    const state = this[kState];
    const bytes = bytesOf(tag, 'buffer', encoding);
    if (!state.isAuthenticated || state.isDone || state.hasTag) throw new ERR_CRYPTO_INVALID_STATE('setAuthTag');
    if (bytes.length !== 4 && bytes.length !== 8 && (bytes.length < 12 || bytes.length > 16)) {
        throw new ERR_CRYPTO_INVALID_AUTH_TAG(bytes.length);
    }
    state.hasTag = true;
    feed(bytes, (count) => this[kCipher](kSetTag, count));
    return this;
};

const names = [];
for (const bits of [128, 192, 256]) for (const mode of ['cbc', 'ctr', 'gcm']) names[names.length] = `aes-${bits}-${mode}`;

function getCiphers() { return primordials.ArrayPrototypeSlice(names); }

function getCipherInfo(name, options) {
    const known = typeof name === 'string' ? parse(name) : undefined;
    if (known === undefined || (options?.keyLength !== undefined && options.keyLength * 8 !== known.bits)) return undefined;
    const ivLength = known.mode === 'gcm' ? 12 : 16;
    if (options?.ivLength !== undefined && options.ivLength !== ivLength) return undefined;
    const info = { mode: known.mode, name: `aes-${known.bits}-${known.mode}`, ivLength, keyLength: known.bits / 8 };
    if (known.mode === 'cbc') info.blockSize = 16;
    return info;
}

module.exports = { Cipheriv, Decipheriv, getCipherInfo, getCiphers };
