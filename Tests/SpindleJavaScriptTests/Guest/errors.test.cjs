'use strict';
const { beyond, deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const EventEmitter = require('node:events');
const os = require('node:os');

/** The message of a wrong listener, a place where any value may be handed in. */
const received = (value) => throws(() => new EventEmitter().on('x', value), { code: 'ERR_INVALID_ARG_TYPE' }).message
    .replace('The "listener" argument must be of type function. Received ', '');

test('messages say what was received', () => {
    class Point {}
    const cases = [
        [undefined, 'undefined'], [null, 'null'], [5, 'type number (5)'], [-0, 'type number (-0)'], [NaN, 'type number (NaN)'],
        [10n, 'type bigint (10n)'], [true, 'type boolean (true)'], [Symbol('s'), 'type symbol (Symbol(s))'],
        ['it', 'type string (\'it\')'], ['it\'s', 'type string ("it\'s")'],
        ['a text of more than twenty-eight characters', 'type string (\'a text of more than twent...\')'],
        [{}, 'an instance of Object'], [[], 'an instance of Array'], [new Point(), 'an instance of Point'],
        [Object.create(null), '[Object: null prototype] {}'],
    ];
    for (const [value, text] of cases) equal(received(value), text);
});

test('an error is of the plain class, with code, text and stack', () => {
    const error = throws(() => new EventEmitter().on('x', 5));
    equal(error.name, 'TypeError');
    equal(error.constructor, TypeError);
    equal(String(error), `TypeError [ERR_INVALID_ARG_TYPE]: ${error.message}`);
    deepEqual(Object.keys(error), ['code']);
    equal(Object.getOwnPropertyDescriptor(error, 'message').enumerable, false);
    equal(Object.hasOwn(error, 'name'), false);
    equal(typeof error.stack, 'string');
});

test('messages name what was expected', () => {
    const message = (body) => throws(body).message;
    equal(
        message(() => os.setPriority(0, 20)),
        'The value of "priority" is out of range. It must be >= -20 && <= 19. Received 20');
    equal(message(() => os.setPriority(0, 1.5)), 'The value of "priority" is out of range. It must be an integer. Received 1.5');
    equal(
        message(() => AbortSignal.timeout(12345678901)),
        'The value of "delay" is out of range. It must be >= 0 && <= 4294967295. Received 12_345_678_901');
    equal(message(() => process.umask('9')),
        'The argument \'mask\' must be a 32-bit unsigned integer or an octal string. Received \'9\'');
    equal(message(() => new Event()), 'The "type" argument must be specified');
    equal(message(() => new EventTarget().addEventListener()), 'The "type" and "listener" arguments must be specified');
    equal(message(() => process.hrtime(1)), 'The "time" argument must be an instance of Array. Received type number (1)');
    equal(
        message(() => process.emitWarning(1)),
        'The "warning" argument must be of type string or an instance of Error. Received type number (1)');
    equal(
        message(() => process.setUncaughtExceptionCaptureCallback(1)),
        'The "fn" argument must be of type function or null. Received type number (1)');
    equal(message(() => process.cpuUsage(1)), 'The "prevValue" argument must be of type object. Received type number (1)');
    equal(
        message(() => process.cpuUsage({ user: 'a' })),
        'The "prevValue.user" property must be of type number. Received type string (\'a\')');
    equal(message(() => process.kill(1, 'SIGX')), 'Unknown signal: SIGX');
    equal(
        message(() => new EventEmitter().setMaxListeners(-1)),
        'The value of "setMaxListeners" is out of range. It must be >= 0. Received -1');
});

beyond('messages are made though the prototypes are poisoned', () => {
    const iterator = Array.prototype[Symbol.iterator];
    const { includes, join, map, push } = Array.prototype;
    const { slice } = String.prototype;
    let error;
    const poison = () => { throw new Error('patched'); };
    try {
        Array.prototype.includes = Array.prototype.join = Array.prototype.map = Array.prototype.push = poison;
        Array.prototype[Symbol.iterator] = String.prototype.slice = poison;
        new EventEmitter().on('x', 5);
    } catch (thrown) {
        error = thrown;
    } finally {
        Array.prototype[Symbol.iterator] = iterator;
        Object.assign(Array.prototype, { includes, join, map, push });
        String.prototype.slice = slice;
        for (const name of ['includes', 'join', 'map', 'push']) {
            Object.defineProperty(Array.prototype, name, { enumerable: false });
        }
    }
    equal(error.code, 'ERR_INVALID_ARG_TYPE');
});
