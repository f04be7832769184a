// node:stream/web.

const { ObjectDefineProperty } = primordials;

const homes = {
    __proto__: null,
    ReadableStream: 'readable',
    ReadableStreamDefaultReader: 'readable',
    ReadableStreamBYOBReader: 'bytes',
    ReadableStreamBYOBRequest: 'bytes',
    ReadableByteStreamController: 'bytes',
    ReadableStreamDefaultController: 'readable',
    TransformStream: 'transform',
    TransformStreamDefaultController: 'transform',
    WritableStream: 'writable',
    WritableStreamDefaultController: 'writable',
    WritableStreamDefaultWriter: 'writable',
    ByteLengthQueuingStrategy: 'strategies',
    CountQueuingStrategy: 'strategies',
    TextEncoderStream: 'encoding',
    TextDecoderStream: 'encoding',
};
for (const name in homes) {
    ObjectDefineProperty(module.exports, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const { [name]: value } = require(`internal/webstreams/${homes[name]}`);
            ObjectDefineProperty(module.exports, name, {
                __proto__: null, configurable: true, enumerable: true, value, writable: true,
            });
            return value;
        },
    });
}
