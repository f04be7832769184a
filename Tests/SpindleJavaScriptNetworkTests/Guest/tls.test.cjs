'use strict';

const { equal, match, ok, rejects, test, throws } = require(
    '../../SpindleJavaScriptTests/Guest/support/harness.cjs');
const fs = require('fs');
const https = require('https');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { once } = require('events');
const { listen, openDescriptors } = require('./support/servers.cjs');

// Made by whoever runs this, with openssl.
const folder = process.env.TEST_CERTIFICATES ?? process.argv[2];
const key = fs.readFileSync(path.join(folder, 'key.pem'));
const cert = fs.readFileSync(path.join(folder, 'cert.pem'), 'utf8');

/** Runs `body(port, server)` beside a TLS server. */
async function serving(options, answer, body) {
    const server = tls.createServer({ key, cert, ...options }, answer);
    server.on('tlsClientError', () => {});
    // The address that the certificate names is 127.0.0.3, which is this machine as well.
    const port = await listen(server, '0.0.0.0');
    await body(port, server);
    server.close();
    await once(server, 'close');
}
async function read(stream) {
    let text = '';
    stream.setEncoding('utf8');
    for await (const chunk of stream) text += chunk;
    return text;
}

test('a client that trusts the server talks to it in secret', async () => {
    await serving({ ALPNProtocols: ['one', 'two'] }, (socket) => {
        equal(socket.encrypted, true);
        equal(socket.alpnProtocol, 'two');
        socket.pipe(socket);
    }, async (port) => {
        const socket = tls.connect({ port, host: 'localhost', ca: cert, ALPNProtocols: ['two'] });
        equal(socket.encrypted, true);
        socket.write('early');
        await once(socket, 'secureConnect');
        equal(socket.authorized, true);
        equal(socket.authorizationError, null);
        equal(socket.alpnProtocol, 'two');
        equal(socket.getProtocol(), 'TLSv1.3');
        ok(socket.getPeerCertificate().raw.length > 100);
        socket.end(' and late');
        equal(await read(socket), 'early and late');
    });
});

test('servers that nobody vouches for, or under another name, are refused', async () => {
    await serving({}, (socket) => socket.on('error', () => {}).end(), async (port) => {
        const [untrusted] = await once(tls.connect({ port, host: 'localhost' }), 'error');
        match(untrusted.code, /^(DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/);
        const [other] = await once(tls.connect({ port, host: '127.0.0.1', servername: 'elsewhere.test', ca: cert }), 'error');
        equal(other.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
        const careless = tls.connect({ port, host: 'localhost', rejectUnauthorized: false });
        await once(careless, 'secureConnect');
        equal(careless.authorized, false);
        careless.destroy();
        const own = tls.connect({ port, host: 'localhost', ca: cert, checkServerIdentity: () => new Error('not this one') });
        equal((await once(own, 'error'))[0].message, 'not this one');
        const byAddress = tls.connect({ port, host: '127.0.0.3', ca: cert });
        await once(byAddress, 'secureConnect');
        equal(byAddress.authorized, true);
        byAddress.destroy();
    });
});

test('versions of TLS can be limited', async () => {
    await serving({ maxVersion: 'TLSv1.2' }, (socket) => socket.end(), async (port) => {
        const socket = tls.connect({ port, host: 'localhost', ca: cert });
        await once(socket, 'secureConnect');
        equal(socket.getProtocol(), 'TLSv1.2');
        socket.destroy();
        const [error] = await once(tls.connect({ port, host: 'localhost', ca: cert, minVersion: 'TLSv1.3' }), 'error');
        ok(error.code.length > 0);
    });
    throws(() => tls.createSecureContext({ minVersion: 'TLSv9' }), { code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' });
});

test('what is no TLS ends the connection and not the server', async () => {
    await serving({}, (socket) => socket.end('still here'), async (port, server) => {
        const failed = once(server, 'tlsClientError');
        const plain = net.connect(port, '127.0.0.1');
        plain.on('error', () => {});
        plain.end('GET / HTTP/1.1\r\n\r\n');
        plain.resume();
        const [error] = await failed;
        ok(error instanceof Error);
        equal(await read(tls.connect({ port, host: 'localhost', ca: cert })), 'still here');
    });
    await serving({}, () => {}, async (port) => {
        const before = await openDescriptors();
        for (let i = 0; i < 50; i++) {
            const socket = net.connect(port, '127.0.0.1');
            socket.on('error', () => {});
            socket.end(Buffer.from([0x16, 3, 1, i, 0, 1, 0]));
            socket.resume();
            await once(socket, 'close');
        }
        const after = await openDescriptors();
        ok(after <= before + 5, `${before} descriptors became ${after}`);
    });
});

test('TLS begins on a connection that exists', async () => {
    await serving({}, (socket) => socket.pipe(socket), async (port) => {
        const plain = net.connect(port, '127.0.0.1');
        await once(plain, 'connect');
        const socket = tls.connect({ socket: plain, servername: 'localhost', ca: cert });
        await once(socket, 'secureConnect');
        socket.end('over it');
        equal(await read(socket), 'over it');
    });
});

test('keys that are none are refused when the server is made', () => {
    throws(() => tls.createServer({ key: 'x', cert: 'y' }), Error);
    throws(() => tls.createServer({ key: 5, cert }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('https: a server, requests, and connections that are kept', async () => {
    const server = https.createServer({ key, cert }, (req, res) => {
        equal(req.socket.encrypted, true);
        req.pipe(res);
    });
    const port = await listen(server);
    let connections = 0;
    server.on('secureConnection', () => connections++);
    const agent = new https.Agent({ keepAlive: true, ca: cert });
    for (const body of ['one', 'x'.repeat(300_000)]) {
        const made = https.request({ port, host: 'localhost', family: 4, method: 'POST', agent });
        made.end(body);
        const [response] = await once(made, 'response');
        equal(response.statusCode, 200);
        equal(await read(response), body);
        await new Promise(setImmediate);
    }
    equal(connections, 1);
    agent.destroy();
    const refused = await rejects(once(https.get({ port, host: 'localhost', family: 4 }), 'response'));
    ok(refused.code.length > 0);
    const viaURL = https.get(`https://localhost:${port}/x`, { ca: cert, family: 4 });
    equal((await once(viaURL, 'response'))[0].statusCode, 200);
    viaURL.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
});
