// ReadableStream and its reader and controller for chunks of any kind. Those for bytes are in the module bytes.

const {
    ArrayPrototypeShift, AsyncIteratorPrototype, FunctionPrototypeCall, ObjectDefineProperty, ObjectSetPrototypeOf,
    PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, Symbol, SymbolAsyncIterator, SymbolIterator,
} = primordials;
const {
    codes: { ERR_ARG_NOT_ITERABLE, ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE,
        ERR_INVALID_THIS },
} = require('internal/errors');
const { validateAbortSignal, validateFunction } = require('internal/validators');
const {
    Queue, check, deferred, dictionary, expose, exposeStatic, highWaterMarkOf, ignoreRejection, overFor, promised, rejected,
    sizeOf,
} = require('internal/webstreams/common');
const {
    kControllerErrorFunction, kIsClosedPromise, kIsDisturbed, kIsErrored, kIsReadable,
} = require('internal/streams/predicates');

const kCreate = Symbol('create');
let stateOf;
let isStream;
let isDefaultReader;
let readerState;

class ReadableStream {
    /** `{ state, controller, reader, storedError, isDisturbed, closing }`. */
    #state = {
        __proto__: null, stream: this, state: 'readable', controller: undefined, reader: undefined, storedError: undefined,
        isDisturbed: false, closing: undefined,
    };

    static {
        stateOf = (stream) => stream.#state;
        isStream = (value) => value !== null && typeof value === 'object' && #state in value;
    }

    constructor(source = { __proto__: null }, strategy = { __proto__: null }) {
        if (source === kCreate) return;
        if (source === null) throw new ERR_INVALID_ARG_VALUE('source', 'Object', source);
        source = dictionary(source, 'source');
        strategy = dictionary(strategy, 'strategy');
        const { type } = source;
        if (`${type}` === 'bytes') {
            if (strategy.size !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.size', strategy.size);
            require('internal/webstreams/bytes').setUp(this.#state, source, highWaterMarkOf(strategy, 0));
            return;
        }
        if (type !== undefined) throw new ERR_INVALID_ARG_VALUE('source.type', type);
        const size = sizeOf(strategy);
        setUpDefault(this.#state, source, highWaterMarkOf(strategy, 1), size);
    }

    static from(iterable) { return fromIterable(iterable); }

    get locked() {
        check(isStream(this), 'ReadableStream');
        return this.#state.reader !== undefined;
    }
    cancel(reason = undefined) {
        if (!isStream(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStream'));
        if (this.locked) return PromiseReject(new ERR_INVALID_STATE.TypeError('ReadableStream is locked'));
        return cancel(this.#state, reason);
    }
    getReader(options = undefined) {
        check(isStream(this), 'ReadableStream');
        const { mode } = dictionary(options, 'options');
        if (mode === undefined) return new ReadableStreamDefaultReader(this);
        if (`${mode}` !== 'byob') throw new ERR_INVALID_ARG_VALUE('options.mode', mode);
        const { ReadableStreamBYOBReader } = require('internal/webstreams/bytes');
        return new ReadableStreamBYOBReader(this);
    }
    pipeThrough(transform, options = undefined) {
        check(isStream(this), 'ReadableStream');
        const { isWritableStream } = require('internal/webstreams/writable');
        const readable = transform?.readable;
        if (!isStream(readable)) throw new ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
        const writable = transform?.writable;
        if (!isWritableStream(writable)) throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', writable);
        const settings = pipeOptions(options);
        if (this.locked) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
        if (writable.locked) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
        ignoreRejection(require('internal/webstreams/pipe')(this, writable, settings));
        return readable;
    }
    pipeTo(destination, options = undefined) {
        try {
            check(isStream(this), 'ReadableStream');
            const { isWritableStream } = require('internal/webstreams/writable');
            if (!isWritableStream(destination)) {
                throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', destination);
            }
            const settings = pipeOptions(options);
            if (this.locked) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
            if (destination.locked) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
            return require('internal/webstreams/pipe')(this, destination, settings);
        } catch (error) {
            return PromiseReject(error);
        }
    }
    tee() {
        check(isStream(this), 'ReadableStream');
        if (this.locked) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
        return require('internal/webstreams/tee')(this);
    }
    values(options = undefined) {
        check(isStream(this), 'ReadableStream');
        const { preventCancel } = dictionary(options, 'options');
        return iterate(new ReadableStreamDefaultReader(this), !!preventCancel);
    }

    get [kIsDisturbed]() { return this.#state.isDisturbed; }
    get [kIsErrored]() { return this.#state.state === 'errored'; }
    get [kIsReadable]() { return this.#state.state === 'readable'; }
    get [kIsClosedPromise]() { return closingOf(this.#state); }
    [kControllerErrorFunction](error) { this.#state.controller.error(error); }
}
ObjectDefineProperty(ReadableStream.prototype, SymbolAsyncIterator, {
    __proto__: null, configurable: true, value: ReadableStream.prototype.values, writable: true,
});
expose(ReadableStream, ['cancel', 'getReader', 'locked', 'pipeThrough', 'pipeTo', 'tee', 'values'], (self) => ({
    locked: self.locked, state: stateOf(self).state, supportsBYOB: !!stateOf(self).controller?.isForBytes,
}));
exposeStatic(ReadableStream, 'from');

function pipeOptions(options) {
    const { preventAbort, preventCancel, preventClose, signal } = dictionary(options, 'options');
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    return { preventAbort: !!preventAbort, preventCancel: !!preventCancel, preventClose: !!preventClose, signal };
}

/** When the stream has closed; made for who asks. */
function closingOf(state) {
    if (state.closing === undefined) {
        state.closing = overFor(state.state, state.storedError);
        ignoreRejection(state.closing.promise);
    }
    return state.closing;
}

// --- What streams do ---------------------------------------------------------------------------------------------------

function cancel(state, reason) {
    state.isDisturbed = true;
    if (state.state === 'closed') return PromiseResolve();
    if (state.state === 'errored') return PromiseReject(state.storedError);
    close(state);
    const { reader } = state;
    if (reader !== undefined && !reader.isDefault) {
        const waiting = reader.requests;
        reader.requests = [];
        for (let i = 0; i < waiting.length; i++) waiting[i].close(undefined);
    }
    return PromisePrototypeThen(state.controller.cancelSteps(reason), () => {});
}

function close(state) {
    state.state = 'closed';
    state.closing?.resolve?.();
    const { reader } = state;
    if (reader === undefined) return;
    reader.closed.resolve();
    if (!reader.isDefault) return;
    const waiting = reader.requests;
    reader.requests = [];
    for (let i = 0; i < waiting.length; i++) waiting[i].close();
}

function fail(state, error) {
    state.state = 'errored';
    state.storedError = error;
    state.closing?.reject?.(error);
    const { reader } = state;
    if (reader === undefined) return;
    reader.closed.reject(error);
    failRequests(reader, error);
}
function failRequests(reader, error) {
    const waiting = reader.requests;
    reader.requests = [];
    for (let i = 0; i < waiting.length; i++) waiting[i].error(error);
}

/** Whether somebody waits for a chunk, who is then given it. */
function fulfill(state, chunk) {
    const { reader } = state;
    if (reader === undefined || !reader.isDefault || reader.requests.length === 0) return false;
    shiftRequest(reader).chunk(chunk);
    return true;
}
const shiftRequest = (reader) => ArrayPrototypeShift(reader.requests);

// --- Readers -----------------------------------------------------------------------------------------------------------

/** What readers of both kinds keep. */
function lock(state, isDefault) {
    if (state.reader !== undefined) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
    const closed = overFor(state.state, state.storedError);
    ignoreRejection(closed.promise);
    return state.reader = { __proto__: null, stream: state, isDefault, requests: [], closed };
}
function unlock(reader) {
    const { stream } = reader;
    if (stream === undefined) return;
    const error = new ERR_INVALID_STATE.TypeError('Releasing reader');
    if (stream.state === 'readable') reader.closed.reject(error);
    else reader.closed = rejected(error);
    stream.controller.releaseSteps();
    stream.reader = undefined;
    reader.stream = undefined;
    failRequests(reader, error);
}
const detached = () => new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream');

/** Asks for a chunk; `request` has functions for what comes. */
function read(reader, request) {
    const { stream } = reader;
    stream.isDisturbed = true;
    if (stream.state === 'closed') request.close();
    else if (stream.state === 'errored') request.error(stream.storedError);
    else stream.controller.pullSteps(request);
}
/** A request for a promise of `{ value, done }`. */
class PromisedRead {
    constructor() {
        const { promise, resolve, reject } = deferred();
        this.promise = promise;
        this.resolve = resolve;
        this.error = reject;
    }
    chunk(value) { this.resolve({ value, done: false }); }
    close(value = undefined) { this.resolve({ value, done: true }); }
}

class ReadableStreamDefaultReader {
    #reader;
    static {
        isDefaultReader = (value) => value !== null && typeof value === 'object' && #reader in value;
        readerState = (reader) => reader.#reader;
    }
    constructor(stream) {
        if (!isStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
        this.#reader = lock(stateOf(stream), true);
    }
    get closed() {
        if (!isDefaultReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamDefaultReader'));
        return this.#reader.closed.promise;
    }
    cancel(reason = undefined) {
        if (!isDefaultReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamDefaultReader'));
        if (this.#reader.stream === undefined) return PromiseReject(detached());
        return cancel(this.#reader.stream, reason);
    }
    read() {
        if (!isDefaultReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamDefaultReader'));
        if (this.#reader.stream === undefined) return PromiseReject(detached());
        const request = new PromisedRead();
        read(this.#reader, request);
        return request.promise;
    }
    releaseLock() {
        check(isDefaultReader(this), 'ReadableStreamDefaultReader');
        unlock(this.#reader);
    }
}
expose(ReadableStreamDefaultReader, ['cancel', 'closed', 'read', 'releaseLock'], (self) => {
    const { stream, requests } = readerState(self);
    return { stream: stream?.stream, readRequests: requests.length, close: self.closed };
});

/** An async iterator whose calls wait for each other. */
function iterate(reader, preventCancel) {
    let isOver = false;
    let last;
    const next = async () => {
        if (isOver) return { value: undefined, done: true };
        try {
            const result = await reader.read();
            if (result.done) end();
            return result;
        } catch (error) {
            end();
            throw error;
        }
    };
    const end = () => {
        isOver = true;
        if (readerState(reader).stream !== undefined) reader.releaseLock();
    };
    const finish = async (value) => {
        if (isOver) return { value, done: true };
        isOver = true;
        const done = preventCancel ? undefined : reader.cancel(value);
        reader.releaseLock();
        await done;
        return { value, done: true };
    };
    const after = (step) => last = last === undefined ? step() : PromisePrototypeThen(last, step, step);
    return ObjectSetPrototypeOf({
        next() { return after(next); },
        return(value = undefined) { return after(() => finish(value)); },
        [SymbolAsyncIterator]() { return this; },
    }, AsyncIteratorPrototype);
}

// --- The controller ----------------------------------------------------------------------------------------------------

let controllerOf;
class ReadableStreamDefaultController {
    #controller;
    static {
        controllerOf = (value) => {
            check(value !== null && typeof value === 'object' && #controller in value, 'ReadableStreamDefaultController');
            return value.#controller;
        };
    }
    constructor(token, controller) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#controller = controller;
    }
    get desiredSize() { return controllerOf(this).desiredSize(); }
    close() {
        const controller = controllerOf(this);
        if (!controller.canEnqueue()) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
        controller.close();
    }
    enqueue(chunk = undefined) {
        const controller = controllerOf(this);
        if (!controller.canEnqueue()) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
        controller.enqueue(chunk);
    }
    error(error = undefined) { controllerOf(this).error(error); }
}
expose(ReadableStreamDefaultController, ['close', 'desiredSize', 'enqueue', 'error'], () => ({}));
/** Its internals, which streams made by built-ins use without the object of the program. */
class DefaultController {
    queue = new Queue();
    isStarted = false;
    isPulling = false;
    pullsAgain = false;
    closeRequested = false;
    constructor(state, { pull, cancel: onCancel, size, highWaterMark }) {
        this.state = state;
        this.pull = pull;
        this.onCancel = onCancel;
        this.size = size;
        this.highWaterMark = highWaterMark;
        state.controller = this;
    }
    start(result) {
        PromisePrototypeThen(PromiseResolve(result), () => {
            this.isStarted = true;
            this.pullIfNeeded();
        }, (error) => this.error(error));
    }
    desiredSize() {
        const { state } = this.state;
        return state === 'errored' ? null : state === 'closed' ? 0 : this.highWaterMark - this.queue.size;
    }
    canEnqueue() { return !this.closeRequested && this.state.state === 'readable'; }
    shouldPull() {
        if (!this.isStarted || !this.canEnqueue()) return false;
        const { reader } = this.state;
        return (reader !== undefined && reader.requests.length > 0) || this.desiredSize() > 0;
    }
    pullIfNeeded() {
        if (!this.shouldPull()) return;
        if (this.isPulling) {
            this.pullsAgain = true;
            return;
        }
        this.isPulling = true;
        PromisePrototypeThen(this.pull(this.exposed), () => {
            this.isPulling = false;
            if (!this.pullsAgain) return;
            this.pullsAgain = false;
            this.pullIfNeeded();
        }, (error) => this.error(error));
    }
    enqueue(chunk) {
        if (!fulfill(this.state, chunk)) {
            try {
                this.queue.push(chunk, this.size(chunk));
            } catch (error) {
                this.error(error);
                throw error;
            }
        }
        this.pullIfNeeded();
    }
    close() {
        if (!this.canEnqueue()) return;
        this.closeRequested = true;
        if (this.queue.length > 0) return;
        this.clear();
        close(this.state);
    }
    error(error) {
        if (this.state.state !== 'readable') return;
        this.queue.reset();
        this.clear();
        fail(this.state, error);
    }
    /** Lets go of what the program gave. */
    clear() { this.pull = this.onCancel = this.size = undefined; }
    cancelSteps(reason) {
        this.queue.reset();
        const result = this.onCancel(reason);
        this.clear();
        return result;
    }
    pullSteps(request) {
        if (this.queue.length === 0) {
            const { requests } = this.state.reader;
            requests[requests.length] = request;
            this.pullIfNeeded();
            return;
        }
        const chunk = this.queue.shift();
        if (this.closeRequested && this.queue.length === 0) {
            this.clear();
            close(this.state);
        } else this.pullIfNeeded();
        request.chunk(chunk);
    }
    releaseSteps() {}
}

function setUpDefault(state, source, highWaterMark, size) {
    const { start, pull, cancel: onCancel } = source;
    const controller = new DefaultController(state, {
        pull: promised(source, pull, 'source.pull'), cancel: promised(source, onCancel, 'source.cancel'), size, highWaterMark,
    });
    controller.exposed = new ReadableStreamDefaultController(kCreate, controller);
    if (start !== undefined) validateFunction(start, 'source.start');
    controller.start(start === undefined ? undefined : ReflectApply(start, source, [controller.exposed]));
}

/** A stream of a built-in: `pull` and `cancel` give promises; gives its stream and the controller's internals. */
function makeReadable({ start, pull = () => PromiseResolve(), cancel: onCancel = () => PromiseResolve(), highWaterMark = 1,
    size = () => 1 }) {
    const stream = new ReadableStream(kCreate);
    const controller = new DefaultController(stateOf(stream), { pull, cancel: onCancel, size, highWaterMark });
    controller.exposed = controller;
    controller.start(start);
    return { __proto__: null, stream, controller };
}

function fromIterable(iterable) {
    const isAsync = iterable?.[SymbolAsyncIterator] != null;
    const method = isAsync ? iterable[SymbolAsyncIterator] : iterable?.[SymbolIterator];
    if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE(iterable);
    const iterator = FunctionPrototypeCall(method, iterable);
    if (iterator === null || (typeof iterator !== 'object' && typeof iterator !== 'function')) {
        throw new ERR_INVALID_STATE.TypeError('The iterator method must return an object');
    }
    const { next } = iterator;
    const { controller, stream } = makeReadable({
        highWaterMark: 0,
        async pull() {
            const result = await FunctionPrototypeCall(next, iterator);
            checkResult(result, 'next');
            if (result.done) controller.close();
            else controller.enqueue(await result.value);
        },
        async cancel(reason) {
            const { return: onReturn } = iterator;
            if (onReturn === undefined) return;
            checkResult(await FunctionPrototypeCall(onReturn, iterator, reason), 'return');
        },
    });
    return stream;
}
function checkResult(result, method) {
    if (result !== null && typeof result === 'object') return;
    throw new ERR_INVALID_STATE.TypeError(`The promise returned by the iterator.${method}() method must fulfill with an object`);
}

module.exports = {
    ReadableStream,
    ReadableStreamDefaultController,
    ReadableStreamDefaultReader,
    cancelReadable: cancel,
    closeReadable: close,
    detached,
    failReadable: fail,
    failRequests,
    fulfill,
    isReadableStream: isStream,
    kCreate,
    lock,
    makeReadable,
    PromisedRead,
    read,
    readerState,
    shiftRequest,
    stateOf,
    unlock,
};
