'use strict';
const { deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const os = require('node:os');

test('facts of the machine have their types', () => {
    equal(os.EOL, '\n');
    equal(os.devNull, '/dev/null');
    equal(os.platform(), 'linux');
    equal(os.type(), 'Linux');
    equal(os.endianness(), 'LE');
    for (const name of ['arch', 'hostname', 'release', 'version', 'machine', 'homedir', 'tmpdir']) {
        ok(typeof os[name]() === 'string' && os[name]().length > 0, name);
    }
    for (const name of ['uptime', 'totalmem', 'freemem', 'availableParallelism']) ok(os[name]() > 0, name);
    equal(os.loadavg().length, 3);
    equal(`${os.hostname}`, os.hostname());
});

test('processors, interfaces and the user are objects', () => {
    const [cpu] = os.cpus();
    deepEqual(Object.keys(cpu), ['model', 'speed', 'times']);
    deepEqual(Object.keys(cpu.times), ['user', 'nice', 'sys', 'idle', 'irq']);
    for (const list of Object.values(os.networkInterfaces())) {
        for (const { address, family, cidr, internal } of list) {
            match(family, /^IPv[46]$/);
            ok(cidr.startsWith(`${address}/`));
            equal(typeof internal, 'boolean');
            if (address === '127.0.0.1') equal(cidr, '127.0.0.1/8');
            if (address === '::1') equal(cidr, '::1/128');
        }
    }
    const user = os.userInfo();
    deepEqual(Object.keys(user).sort(), ['gid', 'homedir', 'shell', 'uid', 'username']);
});

test('tmpdir heeds the environment', () => {
    const { TMPDIR } = process.env;
    process.env.TMPDIR = '/somewhere/';
    equal(os.tmpdir(), '/somewhere');
    process.env.TMPDIR = '/';
    equal(os.tmpdir(), '/');
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
});

test('priorities are checked', () => {
    equal(typeof os.getPriority(), 'number');
    throws(() => os.setPriority(0, 20), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => os.getPriority('a'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => os.getPriority(2 ** 30), {
        name: 'SystemError', code: 'ERR_SYSTEM_ERROR', errno: -3, syscall: 'uv_os_getpriority',
        message: 'A system error occurred: uv_os_getpriority returned ESRCH (no such process)',
    });
});

test('constants are those of Linux', () => {
    const { errno, priority, signals } = os.constants;
    deepEqual([signals.SIGHUP, signals.SIGKILL, signals.SIGTERM, signals.SIGSYS], [1, 9, 15, 31]);
    deepEqual([errno.ENOENT, errno.ENOTEMPTY, errno.EPROTO, errno.ECONNREFUSED, errno.EDQUOT], [2, 39, 71, 111, 122]);
    equal(priority.PRIORITY_HIGHEST, -20);
});
