// What an object *is*, whatever its prototype, constructor or tag say: each question is put to a built-in function
// which only a value with the right internal slots gets past. A failed question costs an exception (about a
// microsecond), hence `classOf`, which asks only what the prototype chain suggests.

const {
    ArrayBufferIsView,
    ArrayBufferPrototype,
    ArrayBufferPrototypeGetByteLength,
    AsyncGeneratorPrototype,
    BigIntPrototype,
    BigIntPrototypeValueOf,
    BooleanPrototype,
    BooleanPrototypeValueOf,
    DataViewPrototype,
    DatePrototype,
    DatePrototypeGetTime,
    ErrorIsError,
    ErrorPrototype,
    FunctionPrototypeToString,
    GeneratorPrototype,
    MapIteratorPrototype,
    MapPrototype,
    MapPrototypeGetSize,
    NumberPrototype,
    NumberPrototypeValueOf,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
    ObjectIsExtensible,
    ObjectPrototype,
    ObjectPrototypeIsPrototypeOf,
    ObjectPrototypeToString,
    PromisePrototype,
    RegExpPrototype,
    RegExpPrototypeExec,
    RegExpPrototypeGetSource,
    SafeMap,
    SetIteratorPrototype,
    SetPrototype,
    SetPrototypeGetSize,
    SharedArrayBufferPrototype,
    SharedArrayBufferPrototypeGetByteLength,
    StringPrototype,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    StringPrototypeValueOf,
    SymbolPrototype,
    SymbolPrototypeValueOf,
    SymbolToStringTag,
    TypedArrayPrototype,
    TypedArrayPrototypeGetSymbolToStringTag,
    WeakMapPrototype,
    WeakMapPrototypeHas,
    WeakSetPrototype,
    WeakSetPrototypeHas,
} = primordials;

const { isShared } = require('internal/transferable');
const { getPromiseDetails, getProxyDetails, previewEntries } = binding('util');

const isObject = (value) => value !== null && typeof value === 'object';

// The predicate that asks `question`, a built-in which throws for values of another class.
function answers(question) {
    return (value) => {
        if (!isObject(value)) return false;
        try {
            question(value);
            return true;
        } catch {
            return false;
        }
    };
}

const hasBytes = answers(ArrayBufferPrototypeGetByteLength);
const isBigIntObject = answers(BigIntPrototypeValueOf);
const isBooleanObject = answers(BooleanPrototypeValueOf);
const isDate = answers(DatePrototypeGetTime);
const isMap = answers(MapPrototypeGetSize);
const isNumberObject = answers(NumberPrototypeValueOf);
const isSet = answers(SetPrototypeGetSize);
const hasSharedBytes = answers(SharedArrayBufferPrototypeGetByteLength);
const isStringObject = answers(StringPrototypeValueOf);
const isSymbolObject = answers(SymbolPrototypeValueOf);
const isWeakMap = answers(WeakMapPrototypeHas);
const isWeakSet = answers(WeakSetPrototypeHas);
const hasSource = answers(RegExpPrototypeGetSource);

// RegExp.prototype answers too, though it is a plain object.
const isRegExp = (value) => hasSource(value) && value !== RegExpPrototype;
// Memory that threads share is an ArrayBuffer to the engine; see internal/worker/shared.
const isArrayBuffer = (value) => hasBytes(value) && !isShared(value);
const isSharedArrayBuffer = (value) => isShared(value) || hasSharedBytes(value);
const isAnyArrayBuffer = (value) => isArrayBuffer(value) || isSharedArrayBuffer(value);
const isProxy = (value) => getProxyDetails(value) !== undefined;
const isPromise = (value) => isObject(value) && getPromiseDetails(value) !== undefined;

const isArrayBufferView = (value) => ArrayBufferIsView(value);
const typedArrayName = (value) => TypedArrayPrototypeGetSymbolToStringTag(value);
const isTypedArray = (value) => typedArrayName(value) !== undefined;
const isDataView = (value) => ArrayBufferIsView(value) && typedArrayName(value) === undefined;

function isBoxedPrimitive(value) {
    return isNumberObject(value) || isStringObject(value) || isBooleanObject(value) ||
        isBigIntObject(value) || isSymbolObject(value);
}

function inherits(prototype, value) {
    return isObject(value) && ObjectPrototypeIsPrototypeOf(prototype, value);
}

function isMapIterator(value) {
    return inherits(MapIteratorPrototype, value) && previewEntries(value) !== undefined;
}

function isSetIterator(value) {
    return inherits(SetIteratorPrototype, value) && previewEntries(value) !== undefined;
}

// The name `Object.prototype.toString` gives by the object's slots alone; undefined where a tag hides it.
function slotName(value) {
    let tag;
    try {
        tag = value[SymbolToStringTag];
    } catch {
        return undefined;
    }
    return typeof tag === 'string' ? undefined : StringPrototypeSlice(ObjectPrototypeToString(value), 8, -1);
}

// `Error.isError` is young; without it an error that has a tag is not recognised.
const isNativeError = ErrorIsError ?? ((value) => isObject(value) && slotName(value) === 'Error');

const isArgumentsObject = (value) => isObject(value) && slotName(value) === 'Arguments';

// A generator function's `prototype` lies right above the common prototype; a generator lies above the former.
function isGeneratorObject(value) {
    if (!isObject(value)) return false;
    const prototype = ObjectGetPrototypeOf(value);
    return prototype !== null &&
        (inherits(GeneratorPrototype, prototype) || inherits(AsyncGeneratorPrototype, prototype));
}

function isModuleNamespaceObject(value) {
    if (!isObject(value) || ObjectGetPrototypeOf(value) !== null || ObjectIsExtensible(value)) return false;
    const tag = ObjectGetOwnPropertyDescriptor(value, SymbolToStringTag);
    return tag !== undefined && tag.value === 'Module' && !tag.writable && !tag.configurable;
}

// The kind of a function is told by its source text, which unlike its prototype cannot be changed.
const asyncText = /^async(?:\s|\/\*)+(?!\()[^]/;
const generatorText = /^(?:async\s+)?(?:function\s*)?\*/;
const classText = /^class(?:\s*\{|(?:\s|\/\*[^]*?\*\/|\/\/.*\n)+[^\s(])/;
const arrowText = /^\s*=>/;

const matches = (pattern, text) => RegExpPrototypeExec(pattern, text) !== null;

function isAsyncText(text) {
    if (!StringPrototypeStartsWith(text, 'async')) return false;
    if (matches(asyncText, text)) return true;
    // `async (a) …` is an arrow function, or else a method of that name.
    const open = StringPrototypeIndexOf(text, '(');
    let depth = 0;
    for (let i = open; i < text.length; i++) {
        if (text[i] === '(') depth++;
        if (text[i] === ')' && --depth === 0) return matches(arrowText, StringPrototypeSlice(text, i + 1));
    }
    return false;
}

// 'Class' or the name of the intrinsic constructor: 'Function', 'AsyncFunction', 'GeneratorFunction' …
function functionKind(value) {
    const text = FunctionPrototypeToString(value);
    if (text[0] === 'c' && matches(classText, text)) return 'Class';
    return `${isAsyncText(text) ? 'Async' : ''}${matches(generatorText, text) ? 'Generator' : ''}Function`;
}

function isAsyncFunction(value) {
    return typeof value === 'function' && isAsyncText(FunctionPrototypeToString(value));
}

function isGeneratorFunction(value) {
    return typeof value === 'function' && matches(generatorText, FunctionPrototypeToString(value));
}

// The classes `classOf` tells apart: name, prototype, proof.
const classes = [
    ['Map', MapPrototype, isMap],
    ['Set', SetPrototype, isSet],
    ['TypedArray', TypedArrayPrototype, isTypedArray],
    ['Error', ErrorPrototype, () => true],
    ['Promise', PromisePrototype, isPromise],
    ['Date', DatePrototype, isDate],
    ['RegExp', RegExpPrototype, isRegExp],
    ['ArrayBuffer', ArrayBufferPrototype, isArrayBuffer],
    ['SharedArrayBuffer', SharedArrayBufferPrototype, isSharedArrayBuffer],
    ['DataView', DataViewPrototype, isDataView],
    ['WeakMap', WeakMapPrototype, isWeakMap],
    ['WeakSet', WeakSetPrototype, isWeakSet],
    ['Number', NumberPrototype, isNumberObject],
    ['String', StringPrototype, isStringObject],
    ['Boolean', BooleanPrototype, isBooleanObject],
    ['BigInt', BigIntPrototype, isBigIntObject],
    ['Symbol', SymbolPrototype, isSymbolObject],
    ['MapIterator', MapIteratorPrototype, isMapIterator],
    ['SetIterator', SetIteratorPrototype, isSetIterator],
];
const classByPrototype = new SafeMap();
for (let i = 0; i < classes.length; i++) classByPrototype.set(classes[i][1], classes[i]);

// The class of an object that is neither array nor function: one of the names above, 'Arguments', 'Module' or
// 'Object'. Objects given another prototype than their class's are found if they inherit from Object.prototype no more;
// else they pass for ordinary ones, as asking all those questions of every object would cost too much.
function classOf(value) {
    for (let prototype = ObjectGetPrototypeOf(value); prototype !== null; prototype = ObjectGetPrototypeOf(prototype)) {
        if (prototype === ObjectPrototype) {
            if (isShared(value)) return 'SharedArrayBuffer';
            return slotName(value) === 'Arguments' ? 'Arguments' : 'Object';
        }
        const found = classByPrototype.get(prototype);
        if (found !== undefined && found[2](value)) return found[0];
    }
    if (isModuleNamespaceObject(value)) return 'Module';
    if (isNativeError(value)) return 'Error';
    for (let i = 0; i < classes.length; i++) {
        if (classes[i][0] !== 'Error' && classes[i][2](value)) return classes[i][0];
    }
    return 'Object';
}

module.exports = {
    classOf,
    functionKind,
    isAnyArrayBuffer,
    isArgumentsObject,
    isArrayBuffer,
    isArrayBufferView,
    isAsyncFunction,
    isBigInt64Array: (value) => typedArrayName(value) === 'BigInt64Array',
    isBigIntObject,
    isBigUint64Array: (value) => typedArrayName(value) === 'BigUint64Array',
    isBooleanObject,
    isBoxedPrimitive,
    isDataView,
    isDate,
    isFloat16Array: (value) => typedArrayName(value) === 'Float16Array',
    isFloat32Array: (value) => typedArrayName(value) === 'Float32Array',
    isFloat64Array: (value) => typedArrayName(value) === 'Float64Array',
    isGeneratorFunction,
    isGeneratorObject,
    isInt16Array: (value) => typedArrayName(value) === 'Int16Array',
    isInt32Array: (value) => typedArrayName(value) === 'Int32Array',
    isInt8Array: (value) => typedArrayName(value) === 'Int8Array',
    isMap,
    isMapIterator,
    isModuleNamespaceObject,
    isNativeError,
    isNumberObject,
    isPromise,
    isProxy,
    isRegExp,
    isSet,
    isSetIterator,
    isSharedArrayBuffer,
    isStringObject,
    isSymbolObject,
    isTypedArray,
    isUint16Array: (value) => typedArrayName(value) === 'Uint16Array',
    isUint32Array: (value) => typedArrayName(value) === 'Uint32Array',
    isUint8Array: (value) => typedArrayName(value) === 'Uint8Array',
    isUint8ClampedArray: (value) => typedArrayName(value) === 'Uint8ClampedArray',
    isWeakMap,
    isWeakSet,
};
