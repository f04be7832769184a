'use strict';

const { Readable, Writable, pipeline } = require('stream');
const { promisify } = require('util');
const zlib = require('zlib');
const { deepEqual, equal, ok, rejects, since, test, throws } = require('./support/harness.cjs');

const text = 'The quick brown fox jumps over the lazy dog. '.repeat(200);
const pairs = [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['brotliCompress', 'brotliDecompress']];

/** Bytes that compress a little, of any length, always the same. */
function mixed(length) {
    const bytes = Buffer.alloc(length);
    for (let i = 0, x = 1; i < length; i++) {
        x = (x * 1103515245 + 12345) >>> 0;
        bytes[i] = i % 7 < 4 ? 97 + i % 13 : x >>> 24;
    }
    return bytes;
}

/** All that comes out of `stream` when `chunks` go in. */
async function through(stream, chunks) {
    const out = [];
    await promisify(pipeline)(Readable.from(chunks), stream, new Writable({
        write(chunk, encoding, callback) {
            out.push(chunk);
            callback();
        },
    }));
    return Buffer.concat(out);
}

test('what is compressed comes back, at once, later and as a stream', async () => {
    for (const [one, two] of pairs) {
        for (const input of [Buffer.alloc(0), Buffer.from('a'), Buffer.from(text), mixed(300000)]) {
            const packed = zlib[`${one}Sync`](input);
            ok(zlib[`${two}Sync`](packed).equals(input), `${one}Sync ${input.length}`);
            ok((await promisify(zlib[two])(await promisify(zlib[one])(input))).equals(input), `${one} ${input.length}`);
            const create = (name) => zlib[`create${name[0].toUpperCase()}${name.slice(1)}`]();
            const chunks = [];
            for (let at = 0; at < input.length; at += 50001) chunks.push(input.subarray(at, at + 50001));
            const streamed = await through(create(one), chunks);
            ok((await through(create(two), [streamed])).equals(input), `stream ${one} ${input.length}`);
        }
    }
    ok(zlib.gzipSync(text).length < text.length / 20);
});

test('large input is shared out and is one stream all the same', async () => {
    const input = mixed(3000001);
    const packed = zlib.gzipSync(input);
    deepEqual([...packed.subarray(0, 3)], [0x1f, 0x8b, 8]);
    ok(zlib.gunzipSync(packed).equals(input));
    ok(zlib.unzipSync(zlib.deflateSync(input, { level: 1 })).equals(input));
    ok(zlib.inflateRawSync(await promisify(zlib.deflateRaw)(input, { level: 9 })).equals(input));
    const chunks = [];
    for (let at = 0; at < input.length; at += 65536) chunks.push(input.subarray(at, at + 65536));
    ok(zlib.gunzipSync(await through(zlib.createGzip(), chunks)).equals(input));
    ok(zlib.inflateSync(await through(zlib.createDeflate(), chunks)).equals(input));
    const stored = zlib.deflateSync(input, { level: 0 });
    ok(stored.length > input.length && zlib.inflateSync(stored).equals(input));
});

test('input of every kind', () => {
    const packed = zlib.deflateSync('text');
    for (const input of [packed, new Uint8Array(packed), new DataView(new Uint8Array(packed).buffer), new Uint8Array(packed).buffer]) {
        equal(zlib.inflateSync(input).toString(), 'text');
    }
    throws(() => zlib.deflateSync(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => zlib.deflate('a'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('unzip knows both formats; members of gzip follow each other', async () => {
    equal(zlib.unzipSync(zlib.gzipSync('one')).toString(), 'one');
    equal(zlib.unzipSync(zlib.deflateSync('two')).toString(), 'two');
    const members = Buffer.concat([zlib.gzipSync('one '), zlib.gzipSync('two')]);
    equal(zlib.gunzipSync(members).toString(), 'one two');
    equal(zlib.unzipSync(members).toString(), 'one two');
    equal(zlib.gunzipSync(Buffer.concat([members, Buffer.alloc(10)])).toString(), 'one two');
    const single = [];
    for (const byte of members) single.push(Buffer.from([byte]));
    equal((await through(zlib.createGunzip(), single)).toString(), 'one two');
    throws(() => zlib.gunzipSync(Buffer.concat([members, Buffer.from([80, 75, 1])])), { code: 'Z_DATA_ERROR' });
});

test('broken input is told, and what is missing', async () => {
    const packed = zlib.gzipSync(text);
    throws(() => zlib.gunzipSync(Buffer.from('no gzip at all')), { code: 'Z_DATA_ERROR', errno: -3, message: 'incorrect header check' });
    throws(() => zlib.gunzipSync(packed.subarray(0, -9)), { code: 'Z_BUF_ERROR', errno: -5, message: 'unexpected end of file' });
    const flipped = Buffer.from(packed);
    flipped[flipped.length - 6] ^= 1;
    throws(() => zlib.gunzipSync(flipped), { code: 'Z_DATA_ERROR', message: 'incorrect data check' });
    await rejects(promisify(zlib.inflate)(Buffer.from('garbage')), { code: 'Z_DATA_ERROR' });
    await rejects(promisify(zlib.gunzip)(packed.subarray(0, 30)), { code: 'Z_BUF_ERROR' });
    await rejects(promisify(zlib.brotliDecompress)(Buffer.from('garbage')), undefined);
    await rejects(through(zlib.createGunzip(), [Buffer.from('garbage!!!')]), { code: 'Z_DATA_ERROR' });
    equal(zlib.gunzipSync(packed.subarray(0, -9), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString().slice(0, 9), 'The quick');
});

test('of corrupt data nothing crashes', () => {
    const packed = zlib.gzipSync(mixed(5000));
    for (let i = 0, x = 7; i < 300; i++) {
        const broken = Buffer.from(packed);
        for (let k = 0; k < 3; k++) {
            x = (x * 1103515245 + 12345) >>> 0;
            broken[x % broken.length] ^= 1 << (x >>> 28) % 8;
        }
        try {
            ok(zlib.gunzipSync(broken).length >= 0);
        } catch (error) {
            ok(/^Z_/.test(error.code), error.code);
        }
    }
});

test('dictionaries', async () => {
    const dictionary = Buffer.from('The quick brown fox');
    for (const [one, two] of pairs.slice(1, 3)) {
        const packed = zlib[`${one}Sync`](text, { dictionary });
        equal(zlib[`${two}Sync`](packed, { dictionary }).toString(), text);
    }
    const packed = zlib.deflateSync(text, { dictionary });
    throws(() => zlib.inflateSync(packed), { code: 'Z_NEED_DICT', errno: 2, message: 'Missing dictionary' });
    throws(() => zlib.inflateSync(packed, { dictionary: Buffer.from('wrong') }), { code: 'Z_NEED_DICT' });
    throws(() => zlib.deflateSync(text, { dictionary: 'text' }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('options are checked', () => {
    throws(() => zlib.createGzip({ level: 10 }), { code: 'ERR_OUT_OF_RANGE', message:
        'The value of "options.level" is out of range. It must be >= -1 and <= 9. Received 10' });
    throws(() => zlib.createGzip({ level: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => zlib.createGzip({ windowBits: 16 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => zlib.createGzip({ memLevel: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => zlib.createGzip({ strategy: 5 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => zlib.createGzip({ chunkSize: 1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => zlib.createBrotliCompress({ params: { 999: 1 } }), { code: 'ERR_BROTLI_INVALID_PARAM' });
    throws(() => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 'x' } }), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(zlib.inflateRawSync(zlib.deflateRawSync(text, { windowBits: 8 })).toString(), text);
    equal(zlib.inflateSync(zlib.deflateSync(text, { windowBits: 9, memLevel: 1, strategy: zlib.constants.Z_HUFFMAN_ONLY })).toString(), text);
});

test('no more than is allowed comes out', async () => {
    const packed = zlib.gzipSync(Buffer.alloc(100000));
    throws(() => zlib.gunzipSync(packed, { maxOutputLength: 1000 }), { code: 'ERR_BUFFER_TOO_LARGE', name: 'RangeError' });
    await rejects(promisify(zlib.gunzip)(packed, { maxOutputLength: 1000 }), { code: 'ERR_BUFFER_TOO_LARGE' });
    equal(zlib.gunzipSync(packed, { maxOutputLength: 100000 }).length, 100000);
});

test('info tells of the engine', async () => {
    const { buffer, engine } = zlib.deflateSync('text', { info: true });
    equal(zlib.inflateSync(buffer).toString(), 'text');
    ok(engine instanceof zlib.Deflate);
    equal(engine.bytesWritten, 4);
});

test('flush hands out what there is', async () => {
    const gzip = zlib.createGzip();
    const gunzip = zlib.createGunzip();
    gzip.pipe(gunzip);
    const next = () => new Promise((resolve) => gunzip.once('data', (chunk) => resolve(`${chunk}`)));
    for (const word of ['one', 'two', 'three']) {
        const arrived = next();
        gzip.write(word);
        gzip.flush();
        equal(await arrived, word);
    }
    const ended = new Promise((resolve) => gunzip.once('end', resolve));
    gzip.end();
    await ended;
    equal(gunzip.bytesWritten > 0, true);
});

test('level and strategy change in the middle', async () => {
    const deflate = zlib.createDeflate({ level: 0 });
    const parts = [];
    deflate.on('data', (chunk) => parts.push(chunk));
    deflate.write(text);
    await new Promise((resolve, reject) => deflate.params(9, zlib.constants.Z_DEFAULT_STRATEGY, (error) => (error ? reject(error) : resolve())));
    const ended = new Promise((resolve) => deflate.once('end', resolve));
    deflate.end(text);
    await ended;
    const packed = Buffer.concat(parts);
    ok(packed.length > text.length && packed.length < text.length * 1.2);
    equal(zlib.inflateSync(packed).toString(), text + text);
    throws(() => deflate.params(10, 0), { code: 'ERR_OUT_OF_RANGE' });
});

test('reset and close', async () => {
    const deflate = zlib.createDeflate();
    const closed = new Promise((resolve) => deflate.close(resolve));
    await closed;
    equal(deflate.destroyed, true);
    throws(() => deflate.reset(), undefined);
});

test('data after the end is left alone', async () => {
    const inflate = zlib.createInflate();
    const out = [];
    inflate.on('data', (chunk) => out.push(chunk));
    const ended = new Promise((resolve) => inflate.once('end', resolve));
    inflate.end(Buffer.concat([zlib.deflateSync('text'), Buffer.from('trailing')]));
    await ended;
    equal(Buffer.concat(out).toString(), 'text');
});

test('a reader that is slow holds the stream back', async () => {
    const inflate = zlib.createInflate({ highWaterMark: 1024, chunkSize: 1024 });
    inflate.end(zlib.deflateSync(Buffer.alloc(1000000)));
    await new Promise((resolve) => inflate.once('readable', resolve));
    ok(inflate.readableLength <= 4096, `${inflate.readableLength} bytes wait`);
    let length = 0;
    for await (const chunk of inflate) length += chunk.length;
    equal(length, 1000000);
});

test('constants, codes and names', () => {
    equal(zlib.constants.Z_BEST_COMPRESSION, 9);
    equal(zlib.Z_SYNC_FLUSH, 2);
    equal(zlib.codes.Z_DATA_ERROR, -3);
    equal(zlib.codes['-3'], 'Z_DATA_ERROR');
    throws(() => { zlib.constants.Z_OK = 5; }, undefined);
    ok(zlib.Gzip() instanceof zlib.Gzip);
});

since('22', 'crc32', () => {
    equal(zlib.crc32('hello'), 0x3610a686);
    equal(zlib.crc32(Buffer.from('lo'), zlib.crc32('hel')), 0x3610a686);
    throws(() => zlib.crc32(1), { code: 'ERR_INVALID_ARG_TYPE' });
});
