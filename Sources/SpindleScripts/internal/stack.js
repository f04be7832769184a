// The stacks of errors, in the form that programs expect (V8's): the head `Name: message`, then `    at f (file:1:2)`.
//
// The engine gives every error a text of its own, one `f@file:1:2` a frame. The constructors put in place here rewrite it
// when an error is made, which costs a few microseconds. An error that the engine itself throws keeps the engine's text
// until it comes through `normalize`: when it is inspected, printed, cloned or reported to who listens for what nobody caught.

const Native = Error;
const { captureStackTrace: captureNative } = Native;
const { construct, defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
const { bind, call } = Function.prototype;
const uncurryThis = bind.bind(call);
const split = uncurryThis(String.prototype.split);
const slice = uncurryThis(String.prototype.slice);
const indexOf = uncurryThis(String.prototype.indexOf);
const lastIndexOf = uncurryThis(String.prototype.lastIndexOf);
const startsWith = uncurryThis(String.prototype.startsWith);
const exec = uncurryThis(RegExp.prototype.exec);
const get = uncurryThis(Map.prototype.get);
const set = uncurryThis(Map.prototype.set);
const text = String;

/** Of each script whose text is not the file's: how many columns of ours its first line begins with, and who knows the rest. */
const columns = new Map();
/** The frames of a constructor that stands here: its own and the native one it calls. */
const ownFrames = 2;
let limit = 10;

/** The parts of one line of the engine's text; undefined for what is not the guest's. */
function parse(line) {
    const at = lastIndexOf(line, '@');
    let name = at < 0 ? line : slice(line, 0, at);
    const place = slice(line, at + 1);
    if (startsWith(place, 'spindle:')) return undefined;
    if (place === '[native code]') return name === '' ? undefined : { name, file: undefined, line: 0, column: 0 };
    if (name === 'global code' || name === 'module code') name = '';
    else if (name === 'eval code') name = 'eval';
    const second = lastIndexOf(place, ':');
    const first = lastIndexOf(place, ':', second - 1);
    // A constructor that no class has written has no place.
    if (place === '') return undefined;
    if (first < 0) return { name, file: place, line: 0, column: 0 };
    const file = slice(place, 0, first);
    const row = +slice(place, first + 1, second);
    let column = +slice(place, second + 1);
    const known = get(columns, file);
    if (known !== undefined) {
        if (row === 1) column -= known.head;
        column = known.sourceColumn(file, row, column);
    }
    return { name, file, line: row, column };
}

function frameText(frame) {
    const place = frame.file === undefined ? '<anonymous>' :
        frame.line === 0 ? frame.file : `${frame.file}:${frame.line}:${frame.column}`;
    return frame.name === '' ? `    at ${place}` : `    at ${frame.name} (${place})`;
}

/** As `Error.prototype.toString`, whatever the object does. */
function headOf(error) {
    try {
        const { name, message } = error;
        const kind = name === undefined ? 'Error' : text(name);
        const what = message === undefined ? '' : text(message);
        return kind === '' ? what : what === '' ? kind : `${kind}: ${what}`;
    } catch {
        return '<error>';
    }
}

/** One frame, as `Error.prepareStackTrace` is given it. */
class CallSite {
    #frame;
    constructor(frame) { this.#frame = frame; }
    getThis() { return undefined; }
    getTypeName() { return null; }
    getFunction() { return undefined; }
    getFunctionName() { return this.#frame.name === '' ? null : this.#frame.name; }
    getMethodName() { return null; }
    getFileName() { return this.#frame.file ?? null; }
    getLineNumber() { return this.#frame.line === 0 ? null : this.#frame.line; }
    getColumnNumber() { return this.#frame.line === 0 ? null : this.#frame.column; }
    getEnclosingLineNumber() { return this.getLineNumber(); }
    getEnclosingColumnNumber() { return this.getColumnNumber(); }
    getEvalOrigin() { return undefined; }
    getScriptNameOrSourceURL() { return this.#frame.file ?? null; }
    getScriptHash() { return ''; }
    getPosition() { return 0; }
    getPromiseIndex() { return null; }
    isToplevel() { return true; }
    isEval() { return this.#frame.name === 'eval'; }
    isNative() { return this.#frame.file === undefined; }
    isConstructor() { return false; }
    isAsync() { return startsWith(this.#frame.name, 'async '); }
    isPromiseAll() { return false; }
    toString() { return slice(frameText(this.#frame), 7); }
}

/** As `push`, whatever a program has made of Array.prototype. */
function append(list, value) {
    defineProperty(list, list.length, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}

/** The stack of `error`, whose engine's text is `raw`, without the first `skipped` frames. */
function format(error, raw, skipped, head) {
    const lines = split(raw, '\n');
    const frames = [];
    for (let i = skipped; i < lines.length && frames.length < limit; i++) {
        const frame = lines[i] === '' ? undefined : parse(lines[i]);
        if (frame !== undefined) append(frames, frame);
    }
    const prepare = Replaced.prepareStackTrace;
    if (typeof prepare === 'function') {
        const sites = [];
        for (let i = 0; i < frames.length; i++) append(sites, new CallSite(frames[i]));
        return prepare(error, sites);
    }
    let stack = head ?? headOf(error);
    for (let i = 0; i < frames.length; i++) stack += `\n${frameText(frames[i])}`;
    return stack;
}

function setStack(error, value) {
    defineProperty(error, 'stack', { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

/** A constructor in place of `original`, sharing its prototype. */
function replace(original) {
    function constructor(...args) {
        const error = construct(original, args, new.target ?? constructor);
        const raw = error.stack;
        if (typeof raw === 'string') setStack(error, format(error, raw, ownFrames));
        return error;
    }
    const hidden = { __proto__: null, configurable: true, enumerable: false, writable: false };
    defineProperty(constructor, 'name', { __proto__: hidden, value: original.name });
    defineProperty(constructor, 'length', { __proto__: hidden, value: original.length });
    defineProperty(constructor, 'prototype', { __proto__: hidden, configurable: false, value: original.prototype });
    const shown = { __proto__: hidden, writable: true, value: constructor };
    defineProperty(original.prototype, 'constructor', shown);
    defineProperty(globalThis, original.name, shown);
    return constructor;
}

const Replaced = replace(Native);
for (const original of [AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    setPrototypeOf(replace(original), Replaced);
}

function captureStackTrace(object, above) {
    captureNative(object, typeof above === 'function' ? above : captureStackTrace);
    const raw = getOwnPropertyDescriptor(object, 'stack')?.value;
    if (typeof raw === 'string') setStack(object, format(object, raw, 0, headFor?.(object)));
}

defineProperty(Replaced, 'captureStackTrace', {
    __proto__: null, configurable: true, enumerable: false, value: captureStackTrace, writable: true,
});
const isNativeError = Native.isError;
defineProperty(Replaced, 'isError', getOwnPropertyDescriptor(Native, 'isError'));
defineProperty(Replaced, 'stackTraceLimit', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => limit,
    set(value) {
        limit = value;
        Native.stackTraceLimit = typeof value === 'number' ? value + ownFrames : value;
    },
});
Replaced.stackTraceLimit = limit;

let headFor;
/** Errors whose head is not `Name: message` have one by `find(error)`, which gives undefined for the rest. */
function setHead(find) { headFor = find; }

const isEngineText = /^[^\n]*@|^(?:global|module|eval) code/;

/** Gives an error that the engine threw the stack it would have had from a constructor. Anything else stays as it is. */
function normalize(error) {
    if (!isNativeError(error)) return error;
    const raw = getOwnPropertyDescriptor(error, 'stack')?.value;
    if (typeof raw !== 'string' || exec(isEngineText, raw) === null || indexOf(raw, '\n    at ') >= 0) return error;
    const head = headOf(error);
    if (head === '' || !startsWith(raw, head)) setStack(error, format(error, raw, 0, head));
    return error;
}

/** Frames of the script `file` are led back to the file's own columns. */
function setColumns(file, head, sourceColumn) { set(columns, file, { head, sourceColumn }); }

module.exports = { normalize, setColumns, setHead };
