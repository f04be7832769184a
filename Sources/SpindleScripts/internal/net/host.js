// Sockets of the host, which are numbers there, and their owners here. Events come in batches: records of four numbers, the bytes
// of short data in memory that is used again, everything else in a list of its own.

const { Int32Array, MathTrunc, SafeMap, TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const { latin1Write, utf8Write } = require('internal/codecs');
const { report } = require('internal/lifecycle');
const { processTicksAndRejections } = require('internal/task_queues');
const host = binding('net');
const { now } = binding('timers');

const records = new Int32Array(host.records);
const inbound = new Uint8Array(host.inbound);
const outbound = new Uint8Array(host.outbound);
const room = outbound.length;

const kAccepted = 0;
const kConnected = 1;
const kSecured = 2;
const kData = 3;
const kChunk = 4;
const kEnded = 5;
const kDrained = 6;
const kFailed = 7;
const kRefused = 8;
const kClosed = 9;

/** Names of the calls that fail. */
const calls = ['read', 'write', 'connect', 'accept'];

const owners = new SafeMap();

let delivering = false;
function deliver(count, attachments) {
    delivering = true;
    time = -1;
    for (let i = 0; i < count; i++) {
        const at = i * 4;
        const number = records[at + 1];
        const owner = owners.get(number);
        // Its owner may have let go of it.
        if (owner === undefined) {
            if (records[at] === kAccepted) host.close(records[at + 2]);
            continue;
        }
        try {
            dispatch(records[at], owner, number, records[at + 2], records[at + 3], attachments);
        } catch (error) {
            report(error);
        }
        if (i < count - 1) processTicksAndRejections();
    }
    delivering = false;
    time = -1;
}

function dispatch(kind, owner, number, first, second, attachments) {
    switch (kind) {
        case kData: return owner.onData(inbound, first, first + second);
        case kChunk: return owner.onChunk(attachments[first]);
        case kAccepted: return owner.onConnection(first);
        case kConnected: return owner.onConnected();
        case kSecured: return owner.onSecured(attachments[first]);
        case kEnded: return owner.onEnd();
        case kDrained: return owner.onDrained();
        case kFailed: return owner.onFailed(first, calls[second]);
        case kRefused: return owner.onRefused(attachments[first]);
        case kClosed:
            owners.delete(number);
            return owner.onClosed();
        default: return undefined;
    }
}

/** Copies the bytes out. True if the socket takes more at once; else its owner is told when it does. */
function write(number, bytes) {
    const { length } = bytes;
    if (length <= room) {
        TypedArrayPrototypeSet(outbound, bytes);
        return host.write(number, length, true);
    }
    let at = 0;
    for (; at + room < length; at += room) {
        TypedArrayPrototypeSet(outbound, TypedArrayPrototypeSubarray(bytes, at, at + room));
        host.write(number, room, false);
    }
    TypedArrayPrototypeSet(outbound, TypedArrayPrototypeSubarray(bytes, at, length));
    return host.write(number, length - at, true);
}

/** Likewise of a text of at most `shortText` characters, whose bytes are counted into `written`. */
function writeShort(number, text, isLatin1) {
    written.count = isLatin1 ? latin1Write(text, outbound, 0, room) : utf8Write(text, outbound, 0, room);
    return host.write(number, written.count, true);
}
const shortText = MathTrunc(room / 3);
const written = { count: 0 };

/** The clock of time limits, in milliseconds; within a batch it stands still. */
let time = -1;
function currentTime() {
    if (time >= 0) return time;
    const read = now();
    if (delivering) time = read;
    return read;
}

host.setup(deliver);

module.exports = { currentTime, host, owners, shortText, write, writeShort, written };
