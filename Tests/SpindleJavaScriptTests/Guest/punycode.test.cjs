'use strict';

const { deepEqual, equal, test, throws } = require('./support/harness.cjs');
// The slash would find a package of that name: this is the built-in.
const punycode = require('node:punycode');

const samples = {
    'mañana': 'maana-pta',
    '☃-⌘': '--dqo34k',
    'bücher': 'bcher-kva',
    'ü': 'tda',
    '\u3042\u3044': 'l8je',
    '😀': 'e28h',
    'plain': 'plain-',
    '他们为什么不说中文': 'ihqwcrb4cv8a8dqg056pqjye',
};

test('texts go there and back', () => {
    for (const text in samples) {
        equal(punycode.encode(text), samples[text]);
        equal(punycode.decode(samples[text]), text);
    }
});

test('domains and mail addresses by label', () => {
    equal(punycode.toASCII('mañana.com'), 'xn--maana-pta.com');
    equal(punycode.toUnicode('xn--maana-pta.com'), 'mañana.com');
    equal(punycode.toASCII('džumbo@джумла.com'), 'džumbo@xn--80ahgue5b.com');
    equal(punycode.toASCII('a。ü'), 'a.xn--tda');
});

test('code points', () => {
    deepEqual(punycode.ucs2.decode('a😀\ud800'), [0x61, 0x1f600, 0xd800]);
    equal(punycode.ucs2.encode([0x61, 0x1f600]), 'a😀');
});

test('what is no Punycode', () => {
    throws(() => punycode.decode('!!'), { name: 'RangeError', message: 'Invalid input' });
    throws(() => punycode.decode('é-a'), {
        name: 'RangeError', message: 'Illegal input >= 0x80 (not a basic code point)',
    });
    throws(() => punycode.decode('99999999'), RangeError);
});
