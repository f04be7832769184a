// node:test.

const { ObjectDefineProperty } = primordials;
const { currentNode, hook, register } = require('internal/test/harness');

function make(kind) {
    const f = (...args) => register(currentNode(), kind, args, undefined);
    f.skip = (...args) => register(currentNode(), kind, args, { skip: true });
    f.todo = (...args) => register(currentNode(), kind, args, { todo: true });
    f.only = (...args) => register(currentNode(), kind, args, { only: true });
    return f;
}

const test = make('test');
ObjectDefineProperty(test, 'name', { __proto__: null, configurable: true, value: 'test' });
const suite = make('suite');
ObjectDefineProperty(suite, 'name', { __proto__: null, configurable: true, value: 'suite' });

const lazily = (key, get) => ObjectDefineProperty(test, key, { __proto__: null, configurable: true, enumerable: true, get });

module.exports = test;
test.test = test;
test.it = test;
test.suite = suite;
test.describe = suite;
test.before = hook('before');
test.after = hook('after');
test.beforeEach = hook('beforeEach');
test.afterEach = hook('afterEach');
test.run = (options) => require('internal/test/run').run(options);
let mock;
lazily('mock', () => mock ??= new (require('internal/test/mock').MockTracker)());
lazily('assert', () => require('assert'));
