'use strict';

const { beyond, deepEqual, equal, fail, match, ok, rejects, test, throws } = require(
    '../../SpindleJavaScriptTests/Guest/support/harness.cjs');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { once } = require('events');
const { Worker } = require('worker_threads');
const { listen, openDescriptors, settled } = require('./support/servers.cjs');

test('a server answers what it is sent, and everything closes in order', async () => {
    const events = [];
    const server = net.createServer((socket) => {
        socket.on('data', (data) => socket.write(`<${data}>`));
        socket.on('end', () => events.push('server end'));
        socket.on('close', (hadError) => events.push(`server close ${hadError}`));
    });
    const port = await listen(server);
    const socket = net.connect({ port, host: '127.0.0.1' });
    equal(socket.connecting, true);
    equal(socket.readyState, 'opening');
    socket.on('connect', () => events.push('connect'));
    socket.on('ready', () => events.push('ready'));
    await once(socket, 'ready');
    equal(socket.remoteAddress, '127.0.0.1');
    equal(socket.remotePort, port);
    equal(socket.remoteFamily, 'IPv4');
    equal(socket.address().port, socket.localPort);
    equal(socket.readyState, 'open');
    equal(socket.pending, false);
    socket.write('hello');
    const [data] = await once(socket, 'data');
    equal(data.toString(), '<hello>');
    equal(socket.bytesRead, 7);
    equal(socket.bytesWritten, 5);
    socket.end();
    socket.on('end', () => events.push('client end'));
    await once(socket, 'close');
    equal(socket.destroyed, true);
    equal(socket.remoteAddress === '127.0.0.1' || socket.remoteAddress === undefined, true);
    server.close();
    await once(server, 'close');
    deepEqual(events, ['connect', 'ready', 'server end', 'client end', 'server close false'].sort(
        (a, b) => events.indexOf(a) - events.indexOf(b)));
    equal(server.address(), null);
});

test('a server knows its address at once, and takes every form of listen', async () => {
    const forms = [
        [], [0], [0, '127.0.0.1'], ['0'], [{ port: 0 }], [{ port: 0, host: '127.0.0.1', backlog: 5 }], [null], [undefined],
    ];
    for (const form of forms) {
        const server = net.createServer().listen(...form);
        if (!form[1] && !form[0]?.host) equal(server.listening, true);
        else await once(server, 'listening');
        const address = server.address();
        ok(address.port > 0);
        equal(address.family, form[1] || form[0]?.host ? 'IPv4' : 'IPv6');
        server.close();
        await once(server, 'close');
    }
    const named = net.createServer().listen(0, 'localhost');
    await once(named, 'listening');
    ok(named.address().port > 0);
    named.close();
    throws(() => net.createServer().listen({}), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => net.createServer().listen(70000), { code: 'ERR_SOCKET_BAD_PORT' });
    throws(() => net.createServer('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    const twice = net.createServer().listen(0);
    throws(() => twice.listen(0), { code: 'ERR_SERVER_ALREADY_LISTEN' });
    twice.close();
});

test('errors say what was tried', async () => {
    const server = net.createServer();
    const port = await listen(server);
    const second = net.createServer().listen(port, '127.0.0.1');
    const [used] = await once(second, 'error');
    equal(used.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
    deepEqual({ ...used }, { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1', port });
    server.close();
    await once(server, 'close');
    const [refused] = await once(net.connect(port, '127.0.0.1'), 'error');
    equal(refused.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
    deepEqual({ ...refused }, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port });
    const [missing] = await once(net.connect('/nowhere/at.all'), 'error');
    equal(missing.message, 'connect ENOENT /nowhere/at.all');
    equal(missing.address, '/nowhere/at.all');
    const [unknown] = await once(net.connect(1, 'nowhere.invalid'), 'error');
    ok(unknown.code === 'ENOTFOUND' || unknown.code === 'EAI_AGAIN');
    equal(unknown.syscall, 'getaddrinfo');
    equal(unknown.hostname, 'nowhere.invalid');
    throws(() => net.connect({ port: 99999 }), { code: 'ERR_SOCKET_BAD_PORT', name: 'RangeError' });
    throws(() => net.connect({}), { code: 'ERR_MISSING_ARGS' });
    throws(() => net.connect({ port: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new net.Socket({ objectMode: true }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('every address of a name is tried', async () => {
    const lookup = (name, options, done) => {
        done(null, [{ address: '127.0.0.2', family: 4 }, { address: '127.0.0.1', family: 4 }]);
    };
    const server = net.createServer((socket) => socket.end('yes'));
    const port = await listen(server);
    const attempts = [];
    const socket = net.connect({ port, host: 'two', lookup, autoSelectFamily: true });
    socket.on('lookup', (error, address) => attempts.push(address));
    const [data] = await once(socket, 'data');
    equal(String(data), 'yes');
    equal(socket.remoteAddress, '127.0.0.1');
    server.close();
    socket.destroy();
    await once(server, 'close');
    const [error] = await once(net.connect({ port, host: 'two', lookup, autoSelectFamily: true }), 'error');
    equal(error.code, 'ECONNREFUSED');
    equal(error.errors.length, 2);
    equal(error.name, 'AggregateError');
});

test('half-open connections go on in one direction', async () => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        let text = '';
        socket.on('data', (data) => { text += data; });
        socket.on('end', () => setImmediate(() => socket.end(`got ${text}`)));
    });
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    socket.end('everything');
    let answer = '';
    socket.on('data', (data) => { answer += data; });
    await once(socket, 'close');
    equal(answer, 'got everything');
    server.close();
    await once(server, 'close');
});

test('to write after the other side has ended is an error', async () => {
    const server = net.createServer((socket) => socket.resume().end());
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    socket.resume();
    await once(socket, 'end');
    socket.on('error', () => {});
    const error = await new Promise((resolve) => socket.write('too late', resolve));
    equal(error.code, 'EPIPE');
    equal(error.message, 'This socket has been ended by the other party');
    server.close();
    await once(server, 'close');
});

test('a destroyed connection resets, and both sides hear of it', async () => {
    const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    socket.write('now');
    const [error] = await once(socket, 'error');
    equal(error.code, 'ECONNRESET');
    equal(error.syscall, 'read');
    equal(error.message, 'read ECONNRESET');
    server.close();
    await once(server, 'close');
});

test('what is written before the connection is there arrives, whatever its encoding', async () => {
    const server = net.createServer((socket) => socket.pipe(socket));
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    socket.write('grüße ');
    socket.write('\xe9', 'latin1');
    socket.write('00ff', 'hex');
    socket.write(new Uint8Array([1, 2]));
    socket.end(Buffer.from([3]));
    const chunks = [];
    for await (const chunk of socket) chunks.push(chunk);
    equal(Buffer.concat(chunks).toString('hex'), '6772c3bcc39f6520e900ff010203');
    throws(() => new net.Socket().write(null), { code: 'ERR_STREAM_NULL_VALUES' });
    server.close();
    await once(server, 'close');
});

test('much data passes whole in both directions, no faster than it is taken', async () => {
    const size = 20_000_000;
    const server = net.createServer((socket) => socket.pipe(socket));
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    const piece = Buffer.alloc(100_000);
    for (let i = 0; i < piece.length; i++) piece[i] = i * 7;
    let sent = 0;
    let most = 0;
    const send = () => {
        while (sent < size) {
            sent += piece.length;
            const goesOn = socket.write(piece);
            most = Math.max(most, socket.writableLength);
            if (!goesOn) return;
        }
        socket.end();
    };
    socket.on('drain', send);
    send();
    let received = 0;
    let sum = 0;
    for await (const chunk of socket) {
        for (let i = 0; i < chunk.length; i += 997) {
            if (chunk[i] !== ((received + i) % piece.length * 7 & 255)) fail(`byte ${received + i} is wrong`);
            sum++;
        }
        received += chunk.length;
    }
    equal(received, size);
    ok(sum > 10_000);
    ok(most <= 3 * piece.length, `${most} bytes waited`);
    server.close();
    await once(server, 'close');
});

test('a reader that pauses stops the writer', async () => {
    let accepted;
    const server = net.createServer({ pauseOnConnect: true }, (socket) => { accepted = socket; });
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const piece = Buffer.alloc(1 << 20);
    let written = 0;
    for (let i = 0; i < 64; i++) socket.write(piece, () => { written += piece.length; });
    await settled(() => written);
    ok(written < 32 << 20, `${written} bytes have gone out to nobody`);
    ok(accepted.bytesRead <= 1 << 20, `${accepted.bytesRead} bytes were read for nobody`);
    let read = 0;
    accepted.on('data', (data) => { read += data.length; });
    accepted.resume();
    socket.end();
    await once(accepted, 'close');
    equal(read, 64 << 20);
    server.close();
    await once(server, 'close');
});

test('a long write has one callback, and it comes when all has gone', async () => {
    const server = net.createServer((socket) => socket.resume());
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.write(Buffer.alloc(5_000_000), resolve));
    equal(socket.bytesWritten, 5_000_000);
    equal(socket.writableLength, 0);
    await new Promise((resolve) => socket.end('x', resolve));
    socket.resume();
    await once(socket, 'close');
    server.close();
    await once(server, 'close');
});

test('idle connections time out', async () => {
    const server = net.createServer((socket) => {
        socket.setTimeout(30, () => socket.end('bye'));
    });
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    const [data] = await once(socket, 'data');
    equal(String(data), 'bye');
    equal(socket.setTimeout(1000), socket);
    equal(socket.timeout, 1000);
    socket.setTimeout(0);
    throws(() => socket.setTimeout('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => socket.setTimeout(-1), { code: 'ERR_OUT_OF_RANGE' });
    socket.destroy();
    server.close();
    await once(server, 'close');
});

test('Unix sockets have a path and no port', async () => {
    const name = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'net-')), 'socket');
    const server = net.createServer((socket) => socket.end('unix')).listen(name);
    await once(server, 'listening');
    equal(server.address(), name);
    const socket = net.connect(name);
    const [data] = await once(socket, 'data');
    equal(String(data), 'unix');
    deepEqual(socket.address(), {});
    equal(socket.remoteAddress, undefined);
    const other = net.createServer().listen(name);
    const [error] = await once(other, 'error');
    equal(error.code, 'EADDRINUSE');
    equal(error.address, name);
    server.close();
    await once(server, 'close');
    equal(fs.existsSync(name), false);
    fs.rmdirSync(path.dirname(name));
});

test('a server takes no more connections than it may', async () => {
    const server = net.createServer((socket) => socket.write('in'));
    server.maxConnections = 1;
    const port = await listen(server);
    const first = net.connect(port, '127.0.0.1');
    await once(first, 'data');
    const dropped = once(server, 'drop');
    const second = net.connect(port, '127.0.0.1');
    second.on('error', () => {});
    second.resume();
    const [[{ localPort }]] = await Promise.all([dropped, once(second, 'close')]);
    equal(localPort, port);
    equal(await new Promise((resolve) => server.getConnections((error, count) => resolve(count))), 1);
    first.destroy();
    server.close();
    await once(server, 'close');
});

test('close waits for connections, and says if there was nothing to close', async () => {
    const server = net.createServer((socket) => socket.resume());
    const port = await listen(server);
    const socket = net.connect(port, '127.0.0.1');
    await once(server, 'connection');
    let isClosed = false;
    server.close(() => { isClosed = true; });
    equal(server.listening, false);
    await new Promise(setImmediate);
    equal(isClosed, false);
    socket.end();
    socket.resume();
    await once(server, 'close');
    equal(isClosed, true);
    const error = await new Promise((resolve) => net.createServer().close(resolve));
    equal(error.code, 'ERR_SERVER_NOT_RUNNING');
});

test('signals destroy sockets and close servers', async () => {
    const controller = new AbortController();
    const server = net.createServer().listen({ port: 0, signal: controller.signal });
    await once(server, 'listening');
    const own = new AbortController();
    const socket = new net.Socket({ signal: own.signal });
    socket.connect(server.address().port, '127.0.0.1');
    await once(socket, 'connect');
    own.abort();
    const [error] = await once(socket, 'error');
    equal(error.name, 'AbortError');
    controller.abort();
    await once(server, 'close');
});

test('a socket that was closed connects again', async () => {
    const server = net.createServer((socket) => socket.end('once more'));
    const port = await listen(server);
    const socket = new net.Socket();
    for (let i = 0; i < 2; i++) {
        socket.connect(port, '127.0.0.1');
        const [data] = await once(socket, 'data');
        equal(String(data), 'once more');
        await once(socket, 'close');
    }
    server.close();
    await once(server, 'close');
});

test('addresses are told from names', () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '255.255.255.255']) equal(net.isIP(address), 4, address);
    for (const address of ['::', '::1', '1::', 'fe80::1%eth0', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', 'ABCD::1']) {
        equal(net.isIP(address), 6, address);
    }
    for (const text of ['', '1.2.3', '256.1.1.1', '1.2.3.4.5', '01.2.3.4', 'a', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '12345::',
        '::1.2.3', ' ::1', '1:2:3:4:5:6:7:8:9', '::ffff:1.2.3.4:5']) equal(net.isIP(text), 0, text);
    equal(net.isIPv4('::1'), false);
    equal(net.isIPv6('::1'), true);
});

test('block lists hold addresses, ranges and subnets', () => {
    const list = new net.BlockList();
    list.addAddress('123.123.123.123');
    list.addRange('10.0.0.1', '10.0.0.10');
    list.addSubnet('8592:757c:efae:4e45::', 64, 'ipv6');
    equal(list.check('123.123.123.123'), true);
    equal(list.check('10.0.0.3'), true);
    equal(list.check('10.0.0.11'), false);
    equal(list.check('222.111.111.222'), false);
    equal(list.check('::ffff:7b7b:7b7b', 'ipv6'), true);
    equal(list.check('::ffff:123.123.123.123', 'ipv6'), true);
    equal(list.check('8592:757c:efae:4e45:1::', 'ipv6'), true);
    equal(list.check('8592:757c:efaf::', 'ipv6'), false);
    deepEqual(list.rules, [
        'Subnet: IPv6 8592:757c:efae:4e45::/64', 'Range: IPv4 10.0.0.1-10.0.0.10', 'Address: IPv4 123.123.123.123',
    ]);
    throws(() => list.addSubnet('1.2.3.4', 33), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => list.addAddress('x'), { code: 'ERR_INVALID_ADDRESS' });
    deepEqual(new net.SocketAddress({ address: '1.2.3.4', port: 5 }).toJSON(), {
        address: '1.2.3.4', port: 5, family: 'ipv4', flowlabel: 0,
    });
});

test('many connections come and go and leave no descriptor behind', async () => {
    const server = net.createServer((socket) => socket.pipe(socket));
    const port = await listen(server);
    const round = () => Promise.all(Array.from({ length: 50 }, async (unused, i) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.end(`number ${i}`);
        let text = '';
        for await (const chunk of socket) text += chunk;
        equal(text, `number ${i}`);
    }));
    await round();
    const before = await openDescriptors();
    for (let i = 0; i < 10; i++) await round();
    const after = await openDescriptors();
    ok(after <= before + 5, `${before} descriptors became ${after}`);
    server.close();
    await once(server, 'close');
});

test('workers have sockets of their own, which close when they are stopped', async () => {
    const worker = new Worker(`
        const { parentPort } = require('worker_threads');
        const server = require('net').createServer((socket) => socket.write('from a worker'));
        server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
    `, { eval: true });
    const [port] = await once(worker, 'message');
    const socket = net.connect(port, '127.0.0.1');
    const [data] = await once(socket, 'data');
    equal(String(data), 'from a worker');
    socket.on('error', () => {});
    await Promise.all([once(socket, 'close'), worker.terminate()]);
    const [error] = await once(net.connect(port, '127.0.0.1'), 'error');
    equal(error.code, 'ECONNREFUSED');
});

beyond('descriptors of others are refused clearly', () => {
    throws(() => net.createServer().listen({ fd: 0 }), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
    throws(() => new net.Socket({ fd: 0 }), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
});

test('dns.lookup asks the system', async () => {
    const dns = require('dns');
    deepEqual(await dns.promises.lookup('127.0.0.1'), { address: '127.0.0.1', family: 4 });
    deepEqual(await dns.promises.lookup('::1', { all: true }), [{ address: '::1', family: 6 }]);
    const { address } = await dns.promises.lookup('localhost', 4);
    equal(address, '127.0.0.1');
    deepEqual(await new Promise((resolve) => dns.lookup('localhost', { family: 4 }, (...all) => resolve(all))), [
        null, '127.0.0.1', 4,
    ]);
    const error = await rejects(dns.promises.lookup('nowhere.invalid'));
    match(error.message, /^getaddrinfo (ENOTFOUND|EAI_AGAIN) nowhere\.invalid$/);
    equal(error.hostname, 'nowhere.invalid');
    throws(() => dns.lookup('a', 5, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => dns.lookup(1, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => dns.lookup('a'), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(require('dns').ADDRCONFIG, 32);
});
