// ByteLengthQueuingStrategy and CountQueuingStrategy.

const { ObjectDefineProperty, Number } = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_OPTION } } = require('internal/errors');
const { check, expose } = require('internal/webstreams/common');

function markFrom(init) {
    if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
        throw new ERR_INVALID_ARG_TYPE('init', 'Object', init);
    }
    if (init.highWaterMark === undefined) throw new ERR_MISSING_OPTION('options.highWaterMark');
    return Number(init.highWaterMark);
}

/** The same function for all strategies of a kind. */
const byteSize = ObjectDefineProperty((chunk) => chunk.byteLength, 'name', { __proto__: null, value: 'size' });
const countSize = ObjectDefineProperty(() => 1, 'name', { __proto__: null, value: 'size' });

class ByteLengthQueuingStrategy {
    #highWaterMark;
    constructor(init) { this.#highWaterMark = markFrom(init); }
    get highWaterMark() {
        check(#highWaterMark in this, 'ByteLengthQueuingStrategy');
        return this.#highWaterMark;
    }
    get size() {
        check(#highWaterMark in this, 'ByteLengthQueuingStrategy');
        return byteSize;
    }
}
class CountQueuingStrategy {
    #highWaterMark;
    constructor(init) { this.#highWaterMark = markFrom(init); }
    get highWaterMark() {
        check(#highWaterMark in this, 'CountQueuingStrategy');
        return this.#highWaterMark;
    }
    get size() {
        check(#highWaterMark in this, 'CountQueuingStrategy');
        return countSize;
    }
}
expose(ByteLengthQueuingStrategy, ['highWaterMark', 'size'], (self) => ({ highWaterMark: self.highWaterMark }));
expose(CountQueuingStrategy, ['highWaterMark', 'size'], (self) => ({ highWaterMark: self.highWaterMark }));

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy };
