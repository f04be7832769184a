'use strict';

const querystring = require('querystring');
const { deepEqual, equal, test, throws } = require('./support/harness.cjs');

test('parse reads pairs', () => {
    const rows = [
        ['', {}], ['a=1', { a: '1' }], ['a=1&b=2', { a: '1', b: '2' }], ['a=1&a=2&a=3', { a: ['1', '2', '3'] }], ['a', { a: '' }],
        ['a=', { a: '' }], ['=a', { '': 'a' }], ['&&a=1&&', { a: '1' }], ['a=b=c', { a: 'b=c' }], ['a+b=c+d', { 'a b': 'c d' }],
        ['%20=%2B', { ' ': '+' }], ['a=%e4%bd%a0', { a: '你' }], ['a=%zz', { a: '%zz' }], ['a=%', { a: '%' }],
        ['a=%ff', { a: '\ufffd' }], ['__proto__=1', { ['__proto__']: '1' }], ['hasOwnProperty=x', { hasOwnProperty: 'x' }],
    ];
    for (const [text, expected] of rows) deepEqual({ ...querystring.parse(text) }, { ...expected }, text);
    equal(Object.getPrototypeOf(querystring.parse('a=1')), null);
    deepEqual({ ...querystring.parse(5) }, {});
});

test('parse takes other separators, a limit and a decoder', () => {
    deepEqual({ ...querystring.parse('a:1;b:2', ';', ':') }, { a: '1', b: '2' });
    deepEqual({ ...querystring.parse('a==1&&b==2', '&&', '==') }, { a: '1', b: '2' });
    deepEqual({ ...querystring.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }) }, { a: '1', b: '2' });
    const many = Array.from({ length: 1200 }, (_, i) => `k${i}`).join('&');
    equal(Object.keys(querystring.parse(many)).length, 1000);
    equal(Object.keys(querystring.parse(many, '&', '=', { maxKeys: 0 })).length, 1200);
    deepEqual({ ...querystring.parse('a=1+2', null, null, { decodeURIComponent: (text) => `<${text}>` }) }, { '<a>': '<1%202>' });
    deepEqual({ ...querystring.parse('a=%41', null, null, { decodeURIComponent() { throw new Error('no'); } }) }, { a: 'A' });
});

test('stringify writes pairs', () => {
    const rows = [
        [{}, ''], [{ a: 1 }, 'a=1'], [{ a: 1, b: 'x y' }, 'a=1&b=x%20y'], [{ a: [1, 2] }, 'a=1&a=2'], [{ a: [] }, ''],
        [{ a: true, b: null, c: undefined, d: NaN, e: Infinity, f: 1n, g: {} }, 'a=true&b=&c=&d=&e=&f=1&g='],
        [{ 'ä&=': 'ö' }, '%C3%A4%26%3D=%C3%B6'], [{ a: '' }, 'a='],
        [{ a: "-_.!~*'()" }, "a=-_.!~*'()"], [{ a: [], b: 1 }, 'b=1'],
        [null, ''], ['text', ''], [undefined, ''],
    ];
    for (const [object, expected] of rows) equal(querystring.stringify(object), expected);
    equal(querystring.stringify({ a: 1, b: 2 }, ';', ':'), 'a:1;b:2');
    equal(querystring.stringify({ a: 'x' }, null, null, { encodeURIComponent: (text) => `<${text}>` }), '<a>=<x>');
    throws(() => querystring.stringify({ a: '\ud800' }), { code: 'ERR_INVALID_URI', name: 'URIError' });
});

test('escape and unescape', () => {
    equal(querystring.escape('a b&ü'), 'a%20b%26%C3%BC');
    equal(querystring.escape(5), '5');
    equal(querystring.unescape('a%20b'), 'a b');
    equal(querystring.unescape('%zz%41'), '%zzA');
    equal(querystring.unescapeBuffer('%41%zz').toString(), 'A%zz');
    equal(querystring.encode, querystring.stringify);
    equal(querystring.decode, querystring.parse);
});

test('replaced escape and unescape are used', () => {
    const { escape, unescape } = querystring;
    querystring.escape = (text) => `e(${text})`;
    querystring.unescape = (text) => `u(${text})`;
    try {
        equal(querystring.stringify({ a: 1 }), 'e(a)=e(1)');
        deepEqual({ ...querystring.parse('a=1') }, { 'u(a)': 'u(1)' });
    } finally {
        querystring.escape = escape;
        querystring.unescape = unescape;
    }
});
