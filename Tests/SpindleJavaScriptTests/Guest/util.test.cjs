'use strict';

const util = require('util');
const { deepEqual, equal, ok, rejects, since, test, throws } = require('./support/harness.cjs');

test('promisify calls back with the first result or the error', async () => {
    const read = (a, b, callback) => setImmediate(callback, a < 0 ? new RangeError('negative') : null, a + b, 'second');
    const promised = util.promisify(read);
    equal(await promised(1, 2), 3);
    await rejects(promised(-1, 2), { name: 'RangeError', message: 'negative' });
    equal(promised.name, 'read');
    equal(promised.length, 3);
    equal(promised[util.promisify.custom], promised);
    equal(util.promisify(promised), promised);
    throws(() => util.promisify(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('promisify keeps this and own properties', async () => {
    const owner = {
        value: 7,
        get: util.promisify(function get(callback) { callback(null, this.value); }),
    };
    equal(await owner.get(), 7);
    const original = Object.assign((callback) => callback(), { mark: 1 });
    equal(util.promisify(original).mark, 1);
    await rejects(util.promisify(() => { throw new TypeError('at once'); })(), { message: 'at once' });
});

test('promisify takes a custom promisified function', () => {
    const custom = () => 'mine';
    const original = Object.assign(() => {}, { [util.promisify.custom]: custom });
    equal(util.promisify(original), custom);
    equal(util.promisify.custom, Symbol.for('nodejs.util.promisify.custom'));
    throws(() => util.promisify(Object.assign(() => {}, { [util.promisify.custom]: 5 })), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('callbackify turns promises into callbacks', async () => {
    const call = (fn, ...args) => new Promise((resolve) => fn(...args, (...results) => resolve(results)));
    deepEqual(await call(util.callbackify(async (a) => a * 2), 21), [null, 42]);
    const error = new Error('no');
    deepEqual(await call(util.callbackify(async () => { throw error; })), [error]);
    const [falsy] = await call(util.callbackify(() => Promise.reject(null)));
    equal(falsy.code, 'ERR_FALSY_VALUE_REJECTION');
    equal(falsy.reason, null);
    equal(falsy.message, 'Promise was rejected with falsy value');
    async function named(a, b) { return a + b; }
    equal(util.callbackify(named).name, 'namedCallbackified');
    equal(util.callbackify(named).length, 3);
    throws(() => util.callbackify(named)(1, 2), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.callbackify('x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('deprecate warns once a function and once a code', () => {
    const warnings = [];
    const { emitWarning } = process;
    process.emitWarning = (...args) => warnings.push(args.slice(0, 3));
    try {
        const old = util.deprecate(function old(a) { return [this, a]; }, 'old is old', 'DEP_ONE');
        const owner = { old };
        deepEqual(owner.old(1), [owner, 1]);
        owner.old(2);
        util.deprecate(() => {}, 'same code', 'DEP_ONE')();
        util.deprecate(() => {}, 'no code')();
        util.deprecate(() => {}, 'no code')();
    } finally {
        process.emitWarning = emitWarning;
    }
    equal(warnings.length, 3);
    deepEqual(warnings[0], ['old is old', 'DeprecationWarning', 'DEP_ONE']);
    deepEqual(warnings[1].slice(0, 2), ['no code', 'DeprecationWarning']);
    class Thing {}
    process.emitWarning = () => {};
    const OldThing = util.deprecate(Thing, 'old class');
    ok(new OldThing() instanceof Thing);
    ok(new Thing() instanceof OldThing);
    process.emitWarning = emitWarning;
    throws(() => util.deprecate(() => {}, 'x', 5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('inherits links constructors', () => {
    function Parent() {}
    Parent.prototype.hello = () => 'hello';
    function Child() {}
    util.inherits(Child, Parent);
    equal(new Child().hello(), 'hello');
    equal(Child.super_, Parent);
    deepEqual(Object.keys(Child), []);
    throws(() => util.inherits(null, Parent), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.inherits(Child, undefined), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.inherits(Child, {}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('debuglog is silent for sections not asked for', () => {
    const log = util.debuglog('no-such-section');
    equal(log.enabled, false);
    equal(log('nothing %s', 'printed'), undefined);
    equal(util.debug, util.debuglog);
});

test('parseArgs: options and positionals', () => {
    const parse = (args, options, more) => util.parseArgs({ args, options, ...more });
    const options = { force: { type: 'boolean', short: 'f' }, name: { type: 'string', short: 'n' } };
    deepEqual({ ...parse(['-f', '--name', 'x'], options).values }, { force: true, name: 'x' });
    deepEqual({ ...parse(['--name=a=b', '-fn', 'y'], options).values }, { name: 'y', force: true });
    deepEqual({ ...parse(['-fny'], options).values }, { force: true, name: 'y' });
    deepEqual({ ...parse(['-nfile'], options).values }, { name: 'file' });
    deepEqual({ ...parse(['--name='], options).values }, { name: '' });
    deepEqual(parse(['a', '-f', '--', '-n', 'b'], options, { allowPositionals: true }).positionals, ['a', '-n', 'b']);
    equal(Object.getPrototypeOf(parse([], options).values), null);
    const many = { tag: { type: 'string', multiple: true }, v: { type: 'boolean', short: 'v', multiple: true } };
    deepEqual({ ...parse(['--tag', 'a', '-vv', '--tag=b'], many).values }, { tag: ['a', 'b'], v: [true, true] });
    const defaults = { a: { type: 'string', default: 'd' }, b: { type: 'string', multiple: true, default: ['x'] } };
    deepEqual({ ...parse(['--a', '1'], defaults).values }, { a: '1', b: ['x'] });
    const negative = { color: { type: 'boolean' }, keep: { type: 'string' } };
    deepEqual({ ...parse(['--no-color'], negative, { allowNegative: true }).values }, { color: false });
    deepEqual({ ...parse(['--no-color', '--color'], negative, { allowNegative: true }).values }, { color: true });
    throws(() => parse(['--no-keep'], negative, { allowNegative: true }), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
});

test('parseArgs: without strictness anything goes', () => {
    const { values, positionals } = util.parseArgs({
        strict: false, args: ['--unknown', '-x', '--with=value', 'word', '--text'], options: { text: { type: 'string' } },
    });
    deepEqual({ ...values }, { unknown: true, x: true, with: 'value', text: true });
    deepEqual(positionals, ['word']);
});

test('parseArgs: tokens', () => {
    const { tokens } = util.parseArgs({
        args: ['-ab', '--c', 'v', '--c=w', 'p', '--', '-q'], allowPositionals: true, tokens: true,
        options: { a: { type: 'boolean', short: 'a' }, b: { type: 'boolean', short: 'b' }, c: { type: 'string' } },
    });
    deepEqual(tokens.map((token) => Object.values(token).map(String).join(' ')), [
        'option a -a 0 undefined undefined', 'option b -b 0 undefined undefined', 'option c --c 1 v false',
        'option c --c 3 w true', 'positional 4 p', 'option-terminator 5', 'positional 6 -q',
    ]);
});

test('parseArgs: errors say what is wrong', () => {
    const options = { f: { type: 'boolean', short: 'f' }, name: { type: 'string', short: 'n' } };
    const fails = (args, code, message) => throws(() => util.parseArgs({ args, options }), { code, message });
    fails(['--nope'], 'ERR_PARSE_ARGS_UNKNOWN_OPTION', "Unknown option '--nope'");
    fails(['-z'], 'ERR_PARSE_ARGS_UNKNOWN_OPTION', "Unknown option '-z'");
    fails(['word'], 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
        "Unexpected argument 'word'. This command does not take positional arguments");
    fails(['--name'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', "Option '-n, --name <value>' argument missing");
    fails(['--f=1'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', "Option '-f, --f' does not take an argument");
    fails(['--name', '-f'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', "Option '--name' argument is ambiguous.\n" +
        "Did you forget to specify the option argument for '--name'?\n" +
        "To specify an option argument starting with a dash use '--name=-XYZ'.");
    throws(() => util.parseArgs({ args: ['--x'], options, allowPositionals: true }), {
        message: "Unknown option '--x'. To specify a positional argument starting with a '-', place it at the end of the " +
            'command after \'--\', as in \'-- "--x"',
    });
    throws(() => util.parseArgs({ args: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.parseArgs({ args: [], options: { a: {} } }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.parseArgs({ args: [], options: { a: { type: 'number' } } }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.parseArgs({ args: [], options: { a: { type: 'string', short: 'ab' } } }), {
        code: 'ERR_INVALID_ARG_VALUE',
    });
    throws(() => util.parseArgs({ args: [], options: { a: { type: 'string', default: 1 } } }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('styleText puts text between codes', () => {
    const always = { validateStream: false };
    equal(util.styleText('red', 'x', always), '\x1b[31mx\x1b[39m');
    equal(util.styleText(['bold', 'underline'], 'x', always), '\x1b[1m\x1b[4mx\x1b[24m\x1b[22m');
    throws(() => util.styleText('nope', 'x', always), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => util.styleText('red', 5, always), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.styleText('red', 'x', { stream: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.styleText('red', 'x', { validateStream: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(util.styleText('red', 'x', { stream: { write() {}, on() {}, pipe() {}, _writableState: {}, isTTY: false } }), 'x');
});

test('stripVTControlCharacters leaves the text', () => {
    equal(util.stripVTControlCharacters('\x1b[31mred\x1b[39m plain'), 'red plain');
    equal(util.stripVTControlCharacters('\x1b]8;;http://a.b/c?d=e\x07link\x1b]8;;\x07'), 'link');
    equal(util.stripVTControlCharacters('no codes'), 'no codes');
    throws(() => util.stripVTControlCharacters(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('toUSVString replaces lone surrogates', () => {
    equal(util.toUSVString('a\ud800b'), 'a\ufffdb');
    equal(util.toUSVString('\ud83d\ude00'), '\ud83d\ude00');
});

test('system errors have names', () => {
    equal(util.getSystemErrorName(-2), 'ENOENT');
    equal(util.getSystemErrorName(-13), 'EACCES');
    equal(util.getSystemErrorName(-99999), 'Unknown system error -99999');
    deepEqual(util.getSystemErrorMap().get(-2), ['ENOENT', 'no such file or directory']);
    throws(() => util.getSystemErrorName('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => util.getSystemErrorName(2), { code: 'ERR_OUT_OF_RANGE' });
});
since('23', 'getSystemErrorMessage describes', () => {
    equal(util.getSystemErrorMessage(-2), 'no such file or directory');
});

test('parseEnv reads assignments', () => {
    const env = util.parseEnv([
        '# comment', 'PLAIN=value', 'SPACED =  around  ', 'EMPTY=', 'export EXPORTED=yes', 'QUOTED="a # b"', "SINGLE='x\\ny'",
        'ESCAPED="x\\ny"', 'MULTI="one', 'two"', 'BACK=`it\'s "so"`', 'COMMENT=v # trailing', 'EQUALS=a=b',
    ].join('\n'));
    deepEqual({ ...env }, {
        PLAIN: 'value', SPACED: 'around', EMPTY: '', EXPORTED: 'yes', QUOTED: 'a # b', SINGLE: 'x\\ny', ESCAPED: 'x\ny',
        MULTI: 'one\ntwo', BACK: 'it\'s "so"', COMMENT: 'v', EQUALS: 'a=b',
    });
    throws(() => util.parseEnv(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('isDeepStrictEqual compares structures', () => {
    equal(util.isDeepStrictEqual({ a: [1, { b: new Map([[{ k: 1 }, new Set([[1]])]]) }] },
        { a: [1, { b: new Map([[{ k: 1 }, new Set([[1]])]]) }] }), true);
    equal(util.isDeepStrictEqual([0], [-0]), false);
    equal(util.isDeepStrictEqual([NaN], [NaN]), true);
    equal(util.isDeepStrictEqual({ a: 1 }, { a: '1' }), false);
});

test('aborted resolves with the signal', async () => {
    if (typeof AbortController === 'undefined') return;
    const controller = new AbortController();
    const resource = {};
    const promise = util.aborted(controller.signal, resource);
    controller.abort();
    await promise;
    await util.aborted(controller.signal, resource);
    await rejects(util.aborted(undefined, {}), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(util.aborted(controller.signal, null), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('the encoders are those of the language', () => {
    deepEqual([...new util.TextEncoder().encode('é')], [0xc3, 0xa9]);
    equal(new util.TextDecoder().decode(new Uint8Array([0xc3, 0xa9])), 'é');
});

test('the old predicates', () => {
    equal(util.isArray([]), true);
    equal(util.types, require('util/types'));
    if (since('23')) return;  // gone since
    equal(util.isRegExp(/a/), true);
    equal(util.isDate(new Date()), true);
    equal(util.isError(new TypeError('x')), true);
    equal(util.isPrimitive(null), true);
    equal(util.isPrimitive({}), false);
    equal(util.isObject(null), false);
    equal(util.isFunction(() => {}), true);
    equal(util.isNullOrUndefined(undefined), true);
    deepEqual(util._extend({ a: 1 }, { b: 2 }), { a: 1, b: 2 });
});
