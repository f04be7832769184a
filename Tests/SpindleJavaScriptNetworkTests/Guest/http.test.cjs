'use strict';

const { deepEqual, equal, match, ok, rejects, test, throws } = require(
    '../../SpindleJavaScriptTests/Guest/support/harness.cjs');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { exchange, listen, openDescriptors } = require('./support/servers.cjs');

/** Runs `body(port, server)` beside a server that answers with `answer`. */
async function serving(answer, body, options = {}) {
    const server = http.createServer(options, answer);
    const port = await listen(server);
    try {
        await body(port, server);
    } finally {
        server.close();
        server.closeAllConnections();
    }
    if (server.listening) await once(server, 'close');
}

async function read(stream) {
    let text = '';
    stream.setEncoding('utf8');
    for await (const chunk of stream) text += chunk;
    return text;
}

function request(port, options = {}, body) {
    return new Promise((resolve, reject) => {
        const made = http.request({ port, host: '127.0.0.1', ...options }, async (response) => {
            resolve({ response, text: await read(response) });
        });
        made.on('error', reject);
        made.end(body);
    });
}

test('a request and its answer', async () => {
    await serving(async (req, res) => {
        equal(req.method, 'POST');
        equal(req.url, '/path?q=1');
        equal(req.httpVersion, '1.1');
        equal(req.headers['x-test'], 'a, b');
        equal(req.socket, res.socket);
        const body = await read(req);
        equal(req.complete, true);
        res.statusCode = 201;
        res.setHeader('X-Answer', ['one', 'two']);
        res.setHeader('Set-Cookie', ['a=1', 'b=2']);
        res.end(`got ${body}`);
    }, async (port) => {
        const { response, text } = await request(port, {
            method: 'post', path: '/path?q=1', headers: { 'X-Test': ['a', 'b'] },
        }, 'body');
        equal(text, 'got body');
        equal(response.statusCode, 201);
        equal(response.statusMessage, 'Created');
        equal(response.headers['x-answer'], 'one, two');
        deepEqual(response.headers['set-cookie'], ['a=1', 'b=2']);
        equal(response.headers['content-length'], '8');
        ok(Math.abs(Date.parse(response.headers.date) - Date.now()) < 5000);
        deepEqual(response.headersDistinct['x-answer'], ['one', 'two']);
        ok(response.rawHeaders.includes('X-Answer'));
    });
});

test('bodies without a known length come in chunks, with trailers', async () => {
    await serving((req, res) => {
        if (req.httpVersion === '1.1') res.setHeader('Trailer', 'Check');
        res.write('one');
        res.write(Buffer.from('two'));
        res.addTrailers({ Check: 'sum' });
        res.end();
    }, async (port) => {
        const { response, text } = await request(port);
        equal(response.headers['transfer-encoding'], 'chunked');
        equal(text, 'onetwo');
        deepEqual(response.trailers, { check: 'sum' });
        deepEqual(response.rawTrailers, ['Check', 'sum']);
        const raw = await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', { end: false });
        match(raw, /\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nCheck: sum\r\n\r\n$/);
        const old = await exchange(port, 'GET / HTTP/1.0\r\n\r\n', { end: false });
        match(old, /Connection: close\r\n\r\nonetwo$/);
    });
});

test('messages without bodies have none', async () => {
    await serving((req, res) => {
        res.sendDate = false;
        if (req.url === '/204') res.statusCode = 204;
        if (req.url === '/304') res.writeHead(304, 'Same');
        res.end('text');
    }, async (port) => {
        const get = (line) => exchange(port, `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, { end: false });
        equal(await get('HEAD /'), 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
        equal(await get('GET /204'), 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
        equal(await get('GET /304'), 'HTTP/1.1 304 Same\r\nConnection: close\r\n\r\n');
        const { response, text } = await request(port, { method: 'HEAD' });
        equal(response.headers['content-length'], undefined);
        equal(text, '');
    });
});

test('connections are kept, and requests on them answered in order', async () => {
    let connections = 0;
    await serving((req, res) => {
        res.sendDate = false;
        if (req.url === '/slow') setTimeout(() => res.end('slow'), 30);
        else res.end(req.url);
    }, async (port, server) => {
        server.on('connection', () => connections++);
        const agent = new http.Agent({ keepAlive: true });
        for (let i = 0; i < 5; i++) equal((await request(port, { agent, path: `/${i}` })).text, `/${i}`);
        equal(connections, 1);
        const name = agent.getName({ host: '127.0.0.1', port });
        await new Promise(setImmediate);
        equal(agent.freeSockets[name].length, 1);
        agent.destroy();
        const answer = await exchange(port, [
            'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /b HTTP/1.1\r\nHost: a\r\n\r\n',
            'GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
        ].join(''), { end: false });
        deepEqual(answer.match(/\r\n\r\n\/?[a-z]+/g), ['\r\n\r\nslow', '\r\n\r\n/b', '\r\n\r\n/c']);
        match(answer, /Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n/);
    });
});

test('many requests in one go are all answered, however the bytes are cut', async () => {
    await serving((req, res) => req.resume().on('end', () => res.end(req.url)), async (port) => {
        const count = 300;
        let text = '';
        for (let i = 0; i < count; i++) text += `GET /${i} HTTP/1.1\r\nHost: a\r\n\r\n`;
        text += 'GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
        const answer = await exchange(port, text, { end: false });
        equal(answer.match(/HTTP\/1.1 200 OK/g).length, count + 1);
        ok(answer.endsWith('/end'));
        const socket = net.connect(port, '127.0.0.1');
        const body = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
        for (const unit of body) {
            socket.write(unit);
            await new Promise(setImmediate);
        }
        match(await read(socket), /200 OK[^]*\/$/);
    });
});

test('headers cannot be changed once sent, nor hold what would break them', async () => {
    await serving((req, res) => {
        throws(() => res.setHeader('a b', 'c'), {
            code: 'ERR_INVALID_HTTP_TOKEN', message: 'Header name must be a valid HTTP token ["a b"]',
        });
        throws(() => res.setHeader('a', 'b\r\nc: d'), {
            code: 'ERR_INVALID_CHAR', message: 'Invalid character in header content ["a"]',
        });
        throws(() => res.setHeader('a'), {
            code: 'ERR_HTTP_INVALID_HEADER_VALUE', message: 'Invalid value "undefined" for header "a"',
        });
        throws(() => res.writeHead(99), { code: 'ERR_HTTP_INVALID_STATUS_CODE', name: 'RangeError' });
        throws(() => res.writeHead(200, 'a\nb'), { code: 'ERR_INVALID_CHAR' });
        res.statusMessage = 'Fine';
        throws(() => res.write(null), { code: 'ERR_STREAM_NULL_VALUES' });
        throws(() => res.write(5), { code: 'ERR_INVALID_ARG_TYPE' });
        res.setHeader('X-One', 1);
        equal(res.getHeader('x-one'), 1);
        equal(res.hasHeader('X-ONE'), true);
        deepEqual(res.getHeaderNames(), ['x-one']);
        deepEqual({ ...res.getHeaders() }, { 'x-one': 1 });
        res.removeHeader('X-one');
        res.appendHeader('X-Two', 'a');
        res.appendHeader('X-Two', 'b');
        deepEqual(res.getHeader('x-two'), ['a', 'b']);
        equal(res.headersSent, false);
        res.flushHeaders();
        equal(res.headersSent, true);
        throws(() => res.setHeader('a', 'b'), {
            code: 'ERR_HTTP_HEADERS_SENT', message: 'Cannot set headers after they are sent to the client',
        });
        throws(() => res.removeHeader('a'), { code: 'ERR_HTTP_HEADERS_SENT' });
        throws(() => res.writeHead(200), { code: 'ERR_HTTP_HEADERS_SENT' });
        res.end('ok');
        equal(res.writableEnded, true);
        let code;
        res.on('error', (error) => { code = error.code; });
        res.write('more', () => { equal(code ?? 'ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_WRITE_AFTER_END'); });
    }, async (port) => {
        const { response, text } = await request(port);
        equal(text, 'ok');
        equal(response.headers['x-two'], 'a, b');
    });
});

test('100-continue, expectations, early hints and information', async () => {
    await serving((req, res) => {
        if (req.url === '/hints') res.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
        req.pipe(res);
    }, async (port, server) => {
        const made = http.request({ port, host: '127.0.0.1', method: 'POST', headers: { Expect: '100-continue' } });
        made.flushHeaders();
        await once(made, 'continue');
        made.end('after');
        equal(await read((await once(made, 'response'))[0]), 'after');
        match(await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 417/);
        const hints = http.get({ port, host: '127.0.0.1', path: '/hints' });
        const [[information], [final]] = await Promise.all([once(hints, 'information'), once(hints, 'response')]);
        equal(information.statusCode, 103);
        equal(information.headers.link, '</a.css>; rel=preload; as=style');
        final.resume();
        server.on('checkContinue', (req, res) => {
            res.writeHead(401);
            res.end();
        });
        const refused = http.request({ port, host: '127.0.0.1', method: 'POST', headers: { Expect: '100-continue' } });
        refused.flushHeaders();
        equal((await once(refused, 'response'))[0].statusCode, 401);
        refused.destroy();
    });
});

test('connections are upgraded and tunnelled', async () => {
    await serving((req, res) => res.end(`plain ${req.headers.upgrade}`), async (port, server) => {
        const upgrade = 'GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n';
        match(await exchange(port, upgrade), /plain echo$/);
        server.on('upgrade', (req, socket, head) => {
            equal(req.headers.upgrade, 'echo');
            socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
            socket.write(`[${head}]`);
            socket.pipe(socket);
        });
        match(await exchange(port, `${upgrade}early`), /\r\n\r\n\[early\]$/);
        const made = http.get({ port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
        const [response, socket, head] = await once(made, 'upgrade');
        equal(response.statusCode, 101);
        socket.end('late');
        equal(String(head) + await read(socket), '[]late');
        server.on('connect', (req, tunnel, first) => {
            equal(req.url, 'host:1');
            tunnel.end(`HTTP/1.1 200 Connected\r\n\r\n${first}`);
        });
        const through = http.request({ port, host: '127.0.0.1', method: 'CONNECT', path: 'host:1' });
        through.end();
        const [answer, tunnel] = await once(through, 'connect');
        equal(answer.statusCode, 200);
        tunnel.destroy();
    });
});

test('the agent limits its connections and hands on the free ones', async () => {
    let open = 0;
    let most = 0;
    await serving((req, res) => {
        most = Math.max(most, ++open);
        setTimeout(() => {
            open--;
            res.end('x');
        }, 5);
    }, async (port) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
        const all = await Promise.all(Array.from({ length: 20 }, () => request(port, { agent })));
        equal(all.every(({ text }) => text === 'x'), true);
        equal(most, 3);
        agent.destroy();
        equal(agent.maxFreeSockets, 256);
    });
});

test('requests are destroyed, aborted and timed out', async () => {
    const seen = [];
    await serving((req) => {
        req.on('aborted', () => seen.push('aborted'));
        req.on('error', (error) => seen.push(error.code));
    }, async (port, server) => {
        const send = (options) => http.get({ port, host: '127.0.0.1', ...options });
        const made = send();
        const arrived = once(server, 'request');
        const hungUp = once(made, 'error');
        await arrived;
        made.destroy();
        equal(made.destroyed, true);
        const [error] = await hungUp;
        equal(error.code, 'ECONNRESET');
        equal(error.message, 'socket hang up');
        const controller = new AbortController();
        const signalled = send({ signal: controller.signal });
        const failure = once(signalled, 'error');
        controller.abort();
        equal((await failure)[0].name, 'AbortError');
        const slow = send({ timeout: 20 });
        await once(slow, 'timeout');
        const told = once(slow, 'error');
        slow.destroy(new Error('enough'));
        equal((await told)[0].message, 'enough');
        while (seen.length < 4) await new Promise(setImmediate);
        deepEqual(seen.slice(0, 2), ['aborted', 'ECONNRESET']);
    });
    const refused = await rejects(request(1));
    equal(refused.code, 'ECONNREFUSED');
});

test('an answer that breaks off is an error for who reads it', async () => {
    await serving((req, res) => {
        res.writeHead(200, { 'Content-Length': 100 });
        res.write('part');
        setTimeout(() => res.destroy(), 10);
    }, async (port) => {
        const made = http.get({ port, host: '127.0.0.1' });
        const [response] = await once(made, 'response');
        const error = await rejects(read(response));
        equal(error.code, 'ECONNRESET');
        equal(error.message, 'aborted');
        equal(response.complete, false);
    });
});

test('options of requests are checked', () => {
    throws(() => http.get({ path: '/a b' }), { code: 'ERR_UNESCAPED_CHARACTERS' });
    throws(() => http.get('https://a/'), { code: 'ERR_INVALID_PROTOCOL' });
    throws(() => http.get({ method: 'A B' }), { code: 'ERR_INVALID_HTTP_TOKEN' });
    throws(() => http.get({ method: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => http.get({ host: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => http.get({ headers: { a: 'b\n' } }), { code: 'ERR_INVALID_CHAR' });
    throws(() => http.get({ agent: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => http.get('nonsense'), { code: 'ERR_INVALID_URL' });
    equal(http.STATUS_CODES[404], 'Not Found');
    ok(http.METHODS.includes('PATCH'));
});

test('what is no HTTP is refused, and the parser says why', async () => {
    const wrong = {
        'GARBAGE\r\n\r\n': 'HPE_INVALID_METHOD',
        'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n': 'HPE_INVALID_HEADER_TOKEN',
        'GET / HTTP/1.1\r\nHost : a\r\n\r\n': 'HPE_INVALID_HEADER_TOKEN',
        'GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n': 'HPE_INVALID_HEADER_TOKEN',
        'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n': 'HPE_INVALID_HEADER_TOKEN',
        'GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n': 'HPE_INVALID_HEADER_TOKEN',
        'GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n': 'HPE_INVALID_URL',
        'GET / HTTP/3.0\r\nHost: a\r\n\r\n': 'HPE_INVALID_VERSION',
        'GET / HTTQ/1.1\r\nHost: a\r\n\r\n': 'HPE_INVALID_CONSTANT',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc': 'HPE_UNEXPECTED_CONTENT_LENGTH',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc': 'HPE_INVALID_CONTENT_LENGTH',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc': 'HPE_INVALID_CONTENT_LENGTH',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n': 'HPE_INVALID_CONTENT_LENGTH',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n': 'HPE_INVALID_TRANSFER_ENCODING',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n': 'HPE_INVALID_CONTENT_LENGTH',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n': 'HPE_INVALID_TRANSFER_ENCODING',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n': 'HPE_INVALID_TRANSFER_ENCODING',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n': 'HPE_INVALID_CHUNK_SIZE',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n': 'HPE_INVALID_CHUNK_SIZE',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFF\r\n': 'HPE_INVALID_CHUNK_SIZE',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n': 'HPE_STRICT',
        [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`]: 'HPE_HEADER_OVERFLOW',
        [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`]: 'HPE_HEADER_OVERFLOW',
        'GET / HTTP/1.1\r\nHost: a': 'HPE_INVALID_EOF_STATE',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc': 'HPE_INVALID_EOF_STATE',
    };
    await serving((req, res) => {
        req.on('error', () => {});
        req.resume();
        req.on('end', () => res.end('fine'));
    }, async (port, server) => {
        for (const text of Object.keys(wrong)) {
            const shown = JSON.stringify(text.slice(0, 100));
            const answer = await exchange(port, text);
            match(answer, wrong[text] === 'HPE_HEADER_OVERFLOW' ? /^HTTP\/1.1 431 / : /^HTTP\/1.1 400 /, shown);
            const told = once(server, 'clientError');
            const listener = (error, socket) => socket.destroy();
            server.on('clientError', listener);
            await exchange(port, text);
            server.removeListener('clientError', listener);
            const [error] = await told;
            equal(error.code, wrong[text], shown);
            match(error.message, /^Parse Error/);
            equal(error.rawPacket === undefined || Buffer.isBuffer(error.rawPacket), true);
        }
    });
});

test('random bytes and cut-up requests never do more than fail', async () => {
    let seed = 12345;
    const random = (limit) => {
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF;
        return (seed >> 8) % limit;
    };
    const samples = [
        'GET /a?b=c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: x=y\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello',
        'PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n',
    ];
    let answered = 0;
    await serving((req, res) => {
        req.on('error', () => {});
        req.resume();
        req.on('end', () => res.end('ok'));
    }, async (port) => {
        const before = await openDescriptors();
        for (let round = 0; round < 15; round++) {
            await Promise.all(Array.from({ length: 20 }, async () => {
                const units = [...samples[random(samples.length)]];
                for (let i = random(4); i > 0; i--) {
                    const at = random(Math.max(1, units.length));
                    const kind = random(4);
                    if (kind === 0) units[at] = String.fromCharCode(random(256));
                    else if (kind === 1) units.splice(at, random(5));
                    else if (kind === 2) units.splice(at, 0, units[random(units.length)] ?? 'x');
                    else units.length = at;
                }
                const answer = await exchange(port, units.join(''));
                if (answer !== '') {
                    match(answer, /^HTTP\/1.1 \d\d\d /);
                    answered++;
                }
            }));
        }
        ok(answered > 100);
        const after = await openDescriptors();
        ok(after <= before + 5, `${before} descriptors became ${after}`);
        equal((await request(port)).text, 'ok');
    });
});

test('slow clients are sent away, and idle connections closed', async () => {
    await serving((req, res) => {
        req.on('error', () => {});
        req.resume();
        req.on('end', () => res.end('x'));
    }, async (port) => {
        const slow = await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\n', { end: false });
        match(slow, /^HTTP\/1.1 408 Request Timeout\r\nConnection: close/);
        const slowBody = await exchange(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab', { end: false });
        match(slowBody, /^HTTP\/1.1 408/);
        const idle = await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', { end: false });
        match(idle, /^HTTP\/1.1 200 [^]*\r\n\r\nx$/);
    }, { headersTimeout: 100, requestTimeout: 200, keepAliveTimeout: 100, connectionsCheckingInterval: 30 });
    throws(() => http.createServer({ headersTimeout: 20, requestTimeout: 10 }), { code: 'ERR_OUT_OF_RANGE' });
});

test('a connection serves no more requests than it may', async () => {
    await serving((req, res) => res.end('x'), async (port, server) => {
        server.maxRequestsPerSocket = 2;
        const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
        const answer = await exchange(port, get + get, { end: false });
        equal(answer.match(/200 OK/g).length, 2);
        match(answer, /Connection: keep-alive\r\nKeep-Alive: timeout=5, max=2\r\n[^]*Connection: close/);
    });
});

test('huge bodies are taken no faster than they are read', async () => {
    const size = 64 << 20;
    let serverSocket;
    let paused;
    await serving((req, res) => {
        serverSocket = req.socket;
        paused = req;
        req.once('readable', () => {});
        setTimeout(async () => {
            ok(serverSocket.bytesRead < 4 << 20, `${serverSocket.bytesRead} bytes were read for nobody`);
            let read = 0;
            for await (const chunk of req) read += chunk.length;
            equal(read, size);
            res.end('all');
        }, 200);
    }, async (port) => {
        const made = http.request({ port, host: '127.0.0.1', method: 'PUT', headers: { 'Content-Length': size } });
        const piece = Buffer.alloc(1 << 20);
        const send = async () => {
            for (let i = 0; i < 64; i++) if (!made.write(piece)) await once(made, 'drain');
            made.end();
        };
        const [[response]] = await Promise.all([once(made, 'response'), send()]);
        equal(await read(response), 'all');
        ok(paused !== undefined);
    });
});

test('ten thousand requests leave nothing behind', async () => {
    await serving((req, res) => res.end('x'), async (port) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
        const before = await openDescriptors();
        for (let round = 0; round < 50; round++) {
            await Promise.all(Array.from({ length: 200 }, () => request(port, { agent })));
        }
        agent.destroy();
        const after = await openDescriptors();
        ok(after <= before + 5, `${before} descriptors became ${after}`);
    });
});
