'use strict';
const { test, since, equal, deepEqual, ok, rejects } = require('./support/harness.cjs');
const { Worker, locks } = require('node:worker_threads');

const once = (target, name) => new Promise((resolve) => target.once(name, resolve));
const later = (time) => new Promise((resolve) => setTimeout(resolve, time));
/** A lock that is held until it is told to be given back. */
const hold = async (name, options) => {
    let release;
    let done;
    await new Promise((granted, refused) => {
        done = locks.request(name, options ?? {}, (lock) => new Promise((resolve) => {
            release = resolve;
            granted(lock);
        }));
        done.catch(refused);
    });
    return { release, done };
};

if (!since('24')) since('24', 'locks are held and waited for', () => {});
else {
    test('a lock is granted with its name and mode, and the callback\'s value is the request\'s', async () => {
        equal(await locks.request('a', (lock) => `${lock.name} ${lock.mode}`), 'a exclusive');
        equal(await locks.request('a', { mode: 'shared' }, async (lock) => lock.mode), 'shared');
        await rejects(locks.request('a', () => { throw new RangeError('inside'); }), { name: 'RangeError', message: 'inside' });
        await rejects(locks.request('a', async () => { throw new RangeError('inside'); }), { name: 'RangeError' });
        equal(await locks.request('a', () => 'free again'), 'free again');
    });

    test('one exclusive holder at a time, in the order of asking', async () => {
        const order = [];
        let inside = 0;
        await Promise.all([1, 2, 3, 4].map((n) => locks.request('queue', async () => {
            equal(++inside, 1);
            order.push(n);
            await later(1);
            inside--;
        })));
        deepEqual(order, [1, 2, 3, 4]);
    });

    test('shared holders are there together, and not with an exclusive one', async () => {
        let readers = 0;
        let most = 0;
        let written = false;
        const read = () => locks.request('page', { mode: 'shared' }, async () => {
            most = Math.max(most, ++readers);
            await later(2);
            readers--;
            return written;
        });
        const first = [read(), read()];
        const write = locks.request('page', async () => {
            equal(readers, 0);
            written = true;
        });
        const last = read();
        deepEqual(await Promise.all(first), [false, false]);
        await write;
        equal(await last, true);
        equal(most, 2);
    });

    test('ifAvailable does not wait', async () => {
        const held = await hold('busy');
        equal(await locks.request('busy', { ifAvailable: true }, (lock) => lock), null);
        equal(await locks.request('busy', { ifAvailable: true, mode: 'shared' }, (lock) => lock), null);
        equal(await locks.request('idle', { ifAvailable: true }, (lock) => lock.name), 'idle');
        held.release('given back');
        equal(await held.done, 'given back');
    });

    test('steal takes a lock from its holder, before all that wait', async () => {
        const held = await hold('coat');
        const order = [];
        const waiting = locks.request('coat', () => { order.push('waiting'); });
        const robbed = rejects(held.done, { name: 'AbortError' });
        await locks.request('coat', { steal: true }, () => { order.push('thief'); });
        await robbed;
        await waiting;
        deepEqual(order, ['thief', 'waiting']);
    });

    test('a signal ends the waiting, and not the holding', async () => {
        const held = await hold('door');
        const controller = new AbortController();
        const waiting = rejects(locks.request('door', { signal: controller.signal }, () => {}), { name: 'AbortError' });
        controller.abort();
        await waiting;
        const reason = new Error('my reason');
        const other = new AbortController();
        const also = rejects(locks.request('door', { signal: other.signal }, () => {}), { message: 'my reason' });
        other.abort(reason);
        await also;
        await rejects(locks.request('door', { signal: AbortSignal.abort(reason) }, () => {}), { message: 'my reason' });
        held.release();
        await held.done;
        const third = new AbortController();
        equal(await locks.request('door', { signal: third.signal }, async () => {
            third.abort();
            await later(1);
            return 'held on';
        }), 'held on');
    });

    test('query tells who holds and who waits', async () => {
        const exclusive = await hold('q1');
        const shared = [await hold('q2', { mode: 'shared' }), await hold('q2', { mode: 'shared' })];
        const waiting = locks.request('q1', { mode: 'shared' }, () => {});
        const { held, pending } = await locks.query();
        const mine = (list) => list.filter(({ name }) => name.startsWith('q')).map(({ name, mode }) => `${name} ${mode}`).sort();
        deepEqual(mine(held), ['q1 exclusive', 'q2 shared', 'q2 shared']);
        deepEqual(mine(pending), ['q1 shared']);
        ok(held.every(({ clientId }) => typeof clientId === 'string'));
        exclusive.release();
        for (const { release } of shared) release();
        await Promise.all([exclusive.done, waiting, ...shared.map(({ done }) => done)]);
        deepEqual(mine((await locks.query()).held), []);
    });

    test('options that do not go together are refused', async () => {
        await rejects(locks.request('-no', () => {}), { name: 'NotSupportedError' });
        await rejects(locks.request('x', { steal: true, ifAvailable: true }, () => {}), { name: 'NotSupportedError' });
        await rejects(locks.request('x', { steal: true, mode: 'shared' }, () => {}), { name: 'NotSupportedError' });
        const { signal } = new AbortController();
        await rejects(locks.request('x', { signal, steal: true }, () => {}), { name: 'NotSupportedError' });
        await rejects(locks.request('x', { signal, ifAvailable: true }, () => {}), { name: 'NotSupportedError' });
        await rejects(locks.request('x', { mode: 'odd' }, () => {}), { name: 'TypeError' });
        await rejects(locks.request('x'), { name: 'TypeError' });
        await rejects(locks.request('x', {}, 5), { name: 'TypeError' });
    });

    test('locks are the whole process\'s, and a worker\'s end gives its back', async () => {
        const worker = new Worker(`
            const { locks, parentPort } = require('worker_threads');
            locks.request('across', (lock) => { parentPort.postMessage(lock.name); return new Promise(() => {}); });
            setInterval(() => {}, 1000);
        `, { eval: true });
        equal(await once(worker, 'message'), 'across');
        equal(await locks.request('across', { ifAvailable: true }, (lock) => lock), null);
        const waiting = locks.request('across', () => 'mine');
        const exit = once(worker, 'exit');
        worker.terminate();
        await exit;
        equal(await waiting, 'mine');
    });

    test('a worker that waits for a lock and is terminated leaves the queue', async () => {
        const held = await hold('line');
        const worker = new Worker(`
            const { locks, parentPort } = require('worker_threads');
            locks.request('line', () => parentPort.postMessage('mine'));
            parentPort.postMessage('waiting');
        `, { eval: true });
        let has = false;
        worker.on('message', (text) => { has ||= text === 'mine'; });
        await once(worker, 'message');
        await worker.terminate();
        held.release();
        await held.done;
        equal(await locks.request('line', () => 'next'), 'next');
        equal(has, false);
    });
}
