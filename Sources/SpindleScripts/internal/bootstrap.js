// Puts the globals of a Node program in place. Those that a program may never touch are loaded when they are first read.

const { Atomics, ObjectDefineProperty, globalThis } = primordials;

function define(name, value) {
    ObjectDefineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

/** `enumerable` as in Node, where it decides what `Object.keys(globalThis)` shows. */
function defineLazily(id, names, enumerable = false, target = globalThis) {
    for (let i = 0; i < names.length; i++) {
        const name = names[i];
        const settle = (value) => {
            ObjectDefineProperty(target, name, { __proto__: null, configurable: true, enumerable, value, writable: true });
        };
        ObjectDefineProperty(target, name, {
            __proto__: null,
            configurable: true,
            enumerable,
            get() {
                const value = valueOf(id, name);
                settle(value);
                return value;
            },
            set: settle,
        });
    }
}
function valueOf(id, name) {
    const exports = require(id);
    return name === 'process' || name === 'console' ? exports : exports[name];
}

define('global', globalThis);
defineLazily('process', ['process']);
defineLazily('console', ['console']);
defineLazily('internal/timers', [
    'clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval', 'setTimeout',
], true);
defineLazily('internal/task_queues', ['queueMicrotask'], true);
defineLazily('internal/clone', ['structuredClone'], true);
defineLazily('internal/encoding', ['atob', 'btoa'], true);
defineLazily('perf_hooks', ['performance'], true);
defineLazily('buffer', ['Buffer']);
defineLazily('internal/blob', ['Blob', 'File']);
defineLazily('internal/abort', ['AbortController', 'AbortSignal']);
defineLazily('internal/event_target', ['CustomEvent', 'Event', 'EventTarget']);
defineLazily('internal/dom_exception', ['DOMException']);
defineLazily('internal/encoding', ['TextDecoder', 'TextEncoder']);
defineLazily('internal/url', ['URL', 'URLSearchParams']);
defineLazily('internal/worker/port', ['BroadcastChannel', 'MessageChannel', 'MessageEvent', 'MessagePort']);
defineLazily('internal/worker/shared', ['SharedArrayBuffer']);
defineLazily('internal/worker/shared', ['notify', 'wait', 'waitAsync'], false, Atomics);
defineLazily('internal/crypto/webcrypto', ['Crypto', 'SubtleCrypto', 'crypto']);
defineLazily('internal/wasm', ['WebAssembly']);
defineLazily('stream/web', [
    'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'ReadableByteStreamController', 'ReadableStream',
    'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest', 'ReadableStreamDefaultController', 'ReadableStreamDefaultReader',
    'TextDecoderStream', 'TextEncoderStream', 'TransformStream', 'TransformStreamDefaultController', 'WritableStream',
    'WritableStreamDefaultController', 'WritableStreamDefaultWriter',
]);
defineLazily('perf_hooks', [
    'Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver',
    'PerformanceObserverEntryList',
]);

require('internal/task_queues').start();
binding('process').setHooks({ __proto__: null, uncaught: require('internal/lifecycle').report });
