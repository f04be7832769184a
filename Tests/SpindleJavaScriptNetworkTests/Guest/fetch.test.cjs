'use strict';

const { deepEqual, equal, match, ok, rejects, test, throws } = require(
    '../../SpindleJavaScriptTests/Guest/support/harness.cjs');
const http = require('http');
const { once } = require('events');
const { listen } = require('./support/servers.cjs');

async function serving(body) {
    const server = http.createServer((req, res) => {
        const { pathname, searchParams } = new URL(req.url, 'http://a');
        switch (pathname) {
            case '/echo':
                res.setHeader('Content-Type', req.headers['content-type'] ?? 'none');
                req.pipe(res);
                break;
            case '/to':
                res.writeHead(+searchParams.get('status'), { Location: searchParams.get('where') });
                res.end('moved');
                break;
            case '/never': break;
            case '/breaks':
                res.writeHead(200, { 'Content-Length': 10 });
                res.write('part');
                setTimeout(() => res.destroy(), 10);
                break;
            case '/missing':
                res.statusCode = 404;
                res.end('nothing');
                break;
            default:
                res.setHeader('Set-Cookie', ['a=1', 'b=2']);
                res.setHeader('X-Many', ['one', 'two']);
                res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers }));
        }
    });
    const port = await listen(server);
    await body(`http://127.0.0.1:${port}`, server);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
}

test('fetch gets what is there', async () => {
    await serving(async (base) => {
        const response = await fetch(`${base}/path?q=1#part`, { headers: { 'X-Own': 'yes' } });
        equal(response.status, 200);
        equal(response.ok, true);
        equal(response.statusText, 'OK');
        equal(response.redirected, false);
        equal(response.url, `${base}/path?q=1`);
        equal(response.headers.get('x-many'), 'one, two');
        deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
        equal(response.bodyUsed, false);
        const { method, url, headers } = await response.json();
        equal(response.bodyUsed, true);
        equal(method, 'GET');
        equal(url, '/path?q=1');
        equal(headers['x-own'], 'yes');
        equal(headers.accept, '*/*');
        await rejects(response.text(), { name: 'TypeError' });
        const missing = await fetch(`${base}/missing`);
        equal(missing.ok, false);
        equal(await missing.text(), 'nothing');
        throws(() => missing.headers.set('a', 'b'), { name: 'TypeError' });
    });
});

test('every kind of body is sent', async () => {
    await serving(async (base) => {
        const echo = (body, options) => fetch(`${base}/echo`, { method: 'POST', body, ...options });
        const text = await echo('grüße');
        equal(text.headers.get('content-type'), 'text/plain;charset=UTF-8');
        equal(await text.text(), 'grüße');
        equal((await (await echo(new Uint8Array([1, 2, 255]))).arrayBuffer()).byteLength, 3);
        const form = await echo(new URLSearchParams({ a: 'b c' }));
        equal(form.headers.get('content-type'), 'application/x-www-form-urlencoded;charset=UTF-8');
        equal((await form.formData()).get('a'), 'b c');
        const blob = await echo(new Blob(['blob'], { type: 'x/y' }));
        equal(blob.headers.get('content-type'), 'x/y');
        equal(await (await blob.blob()).text(), 'blob');
        const data = new FormData();
        data.append('field', 'wert ü');
        data.append('field', 'zwei');
        data.append('file', new Blob(['content'], { type: 'a/b' }), 'name.txt');
        const back = await (await echo(data)).formData();
        deepEqual(back.getAll('field'), ['wert ü', 'zwei']);
        equal(back.get('file').name, 'name.txt');
        equal(back.get('file').type, 'a/b');
        equal(await back.get('file').text(), 'content');
        async function* pieces() {
            yield Buffer.from('one ');
            yield Buffer.from('two');
        }
        equal(await (await echo(pieces(), { duplex: 'half' })).text(), 'one two');
        const long = 'x'.repeat(1_000_000);
        equal((await (await echo(long)).text()).length, long.length);
    });
});

test('redirects are followed, or not', async () => {
    await serving(async (base) => {
        const to = (status, where, options) => fetch(`${base}/to?status=${status}&where=${encodeURIComponent(where)}`, options);
        const followed = await to(302, '/here');
        equal(followed.redirected, true);
        equal(followed.url, `${base}/here`);
        equal((await followed.json()).url, '/here');
        const posted = await (await to(303, '/x', { method: 'POST', body: 'b' })).json();
        equal(posted.method, 'GET');
        equal(posted.headers['content-length'], undefined);
        const kept = await to(307, '/echo', { method: 'POST', body: 'again' });
        equal(await kept.text(), 'again');
        const manual = await to(302, '/here', { redirect: 'manual' });
        equal(manual.status, 302);
        await rejects(to(302, '/here', { redirect: 'error' }), { name: 'TypeError', message: 'fetch failed' });
        const loop = `${base}/to?status=302&where=`;
        let where = '/end';
        for (let i = 0; i < 22; i++) where = `/to?status=302&where=${encodeURIComponent(where)}`;
        const error = await rejects(fetch(loop + encodeURIComponent(where)));
        equal(error.cause.message, 'redirect count exceeded');
        await rejects(to(302, 'ftp://a/'), { name: 'TypeError' });
    });
});

test('failures and aborts are told apart', async () => {
    let gone;
    await serving(async (base) => { gone = base; });
    await serving(async (base) => {
        const refused = await rejects(fetch(gone));
        equal(refused.name, 'TypeError');
        equal(refused.message, 'fetch failed');
        equal(refused.cause.code, 'ECONNREFUSED');
        const wrong = await rejects(fetch('nonsense'));
        equal(wrong.message, 'Failed to parse URL from nonsense');
        equal(wrong.cause.code, 'ERR_INVALID_URL');
        const controller = new AbortController();
        const aborted = rejects(fetch(`${base}/never`, { signal: controller.signal }));
        setTimeout(() => controller.abort(), 10);
        equal((await aborted).name, 'AbortError');
        equal((await rejects(fetch(base, { signal: AbortSignal.abort('why') }))), 'why');
        equal((await rejects(fetch(`${base}/never`, { signal: AbortSignal.timeout(10) }))).name, 'TimeoutError');
        const broken = await fetch(`${base}/breaks`);
        equal((await rejects(broken.text())).message, 'terminated');
    });
});

test('Headers follow the standard', () => {
    const headers = new Headers({ 'B-Second': ' two ', 'a-first': 'one' });
    headers.append('A-First', 'more');
    deepEqual([...headers], [['a-first', 'one, more'], ['b-second', 'two']]);
    equal(headers.has('B-SECOND'), true);
    headers.delete('b-second');
    equal(headers.get('b-second'), null);
    headers.set('c', '3');
    deepEqual([...headers.keys()], ['a-first', 'c']);
    deepEqual([...headers.values()], ['one, more', '3']);
    throws(() => headers.append('a b', 'c'), { name: 'TypeError' });
    throws(() => headers.append('a', 'b\nc'), { name: 'TypeError' });
    throws(() => new Headers([['a']]), { name: 'TypeError' });
    const seen = [];
    new Headers([['x', '1'], ['set-cookie', 'a'], ['Set-Cookie', 'b']]).forEach((value, name) => seen.push([name, value]));
    deepEqual(seen, [['set-cookie', 'a'], ['set-cookie', 'b'], ['x', '1']]);
});

test('Request and Response are made, cloned and checked', async () => {
    const request = new Request('http://a/b', { method: 'post', body: 'text', headers: { A: 'b' } });
    equal(request.method, 'POST');
    equal(request.url, 'http://a/b');
    equal(request.headers.get('content-type'), 'text/plain;charset=UTF-8');
    const copy = request.clone();
    equal(await copy.text(), 'text');
    equal(await new Request(request).text(), 'text');
    throws(() => new Request('http://a/', { body: 'x' }), { name: 'TypeError' });
    throws(() => new Request('http://a/', { method: 'CONNECT' }), { name: 'TypeError' });
    throws(() => new Request('http://u:p@a/'), { name: 'TypeError' });
    throws(() => new Request('/relative'), { name: 'TypeError' });
    const response = new Response('body', { status: 201, statusText: 'Made', headers: { X: 'y' } });
    equal(response.status, 201);
    equal(response.statusText, 'Made');
    const second = response.clone();
    equal(await response.text(), 'body');
    equal(await second.text(), 'body');
    deepEqual(await Response.json({ a: 1 }).json(), { a: 1 });
    equal(Response.json(1).headers.get('content-type'), 'application/json');
    equal(Response.redirect('http://a/', 301).headers.get('location'), 'http://a/');
    equal(Response.error().type, 'error');
    throws(() => new Response('', { status: 99 }), { name: 'RangeError' });
    throws(() => new Response('x', { status: 204 }), { name: 'TypeError' });
    equal(new Response().body, null);
    await rejects(new Response('{').json(), { name: 'SyntaxError' });
    equal(await (await fetch('data:text/plain;base64,aGk=')).text(), 'hi');
    match(await (await fetch('data:,a%20b')).text(), /^a b$/);
    ok(Object.prototype.toString.call(response) === '[object Response]');
});
