'use strict';

const crypto = require('crypto');
const { pipeline } = require('stream');
const { promisify } = require('util');
const { deepEqual, equal, match, notEqual, ok, rejects, since, test, throws } = require('./support/harness.cjs');

const abc = 'abc';

test('digests of known answers', () => {
    const known = {
        md5: '900150983cd24fb0d6963f7d28e17f72',
        sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        sha384: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
        sha512: 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd' +
            '454d4423643ce80e2a9ac94fa54ca49f',
        'sha512-256': '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
        'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
        'RSA-SHA256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        SHA256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    };
    for (const [name, digest] of Object.entries(known)) equal(crypto.createHash(name).update(abc).digest('hex'), digest, name);
    ok(crypto.getHashes().includes('sha256'));
});

test('input in pieces, encodings and views', () => {
    const whole = crypto.createHash('sha256').update(Buffer.alloc(200000, 'xyz')).digest('base64');
    const pieces = crypto.createHash('sha256');
    const all = Buffer.alloc(200000, 'xyz');
    for (let at = 0; at < all.length; at += 70001) pieces.update(all.subarray(at, at + 70001));
    equal(pieces.digest('base64'), whole);
    equal(crypto.createHash('sha1').update('616263', 'hex').digest('hex'), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    equal(crypto.createHash('sha1').update(new Uint16Array([0x6261, 0x63]).subarray(0, 1)).update('c').digest('hex'),
        'a9993e364706816aba3e25717850c26c9cd0d89d');
    equal(crypto.createHash('md5').update(new DataView(Buffer.from('xabcx').buffer.slice(0), 0, 0)).update(abc).digest('latin1').length, 16);
    equal(crypto.createHash('sha256').update('ü€😀').digest('hex'),
        crypto.createHash('sha256').update(Buffer.from('ü€😀')).digest('hex'));
    ok(Buffer.isBuffer(crypto.createHash('sha256').digest()));
});

test('a hash can be copied until it is done', () => {
    const hash = crypto.createHash('sha256').update('a');
    const copy = hash.copy();
    equal(hash.update('bc').digest('hex'), crypto.createHash('sha256').update(abc).digest('hex'));
    equal(copy.update('bc').digest('hex'), crypto.createHash('sha256').update(abc).digest('hex'));
    throws(() => hash.digest(), { code: 'ERR_CRYPTO_HASH_FINALIZED', message: 'Digest already called' });
    throws(() => hash.update('x'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
    throws(() => hash.copy(), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
});

test('a hash is a stream', async () => {
    const hash = crypto.createHash('sha256');
    const { Readable } = require('stream');
    await promisify(pipeline)(Readable.from(['a', 'b', Buffer.from('c')]), hash);
    equal(hash.read().toString('hex'), crypto.createHash('sha256').update(abc).digest('hex'));
    const text = crypto.createHash('md5').setEncoding('hex');
    text.end(abc);
    let result = '';
    for await (const chunk of text) result += chunk;
    equal(result, '900150983cd24fb0d6963f7d28e17f72');
});

test('what is no hash and no data', () => {
    throws(() => crypto.createHash('none'), { message: 'Digest method not supported' });
    throws(() => crypto.createHash(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => crypto.createHash('sha256').update(1), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
    });
});

since('21', 'hash in one call', () => {
    equal(crypto.hash('sha1', abc), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    equal(crypto.hash('sha1', Buffer.from(abc), 'base64'), 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=');
    ok(Buffer.isBuffer(crypto.hash('md5', abc, 'buffer')));
});

test('codes of RFC 4231', () => {
    const hmac = (name, key, data) => crypto.createHmac(name, key).update(data).digest('hex');
    equal(hmac('sha256', Buffer.alloc(20, 0x0b), 'Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7');
    equal(hmac('sha512', 'Jefe', 'what do ya want for nothing?'), '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
        '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737');
    equal(hmac('sha256', Buffer.alloc(131, 0xaa), 'Test Using Larger Than Block-Size Key - Hash Key First'),
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54');
    equal(hmac('md5', '', ''), '74e6f7298a9c2d168935f58c001bad88');
    const done = crypto.createHmac('sha256', 'k');
    done.digest();
    equal(done.digest('hex'), '');
    equal(done.digest().length, 0);
    throws(() => done.update('x'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
    throws(() => crypto.createHmac('none', 'k'), { code: 'ERR_CRYPTO_INVALID_DIGEST', message: 'Invalid digest: none' });
    throws(() => crypto.createHmac('sha256', 1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('keys are objects too', () => {
    const key = crypto.createSecretKey('6b6579', 'hex');
    deepEqual([key.type, key.symmetricKeySize, key.export().toString()], ['secret', 3, 'key']);
    deepEqual(key.export({ format: 'jwk' }), { kty: 'oct', k: 'a2V5' });
    ok(key.equals(crypto.createSecretKey(Buffer.from('key'))));
    ok(!key.equals(crypto.createSecretKey(Buffer.from('kez'))));
    equal(crypto.createHmac('sha256', key).update('x').digest('hex'), crypto.createHmac('sha256', 'key').update('x').digest('hex'));
    throws(() => new crypto.KeyObject('secret', null), undefined);
});

test('comparison that takes the same time', () => {
    ok(crypto.timingSafeEqual(Buffer.from('same'), Buffer.from('same')));
    ok(!crypto.timingSafeEqual(Buffer.from('same'), Buffer.from('sane')));
    throws(() => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')), {
        code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', message: 'Input buffers must have the same byte length',
    });
    throws(() => crypto.timingSafeEqual('a', Buffer.from('a')), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('randomness', async () => {
    equal(crypto.randomBytes(0).length, 0);
    notEqual(crypto.randomBytes(16).toString('hex'), crypto.randomBytes(16).toString('hex'));
    equal((await promisify(crypto.randomBytes)(100000)).length, 100000);
    throws(() => crypto.randomBytes(-1), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => crypto.randomBytes('1'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => crypto.randomBytes(2 ** 31), { code: 'ERR_OUT_OF_RANGE' });
    const filled = crypto.randomFillSync(Buffer.alloc(32), 16);
    ok(filled.subarray(0, 16).every((byte) => byte === 0) && filled.subarray(16).some((byte) => byte !== 0));
    const words = new Uint32Array(4);
    equal(await promisify(crypto.randomFill)(words, 1, 2), words);
    deepEqual([words[0], words[3]], [0, 0]);
    throws(() => crypto.randomFillSync(Buffer.alloc(4), 5), { code: 'ERR_OUT_OF_RANGE' });
    for (let i = 0; i < 100; i++) {
        const number = crypto.randomInt(-3, 3);
        ok(Number.isInteger(number) && number >= -3 && number < 3);
    }
    equal(await promisify(crypto.randomInt)(1), 0);
    throws(() => crypto.randomInt(0), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => crypto.randomInt(1.5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => crypto.randomInt(2 ** 48), { code: 'ERR_OUT_OF_RANGE' });
    match(crypto.randomUUID(), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test('PBKDF2', async () => {
    const vector = '120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b';
    equal(crypto.pbkdf2Sync('password', 'salt', 1, 32, 'sha256').toString('hex'), vector);
    equal((await promisify(crypto.pbkdf2)('password', Buffer.from('salt'), 1, 32, 'SHA256')).toString('hex'), vector);
    equal(crypto.pbkdf2Sync('password', 'salt', 4096, 20, 'sha1').toString('hex'), '4b007901b765489abead49d926f721d065a429c1');
    throws(() => crypto.pbkdf2Sync('p', 's', 1, 1, 'none'), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
    throws(() => crypto.pbkdf2Sync('p', 's', 0, 1, 'sha256'), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => crypto.pbkdf2Sync('p', 's', 1, -1, 'sha256'), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => crypto.pbkdf2('p', 's', 1, 1, 'sha256'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => crypto.pbkdf2Sync('p', 's', 1, 1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('scrypt', async () => {
    const vector = 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da' +
        'c727afb94a83ee6d8360cbdfa2cc0640';
    const options = { N: 1024, r: 8, p: 16 };
    equal(crypto.scryptSync('password', 'NaCl', 64, options).toString('hex'), vector);
    equal((await promisify(crypto.scrypt)('password', 'NaCl', 64, { cost: 1024, blockSize: 8, parallelization: 16 })).toString('hex'), vector);
    throws(() => crypto.scryptSync('p', 's', 1, { N: 3 }), { name: 'RangeError' });
    throws(() => crypto.scryptSync('p', 's', 1, { N: 2 ** 20 }), { name: 'RangeError', message: /memory limit exceeded/ });
    throws(() => crypto.scryptSync('p', 's', 1, { N: 4, cost: 4 }));
});

test('HKDF of RFC 5869', async () => {
    const material = Buffer.alloc(22, 0x0b);
    const salt = Buffer.from('000102030405060708090a0b0c', 'hex');
    const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');
    const vector = '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865';
    const key = crypto.hkdfSync('sha256', material, salt, info, 42);
    ok(key instanceof ArrayBuffer);
    equal(Buffer.from(key).toString('hex'), vector);
    equal(Buffer.from(await promisify(crypto.hkdf)('sha256', material, salt, info, 42)).toString('hex'), vector);
    throws(() => crypto.hkdfSync('none', 'a', 'b', 'c', 1), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
    throws(() => crypto.hkdfSync('sha256', 'a', 'b', 'c', 255 * 32 + 1), { code: 'ERR_CRYPTO_INVALID_KEYLEN' });
});

const key256 = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex');
const iv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const plain = Buffer.from('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51', 'hex');

test('AES-CBC of SP 800-38A, in pieces and padded', () => {
    const cipher = crypto.createCipheriv('aes-256-cbc', key256, iv).setAutoPadding(false);
    equal(cipher.update(plain, undefined, 'hex') + cipher.final('hex'), 'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d');
    for (const length of [0, 1, 15, 16, 17, 100, 70000]) {
        const text = Buffer.alloc(length, 'some text ');
        const one = crypto.createCipheriv('AES-128-CBC', key256.subarray(0, 16), iv);
        const parts = [];
        for (let at = 0; at < length; at += 7777) parts.push(one.update(text.subarray(at, at + 7777)));
        parts.push(one.final());
        const sealed = Buffer.concat(parts);
        equal(sealed.length, (Math.floor(length / 16) + 1) * 16);
        const two = crypto.createDecipheriv('aes-128-cbc', key256.subarray(0, 16), iv);
        const back = [];
        for (let at = 0; at < sealed.length; at += 33) back.push(two.update(sealed.subarray(at, at + 33)));
        back.push(two.final());
        ok(Buffer.concat(back).equals(text), `${length} bytes`);
    }
});

test('AES-CTR of SP 800-38A, in pieces', () => {
    const counter = Buffer.from('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'hex');
    const cipher = crypto.createCipheriv('aes-256-ctr', key256, counter);
    let text = '';
    for (let at = 0; at < plain.length; at += 5) text += cipher.update(plain.subarray(at, at + 5)).toString('hex');
    equal(text + cipher.final('hex'), '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5');
    const wrapping = crypto.createCipheriv('aes-256-ctr', key256, Buffer.alloc(16, 0xff));
    const whole = wrapping.update(Buffer.alloc(64));
    const next = crypto.createCipheriv('aes-256-ctr', key256, Buffer.alloc(16, 0));
    equal(whole.subarray(16).toString('hex'), next.update(Buffer.alloc(48)).toString('hex'));
});

test('AES-GCM, with data that is authenticated alone', () => {
    const key = Buffer.from('feffe9928665731c6d6a8f9467308308', 'hex');
    const nonce = Buffer.from('cafebabefacedbaddecaf888', 'hex');
    const text = Buffer.from('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525' +
        'b16aedf5aa0de657ba637b39', 'hex');
    const data = Buffer.from('feedfacedeadbeeffeedfacedeadbeefabaddad2', 'hex');
    const cipher = crypto.createCipheriv('aes-128-gcm', key, nonce).setAAD(data);
    const sealed = Buffer.concat([cipher.update(text.subarray(0, 21)), cipher.update(text.subarray(21)), cipher.final()]);
    equal(sealed.toString('hex'), '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b' +
        '396a0aac973d58e091');
    equal(cipher.getAuthTag().toString('hex'), '5bc94fbc3221a5db94fae95ae7121a47');
    const decipher = crypto.createDecipheriv('aes-128-gcm', key, nonce).setAAD(data).setAuthTag(cipher.getAuthTag());
    ok(Buffer.concat([decipher.update(sealed), decipher.final()]).equals(text));
    for (const broken of [
        (d) => d.setAAD(data).setAuthTag(Buffer.alloc(16)).update(sealed),
        (d) => d.setAuthTag(cipher.getAuthTag()).update(sealed),
        (d) => d.setAAD(data).setAuthTag(cipher.getAuthTag()).update(sealed.subarray(1)),
        (d) => d.setAAD(data).update(sealed),
    ]) {
        const d = crypto.createDecipheriv('aes-128-gcm', key, nonce);
        broken(d);
        throws(() => d.final(), { message: 'Unsupported state or unable to authenticate data' });
    }
    const short = crypto.createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: 12 }).setAAD(data)
        .setAuthTag(cipher.getAuthTag().subarray(0, 12));
    ok(Buffer.concat([short.update(sealed), short.final()]).equals(text));
    throws(() => crypto.createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(Buffer.alloc(3)), { code: 'ERR_CRYPTO_INVALID_AUTH_TAG' });
    throws(() => crypto.createCipheriv('aes-128-gcm', key, nonce).getAuthTag(), { code: 'ERR_CRYPTO_INVALID_STATE' });
});

test('ciphers with wrong keys, vectors and ends', () => {
    throws(() => crypto.createCipheriv('none', key256, iv), { code: 'ERR_CRYPTO_UNKNOWN_CIPHER', message: 'Unknown cipher' });
    throws(() => crypto.createCipheriv('aes-128-cbc', key256, iv), { code: 'ERR_CRYPTO_INVALID_KEYLEN', name: 'RangeError' });
    throws(() => crypto.createCipheriv('aes-256-cbc', key256, 'short'), { code: 'ERR_CRYPTO_INVALID_IV', name: 'TypeError' });
    throws(() => crypto.createCipheriv('aes-256-cbc', 1, iv), { code: 'ERR_INVALID_ARG_TYPE' });
    const wrong = crypto.createDecipheriv('aes-256-cbc', key256, iv);
    wrong.update(Buffer.alloc(32));
    throws(() => wrong.final(), { code: 'ERR_OSSL_BAD_DECRYPT' });
    const cut = crypto.createDecipheriv('aes-256-cbc', key256, iv);
    cut.update(Buffer.alloc(17));
    throws(() => cut.final(), { code: 'ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH' });
    const done = crypto.createCipheriv('aes-256-cbc', key256, iv);
    done.final();
    throws(() => done.final(), { name: 'Error' });
    throws(() => done.update('x'), { name: 'Error' });
    ok(crypto.getCiphers().includes('aes-256-gcm'));
    deepEqual(Object.keys(crypto.getCipherInfo('aes-256-cbc')).includes('blockSize'), true);
    equal(crypto.getCipherInfo('none'), undefined);
});

test('ciphers are streams', async () => {
    const cipher = crypto.createCipheriv('aes-256-cbc', key256, iv);
    const decipher = crypto.createDecipheriv('aes-256-cbc', key256, iv);
    const { Readable } = require('stream');
    let text = '';
    decipher.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
    await promisify(pipeline)(Readable.from(['one ', 'two ', 'three']), cipher, decipher);
    equal(text, 'one two three');
    const broken = crypto.createDecipheriv('aes-256-cbc', key256, iv);
    const failed = new Promise((resolve) => broken.on('error', resolve));
    broken.end(Buffer.alloc(5));
    equal((await failed).code, 'ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH');
});

test('the Web Cryptography API', async () => {
    const { subtle } = globalThis.crypto;
    equal(globalThis.crypto, crypto.webcrypto);
    const digest = await subtle.digest('SHA-256', Buffer.from(abc));
    ok(digest instanceof ArrayBuffer);
    equal(Buffer.from(digest).toString('hex'), crypto.createHash('sha256').update(abc).digest('hex'));
    equal((await subtle.digest({ name: 'sha-512' }, new ArrayBuffer(0))).byteLength, 64);
    await rejects(subtle.digest('MD5', Buffer.from(abc)), { name: 'NotSupportedError' });
    const words = new Uint32Array(8);
    equal(globalThis.crypto.getRandomValues(words), words);
    ok(words.some((word) => word !== 0));
    throws(() => globalThis.crypto.getRandomValues(new Float64Array(1)), { name: 'TypeMismatchError' });
    throws(() => globalThis.crypto.getRandomValues(new Uint8Array(65537)), { name: 'QuotaExceededError' });
    match(globalThis.crypto.randomUUID(), /^[\da-f-]{36}$/);
});
