// TextEncoderStream and TextDecoderStream.

const { StringPrototypeCharCodeAt, StringPrototypeSlice } = primordials;
const { TextDecoder, TextEncoder } = require('internal/encoding');
const { check, expose } = require('internal/webstreams/common');
const { TransformStream } = require('internal/webstreams/transform');

class TextEncoderStream {
    #stream;
    /** The first half of a pair whose second has not come yet. */
    #pending = '';

    constructor() {
        const encoder = new TextEncoder();
        this.#stream = new TransformStream({
            __proto__: null,
            transform: (chunk, controller) => {
                let text = this.#pending + `${chunk}`;
                this.#pending = '';
                const last = text.length > 0 ? StringPrototypeCharCodeAt(text, text.length - 1) : 0;
                if (last >= 0xd800 && last < 0xdc00) {
                    this.#pending = StringPrototypeSlice(text, -1);
                    text = StringPrototypeSlice(text, 0, -1);
                }
                if (text !== '') controller.enqueue(encoder.encode(text));
            },
            flush: (controller) => {
                if (this.#pending !== '') controller.enqueue(encoder.encode(this.#pending));
            },
        });
    }
    get encoding() {
        check(#stream in this, 'TextEncoderStream');
        return 'utf-8';
    }
    get readable() {
        check(#stream in this, 'TextEncoderStream');
        return this.#stream.readable;
    }
    get writable() {
        check(#stream in this, 'TextEncoderStream');
        return this.#stream.writable;
    }
}
expose(TextEncoderStream, ['encoding', 'readable', 'writable'], (self) => ({
    encoding: self.encoding, readable: self.readable, writable: self.writable,
}));

class TextDecoderStream {
    #stream;
    #decoder;
    constructor(encoding = 'utf-8', options = { __proto__: null }) {
        const decoder = this.#decoder = new TextDecoder(encoding, options);
        this.#stream = new TransformStream({
            __proto__: null,
            transform(chunk, controller) {
                const text = decoder.decode(chunk, { __proto__: null, stream: true });
                if (text !== '') controller.enqueue(text);
            },
            flush(controller) {
                const text = decoder.decode();
                if (text !== '') controller.enqueue(text);
            },
        });
    }
    get encoding() {
        check(#stream in this, 'TextDecoderStream');
        return this.#decoder.encoding;
    }
    get fatal() {
        check(#stream in this, 'TextDecoderStream');
        return this.#decoder.fatal;
    }
    get ignoreBOM() {
        check(#stream in this, 'TextDecoderStream');
        return this.#decoder.ignoreBOM;
    }
    get readable() {
        check(#stream in this, 'TextDecoderStream');
        return this.#stream.readable;
    }
    get writable() {
        check(#stream in this, 'TextDecoderStream');
        return this.#stream.writable;
    }
}
expose(TextDecoderStream, ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable'], (self) => ({
    encoding: self.encoding, fatal: self.fatal, ignoreBOM: self.ignoreBOM, readable: self.readable, writable: self.writable,
}));

module.exports = { TextDecoderStream, TextEncoderStream };
