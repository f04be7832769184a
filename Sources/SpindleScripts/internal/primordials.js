// The language's own functions, taken before any code of a program runs. Methods are uncurried: `ArrayPrototypePush(list, item)`.
// One line each, sorted, of just what the built-ins use: every line costs start-up time in every thread.

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { freeze, setPrototypeOf } = Object;
// A bound `call` would do too, but JavaScriptCore inlines this one: calls take half the time.
// What an engine lacks stays undefined; its user tests for it.
const uncurryThis = (method) => (method === undefined ? undefined : (self, ...args) => apply(method, self, args));
const getter = (prototype, key) => uncurryThis(getOwnPropertyDescriptor(prototype, key)?.get);
const TypedArray = getPrototypeOf(Uint8Array);
const ArrayIteratorPrototype = getPrototypeOf([][Symbol.iterator]());
const MapIteratorPrototype = getPrototypeOf(new Map()[Symbol.iterator]());
const SetIteratorPrototype = getPrototypeOf(new Set()[Symbol.iterator]());
const AsyncGeneratorPrototype = getPrototypeOf(async function* () {}.prototype);

const originals = {
    __proto__: null,
    AggregateError,
    Array,
    ArrayBuffer,
    ArrayBufferIsView: ArrayBuffer.isView,
    ArrayBufferPrototype: ArrayBuffer.prototype,
    ArrayBufferPrototypeGetByteLength: getter(ArrayBuffer.prototype, 'byteLength'),
    ArrayBufferPrototypeGetDetached: getter(ArrayBuffer.prototype, 'detached'),
    ArrayBufferPrototypeGetMaxByteLength: getter(ArrayBuffer.prototype, 'maxByteLength'),
    ArrayBufferPrototypeGetResizable: getter(ArrayBuffer.prototype, 'resizable'),
    ArrayBufferPrototypeResize: uncurryThis(ArrayBuffer.prototype.resize),
    ArrayBufferPrototypeTransfer: uncurryThis(ArrayBuffer.prototype.transfer),
    ArrayIsArray: Array.isArray,
    ArrayPrototype: Array.prototype,
    ArrayPrototypeConcat: uncurryThis(Array.prototype.concat),
    ArrayPrototypeFilter: uncurryThis(Array.prototype.filter),
    ArrayPrototypeForEach: uncurryThis(Array.prototype.forEach),
    ArrayPrototypeIncludes: uncurryThis(Array.prototype.includes),
    ArrayPrototypeIndexOf: uncurryThis(Array.prototype.indexOf),
    ArrayPrototypeJoin: uncurryThis(Array.prototype.join),
    ArrayPrototypeMap: uncurryThis(Array.prototype.map),
    ArrayPrototypePop: uncurryThis(Array.prototype.pop),
    ArrayPrototypePush: uncurryThis(Array.prototype.push),
    ArrayPrototypeShift: uncurryThis(Array.prototype.shift),
    ArrayPrototypeSlice: uncurryThis(Array.prototype.slice),
    ArrayPrototypeSort: uncurryThis(Array.prototype.sort),
    ArrayPrototypeSplice: uncurryThis(Array.prototype.splice),
    ArrayPrototypeUnshift: uncurryThis(Array.prototype.unshift),
    AsyncGeneratorPrototype,
    AsyncIteratorPrototype: getPrototypeOf(AsyncGeneratorPrototype),
    Atomics,
    AtomicsCompareExchange: Atomics.compareExchange,
    AtomicsLoad: Atomics.load,
    AtomicsStore: Atomics.store,
    BigInt,
    BigInt64Array,
    BigIntPrototype: BigInt.prototype,
    BigIntPrototypeToString: uncurryThis(BigInt.prototype.toString),
    BigIntPrototypeValueOf: uncurryThis(BigInt.prototype.valueOf),
    BigUint64Array,
    Boolean,
    BooleanPrototype: Boolean.prototype,
    BooleanPrototypeValueOf: uncurryThis(Boolean.prototype.valueOf),
    DataView,
    DataViewPrototype: DataView.prototype,
    DataViewPrototypeGetBuffer: getter(DataView.prototype, 'buffer'),
    DataViewPrototypeGetByteLength: getter(DataView.prototype, 'byteLength'),
    DataViewPrototypeGetByteOffset: getter(DataView.prototype, 'byteOffset'),
    Date,
    DateNow: Date.now,
    DatePrototype: Date.prototype,
    DatePrototypeGetDate: uncurryThis(Date.prototype.getDate),
    DatePrototypeGetHours: uncurryThis(Date.prototype.getHours),
    DatePrototypeGetMinutes: uncurryThis(Date.prototype.getMinutes),
    DatePrototypeGetMonth: uncurryThis(Date.prototype.getMonth),
    DatePrototypeGetSeconds: uncurryThis(Date.prototype.getSeconds),
    DatePrototypeGetTime: uncurryThis(Date.prototype.getTime),
    DatePrototypeToISOString: uncurryThis(Date.prototype.toISOString),
    DatePrototypeToString: uncurryThis(Date.prototype.toString),
    Error,
    ErrorCaptureStackTrace: Error.captureStackTrace,
    ErrorIsError: Error.isError,
    ErrorPrototype: Error.prototype,
    ErrorPrototypeToString: uncurryThis(Error.prototype.toString),
    EvalError,
    Float16Array: globalThis.Float16Array,
    Float32Array,
    Float64Array,
    FunctionPrototype: Function.prototype,
    FunctionPrototypeBind: uncurryThis(Function.prototype.bind),
    FunctionPrototypeCall: uncurryThis(Function.prototype.call),
    FunctionPrototypeSymbolHasInstance: uncurryThis(Function.prototype[Symbol.hasInstance]),
    FunctionPrototypeToString: uncurryThis(Function.prototype.toString),
    GeneratorPrototype: getPrototypeOf(function* () {}.prototype),
    Int16Array,
    Int32Array,
    Int8Array,
    IteratorPrototype: getPrototypeOf(ArrayIteratorPrototype),
    JSONParse: JSON.parse,
    JSONStringify: JSON.stringify,
    Map,
    MapIteratorPrototype,
    MapIteratorPrototypeNext: uncurryThis(MapIteratorPrototype.next),
    MapPrototype: Map.prototype,
    MapPrototypeEntries: uncurryThis(Map.prototype.entries),
    MapPrototypeForEach: uncurryThis(Map.prototype.forEach),
    MapPrototypeGet: uncurryThis(Map.prototype.get),
    MapPrototypeGetSize: getter(Map.prototype, 'size'),
    MapPrototypeHas: uncurryThis(Map.prototype.has),
    MapPrototypeSet: uncurryThis(Map.prototype.set),
    MathAbs: Math.abs,
    MathCeil: Math.ceil,
    MathFloor: Math.floor,
    MathLog2: Math.log2,
    MathMax: Math.max,
    MathMin: Math.min,
    MathRound: Math.round,
    MathSqrt: Math.sqrt,
    MathTrunc: Math.trunc,
    Number,
    NumberIsFinite: Number.isFinite,
    NumberIsInteger: Number.isInteger,
    NumberIsNaN: Number.isNaN,
    NumberIsSafeInteger: Number.isSafeInteger,
    NumberMAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    NumberMIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
    NumberParseFloat: Number.parseFloat,
    NumberParseInt: Number.parseInt,
    NumberPrototype: Number.prototype,
    NumberPrototypeToFixed: uncurryThis(Number.prototype.toFixed),
    NumberPrototypeToString: uncurryThis(Number.prototype.toString),
    NumberPrototypeValueOf: uncurryThis(Number.prototype.valueOf),
    Object,
    ObjectAssign: Object.assign,
    ObjectCreate: Object.create,
    ObjectDefineProperties: Object.defineProperties,
    ObjectDefineProperty: Object.defineProperty,
    ObjectEntries: Object.entries,
    ObjectFreeze: Object.freeze,
    ObjectGetOwnPropertyDescriptor: Object.getOwnPropertyDescriptor,
    ObjectGetOwnPropertyDescriptors: Object.getOwnPropertyDescriptors,
    ObjectGetOwnPropertyNames: Object.getOwnPropertyNames,
    ObjectGetOwnPropertySymbols: Object.getOwnPropertySymbols,
    ObjectGetPrototypeOf: Object.getPrototypeOf,
    ObjectHasOwn: Object.hasOwn,
    ObjectIs: Object.is,
    ObjectIsExtensible: Object.isExtensible,
    ObjectKeys: Object.keys,
    ObjectPreventExtensions: Object.preventExtensions,
    ObjectPrototype: Object.prototype,
    ObjectPrototypeHasOwnProperty: uncurryThis(Object.prototype.hasOwnProperty),
    ObjectPrototypeIsPrototypeOf: uncurryThis(Object.prototype.isPrototypeOf),
    ObjectPrototypePropertyIsEnumerable: uncurryThis(Object.prototype.propertyIsEnumerable),
    ObjectPrototypeToString: uncurryThis(Object.prototype.toString),
    ObjectSeal: Object.seal,
    ObjectSetPrototypeOf: Object.setPrototypeOf,
    Promise,
    PromisePrototype: Promise.prototype,
    PromisePrototypeFinally: uncurryThis(Promise.prototype.finally),
    PromisePrototypeThen: uncurryThis(Promise.prototype.then),
    PromiseReject: Promise.reject.bind(Promise),
    PromiseResolve: Promise.resolve.bind(Promise),
    Proxy,
    RangeError,
    RangeErrorPrototype: RangeError.prototype,
    ReferenceError,
    ReflectApply: Reflect.apply,
    ReflectConstruct: Reflect.construct,
    ReflectGet: Reflect.get,
    ReflectHas: Reflect.has,
    ReflectOwnKeys: Reflect.ownKeys,
    ReflectSet: Reflect.set,
    RegExp,
    RegExpPrototype: RegExp.prototype,
    RegExpPrototypeExec: uncurryThis(RegExp.prototype.exec),
    RegExpPrototypeGetDotAll: getter(RegExp.prototype, 'dotAll'),
    RegExpPrototypeGetGlobal: getter(RegExp.prototype, 'global'),
    RegExpPrototypeGetHasIndices: getter(RegExp.prototype, 'hasIndices'),
    RegExpPrototypeGetIgnoreCase: getter(RegExp.prototype, 'ignoreCase'),
    RegExpPrototypeGetMultiline: getter(RegExp.prototype, 'multiline'),
    RegExpPrototypeGetSource: getter(RegExp.prototype, 'source'),
    RegExpPrototypeGetSticky: getter(RegExp.prototype, 'sticky'),
    RegExpPrototypeGetUnicode: getter(RegExp.prototype, 'unicode'),
    RegExpPrototypeGetUnicodeSets: getter(RegExp.prototype, 'unicodeSets'),
    RegExpPrototypeSymbolReplace: uncurryThis(RegExp.prototype[Symbol.replace]),
    RegExpPrototypeSymbolSplit: uncurryThis(RegExp.prototype[Symbol.split]),
    RegExpPrototypeToString: uncurryThis(RegExp.prototype.toString),
    Set,
    SetIteratorPrototype,
    SetIteratorPrototypeNext: uncurryThis(SetIteratorPrototype.next),
    SetPrototype: Set.prototype,
    SetPrototypeAdd: uncurryThis(Set.prototype.add),
    SetPrototypeForEach: uncurryThis(Set.prototype.forEach),
    SetPrototypeGetSize: getter(Set.prototype, 'size'),
    SetPrototypeHas: uncurryThis(Set.prototype.has),
    SetPrototypeValues: uncurryThis(Set.prototype.values),
    SharedArrayBufferPrototype: SharedArrayBuffer.prototype,
    SharedArrayBufferPrototypeGetByteLength: getter(SharedArrayBuffer.prototype, 'byteLength'),
    String,
    StringFromCharCode: String.fromCharCode,
    StringFromCodePoint: String.fromCodePoint,
    StringPrototype: String.prototype,
    StringPrototypeCharCodeAt: uncurryThis(String.prototype.charCodeAt),
    StringPrototypeCodePointAt: uncurryThis(String.prototype.codePointAt),
    StringPrototypeEndsWith: uncurryThis(String.prototype.endsWith),
    StringPrototypeIncludes: uncurryThis(String.prototype.includes),
    StringPrototypeIndexOf: uncurryThis(String.prototype.indexOf),
    StringPrototypeLastIndexOf: uncurryThis(String.prototype.lastIndexOf),
    StringPrototypeNormalize: uncurryThis(String.prototype.normalize),
    StringPrototypePadEnd: uncurryThis(String.prototype.padEnd),
    StringPrototypePadStart: uncurryThis(String.prototype.padStart),
    StringPrototypeRepeat: uncurryThis(String.prototype.repeat),
    StringPrototypeReplace: uncurryThis(String.prototype.replace),
    StringPrototypeReplaceAll: uncurryThis(String.prototype.replaceAll),
    StringPrototypeSlice: uncurryThis(String.prototype.slice),
    StringPrototypeSplit: uncurryThis(String.prototype.split),
    StringPrototypeStartsWith: uncurryThis(String.prototype.startsWith),
    StringPrototypeSubstring: uncurryThis(String.prototype.substring),
    StringPrototypeToLowerCase: uncurryThis(String.prototype.toLowerCase),
    StringPrototypeToUpperCase: uncurryThis(String.prototype.toUpperCase),
    StringPrototypeToWellFormed: uncurryThis(String.prototype.toWellFormed),
    StringPrototypeTrim: uncurryThis(String.prototype.trim),
    StringPrototypeValueOf: uncurryThis(String.prototype.valueOf),
    Symbol,
    SymbolAsyncDispose: Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose'),
    SymbolAsyncIterator: Symbol.asyncIterator,
    SymbolDispose: Symbol.dispose ?? Symbol.for('nodejs.dispose'),
    SymbolFor: Symbol.for,
    SymbolHasInstance: Symbol.hasInstance,
    SymbolIterator: Symbol.iterator,
    SymbolPrototype: Symbol.prototype,
    SymbolPrototypeToString: uncurryThis(Symbol.prototype.toString),
    SymbolPrototypeValueOf: uncurryThis(Symbol.prototype.valueOf),
    SymbolSpecies: Symbol.species,
    SymbolToPrimitive: Symbol.toPrimitive,
    SymbolToStringTag: Symbol.toStringTag,
    SyntaxError,
    TypeError,
    TypedArrayPrototype: TypedArray.prototype,
    TypedArrayPrototypeCopyWithin: uncurryThis(TypedArray.prototype.copyWithin),
    TypedArrayPrototypeFill: uncurryThis(TypedArray.prototype.fill),
    TypedArrayPrototypeGetBuffer: getter(TypedArray.prototype, 'buffer'),
    TypedArrayPrototypeGetByteLength: getter(TypedArray.prototype, 'byteLength'),
    TypedArrayPrototypeGetByteOffset: getter(TypedArray.prototype, 'byteOffset'),
    TypedArrayPrototypeGetLength: getter(TypedArray.prototype, 'length'),
    TypedArrayPrototypeGetSymbolToStringTag: getter(TypedArray.prototype, Symbol.toStringTag),
    TypedArrayPrototypeIncludes: uncurryThis(TypedArray.prototype.includes),
    TypedArrayPrototypeIndexOf: uncurryThis(TypedArray.prototype.indexOf),
    TypedArrayPrototypeLastIndexOf: uncurryThis(TypedArray.prototype.lastIndexOf),
    TypedArrayPrototypeSet: uncurryThis(TypedArray.prototype.set),
    TypedArrayPrototypeSlice: uncurryThis(TypedArray.prototype.slice),
    TypedArrayPrototypeSubarray: uncurryThis(TypedArray.prototype.subarray),
    URIError,
    Uint16Array,
    Uint32Array,
    Uint8Array,
    Uint8ArrayPrototypeSetFromBase64: uncurryThis(Uint8Array.prototype.setFromBase64),
    Uint8ArrayPrototypeSetFromHex: uncurryThis(Uint8Array.prototype.setFromHex),
    Uint8ArrayPrototypeToBase64: uncurryThis(Uint8Array.prototype.toBase64),
    Uint8ArrayPrototypeToHex: uncurryThis(Uint8Array.prototype.toHex),
    Uint8ClampedArray,
    WeakMapPrototype: WeakMap.prototype,
    WeakMapPrototypeHas: uncurryThis(WeakMap.prototype.has),
    WeakSetPrototype: WeakSet.prototype,
    WeakSetPrototypeHas: uncurryThis(WeakSet.prototype.has),
    decodeURIComponent,
    encodeURIComponent,
    globalThis,
    WebAssembly: globalThis.WebAssembly,
};

/** An iterator whose `next` a program cannot have patched. */
function safeIterator(next) {
    class SafeIterator {
        constructor(iterator) { this._iterator = iterator; }
        next() { return next(this._iterator); }
        [Symbol.iterator]() { return this; }
    }
    setPrototypeOf(SafeIterator.prototype, null);
    freeze(SafeIterator.prototype);
    return SafeIterator;
}
const iterateArray = uncurryThis(Array.prototype[Symbol.iterator]);
originals.SafeArrayIterator = class SafeArrayIterator extends safeIterator(uncurryThis(ArrayIteratorPrototype.next)) {
    constructor(array) { super(iterateArray(array)); }
};

/** Copies the members of `unsafe` to `safe`, a class of ours that extends it, and cuts the chain to what programs can reach. */
function makeSafe(unsafe, safe, iteratorPrototype = undefined) {
    const SafeIterator = iteratorPrototype && safeIterator(uncurryThis(iteratorPrototype.next));
    for (const key of ownKeys(unsafe.prototype)) {
        if (key === 'constructor') continue;
        const descriptor = getOwnPropertyDescriptor(unsafe.prototype, key);
        if (SafeIterator && (key === Symbol.iterator || key === 'entries' || key === 'keys' || key === 'values')) {
            const iterate = uncurryThis(descriptor.value);
            descriptor.value = function () { return new SafeIterator(iterate(this)); };
        }
        defineProperty(safe.prototype, key, descriptor);
    }
    setPrototypeOf(safe.prototype, null);
    freeze(safe.prototype);
    return freeze(safe);
}
// Each with a constructor, for the one that the engine makes up passes its arguments through Array.prototype[Symbol.iterator].
originals.SafeFinalizationRegistry = makeSafe(FinalizationRegistry, class SafeFinalizationRegistry extends FinalizationRegistry {
    constructor(argument) { super(argument); }
});
originals.SafeMap = makeSafe(Map, class SafeMap extends Map {
    constructor(argument) { super(argument); }
}, MapIteratorPrototype);
originals.SafeSet = makeSafe(Set, class SafeSet extends Set {
    constructor(argument) { super(argument); }
}, SetIteratorPrototype);
originals.SafeWeakMap = makeSafe(WeakMap, class SafeWeakMap extends WeakMap {
    constructor(argument) { super(argument); }
});
originals.SafeWeakRef = makeSafe(WeakRef, class SafeWeakRef extends WeakRef {
    constructor(argument) { super(argument); }
});
originals.SafeWeakSet = makeSafe(WeakSet, class SafeWeakSet extends WeakSet {
    constructor(argument) { super(argument); }
});

/**
 * String methods as they are, for loops over long strings: a call through the uncurried form costs 50 ns, `text.charCodeAt(i)`
 * two. Such a loop first makes sure that `StringPrototype` still has the original.
 */
originals.stringMethods = freeze({
    __proto__: null, charCodeAt: String.prototype.charCodeAt, substring: String.prototype.substring,
});

/**
 * Calls `f` with the first `count` of up to three arguments, several times as fast as `ReflectApply`: the engine makes a call
 * of its own of `f.call(…)` where that is the original, which is why this makes sure of it.
 */
const { call } = Function.prototype;
originals.invoke = (f, self, count, a, b, c) => {
    if (f.call !== call) return apply(f, self, count === 0 ? [] : count === 1 ? [a] : count === 2 ? [a, b] : [a, b, c]);
    switch (count) {
    case 0: return f.call(self);
    case 1: return f.call(self, a);
    case 2: return f.call(self, a, b);
    case 3: return f.call(self, a, b, c);
    }
};

module.exports = originals;
