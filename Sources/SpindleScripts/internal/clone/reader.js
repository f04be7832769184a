// Makes a value of a structured message; see `internal/clone/format`. A message may come from anywhere: every length is
// held against what is left before anything of that size is made, and no code of the guest runs.

const {
    ArrayBuffer, ArrayBufferPrototypeGetByteLength, BigInt, Date, Error, Float64Array, Int32Array, Map, MapPrototypeSet, Object,
    ObjectPrototype, RegExp, Set, SetPrototypeAdd, StringPrototype, StringPrototypeSubstring, TypedArrayPrototypeSet, Uint8Array,
    stringMethods,
} = primordials;

const { MAXIMUM_DEPTH, areIndicesTame, define, kind, kinds, makeError, makeView, newList, setHidden, viewConstructors } =
    require('internal/clone/values');
const {
    VERSION, UNDEFINED, NULL, TRUE, FALSE, INT, DOUBLE, BIGINT, STRING, REFERENCE, ABSENT, DEFERRED, SHAPE, OBJECT, DICTIONARY,
    ARRAY, SPARSE, MAP, SET, ERROR, INTS, DOUBLES, DATE, REGEXP, BOX, BUFFER, RESIZABLE, VIEW, ATTACHED, HOST, HANDLE,
    HAS_MESSAGE, HAS_STACK, HAS_CAUSE,
} = require('internal/clone/format');
const { load } = require('internal/transferable');

/** What a hostile message throws; the caller puts it into the words of its interface. */
class Malformed extends Error {}
const fail = () => { throw new Malformed('Malformed structured message'); };

/** The identity of what is begun and not there yet. */
const pending = { __proto__: null };
class Reader {
    /** Reads messages that begin at `start`, a multiple of 8, of `buffer`. */
    constructor(buffer, start = 0) {
        this.buffer = buffer;
        this.start = start;
        this.capacity = ArrayBufferPrototypeGetByteLength(buffer) - start;
        this.bytes = new Uint8Array(buffer, start);
        this.doubles = new Float64Array(buffer, start, this.capacity >>> 3);
        this.ints = new Int32Array(buffer, start, this.capacity >>> 2);
        this.at = 0;
        this.end = 0;
        this.text = '';
        this.textAt = 0;
        this.attachments = null;
        this.objects = newList();
        this.count = 0;
        this.shapes = newList();
        this.shapeCount = 0;
        this.deferred = newList();
        this.deferredCount = 0;
        this.isDeferring = false;
        /** Whether arrays can be filled by assignment; asked when the first one is met. */
        this.tame = undefined;
        /** Whether a string's own method can be called, which is twice as fast as the original kept aside. */
        this.isPristine = false;
    }

    /** The value of the message of `end` bytes. */
    message(end, text, attachments) {
        if (end > this.capacity) fail();
        this.at = 0;
        this.end = end;
        this.text = text;
        this.textAt = 0;
        this.attachments = attachments;
        this.tame = undefined;
        this.isPristine = StringPrototype.substring === stringMethods.substring;
        try {
            if (this.byte() !== VERSION) fail();
            const value = this.value(0);
            // Grows while it is worked off.
            for (let i = 0; i < this.deferredCount; i++) {
                const { target, tag, keys, length } = this.deferred[i];
                this.body(target, tag, keys, length, 0);
            }
            if (this.at !== end || this.textAt !== text.length) fail();
            return value;
        } finally {
            this.text = '';
            this.attachments = null;
            if (this.count > 0) this.objects.length = this.count = 0;
            if (this.shapeCount > 0) this.shapes.length = this.shapeCount = 0;
            if (this.deferredCount > 0) this.deferred.length = this.deferredCount = 0;
            this.isDeferring = false;
        }
    }

    // MARK: Parts

    byte() {
        if (this.at >= this.end) fail();
        return this.bytes[this.at++];
    }

    number() {
        const first = this.byte();
        if (first < 0x80) return first;
        let result = first & 0x7f;
        for (let shift = 7; shift < 35; shift += 7) {
            const next = this.byte();
            if (shift === 28 && next > 0x0f) fail();
            result |= (next & 0x7f) << shift;
            if (next < 0x80) return result >>> 0;
        }
        return fail();
    }

    /** A count of things that take at least `size` bytes each. */
    length(size) {
        const length = this.number();
        if (length * size > this.end - this.at) fail();
        return length;
    }

    double() {
        const at = (this.at + 7) >>> 3;
        const next = (at << 3) + 8;
        if (next > this.end) fail();
        this.at = next;
        return this.doubles[at];
    }

    string() {
        return this.take(this.number());
    }

    take(length) {
        const from = this.textAt;
        const to = from + length;
        if (to > this.text.length) fail();
        this.textAt = to;
        return this.isPristine ? this.text.substring(from, to) : StringPrototypeSubstring(this.text, from, to);
    }

    /** A list of keys. `isTame` if objects can be given them by assignment. */
    keyList() {
        const length = this.length(1);
        const keys = newList();
        let isTame = true;
        for (let i = 0; i < length; i++) {
            const key = this.string();
            keys[i] = key;
            if (key in ObjectPrototype) isTame = false;
        }
        return { keys, isTame };
    }

    remember(object) {
        this.objects[this.count++] = object;
        return object;
    }

    reference() {
        const id = this.number();
        if (id >= this.count) fail();
        const object = this.objects[id];
        if (object === pending) fail();
        return object;
    }

    attachment() {
        const index = this.number();
        if (this.attachments === null || index >= this.attachments.length) fail();
        return this.attachments[index];
    }

    // MARK: Values

    value(depth) {
        const tag = this.byte();
        switch (tag) {
            case UNDEFINED: return undefined;
            case NULL: return null;
            case TRUE: return true;
            case FALSE: return false;
            case INT: {
                const n = this.number();
                return (n >>> 1) ^ -(n & 1);
            }
            case DOUBLE: return this.double();
            case STRING: return this.string();
            case REFERENCE: return this.reference();
            case SHAPE: case OBJECT: case DICTIONARY: case ARRAY: case SPARSE: case MAP: case SET: case ERROR:
                return this.container(tag, depth);
            case INTS: return this.remember(this.integers());
            case DOUBLES: return this.remember(this.numbers());
            case VIEW: return this.view(depth);
            case BUFFER: case RESIZABLE: return this.remember(this.arrayBuffer(tag));
            case DEFERRED: {
                const next = this.byte();
                if (next < SHAPE || next > ERROR) fail();
                this.isDeferring = true;
                return this.container(next, depth);
            }
            default: return this.rare(tag, depth);
        }
    }

    rare(tag, depth) {
        switch (tag) {
            case BIGINT: {
                const isNegative = this.byte() === 1;
                const value = BigInt(`0x${this.string()}`);
                return isNegative ? -value : value;
            }
            case DATE: return this.remember(new Date(this.double()));
            case REGEXP: {
                const source = this.string();
                return this.remember(new RegExp(source, this.string()));
            }
            case BOX: {
                const value = this.value(MAXIMUM_DEPTH);
                if (value === undefined || (typeof value === 'object')) fail();
                return this.remember(Object(value));
            }
            case ATTACHED: {
                const buffer = this.attachment();
                if (kind(buffer) !== kinds.BUFFER && kind(buffer) !== kinds.SHARED) fail();
                return this.remember(buffer);
            }
            case HOST: case HANDLE: {
                if (depth > MAXIMUM_DEPTH) fail();
                const id = this.count;
                this.remember(pending);
                const type = load(this.string());
                if (type === undefined) fail();
                if (tag === HANDLE && type.receive === undefined) fail();
                if (tag === HOST && type.restore === undefined) fail();
                return this.objects[id] = tag === HANDLE ? type.receive(this.attachment()) : type.restore(this.value(depth + 1));
            }
            default: return fail();
        }
    }

    // MARK: Containers

    /** A container of `tag`: its head, and its body if that is not deferred. */
    container(tag, depth) {
        const isDeferred = this.isDeferring;
        this.isDeferring = false;
        if (depth >= MAXIMUM_DEPTH && !isDeferred) fail();
        let target;
        let keys = null;
        let length = 0;
        switch (tag) {
            case OBJECT: {
                const id = this.number();
                if (id >= this.shapeCount) fail();
                keys = this.shapes[id];
                target = {};
                break;
            }
            case SHAPE:
                target = {};
                keys = this.shapes[this.shapeCount++] = this.keyList();
                break;
            case DICTIONARY:
                target = {};
                keys = this.keyList();
                break;
            case ARRAY:
                target = [];
                length = this.length(1);
                break;
            case SPARSE:
                target = [];
                target.length = this.number();
                keys = this.keyList();
                if (keys.isTame && !this.areIndicesTame()) keys.isTame = false;
                break;
            case MAP:
                target = new Map();
                length = this.length(2);
                break;
            case SET:
                target = new Set();
                length = this.length(1);
                break;
            default: {
                const type = this.byte();
                if (type > 6) fail();
                const flags = this.byte();
                const message = (flags & HAS_MESSAGE) !== 0 ? this.string() : undefined;
                const stack = (flags & HAS_STACK) !== 0 ? this.string() : undefined;
                target = makeError(type, message, stack);
                if ((flags & HAS_CAUSE) === 0) return this.remember(target);
            }
        }
        this.remember(target);
        if (isDeferred) this.deferred[this.deferredCount++] = { target, tag, keys, length };
        else this.body(target, tag, keys, length, depth);
        return target;
    }

    body(target, tag, keys, length, depth) {
        if (keys !== null) this.fields(target, keys, depth);
        else if (tag === ARRAY) this.items(target, length, depth);
        else if (tag === MAP) {
            for (let i = 0; i < length; i++) MapPrototypeSet(target, this.value(depth + 1), this.value(depth + 1));
        }
        else if (tag === SET) for (let i = 0; i < length; i++) SetPrototypeAdd(target, this.value(depth + 1));
        else setHidden(target, 'cause', this.value(depth + 1));
    }

    /** Whether what comes next is not there; steps over that if so. */
    isAbsent() {
        if (this.at >= this.end || this.bytes[this.at] !== ABSENT) return false;
        this.at++;
        return true;
    }

    fields(target, { keys, isTame }, depth) {
        for (let i = 0; i < keys.length; i++) {
            if (this.isAbsent()) continue;
            const value = this.value(depth + 1);
            if (isTame) target[keys[i]] = value;
            else define(target, keys[i], value);
        }
    }

    areIndicesTame() {
        if (this.tame === undefined) this.tame = areIndicesTame();
        return this.tame;
    }

    items(target, length, depth) {
        const isTame = length === 0 || this.areIndicesTame();
        for (let i = 0; i < length; i++) {
            if (this.isAbsent()) continue;
            const value = this.value(depth + 1);
            if (isTame) target[i] = value;
            else define(target, i, value);
        }
        if (target.length !== length) target.length = length;
    }

    integers() {
        const length = this.length(4);
        const { ints } = this;
        const from = (this.at + 3) >>> 2;
        const next = (from + length) << 2;
        if (next > this.end) fail();
        this.at = next;
        const target = [];
        const isTame = this.areIndicesTame();
        for (let i = 0; i < length; i++) {
            if (isTame) target[i] = ints[from + i];
            else define(target, i, ints[from + i]);
        }
        return target;
    }

    numbers() {
        const length = this.length(8);
        const { doubles } = this;
        const from = (this.at + 7) >>> 3;
        const next = (from + length) << 3;
        if (next > this.end) fail();
        this.at = next;
        const target = [];
        const isTame = this.areIndicesTame();
        for (let i = 0; i < length; i++) {
            if (isTame) target[i] = doubles[from + i];
            else define(target, i, doubles[from + i]);
        }
        return target;
    }

    // MARK: Memory

    arrayBuffer(tag) {
        const maxByteLength = tag === RESIZABLE ? this.number() : 0;
        const byteLength = this.length(1);
        const buffer = tag === RESIZABLE ?
            new ArrayBuffer(byteLength, { __proto__: null, maxByteLength }) : new ArrayBuffer(byteLength);
        TypedArrayPrototypeSet(new Uint8Array(buffer), new Uint8Array(this.buffer, this.start + this.at, byteLength));
        this.at += byteLength;
        return buffer;
    }

    view(depth) {
        const id = this.count;
        this.remember(pending);
        const type = this.byte();
        if (type >= viewConstructors.length) fail();
        const byteOffset = this.number();
        const length = this.number() - 1;
        const tag = this.byte();
        let buffer;
        if (tag === BUFFER || tag === RESIZABLE) buffer = this.remember(this.arrayBuffer(tag));
        else if (tag === REFERENCE) buffer = this.reference();
        else if (tag === ATTACHED) buffer = this.rare(tag, depth);
        else fail();
        const which = typeof buffer === 'object' ? kind(buffer) : kinds.OTHER;
        if (which !== kinds.BUFFER && which !== kinds.SHARED) fail();
        return this.objects[id] = makeView(type, buffer, byteOffset, length);
    }
}

module.exports = { Malformed, Reader };
