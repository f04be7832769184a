'use strict';
const { deepEqual, equal, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const timers = require('node:timers');
const promises = require('node:timers/promises');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('timers fire by duration, equal ones in order, with their arguments', async () => {
    const seen = [];
    setTimeout((...args) => seen.push(args), 20, 'c');
    setTimeout((...args) => seen.push(args), 5, 'a', 1);
    setTimeout((...args) => seen.push(args), 5, 'b');
    await sleep(40);
    deepEqual(seen, [['a', 1], ['b'], ['c']]);
});

test('no timer fires early', async () => {
    for (const ms of [1, 3, 7, 12]) {
        const start = performance.now();
        await sleep(ms);
        const passed = performance.now() - start;
        ok(passed >= ms - 1, `${ms} ms took ${passed}`);
    }
});

test('ticks and microtasks run between timers', async () => {
    const seen = [];
    const pair = (name) => () => {
        seen.push(name);
        process.nextTick(() => seen.push(`${name} tick`));
        Promise.resolve().then(() => seen.push(`${name} microtask`));
    };
    setTimeout(pair('one'), 3);
    setTimeout(pair('two'), 3);
    await sleep(15);
    deepEqual(seen, ['one', 'one tick', 'one microtask', 'two', 'two tick', 'two microtask']);
});

test('a timer that another one clears does not fire', async () => {
    let fired = false;
    let other;
    setTimeout(() => clearTimeout(other), 3);
    other = setTimeout(() => { fired = true; }, 3);
    const third = setTimeout(() => { fired = true; }, 4);
    process.nextTick(() => clearTimeout(third));
    await sleep(15);
    equal(fired, false);
});

test('clearing takes objects, numbers, strings and nonsense', async () => {
    let fired = 0;
    const count = () => fired++;
    clearTimeout(setTimeout(count, 1));
    clearTimeout(+setTimeout(count, 1));
    clearTimeout(`${setTimeout(count, 1)}`);
    clearInterval(setTimeout(count, 1));
    clearTimeout(setInterval(count, 1));
    clearImmediate(setImmediate(count));
    clearTimeout(undefined);
    clearTimeout(null);
    clearTimeout({});
    clearTimeout(-1);
    const twice = setTimeout(count, 1);
    clearTimeout(twice);
    clearTimeout(twice);
    await sleep(10);
    equal(fired, 0);
});

test('an interval repeats until it is cleared, also from within', async () => {
    let calls = 0;
    await new Promise((resolve) => {
        const interval = setInterval((step) => {
            calls += step;
            if (calls === 6) {
                clearInterval(interval);
                resolve();
            }
        }, 1, 2);
    });
    await sleep(5);
    equal(calls, 6);
});

test('refresh restarts a timer and revives one that has fired', async () => {
    let calls = 0;
    const timer = setTimeout(() => calls++, 20);
    await sleep(10);
    equal(timer.refresh(), timer);
    await sleep(14);
    equal(calls, 0);
    await sleep(20);
    equal(calls, 1);
    timer.refresh();
    await sleep(40);
    equal(calls, 2);
    clearTimeout(timer);
    timer.refresh();
    await sleep(30);
    equal(calls, 2);
});

test('ref, unref and hasRef chain', () => {
    const timer = setTimeout(() => {}, 10_000);
    equal(timer.hasRef(), true);
    equal(timer.unref(), timer);
    equal(timer.hasRef(), false);
    equal(timer.ref().hasRef(), true);
    equal(timer.close(), timer);
    const immediate = setImmediate(() => {});
    equal(immediate.unref().hasRef(), false);
    equal(immediate.ref().hasRef(), true);
    clearImmediate(immediate);
    // Left behind: it must not hold the program.
    setTimeout(() => {}, 100_000).unref();
    setInterval(() => {}, 100_000).unref();
});

test('active resources are named', () => {
    const count = (name) => process.getActiveResourcesInfo().filter((given) => given === name).length;
    const before = count('Timeout');
    const timer = setTimeout(() => {}, 10_000);
    equal(count('Timeout'), before + 1);
    timer.unref();
    equal(count('Timeout'), before);
    clearTimeout(timer);
});

test('callbacks have the timer as this', async () => {
    const same = await new Promise((resolve) => {
        const timer = setTimeout(function () { resolve(this === timer); }, 1);
    });
    equal(same, true);
});

test('durations out of range are one millisecond, with a warning', async () => {
    process.removeAllListeners('warning');
    const warned = new Promise((resolve) => process.once('warning', resolve));
    await new Promise((resolve) => setTimeout(resolve, 2 ** 31));
    const warning = await warned;
    equal(warning.name, 'TimeoutOverflowWarning');
    equal(warning.message, '2147483648 does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.');
    await new Promise((resolve) => setTimeout(resolve, '2'));
    await new Promise((resolve) => setTimeout(resolve, 0.5));
    await new Promise((resolve) => setTimeout(resolve));
});

test('a callback that is none is refused', () => {
    for (const set of [setTimeout, setInterval, setImmediate]) {
        throws(() => set('code'), {
            code: 'ERR_INVALID_ARG_TYPE',
            message: 'The "callback" argument must be of type function. Received type string (\'code\')',
        });
    }
    throws(() => queueMicrotask(), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => process.nextTick(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('immediates of immediates wait for the next turn', async () => {
    const seen = [];
    await new Promise((resolve) => {
        setImmediate(() => {
            seen.push(1);
            setImmediate(() => {
                seen.push(3);
                resolve();
            });
            process.nextTick(() => seen.push('tick'));
        });
        setImmediate((value) => seen.push(value), 2);
    });
    deepEqual(seen, [1, 'tick', 2, 3]);
});

test('an exception in a timer or immediate leaves the others alone', async () => {
    const seen = [];
    const listener = (error) => seen.push(error.message);
    process.on('uncaughtException', listener);
    setTimeout(() => { throw new Error('a'); }, 2);
    setTimeout(() => seen.push('b'), 2);
    setImmediate(() => { throw new Error('i'); });
    setImmediate(() => seen.push('j'));
    await sleep(20);
    process.off('uncaughtException', listener);
    deepEqual(seen, ['i', 'j', 'a', 'b']);
});

test('many timers with many durations fire in order of expiry', async () => {
    const due = [];
    const base = performance.now();
    const random = (() => {
        let state = 12345;
        return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    })();
    const created = [];
    for (let i = 0; i < 500; i++) {
        const ms = 1 + Math.floor(random() * 40);
        created.push(setTimeout(() => due.push(ms), ms));
    }
    for (let i = 0; i < 500; i += 3) clearTimeout(created[i]);
    await sleep(80);
    equal(due.length, 500 - Math.ceil(500 / 3));
    let inversions = 0;
    for (let i = 1; i < due.length; i++) if (due[i] < due[i - 1] - 25) inversions++;
    equal(inversions, 0);
    ok(performance.now() - base >= 79);
});

test('node:timers has the globals', () => {
    equal(timers.setTimeout, setTimeout);
    equal(timers.clearImmediate, clearImmediate);
    equal(timers.promises, promises);
});

test('promises: setTimeout and setImmediate resolve with their value', async () => {
    equal(await promises.setTimeout(1, 'v'), 'v');
    equal(await promises.setImmediate('w'), 'w');
    await promises.scheduler.wait(1);
    await promises.scheduler.yield();
    await rejects(promises.setTimeout(1, 0, { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(promises.setTimeout(1, 0, { ref: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    await rejects(promises.setImmediate(0, 1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('promises: an abort rejects and clears', async () => {
    const controller = new AbortController();
    const waiting = promises.setTimeout(100_000, null, { signal: controller.signal });
    const immediate = promises.setImmediate(null, { signal: controller.signal });
    controller.abort('reason');
    await rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR', cause: 'reason', message: 'The operation was aborted' });
    await rejects(immediate, { name: 'AbortError' });
    await rejects(promises.setTimeout(1, null, { signal: controller.signal }), { name: 'AbortError' });
});

test('promises: setInterval iterates and ends', async () => {
    let count = 0;
    for await (const value of promises.setInterval(1, 'x')) {
        equal(value, 'x');
        if (++count === 3) break;
    }
    equal(count, 3);
    const controller = new AbortController();
    const loop = (async () => {
        for await (const _ of promises.setInterval(1, 0, { signal: controller.signal })) controller.abort();
    })();
    await rejects(loop, { name: 'AbortError' });
});

test('promisified timers are those of timers/promises', () => {
    const custom = Symbol.for('nodejs.util.promisify.custom');
    equal(setTimeout[custom], promises.setTimeout);
    equal(setImmediate[custom], promises.setImmediate);
});

test('internals hold when a program poisons the prototypes', async () => {
    const { push, shift, slice } = Array.prototype;
    const { get, set } = Map.prototype;
    const seen = [];
    let end;
    const finished = new Promise((resolve) => { end = resolve; });
    Array.prototype.push = Array.prototype.shift = Array.prototype.slice = () => { throw new Error('patched'); };
    Map.prototype.get = Map.prototype.set = () => { throw new Error('patched'); };
    setTimeout(() => { seen[seen.length] = 'timer'; }, 1);
    setImmediate(() => { seen[seen.length] = 'immediate'; });
    process.nextTick(() => { seen[seen.length] = 'tick'; });
    setTimeout(() => {
        Array.prototype.push = push;
        Array.prototype.shift = shift;
        Array.prototype.slice = slice;
        Map.prototype.get = get;
        Map.prototype.set = set;
        end();
    }, 10);
    await finished;
    deepEqual(seen.sort(), ['immediate', 'tick', 'timer']);
});
