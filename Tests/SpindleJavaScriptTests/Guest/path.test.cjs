'use strict';

const path = require('path');
const { deepEqual, equal, test, throws } = require('./support/harness.cjs');

test('one module under all its names', () => {
    equal(require('path/posix'), path.posix);
    equal(require('path/win32'), path.win32);
    equal(path.posix.win32, path.win32);
    equal(path.win32.posix, path.posix);
    equal(path, path.posix);
    equal(path.sep + path.delimiter + path.win32.sep + path.win32.delimiter, '/:\\;');
});

test('posix normalize', () => {
    const rows = [
        ['', '.'], ['.', '.'], ['./', './'], ['a/../b', 'b'], ['/a/./b/../c/', '/a/c/'], ['../a', '../a'],
        ['a//b///c', 'a/b/c'], ['/..', '/'], ['/../a', '/a'], ['a/b/..', 'a'], ['./a/', 'a/'], ['..//..', '../..'],
    ];
    for (const [given, expected] of rows) equal(path.posix.normalize(given), expected, given);
});

test('win32 normalize', () => {
    const rows = [
        ['', '.'], ['C:', 'C:.'], ['C:\\a\\..\\b', 'C:\\b'], ['C:a\\..', 'C:.'],
        ['//server/share/dir/../x', '\\\\server\\share\\x'], ['\\\\server\\share', '\\\\server\\share\\'],
        ['/a/b/..', '\\a'], ['C:/', 'C:\\'], ['..\\..\\a', '..\\..\\a'], ['a/b/', 'a\\b\\'],
        ['\\\\?\\C:\\x\\..', '\\\\?\\C:'],
    ];
    for (const [given, expected] of rows) equal(path.win32.normalize(given), expected, given);
});

test('posix dirname', () => {
    const rows = [
        ['', '.'], ['/', '/'], ['a', '.'], ['/a', '/'], ['/a/b', '/a'], ['a/b/', 'a'], ['//a', '//'], ['a//b', 'a/'],
        ['.', '.'],
    ];
    for (const [given, expected] of rows) equal(path.posix.dirname(given), expected, given);
});

test('win32 dirname', () => {
    const rows = [
        ['', '.'], ['C:\\', 'C:\\'], ['C:\\a', 'C:\\'], ['C:a', 'C:'], ['\\\\srv\\share\\x', '\\\\srv\\share\\'],
        ['\\a\\b', '\\a'], ['a', '.'], ['C:/a/b/', 'C:/a'],
    ];
    for (const [given, expected] of rows) equal(path.win32.dirname(given), expected, given);
});

test('posix extname', () => {
    const rows = [
        ['', ''], ['a', ''], ['a.js', '.js'], ['.bashrc', ''], ['a.b.c', '.c'], ['a.', '.'], ['..', ''], ['...', '.'],
        ['/x.y/z', ''], ['a.js/', '.js'], ['.x.y', '.y'],
    ];
    for (const [given, expected] of rows) equal(path.posix.extname(given), expected, given);
});

test('win32 extname', () => {
    const rows = [
        ['C:a.js', '.js'], ['C:\\x.y\\z', ''], ['a.b\\', '.b'], ['.a', ''],
    ];
    for (const [given, expected] of rows) equal(path.win32.extname(given), expected, given);
});

test('posix basename', () => {
    const rows = [
        ['', ''], ['/', ''], ['/a/b.js', 'b.js'], ['a/', 'a'], ['.', '.'],
    ];
    for (const [given, expected] of rows) equal(path.posix.basename(given), expected, given);
});

test('win32 basename', () => {
    const rows = [
        ['C:', ''], ['C:a', 'a'], ['C:\\a\\b.js', 'b.js'], ['a/b\\c', 'c'],
    ];
    for (const [given, expected] of rows) equal(path.win32.basename(given), expected, given);
});

test('posix isAbsolute', () => {
    const rows = [
        ['', false], ['/', true], ['a', false], ['/a', true], ['./', false],
    ];
    for (const [given, expected] of rows) equal(path.posix.isAbsolute(given), expected, given);
});

test('win32 isAbsolute', () => {
    const rows = [
        ['', false], ['C:', false], ['C:\\', true], ['C:/a', true], ['\\a', true], ['/', true], ['a:b', false],
    ];
    for (const [given, expected] of rows) equal(path.win32.isAbsolute(given), expected, given);
});

test('posix parse', () => {
    const rows = [
        ['', { root: '', dir: '', base: '', ext: '', name: '' }],
        ['/', { root: '/', dir: '/', base: '', ext: '', name: '' }],
        ['/home/user/file.txt', { root: '/', dir: '/home/user', base: 'file.txt', ext: '.txt', name: 'file' }],
        ['./a', { root: '', dir: '.', base: 'a', ext: '', name: 'a' }],
        ['a', { root: '', dir: '', base: 'a', ext: '', name: 'a' }],
        ['/a/b/', { root: '/', dir: '/a', base: 'b', ext: '', name: 'b' }],
        ['.x', { root: '', dir: '', base: '.x', ext: '', name: '.x' }],
        ['/x.', { root: '/', dir: '/', base: 'x.', ext: '.', name: 'x' }],
        ['//a', { root: '/', dir: '/', base: 'a', ext: '', name: 'a' }],
    ];
    for (const [given, expected] of rows) deepEqual(path.posix.parse(given), expected, given);
});

test('win32 parse', () => {
    const rows = [
        ['', { root: '', dir: '', base: '', ext: '', name: '' }],
        ['C:\\', { root: 'C:\\', dir: 'C:\\', base: '', ext: '', name: '' }],
        ['C:\\path\\dir\\file.txt', { root: 'C:\\', dir: 'C:\\path\\dir', base: 'file.txt', ext: '.txt', name: 'file' }],
        ['C:a', { root: 'C:', dir: 'C:', base: 'a', ext: '', name: 'a' }],
        ['\\\\srv\\share\\f.x', { root: '\\\\srv\\share\\', dir: '\\\\srv\\share\\', base: 'f.x', ext: '.x', name: 'f' }],
        ['\\a', { root: '\\', dir: '\\', base: 'a', ext: '', name: 'a' }],
        ['a/b.c', { root: '', dir: 'a', base: 'b.c', ext: '.c', name: 'b' }],
    ];
    for (const [given, expected] of rows) deepEqual(path.win32.parse(given), expected, given);
});

test('posix toNamespacedPath', () => {
    const rows = [
        ['/a', '/a'],
    ];
    for (const [given, expected] of rows) equal(path.posix.toNamespacedPath(given), expected, given);
});

test('win32 toNamespacedPath', () => {
    const rows = [
        ['C:\\a', '\\\\?\\C:\\a'], ['\\\\srv\\share\\x', '\\\\?\\UNC\\srv\\share\\x'], ['\\\\?\\x', '\\\\?\\x'], ['', ''],
    ];
    for (const [given, expected] of rows) equal(path.win32.toNamespacedPath(given), expected, given);
});

test('posix join', () => {
    equal(path.posix.join('a', 'b'), 'a/b');
    equal(path.posix.join('/a', '../b'), '/b');
    equal(path.posix.join('', ''), '.');
    equal(path.posix.join(), '.');
    equal(path.posix.join('a', '', '..', '..', 'c'), '../c');
    equal(path.posix.join('/', 'a/'), '/a/');
    equal(path.posix.join('.', 'x'), 'x');
});

test('win32 join', () => {
    equal(path.win32.join('C:\\a', '..', 'b'), 'C:\\b');
    equal(path.win32.join('\\\\srv', 'share', 'x'), '\\\\srv\\share\\x');
    equal(path.win32.join('\\', 'a'), '\\a');
    equal(path.win32.join('c:', 'x'), 'c:\\x');
    equal(path.win32.join('//', 'a'), '\\a');
    equal(path.win32.join('a', '/b'), 'a\\b');
    equal(path.win32.join(), '.');
});

test('posix relative', () => {
    equal(path.posix.relative('/a/b/c', '/a/d'), '../../d');
    equal(path.posix.relative('/a', '/a'), '');
    equal(path.posix.relative('/', '/x'), 'x');
    equal(path.posix.relative('/a/b', '/'), '../..');
    equal(path.posix.relative('/foo', '/foobar'), '../foobar');
    equal(path.posix.relative('/a/b/', '/a/b/c/d'), 'c/d');
});

test('win32 relative', () => {
    equal(path.win32.relative('C:\\a\\b', 'C:\\a\\c'), '..\\c');
    equal(path.win32.relative('C:\\a', 'D:\\b'), 'D:\\b');
    equal(path.win32.relative('C:\\', 'C:\\x'), 'x');
    equal(path.win32.relative('C:\\A', 'c:\\a\\b'), 'b');
    equal(path.win32.relative('\\\\s\\h\\a', '\\\\s\\h\\b'), '..\\b');
    equal(path.win32.relative('C:\\a\\b', 'C:\\'), '..\\..');
});

test('posix resolve', () => {
    equal(path.posix.resolve('/a', 'b'), '/a/b');
    equal(path.posix.resolve('/a', '/b', 'c'), '/b/c');
    equal(path.posix.resolve('/a/..', '..'), '/');
    equal(path.posix.resolve('/a', '', './b/'), '/a/b');
});

test('win32 resolve', () => {
    equal(path.win32.resolve('C:\\a', 'b'), 'C:\\a\\b');
    equal(path.win32.resolve('C:\\a', 'D:\\b'), 'D:\\b');
    equal(path.win32.resolve('C:\\a', '\\b'), 'C:\\b');
    equal(path.win32.resolve('C:', 'D:\\x', 'C:y\\..', 'C:\\q'), 'C:\\q');
    equal(path.win32.resolve('\\\\s\\h', 'x'), '\\\\s\\h\\x');
});

test('relative paths are resolved in the working directory', () => {
    equal(path.resolve('a', '../b'), path.join(process.cwd(), 'b'));
    equal(path.resolve(), process.cwd());
    equal(path.relative('', 'x/y'), 'x/y');
});

test('a name without its suffix', () => {
    equal(path.basename('/a/b.html', '.html'), 'b');
    equal(path.basename('b.html/', 'html'), 'b.');
    equal(path.basename('.html', '.html'), '');
    equal(path.basename('/a/.html', '.html'), '.html');
    equal(path.win32.basename('C:\\a\\b.js', '.js'), 'b');
    equal(path.basename('a', 'longer'), 'a');
});

test('format puts the parts together', () => {
    equal(path.format({ dir: '/a', base: 'b.c' }), '/a/b.c');
    equal(path.format({ root: '/', base: 'b' }), '/b');
    equal(path.format({ root: '/', dir: '/', name: 'n', ext: '.e' }), '/n.e');
    equal(path.format({ name: 'n', ext: 'e' }), 'n.e');
    equal(path.win32.format({ dir: 'C:\\a', base: 'b' }), 'C:\\a\\b');
    equal(path.format({}), '');
    throws(() => path.format(null), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('everything else than a string is refused', () => {
    for (const name of ['normalize', 'dirname', 'basename', 'extname', 'parse', 'isAbsolute', 'join', 'resolve']) {
        for (const value of [null, undefined, 5, {}, true]) {
            if (value === undefined && name === 'resolve') continue;
            throws(() => path[name](value), { code: 'ERR_INVALID_ARG_TYPE' });
            throws(() => path.win32[name](value), { code: 'ERR_INVALID_ARG_TYPE' });
        }
    }
    throws(() => path.basename('a', 5), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => path.relative('a', 5), { code: 'ERR_INVALID_ARG_TYPE' });
    equal(path.toNamespacedPath(5), 5);
});
