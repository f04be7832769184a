// What the ports of this thread have in common: messages on their way out and in.

const {
    ArrayBuffer, ArrayBufferPrototypeGetMaxByteLength, ArrayBufferPrototypeGetResizable, MathMax, SafeMap,
    TypedArrayPrototypeSet, Uint8Array,
} = primordials;

const host = binding('messaging');
const { decode, encode, release, useBuffer } = require('internal/clone');
const { Reader } = require('internal/clone/reader');
const { processTicksAndRejections } = require('internal/task_queues');

const { inbound, outbound } = host;
const inboundReader = new Reader(inbound);
useBuffer(outbound);

/** The unit in which a received number counts what is to be fetched besides the bytes; see `receive` of the host. */
const PARTS = 2 ** 32;
const HAS_TEXT = 1;
const HAS_ATTACHMENTS = 2;
const HAS_OWN_BYTES = 4;

/** A port takes no fewer messages than this in one go, and else what is there when it begins; then timers have their turn. */
const BATCH = 1000;

/** What receives the messages of each port: an object with `receive(message)` and `end()`. */
const receivers = new SafeMap();

/** Attachments as the host takes them; see its `post`. Those that are transferred come first. */
function flatten({ attachments, transfers }) {
    const flat = [];
    const transferred = transfers === null ? 0 : transfers.size;
    for (let i = 0; i < attachments.length; i++) {
        const attachment = attachments[i];
        flat[2 * i] = attachment;
        flat[2 * i + 1] = typeof attachment !== 'number' && ArrayBufferPrototypeGetResizable(attachment) ?
            ArrayBufferPrototypeGetMaxByteLength(attachment) : i < transferred ? -2 : -1;
    }
    return flat;
}

/** Calls `send(length, text, attachments, buffer)`, as functions of the host take a message, for a value. */
function write(value, list, source, send) {
    const writer = encode(value, list, source);
    try {
        send(
            writer.at, writer.text === '' ? undefined : writer.text,
            writer.attachments === null ? undefined : flatten(writer),
            writer.buffer === outbound ? undefined : writer.buffer);
    } finally {
        release(writer);
    }
}

/** Sends a value through the port `handle`. `source` is its object, which must not be sent through itself. */
function post(handle, value, list, source) {
    if (typeof value === 'string' && list.length === 0) return host.postString(handle, value);
    const writer = encode(value, list, source);
    host.post(
        handle, writer.at, writer.text === '' ? undefined : writer.text,
        writer.attachments === null ? undefined : flatten(writer),
        writer.buffer === outbound ? undefined : writer.buffer);
    release(writer);
}

/** The value of what `receive`, or another function of the host that gives a message, has given. */
function read(message) {
    if (typeof message === 'string') return message;
    if (message < PARTS) return decode(inboundReader, message, '', null);
    const parts = (message - message % PARTS) / PARTS;
    const text = (parts & HAS_TEXT) !== 0 ? host.takeText() : '';
    const attachments = (parts & HAS_ATTACHMENTS) !== 0 ? adopt(host.takeAttachments()) : null;
    const reader = (parts & HAS_OWN_BYTES) !== 0 ? new Reader(host.takeBytes()) : inboundReader;
    return decode(reader, message % PARTS, text, attachments);
}

function adopt(flat) {
    const attachments = [];
    for (let i = 0; i < flat.length; i += 3) {
        const attachment = flat[i];
        const maxByteLength = flat[i + 1];
        if (flat[i + 2] === true) attachments[i / 3] = require('internal/worker/shared').present(attachment);
        else if (maxByteLength >= 0) attachments[i / 3] = resizable(attachment, maxByteLength);
        else attachments[i / 3] = attachment;
    }
    return attachments;
}

/** The host's memory does not grow, so a resizable buffer moves back into the engine's. */
function resizable(buffer, maxByteLength) {
    const bytes = new Uint8Array(buffer);
    const copy = new ArrayBuffer(bytes.length, { __proto__: null, maxByteLength });
    TypedArrayPrototypeSet(new Uint8Array(copy), bytes);
    return copy;
}

host.setup(
    (handle) => {
        const receiver = receivers.get(handle);
        for (let rest = MathMax(host.count(handle), BATCH); rest > 0; rest--) {
            const message = host.receive(handle);
            if (message === undefined) return;
            receiver.receive(message);
            // The host does this after the last one.
            if (rest > 1) processTicksAndRejections();
            if (receivers.get(handle) !== receiver || !receiver.isStarted) return;
        }
    },
    (handle) => {
        const receiver = receivers.get(handle);
        receivers.delete(handle);
        receiver.end();
    });

module.exports = { host, post, read, receivers, write };
