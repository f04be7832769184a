// A Transform whose state is made when somebody uses it as a stream: most digests and ciphers never are.

const { FunctionPrototypeCall, ObjectDefineProperties, ObjectDefineProperty, ObjectSetPrototypeOf, Symbol } = primordials;
const { Transform } = require('internal/streams/transform');

const kOptions = Symbol('kOptions');

function LazyTransform(options) { this[kOptions] = options; }
ObjectSetPrototypeOf(LazyTransform.prototype, Transform.prototype);
ObjectSetPrototypeOf(LazyTransform, Transform);

const lazily = (name) => ({
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
        FunctionPrototypeCall(Transform, this, this[kOptions]);
        return this[name];
    },
    set(value) {
        ObjectDefineProperty(this, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
    },
});
ObjectDefineProperties(LazyTransform.prototype, {
    _readableState: lazily('_readableState'), _writableState: lazily('_writableState'),
});

module.exports = LazyTransform;
