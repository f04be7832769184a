'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { deepEqual, equal, ok, rejects, test, throws } = require('./support/harness.cjs');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spindle-fs-watch-'));
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
let last = 0;
const fresh = () => {
    const folder = path.join(root, `folder-${++last}`);
    fs.mkdirSync(folder);
    return folder;
};
/** The next event that `fits`. */
const next = (watcher, fits) => new Promise((resolve) => {
    watcher.on('change', function onChange(type, name) {
        if (!fits(type, name)) return;
        watcher.off('change', onChange);
        resolve([type, name]);
    });
});

test('a folder tells of what comes, changes and goes', async () => {
    const folder = fresh();
    const watcher = fs.watch(folder);
    const file = path.join(folder, 'file');
    const made = next(watcher, (type) => type === 'rename');
    fs.writeFileSync(file, 'a');
    deepEqual(await made, ['rename', 'file']);
    const changed = next(watcher, (type) => type === 'change');
    fs.appendFileSync(file, 'b');
    deepEqual(await changed, ['change', 'file']);
    const removed = next(watcher, (type) => type === 'rename');
    fs.unlinkSync(file);
    deepEqual(await removed, ['rename', 'file']);
    const closed = once(watcher, 'close');
    watcher.close();
    watcher.close();
    await closed;
});

test('a file tells by its own name', async () => {
    const file = path.join(fresh(), 'single');
    fs.writeFileSync(file, '');
    let listened = 0;
    const watcher = fs.watch(file, { encoding: 'buffer' }, () => listened++);
    const changed = next(watcher, () => true);
    fs.writeFileSync(file, 'x');
    const [type, name] = await changed;
    equal(type, 'change');
    equal(String(name), 'single');
    ok(Buffer.isBuffer(name) && listened > 0);
    watcher.close();
});

test('folders below are watched too when asked for, those that come later as well', async () => {
    const folder = fresh();
    fs.mkdirSync(path.join(folder, 'inner'));
    const watcher = fs.watch(folder, { recursive: true });
    const deep = next(watcher, (type, name) => name === path.join('inner', 'deep'));
    fs.writeFileSync(path.join(folder, 'inner', 'deep'), '');
    await deep;
    const made = next(watcher, (type, name) => name === 'new');
    fs.mkdirSync(path.join(folder, 'new'));
    await made;
    const later = next(watcher, (type, name) => name === path.join('new', 'file'));
    const writing = setInterval(() => fs.writeFileSync(path.join(folder, 'new', 'file'), String(Math.random())), 20);
    await later;
    clearInterval(writing);
    watcher.close();
});

test('what cannot be watched is an error', async () => {
    throws(() => fs.watch(path.join(root, 'none')), {
        code: 'ENOENT', syscall: 'watch', message: `ENOENT: no such file or directory, watch '${path.join(root, 'none')}'`,
        filename: path.join(root, 'none'),
    });
    throws(() => fs.watch(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => fs.watch(root, { signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a signal ends a watch', async () => {
    const controller = new AbortController();
    const watcher = fs.watch(root, { signal: controller.signal });
    const closed = once(watcher, 'close');
    controller.abort();
    await closed;
});

test('fs/promises watches in a loop', async () => {
    const folder = fresh();
    const controller = new AbortController();
    const writing = setInterval(() => fs.writeFileSync(path.join(folder, 'file'), String(Math.random())), 20);
    const seen = [];
    await rejects((async () => {
        for await (const { eventType, filename } of fs.promises.watch(folder, { signal: controller.signal })) {
            seen.push(eventType, filename);
            controller.abort();
        }
    })(), { name: 'AbortError' });
    clearInterval(writing);
    ok(seen.includes('file'));
});

test('a watch that is not referenced does not keep the program alive', () => {
    fs.watch(root, { persistent: false });
    fs.watch(root).unref();
});

test('watchFile looks from time to time', async () => {
    const file = path.join(fresh(), 'polled');
    fs.writeFileSync(file, 'a');
    const [current, previous] = await new Promise((resolve) => {
        const watcher = fs.watchFile(file, { interval: 20 }, (...stats) => resolve(stats));
        ok(watcher.ref && watcher.unref);
        setTimeout(() => fs.writeFileSync(file, 'longer'), 60);
    });
    deepEqual([current.size, previous.size], [6, 1]);
    fs.unwatchFile(file);
    const missing = path.join(root, 'not-there');
    const first = await new Promise((resolve) => fs.watchFile(missing, { interval: 20 }, resolve));
    deepEqual([first.mtimeMs, first.size, first.isFile()], [0, 0, false]);
    fs.unwatchFile(missing);
    throws(() => fs.watchFile(file, {}), { code: 'ERR_INVALID_ARG_TYPE' });
});
