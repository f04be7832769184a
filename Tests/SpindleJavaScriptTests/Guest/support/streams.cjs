'use strict';

/** All events of a stream, in order, with what tests want to see of their arguments. */
function record(stream, log = [], name = '') {
    const { emit } = stream;
    stream.emit = function (type, ...args) {
        const given = args[0];
        let text = name + String(type);
        if (type === 'data') text += ` ${given}`;
        else if (type === 'error') text += ` ${given?.code ?? given?.message ?? given}`;
        if (typeof type === 'string' && type !== 'newListener' && type !== 'removeListener') log.push(text);
        return Reflect.apply(emit, this, [type, ...args]);
    };
    return log;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** When the stream has emitted 'close'. */
const closed = (stream) => new Promise((resolve) => stream.once('close', resolve));

module.exports = { closed, nextTurn, record };
