'use strict';

// node:test. The expected text is what Node prints for the same file, without times and stacks.

const fs = require('fs');
const path = require('path');
const { Worker } = require('worker_threads');
const { beyond, deepEqual, equal, throws } = require('./support/harness.cjs');

const folder = path.join(__dirname, 'support/node_test');

/** What a file prints as a program of its own, and its exit code. */
function outputOf(file) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(path.join(folder, file), { stdout: true });
        let text = '';
        worker.stdout.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
        worker.on('error', reject);
        worker.on('exit', (code) => resolve({ code, text }));
    });
}

/** Lines without times, stacks and columns, which tell of the machine and the engine. */
const essence = (text) => text.replace(/ \([\d.]+ms\)/g, '').replace(/duration_ms [\d.]+/, 'duration_ms')
    .replace(/^test at .*?([\w.]+:\d+):\d+$/gm, 'test at $1').split('\n').filter((line) => !/^\s*(at .*)?$/.test(line)).join('\n');

beyond('tests, suites, hooks, plans, limits and what fails are told as Node tells them', async () => {
    const { code, text } = await outputOf('many.cjs');
    equal(essence(text), fs.readFileSync(path.join(folder, 'many.txt'), 'utf8').trimEnd());
    equal(code, 1);
});

beyond('a file whose tests pass ends with 0', async () => {
    const { code, text } = await outputOf('mocks.mjs');
    equal(code, 0, text);
});

beyond('arguments are checked', () => {
    const { test } = require('node:test');
    throws(() => test('a', { timeout: -1 }, () => {}), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => test('a', { signal: {} }, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
});

beyond('it is found with node: alone', () => {
    const Module = require('module');
    throws(() => require('test'), { code: 'MODULE_NOT_FOUND' });
    deepEqual([Module.isBuiltin('test'), Module.isBuiltin('node:test')], [false, true]);
});
