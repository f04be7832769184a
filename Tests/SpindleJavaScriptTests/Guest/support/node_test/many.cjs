'use strict';

// Tests of every kind, for the tests of node:test. What they print is what Node prints.

const assert = require('assert');
const { after, afterEach, before, beforeEach, describe, it, test } = require('node:test');

test('passes', () => assert.equal(1, 1));
test('throws', () => { throw new Error('thrown'); });
test('rejects', async () => { throw new Error('rejected'); });
test('has subtests', async (t) => {
    await t.test('one', () => {});
    await t.test('two', () => { throw new Error('below'); });
});
test('is skipped', { skip: 'because' }, () => { throw new Error('never'); });
test.skip('is skipped too');
test('is to be done', { todo: true }, () => { throw new Error('not yet'); });
test('calls back', (t, done) => setImmediate(done));
test('calls back with an error', (t, done) => setImmediate(done, new Error('called')));
test('takes too long', { timeout: 10 }, () => new Promise((resolve) => setTimeout(resolve, 100)));
test('throws later', () => new Promise(() => { setImmediate(() => { throw new Error('from elsewhere'); }); }));
test('plans', (t) => {
    t.plan(2);
    t.assert.ok(true);
    t.assert.equal(1, 1);
});
test('plans more than it does', (t) => t.plan(1));
test('says something', (t) => t.diagnostic('a remark'));

const log = [];
describe('a suite', () => {
    before(() => log.push('before'));
    after(() => log.push('after'));
    beforeEach(() => log.push('beforeEach'));
    afterEach(() => log.push('afterEach'));
    it('one', () => log.push('one'));
    describe('inside', () => {
        beforeEach(() => log.push('inner'));
        it('two', () => log.push('two'));
    });
    it.todo('three');
});
test('hooks ran in order', () => assert.deepEqual(log, [
    'before', 'beforeEach', 'one', 'afterEach', 'beforeEach', 'inner', 'two', 'afterEach', 'beforeEach', 'afterEach', 'after',
]));

describe('a suite whose hook fails', () => {
    before(() => { throw new Error('hook'); });
    it('does not run', () => assert.fail());
});
describe('runs at once what it may', { concurrency: 2 }, () => {
    let release;
    const gate = new Promise((resolve) => { release = resolve; });
    it('waits for the next', () => gate);
    it('opens', () => release());
});
test('never ends', () => new Promise(() => {}));
