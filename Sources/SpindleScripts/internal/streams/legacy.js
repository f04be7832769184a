// Stream, from which all others inherit: an emitter with the first kind of `pipe`.

const { ArrayIsArray, ArrayPrototypeUnshift, ObjectSetPrototypeOf, ReflectApply } = primordials;
const EventEmitter = require('events');

function Stream(options) {
    ReflectApply(EventEmitter, this, [options]);
}
ObjectSetPrototypeOf(Stream.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Stream, EventEmitter);

/** Emitters of other libraries may lack the method. */
function prependListener(emitter, type, listener) {
    if (typeof emitter.prependListener === 'function') {
        emitter.prependListener(type, listener);
        return;
    }
    const existing = emitter._events?.[type];
    if (!existing) emitter.on(type, listener);
    else if (ArrayIsArray(existing)) ArrayPrototypeUnshift(existing, listener);
    else emitter._events[type] = [listener, existing];
}

Stream.prototype.pipe = function pipe(destination, options) {
    const source = this;
    const listeners = [];
    const listen = (emitter, type, listener) => {
        emitter.on(type, listener);
        listeners[listeners.length] = [emitter, type, listener];
    };
    const unpipe = () => {
        for (let i = 0; i < listeners.length; i++) {
            const { 0: emitter, 1: type, 2: listener } = listeners[i];
            emitter.removeListener(type, listener);
        }
    };
    listen(source, 'data', (chunk) => {
        if (destination.writable && destination.write(chunk) === false) source.pause?.();
    });
    listen(destination, 'drain', () => {
        if (source.readable) source.resume?.();
    });
    if (!destination._isStdio && (!options || options.end !== false)) {
        let ended = false;
        const once = (body) => () => {
            if (ended) return;
            ended = true;
            body();
        };
        listen(source, 'end', once(() => destination.end()));
        listen(source, 'close', once(() => destination.destroy?.()));
    }
    function onError(error) {
        unpipe();
        if (EventEmitter.listenerCount(this, 'error') === 0) this.emit('error', error);
    }
    for (let i = 0; i < 2; i++) {
        const emitter = i === 0 ? source : destination;
        prependListener(emitter, 'error', onError);
        listeners[listeners.length] = [emitter, 'error', onError];
    }
    listen(source, 'end', unpipe);
    listen(source, 'close', unpipe);
    listen(destination, 'close', unpipe);
    destination.emit('pipe', source);
    return destination;
};

module.exports = { Stream, prependListener };
