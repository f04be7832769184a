'use strict';
const { deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');

test('an event carries its options', () => {
    const event = new Event('x', { bubbles: true, cancelable: true, composed: true });
    deepEqual([event.type, event.bubbles, event.cancelable, event.composed], ['x', true, true, true]);
    deepEqual([event.target, event.currentTarget, event.eventPhase, event.isTrusted], [null, null, 0, false]);
    equal(typeof event.timeStamp, 'number');
    event.preventDefault();
    deepEqual([event.defaultPrevented, event.returnValue], [true, false]);
    const firm = new Event('y');
    firm.preventDefault();
    equal(firm.defaultPrevented, false);
    equal(String(event), '[object Event]');
    equal(new CustomEvent('z', { detail: 7 }).detail, 7);
    equal(new CustomEvent('z').detail, null);
    throws(() => new Event(), { code: 'ERR_MISSING_ARGS' });
    throws(() => new Event('x', 1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => Event.prototype.preventDefault.call({}), { code: 'ERR_INVALID_THIS' });
});

test('listeners run in order, functions and objects, each once', () => {
    const target = new EventTarget();
    const seen = [];
    const listener = (event) => seen.push(['function', event.target === target, event.eventPhase]);
    target.addEventListener('x', listener);
    target.addEventListener('x', listener);
    target.addEventListener('x', { handleEvent(event) { seen.push(['object', event.type]); } });
    target.addEventListener('x', function () { seen.push(this === target); }, { once: true });
    const event = new Event('x');
    equal(target.dispatchEvent(event), true);
    deepEqual(seen, [['function', true, 2], ['object', 'x'], true]);
    deepEqual([event.target === target, event.currentTarget, event.eventPhase], [true, null, 0]);
    seen.length = 0;
    target.removeEventListener('x', listener);
    target.dispatchEvent(new Event('x'));
    deepEqual(seen, [['object', 'x']]);
});

test('capture makes another listener of the same function', () => {
    const target = new EventTarget();
    let calls = 0;
    const listener = () => calls++;
    target.addEventListener('x', listener, true);
    target.addEventListener('x', listener);
    target.dispatchEvent(new Event('x'));
    equal(calls, 2);
    target.removeEventListener('x', listener, { capture: true });
    target.dispatchEvent(new Event('x'));
    equal(calls, 3);
});

test('stopImmediatePropagation stops, cancelled events tell', () => {
    const target = new EventTarget();
    let calls = 0;
    target.addEventListener('x', (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
    });
    target.addEventListener('x', () => calls++);
    equal(target.dispatchEvent(new Event('x', { cancelable: true })), false);
    equal(calls, 0);
});

test('a listener that removes and adds others is respected', () => {
    const target = new EventTarget();
    const seen = [];
    const second = () => seen.push('second');
    target.addEventListener('x', () => {
        seen.push('first');
        target.removeEventListener('x', second);
    });
    target.addEventListener('x', second);
    target.addEventListener('x', () => seen.push('third'));
    target.dispatchEvent(new Event('x'));
    deepEqual(seen, ['first', 'third']);
});

test('an event cannot be dispatched twice at a time', () => {
    const target = new EventTarget();
    const event = new Event('x');
    let error;
    target.addEventListener('x', () => {
        try {
            target.dispatchEvent(event);
        } catch (thrown) {
            error = thrown;
        }
    });
    target.dispatchEvent(event);
    equal(error.code, 'ERR_EVENT_RECURSION');
    target.dispatchEvent(event);
});

test('a signal removes its listener', () => {
    const target = new EventTarget();
    const controller = new AbortController();
    let calls = 0;
    target.addEventListener('x', () => calls++, { signal: controller.signal });
    target.dispatchEvent(new Event('x'));
    controller.abort();
    target.dispatchEvent(new Event('x'));
    equal(calls, 1);
    target.addEventListener('x', () => calls++, { signal: controller.signal });
    target.dispatchEvent(new Event('x'));
    equal(calls, 1);
});

test('what a listener throws is an uncaught exception and the others run', async () => {
    const target = new EventTarget();
    let reached = false;
    target.addEventListener('x', () => { throw new Error('from a listener'); });
    target.addEventListener('x', () => { reached = true; });
    const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
    target.dispatchEvent(new Event('x'));
    equal(reached, true);
    equal((await caught).message, 'from a listener');
});

test('an async listener that rejects is an uncaught exception', async () => {
    const target = new EventTarget();
    target.addEventListener('x', async () => { throw new Error('later'); });
    const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
    target.dispatchEvent(new Event('x'));
    equal((await caught).message, 'later');
});

test('wrong arguments are refused', () => {
    const target = new EventTarget();
    throws(() => target.addEventListener('x'), { code: 'ERR_MISSING_ARGS' });
    throws(() => target.addEventListener('x', 5), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: 'The "listener" argument must be an instance of EventListener. Received type number (5)',
    });
    throws(() => target.dispatchEvent({}), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => EventTarget.prototype.addEventListener.call({}, 'x', () => {}), { code: 'ERR_INVALID_THIS' });
    throws(() => target.addEventListener('x', () => {}, { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('listeners pile up with a warning', async () => {
    process.removeAllListeners('warning');
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const target = new EventTarget();
    for (let i = 0; i < 12; i++) target.addEventListener('x', () => {});
    const warning = await warned;
    match(warning.message, /^Possible EventTarget memory leak detected\. 11 x listeners added to \[?EventTarget/);
    equal(warning.target, target);
    equal(warning.count, 11);
});

test('internals hold when a program poisons the prototypes', () => {
    const target = new EventTarget();
    const { push } = Array.prototype;
    const { get, set } = Map.prototype;
    let calls = 0;
    try {
        Array.prototype.push = Map.prototype.get = Map.prototype.set = () => { throw new Error('patched'); };
        target.addEventListener('x', () => { calls++; });
        target.addEventListener('x', () => { calls++; }, { once: true });
        target.dispatchEvent(new Event('x'));
        target.dispatchEvent(new Event('x'));
    } finally {
        Array.prototype.push = push;
        Map.prototype.get = get;
        Map.prototype.set = set;
    }
    equal(calls, 3);
});

// --- AbortController ---------------------------------------------------------------------------------------------------

test('abort runs listeners once and keeps the reason', () => {
    const controller = new AbortController();
    const { signal } = controller;
    let calls = 0;
    signal.onabort = (event) => {
        calls++;
        equal(event.type, 'abort');
        equal(event.isTrusted, true);
        equal(event.target, signal);
    };
    signal.addEventListener('abort', () => calls++);
    equal(signal.aborted, false);
    signal.throwIfAborted();
    controller.abort();
    controller.abort('again');
    equal(calls, 2);
    equal(signal.aborted, true);
    equal(signal.reason.name, 'AbortError');
    equal(signal.reason.code, 20);
    equal(signal.reason.message, 'This operation was aborted');
    equal(throws(() => signal.throwIfAborted()), signal.reason);
    equal(controller.signal, signal);
});

test('onabort is an attribute', () => {
    const controller = new AbortController();
    const { signal } = controller;
    equal(signal.onabort, null);
    let calls = 0;
    const listener = () => { calls++; };
    signal.onabort = listener;
    equal(signal.onabort, listener);
    signal.onabort = () => { calls += 10; };
    controller.abort();
    equal(calls, 10);
    signal.onabort = null;
    equal(signal.onabort, null);
});

test('abort, any and timeout make signals', async () => {
    equal(AbortSignal.abort().reason.name, 'AbortError');
    equal(AbortSignal.abort(5).reason, 5);
    const one = new AbortController();
    const two = new AbortController();
    const any = AbortSignal.any([one.signal, two.signal]);
    const nested = AbortSignal.any([any]);
    equal(any.aborted, false);
    let event;
    nested.addEventListener('abort', (given) => { event = given; });
    two.abort('second');
    one.abort('first');
    deepEqual([any.aborted, any.reason, nested.reason, event.target === nested], [true, 'second', 'second', true]);
    equal(AbortSignal.any([AbortSignal.abort(3), AbortSignal.abort(4)]).reason, 3);
    equal(AbortSignal.any([]).aborted, false);
    const alive = setTimeout(() => {}, 1000);
    const timeout = AbortSignal.timeout(5);
    await new Promise((resolve) => { timeout.onabort = resolve; });
    clearTimeout(alive);
    deepEqual([timeout.reason.name, timeout.reason.code], ['TimeoutError', 23]);
    match(timeout.reason.message, /aborted due to timeout/);
    throws(() => AbortSignal.timeout(-1), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => AbortSignal.timeout('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => AbortSignal.any([1]), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => new AbortSignal(), { code: 'ERR_ILLEGAL_CONSTRUCTOR', message: 'Illegal constructor' });
    throws(() => Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted').get.call({}), { code: 'ERR_INVALID_THIS' });
});

// --- DOMException ------------------------------------------------------------------------------------------------------

test('DOMException has names, codes and a stack', () => {
    const error = new DOMException('text', 'DataCloneError');
    deepEqual([error.name, error.message, error.code], ['DataCloneError', 'text', 25]);
    ok(error instanceof Error);
    ok(error instanceof DOMException);
    equal(typeof error.stack, 'string');
    equal(Object.prototype.toString.call(error), '[object DOMException]');
    equal(String(error), 'DataCloneError: text');
    deepEqual([new DOMException().name, new DOMException().message, new DOMException().code], ['Error', '', 0]);
    equal(new DOMException('a', { name: 'N', cause: 9 }).cause, 9);
    equal(DOMException.ABORT_ERR, 20);
    equal(error.TIMEOUT_ERR, 23);
    deepEqual(Object.keys(error), []);
    throws(() => Object.getOwnPropertyDescriptor(DOMException.prototype, 'name').get.call({}), { name: 'TypeError' });
});
