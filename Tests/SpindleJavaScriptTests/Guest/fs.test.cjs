'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { deepEqual, equal, match, ok, rejects, test, throws } = require('./support/harness.cjs');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spindle-fs-'));
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
let last = 0;
const fresh = (content) => {
    const file = path.join(root, `file-${++last}`);
    if (content !== undefined) fs.writeFileSync(file, content);
    return file;
};
const call = (name, ...args) => new Promise((resolve, reject) => {
    fs[name](...args, (error, value) => (error ? reject(error) : resolve(value)));
});

test('files are written and read in all three ways', async () => {
    const file = fresh();
    fs.writeFileSync(file, 'häuser');
    equal(fs.readFileSync(file, 'utf8'), 'häuser');
    equal(fs.readFileSync(file).length, 7);
    equal(fs.readFileSync(file, 'hex'), '68c3a475736572');
    await call('writeFile', file, Buffer.from([1, 2, 255]));
    deepEqual([...await call('readFile', file)], [1, 2, 255]);
    await fs.promises.writeFile(file, new Uint16Array([258]));
    deepEqual([...await fs.promises.readFile(file)], [2, 1]);
    await fs.promises.writeFile(file, 'caf\u00e9', 'latin1');
    equal(await fs.promises.readFile(file, { encoding: 'latin1' }), 'caf\u00e9');
});

test('text is appended, and flags hold', async () => {
    const file = fresh('a');
    fs.appendFileSync(file, 'b');
    await fs.promises.appendFile(file, Buffer.from('c'));
    fs.writeFileSync(file, 'd', { flag: 'a' });
    equal(fs.readFileSync(file, 'utf8'), 'abcd');
    throws(() => fs.writeFileSync(file, '', { flag: 'wx' }), { code: 'EEXIST', syscall: 'open', errno: -17 });
    throws(() => fs.writeFileSync(file, '', { flag: 'no' }), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('malformed UTF-8 becomes replacement characters', () => {
    equal(fs.readFileSync(fresh(Buffer.from([97, 0xff, 98])), 'utf8'), 'a\ufffdb');
    equal(fs.readFileSync(fresh(Buffer.from([97, 0, 98])), 'utf8'), 'a\0b');
});

test('large files come whole', async () => {
    const bytes = Buffer.alloc(3_000_001, 'xyz');
    const file = fresh(bytes);
    ok(fs.readFileSync(file).equals(bytes));
    equal((await fs.promises.readFile(file, 'utf8')).length, bytes.length);
});

test('errors say what and where', async () => {
    const error = throws(() => fs.readFileSync('/none/such'), {
        name: 'Error', code: 'ENOENT', errno: -2, syscall: 'open', path: '/none/such',
        message: "ENOENT: no such file or directory, open '/none/such'",
    });
    match(error.stack, /^Error: ENOENT: no such file or directory, open '\/none\/such'\n {4}at /);
    await rejects(fs.promises.readFile('/none/such'), { code: 'ENOENT', syscall: 'open', path: '/none/such' });
    throws(() => fs.renameSync('/none/a', '/none/b'), {
        code: 'ENOENT', message: "ENOENT: no such file or directory, rename '/none/a' -> '/none/b'", dest: '/none/b',
    });
    throws(() => fs.readFileSync(root), { code: 'EISDIR', syscall: 'read' });
    throws(() => fs.readFileSync({}), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
    throws(() => fs.readFileSync('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => fs.readFile('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => fs.closeSync(987654), { code: 'EBADF', syscall: 'close' });
});

test('paths may be buffers and URLs', () => {
    const file = fresh('x');
    equal(fs.readFileSync(Buffer.from(file), 'utf8'), 'x');
    equal(fs.readFileSync(require('url').pathToFileURL(file), 'utf8'), 'x');
});

test('stat tells what a file is', async () => {
    const file = fresh('12345');
    const stats = fs.statSync(file);
    equal(stats.size, 5);
    equal(stats.isFile(), true);
    equal(stats.isDirectory(), false);
    ok(stats.mtime instanceof Date);
    ok(Math.abs(stats.mtimeMs - Date.now()) < 60000);
    equal(fs.statSync(root).isDirectory(), true);
    const big = fs.statSync(file, { bigint: true });
    equal(big.size, 5n);
    ok(big.mtimeNs > 10n ** 18n);
    equal((await fs.promises.lstat(file)).size, 5);
    equal(fs.statSync('/none', { throwIfNoEntry: false }), undefined);
    ok(stats instanceof fs.Stats);
    deepEqual(Object.keys(stats).slice(0, 10),
        ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks']);
});

test('existence and access', async () => {
    const file = fresh('x');
    equal(fs.existsSync(file), true);
    equal(fs.existsSync('/none'), false);
    equal(fs.existsSync({}), false);
    equal(await promisify(fs.exists)(file), true);
    fs.accessSync(file, fs.constants.R_OK);
    await rejects(fs.promises.access('/none'), { code: 'ENOENT', syscall: 'access' });
});

test('directories are made, read and removed', async () => {
    const deep = path.join(root, 'a', 'b', 'c');
    equal(fs.mkdirSync(deep, { recursive: true }), path.join(root, 'a'));
    equal(fs.mkdirSync(deep, { recursive: true }), undefined);
    throws(() => fs.mkdirSync(deep), { code: 'EEXIST', syscall: 'mkdir' });
    fs.writeFileSync(path.join(deep, 'z'), '');
    fs.writeFileSync(path.join(root, 'a', 'm'), '');
    fs.symlinkSync('m', path.join(root, 'a', 'link'));
    deepEqual(fs.readdirSync(path.join(root, 'a')), ['b', 'link', 'm']);
    deepEqual(fs.readdirSync(path.join(root, 'a'), { withFileTypes: true }).map((entry) => [
        entry.name, entry.isDirectory(), entry.isFile(), entry.isSymbolicLink()]),
    [['b', true, false, false], ['link', false, false, true], ['m', false, true, false]]);
    deepEqual((await fs.promises.readdir(path.join(root, 'a'), { recursive: true })).sort(),
        ['b', 'b/c', 'b/c/z', 'link', 'm']);
    const names = [];
    for await (const entry of await fs.promises.opendir(path.join(root, 'a'))) names.push(entry.name);
    deepEqual(names.sort(), ['b', 'link', 'm']);
    throws(() => fs.rmdirSync(path.join(root, 'a')), { code: 'ENOTEMPTY' });
    throws(() => fs.rmSync(path.join(root, 'a')), { code: 'ERR_FS_EISDIR' });
    fs.rmSync(path.join(root, 'a'), { recursive: true });
    equal(fs.existsSync(path.join(root, 'a')), false);
    fs.rmSync(path.join(root, 'a'), { force: true });
    throws(() => fs.rmSync(path.join(root, 'a')), { code: 'ENOENT' });
});

test('files are renamed, copied, linked and removed', async () => {
    const file = fresh('content');
    const other = `${file}.other`;
    fs.renameSync(file, other);
    equal(fs.existsSync(file), false);
    fs.copyFileSync(other, file);
    equal(fs.readFileSync(file, 'utf8'), 'content');
    throws(() => fs.copyFileSync(other, file, fs.constants.COPYFILE_EXCL), { code: 'EEXIST', syscall: 'copyfile' });
    fs.symlinkSync(other, `${file}.link`);
    equal(fs.readlinkSync(`${file}.link`), other);
    equal(fs.realpathSync(`${file}.link`), fs.realpathSync(other));
    equal(fs.lstatSync(`${file}.link`).isSymbolicLink(), true);
    fs.linkSync(other, `${file}.hard`);
    equal(fs.statSync(other).nlink, 2);
    await fs.promises.unlink(`${file}.link`);
    await rejects(fs.promises.unlink(`${file}.link`), { code: 'ENOENT', syscall: 'unlink' });
});

test('trees are copied', async () => {
    const from = path.join(root, 'tree');
    fs.mkdirSync(path.join(from, 'inner'), { recursive: true });
    fs.writeFileSync(path.join(from, 'inner', 'file'), 'x');
    fs.cpSync(from, path.join(root, 'copy'), { recursive: true });
    equal(fs.readFileSync(path.join(root, 'copy', 'inner', 'file'), 'utf8'), 'x');
    await fs.promises.cp(from, path.join(root, 'copy2'), { recursive: true, filter: (source) => !source.endsWith('file') });
    deepEqual(fs.readdirSync(path.join(root, 'copy2', 'inner')), []);
    throws(() => fs.cpSync(from, path.join(root, 'copy3')), { code: 'ERR_FS_EISDIR' });
});

test('modes, times and lengths are set', async () => {
    const file = fresh('123456');
    fs.chmodSync(file, 0o600);
    equal(fs.statSync(file).mode & 0o777, 0o600);
    await fs.promises.chmod(file, '644');
    equal(fs.statSync(file).mode & 0o777, 0o644);
    fs.utimesSync(file, 1000, new Date(2000000));
    equal(fs.statSync(file).atimeMs, 1000000);
    equal(fs.statSync(file).mtimeMs, 2000000);
    fs.truncateSync(file, 3);
    equal(fs.readFileSync(file, 'utf8'), '123');
    throws(() => fs.chmodSync(file, 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('descriptors are read and written at places', async () => {
    const file = fresh('0123456789');
    const fd = fs.openSync(file, 'r+');
    const buffer = Buffer.alloc(4);
    equal(fs.readSync(fd, buffer, 0, 4, 2), 4);
    equal(buffer.toString(), '2345');
    equal(fs.readSync(fd, buffer, { position: 8 }), 2);
    equal(fs.writeSync(fd, 'ab', 0), 2);
    equal(fs.writeSync(fd, Buffer.from('wxyz'), 1, 2, 4), 2);
    fs.ftruncateSync(fd, 8);
    equal(fs.fstatSync(fd).size, 8);
    fs.fsyncSync(fd);
    fs.closeSync(fd);
    equal(fs.readFileSync(file, 'utf8'), 'ab23xy67');
    throws(() => fs.readSync(0, 'no'), { code: 'ERR_INVALID_ARG_TYPE' });
    const { bytesRead } = await promisify(fs.read)(fs.openSync(file), Buffer.alloc(3), 0, 3, 0);
    equal(bytesRead, 3);
});

test('file handles do the same', async () => {
    const file = fresh('abc');
    const handle = await fs.promises.open(file, 'r+');
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 1);
    equal(bytesRead, 2);
    equal(buffer.toString(), 'bc');
    await handle.write('Z', 0);
    equal((await handle.stat()).size, 3);
    await handle.truncate(2);
    await handle.close();
    await rejects(handle.stat(), { code: 'EBADF' });
    equal(fs.readFileSync(file, 'utf8'), 'Zb');
});

test('a signal cancels a call', async () => {
    const file = fresh('x');
    await rejects(fs.promises.readFile(file, { signal: AbortSignal.abort() }), { name: 'AbortError', code: 'ABORT_ERR' });
});

test('many calls at a time all end', async () => {
    const files = Array.from({ length: 60 }, (_, i) => path.join(root, `many-${i}`));
    await Promise.all(files.map((file, i) => fs.promises.writeFile(file, String(i))));
    const read = await Promise.all(files.map((file) => fs.promises.readFile(file, 'utf8')));
    deepEqual(read, files.map((_, i) => String(i)));
});

test('callbacks come later, in their own turn', async () => {
    let isLater = false;
    const done = new Promise((resolve) => { fs.stat(root, () => resolve(isLater)); });
    isLater = true;
    equal(await done, true);
});
