// What the ports of this thread have in common: messages on their way out and in.

const {
    ArrayBuffer, ArrayBufferPrototypeGetMaxByteLength, ArrayBufferPrototypeGetResizable, Int32Array, MathMax, SafeMap, StringPrototype,
    StringPrototypeSubstring, TypedArrayPrototypeSet, Uint8Array, stringMethods,
} = primordials;

const host = binding('messaging');
const { decode, decodeAt, encode, release, useBuffer } = require('internal/clone');
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

/** What `receive` was given: the message at hand of the run. */
const IN_RUN = null;
/** Where the ends of the messages lie behind the bytes of a run. */
const RUN_INDEX = 4096;

/** The short messages of a port that are being delivered, which the host gave in one piece. `port` is 0 if there are none. */
const run = { __proto__: null, port: 0, next: 0, count: 0, text: '', reader: null, ends: null };

function beginRun(handle, message) {
    if (run.reader === null) {
        run.reader = new Reader(host.runs);
        run.ends = new Int32Array(host.runs, RUN_INDEX);
    }
    run.port = handle;
    run.count = -message & 1023;
    run.next = -message >> 10;
    run.text = host.takeText() ?? '';
}

/** Gives the host back what has not been delivered. */
function endRun() {
    host.endRun(run.next);
    run.port = run.count = run.next = 0;
    run.text = '';
}

/** The value of the next message of the run. */
function readFromRun() {
    const { ends, text } = run;
    const i = 2 * run.next++;
    const from = i === 0 ? 0 : ends[i - 2];
    const end = ends[i];
    const textFrom = i === 0 ? 0 : ends[i - 1];
    if (end !== from) return decodeAt(run.reader, (from + 7) & ~7, end, text, textFrom, ends[i + 1], null);
    return StringPrototype.substring === stringMethods.substring ?
        text.substring(textFrom, ends[i + 1]) : StringPrototypeSubstring(text, textFrom, ends[i + 1]);
}

/** Whether the next message of a port is one of the run. */
const isInRun = (handle) => run.port === handle && run.next < run.count;

/** Says that a port is about to go to somebody else: its messages go with it. */
function leave(handle) {
    receivers.delete(handle);
    if (run.port === handle) endRun();
}

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
    if (typeof value === 'string' && list.length === 0) return void host.postString(handle, value);
    const writer = encode(value, list, source);
    host.post(
        handle, writer.at, writer.text === '' ? undefined : writer.text,
        writer.attachments === null ? undefined : flatten(writer),
        writer.buffer === outbound ? undefined : writer.buffer);
    release(writer);
}

/** The value of what `receive`, or another function of the host that gives a message, has given; or of a run's next message. */
function read(message) {
    if (message === IN_RUN) return readFromRun();
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

/** The value of the oldest message of a port as `{ message }`, or undefined. */
function receiveNow(handle) {
    if (isInRun(handle)) return { message: read(IN_RUN) };
    const message = host.receive(handle, false);
    return message === undefined ? undefined : { message: read(message) };
}

/** Delivers what a port has. */
function deliver(handle) {
    const receiver = receivers.get(handle);
    for (let rest = MathMax(host.count(handle), BATCH); rest > 0; rest--) {
        let message = IN_RUN;
        if (!isInRun(handle)) {
            if (run.port !== 0) endRun();
            message = host.receive(handle, true);
            if (message === undefined) return;
            if (message < 0) {
                beginRun(handle, message);
                message = IN_RUN;
            }
        }
        receiver.receive(message);
        // The host does this after the last one.
        if (rest > 1) processTicksAndRejections();
        if (receivers.get(handle) !== receiver || !receiver.isStarted) return;
    }
}

host.setup(
    (handle) => {
        try {
            deliver(handle);
        } finally {
            if (run.port !== 0) endRun();
        }
    },
    (handle) => {
        const receiver = receivers.get(handle);
        receivers.delete(handle);
        receiver.end();
    });

module.exports = { host, leave, post, read, receiveNow, receivers, write };
