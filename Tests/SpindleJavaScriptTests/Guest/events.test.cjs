'use strict';
const { beyond, deepEqual, equal, match, notEqual, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const EventEmitter = require('node:events');
const { once, on } = EventEmitter;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('listeners run in order with the arguments and the emitter as this', () => {
    const emitter = new EventEmitter();
    const seen = [];
    emitter.on('a', function (...args) { seen.push(['first', this === emitter, ...args]); });
    emitter.prependListener('a', (...args) => seen.push(['before', ...args]));
    equal(emitter.emit('a', 1, 2, 3, 4, 5), true);
    equal(emitter.emit('b'), false);
    deepEqual(seen, [['before', 1, 2, 3, 4, 5], ['first', true, 1, 2, 3, 4, 5]]);
});

test('once runs once, is found by its original and is removed before it runs', () => {
    const emitter = new EventEmitter();
    let calls = 0;
    const listener = () => {
        calls++;
        emitter.emit('a');
    };
    emitter.once('a', listener);
    deepEqual(emitter.listeners('a'), [listener]);
    notEqual(emitter.rawListeners('a')[0], listener);
    equal(emitter.rawListeners('a')[0].listener, listener);
    emitter.emit('a');
    equal(calls, 1);
    emitter.once('a', listener).off('a', listener);
    equal(emitter.listenerCount('a'), 0);
});

test('listeners that remove and add others do not disturb the emit under way', () => {
    const emitter = new EventEmitter();
    const seen = [];
    const third = () => seen.push('third');
    emitter.on('a', () => {
        seen.push('first');
        emitter.removeListener('a', third);
        emitter.on('a', () => seen.push('late'));
    });
    emitter.on('a', () => seen.push('second'));
    emitter.on('a', third);
    emitter.emit('a');
    deepEqual(seen, ['first', 'second', 'third']);
    seen.length = 0;
    emitter.emit('a');
    deepEqual(seen, ['first', 'second', 'late']);
});

test('with any number of listeners each is called', () => {
    for (let count = 1; count <= 9; count++) {
        const emitter = new EventEmitter();
        let sum = 0;
        for (let i = 0; i < count; i++) emitter.on('x', () => { sum += i; });
        emitter.emit('x');
        equal(sum, count * (count - 1) / 2);
    }
});

test('a throwing listener ends the emit with its error', () => {
    const emitter = new EventEmitter();
    let reached = false;
    emitter.on('a', () => { throw new RangeError('mine'); });
    emitter.on('a', () => { reached = true; });
    throws(() => emitter.emit('a'), { name: 'RangeError', message: 'mine' });
    equal(reached, false);
});

test('an error event without a listener throws', () => {
    const emitter = new EventEmitter();
    const error = new Error('boom');
    equal(throws(() => emitter.emit('error', error)), error);
    const wrapped = throws(() => emitter.emit('error', { a: 1 }), {
        code: 'ERR_UNHANDLED_ERROR', message: 'Unhandled error. ({ a: 1 })',
    });
    deepEqual(wrapped.context, { a: 1 });
    throws(() => emitter.emit('error'), { code: 'ERR_UNHANDLED_ERROR', message: /^Unhandled error\./ });
    const seen = [];
    emitter.on(EventEmitter.errorMonitor, (reason) => seen.push(reason));
    throws(() => emitter.emit('error', error));
    emitter.on('error', () => seen.push('handled'));
    emitter.emit('error', error);
    deepEqual(seen, [error, error, 'handled']);
});

test('newListener and removeListener tell of changes', () => {
    const emitter = new EventEmitter();
    const log = [];
    const listener = () => {};
    emitter.on('newListener', (type, given) => log.push(['new', type, given === listener, emitter.listenerCount('a')]));
    emitter.on('removeListener', (type, given) => log.push(['removed', type, given === listener, emitter.listenerCount('a')]));
    log.length = 0;
    emitter.once('a', listener);
    emitter.on('a', listener);
    emitter.off('a', listener);
    emitter.off('a', listener);
    deepEqual(log, [
        ['new', 'a', true, 0], ['new', 'a', true, 1], ['removed', 'a', true, 1], ['removed', 'a', true, 0],
    ]);
});

test('removeAllListeners removes by type or everything, last listeners first', () => {
    const emitter = new EventEmitter();
    const order = [];
    const one = () => {};
    const two = () => {};
    emitter.on('a', one).on('a', two).on('b', one);
    emitter.on('removeListener', (type, listener) => order.push(listener === one ? `${type}1` : `${type}2`));
    emitter.removeAllListeners('a');
    deepEqual(order, ['a2', 'a1']);
    deepEqual(emitter.eventNames(), ['b', 'removeListener']);
    emitter.removeAllListeners();
    deepEqual(emitter.eventNames(), []);
});

test('symbols are types and names come in order', () => {
    const emitter = new EventEmitter();
    const symbol = Symbol('s');
    emitter.on('b', () => {}).on('a', () => {}).on(symbol, () => {});
    deepEqual(emitter.eventNames(), ['b', 'a', symbol]);
    equal(emitter.emit(symbol), true);
});

test('names of Object.prototype are ordinary types', () => {
    const emitter = new EventEmitter();
    equal(emitter.emit('toString'), false);
    let calls = 0;
    emitter.on('__proto__', () => calls++).on('hasOwnProperty', () => calls++);
    emitter.emit('__proto__');
    emitter.emit('hasOwnProperty');
    equal(calls, 2);
});

test('wrong arguments are refused with codes', () => {
    const emitter = new EventEmitter();
    throws(() => emitter.on('a', 5), {
        code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError',
        message: 'The "listener" argument must be of type function. Received type number (5)',
    });
    throws(() => emitter.once('a', null), { code: 'ERR_INVALID_ARG_TYPE', message: /Received null$/ });
    throws(() => emitter.setMaxListeners(-1), { code: 'ERR_OUT_OF_RANGE', name: 'RangeError' });
    throws(() => { EventEmitter.defaultMaxListeners = NaN; }, { code: 'ERR_OUT_OF_RANGE' });
    throws(() => new EventEmitter({ captureRejections: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a list that grows too long is warned of once', async () => {
    const warnings = [];
    const listener = (warning) => warnings.push(warning);
    process.removeAllListeners('warning');
    process.on('warning', listener);
    const emitter = new EventEmitter();
    for (let i = 0; i < 13; i++) emitter.on('many', () => {});
    await nextTurn();
    process.off('warning', listener);
    equal(warnings.length, 1);
    equal(warnings[0].name, 'MaxListenersExceededWarning');
    equal(warnings[0].emitter, emitter);
    equal(warnings[0].type, 'many');
    equal(warnings[0].count, 11);
    match(warnings[0].message, /^Possible EventEmitter memory leak detected\. 11 many listeners added/);
    equal(new EventEmitter().getMaxListeners(), 10);
});

test('classes of the old style and mixins work', () => {
    function Old() { EventEmitter.call(this); }
    Object.setPrototypeOf(Old.prototype, EventEmitter.prototype);
    const old = new Old();
    let calls = 0;
    old.on('x', () => calls++);
    old.emit('x');
    const plain = Object.assign({}, EventEmitter.prototype);
    plain.on('x', () => calls++);
    plain.emit('x');
    equal(calls, 2);
    class Sub extends EventEmitter {}
    ok(new Sub() instanceof EventEmitter);
});

test('captureRejections turns rejections of listeners into error events', async () => {
    const emitter = new EventEmitter({ captureRejections: true });
    const error = new Error('late');
    const seen = new Promise((resolve) => emitter.on('error', resolve));
    emitter.on('a', async () => { throw error; });
    emitter.emit('a');
    equal(await seen, error);
    const own = new EventEmitter({ captureRejections: true });
    const through = new Promise((resolve) => {
        own[Symbol.for('nodejs.rejection')] = (...args) => resolve(args);
    });
    own.on('a', async () => { throw error; });
    own.emit('a', 1);
    deepEqual(await through, [error, 'a', 1]);
});

test('once as a promise resolves, rejects on error and aborts', async () => {
    const emitter = new EventEmitter();
    const promise = once(emitter, 'x');
    emitter.emit('x', 1, 2);
    deepEqual(await promise, [1, 2]);
    const failing = once(emitter, 'x');
    emitter.emit('error', new Error('no'));
    await rejects(failing, { message: 'no' });
    equal(emitter.listenerCount('x'), 0);
    const controller = new AbortController();
    const aborted = once(emitter, 'x', { signal: controller.signal });
    controller.abort('why');
    await rejects(aborted, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
    equal(emitter.listenerCount('x'), 0);
    const target = new EventTarget();
    const event = new Event('y');
    const seen = once(target, 'y');
    target.dispatchEvent(event);
    deepEqual((await seen)[0] === event, true);
    await rejects(once(emitter, 'x', { signal: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('on iterates over events that came before and after, and ends', async () => {
    const emitter = new EventEmitter();
    const iterator = on(emitter, 'x');
    emitter.emit('x', 1);
    emitter.emit('x', 2);
    deepEqual(await iterator.next(), { done: false, value: [1] });
    deepEqual(await iterator.next(), { done: false, value: [2] });
    const pending = iterator.next();
    emitter.emit('x', 3);
    deepEqual(await pending, { done: false, value: [3] });
    const last = iterator.next();
    await iterator.return();
    deepEqual(await last, { done: true, value: undefined });
    equal(emitter.listenerCount('x'), 0);
    equal(emitter.listenerCount('error'), 0);
});

test('on rejects with an error event and on abort', async () => {
    const emitter = new EventEmitter();
    const seen = [];
    const loop = (async () => {
        for await (const [value] of on(emitter, 'x')) seen.push(value);
    })();
    emitter.emit('x', 1);
    emitter.emit('error', new Error('end'));
    await rejects(loop, { message: 'end' });
    deepEqual(seen, [1]);
    const controller = new AbortController();
    const iterator = on(emitter, 'x', { signal: controller.signal });
    const next = iterator.next();
    controller.abort();
    await rejects(next, { name: 'AbortError' });
    throws(() => on(emitter, 'x', { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

since('20', 'on closes with the events of its close option', async () => {
    const emitter = new EventEmitter();
    const seen = [];
    setImmediate(() => {
        emitter.emit('x', 1);
        emitter.emit('end');
    });
    for await (const [value] of on(emitter, 'x', { close: ['end'] })) seen.push(value);
    deepEqual(seen, [1]);
});

test('getEventListeners, listenerCount and setMaxListeners take emitters and targets', () => {
    const emitter = new EventEmitter();
    const target = new EventTarget();
    const listener = () => {};
    emitter.on('x', listener);
    target.addEventListener('x', listener);
    deepEqual(EventEmitter.getEventListeners(emitter, 'x'), [listener]);
    deepEqual(EventEmitter.getEventListeners(target, 'x'), [listener]);
    equal(EventEmitter.listenerCount(emitter, 'x'), 1);
    EventEmitter.setMaxListeners(3, emitter, target);
    equal(emitter.getMaxListeners(), 3);
    equal(EventEmitter.getMaxListeners(target), 3);
    throws(() => EventEmitter.getEventListeners({}, 'x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('addAbortListener runs in spite of stopImmediatePropagation and can be disposed', () => {
    const controller = new AbortController();
    let calls = 0;
    controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
    EventEmitter.addAbortListener(controller.signal, () => calls++);
    const disposed = EventEmitter.addAbortListener(controller.signal, () => { calls += 10; });
    disposed[Symbol.dispose ?? Symbol.for('nodejs.dispose')]();
    controller.abort();
    equal(calls, 1);
    throws(() => EventEmitter.addAbortListener(undefined, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('EventEmitterAsyncResource is an emitter with a resource', () => {
    const { EventEmitterAsyncResource } = EventEmitter;
    const emitter = new EventEmitterAsyncResource({ name: 'Mine' });
    let value;
    emitter.on('x', (given) => { value = given; });
    emitter.emit('x', 4);
    equal(value, 4);
    equal(typeof emitter.asyncId, 'number');
    equal(emitter.asyncResource.eventEmitter, emitter);
    throws(() => new EventEmitterAsyncResource({ name: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

beyond('internals hold when a program poisons the prototypes', () => {
    const originals = {};
    for (const name of ['push', 'slice', 'shift', 'unshift', 'splice', 'map', 'forEach', 'indexOf']) {
        originals[name] = Array.prototype[name];
        Array.prototype[name] = () => { throw new Error(`Array.prototype.${name} was called`); };
    }
    const { apply, call } = Function.prototype;
    const iterator = Array.prototype[Symbol.iterator];
    let calls = 0;
    const emitter = new EventEmitter();
    try {
        Function.prototype.apply = Function.prototype.call = () => { throw new Error('call was called'); };
        for (let i = 0; i < 7; i++) emitter.on('x', () => { calls++; });
        emitter.prependListener('x', () => { calls++; });
        emitter.once('x', () => { calls++; });
        Array.prototype[Symbol.iterator] = () => { throw new Error('the iterator was asked'); };
        emitter.emit('x');
        emitter.emit('x');
        emitter.on(EventEmitter.errorMonitor, () => { calls++; });
        emitter.on('error', () => { calls++; });
        emitter.emit('error', 1, 2);
    } finally {
        Array.prototype[Symbol.iterator] = iterator;
        Function.prototype.apply = apply;
        Function.prototype.call = call;
        for (const name of Reflect.ownKeys(originals)) Array.prototype[name] = originals[name];
    }
    equal(calls, 19);
    Object.prototype.x = () => { calls = -1; };
    new EventEmitter().emit('x');
    delete Object.prototype.x;
    equal(calls, 19);
});
