'use strict';

const { beyond, deepEqual, equal, ok, rejects, test, throws } = require('./support/harness.cjs');
const {
    ChildProcess, exec, execFile, execFileSync, execSync, spawn, spawnSync,
} = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const { promisify } = require('node:util');

/** What a stream says until its end. */
async function textOf(stream) {
    let text = '';
    stream.setEncoding('utf8');
    for await (const chunk of stream) text += chunk;
    return text;
}

/** The names of a child's events in their order, until 'close'. */
function eventsOf(child) {
    const seen = [];
    for (const name of ['spawn', 'error', 'exit', 'disconnect', 'close']) child.on(name, () => seen.push(name));
    return new Promise((resolve) => { child.on('close', () => resolve(seen)); });
}

// --- spawn -------------------------------------------------------------------------------------------------------------

test('a child has streams, a number, and events in their order', async () => {
    const child = spawn('sh', ['-c', 'cat; echo problem >&2; exit 3']);
    ok(child instanceof ChildProcess);
    ok(child.pid > 0);
    equal(child.exitCode, null);
    equal(child.connected, false);
    equal(child.killed, false);
    equal(child.spawnfile, 'sh');
    deepEqual(child.spawnargs, ['sh', '-c', 'cat; echo problem >&2; exit 3']);
    equal(child.stdio.length, 3);
    ok(child.stdio[1] === child.stdout);
    const events = eventsOf(child);
    const output = textOf(child.stdout);
    const errors = textOf(child.stderr);
    child.stdin.end('through');
    equal(await output, 'through');
    equal(await errors, 'problem\n');
    deepEqual(await events, ['spawn', 'exit', 'close']);
    equal(child.exitCode, 3);
    equal(child.signalCode, null);
});

test('exit and close say the code, or the signal', async () => {
    const code = spawn('sh', ['-c', 'exit 7']);
    deepEqual(await once(code, 'exit'), [7, null]);
    const signal = spawn('sh', ['-c', 'kill -9 $$']);
    deepEqual(await once(signal, 'close'), [null, 'SIGKILL']);
    equal(signal.exitCode, null);
    equal(signal.signalCode, 'SIGKILL');
});

test('close comes although nobody reads', async () => {
    const child = spawn('sh', ['-c', 'head -c 30000 /dev/zero']);
    deepEqual(await once(child, 'close'), [0, null]);
});

test('a program that is missing is told of, and so is a missing directory', async () => {
    const child = spawn('spindle-no-such-program', ['one', 'two']);
    equal(child.pid, undefined);
    const events = eventsOf(child);
    const [error] = await once(child, 'error');
    equal(error.message, 'spawn spindle-no-such-program ENOENT');
    equal(error.code, 'ENOENT');
    equal(error.errno, -2);
    equal(error.syscall, 'spawn spindle-no-such-program');
    equal(error.path, 'spindle-no-such-program');
    deepEqual(error.spawnargs, ['one', 'two']);
    deepEqual(await events, ['error', 'close']);
    equal(child.exitCode, -2);
    const [other] = await once(spawn('true', { cwd: '/no/such/directory' }), 'error');
    equal(other.message, 'spawn true ENOENT');
    const [denied] = await once(spawn('/etc/passwd'), 'error');
    equal(denied.code, 'EACCES');
});

test('too many arguments are thrown at the caller', () => {
    throws(() => spawn('true', ['x'.repeat(1 << 20)]), { code: 'E2BIG', message: 'spawn E2BIG', syscall: 'spawn' });
});

test('arguments are checked', () => {
    throws(() => spawn(), { code: 'ERR_INVALID_ARG_TYPE', message: 'The "file" argument must be of type string. Received undefined' });
    throws(() => spawn(''), { code: 'ERR_INVALID_ARG_VALUE', message: 'The argument \'file\' cannot be empty. Received \'\'' });
    throws(() => spawn('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => spawn('true', ['a\0b']), {
        code: 'ERR_INVALID_ARG_VALUE',
        message: 'The argument \'args[0]\' must be a string without null bytes. Received \'a\\x00b\'',
    });
    throws(() => spawn('true', 'args'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { cwd: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { detached: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { uid: 'root' }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { gid: 1.5 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { shell: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { argv0: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { env: { A: 'b\0c' } }), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => spawn('true', [], { timeout: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => spawn('true', [], { killSignal: 'SIGNOTHING' }), { code: 'ERR_UNKNOWN_SIGNAL' });
    throws(() => spawn('true', [], { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => spawn('true', [], { stdio: 'pipes' }), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => spawn('true', [], { stdio: ['ipc', 'ipc'] }), {
        code: 'ERR_IPC_ONE_PIPE', message: 'Child process can have only one IPC pipe',
    });
    throws(() => spawn('true', [], { stdio: ['text'] }), { code: 'ERR_INVALID_SYNC_FORK_INPUT' });
    throws(() => spawn('true', [], { serialization: 'xml' }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('environment, directory and name are the child\'s', async () => {
    const env = { PATH: process.env.PATH, ONE: '1', NOTHING: undefined };
    const child = spawn('sh', ['-c', 'echo $0 $ONE $NOTHING; pwd'], { env, cwd: '/usr', argv0: 'shell' });
    equal(await textOf(child.stdout), 'shell 1\n/usr\n');
    const url = spawn('pwd', { cwd: new URL('file:///usr') });
    equal(await textOf(url.stdout), '/usr\n');
});

test('a shell is used when asked for', async () => {
    equal(await textOf(spawn('echo one | tr a-z A-Z', { shell: true }).stdout), 'ONE\n');
    equal(await textOf(spawn('echo', ['$0'], { shell: '/bin/sh' }).stdout), '/bin/sh\n');
});

test('stdio: ignore, descriptors, further pipes both ways', async () => {
    const ignored = spawn('sh', ['-c', 'cat; echo'], { stdio: 'ignore' });
    deepEqual(ignored.stdio, [null, null, null]);
    equal(ignored.stdout, null);
    deepEqual(await once(ignored, 'close'), [0, null]);

    const path = `${os.tmpdir()}/spindle-stdio-${process.pid}`;
    const fd = fs.openSync(path, 'w');
    await once(spawn('echo', ['to the file'], { stdio: ['ignore', fd, 'ignore'] }), 'close');
    fs.closeSync(fd);
    equal(fs.readFileSync(path, 'utf8'), 'to the file\n');
    fs.unlinkSync(path);

    const more = spawn('sh', ['-c', 'read line <&4; echo got $line >&4'], { stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'] });
    equal(more.stdio[3], null);
    more.stdio[4].write('a line\n');
    equal(await textOf(more.stdio[4]), 'got a line\n');
});

test('one child\'s output is another\'s input', async () => {
    const first = spawn('sh', ['-c', 'sleep 0.05; echo a line']);
    const second = spawn('tr', ['a-z', 'A-Z'], { stdio: [first.stdout, 'pipe', 'inherit'] });
    equal(await textOf(second.stdout), 'A LINE\n');
});

test('output can be piped, and input pushed back', async () => {
    const first = spawn('sh', ['-c', 'seq 1 50000']);
    const second = spawn('wc', ['-l']);
    first.stdout.pipe(second.stdin);
    equal((await textOf(second.stdout)).trim(), '50000');
});

test('much input goes in at the child\'s pace', async () => {
    const child = spawn('wc', ['-c']);
    const chunk = Buffer.alloc(100_000, 'x');
    for (let i = 0; i < 20; i++) if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
    child.stdin.end();
    equal((await textOf(child.stdout)).trim(), '2000000');
});

test('writing to a child that has ended is an error of the stream', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    const stream = spawn('sh', ['-c', 'exec 0<&-; echo closed; sleep 0.2']);
    await once(stream.stdout, 'data');
    const failed = once(stream.stdin, 'error');
    stream.stdin.write('lost');
    equal((await failed)[0].code, 'EPIPE');
});

test('a paused output holds the child', async () => {
    const child = spawn('sh', ['-c', 'head -c 3000000 /dev/zero; echo done >&2']);
    child.stdout.pause();
    let done = false;
    child.stderr.on('data', () => { done = true; });
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    equal(done, false);
    let count = 0;
    child.stdout.on('data', (chunk) => { count += chunk.length; });
    child.stdout.resume();
    await once(child, 'close');
    equal(count, 3_000_000);
});

test('a detached child leads a session', async () => {
    const child = spawn('sh', ['-c', 'ps -o sid= -p $$ 2>/dev/null || cut -d" " -f6 /proc/$$/stat'], { detached: true });
    equal((await textOf(child.stdout)).trim(), String(child.pid));
});

// --- Signals -----------------------------------------------------------------------------------------------------------

test('kill sends a signal, once there is somebody to get it', async () => {
    const child = spawn('sleep', ['1000']);
    equal(child.kill(0), true);
    equal(child.kill(), true);
    equal(child.killed, true);
    deepEqual(await once(child, 'exit'), [null, 'SIGTERM']);
    equal(child.kill(), false);
    throws(() => child.kill('SIGNOTHING'), { code: 'ERR_UNKNOWN_SIGNAL', message: 'Unknown signal: SIGNOTHING' });
    const other = spawn('sleep', ['1000']);
    equal(other.kill('sigint'), true);
    deepEqual(await once(other, 'exit'), [null, 'SIGINT']);
});

test('one that ignores SIGTERM goes on, and is killed', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.01; done']);
    await once(child.stdout, 'data');
    equal(child.kill(), true);
    equal(child.killed, true);
    equal(child.exitCode, null);
    child.kill('SIGKILL');
    deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
});

test('a timeout ends it', async () => {
    deepEqual(await once(spawn('sleep', ['1000'], { timeout: 20 }), 'exit'), [null, 'SIGTERM']);
    deepEqual(await once(spawn('sleep', ['1000'], { timeout: 20, killSignal: 'SIGKILL' }), 'exit'), [null, 'SIGKILL']);
});

test('an abort signal ends it, with an error', async () => {
    const controller = new AbortController();
    const child = spawn('sleep', ['1000'], { signal: controller.signal });
    const failed = once(child, 'error');
    const ended = once(child, 'exit').catch(() => once(child, 'exit'));
    controller.abort(new Error('why'));
    const [error] = await failed;
    equal(error.name, 'AbortError');
    equal(error.code, 'ABORT_ERR');
    equal(error.cause.message, 'why');
    deepEqual(await ended, [null, 'SIGTERM']);

    const aborted = spawn('sleep', ['1000'], { signal: AbortSignal.abort() });
    equal((await once(aborted, 'error'))[0].name, 'AbortError');
});

test('a child that is not referenced does not keep the program', () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    child.unref();
    child.ref();
    child.unref();
    child.kill('SIGKILL');
});

test('exit comes although a grandchild holds the output', async () => {
    const child = spawn('sh', ['-c', 'sleep 0.3 & echo $!']);
    const started = Date.now();
    const events = eventsOf(child);
    equal((await once(child, 'exit'))[0], 0);
    ok(Date.now() - started < 290);
    deepEqual(await events, ['spawn', 'exit', 'close']);
});

// --- exec and execFile -------------------------------------------------------------------------------------------------

const call = (f, ...args) => new Promise((resolve) => {
    f(...args, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
});

test('exec and execFile collect the output', async () => {
    deepEqual(await call(exec, 'echo $ONE; echo two >&2', { env: { ONE: '1' } }), { error: null, stdout: '1\n', stderr: 'two\n' });
    deepEqual(await call(execFile, 'echo', ['one', '$TWO']), { error: null, stdout: 'one $TWO\n', stderr: '' });
    const { stdout } = await call(execFile, 'printf', ['\\377'], { encoding: 'buffer' });
    deepEqual([...stdout], [255]);
    const { stdout: hex } = await call(execFile, 'printf', ['\\377'], { encoding: 'hex' });
    equal(hex, 'ff');
});

test('their errors say the command, the code and the signal', async () => {
    const failed = await call(exec, 'echo out; echo why >&2; exit 4');
    equal(failed.error.message, 'Command failed: echo out; echo why >&2; exit 4\nwhy\n');
    equal(failed.error.code, 4);
    equal(failed.error.killed, false);
    equal(failed.error.signal, null);
    equal(failed.error.cmd, 'echo out; echo why >&2; exit 4');
    equal(failed.stdout, 'out\n');
    const missing = await call(execFile, 'spindle-no-such-program', ['a']);
    equal(missing.error.code, 'ENOENT');
    equal(missing.error.cmd, 'spindle-no-such-program a');
    equal(missing.stdout, '');
    const late = await call(execFile, 'sleep', ['1000'], { timeout: 20 });
    equal(late.error.killed, true);
    equal(late.error.code, null);
    equal(late.error.signal, 'SIGTERM');
});

test('output beyond maxBuffer ends the child', async () => {
    const { error, stdout } = await call(exec, 'yes', { maxBuffer: 10 });
    equal(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
    equal(error.message, 'stdout maxBuffer length exceeded');
    equal(stdout, 'y\ny\ny\ny\ny\n');
    equal(error.cmd, 'yes');
    const errors = await call(exec, 'yes >&2', { maxBuffer: 3 });
    equal(errors.error.message, 'stderr maxBuffer length exceeded');
    equal(errors.stderr, 'y\ny');
    const enough = await call(exec, 'echo 12345', { maxBuffer: 6 });
    equal(enough.error, null);
    throws(() => exec('true', { maxBuffer: -1 }, () => {}), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => exec('true', { timeout: 'long' }, () => {}), { code: 'ERR_OUT_OF_RANGE' });
});

test('an abort is told to the callback', async () => {
    const controller = new AbortController();
    const result = call(execFile, 'sleep', ['1000'], { signal: controller.signal });
    controller.abort();
    equal((await result).error.name, 'AbortError');
});

test('as promises they give an object, and the child', async () => {
    deepEqual(await promisify(exec)('echo one; echo two >&2'), { stdout: 'one\n', stderr: 'two\n' });
    const promise = promisify(execFile)('sh', ['-c', 'echo one; exit 3']);
    ok(promise.child instanceof ChildProcess);
    const error = await rejects(promise, { code: 3 });
    equal(error.stdout, 'one\n');
    equal(error.stderr, '');
});

// --- The ones that wait ------------------------------------------------------------------------------------------------

test('spawnSync says everything', () => {
    const result = spawnSync('sh', ['-c', 'cat; echo two >&2; exit 3'], { input: 'one' });
    deepEqual(Object.keys(result), ['status', 'signal', 'output', 'pid', 'stdout', 'stderr']);
    equal(result.status, 3);
    equal(result.signal, null);
    ok(result.pid > 0);
    ok(Buffer.isBuffer(result.stdout));
    equal(String(result.stdout), 'one');
    equal(String(result.stderr), 'two\n');
    equal(result.output[0], null);
    ok(result.output[1] === result.stdout);
    equal(spawnSync('echo', ['x'], { encoding: 'utf8' }).stdout, 'x\n');
    const killed = spawnSync('sh', ['-c', 'kill -9 $$']);
    equal(killed.status, null);
    equal(killed.signal, 'SIGKILL');
});

test('spawnSync passes much input and output', () => {
    const input = Buffer.alloc(3_000_000, 'spindle');
    const { stdout, status } = spawnSync('cat', { input, maxBuffer: 4_000_000 });
    equal(status, 0);
    ok(input.equals(stdout));
});

test('spawnSync: failures, timeouts and limits', () => {
    const missing = spawnSync('spindle-no-such-program', ['a']);
    equal(missing.error.message, 'spawnSync spindle-no-such-program ENOENT');
    equal(missing.error.code, 'ENOENT');
    equal(missing.error.syscall, 'spawnSync spindle-no-such-program');
    deepEqual(missing.error.spawnargs, ['a']);
    equal(missing.pid, 0);
    equal(missing.output, null);
    const late = spawnSync('sleep', ['1000'], { timeout: 20 });
    equal(late.error.code, 'ETIMEDOUT');
    equal(late.signal, 'SIGTERM');
    const killed = spawnSync('sleep', ['1000'], { timeout: 20, killSignal: 'SIGKILL' });
    equal(killed.signal, 'SIGKILL');
    const long = spawnSync('yes', { maxBuffer: 1000 });
    equal(long.error.code, 'ENOBUFS');
    throws(() => spawnSync('true', { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] }), { code: 'ERR_IPC_SYNC_FORK' });
});

test('execSync and execFileSync give the output or throw', () => {
    equal(String(execSync('echo $((6 * 7))')), '42\n');
    equal(execFileSync('printf', ['%s', 'a b'], { encoding: 'utf8' }), 'a b');
    const error = throws(() => execSync('echo out; echo why >&2; exit 5', { stdio: 'pipe' }));
    equal(error.message, 'Command failed: echo out; echo why >&2; exit 5\nwhy\n');
    equal(error.status, 5);
    equal(String(error.stdout), 'out\n');
    const other = throws(() => execFileSync('sh', ['-c', 'exit 6'], { stdio: 'pipe' }));
    equal(other.message, 'Command failed: sh -c exit 6');
    throws(() => execFileSync('spindle-no-such-program'), { code: 'ENOENT' });
});

// --- Many --------------------------------------------------------------------------------------------------------------

test('a hundred at once, and no descriptor is left', async () => {
    const count = () => fs.readdirSync('/proc/self/fd').length;
    await once(spawn('true'), 'close');
    const before = count();
    await Promise.all(Array.from({ length: 100 }, () => once(spawn('true'), 'close')));
    ok(count() <= before + 2, `${count()} descriptors, ${before} before`);
});

beyond('a poisoned prototype changes nothing', async () => {
    const { push, shift } = Array.prototype;
    Array.prototype.push = Array.prototype.shift = () => { throw new Error('poisoned'); };
    let child;
    try {
        child = spawn('echo', ['fine']);
    } finally {
        Object.assign(Array.prototype, { push, shift });
    }
    equal(await textOf(child.stdout), 'fine\n');
});

