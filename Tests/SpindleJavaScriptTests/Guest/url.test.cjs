'use strict';

const { deepEqual, equal, ok, test, throws } = require('./support/harness.cjs');
const url = require('url');
const { inspect } = require('util');

const href = (input, base) => new URL(input, base).href;

test('the parts of a URL', () => {
    const parts = new URL('https://user:pw@sub.example.com:8080/a/b/../c;d?x=1&y=%20#frag');
    deepEqual(Object.fromEntries([
        'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash',
    ].map((name) => [name, parts[name]])), {
        href: 'https://user:pw@sub.example.com:8080/a/c;d?x=1&y=%20#frag',
        origin: 'https://sub.example.com:8080',
        protocol: 'https:',
        username: 'user',
        password: 'pw',
        host: 'sub.example.com:8080',
        hostname: 'sub.example.com',
        port: '8080',
        pathname: '/a/c;d',
        search: '?x=1&y=%20',
        hash: '#frag',
    });
    equal(JSON.stringify({ u: new URL('a:b') }), '{"u":"a:b"}');
    equal(String(new URL('HTTP://A')), 'http://a/');
});

test('what parses to what', () => {
    const cases = [
        ['  http://a\tb\n/ ', undefined, 'http://ab/'],
        ['http:\\\\a\\b', undefined, 'http://a/b'],
        ['http:a', undefined, 'http://a/'],
        ['http:a', 'http://h/x/y', 'http://h/x/a'],
        ['https:a', 'http://h/x/y', 'https://a/'],
        ['//b/c', 'http://h/x', 'http://b/c'],
        ['../../../z', 'http://h/a/b/c', 'http://h/z'],
        ['./', 'http://h/a/b', 'http://h/a/'],
        ['%2e%2E/z', 'http://h/a/b', 'http://h/z'],
        ['?q', 'http://h/a?b#c', 'http://h/a?q'],
        ['#f', 'http://h/a?b#c', 'http://h/a?b#f'],
        ['', 'http://h/a?b#c', 'http://h/a?b'],
        ['#f', 'mailto:x', 'mailto:x#f'],
        ['http://a:80/', undefined, 'http://a/'],
        ['https://a:80/', undefined, 'https://a:80/'],
        ['http://a:00443', undefined, 'http://a:443/'],
        ['http://u@p@a/', undefined, 'http://u%40p@a/'],
        ['http://:p@a/', undefined, 'http://:p@a/'],
        ['http://a/ "<>`{}é', undefined, 'http://a/%20%22%3C%3E%60%7B%7D%C3%A9'],
        ['http://a?\'"<>`', undefined, 'http://a/?%27%22%3C%3E`'],
        ['x:?\'"', undefined, 'x:?\'%22'],
        ['http://a#"<>`\'', undefined, 'http://a/#%22%3C%3E%60\''],
        ['data:a b,<é>', undefined, 'data:a b,<%C3%A9>'],
        ['foo://H:0/x', undefined, 'foo://H:0/x'],
        ['foo:/a/../b', undefined, 'foo:/b'],
        ['foo:/..//p', undefined, 'foo:/.//p'],
        ['foo://', undefined, 'foo://'],
        ['file:///a/b', undefined, 'file:///a/b'],
        ['file:c:\\x\\..\\y', undefined, 'file:///c:/y'],
        ['/x', 'file:///C:/a', 'file:///C:/x'],
        ['file://localhost/a', undefined, 'file:///a'],
        ['file://h/a', undefined, 'file://h/a'],
        ['C|/x', 'file:///a/b', 'file:///C:/x'],
        ['\ud800', 'http://h', 'http://h/%EF%BF%BD'],
    ];
    for (const [input, base, expected] of cases) equal(href(input, base), expected, JSON.stringify(input));
});

test('hosts: addresses, names, what is forbidden', () => {
    const cases = {
        '127.1': '127.0.0.1', '0x7f.1': '127.0.0.1', '017700000001': '127.0.0.1', '1.2.3.4.': '1.2.3.4', '256': '0.0.1.0',
        '[::1]': '[::1]', '[1:0:0:2:0:0:0:3]': '[1:0:0:2::3]', '[::127.0.0.1]': '[::7f00:1]',
        '[1:2:3:4:5:6:7::]': '[1:2:3:4:5:6:7:0]', 'EXAMPLE.Com': 'example.com', 'a%2eb': 'a.b', 'faß.de': 'xn--fa-hia.de',
        'BÜCHER.de': 'xn--bcher-kva.de', '日本。jp': 'xn--wgv71a.jp',
        'ｅｘ.com': 'ex.com', 'a\xadb': 'ab', 'xn--fa-hia.de': 'xn--fa-hia.de', '!$&\'()*+,-;=_~"`{}': '!$&\'()*+,-;=_~"`{}',
        'Σ.gr': 'xn--4xa.gr', 'x..y': 'x..y',
    };
    for (const host in cases) equal(new URL(`http://${host}/`).hostname, cases[host], host);
    for (const host of [
        '', 'a b', 'a<b', 'a^b', 'a|b', 'a%00b', '%', '256.1.1.1', '1.2.3.4.5', '1.2.3.08', '0x100000000', '[::1', '[1:2]',
        '[::1]x', '[1::2::3]', '[::1.2.3]', '[::01.2.3.4]', '[12345::]', 'a:b', 'a:65536', 'xn--a', '\u0301a', 'a\ufffd', '\xad',
    ]) {
        equal(URL.canParse(`http://${host}/`), false, host);
    }
    equal(href('foo://a%41b'), 'foo://a%41b');
    ok(!URL.canParse('foo://a b'));
});

test('origins', () => {
    equal(new URL('file:///a').origin, 'null');
    equal(new URL('foo://a').origin, 'null');
    equal(new URL('blob:https://a:81/x').origin, 'https://a:81');
    equal(new URL('blob:x').origin, 'null');
});

test('errors say what and relative to what', () => {
    const error = throws(() => new URL('/x', 'y'), { name: 'TypeError', code: 'ERR_INVALID_URL', message: 'Invalid URL' });
    deepEqual([error.input, error.base], ['/x', 'y']);
    ok(!('base' in throws(() => new URL('x'), { input: 'x' })));
    throws(() => new URL(), { code: 'ERR_MISSING_ARGS', message: 'The "url" argument must be specified' });
    throws(() => URL('x'), TypeError);
    equal(URL.canParse('x', 'http://a'), true);
    equal(URL.parse('x'), null);
    equal(URL.parse('x', 'http://a').href, 'http://a/x');
});

test('setting parts', () => {
    const set = (start, name, value) => {
        const changed = new URL(start);
        changed[name] = value;
        return changed.href;
    };
    equal(set('http://a/b', 'protocol', 'https'), 'https://a/b');
    equal(set('http://a/b', 'protocol', 'foo'), 'http://a/b');
    equal(set('http://a:443/', 'protocol', 'https:x'), 'https://a/');
    equal(set('http://a/b', 'host', 'c:81'), 'http://c:81/b');
    equal(set('http://a:80/b', 'host', 'c/d'), 'http://c/b');
    equal(set('http://a:81/b', 'hostname', 'c:82'), 'http://a:81/b');
    equal(set('http://a:81/b', 'hostname', 'ü'), 'http://xn--tda:81/b');
    equal(set('http://a/b', 'host', ''), 'http://a/b');
    equal(set('http://a/b', 'port', '82x'), 'http://a:82/b');
    equal(set('http://a:81/b', 'port', ''), 'http://a/b');
    equal(set('http://a:81/b', 'port', '70000'), 'http://a:81/b');
    equal(set('http://a/b', 'pathname', 'c?d#e/../f'), 'http://a/f');
    equal(set('x:opaque', 'pathname', 'y'), 'x:opaque');
    equal(set('http://a/b', 'search', 'c#d'), 'http://a/b?c%23d');
    equal(set('http://a/b?c', 'search', ''), 'http://a/b');
    equal(set('http://a/b', 'search', '?'), 'http://a/b?');
    equal(set('http://a/b', 'hash', '#x y'), 'http://a/b#x%20y');
    equal(set('http://a/b', 'username', 'a:b@c'), 'http://a%3Ab%40c@a/b');
    equal(set('file:///b', 'username', 'x'), 'file:///b');
    equal(set('http://a/b', 'href', 'foo:bar'), 'foo:bar');
    throws(() => set('http://a/b', 'href', 'nope'), { code: 'ERR_INVALID_URL', input: 'nope' });
});

test('search parameters and the URL follow each other', () => {
    const address = new URL('http://a/?x=1&y=2');
    const { searchParams } = address;
    searchParams.delete('x');
    searchParams.append('z', 'q r');
    equal(address.href, 'http://a/?y=2&z=q+r');
    address.search = '?n=1';
    equal(searchParams.get('n'), '1');
    equal(address.searchParams, searchParams);
    searchParams.delete('n');
    equal(address.href, 'http://a/');
});

test('URLSearchParams from everything it takes', () => {
    const text = (init) => String(new URLSearchParams(init));
    equal(text('?a=1&b=%20+&c&&=d'), 'a=1&b=++&c=&=d');
    equal(text('%zz=%C3%A9%ff'), '%25zz=%C3%A9%EF%BF%BD');
    equal(text([['a', 1], ['b', null]]), 'a=1&b=null');
    equal(text(new Map([['x', 'y']])), 'x=y');
    equal(text({ a: 1, b: [2, 3] }), 'a=1&b=2%2C3');
    equal(text(new URLSearchParams('q=1')), 'q=1');
    equal(text(null) + text(undefined), '');
    equal(text({ 'é ~*-._': '!\'()' }), '%C3%A9+%7E*-._=%21%27%28%29');
    throws(() => text([['a']]), {
        code: 'ERR_INVALID_TUPLE', message: 'Each query pair must be an iterable [name, value] tuple',
    });
    throws(() => text({ [Symbol.iterator]: 5 }), { code: 'ERR_ARG_NOT_ITERABLE', message: 'Query pairs must be iterable' });
});

test('URLSearchParams: its methods', () => {
    const params = new URLSearchParams('b=3&a=1&a=2');
    deepEqual([params.get('a'), params.get('z'), params.size], ['1', null, 3]);
    deepEqual(params.getAll('a'), ['1', '2']);
    ok(params.has('a', '2') && !params.has('a', '3'));
    params.set('b', 'x');
    params.append('c', 'y');
    params.delete('a', '1');
    deepEqual([...params], [['b', 'x'], ['a', '2'], ['c', 'y']]);
    params.sort();
    deepEqual([...params.keys()], ['a', 'b', 'c']);
    deepEqual([...params.values()], ['2', 'x', 'y']);
    const seen = [];
    params.forEach(function (value, name, whole) { seen.push(name + value + (whole === params) + this.t); }, { t: '!' });
    deepEqual(seen, ['a2true!', 'bxtrue!', 'cytrue!']);
    equal(Object.prototype.toString.call(params.keys()), '[object URLSearchParams Iterator]');
    throws(() => params.append('a'), {
        code: 'ERR_MISSING_ARGS', message: 'The "name" and "value" arguments must be specified',
    });
    throws(() => URLSearchParams.prototype.get.call({}, 'a'), { code: 'ERR_INVALID_THIS' });
    equal(params[Symbol.iterator], params.entries);
});

test('how URLs print', () => {
    equal(inspect(new URLSearchParams('a=1&b=2')), 'URLSearchParams { \'a\' => \'1\', \'b\' => \'2\' }');
    equal(inspect(new URLSearchParams()), 'URLSearchParams {}');
    equal(inspect(new URLSearchParams('a=1').entries()), 'URLSearchParams Iterator { [ \'a\', \'1\' ] }');
    equal(inspect(new URL('http://u@h.com:81/a?b=1#c')), `URL {
  href: 'http://u@h.com:81/a?b=1#c',
  origin: 'http://h.com:81',
  protocol: 'http:',
  username: 'u',
  password: '',
  host: 'h.com:81',
  hostname: 'h.com',
  port: '81',
  pathname: '/a',
  search: '?b=1',
  searchParams: URLSearchParams { 'b' => '1' },
  hash: '#c'
}`);
});

test('files and URLs', () => {
    const { fileURLToPath, pathToFileURL } = url;
    equal(fileURLToPath('file:///a/b%20c%C3%A9'), '/a/b cé');
    equal(fileURLToPath(new URL('file:///x')), '/x');
    throws(() => fileURLToPath('http://a'), { code: 'ERR_INVALID_URL_SCHEME', message: 'The URL must be of scheme file' });
    throws(() => fileURLToPath('file://host/a'), {
        code: 'ERR_INVALID_FILE_URL_HOST', message: 'File URL host must be "localhost" or empty on linux',
    });
    throws(() => fileURLToPath('file:///a%2Fb'), {
        code: 'ERR_INVALID_FILE_URL_PATH', message: 'File URL path must not include encoded / characters',
    });
    throws(() => fileURLToPath(5), {
        message: 'The "path" argument must be of type string or an instance of URL. Received type number (5)',
    });
    equal(pathToFileURL('/a b/c#d?e%f\\g\nh').href, 'file:///a%20b/c%23d%3Fe%25f%5Cg%0Ah');
    equal(pathToFileURL('/a/').href, 'file:///a/');
    for (const path of ['/é日/x', '/a"<>^`{}|~[]', '/%41', '/']) equal(fileURLToPath(pathToFileURL(path)), path);
});

test('options for requests, domains, formatting', () => {
    const options = url.urlToHttpOptions(new URL('https://a%20b:c@[::1]:81/x?y#z'));
    deepEqual([options.protocol, options.hostname, options.path, options.port, options.auth],
        ['https:', '::1', '/x?y', 81, 'a b:c']);
    equal(url.domainToASCII('español.com'), 'xn--espaol-zwa.com');
    equal(url.domainToASCII('a b'), '');
    equal(url.domainToUnicode('xn--fiq228c.com'), '中文.com');
    const address = new URL('http://u:p@xn--fiq228c.com:81/a?b#c');
    equal(url.format(address, { unicode: true, auth: false, fragment: false, search: false }), 'http://中文.com:81/a');
    equal(url.format(address), address.href);
});

test('the older parser', () => {
    const parts = url.parse('http://User:p%20w@Host.com:8080/p/a?x=1&x=2#h', true);
    deepEqual([parts.auth, parts.host, parts.port, parts.hostname, parts.pathname, parts.search, parts.hash, parts.slashes],
        ['User:p w', 'host.com:8080', '8080', 'host.com', '/p/a', '?x=1&x=2', '#h', true]);
    deepEqual({ ...parts.query }, { x: ['1', '2'] });
    equal(parts.href, 'http://User:p%20w@host.com:8080/p/a?x=1&x=2#h');
    equal(url.parse('/a?b').path, '/a?b');
    equal(url.parse('//h/p', false, true).host, 'h');
    equal(url.parse('mailto:a@b.c').href, 'mailto:a@b.c');
    equal(url.parse('javascript:alert(\'x y\')').pathname, 'alert(\'x y\')');
    equal(url.parse('http://a.com/{x} y').href, 'http://a.com/%7Bx%7D%20y');
    equal(url.parse(' http:\\\\a\\b?c\\d ').href, 'http://a/b?c%5Cd');
    equal(url.parse('http://[::1]:80/').hostname, '::1');
    throws(() => url.parse(5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => url.parse('http://xn--iñvalid.com/'), { code: 'ERR_INVALID_URL' });
});

test('the older resolver and formatter', () => {
    const cases = [
        ['/one/two/three', 'four', '/one/two/four'],
        ['http://example.com/', '/one', 'http://example.com/one'],
        ['http://example.com/one', '../two', 'http://example.com/two'],
        ['http://a/b/c/d?q', '?y', 'http://a/b/c/d?y'],
        ['http://a/b/c', '//d/e', 'http://d/e'],
        ['http://a/b', 'https:/c/d', 'https://c/d'],
        ['http://u:p@a/b', 'c', 'http://u:p@a/c'],
        ['http://a/b/c', './..', 'http://a/'],
        ['a/b', '../../../c', '../../c'],
        ['mailto:a@b', 'c@d', 'mailto:c@d'],
        ['http://a/b#c', '', 'http://a/b'],
        ['file:///a/b', 'c', 'file:///a/c'],
    ];
    for (const [from, to, expected] of cases) equal(url.resolve(from, to), expected, `${from} ${to}`);
    equal(url.format({
        protocol: 'http', hostname: 'h', port: 80, pathname: 'a?b#c', query: { x: [1, 2] }, hash: 'z', auth: 'a:b@c',
    }), 'http://a:b%40c@h:80/a%3Fb%23c?x=1&x=2#z');
    equal(url.format({ slashes: true, hostname: '::1' }), '//[::1]');
    equal(url.format({ protocol: 'file:', pathname: '/x' }), 'file:///x');
    equal(url.format({}), '');
    throws(() => url.format(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('polluted prototypes change no URL', () => {
    const { iterator } = Symbol;
    const original = Array.prototype[iterator];
    let results;
    const pollution = { auth: false, fragment: false, search: false, host: 'evil', unicode: true };
    try {
        Object.assign(Object.prototype, pollution);
        Array.prototype[iterator] = () => { throw new Error('patched'); };
        const address = new URL('../c?d=e', 'https://u:p@xn--fiq228c.com/a/b/#f');
        address.hash = 'g';
        results = [
            address.href, address.searchParams.get('d'), new URL('http://[::1.2.3.4]/').host, url.resolve('http://a/b/c', '../d'),
        ];
    } finally {
        Array.prototype[iterator] = original;
        for (const name in pollution) delete Object.prototype[name];
    }
    deepEqual(results, ['https://u:p@xn--fiq228c.com/a/c?d=e#g', 'e', '[::102:304]', 'http://a/d']);
});
