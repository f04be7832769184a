// The body of a Request or a Response: what it was made of, and the ways to read it.

const {
    ArrayPrototypePush, Boolean, JSONParse, ObjectDefineProperties, Promise, PromiseReject, PromiseResolve, Symbol,
    SymbolAsyncIterator, TypeError, Uint8Array,
} = primordials;
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');

const kBody = Symbol('body');

/** A body: `source` is a Buffer or a node stream; `type` what it says of itself; `length` its bytes where they are known. */
function bodyOf(value) {
    const { Buffer } = require('buffer');
    const body = { source: null, type: null, length: null, used: false, web: null, original: value };
    if (typeof value === 'object' || typeof value === 'function') {
        const { Blob } = require('internal/blob');
        const { FormData, encodeForm } = require('internal/fetch/form_data');
        const { URLSearchParams } = require('internal/url');
        if (isAnyArrayBuffer(value)) body.source = Buffer.from(value.slice(0));
        else if (isArrayBufferView(value)) {
            body.source = Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
        } else if (value instanceof URLSearchParams) {
            body.source = Buffer.from(`${value}`);
            body.type = 'application/x-www-form-urlencoded;charset=UTF-8';
        } else if (value instanceof Blob || value instanceof FormData) {
            const blob = value instanceof Blob ? value : encodeForm(value);
            body.source = blob;
            body.type = blob.type === '' ? null : blob.type;
            body.length = blob.size;
            return body;
        } else if (typeof value.getReader === 'function') {
            body.web = value;
            body.source = require('stream').Readable.from(chunksOf(value), { objectMode: false });
            return body;
        } else if (typeof value[SymbolAsyncIterator] === 'function') {
            body.source = require('stream').Readable.from(value, { objectMode: false });
            return body;
        }
    }
    if (body.source === null) {
        body.source = Buffer.from(`${value}`);
        body.type = 'text/plain;charset=UTF-8';
    }
    body.length = body.source.length;
    return body;
}
async function* chunksOf(stream) {
    const reader = stream.getReader();
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
    }
}

/** Everything of it, as a Buffer. */
async function collect(body) {
    const { Buffer } = require('buffer');
    if (Buffer.isBuffer(body.source)) return body.source;
    if (body.web?.locked) throw new TypeError('Body is unusable: Body has already been read');
    if (typeof body.source.arrayBuffer === 'function') return Buffer.from(await body.source.arrayBuffer());
    return new Promise((resolve, reject) => {
        const chunks = [];
        body.source.on('data', (chunk) => ArrayPrototypePush(chunks, typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
        body.source.on('error', (error) => reject(body.failure?.() ?? error));
        body.source.on('end', () => resolve(Buffer.concat(chunks)));
    });
}

function isUsed(body) {
    return body !== null && (body.used || Boolean(body.web?.locked) || Boolean(body.source.readableDidRead));
}

/** Reads it to its end and makes something of it. */
function consume(message, make) {
    const body = message[kBody];
    if (isUsed(body)) return PromiseReject(new TypeError('Body is unusable: Body has already been read'));
    const { Buffer } = require('buffer');
    if (body === null) return PromiseResolve().then(() => make(Buffer.alloc(0)));
    body.used = true;
    return collect(body).then(make);
}

const method = (value) => ({ __proto__: null, configurable: true, enumerable: true, value, writable: true });
/** Gives a class the members that Request and Response share. */
function addBodyMembers(prototype) {
    ObjectDefineProperties(prototype, {
        arrayBuffer: method(function arrayBuffer() {
            return consume(this, (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        }),
        blob: method(function blob() {
            const type = this.headers.get('content-type') ?? '';
            return consume(this, (bytes) => new (require('internal/blob').Blob)([bytes], { type }));
        }),
        body: {
            __proto__: null,
            configurable: true,
            enumerable: true,
            get() {
                const body = this[kBody];
                if (body === null) return null;
                return body.web ??= require('stream').Readable.toWeb(streamOf(body));
            },
        },
        bodyUsed: { __proto__: null, configurable: true, enumerable: true, get() { return isUsed(this[kBody]); } },
        bytes: method(function bytes() {
            return consume(this, (all) => new Uint8Array(all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength)));
        }),
        formData: method(function formData() {
            const type = this.headers.get('content-type') ?? '';
            return consume(this, (bytes) => require('internal/fetch/form_data').decodeForm(bytes, type));
        }),
        json: method(function json() { return consume(this, (bytes) => JSONParse(decode(bytes))); }),
        text: method(function text() { return consume(this, decode); }),
    });
}
/** UTF-8, without the mark that may stand before it. */
function decode(bytes) {
    const start = bytes[0] === 0xEF && bytes[1] === 0xBB && bytes[2] === 0xBF ? 3 : 0;
    return bytes.utf8Slice(start, bytes.length);
}

/** The body as a node stream. */
function streamOf(body) {
    const { Readable } = require('stream');
    if (body.source instanceof Readable) return body.source;
    body.source = Readable.from(partsOf(body.source), { objectMode: false });
    return body.source;
}
async function* partsOf(source) {
    const { Buffer } = require('buffer');
    const bytes = Buffer.isBuffer(source) ? source : Buffer.from(await source.arrayBuffer());
    if (bytes.length > 0) yield bytes;
}

/** A second body with the same content. */
function cloneBody(body) {
    if (body === null) return null;
    if (isUsed(body)) throw new TypeError('Response.clone: Body has already been consumed.');
    const { Readable, PassThrough } = require('stream');
    if (!(body.source instanceof Readable)) return { ...body };
    const first = new PassThrough();
    const second = new PassThrough();
    body.source.pipe(first);
    body.source.pipe(second);
    body.source.on('error', (error) => {
        first.destroy(error);
        second.destroy(error);
    });
    body.source = first;
    body.web = null;
    return { ...body, source: second, web: null };
}

module.exports = { addBodyMembers, bodyOf, cloneBody, isUsed, kBody, streamOf };
