'use strict';

const { deepEqual, equal, ok, test, throws } = require('./support/harness.cjs');
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');

// Programs that this file is when it is forked.
const programs = {
    echo() {
        process.on('message', (message) => {
            if (message === 'bye') process.disconnect();
            else process.send(message);
        });
    },
    tell() {
        process.send({
            argv: process.argv.slice(2), connected: process.connected, hasChannel: process.channel !== undefined,
            variable: process.env.NODE_CHANNEL_FD, given: process.env.GIVEN,
        });
    },
    late() {
        setTimeout(() => process.on('message', (message) => {
            process.send(message);
            setImmediate(() => process.disconnect());
        }), 50);
    },
    quiet() {},
    orphan() {
        process.on('disconnect', () => {
            process.exitCode = process.connected ? 1 : 9;
        });
        process.send('ready');
    },
    failing() {
        process.disconnect();
        process.send('lost', (error) => { process.exitCode = error.code === 'ERR_IPC_CHANNEL_CLOSED' ? 7 : 1; });
    },
    print() {
        console.log('printed');
        console.error('a problem');
    },
    flood() {
        for (let i = 0; i < 20_000; i++) process.send({ number: i, text: 'x'.repeat(50) });
    },
};

const start = (name, options, args = []) => fork(__filename, ['--program', name, ...args], options);
const isForked = process.argv[2] === '--program';

if (isForked) {
    programs[process.argv[3]]();
} else if (require('node:fs').existsSync(process.execPath) && process.execPath !== '/proc/self/exe') {
    register();
} else {
    test('forks need the command itself, which is not there', () => {});
}

function register() {
    test('this program has no channel of its own', () => {
        equal(process.connected, undefined);
        equal(process.send, undefined);
    });

    for (const serialization of ['json', 'advanced']) {
        test(`messages go there and back in their order (${serialization})`, async () => {
            const child = start('echo', { serialization });
            ok(child.connected);
            ok(child.channel !== null);
            const seen = [];
            child.on('message', (message) => seen.push(message));
            const values = [1, 'text', { a: [true, null] }, 'ä€😀', 'x'.repeat(200_000), [], false];
            for (const value of values) child.send(value);
            child.send('bye');
            await once(child, 'disconnect');
            equal(child.connected, false);
            deepEqual(await once(child, 'close'), [0, null]);
            deepEqual(seen, values);
        });

        test(`a flood arrives whole, before the end (${serialization})`, async () => {
            const child = start('flood', { serialization });
            let next = 0;
            child.on('message', ({ number }) => { if (number === next) next++; });
            await once(child, 'close');
            equal(next, 20_000);
        });
    }

    test('advanced serialization passes what JSON cannot', async () => {
        const child = start('echo', { serialization: 'advanced' });
        child.send(new Map([['key', new Set([1n, undefined])]]));
        const [map] = await once(child, 'message');
        ok(map instanceof Map);
        deepEqual([...map.get('key')], [1n, undefined]);
        child.send(new Uint8Array([1, 2, 3]));
        const [bytes] = await once(child, 'message');
        deepEqual([...bytes], [1, 2, 3]);
        child.disconnect();
        await once(child, 'exit');
    });

    test('a forked program has its arguments, its environment and a channel', async () => {
        const child = start('tell', { env: { ...process.env, GIVEN: 'yes' } }, ['one', 'two']);
        const [message] = await once(child, 'message');
        deepEqual(message, { argv: ['--program', 'tell', 'one', 'two'], connected: true, hasChannel: true, given: 'yes' });
        await once(child, 'exit');
    });

    test('a message that comes before there is a listener waits for it', async () => {
        const child = start('late');
        child.send('early');
        deepEqual(await once(child, 'message').then(([message]) => message), 'early');
        await once(child, 'exit');
    });

    test('a channel that nobody listens to keeps nobody', async () => {
        deepEqual(await once(start('quiet'), 'exit'), [0, null]);
    });

    test('the child learns that its parent has gone', async () => {
        const child = start('orphan');
        await once(child, 'message');
        child.disconnect();
        equal(child.connected, false);
        deepEqual(await once(child, 'exit'), [9, null]);
    });

    test('events come in their order', async () => {
        const child = start('tell');
        const seen = [];
        for (const name of ['spawn', 'message', 'disconnect', 'exit', 'close']) child.on(name, () => seen.push(name));
        await once(child, 'close');
        equal(seen[0], 'spawn');
        equal(seen[1], 'message');
        equal(seen[4], 'close');
        deepEqual(seen.slice(2, 4).sort(), ['disconnect', 'exit']);
    });

    test('sending after the end is an error, by callback or event', async () => {
        deepEqual(await once(start('failing'), 'exit'), [7, null]);
        const child = start('quiet');
        await once(child, 'close');
        const sent = new Promise((resolve) => { equal(child.send('lost', resolve), false); });
        equal((await sent).code, 'ERR_IPC_CHANNEL_CLOSED');
        const failed = once(child, 'error');
        child.send('lost');
        equal((await failed)[0].message, 'Channel closed');
        const again = once(child, 'error');
        child.disconnect();
        equal((await again)[0].code, 'ERR_IPC_DISCONNECTED');
    });

    test('what cannot be sent is thrown', async () => {
        const child = start('echo');
        throws(() => child.send(), { code: 'ERR_MISSING_ARGS', message: 'The "message" argument must be specified' });
        throws(() => child.send(Symbol('s')), { code: 'ERR_INVALID_ARG_TYPE' });
        throws(() => child.send(() => {}), { code: 'ERR_INVALID_ARG_TYPE' });
        throws(() => child.send({}, {}), { code: 'ERR_INVALID_HANDLE_TYPE', message: 'This handle type cannot be sent' });
        throws(() => child.send({}, undefined, 1), { code: 'ERR_INVALID_ARG_TYPE' });
        child.kill();
        await once(child, 'close');
    });

    test('send says when too much waits', async () => {
        const child = start('echo');
        await once(child, 'spawn');
        equal(child.send('small'), true);
        let isFree = true;
        for (let i = 0; i < 100 && isFree; i++) isFree = child.send('x'.repeat(100_000));
        equal(isFree, false);
        child.kill('SIGKILL');
        await once(child, 'close');
    });

    test('its output is this program\'s, or a stream', async () => {
        const child = start('print', { silent: true });
        let text = '';
        child.stdout.on('data', (chunk) => { text += chunk; });
        child.stderr.on('data', (chunk) => { text += chunk; });
        await once(child, 'close');
        equal(text.split('\n').sort().join('|'), '|a problem|printed');
        equal(start('quiet', { stdio: 'inherit' }).stdout, null);
        const pipes = start('print', { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
        equal(String((await once(pipes.stdout, 'data'))[0]), 'printed\n');
    });

    test('arguments are checked', () => {
        throws(() => fork(), { code: 'ERR_INVALID_ARG_TYPE' });
        throws(() => fork(__filename, 'args'), { code: 'ERR_INVALID_ARG_TYPE' });
        throws(() => fork(__filename, [], { stdio: ['pipe', 'pipe', 'pipe'] }), {
            code: 'ERR_CHILD_PROCESS_IPC_REQUIRED',
            message: 'Forked processes must have an IPC channel, missing value \'ipc\' in options.stdio',
        });
        throws(() => fork(__filename, [], { stdio: 'pipes' }), { code: 'ERR_INVALID_ARG_VALUE' });
        throws(() => fork(__filename, [], { serialization: 'xml' }), { code: 'ERR_INVALID_ARG_VALUE' });
    });

    test('a program can be started as its command line says', async () => {
        const child = spawn(process.execPath, ['-p', '6 * 7']);
        equal(String((await once(child.stdout, 'data'))[0]), '42\n');
        const other = spawn(process.execPath, [__filename, '--program', 'print'], { stdio: ['ignore', 'pipe', 'ignore'] });
        equal(String((await once(other.stdout, 'data'))[0]), 'printed\n');
    });
}
