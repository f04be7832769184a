'use strict';
const { deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const EventEmitter = require('node:events');

const nextTick = () => new Promise((resolve) => process.nextTick(resolve));

test('the global is the module, an emitter named process', () => {
    equal(require('node:process'), process);
    ok(process instanceof EventEmitter);
    equal(Object.prototype.toString.call(process), '[object process]');
});

test('it tells what runs where', () => {
    match(process.version, /^v\d+\.\d+\.\d+$/);
    equal(`v${process.versions.node}`, process.version);
    // By this the tests of what only Spindle promises know where they are.
    const isNode = process.title === 'node' || 'v8' in process.versions;
    equal(typeof process.versions.spindle, isNode ? 'undefined' : 'string');
    equal(process.platform, 'linux');
    equal(typeof process.arch, 'string');
    ok(process.pid > 0 && process.ppid >= 0);
    ok(Array.isArray(process.argv) && process.argv[1].endsWith('process.test.cjs'));
    ok(Array.isArray(process.execArgv));
    equal(typeof process.execPath, 'string');
    equal(typeof process.argv0, 'string');
    equal(process.release.name, 'node');
    equal(typeof process.title, 'string');
    equal(typeof process.features, 'object');
    equal(typeof process.config.variables, 'object');
    ok(process.allowedNodeEnvironmentFlags instanceof Set);
    equal(process.cwd()[0], '/');
    equal(typeof process.getuid(), 'number');
    ok(Array.isArray(process.getgroups()));
});

test('env holds strings', () => {
    const { env } = process;
    env.SPINDLE_A = 5;
    equal(env.SPINDLE_A, '5');
    env.SPINDLE_A = undefined;
    equal(env.SPINDLE_A, 'undefined');
    ok('SPINDLE_A' in env && Object.keys(env).includes('SPINDLE_A'));
    equal({ ...env }.SPINDLE_A, 'undefined');
    equal(delete env.SPINDLE_A, true);
    equal(env.SPINDLE_A, undefined);
    equal('SPINDLE_A' in env, false);
    equal(delete env.SPINDLE_NONE, true);
    throws(() => { env.X = Symbol('x'); }, TypeError);
    throws(() => { env[Symbol('x')] = 'x'; }, TypeError);
    equal(env[Symbol('x')], undefined);
    throws(() => Object.defineProperty(env, 'X', { value: 'x' }), { code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY' });
    throws(() => Object.defineProperty(env, 'X', { get() {} }), { code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY' });
    Object.defineProperty(env, 'SPINDLE_B', { configurable: true, enumerable: true, value: 1, writable: true });
    equal(env.SPINDLE_B, '1');
    delete env.SPINDLE_B;
});

test('hrtime and uptime count', () => {
    const start = process.hrtime();
    equal(start.length, 2);
    const [seconds, nanoseconds] = process.hrtime(start);
    ok(seconds === 0 && nanoseconds >= 0 && nanoseconds < 1e9);
    const big = process.hrtime.bigint();
    equal(typeof big, 'bigint');
    ok(process.hrtime.bigint() >= big);
    ok(process.uptime() > 0 && process.uptime() < 60);
    throws(() => process.hrtime(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.hrtime([1]), { code: 'ERR_OUT_OF_RANGE', message: /must be 2\. Received 1$/ });
});

test('usage is told in documented members', () => {
    deepEqual(Object.keys(process.memoryUsage()), ['rss', 'heapTotal', 'heapUsed', 'external', 'arrayBuffers']);
    ok(process.memoryUsage.rss() > 1e6);
    const usage = process.cpuUsage();
    deepEqual(Object.keys(usage), ['user', 'system']);
    const later = process.cpuUsage(usage);
    ok(later.user >= 0 && later.system >= 0);
    throws(() => process.cpuUsage({ user: 'a' }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.cpuUsage({ user: -1, system: 1 }), { code: 'ERR_INVALID_ARG_VALUE', name: 'RangeError' });
    equal(Object.keys(process.resourceUsage()).length, 16);
    ok(process.resourceUsage().maxRSS > 0);
});

test('exitCode takes integers', () => {
    equal(process.exitCode, undefined);
    for (const code of [0, 5, '7', undefined, null]) process.exitCode = code;
    for (const code of ['a', {}, [], true, '']) throws(() => { process.exitCode = code; }, { code: 'ERR_INVALID_ARG_TYPE' });
    for (const code of [1.5, '1.5']) throws(() => { process.exitCode = code; }, { code: 'ERR_OUT_OF_RANGE' });
    process.exitCode = undefined;
});

test('kill, chdir and umask check and report', () => {
    equal(process.kill(process.pid, 0), true);
    throws(() => process.kill('a'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.kill(process.pid, 'SIGNONE'), { code: 'ERR_UNKNOWN_SIGNAL', message: 'Unknown signal: SIGNONE' });
    throws(() => process.kill(2 ** 30, 0), { code: 'ESRCH', errno: -3, syscall: 'kill', message: 'kill ESRCH' });
    const here = process.cwd();
    throws(() => process.chdir('/nowhere at all'), {
        code: 'ENOENT', syscall: 'chdir', path: here, dest: '/nowhere at all',
        message: `ENOENT: no such file or directory, chdir '${here}' -> '/nowhere at all'`,
    });
    throws(() => process.chdir(5), { code: 'ERR_INVALID_ARG_TYPE' });
    const mask = process.umask();
    equal(typeof mask, 'number');
    throws(() => process.umask('9'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('warnings are events', async () => {
    process.removeAllListeners('warning');
    const seen = [];
    process.on('warning', (warning) => seen.push(warning));
    process.emitWarning('one');
    process.emitWarning('two', 'Kind', 'CODE');
    process.emitWarning('three', { type: 'Other', code: 'C3', detail: 'more' });
    const error = new Error('four');
    process.emitWarning(error);
    deepEqual(seen, []);
    await nextTick();
    deepEqual(seen.map(({ name, message, code, detail }) => [name, message, code, detail]), [
        ['Warning', 'one', undefined, undefined], ['Kind', 'two', 'CODE', undefined], ['Other', 'three', 'C3', 'more'],
        ['Error', 'four', undefined, undefined],
    ]);
    equal(seen[3], error);
    throws(() => process.emitWarning(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.emitWarning('a', 1), { code: 'ERR_INVALID_ARG_TYPE' });
    process.removeAllListeners('warning');
    process.noDeprecation = true;
    process.on('warning', () => seen.push('deprecated'));
    process.emitWarning('old', 'DeprecationWarning');
    await nextTick();
    equal(seen.length, 4);
    process.noDeprecation = false;
    process.removeAllListeners('warning');
});

test('signals may be listened for', () => {
    const listener = () => {};
    process.on('SIGUSR2', listener);
    process.off('SIGUSR2', listener);
    equal(process.listenerCount('SIGUSR2'), 0);
});

test('the standard streams have the everyday members', async () => {
    equal(process.stdout.fd, 1);
    equal(process.stderr.fd, 2);
    equal(process.stdout, process.stdout);
    await new Promise((resolve) => process.stdout.write('# a line from stdout\n', resolve));
    await new Promise((resolve) => process.stdout.write('# another\n', 'utf8', resolve));
    throws(() => process.stdout.write(5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.stdout.write(null), { code: 'ERR_STREAM_NULL_VALUES' });
});
