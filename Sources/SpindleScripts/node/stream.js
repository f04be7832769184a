// node:stream. The parts are in internal/streams; those that programs seldom use are loaded when they do.

const { ObjectDefineProperty, ReflectApply, SymbolFor } = primordials;
const { codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const { Stream } = require('internal/streams/legacy');
const predicates = require('internal/streams/predicates');
const { getDefaultHighWaterMark, setDefaultHighWaterMark } = require('internal/streams/state');
const Readable = require('internal/streams/readable');
const { PassThrough, Transform } = require('internal/streams/transform');

module.exports = Stream;

Stream.isDestroyed = predicates.isDestroyed;
Stream.isDisturbed = predicates.isDisturbed;
Stream.isErrored = predicates.isErrored;
Stream.isReadable = predicates.isReadable;
Stream.isWritable = predicates.isWritable;
Stream.Readable = Readable;
Stream.Writable = require('internal/streams/writable');
Stream.Duplex = require('internal/streams/duplex');
Stream.Transform = Transform;
Stream.PassThrough = PassThrough;

Stream.duplexPair = function duplexPair(options) { return require('internal/streams/pair')(options); };
Stream.pipeline = require('internal/streams/pipeline').pipeline;
Stream.addAbortSignal = require('internal/streams/abort_signal').addAbortSignal;
Stream.finished = require('internal/streams/finished').finished;
Stream.destroy = require('internal/streams/destroy').destroyer;
Stream.compose = function compose(...streams) { return ReflectApply(require('internal/streams/compose'), this, streams); };
Stream.setDefaultHighWaterMark = setDefaultHighWaterMark;
Stream.getDefaultHighWaterMark = getDefaultHighWaterMark;
ObjectDefineProperty(Stream, 'promises', {
    __proto__: null, configurable: true, enumerable: true, get: () => require('stream/promises'),
});
Stream.Stream = Stream;

// Old libraries ask these.
Stream._isArrayBufferView = primordials.ArrayBufferIsView;
Stream._isUint8Array = (value) => require('internal/util/types').isUint8Array(value);
Stream._uint8ArrayToBuffer = (view) => require('buffer').Buffer.from(view.buffer, view.byteOffset, view.byteLength);

/** The methods that are named like those of arrays: name, length, and whether a stream comes of it rather than a promise. */
const helpers = [
    ['drop', 1, true], ['filter', 2, true], ['flatMap', 2, true], ['map', 2, true], ['take', 1, true], ['compose', 2, true],
    ['every', 1, false], ['forEach', 2, false], ['reduce', 3, false], ['toArray', 1, false], ['some', 1, false],
    ['find', 2, false],
];
for (let i = 0; i < helpers.length; i++) {
    const { 0: name, 1: length, 2: givesStream } = helpers[i];
    const method = function (...args) {
        if (new.target) throw new ERR_ILLEGAL_CONSTRUCTOR();
        const result = ReflectApply(require('internal/streams/helpers')[name], this, args);
        return givesStream ? Readable.from(result) : result;
    };
    ObjectDefineProperty(method, 'name', { __proto__: null, configurable: true, value: name });
    ObjectDefineProperty(method, 'length', { __proto__: null, configurable: true, value: length });
    ObjectDefineProperty(Readable.prototype, name, { __proto__: null, configurable: true, value: method, writable: true });
}
