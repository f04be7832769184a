'use strict';
// The async context across `await`. Spindle's engine has no hooks for it: module sources are rewritten as they are loaded, so
// a runner of built-ins alone, without that rewriting, does not pass.
const { deepEqual, equal, test } = require('./support/harness.cjs');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const later = (value) => new Promise((resolve) => setTimeout(resolve, 1, value));

test('an await comes back to its store', async () => {
    const work = async (id) => {
        const seen = [storage.getStore()];
        await null;
        seen.push(storage.getStore());
        await later();
        seen.push(storage.getStore());
        await inner();
        seen.push(storage.getStore());
        return seen;
    };
    async function inner() {
        await later();
        return storage.run('inner', () => later());
    }
    const all = await Promise.all([1, 2, 3].map((id) => storage.run(id, work, id)));
    deepEqual(all, [1, 2, 3].map((id) => [id, id, id, id]));
    equal(storage.getStore(), undefined);
});

test('so does one that is rejected', async () => {
    const seen = await storage.run('s', async () => {
        const list = [];
        try {
            await later().then(() => { throw new Error('x'); });
        } catch {
            list.push(storage.getStore());
        } finally {
            list.push(storage.getStore());
        }
        list.push(storage.getStore());
        return list;
    });
    deepEqual(seen, ['s', 's', 's']);
});

test('loops over async iterators keep the store of the loop', async () => {
    async function* numbers() {
        for (let i = 0; i < 3; i++) {
            await later();
            yield i;
        }
    }
    const seen = await storage.run('loop', async () => {
        const list = [];
        for await (const i of numbers()) list.push([i, storage.getStore()]);
        list.push(storage.getStore());
        return list;
    });
    deepEqual(seen, [[0, 'loop'], [1, 'loop'], [2, 'loop'], 'loop']);
});

test('several awaits in one expression and in arrow functions keep it', async () => {
    const get = async () => (await later(1), storage.getStore());
    const seen = await storage.run('e', async () => [
        await get(), await later(2), storage.getStore(), ...await Promise.all([get(), get()]),
    ]);
    deepEqual(seen, ['e', 2, 'e', 'e', 'e']);
});

test('enterWith lasts across awaits', async () => {
    await storage.run('outer', async () => {
        storage.enterWith('entered');
        await later();
        equal(storage.getStore(), 'entered');
    });
    equal(storage.getStore(), undefined);
});
