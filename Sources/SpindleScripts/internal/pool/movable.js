// `move(value)`: a value that goes to the other side of a pool instead of being copied.

const { ArrayBufferIsView, ArrayIsArray, ArrayPrototypePush } = primordials;

/** What was moved, by the wrapper that `move` gave: nobody else can make one. */
class Movable {
    #value;
    #list;

    constructor(value, list) {
        this.#value = value;
        this.#list = list;
    }

    static {
        module.exports.unwrap = (value, list) => {
            if (typeof value !== 'object' || value === null || !(#list in value)) return value;
            for (let i = 0; i < value.#list.length; i++) ArrayPrototypePush(list, value.#list[i]);
            return value.#value;
        };
    }
}

/**
 * Marks `value`, the input of a task or what it returns, to be moved: what `transferList` names, and without one the value
 * itself, or the buffer under it.
 */
function move(value, transferList = undefined) {
    if (transferList !== undefined) {
        if (!ArrayIsArray(transferList)) {
            const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
            throw new ERR_INVALID_ARG_TYPE('transferList', 'Array', transferList);
        }
        return new Movable(value, transferList);
    }
    return new Movable(value, [ArrayBufferIsView(value) ? value.buffer : value]);
}

module.exports.move = move;
