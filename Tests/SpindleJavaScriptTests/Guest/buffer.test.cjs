'use strict';

const { deepEqual, equal, ok, rejects, test, throws } = require('./support/harness.cjs');
const buffer = require('buffer');
const { inspect } = require('util');
const { Blob, Buffer, File, constants, isAscii, isUtf8, kMaxLength, transcode } = buffer;

const hex = (value) => value.toString('hex');
const encodings = ['utf8', 'utf16le', 'latin1', 'ascii', 'base64', 'base64url', 'hex'];

test('from takes strings in every encoding', () => {
    equal(hex(Buffer.from('aé€😀')), '61c3a9e282acf09f9880');
    equal(hex(Buffer.from('é€', 'latin1')), 'e9ac');
    equal(hex(Buffer.from('é', 'ascii')), 'e9');
    equal(hex(Buffer.from('a😀', 'UCS-2')), '61003dd800de');
    equal(hex(Buffer.from('0aFFz1', 'hex')), '0aff');
    equal(hex(Buffer.from('abc', 'hex')), 'ab');
    equal(hex(Buffer.from('-_ -/\n+A==', 'base64')), 'fbffbff8');
    equal(Buffer.from('YWJj ZGVm', 'base64url').toString(), 'abcdef');
    equal(Buffer.from('YQ==YQ==', 'base64').toString(), 'a');
    equal(Buffer.from('').length, 0);
    throws(() => Buffer.from('a', 'nope'), {
        name: 'TypeError', code: 'ERR_UNKNOWN_ENCODING', message: 'Unknown encoding: nope',
    });
});

test('from takes arrays, buffers, memory and what converts to them', () => {
    equal(hex(Buffer.from([1, '2', 300, -1, 1.9])), '01022cff01');
    equal(hex(Buffer.from({ length: 2, 0: 7 })), '0700');
    equal(hex(Buffer.from(new Uint16Array([1, 0x1ff]))), '01ff');
    equal(hex(Buffer.from(Buffer.from('ab').toJSON())), '6162');
    equal(Buffer.from(new String('abc')).toString(), 'abc');
    equal(Buffer.from({ [Symbol.toPrimitive]: () => 'x' }).toString(), 'x');
    const memory = new ArrayBuffer(4);
    const view = Buffer.from(memory, 1, 2);
    view[0] = 9;
    deepEqual([...new Uint8Array(memory)], [0, 9, 0, 0]);
    const source = Buffer.from('abc');
    const copy = Buffer.from(source);
    copy[0] = 0x7a;
    equal(source.toString(), 'abc');
    throws(() => Buffer.from(memory, 5), {
        name: 'RangeError', code: 'ERR_BUFFER_OUT_OF_BOUNDS', message: '"offset" is outside of buffer bounds',
    });
    throws(() => Buffer.from(memory, 1, 9), { message: '"length" is outside of buffer bounds' });
    throws(() => Buffer.from(5), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an ' +
            'Array-like Object. Received type number (5)',
    });
    for (const value of [undefined, null, true, {}, Symbol('x'), () => {}]) throws(() => Buffer.from(value), TypeError);
});

test('alloc fills, allocUnsafe pools', () => {
    equal(hex(Buffer.alloc(3)), '000000');
    equal(hex(Buffer.alloc(5, 'ab')), '6162616261');
    equal(hex(Buffer.alloc(3, 257)), '010101');
    equal(hex(Buffer.alloc(3, 'YQ==', 'base64')), '616161');
    equal(Buffer.poolSize, 8192);
    equal(Buffer.allocUnsafe(10).buffer.byteLength, 8192);
    equal(Buffer.allocUnsafe(4095).buffer.byteLength, 8192);
    equal(Buffer.allocUnsafe(4096).buffer.byteLength, 4096);
    equal(Buffer.allocUnsafeSlow(10).buffer.byteLength, 10);
    equal(Buffer.from('abc').byteOffset % 8, 0);
    throws(() => Buffer.alloc(-1), {
        name: 'RangeError', code: 'ERR_OUT_OF_RANGE',
        message: /The value of "size" is out of range\. It must be >= 0 && <= \d+\. Received -1/,
    });
    throws(() => Buffer.alloc('5'), { message: 'The "size" argument must be of type number. Received type string (\'5\')' });
    throws(() => Buffer.alloc(2, 'zz', 'hex'), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => Buffer.alloc(2, Buffer.alloc(0)), { message: 'The argument \'value\' is invalid. Received <Buffer >' });
});

test('pooled buffers do not overlap', () => {
    const list = [];
    for (let i = 0; i < 2000; i++) list.push(Buffer.from(`item ${i}`.repeat(i % 9)));
    list.forEach((item, i) => equal(item.toString(), `item ${i}`.repeat(i % 9)));
});

test('toString takes ranges of every encoding', () => {
    const value = Buffer.from('aé€😀');
    equal(value.toString('utf8', 1, 3), 'é');
    equal(value.toString('hex', '1', '3'), 'c3a9');
    equal(value.toString('latin1', -5, 2), 'aÃ');
    equal(value.toString(undefined, NaN, 1), 'a');
    equal(value.toString('utf8', 99), '');
    equal(value.toString('ascii', 0, 3), 'aC)');
    equal(Buffer.from([0x61, 0, 0x62]).toString('ucs2'), 'a');
    equal(Buffer.from([0xfb, 0xff]).toString('base64'), '+/8=');
    equal(Buffer.from([0xfb, 0xff]).toString('base64url'), '-_8');
    throws(() => value.toString('nope'), { code: 'ERR_UNKNOWN_ENCODING' });
    throws(() => value.toString(5), { message: 'Unknown encoding: 5' });
});

test('what is written is read back, for a thousand random buffers', () => {
    let seed = 1;
    const random = (limit) => {
        seed = Math.imul(seed, 1103515245) + 12345 & 0x7fffffff;
        return Math.floor(seed / 0x80000000 * limit);
    };
    for (let i = 0; i < 1000; i++) {
        const value = Buffer.alloc(random(i % 100 === 0 ? 3000 : 40) & ~1);
        for (let j = 0; j < value.length; j++) value[j] = random(256);
        for (const encoding of ['utf16le', 'latin1', 'base64', 'base64url', 'hex']) {
            ok(Buffer.from(value.toString(encoding), encoding).equals(value), encoding);
        }
        const text = value.toString();
        equal(Buffer.from(text).toString() === text, true);
        equal(Buffer.byteLength(text), Buffer.from(text).length);
    }
});

test('byteLength, isEncoding, isBuffer', () => {
    deepEqual(encodings.map((encoding) => Buffer.byteLength('ab€=', encoding)), [6, 8, 4, 4, 2, 2, 2]);
    equal(Buffer.byteLength('\ud83d\ude00\ud800'), 7);
    equal(Buffer.byteLength(new ArrayBuffer(3)), 3);
    equal(Buffer.byteLength('a', 'nope'), 1);
    throws(() => Buffer.byteLength(5), {
        message: 'The "string" argument must be of type string or an instance of Buffer or ArrayBuffer. ' +
            'Received type number (5)',
    });
    ok(encodings.every((encoding) => Buffer.isEncoding(encoding.toUpperCase())));
    deepEqual(['binary', 'UCS-2', '', 'utf-7', undefined, 5].map(Buffer.isEncoding), [true, true, false, false, false, false]);
    deepEqual([Buffer.alloc(1), new Uint8Array(1), null].map(Buffer.isBuffer), [true, false, false]);
});

test('concat, compare, equals', () => {
    equal(Buffer.concat([Buffer.from('ab'), new Uint8Array([99]), Buffer.alloc(0)]).toString(), 'abc');
    equal(hex(Buffer.concat([Buffer.from('abc')], 2)), '6162');
    equal(hex(Buffer.concat([Buffer.from('ab')], 4)), '61620000');
    equal(Buffer.concat([]).length, 0);
    throws(() => Buffer.concat(5), { message: 'The "list" argument must be an instance of Array. Received type number (5)' });
    throws(() => Buffer.concat([5]), {
        message: 'The "list[0]" argument must be an instance of Buffer or Uint8Array. Received type number (5)',
    });
    const list = ['b', 'a', 'ab', ''].map((text) => Buffer.from(text)).sort(Buffer.compare);
    deepEqual(list.map(String), ['', 'a', 'ab', 'b']);
    const a = Buffer.alloc(1000, 1);
    const b = Buffer.alloc(1001, 1).subarray(1);
    ok(a.equals(b));
    b[999] = 2;
    equal(a.compare(b), -1);
    b[3] = 0;
    equal(a.compare(b), 1);
    equal(Buffer.from('xabcx').compare(Buffer.from('abc'), 0, 3, 1, 4), 0);
    throws(() => a.compare(b, 0, 5000), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => a.equals(5), { message: /^The "otherBuffer" argument/ });
});

test('numbers of every width and order', () => {
    const value = Buffer.alloc(10);
    const cases = [
        ['UInt8', 0xfe], ['Int8', -2], ['UInt16LE', 0xfedc], ['UInt16BE', 0xfedc], ['Int16LE', -2], ['Int16BE', -300],
        ['UInt32LE', 0xfedcba98], ['UInt32BE', 0xfedcba98], ['Int32LE', -2], ['Int32BE', -123456789],
        ['BigUInt64LE', 0xfedcba9876543210n], ['BigUInt64BE', 1n], ['BigInt64LE', -2n], ['BigInt64BE', -(2n ** 63n)],
        ['FloatLE', 1.5], ['FloatBE', -Infinity], ['DoubleLE', Math.PI], ['DoubleBE', 5e-324],
    ];
    for (const [name, number] of cases) {
        const end = value[`write${name}`](number, 1);
        equal(value[`read${name}`](1), number, name);
        equal(end, 1 + ({ 8: 1, 6: 2, 2: 4, 4: 8 }[/\d+/.exec(name)?.[0].at(-1)] ?? (name[0] === 'F' ? 4 : 8)), name);
    }
    for (let width = 1; width <= 6; width++) {
        for (const number of [0, 1, 2 ** (8 * width - 1) - 1]) {
            for (const name of ['UIntLE', 'UIntBE', 'IntLE', 'IntBE']) {
                const signed = name[0] === 'I' ? -number : number;
                equal(value[`write${name}`](signed, 2, width), 2 + width);
                equal(value[`read${name}`](2, width), signed + 0, `${name} ${width}`);
            }
        }
    }
    equal(hex(Buffer.from([1, 2, 3, 4, 5, 6])), hex(writeBE(0x010203040506)));
    equal(value.readUint8, value.readUInt8);
    equal(value.writeBigUint64BE, value.writeBigUInt64BE);
    function writeBE(number) {
        const six = Buffer.alloc(6);
        six.writeUIntBE(number, 0, 6);
        return six;
    }
});

test('numbers out of range and places out of bounds', () => {
    const value = Buffer.alloc(10);
    const range = (message) => ({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message });
    throws(() => value.readUInt8(10), range('The value of "offset" is out of range. It must be >= 0 and <= 9. Received 10'));
    throws(() => value.readUInt16LE(9), range('The value of "offset" is out of range. It must be >= 0 and <= 8. Received 9'));
    throws(() => value.readInt32BE(1.5), range('The value of "offset" is out of range. It must be an integer. Received 1.5'));
    throws(() => value.readInt8('0'), { message: 'The "offset" argument must be of type number. Received type string (\'0\')' });
    throws(() => Buffer.alloc(1).readUInt16LE(0), {
        code: 'ERR_BUFFER_OUT_OF_BOUNDS', message: 'Attempt to access memory outside buffer bounds',
    });
    throws(() => value.readUIntLE(0, 7),
        range('The value of "byteLength" is out of range. It must be >= 1 and <= 6. Received 7'));
    throws(() => value.readUIntLE(0), { message: /"byteLength" argument must be of type number/ });
    throws(() => value.writeUInt8(256), range('The value of "value" is out of range. It must be >= 0 and <= 255. Received 256'));
    throws(() => value.writeInt32BE(2 ** 31), range(
        'The value of "value" is out of range. It must be >= -2147483648 and <= 2147483647. Received 2147483648'));
    throws(() => value.writeUIntLE(2 ** 48, 0, 6), range(
        'The value of "value" is out of range. It must be >= 0 and < 2 ** 48. Received 281_474_976_710_656'));
    throws(() => value.writeBigInt64LE(2n ** 63n), range('The value of "value" is out of range. ' +
        'It must be >= -(2n ** 63n) and < 2n ** 63n. Received 9_223_372_036_854_775_808n'));
    throws(() => value.writeBigUInt64LE(5), { name: 'TypeError' });
    equal(value.writeUInt8('a'), 1);
});

test('write clips and counts', () => {
    const value = Buffer.alloc(6);
    equal(value.write('abc', 4), 2);
    equal(value.write('€€€'), 6);
    equal(value.write('a€', 0, 3), 1);
    equal(value.write('ff0', 'hex'), 1);
    equal(value.write('é', 1, 'latin1'), 1);
    equal(value.write('YWJj', 0, 2, 'base64'), 2);
    throws(() => value.write(5), { code: 'ERR_INVALID_ARG_TYPE', message: 'argument must be a string' });
    throws(() => value.write('a', 7), { message: 'The value of "offset" is out of range. It must be >= 0 && <= 6. Received 7' });
    throws(() => value.write('a', 0, 1, 'nope'), { code: 'ERR_UNKNOWN_ENCODING' });
    equal(value.utf8Write('é', 0, 1), 0);
    equal(value.latin1Slice(0, 2).length, 2);
    throws(() => value.utf8Slice(0, 99), { code: 'ERR_OUT_OF_RANGE', message: 'Index out of range' });
});

test('slices share memory', () => {
    const value = Buffer.from('abcdef');
    equal(value.subarray(1, -1).toString(), 'bcde');
    equal(value.slice(-2).toString(), 'ef');
    equal(value.slice(4, 2).length, 0);
    value.subarray(2, 3)[0] = 0x21;
    equal(value.toString(), 'ab!def');
    ok(value.subarray() instanceof Buffer);
    ok(value.map((byte) => byte + 1) instanceof Buffer);
    equal(value.parent, value.buffer);
    equal(value.offset, value.byteOffset);
});

test('copy clips, overlaps and checks', () => {
    const value = Buffer.from('abcdef');
    const target = Buffer.alloc(4, 0x2e);
    equal(value.copy(target, 1, 2), 3);
    equal(target.toString(), '.cde');
    equal(value.copy(target, 9), 0);
    equal(value.copy(value, 2), 4);
    equal(value.toString(), 'ababcd');
    throws(() => value.copy(target, -1), { message: 'The value of "targetStart" is out of range. It must be >= 0. Received -1' });
    throws(() => value.copy(target, 0, 7), { message: /"sourceStart" is out of range. It must be >= 0 && <= 6/ });
    throws(() => value.copy(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('fill repeats', () => {
    equal(Buffer.alloc(5).fill('ab').toString(), 'ababa');
    equal(hex(Buffer.alloc(4).fill('é')), 'c3a9c3a9');
    equal(hex(Buffer.alloc(4).fill('abcz', 'hex')), 'abababab');
    equal(hex(Buffer.alloc(4).fill(0x1ff, 1, 3)), '00ffff00');
    equal(hex(Buffer.alloc(4).fill(Buffer.from([1, 2, 3]))), '01020301');
    equal(hex(Buffer.alloc(2, 1).fill('')), '0000');
    throws(() => Buffer.alloc(4).fill('a', 0, 5), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => Buffer.alloc(4).fill('a', 'nope'), { code: 'ERR_UNKNOWN_ENCODING' });
});

test('searching for bytes, strings and buffers, from either end', () => {
    const value = Buffer.from('this is a buffer is');
    equal(value.indexOf('is'), 2);
    equal(value.indexOf('is', 3), 5);
    equal(value.indexOf('is', -2), 17);
    equal(value.lastIndexOf('is'), 17);
    equal(value.lastIndexOf('is', 16), 5);
    equal(value.lastIndexOf('is', undefined), 17);
    equal(value.lastIndexOf('is', null), -1);
    equal(value.indexOf(Buffer.from('buffer')), 10);
    equal(value.indexOf(0x161), 8);
    equal(value.indexOf(''), 0);
    equal(value.indexOf('', 99), 19);
    equal(value.lastIndexOf(''), 19);
    equal(value.indexOf('6275', 'hex'), 10);
    ok(value.includes('buffer') && !value.includes('buffers'));
    equal(Buffer.from('ab', 'ucs2').indexOf('b', 0, 'ucs2'), 2);
    equal(Buffer.from([0, 0x61, 0, 0x62]).indexOf('a', 0, 'ucs2'), -1);
    throws(() => value.indexOf({}), {
        message: 'The "value" argument must be one of type number or string or an instance of Buffer or Uint8Array. ' +
            'Received an instance of Object',
    });
    throws(() => value.indexOf('a', 0, 'nope'), { code: 'ERR_UNKNOWN_ENCODING' });
});

test('swapping bytes', () => {
    const value = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
    equal(hex(value.swap16()), '0201040306050807');
    equal(hex(value.swap32()), '0304010207080506');
    equal(hex(value.swap64()), '0605080702010403');
    throws(() => Buffer.alloc(3).swap16(), {
        name: 'RangeError', code: 'ERR_INVALID_BUFFER_SIZE', message: 'Buffer size must be a multiple of 16-bits',
    });
});

test('printing', () => {
    equal(inspect(Buffer.from('abc')), '<Buffer 61 62 63>');
    equal(inspect([Buffer.alloc(1)]), '[ <Buffer 00> ]');
    equal(inspect(Buffer.alloc(52)).slice(-23), '00 00 ... 2 more bytes>');
    const value = Buffer.alloc(2);
    value.extra = 'x';
    equal(inspect(value), '<Buffer 00 00, extra: \'x\'>');
    equal(JSON.stringify(Buffer.from('a')), '{"type":"Buffer","data":[97]}');
    deepEqual([...Buffer.from('ab').entries()], [[0, 97], [1, 98]]);
});

test('the old constructors', () => {
    equal(hex(Buffer(2)), '0000');
    equal(new Buffer('a').toString(), 'a');
    throws(() => Buffer(5, 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(Buffer.name + Buffer.length, 'Buffer3');
    ok(Object.getPrototypeOf(Buffer) === Uint8Array && Buffer.prototype.constructor === Buffer);
    equal(hex(Buffer.of(1, 257)), '0101');
    equal(hex(Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1)), '0200');
});

test('limits, transcode, isUtf8, isAscii', () => {
    equal(constants.MAX_LENGTH, kMaxLength);
    ok(constants.MAX_STRING_LENGTH >= 536870888);
    equal(hex(transcode(Buffer.from('€é'), 'utf8', 'latin1')), '3fe9');
    equal(hex(transcode(Buffer.from('€'), 'utf8', 'utf16le')), 'ac20');
    equal(hex(transcode(Buffer.from('😀'), 'utf8', 'ascii')), '3f');
    throws(() => transcode(Buffer.from('a'), 'utf8', 'hex'), { code: 'U_ILLEGAL_ARGUMENT_ERROR' });
    deepEqual([[0x61], [0xc3, 0xa9], [0xc3], [0xed, 0xa0, 0x80]].map((list) => isUtf8(Buffer.from(list))),
        [true, true, false, false]);
    deepEqual([isAscii(Buffer.from('a')), isAscii(Buffer.from('é')), isAscii(new ArrayBuffer(2))], [true, false, true]);
    throws(() => isUtf8('a'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('blobs hold bytes and give copies', async () => {
    const blob = new Blob(['aé', new Uint8Array([0x62, 0x63]), new Blob(['d'])], { type: 'Text/Plain' });
    equal(blob.size, 6);
    equal(blob.type, 'text/plain');
    equal(await blob.text(), 'aébcd');
    const first = await blob.arrayBuffer();
    new Uint8Array(first).fill(0);
    equal(await blob.text(), 'aébcd');
    const part = blob.slice(-3, -1, 'x/y');
    equal(await part.text(), 'bc');
    equal(part.type, 'x/y');
    equal(await new Blob(['a\r\nb'], { endings: 'native' }).text(), 'a\nb');
    equal(inspect(part), 'Blob { size: 2, type: \'x/y\' }');
    throws(() => new Blob('a'), { message: /^The "sources" argument must be a sequence/ });
    throws(() => new Blob([], { endings: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
    await rejects(Blob.prototype.text.call({}), { code: 'ERR_INVALID_THIS' });
});

test('files are blobs with a name', () => {
    const file = new File(['ab'], 'name.txt', { type: 'x/y', lastModified: 5 });
    ok(file instanceof Blob);
    deepEqual([file.name, file.lastModified, file.size, file.type], ['name.txt', 5, 2, 'x/y']);
    equal(inspect(file), 'File { size: 2, type: \'x/y\', name: \'name.txt\', lastModified: 5 }');
    throws(() => new File([]), { code: 'ERR_MISSING_ARGS' });
});

test('a guest that patches prototypes does not break buffers', () => {
    const { iterator } = Symbol;
    const original = Array.prototype[iterator];
    const { push, indexOf } = Array.prototype;
    const patched = () => { throw new Error('patched'); };
    let results;
    try {
        Array.prototype[iterator] = patched;
        Array.prototype.push = patched;
        Array.prototype.indexOf = patched;
        Uint8Array.prototype.set = patched;
        Uint8Array.prototype.fill = patched;
        Uint8Array.prototype.subarray = patched;
        const value = Buffer.concat([Buffer.from('ab'.repeat(100)), Buffer.alloc(3, 'xy')]);
        results = [value.length, value.indexOf('xyx'), value.toString('base64', 200), value.equals(Buffer.from(value))];
    } finally {
        Array.prototype[iterator] = original;
        Array.prototype.push = push;
        Array.prototype.indexOf = indexOf;
        delete Uint8Array.prototype.set;
        delete Uint8Array.prototype.fill;
        delete Uint8Array.prototype.subarray;
    }
    deepEqual(results, [203, 200, 'eHl4', true]);
});
