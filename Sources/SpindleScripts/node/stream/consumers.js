// node:stream/consumers: all of a stream, or of another async iterable, as one value.

const { ArrayPrototypePush, JSONParse } = primordials;

async function blob(stream) {
    const chunks = [];
    for await (const chunk of stream) ArrayPrototypePush(chunks, chunk);
    const { Blob } = require('internal/blob');
    return new Blob(chunks);
}
async function arrayBuffer(stream) { return (await blob(stream)).arrayBuffer(); }
async function buffer(stream) { return require('buffer').Buffer.from(await arrayBuffer(stream)); }

async function text(stream) {
    const { TextDecoder } = require('internal/encoding');
    const decoder = new TextDecoder();
    let result = '';
    for await (const chunk of stream) result += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    // A character that was cut off.
    return result + decoder.decode();
}
async function json(stream) { return JSONParse(await text(stream)); }

module.exports = { arrayBuffer, blob, buffer, text, json };
