'use strict';
const { deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const { Console } = require('node:console');
const EventEmitter = require('node:events');

/** A console whose lines are kept. */
function recording(options) {
    const lines = { out: '', err: '' };
    const stream = (name) => Object.assign(new EventEmitter(), { write(text) { lines[name] += text; } });
    const own = new Console({ stdout: stream('out'), stderr: stream('err'), ...options });
    return { lines, own };
}

test('each method writes to its stream', () => {
    const { lines, own } = recording();
    own.log('a %s %i', 'b', 4.5, 'c');
    own.info(1);
    own.debug({ a: 1 });
    own.dirxml([1]);
    equal(lines.out, 'a b 4 c\n1\n{ a: 1 }\n[ 1 ]\n');
    own.error('e');
    own.warn('w');
    equal(lines.err, 'e\nw\n');
    own.log();
    own.log(undefined);
    equal(lines.out.slice(-12), '\nundefined\n'.padStart(12, '\n'));
});

test('groups indent every line', () => {
    const { lines, own } = recording({ groupIndentation: 3 });
    own.group('G', 1);
    own.log('x\ny');
    own.groupCollapsed();
    own.error('deep');
    own.groupEnd();
    own.groupEnd();
    own.groupEnd();
    own.log('out');
    equal(lines.out, 'G 1\n   x\n   y\nout\n');
    equal(lines.err, '      deep\n');
});

test('counters count', async () => {
    const { lines, own } = recording();
    own.count();
    own.count();
    own.count('x');
    own.countReset();
    own.count();
    equal(lines.out, 'default: 1\ndefault: 2\nx: 1\ndefault: 1\n');
    process.removeAllListeners('warning');
    const warned = new Promise((resolve) => process.once('warning', resolve));
    own.countReset('none');
    equal((await warned).message, 'Count for \'none\' does not exist');
});

test('timers tell durations', async () => {
    const { lines, own } = recording();
    own.time();
    own.timeLog('default', 'extra', 1);
    own.timeEnd();
    match(lines.out, /^default: \d+(\.\d+)?m?s extra 1\ndefault: \d+(\.\d+)?m?s\n$/);
    process.removeAllListeners('warning');
    const warned = new Promise((resolve) => process.once('warning', resolve));
    own.timeEnd('none');
    match((await warned).message, /No such label 'none' for console\.timeEnd\(\)/);
});

test('assert speaks up only for what is false', () => {
    const { lines, own } = recording();
    own.assert(true, 'no');
    own.assert(false);
    own.assert(0, 'because %s', 'x');
    equal(lines.err, 'Assertion failed\nAssertion failed: because x\n');
});

since('24', 'assert inspects what is no text', () => {
    const { lines, own } = recording();
    own.assert(false, { a: 1 });
    equal(lines.err, 'Assertion failed { a: 1 }\n');
});

test('trace prints a stack, dir inspects', () => {
    const { lines, own } = recording();
    own.trace('here %d', 1);
    match(lines.err, /^Trace: here 1\n/);
    own.dir({ a: { b: { c: {} } } }, { depth: 0 });
    equal(lines.out, '{ a: [Object] }\n');
});

test('tables are drawn', () => {
    const { lines, own } = recording();
    own.table([{ a: 1, b: 'x' }, { a: 2, c: true }]);
    equal(lines.out, [
        '┌─────────┬───┬─────┬──────┐',
        '│ (index) │ a │ b   │ c    │',
        '├─────────┼───┼─────┼──────┤',
        '│ 0       │ 1 │ \'x\' │      │',
        '│ 1       │ 2 │     │ true │',
        '└─────────┴───┴─────┴──────┘',
        '',
    ].join('\n'));
    lines.out = '';
    own.table(new Map([['k', { a: 1 }], ['l', 2]]));
    match(lines.out, /│ \(iteration index\) │ Key │ Values   │\n[^\n]+\n│ 0                 │ 'k' │ { a: 1 } │\n│ 1                 │ 'l' │ 2        │/);
    lines.out = '';
    own.table([{ a: 1, b: 2 }, 'plain'], ['b']);
    match(lines.out, /│ \(index\) │ b │\n[^\n]+\n│ 0       │ 2 │\n│ 1       │   │/);
    lines.out = '';
    own.table(5);
    equal(lines.out, '5\n');
    throws(() => own.table([], 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('methods are bound and consoles are known', () => {
    const { lines, own } = recording();
    const { log } = own;
    log('bound');
    equal(lines.out, 'bound\n');
    ok(own instanceof Console && console instanceof Console);
    equal(console.Console, Console);
    equal(Object.prototype.toString.call(console), '[object console]');
    ok(Console({ stdout: process.stdout }) instanceof Console);
    throws(() => new Console({}), {
        code: 'ERR_CONSOLE_WRITABLE_STREAM', message: 'Console expects a writable stream instance for stdout',
    });
    throws(() => new Console({ stdout: process.stdout, groupIndentation: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => new Console({ stdout: process.stdout, colorMode: 1 }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('errors of a stream are swallowed unless asked for', () => {
    const stream = Object.assign(new EventEmitter(), { write() { throw new Error('broken'); } });
    new Console({ stdout: stream }).log('x');
    throws(() => new Console({ stdout: stream, ignoreErrors: false }).log('x'), { message: 'broken' });
    equal(stream.listenerCount('error'), 0);
});

test('colours are used where asked for', () => {
    const { lines, own } = recording({ colorMode: true });
    own.log({ a: 1 });
    equal(lines.out, '{ a: \x1B[33m1\x1B[39m }\n');
});
