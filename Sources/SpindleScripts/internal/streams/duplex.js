// Duplex: a Readable that is a Writable as well; each side with a buffer of its own, and one end.

const {
    ObjectDefineProperties, ObjectGetOwnPropertyDescriptor, ObjectKeys, ObjectSetPrototypeOf, ReflectApply,
} = primordials;
const { Stream } = require('internal/streams/legacy');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { construct } = require('internal/streams/destroy');

module.exports = Duplex;

function Duplex(options) {
    if (!(this instanceof Duplex)) return new Duplex(options);
    const readable = this._readableState = new Readable.ReadableState(options, true);
    const writable = this._writableState = new Writable.WritableState(options, true, this);
    this.allowHalfOpen = true;
    if (options) {
        this.allowHalfOpen = options.allowHalfOpen !== false;
        // A side that is not there is one that has ended.
        if (options.readable === false) {
            readable.readable = false;
            readable.ended = readable.endEmitted = true;
        }
        if (options.writable === false) {
            writable.writable = false;
            writable.ending = writable.ended = writable.finished = true;
        }
        if (typeof options.read === 'function') this._read = options.read;
        if (typeof options.write === 'function') this._write = options.write;
        if (typeof options.writev === 'function') this._writev = options.writev;
        if (typeof options.destroy === 'function') this._destroy = options.destroy;
        if (typeof options.final === 'function') this._final = options.final;
        if (typeof options.construct === 'function') this._construct = options.construct;
        if (options.signal) require('internal/streams/abort_signal').addAbortSignal(options.signal, this);
    }
    ReflectApply(Stream, this, [options]);
    if (this._construct != null) {
        construct(this, () => {
            Readable.onConstructed(this);
            Writable.onConstructed(this);
        });
    }
}
ObjectSetPrototypeOf(Duplex.prototype, Readable.prototype);
ObjectSetPrototypeOf(Duplex, Readable);

const methods = ObjectKeys(Writable.prototype);
for (let i = 0; i < methods.length; i++) Duplex.prototype[methods[i]] ||= Writable.prototype[methods[i]];
Duplex.prototype.destroy = Writable.prototype.destroy;

const inherited = { __proto__: null };
const members = [
    'writable', 'writableAborted', 'writableBuffer', 'writableCorked', 'writableEnded', 'writableFinished',
    'writableHighWaterMark', 'writableLength', 'writableNeedDrain', 'writableObjectMode',
];
for (let i = 0; i < members.length; i++) {
    const { get, set } = ObjectGetOwnPropertyDescriptor(Writable.prototype, members[i]);
    inherited[members[i]] = { __proto__: null, configurable: true, get, set };
}
ObjectDefineProperties(Duplex.prototype, inherited);
ObjectDefineProperties(Duplex.prototype, {
    __proto__: null,
    destroyed: {
        __proto__: null,
        configurable: true,
        get() {
            return this._readableState !== undefined && this._writableState !== undefined &&
                this._readableState.destroyed && this._writableState.destroyed;
        },
        set(on) {
            if (!this._readableState || !this._writableState) return;
            this._readableState.destroyed = on;
            this._writableState.destroyed = on;
        },
    },
});

Duplex.from = function from(body) { return require('internal/streams/duplexify')(body, 'body'); };
Duplex.fromWeb = function fromWeb(pair, options) {
    return require('internal/webstreams/adapters').duplexFromWeb(pair, options);
};
Duplex.toWeb = function toWeb(duplex) { return require('internal/webstreams/adapters').duplexToWeb(duplex); };
