// Copies a value within one engine: the same result as writing and reading a message, without the message.

const {
    ArrayIsArray, BooleanPrototypeValueOf, Date, DatePrototypeGetTime, Map, MapPrototypeForEach, MapPrototypeSet,
    NumberPrototypeValueOf,
    Object, ObjectHasOwn, ObjectKeys, ObjectPrototype, RegExp, RegExpPrototypeGetSource, SafeMap, Set,
    SetPrototypeAdd, SetPrototypeForEach, StringPrototypeValueOf,
} = primordials;

const {
    MAXIMUM_DEPTH, areIndicesTame, copyBuffer, define, domException, errorParts, isDOMException, kind, kinds, makeError,
    makeView, newList, notCloneable, regExpFlags,
    setHidden, shareBuffer, unboxBigInt, viewParts,
} = require('internal/clone/values');
const { isMarkedAsUncloneable, typeOf } = require('internal/transferable');
const { codes: { ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST } } = require('internal/errors');

class Copier {
    constructor() {
        /** The copies by their originals; the first pair is kept apart, for most values have no second. */
        this.first = null;
        this.firstCopy = null;
        this.copies = null;
        this.deferred = null;
        this.tame = undefined;
    }

    /** The copy of the whole value. */
    run(value) {
        const result = this.value(value, 0);
        if (this.deferred !== null) {
            // Grows while it is worked off.
            for (let i = 0; i < this.deferred.length; i++) {
                const { source, target, parts, which } = this.deferred[i];
                this.body(source, target, parts, which, 0);
            }
        }
        return result;
    }

    value(value, depth) {
        switch (typeof value) {
            case 'object': return value === null ? null : this.object(value, depth);
            case 'function': case 'symbol': throw notCloneable(value);
            default: return value;
        }
    }

    remember(original, made) {
        if (this.first === null) {
            this.first = original;
            this.firstCopy = made;
            return made;
        }
        if (this.copies === null) this.copies = new SafeMap();
        this.copies.set(original, made);
        return made;
    }

    object(object, depth) {
        if (object === this.first) return this.firstCopy;
        if (this.copies !== null) {
            const made = this.copies.get(object);
            if (made !== undefined) return made;
        }
        const which = kind(object);
        if (isMarkedAsUncloneable(object) && which !== kinds.BUFFER) throw notCloneable(object);
        switch (which) {
            case kinds.OBJECT: {
                const type = typeOf(object);
                if (type !== undefined) return this.host(object, type, depth);
                return this.container(object, {}, ObjectKeys(object), which, depth);
            }
            case kinds.ARRAY:
                return this.container(object, [], object.length, which, depth);
            case kinds.UNUSUAL_ARRAY: {
                const target = [];
                target.length = object.length;
                return this.container(object, target, ObjectKeys(object), which, depth);
            }
            case kinds.MAP: {
                const entries = newList();
                MapPrototypeForEach(object, (value, key) => {
                    entries[entries.length] = key;
                    entries[entries.length] = value;
                });
                return this.container(object, new Map(), entries, which, depth);
            }
            case kinds.SET: {
                const entries = newList();
                SetPrototypeForEach(object, (value) => { entries[entries.length] = value; });
                return this.container(object, new Set(), entries, which, depth);
            }
            case kinds.ERROR: {
                if (isDOMException(object)) return this.host(object, domException, depth);
                const parts = errorParts(object);
                const target = makeError(parts.type, parts.message, parts.stack);
                return parts.hasCause ? this.container(object, target, parts.cause, which, depth) : this.remember(object, target);
            }
            case kinds.BUFFER: return this.remember(object, copyBuffer(object, false));
            case kinds.SHARED: return this.remember(object, shareBuffer(object));
            case kinds.VIEW: {
                const { type, buffer, byteOffset, length } = viewParts(object);
                return this.remember(object, makeView(type, this.object(buffer, depth), byteOffset, length));
            }
            case kinds.DATE: return this.remember(object, new Date(DatePrototypeGetTime(object)));
            case kinds.REGEXP: return this.remember(object, new RegExp(RegExpPrototypeGetSource(object), regExpFlags(object)));
            case kinds.BOOLEAN: return this.remember(object, Object(BooleanPrototypeValueOf(object)));
            case kinds.NUMBER: return this.remember(object, Object(NumberPrototypeValueOf(object)));
            case kinds.STRING: return this.remember(object, Object(StringPrototypeValueOf(object)));
            case kinds.OTHER: {
                const value = unboxBigInt(object);
                if (value === undefined) throw notCloneable(object);
                return this.remember(object, Object(value));
            }
            default: throw notCloneable(object);
        }
    }

    host(object, type, depth) {
        if (type.clone === undefined) throw new ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST();
        return this.remember(object, type.restore(this.value(type.clone(object), depth + 1)));
    }

    // MARK: Containers

    container(source, target, parts, which, depth) {
        this.remember(source, target);
        if (depth < MAXIMUM_DEPTH) {
            this.body(source, target, parts, which, depth);
        } else {
            if (this.deferred === null) this.deferred = newList();
            this.deferred[this.deferred.length] = { source, target, parts, which };
        }
        return target;
    }

    /** `parts` is what was taken down of the container when it was met: keys, entries, the length or the cause. */
    body(source, target, parts, which, depth) {
        switch (which) {
            case kinds.OBJECT: case kinds.UNUSUAL_ARRAY:
                return this.fields(source, target, parts, depth);
            case kinds.ARRAY:
                return this.items(source, target, parts, depth);
            case kinds.MAP:
                for (let i = 0; i < parts.length; i += 2) {
                    const key = this.value(parts[i], depth + 1);
                    MapPrototypeSet(target, key, this.value(parts[i + 1], depth + 1));
                }
                return;
            case kinds.SET:
                for (let i = 0; i < parts.length; i++) SetPrototypeAdd(target, this.value(parts[i], depth + 1));
                return;
            default:
                setHidden(target, 'cause', this.value(parts, depth + 1));
        }
    }

    fields(source, target, keys, depth) {
        const isTame = !ArrayIsArray(target) || this.areIndicesTame();
        for (let i = 0; i < keys.length; i++) {
            const key = keys[i];
            // A getter may have removed it since the keys were listed.
            if (!ObjectHasOwn(source, key)) continue;
            const value = source[key];
            const made = typeof value === 'object' && value !== null ? this.object(value, depth + 1) : this.value(value, depth);
            if (isTame && !(key in ObjectPrototype)) target[key] = made;
            else define(target, key, made);
        }
    }

    areIndicesTame() {
        if (this.tame === undefined) this.tame = areIndicesTame();
        return this.tame;
    }

    items(source, target, length, depth) {
        const isTame = length === 0 || this.areIndicesTame();
        for (let i = 0; i < length; i++) {
            const value = source[i];
            if ((value === undefined || !isTame) && !ObjectHasOwn(source, i)) continue;
            const made = typeof value === 'object' && value !== null ? this.object(value, depth + 1) : this.value(value, depth);
            if (isTame) target[i] = made;
            else define(target, i, made);
        }
        if (target.length !== length) target.length = length;
    }
}

module.exports = { Copier };
