// Turns a value into a structured message; see `internal/clone/format`. Written for the engine's compiler: index loops,
// no calls through bound functions where a message is small or its like are many.

const {
    ArrayBuffer, ArrayBufferPrototypeGetByteLength, ArrayBufferPrototypeGetDetached, ArrayBufferPrototypeGetMaxByteLength,
    ArrayBufferPrototypeGetResizable, BigIntPrototypeToString, BooleanPrototypeValueOf, DatePrototypeGetTime, Float64Array,
    Int32Array, MapPrototypeForEach, NumberPrototypeValueOf, ObjectHasOwn, ObjectKeys, RegExpPrototypeGetSource, SafeMap,
    SetPrototypeForEach, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeValueOf, TypedArrayPrototypeSet, Uint8Array,
} = primordials;

const {
    MAXIMUM_DEPTH, areIndicesTame, copyBuffer, detachedBuffer, domException, errorParts,
    isDOMException, kind, kinds, newList, notCloneable, regExpFlags, unboxBigInt, viewParts,
} = require('internal/clone/values');
const {
    VERSION, UNDEFINED, NULL, TRUE, FALSE, INT, DOUBLE, BIGINT, STRING, REFERENCE, ABSENT, DEFERRED, SHAPE, OBJECT, DICTIONARY,
    ARRAY, SPARSE, MAP, SET, ERROR, INTS, DOUBLES, DATE, REGEXP, BOX, BUFFER, RESIZABLE, VIEW, ATTACHED, HOST, HANDLE,
    HAS_MESSAGE, HAS_STACK, HAS_CAUSE,
} = require('internal/clone/format');
const { isMarkedAsUncloneable, typeOf } = require('internal/transferable');
const { codes: { ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST } } = require('internal/errors');

/** Room that every step may use without asking: a tag, padding and the largest fixed part. */
const SLACK = 32;
/** A writer that has grown beyond this is not kept. */
const KEPT_CAPACITY = 1 << 20;
/** From this size on a buffer is attached: the memory goes over as a whole instead of through the bytes. */
const ATTACHED_SIZE = 1 << 16;
/** Objects of more keys than this are taken for dictionaries, whose like does not come again. */
const MAXIMUM_SHAPE = 32;
/** The lists of keys are remembered from message to message, up to this many; then the memory starts afresh. */
const MAXIMUM_SHAPES = 4096;

// MARK: Lists of keys

/** A node of the tree of key lists: the list is what the path from the root spells. */
class ShapeNode {
    constructor(key) {
        this.key = key;
        /** All keys of the list, one after the other; null until it is asked for. */
        this.text = null;
        /** The child used last; the others, if there are several, are in `children`. */
        this.child = null;
        this.children = null;
        /** The number of the list in the message `epoch`. */
        this.id = 0;
        this.epoch = 0;
    }
}

let shapes = new ShapeNode('');
let shapeCount = 0;
let lastEpoch = 0;

function addChild(node, key) {
    let child = node.children === null ? undefined : node.children.get(key);
    if (child === undefined) {
        child = new ShapeNode(key);
        shapeCount++;
        if (node.child !== null) {
            if (node.children === null) {
                node.children = new SafeMap();
                node.children.set(node.child.key, node.child);
            }
            node.children.set(key, child);
        }
    }
    node.child = child;
    return child;
}

function findShape(keys) {
    let node = shapes;
    for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        const child = node.child;
        node = child !== null && child.key === key ? child : addChild(node, key);
    }
    return node;
}

function joined(keys) {
    let text = '';
    for (let i = 0; i < keys.length; i++) text += keys[i];
    // Puts it together once and for all.
    if (text !== '') StringPrototypeCharCodeAt(text, 0);
    return text;
}

// MARK: The writer

class Writer {
    constructor(buffer) {
        this.use(buffer);
        this.reset();
    }

    use(buffer) {
        this.capacity = ArrayBufferPrototypeGetByteLength(buffer);
        this.buffer = buffer;
        this.bytes = new Uint8Array(this.buffer);
        this.doubles = new Float64Array(this.buffer);
        this.ints = new Int32Array(this.buffer);
    }

    get isReusable() { return this.capacity <= KEPT_CAPACITY; }

    reset() {
        /** The length of the message in `bytes`. */
        this.at = 0;
        this.text = '';
        this.attachments = null;
        /** Maps what is transferred to its index among the attachments; null if nothing is. */
        this.transfers = null;
        /** v8.serialize has no carrier for attachments. */
        this.isSelfContained = false;
        this.count = 0;
        this.first = null;
        this.ids = null;
        this.shapeIds = 0;
        this.epoch = ++lastEpoch;
        this.deferred = null;
        /** Whether arrays can be trusted to have what they show; asked when the first one is met. */
        this.tame = undefined;
    }

    /** Makes room for `size` bytes and the slack behind them. */
    reserve(size) {
        const needed = this.at + size + SLACK;
        if (needed <= this.capacity) return;
        let capacity = this.capacity * 2;
        while (capacity < needed) capacity *= 2;
        const old = this.bytes;
        this.use(new ArrayBuffer(capacity));
        TypedArrayPrototypeSet(this.bytes, old);
    }

    /** Writes the whole message. */
    message(value) {
        if (shapeCount > MAXIMUM_SHAPES) {
            shapes = new ShapeNode('');
            shapeCount = 0;
        }
        this.bytes[this.at++] = VERSION;
        this.value(value, 0);
        if (this.deferred !== null) {
            // Grows while it is worked off.
            for (let i = 0; i < this.deferred.length; i++) this.body(this.deferred[i], 0);
        }
    }

    // MARK: Primitives

    number(n) {
        while (n >= 0x80) {
            this.bytes[this.at++] = (n & 0x7f) | 0x80;
            n >>>= 7;
        }
        this.bytes[this.at++] = n;
    }

    double(value) {
        const at = (this.at + 7) >>> 3;
        this.doubles[at] = value;
        this.at = (at << 3) + 8;
    }

    string(value) {
        this.number(value.length);
        this.text += value;
    }

    value(value, depth) {
        if (this.at + SLACK > this.capacity) this.reserve(0);
        switch (typeof value) {
            case 'string':
                this.bytes[this.at++] = STRING;
                this.string(value);
                return;
            case 'number':
                if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
                    this.bytes[this.at++] = INT;
                    this.number(((value << 1) ^ (value >> 31)) >>> 0);
                } else {
                    this.bytes[this.at++] = DOUBLE;
                    this.double(value);
                }
                return;
            case 'object':
                if (value === null) this.bytes[this.at++] = NULL;
                else this.object(value, depth);
                return;
            case 'undefined':
                this.bytes[this.at++] = UNDEFINED;
                return;
            case 'boolean':
                this.bytes[this.at++] = value ? TRUE : FALSE;
                return;
            case 'bigint':
                this.bigint(value);
                return;
            default:
                throw notCloneable(value);
        }
    }

    bigint(value) {
        const isNegative = value < 0n;
        const digits = BigIntPrototypeToString(isNegative ? -value : value, 16);
        this.bytes[this.at++] = BIGINT;
        this.bytes[this.at++] = isNegative ? 1 : 0;
        this.string(digits);
    }

    // MARK: Objects

    /** The number of an object met before, or -1. Most messages have one object, so the first does without a map. */
    idOf(object) {
        if (object === this.first) return 0;
        if (this.ids === null) return -1;
        const id = this.ids.get(object);
        return id === undefined ? -1 : id;
    }

    remember(object) {
        const id = this.count++;
        if (id === 0) {
            this.first = object;
            return;
        }
        if (this.ids === null) this.ids = new SafeMap();
        this.ids.set(object, id);
    }

    object(object, depth) {
        const id = this.idOf(object);
        if (id >= 0) {
            this.bytes[this.at++] = REFERENCE;
            this.number(id);
            return;
        }
        const which = kind(object);
        if (isMarkedAsUncloneable(object) && which !== kinds.BUFFER) throw notCloneable(object);
        switch (which) {
            case kinds.OBJECT: {
                const type = typeOf(object);
                if (type !== undefined) return this.host(object, type, depth);
                const keys = ObjectKeys(object);
                this.remember(object);
                this.defer(depth);
                this.keys(keys);
                return this.fields(object, keys, depth);
            }
            case kinds.ARRAY:
                return this.array(object, depth);
            case kinds.UNUSUAL_ARRAY: {
                const { length } = object;
                const keys = ObjectKeys(object);
                this.remember(object);
                this.defer(depth);
                this.bytes[this.at++] = SPARSE;
                this.number(length);
                this.keyList(keys);
                return this.fields(object, keys, depth);
            }
            case kinds.MAP: {
                const entries = newList();
                MapPrototypeForEach(object, (value, key) => {
                    entries[entries.length] = key;
                    entries[entries.length] = value;
                });
                this.remember(object);
                this.defer(depth);
                this.bytes[this.at++] = MAP;
                this.number(entries.length / 2);
                return this.items(entries, entries.length, depth);
            }
            case kinds.SET: {
                const entries = newList();
                SetPrototypeForEach(object, (value) => { entries[entries.length] = value; });
                this.remember(object);
                this.defer(depth);
                this.bytes[this.at++] = SET;
                this.number(entries.length);
                return this.items(entries, entries.length, depth);
            }
            case kinds.ERROR:
                return isDOMException(object) ? this.host(object, domException, depth) : this.error(object, depth);
            case kinds.BUFFER:
                return this.arrayBuffer(object);
            case kinds.SHARED:
                return this.sharedBuffer(object);
            case kinds.VIEW:
                return this.view(object, depth);
            default:
                return this.leaf(object, which);
        }
    }

    /** What has no parts that could refer back. */
    leaf(object, which) {
        switch (which) {
            case kinds.DATE:
                this.bytes[this.at++] = DATE;
                this.double(DatePrototypeGetTime(object));
                break;
            case kinds.REGEXP:
                this.bytes[this.at++] = REGEXP;
                this.string(RegExpPrototypeGetSource(object));
                this.string(regExpFlags(object));
                break;
            case kinds.BOOLEAN:
                this.bytes[this.at++] = BOX;
                this.value(BooleanPrototypeValueOf(object), 0);
                break;
            case kinds.NUMBER:
                this.bytes[this.at++] = BOX;
                this.value(NumberPrototypeValueOf(object), 0);
                break;
            case kinds.STRING:
                this.bytes[this.at++] = BOX;
                this.value(StringPrototypeValueOf(object), 0);
                break;
            case kinds.OTHER: {
                const value = unboxBigInt(object);
                if (value === undefined) throw notCloneable(object);
                this.bytes[this.at++] = BOX;
                this.value(value, 0);
                break;
            }
            default:
                throw notCloneable(object);
        }
        this.remember(object);
    }

    // MARK: Containers

    /** Announces that the body of the container whose head follows comes later, if it is that deep. */
    defer(depth) {
        if (depth >= MAXIMUM_DEPTH) this.bytes[this.at++] = DEFERRED;
    }

    /** Puts a body off; true if it is so deep that it has to be. */
    putOff(depth, source, keys, length) {
        if (depth < MAXIMUM_DEPTH) return false;
        if (this.deferred === null) this.deferred = newList();
        this.deferred[this.deferred.length] = { source, keys, length };
        return true;
    }

    body({ source, keys, length }) {
        if (keys !== null) this.fields(source, keys, 0);
        else this.items(source, length, 0);
    }

    /** The head of an object. */
    keys(keys) {
        if (keys.length > MAXIMUM_SHAPE) {
            this.bytes[this.at++] = DICTIONARY;
            this.keyList(keys);
            return;
        }
        const shape = findShape(keys);
        if (shape.epoch === this.epoch) {
            this.bytes[this.at++] = OBJECT;
            this.number(shape.id);
        } else {
            shape.epoch = this.epoch;
            shape.id = this.shapeIds++;
            this.bytes[this.at++] = SHAPE;
            this.shape(keys, shape);
        }
    }

    shape(keys, shape) {
        this.reserve(keys.length * 5 + 5);
        this.number(keys.length);
        for (let i = 0; i < keys.length; i++) this.number(keys[i].length);
        this.text += shape.text === null ? shape.text = joined(keys) : shape.text;
    }

    keyList(keys) {
        this.reserve(keys.length * 5 + 5);
        this.number(keys.length);
        for (let i = 0; i < keys.length; i++) this.string(keys[i]);
    }

    fields(object, keys, depth) {
        if (this.putOff(depth, object, keys, 0)) return;
        for (let i = 0; i < keys.length; i++) {
            const key = keys[i];
            // A getter may have removed it since the keys were listed.
            if (ObjectHasOwn(object, key)) this.value(object[key], depth + 1);
            else this.absent();
        }
    }

    absent() {
        if (this.at + SLACK > this.capacity) this.reserve(0);
        this.bytes[this.at++] = ABSENT;
    }

    array(array, depth) {
        this.remember(array);
        const { length } = array;
        if (length > 0 && this.areIndicesTame() && (this.integers(array, length) || this.numbers(array, length))) return;
        this.defer(depth);
        this.bytes[this.at++] = ARRAY;
        this.number(length);
        this.items(array, length, depth);
    }

    areIndicesTame() {
        if (this.tame === undefined) this.tame = areIndicesTame();
        return this.tame;
    }

    /** The first `length` values of an array, which may change meanwhile. */
    items(array, length, depth) {
        if (this.putOff(depth, array, null, length)) return;
        const isTame = length === 0 || this.areIndicesTame();
        for (let i = 0; i < length; i++) {
            const value = array[i];
            if ((value === undefined || !isTame) && !ObjectHasOwn(array, i)) this.absent();
            else this.value(value, depth + 1);
        }
    }

    /** Writes an array of 32-bit integers as such; false if it turns out to be none. */
    integers(array, length) {
        if ((array[0] | 0) !== array[0]) return false;
        const start = this.at;
        this.reserve(length * 4);
        this.bytes[this.at++] = INTS;
        this.number(length);
        const { ints } = this;
        const from = (this.at + 3) >>> 2;
        for (let i = 0; i < length; i++) {
            const value = array[i];
            if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
                this.at = start;
                return false;
            }
            ints[from + i] = value;
        }
        this.at = (from + length) << 2;
        return true;
    }

    /** The same for an array of numbers. */
    numbers(array, length) {
        if (typeof array[0] !== 'number') return false;
        const start = this.at;
        this.reserve(length * 8);
        this.bytes[this.at++] = DOUBLES;
        this.number(length);
        const { doubles } = this;
        const from = (this.at + 7) >>> 3;
        for (let i = 0; i < length; i++) {
            const value = array[i];
            if (typeof value !== 'number') {
                this.at = start;
                return false;
            }
            doubles[from + i] = value;
        }
        this.at = (from + length) << 3;
        return true;
    }

    error(object, depth) {
        const { type, message, stack, hasCause, cause } = errorParts(object);
        this.remember(object);
        this.defer(depth);
        this.bytes[this.at++] = ERROR;
        this.bytes[this.at++] = type;
        this.bytes[this.at++] = (message === undefined ? 0 : HAS_MESSAGE) | (stack === undefined ? 0 : HAS_STACK) |
            (hasCause ? HAS_CAUSE : 0);
        if (message !== undefined) this.string(message);
        if (stack !== undefined) this.string(stack);
        if (!hasCause) return;
        const body = newList();
        body[0] = cause;
        this.items(body, 1, depth);
    }

    // MARK: Memory and host objects

    attach(attachment) {
        if (this.attachments === null) this.attachments = newList();
        const index = this.attachments.length;
        this.attachments[index] = attachment;
        return index;
    }

    attachedBuffer(buffer, index) {
        this.remember(buffer);
        this.bytes[this.at++] = ATTACHED;
        this.number(index);
    }

    arrayBuffer(buffer) {
        const index = this.transfers === null ? undefined : this.transfers.get(buffer);
        if (index !== undefined) return this.attachedBuffer(buffer, index);
        if (ArrayBufferPrototypeGetDetached(buffer)) throw detachedBuffer();
        const byteLength = ArrayBufferPrototypeGetByteLength(buffer);
        if (byteLength >= ATTACHED_SIZE && !this.isSelfContained) {
            return this.attachedBuffer(buffer, this.attach(copyBuffer(buffer, true)));
        }
        this.remember(buffer);
        this.reserve(byteLength);
        if (ArrayBufferPrototypeGetResizable(buffer)) {
            this.bytes[this.at++] = RESIZABLE;
            this.number(ArrayBufferPrototypeGetMaxByteLength(buffer));
        } else {
            this.bytes[this.at++] = BUFFER;
        }
        this.number(byteLength);
        TypedArrayPrototypeSet(this.bytes, new Uint8Array(buffer), this.at);
        this.at += byteLength;
    }

    sharedBuffer(buffer) {
        if (this.isSelfContained) throw notCloneable(buffer);
        this.attachedBuffer(buffer, this.attach(buffer));
    }

    view(view, depth) {
        const { type, buffer, byteOffset, length } = viewParts(view);
        this.remember(view);
        this.bytes[this.at++] = VIEW;
        this.bytes[this.at++] = type;
        this.number(byteOffset);
        this.number(length + 1);
        this.value(buffer, depth);
    }

    host(object, type, depth) {
        const index = this.transfers === null ? undefined : this.transfers.get(object);
        if (index === undefined && type.clone === undefined) throw new ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST();
        this.remember(object);
        this.bytes[this.at++] = index === undefined ? HOST : HANDLE;
        this.string(type.name);
        if (index === undefined) this.value(type.clone(object), depth + 1);
        else this.number(index);
    }
}

module.exports = { Writer };
