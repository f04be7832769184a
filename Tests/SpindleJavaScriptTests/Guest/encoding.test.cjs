'use strict';

const { deepEqual, equal, since, test, throws } = require('./support/harness.cjs');

const bytes = (...list) => new Uint8Array(list);
const utf8 = (...list) => new TextDecoder().decode(bytes(...list));

test('TextEncoder gives UTF-8 and replaces lone surrogates', () => {
    const encoder = new TextEncoder();
    equal(encoder.encoding, 'utf-8');
    deepEqual(encoder.encode('aé€😀'), bytes(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80));
    deepEqual(encoder.encode('\ud800x\udc00'), bytes(0xef, 0xbf, 0xbd, 0x78, 0xef, 0xbf, 0xbd));
    deepEqual(encoder.encode(), bytes());
    deepEqual(encoder.encode(null), bytes(0x6e, 0x75, 0x6c, 0x6c));
    equal(encoder.encode('x').constructor, Uint8Array);
});

test('encodeInto writes whole characters and says how far it came', () => {
    const target = bytes(1, 1, 1, 1, 1);
    deepEqual(new TextEncoder().encodeInto('aé€', target), { read: 2, written: 3 });
    deepEqual(target, bytes(0x61, 0xc3, 0xa9, 1, 1));
    deepEqual(new TextEncoder().encodeInto('😀!', target), { read: 3, written: 5 });
    deepEqual(new TextEncoder().encodeInto('abcdefgh', target), { read: 5, written: 5 });
    throws(() => new TextEncoder().encodeInto(1, target), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new TextEncoder().encodeInto('a', []), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The "dest" argument must be an instance of Uint8Array. Received an instance of Array',
    });
});

test('each maximal part of an ill-formed sequence becomes one replacement', () => {
    equal(utf8(0xff), '\ufffd');
    equal(utf8(0xc0, 0x80), '\ufffd\ufffd');
    equal(utf8(0xe2, 0x82), '\ufffd');
    equal(utf8(0xe2, 0x82, 0x41), '\ufffdA');
    equal(utf8(0xe0, 0x9f, 0x80), '\ufffd\ufffd\ufffd');
    equal(utf8(0xed, 0xa0, 0x80), '\ufffd\ufffd\ufffd');
    equal(utf8(0xf0, 0x9f, 0x98), '\ufffd');
    equal(utf8(0xf4, 0x90, 0x80, 0x80), '\ufffd\ufffd\ufffd\ufffd');
    equal(utf8(0xf0, 0x9f, 0x98, 0x80, 0xf0), '😀\ufffd');
    equal(utf8(0x80, 0x61, 0xbf), '\ufffda\ufffd');
});

test('long texts of every width survive', () => {
    for (const part of ['a', 'é', '€', '😀', 'a😀é', 'plain text, then ünïcödé ']) {
        for (const count of [1, 100, 1023, 1024, 1025, 5000]) {
            const text = part.repeat(count);
            equal(new TextDecoder().decode(new TextEncoder().encode(text)) === text, true, `${part} × ${count}`);
        }
    }
});

test('a stream may be cut anywhere', () => {
    const text = '\ufeffaé€😀 end';
    const encoded = new TextEncoder().encode(text);
    for (let size = 1; size < 6; size++) {
        const decoder = new TextDecoder();
        let result = '';
        for (let i = 0; i < encoded.length; i += size) {
            result += decoder.decode(encoded.subarray(i, i + size), { stream: true });
        }
        equal(result + decoder.decode(), text.slice(1));
    }
    const decoder = new TextDecoder();
    equal(decoder.decode(bytes(0xe2, 0x82), { stream: true }), '');
    equal(decoder.decode(), '\ufffd');
    equal(decoder.decode(bytes(0x41)), 'A');
});

test('the byte order mark is dropped once, or kept', () => {
    equal(utf8(0xef, 0xbb, 0xbf, 0x41, 0xef, 0xbb, 0xbf), 'A\ufeff');
    equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf, 0x41)), '\ufeffA');
    equal(new TextDecoder('utf-16le').decode(bytes(0xff, 0xfe, 0x41, 0)), 'A');
    equal(new TextDecoder('utf-16be').decode(bytes(0xfe, 0xff, 0, 0x41)), 'A');
});

test('a fatal decoder throws and can be used again', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    equal(decoder.fatal, true);
    throws(() => decoder.decode(bytes(0x61, 0xff)), {
        name: 'TypeError',
        code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
        message: 'The encoded data was not valid for encoding utf-8',
    });
    equal(decoder.decode(bytes(0x61)), 'a');
    throws(() => new TextDecoder('utf-16le', { fatal: true }).decode(bytes(0, 0xd8)), TypeError);
    throws(() => new TextDecoder('utf-16le', { fatal: true }).decode(bytes(0)), TypeError);
});

test('UTF-16 of either order', () => {
    equal(new TextDecoder('utf-16le').decode(bytes(0x3d, 0xd8, 0, 0xde, 0x61)), '😀\ufffd');
    equal(new TextDecoder('utf-16be').decode(bytes(0xd8, 0x3d, 0xde, 0)), '😀');
    equal(new TextDecoder('utf-16be').decode(bytes(0, 0x41, 0xd8, 0)), 'A\ufffd');
    const decoder = new TextDecoder('utf-16le');
    equal(decoder.decode(bytes(0x3d), { stream: true }) + decoder.decode(bytes(0xd8, 0), { stream: true }) +
        decoder.decode(bytes(0xde)), '😀');
});

test('labels in any case, with white space around', () => {
    equal(new TextDecoder(' UTF8\n').encoding, 'utf-8');
    equal(new TextDecoder('unicode').encoding, 'utf-16le');
    equal(new TextDecoder('Latin1').encoding, 'windows-1252');
    equal(new TextDecoder('ascii').decode(bytes(0x41, 0xe9)), 'Aé');
    throws(() => new TextDecoder('nope'), {
        name: 'RangeError', code: 'ERR_ENCODING_NOT_SUPPORTED', message: 'The "nope" encoding is not supported',
    });
    throws(() => new TextDecoder('utf-8\xa0'), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
    throws(() => new TextDecoder('utf-8', 5), { code: 'ERR_INVALID_ARG_TYPE' });
});

since('23', 'windows-1252 has its own characters where Latin-1 has controls', () => {
    equal(new TextDecoder('latin1').decode(bytes(0x80, 0x81, 0x99, 0xe9)), '€\x81™é');
});

test('any buffer or view is decoded, nothing else', () => {
    const { buffer } = bytes(0, 0x61, 0x62, 0);
    equal(new TextDecoder().decode(buffer), '\0ab\0');
    equal(new TextDecoder().decode(new DataView(buffer, 1, 2)), 'ab');
    equal(new TextDecoder().decode(new Uint16Array(buffer, 0, 1)), '\0a');
    throws(() => new TextDecoder().decode('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new TextDecoder().decode(null), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('the classes guard their methods', () => {
    throws(() => TextDecoder.prototype.decode.call({}), {
        code: 'ERR_INVALID_THIS', message: 'Value of "this" must be of type TextDecoder',
    });
    throws(() => TextEncoder.prototype.encode.call({}), { code: 'ERR_INVALID_THIS' });
    equal(String(new TextEncoder()), '[object TextEncoder]');
    deepEqual(Object.keys(TextDecoder.prototype).sort(), ['decode', 'encoding', 'fatal', 'ignoreBOM']);
});

test('atob and btoa', () => {
    equal(btoa('hello\xff'), 'aGVsbG//');
    equal(btoa(null), 'bnVsbA==');
    equal(atob(' aGVs\nbG8 '), 'hello');
    equal(atob('YQ'), 'a');
    equal(atob('YQ=='), 'a');
    equal(atob(''), '');
    const wrong = { name: 'InvalidCharacterError', code: 5 };
    throws(() => btoa('€'), { ...wrong, message: 'Invalid character' });
    for (const text of ['YQ=', 'YQ===', 'a-b_', '=', 'YWJj=', 'YQ==YQ==', 'é']) {
        throws(() => atob(text), { ...wrong, message: 'Invalid character' }, text);
    }
    for (const text of ['a', 'abcde', 'a==']) {
        throws(() => atob(text), { ...wrong, message: 'The string to be decoded is not correctly encoded.' }, text);
    }
    throws(() => atob(), { code: 'ERR_MISSING_ARGS' });
});

test('a guest that patches what it can reach changes nothing', () => {
    const { apply } = Reflect;
    const push = Array.prototype.push;
    const { subarray, slice } = Uint8Array.prototype;
    try {
        const patched = () => { throw new Error('patched'); };
        Array.prototype.push = patched;
        Uint8Array.prototype.subarray = patched;
        Uint8Array.prototype.slice = patched;
        Reflect.apply = undefined;
        equal(new TextDecoder().decode(new TextEncoder().encode('aé'.repeat(2000))).length, 4000);
        equal(atob(btoa('abc')), 'abc');
    } finally {
        Array.prototype.push = push;
        delete Uint8Array.prototype.subarray;
        delete Uint8Array.prototype.slice;
        Reflect.apply = apply;
        equal(Uint8Array.prototype.slice, slice);
        equal(Uint8Array.prototype.subarray, subarray);
    }
});
