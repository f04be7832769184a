// Deep equality: loose (`assert.deepEqual`), strict (`assert.deepStrictEqual`, `util.isDeepStrictEqual`) and partial
// (`assert.partialDeepStrictEqual`: strict, but the first value may hold more than the second, and prototypes may differ).

const {
    ArrayIsArray,
    BigIntPrototypeValueOf,
    BooleanPrototypeValueOf,
    DatePrototypeGetTime,
    Error,
    FunctionPrototypeCall,
    FunctionPrototypeSymbolHasInstance,
    MapIteratorPrototypeNext,
    MapPrototypeEntries,
    MapPrototypeGet,
    MapPrototypeGetSize,
    MapPrototypeHas,
    NumberIsNaN,
    NumberPrototypeValueOf,
    ObjectGetOwnPropertySymbols,
    ObjectGetPrototypeOf,
    ObjectIs,
    ObjectKeys,
    ObjectPrototypeHasOwnProperty,
    ObjectPrototypePropertyIsEnumerable,
    ObjectPrototypeToString,
    RegExpPrototypeExec,
    SafeSet,
    SetIteratorPrototypeNext,
    SetPrototypeGetSize,
    SetPrototypeHas,
    SetPrototypeValues,
    StringPrototypeValueOf,
    SymbolPrototypeValueOf,
    TypedArrayPrototypeGetSymbolToStringTag,
    Uint8Array,
} = primordials;

const { classOf, isNativeError } = require('internal/util/types');

const kLoose = 0;
const kStrict = 1;
const kPartial = 2;

const isObject = (value) => value !== null && typeof value === 'object';
const isError = (value) => isNativeError(value) || FunctionPrototypeSymbolHasInstance(Error, value);
const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

const unboxers = {
    __proto__: null,
    Number: NumberPrototypeValueOf,
    String: StringPrototypeValueOf,
    Boolean: BooleanPrototypeValueOf,
    BigInt: BigIntPrototypeValueOf,
    Symbol: SymbolPrototypeValueOf,
};

// What is the same only if it is identical, as nobody can look inside.
const opaque = { __proto__: null, WeakMap: true, WeakSet: true, Promise: true };

class Comparison {
    constructor(mode) {
        this.mode = mode;
        // The pairs being compared, from the outermost in: where one comes again, there is a cycle.
        this.left = [];
        this.right = [];
    }

    equal(a, b) {
        const { mode } = this;
        if (a === b) return a !== 0 || mode === kLoose || ObjectIs(a, b);
        if (!isObject(a) || !isObject(b)) {
            if (NumberIsNaN(a) && NumberIsNaN(b)) return true;
            // Of functions and objects only the identical are equal, whatever they convert to.
            return mode === kLoose && !isObject(a) && !isObject(b) && a == b;
        }
        if (mode === kStrict && ObjectGetPrototypeOf(a) !== ObjectGetPrototypeOf(b)) return false;
        const tag = ObjectPrototypeToString(a);
        if (tag !== ObjectPrototypeToString(b)) return false;

        if (ArrayIsArray(a)) {
            if (!ArrayIsArray(b)) return false;
            if (mode === kPartial ? a.length < b.length : a.length !== b.length) return false;
            return this.descend(a, b, this.arrays, true);
        }
        if (ArrayIsArray(b)) return false;
        if (tag === '[object Object]') return this.descend(a, b, undefined, false);
        const kind = classOf(a);
        if (kind !== classOf(b)) return false;

        switch (kind) {
        case 'Object':
            // A URL keeps its parts where no key shows them.
            if (tag === '[object URL]' && isURL(a) && (!isURL(b) || a.href !== b.href)) return false;
            break;
        case 'Date': {
            const time = DatePrototypeGetTime(a);
            const other = DatePrototypeGetTime(b);
            if (time !== other && !(mode !== kLoose && NumberIsNaN(time) && NumberIsNaN(other))) return false;
            break;
        }
        case 'RegExp':
            if (a.source !== b.source || a.flags !== b.flags || a.lastIndex !== b.lastIndex) return false;
            break;
        case 'TypedArray':
        case 'DataView':
            if (!this.views(a, b)) return false;
            return this.descend(a, b, undefined, kind === 'TypedArray');
        case 'ArrayBuffer':
        case 'SharedArrayBuffer':
            if (!this.bytes(new Uint8Array(a), new Uint8Array(b))) return false;
            break;
        case 'Set':
            if (!this.sizes(SetPrototypeGetSize(a), SetPrototypeGetSize(b))) return false;
            return this.descend(a, b, this.sets, false);
        case 'Map':
            if (!this.sizes(MapPrototypeGetSize(a), MapPrototypeGetSize(b))) return false;
            return this.descend(a, b, this.maps, false);
        case 'Error':
            return this.descend(a, b, this.errors, false);
        default:
            if (opaque[kind]) return false;
            if (unboxers[kind] !== undefined && !ObjectIs(unboxers[kind](a), unboxers[kind](b))) return false;
        }
        return this.descend(a, b, undefined, false);
    }

    sizes(a, b) {
        return this.mode === kPartial ? a >= b : a === b;
    }

    // Compares own keys and, by `contents`, what else the objects hold.
    descend(a, b, contents, isIndexed) {
        const keys = this.sharedKeys(a, b, isIndexed);
        if (keys === undefined) return false;
        if (keys.length === 0 && contents === undefined) return true;

        const { left, right } = this;
        const depth = left.length;
        for (let i = 0; i < depth; i++) {
            if (left[i] === a && right[i] === b) return true;
        }
        left[depth] = a;
        right[depth] = b;
        const result = this.properties(a, b, keys) && (contents === undefined || FunctionPrototypeCall(contents, this, a, b));
        left.length = depth;
        right.length = depth;
        return result;
    }

    properties(a, b, keys) {
        for (let i = 0; i < keys.length; i++) {
            if (!this.equal(a[keys[i]], b[keys[i]])) return false;
        }
        return true;
    }

    // The keys to compare; undefined if the objects differ in them.
    sharedKeys(a, b, isIndexed) {
        const { mode } = this;
        const keys = namedKeys(b, isIndexed);
        const own = mode === kPartial ? keys : namedKeys(a, isIndexed);
        if (own.length !== keys.length) return undefined;
        for (let i = 0; i < keys.length; i++) {
            // Most often both have their keys in the same order.
            if ((own === keys || own[i] !== keys[i]) && !ObjectPrototypePropertyIsEnumerable(a, keys[i])) return undefined;
        }
        if (mode === kLoose) return keys;
        const symbols = enumerableSymbols(b);
        if (mode === kStrict && enumerableSymbols(a).length !== symbols.length) return undefined;
        for (let i = 0; i < symbols.length; i++) {
            if (!ObjectPrototypePropertyIsEnumerable(a, symbols[i])) return undefined;
            keys[keys.length] = symbols[i];
        }
        return keys;
    }

    arrays(a, b) {
        if (this.mode === kPartial) return this.subsequence(a, b);
        for (let i = 0; i < a.length; i++) {
            if (ObjectPrototypeHasOwnProperty(a, i)) {
                if (!ObjectPrototypeHasOwnProperty(b, i) || !this.equal(a[i], b[i])) return false;
            } else if (ObjectPrototypeHasOwnProperty(b, i)) {
                return false;
            } else {
                return this.sparse(a, b, i);
            }
        }
        return true;
    }

    // From the first hole on the keys are compared, as holes may be many.
    sparse(a, b, start) {
        const keys = ObjectKeys(a);
        for (let i = start; i < keys.length; i++) {
            if (!ObjectPrototypeHasOwnProperty(b, keys[i]) || !this.equal(a[keys[i]], b[keys[i]])) return false;
        }
        return keys.length === ObjectKeys(b).length;
    }

    // Whether the elements of `b` occur in `a` in their order.
    subsequence(a, b) {
        let next = 0;
        for (let i = 0; i < a.length && next < b.length; i++) {
            if (a.length - i < b.length - next) return false;
            if (this.equal(a[i], b[next])) next++;
        }
        return next === b.length;
    }

    views(a, b) {
        const type = TypedArrayPrototypeGetSymbolToStringTag(a);
        if (type !== TypedArrayPrototypeGetSymbolToStringTag(b)) return false;
        if (this.mode === kPartial && type !== undefined) return this.subsequence(a, b);
        if (a.byteLength !== b.byteLength) return false;
        // Bytes tell 0 from -0 and find NaN equal; loosely, numbers are compared as numbers.
        if (this.mode === kLoose && (type === 'Float32Array' || type === 'Float64Array' || type === 'Float16Array')) {
            for (let i = 0; i < a.length; i++) {
                if (a[i] !== b[i]) return false;
            }
            return true;
        }
        return this.bytes(bytesOf(a), bytesOf(b));
    }

    bytes(a, b) {
        if (this.mode === kPartial) return a.length >= b.length && this.subsequence(a, b);
        if (a.length !== b.length) return false;
        for (let i = 0; i < a.length; i++) {
            if (a[i] !== b[i]) return false;
        }
        return true;
    }

    // Members are found by identity, else among the members of `b` that are not in `a`, each of which counts once.
    sets(a, b) {
        const others = new SafeSet();
        const values = SetPrototypeValues(b);
        for (let step; !(step = SetIteratorPrototypeNext(values)).done;) {
            if (SetPrototypeHas(a, step.value)) continue;
            if (this.mode !== kLoose && !isObject(step.value)) return false;
            others.add(step.value);
        }
        if (others.size === 0) return true;
        const own = SetPrototypeValues(a);
        for (let step; !(step = SetIteratorPrototypeNext(own)).done;) {
            if (SetPrototypeHas(b, step.value)) continue;
            if (!this.takeMember(others, step.value) && this.mode !== kPartial) return false;
        }
        return others.size === 0;
    }

    takeMember(others, value) {
        for (const other of others) {
            if (this.equal(value, other)) return others.delete(other);
        }
        return false;
    }

    maps(a, b) {
        const others = new SafeSet();
        const entries = MapPrototypeEntries(b);
        for (let step; !(step = MapIteratorPrototypeNext(entries)).done;) {
            const { 0: key, 1: value } = step.value;
            if (MapPrototypeHas(a, key) && this.equal(MapPrototypeGet(a, key), value)) continue;
            if (this.mode !== kLoose && !isObject(key)) return false;
            others.add(key);
        }
        if (others.size === 0) return true;
        const own = MapPrototypeEntries(a);
        for (let step; !(step = MapIteratorPrototypeNext(own)).done;) {
            const { 0: key, 1: value } = step.value;
            if (MapPrototypeHas(b, key) && !others.has(key)) continue;
            if (!this.takeEntry(others, b, key, value) && this.mode !== kPartial) return false;
        }
        return others.size === 0;
    }

    takeEntry(others, b, key, value) {
        for (const other of others) {
            if (this.equal(key, other) && this.equal(value, MapPrototypeGet(b, other))) return others.delete(other);
        }
        return false;
    }

    // What an error says is not enumerable, but counts.
    errors(a, b) {
        for (const key of ['name', 'message', 'cause', 'errors']) {
            const isListed = ObjectPrototypePropertyIsEnumerable(b, key);
            if (this.mode === kPartial && !isListed && !(key in b)) continue;
            if (ObjectPrototypePropertyIsEnumerable(a, key) !== isListed) return false;
            if (!isListed && !this.equal(a[key], b[key])) return false;
        }
        return isError(a) === isError(b);
    }
}

function namedKeys(value, isIndexed) {
    const keys = ObjectKeys(value);
    if (!isIndexed) return keys;
    const named = [];
    // Indices come first and in order.
    for (let i = keys.length - 1; i >= 0 && RegExpPrototypeExec(arrayIndex, keys[i]) === null; i--) {
        named[named.length] = keys[i];
    }
    return named;
}

function enumerableSymbols(value) {
    const symbols = ObjectGetOwnPropertySymbols(value);
    if (symbols.length === 0) return symbols;
    const enumerable = [];
    for (let i = 0; i < symbols.length; i++) {
        if (ObjectPrototypePropertyIsEnumerable(value, symbols[i])) enumerable[enumerable.length] = symbols[i];
    }
    return enumerable;
}

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

const isURL = (value) => value instanceof require('internal/url').URL;

const isDeepEqual = (a, b) => new Comparison(kLoose).equal(a, b);
const isDeepStrictEqual = (a, b) => new Comparison(kStrict).equal(a, b);
const isPartialStrictEqual = (actual, expected) => new Comparison(kPartial).equal(actual, expected);

module.exports = { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual };
