'use strict';

const { deepEqual, equal, test, throws } = require('./support/harness.cjs');
const { StringDecoder } = require('string_decoder');

test('characters are held until they are whole', () => {
    const decoder = new StringDecoder();
    equal(decoder.write(Buffer.from([0xe2])), '');
    deepEqual([decoder.lastNeed, decoder.lastTotal], [2, 3]);
    equal(decoder.write(Buffer.from([0x82])), '');
    equal(decoder.write(Buffer.from([0xac, 0x61])), '€a');
    deepEqual([decoder.lastNeed, decoder.lastTotal], [0, 0]);
});

test('every cut of a text gives the same', () => {
    const text = 'aé€😀 日本 z';
    for (const encoding of ['utf8', 'utf16le', 'latin1', 'hex', 'base64', 'base64url']) {
        const whole = Buffer.from(text, encoding === 'utf16le' ? encoding : 'utf8');
        for (let size = 1; size < 7; size++) {
            const decoder = new StringDecoder(encoding);
            let result = '';
            for (let i = 0; i < whole.length; i += size) result += decoder.write(whole.subarray(i, i + size));
            equal(result + decoder.end(), whole.toString(encoding), `${encoding} ${size}`);
        }
    }
});

test('the end replaces what never became whole, and begins anew', () => {
    const decoder = new StringDecoder('utf8');
    equal(decoder.write(Buffer.from([0x61, 0xf0, 0x9f])), 'a');
    equal(decoder.end(), '\ufffd');
    equal(decoder.end(Buffer.from('b')), 'b');
    equal(new StringDecoder('utf16le').end(Buffer.from([0x61, 0, 0x62])), 'a');
});

test('a broken sequence does not swallow what follows', () => {
    const decoder = new StringDecoder();
    equal(decoder.write(Buffer.from([0xe2, 0x82])), '');
    equal(decoder.write(Buffer.from([0x41])), '\ufffdA');
});

test('a surrogate waits for its partner', () => {
    const decoder = new StringDecoder('ucs2');
    equal(decoder.encoding, 'utf16le');
    equal(decoder.write(Buffer.from([0x3d, 0xd8])), '');
    deepEqual([decoder.lastNeed, decoder.lastTotal], [2, 4]);
    equal(decoder.write(Buffer.from([0, 0xde])), '😀');
});

test('other views, and what is no bytes', () => {
    const decoder = new StringDecoder();
    equal(decoder.write(new DataView(new Uint8Array([0x61]).buffer)), 'a');
    equal(decoder.write('text'), 'text');
    throws(() => decoder.write(5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new StringDecoder('nope'), { code: 'ERR_UNKNOWN_ENCODING', message: 'Unknown encoding: nope' });
});
