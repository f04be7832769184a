// Readable streams of bytes: a reader may bring the memory to read into.

const {
    ArrayBuffer, ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, ArrayBufferPrototypeGetDetached,
    ArrayBufferPrototypeTransfer, ArrayPrototypeShift, DataView, MathMin, NumberIsInteger, PromisePrototypeThen, PromiseReject,
    PromiseResolve, ReflectApply, Symbol, TypedArrayPrototypeSet, TypedArrayPrototypeSlice, Uint8Array,
} = primordials;
const {
    codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS,
        ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateBuffer, validateFunction, validateObject } = require('internal/validators');
const { check, expose, promised } = require('internal/webstreams/common');
const {
    PromisedRead, cancelReadable, closeReadable, detached, failReadable, fulfill, isReadableStream, lock, stateOf, unlock,
} = require('internal/webstreams/readable');

const kCreate = Symbol('create');
const bytesOf = (buffer, offset, length) => new Uint8Array(buffer, offset, length);
const elementSizeOf = (view) => (view instanceof DataView ? 1 : view.BYTES_PER_ELEMENT);

// --- The controller ----------------------------------------------------------------------------------------------------

let controllerOf;
class ReadableByteStreamController {
    #controller;
    static {
        controllerOf = (value) => {
            check(value !== null && typeof value === 'object' && #controller in value, 'ReadableByteStreamController');
            return value.#controller;
        };
    }
    constructor(token, controller) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#controller = controller;
    }
    get byobRequest() { return controllerOf(this).request(); }
    get desiredSize() { return controllerOf(this).desiredSize(); }
    close() {
        const controller = controllerOf(this);
        if (controller.closeRequested || controller.state.state !== 'readable') {
            throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
        }
        controller.close();
    }
    enqueue(chunk) {
        const controller = controllerOf(this);
        validateBuffer(chunk, 'chunk');
        if (chunk.byteLength === 0) throw new ERR_INVALID_STATE.TypeError('chunk ArrayBuffer is zero-length');
        if (ArrayBufferPrototypeGetByteLength(chunk.buffer) === 0) {
            throw new ERR_INVALID_STATE.TypeError('chunk ArrayBuffer is detached');
        }
        if (controller.closeRequested || controller.state.state !== 'readable') {
            throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
        }
        controller.enqueue(chunk);
    }
    error(error = undefined) { controllerOf(this).error(error); }
}
expose(ReadableByteStreamController, ['byobRequest', 'close', 'desiredSize', 'enqueue', 'error'], () => ({}));

let requestOf;
class ReadableStreamBYOBRequest {
    /** `{ controller, view }`, both undefined once it is answered. */
    #request;
    static {
        requestOf = (value) => {
            check(value !== null && typeof value === 'object' && #request in value, 'ReadableStreamBYOBRequest');
            return value.#request;
        };
    }
    constructor(token, request) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#request = request;
    }
    get view() { return requestOf(this).view ?? null; }
    respond(count) {
        const { controller, view } = requestOf(this);
        if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
        if (ArrayBufferPrototypeGetDetached(view.buffer)) {
            throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
        }
        controller.respond(count);
    }
    respondWithNewView(view) {
        const { controller } = requestOf(this);
        if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
        validateBuffer(view, 'view');
        if (ArrayBufferPrototypeGetDetached(view.buffer)) {
            throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
        }
        controller.respondWithView(view);
    }
}
expose(ReadableStreamBYOBRequest, ['respond', 'respondWithNewView', 'view'], (self) => ({ view: self.view }));

/**
 * Its internals. `intos` are the memories that are to be filled:
 * `{ buffer, offset, length, filled, minimum, elementSize, View, kind }`, kind being 'byob', 'default' or 'none'.
 */
class ByteController {
    isForBytes = true;
    queue = [];
    size = 0;
    intos = [];
    isStarted = false;
    isPulling = false;
    pullsAgain = false;
    closeRequested = false;
    byobRequest = undefined;

    constructor(state, { pull, cancel, highWaterMark, autoAllocate }) {
        this.state = state;
        this.onPull = pull;
        this.onCancel = cancel;
        this.highWaterMark = highWaterMark;
        this.autoAllocate = autoAllocate;
        this.exposed = new ReadableByteStreamController(kCreate, this);
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
        return state === 'errored' ? null : state === 'closed' ? 0 : this.highWaterMark - this.size;
    }
    request() {
        if (this.byobRequest === undefined && this.intos.length > 0) {
            const { buffer, offset, length, filled } = this.intos[0];
            const request = { __proto__: null, controller: this, view: bytesOf(buffer, offset + filled, length - filled) };
            this.byobRequest = { request, exposed: new ReadableStreamBYOBRequest(kCreate, request) };
        }
        return this.byobRequest?.exposed ?? null;
    }
    invalidateRequest() {
        if (this.byobRequest === undefined) return;
        const { request } = this.byobRequest;
        request.controller = undefined;
        request.view = undefined;
        this.byobRequest = undefined;
    }
    shouldPull() {
        const { reader, state } = this.state;
        if (state !== 'readable' || this.closeRequested || !this.isStarted) return false;
        return (reader !== undefined && reader.requests.length > 0) || this.desiredSize() > 0;
    }
    pullIfNeeded() {
        if (!this.shouldPull()) return;
        if (this.isPulling) {
            this.pullsAgain = true;
            return;
        }
        this.isPulling = true;
        PromisePrototypeThen(this.onPull(this.exposed), () => {
            this.isPulling = false;
            if (!this.pullsAgain) return;
            this.pullsAgain = false;
            this.pullIfNeeded();
        }, (error) => this.error(error));
    }
    clear() { this.onPull = this.onCancel = undefined; }
    clearIntos() {
        this.invalidateRequest();
        this.intos = [];
    }
    resetQueue() {
        this.queue = [];
        this.size = 0;
    }

    close() {
        if (this.closeRequested || this.state.state !== 'readable') return;
        if (this.size > 0) {
            this.closeRequested = true;
            return;
        }
        if (this.intos.length > 0 && this.intos[0].filled % this.intos[0].elementSize !== 0) {
            const error = new ERR_INVALID_STATE.TypeError('Partial read');
            this.error(error);
            throw error;
        }
        this.clear();
        closeReadable(this.state);
    }
    error(error) {
        if (this.state.state !== 'readable') return;
        this.clearIntos();
        this.resetQueue();
        this.clear();
        failReadable(this.state, error);
    }
    cancelSteps(reason) {
        this.clearIntos();
        this.resetQueue();
        const result = this.onCancel(reason);
        this.clear();
        return result;
    }
    /** What was begun for a reader that has gone is for whoever comes next. */
    releaseSteps() {
        if (this.intos.length === 0) return;
        this.intos[0].kind = 'none';
        this.intos.length = 1;
    }

    /** Takes the chunk's memory over. */
    enqueue(chunk) {
        if (this.closeRequested || this.state.state !== 'readable') return;
        const { byteLength, byteOffset } = chunk;
        const buffer = ArrayBufferPrototypeTransfer(chunk.buffer);
        if (this.intos.length > 0) {
            const into = this.intos[0];
            this.invalidateRequest();
            into.buffer = ArrayBufferPrototypeTransfer(into.buffer);
            if (into.kind === 'none') this.enqueueDetached(into);
        }
        const { reader } = this.state;
        if (reader !== undefined && reader.isDefault) {
            while (this.size > 0 && reader.requests.length > 0) this.fillFromQueue(ArrayPrototypeShift(reader.requests));
            if (reader.requests.length === 0) this.push(buffer, byteOffset, byteLength);
            else {
                if (this.intos.length > 0) ArrayPrototypeShift(this.intos);
                fulfill(this.state, bytesOf(buffer, byteOffset, byteLength));
            }
        } else {
            this.push(buffer, byteOffset, byteLength);
            if (reader !== undefined) this.fillIntos();
        }
        this.pullIfNeeded();
    }
    push(buffer, offset, length) {
        this.queue[this.queue.length] = { buffer, offset, length };
        this.size += length;
    }
    enqueueDetached(into) {
        if (into.filled > 0) {
            const copy = TypedArrayPrototypeSlice(bytesOf(into.buffer, into.offset, into.filled));
            this.push(copy.buffer, 0, copy.length);
        }
        ArrayPrototypeShift(this.intos);
    }
    fillFromQueue(request) {
        const { buffer, offset, length } = ArrayPrototypeShift(this.queue);
        this.size -= length;
        this.onDrain();
        request.chunk(bytesOf(buffer, offset, length));
    }
    onDrain() {
        if (this.size === 0 && this.closeRequested) {
            this.clear();
            closeReadable(this.state);
        } else this.pullIfNeeded();
    }
    pullSteps(request) {
        const { requests } = this.state.reader;
        if (this.size > 0) {
            this.fillFromQueue(request);
            return;
        }
        if (this.autoAllocate !== undefined) {
            this.intos[this.intos.length] = {
                buffer: new ArrayBuffer(this.autoAllocate), offset: 0, length: this.autoAllocate, filled: 0, minimum: 1,
                elementSize: 1, View: Uint8Array, kind: 'default',
            };
        }
        requests[requests.length] = request;
        this.pullIfNeeded();
    }

    /** Reads into `view`, at least `minimum` elements. */
    pullInto(view, minimum, request) {
        const elementSize = elementSizeOf(view);
        const { byteLength, byteOffset, constructor: View } = view;
        let buffer;
        try {
            buffer = ArrayBufferPrototypeTransfer(view.buffer);
        } catch (error) {
            request.error(error);
            return;
        }
        const into = {
            buffer, offset: byteOffset, length: byteLength, filled: 0, minimum: minimum * elementSize, elementSize, View,
            kind: 'byob',
        };
        const { requests } = this.state.reader;
        if (this.intos.length > 0) {
            this.intos[this.intos.length] = into;
            requests[requests.length] = request;
            return;
        }
        if (this.state.state === 'closed') {
            request.close(new View(into.buffer, into.offset, 0));
            return;
        }
        if (this.size > 0) {
            if (this.fill(into)) {
                const filled = this.viewOf(into);
                this.onDrain();
                request.chunk(filled);
                return;
            }
            if (this.closeRequested) {
                const error = new ERR_INVALID_STATE.TypeError('ReadableStream closed');
                this.error(error);
                request.error(error);
                return;
            }
        }
        this.intos[this.intos.length] = into;
        requests[requests.length] = request;
        this.pullIfNeeded();
    }
    viewOf({ View, buffer, elementSize, filled, offset }) {
        return new View(ArrayBufferPrototypeTransfer(buffer), offset, filled / elementSize);
    }
    /** Moves bytes of the queue to `into`; whether that is enough. */
    fill(into) {
        const possible = MathMin(this.size, into.length - into.filled);
        const most = into.filled + possible;
        const aligned = most - most % into.elementSize;
        const isReady = aligned >= into.minimum;
        let rest = isReady ? aligned - into.filled : possible;
        while (rest > 0) {
            const head = this.queue[0];
            const count = MathMin(rest, head.length);
            TypedArrayPrototypeSet(
                bytesOf(into.buffer, into.offset + into.filled, count), bytesOf(head.buffer, head.offset, count));
            if (count === head.length) ArrayPrototypeShift(this.queue);
            else {
                head.offset += count;
                head.length -= count;
            }
            this.size -= count;
            into.filled += count;
            rest -= count;
        }
        return isReady;
    }
    fillIntos() {
        const ready = [];
        while (this.intos.length > 0 && this.size > 0) {
            const into = this.intos[0];
            if (!this.fill(into)) break;
            this.invalidateRequest();
            ArrayPrototypeShift(this.intos);
            ready[ready.length] = into;
        }
        for (let i = 0; i < ready.length; i++) this.commit(ready[i]);
    }
    /** Gives what was filled to who waits. */
    commit(into) {
        const isDone = this.state.state === 'closed';
        const { requests } = this.state.reader;
        if (into.kind === 'default') {
            const request = ArrayPrototypeShift(requests);
            if (isDone) request.close();
            else request.chunk(this.viewOf(into));
            return;
        }
        const request = ArrayPrototypeShift(requests);
        if (isDone) request.close(this.viewOf(into));
        else request.chunk(this.viewOf(into));
    }

    respond(count) {
        const into = this.intos[0];
        if (this.state.state === 'closed') {
            if (count !== 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', count);
        } else {
            if (count === 0) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
            if (!NumberIsInteger(count) || count < 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', count);
            if (into.filled + count > into.length) throw new ERR_INVALID_ARG_VALUE.RangeError('bytesWritten', count);
        }
        into.buffer = ArrayBufferPrototypeTransfer(into.buffer);
        this.respondWith(count);
    }
    respondWithView(view) {
        const into = this.intos[0];
        const { buffer, byteLength, byteOffset } = view;
        if (this.state.state === 'closed') {
            if (byteLength !== 0) throw new ERR_INVALID_ARG_VALUE('view', view);
        } else if (byteLength === 0) throw new ERR_INVALID_ARG_VALUE('view', view);
        if (into.offset + into.filled !== byteOffset) throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
        const total = ArrayBufferPrototypeGetByteLength(into.buffer);
        if (total !== ArrayBufferPrototypeGetByteLength(buffer)) throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
        if (into.filled + byteLength > into.length) throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
        into.buffer = ArrayBufferPrototypeTransfer(buffer);
        this.respondWith(byteLength);
    }
    respondWith(count) {
        const into = this.intos[0];
        this.invalidateRequest();
        if (this.state.state === 'closed') {
            if (into.kind === 'none') ArrayPrototypeShift(this.intos);
            const { reader } = this.state;
            if (reader !== undefined && !reader.isDefault) {
                while (reader.requests.length > 0 && this.intos.length > 0) this.commit(ArrayPrototypeShift(this.intos));
            }
        } else this.respondReadable(into, count);
        if (this.state.state === 'readable') this.pullIfNeeded();
    }
    respondReadable(into, count) {
        into.filled += count;
        if (into.kind === 'none') {
            this.enqueueDetached(into);
            if (this.state.reader !== undefined && !this.state.reader.isDefault) this.fillIntos();
            return;
        }
        if (into.filled < into.minimum) return;
        ArrayPrototypeShift(this.intos);
        // Bytes of an element that is not whole go back.
        const extra = into.filled % into.elementSize;
        if (extra > 0) {
            const end = into.offset + into.filled;
            const copy = TypedArrayPrototypeSlice(bytesOf(into.buffer, end - extra, extra));
            this.push(copy.buffer, 0, extra);
        }
        into.filled -= extra;
        this.commit(into);
        if (this.state.reader !== undefined && !this.state.reader.isDefault) this.fillIntos();
    }
}

function setUp(state, source, highWaterMark) {
    const { autoAllocateChunkSize, cancel, pull, start } = source;
    if (autoAllocateChunkSize === 0) throw new ERR_INVALID_ARG_VALUE('source.autoAllocateChunkSize', autoAllocateChunkSize);
    const controller = new ByteController(state, {
        pull: promised(source, pull, 'source.pull'), cancel: promised(source, cancel, 'source.cancel'), highWaterMark,
        autoAllocate: autoAllocateChunkSize,
    });
    if (start !== undefined) validateFunction(start, 'source.start');
    controller.start(start === undefined ? undefined : ReflectApply(start, source, [controller.exposed]));
}

// --- The reader --------------------------------------------------------------------------------------------------------

let isReader;
class ReadableStreamBYOBReader {
    #reader;
    static {
        isReader = (value) => value !== null && typeof value === 'object' && #reader in value;
    }
    constructor(stream) {
        if (!isReadableStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
        const state = stateOf(stream);
        if (state.reader !== undefined) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
        if (!state.controller.isForBytes) throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
        this.#reader = lock(state, false);
    }
    get closed() {
        if (!isReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamBYOBReader'));
        return this.#reader.closed.promise;
    }
    cancel(reason = undefined) {
        if (!isReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamBYOBReader'));
        if (this.#reader.stream === undefined) return PromiseReject(detached());
        return cancelReadable(this.#reader.stream, reason);
    }
    read(view, options = { __proto__: null, min: 1 }) {
        if (!isReader(this)) return PromiseReject(new ERR_INVALID_THIS('ReadableStreamBYOBReader'));
        try {
            return this.#read(view, options);
        } catch (error) {
            return PromiseReject(error);
        }
    }
    #read(view, options) {
        if (!ArrayBufferIsView(view)) throw new ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
        validateObject(options, 'options');
        if (view.byteLength === 0) {
            throw new ERR_INVALID_STATE.TypeError('View or Viewed ArrayBuffer is zero-length or detached');
        }
        const { min = 1 } = options;
        if (typeof min !== 'number') throw new ERR_INVALID_ARG_TYPE('options.min', 'number', min);
        if (!NumberIsInteger(min)) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be an integer');
        if (min <= 0) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
        const most = view instanceof DataView ? view.byteLength : view.length;
        if (min > most) throw new ERR_OUT_OF_RANGE('options.min', `<= ${most}`, min);
        const { stream } = this.#reader;
        if (stream === undefined) throw detached();
        const request = new PromisedRead();
        stream.isDisturbed = true;
        if (stream.state === 'errored') request.error(stream.storedError);
        else stream.controller.pullInto(view, min, request);
        return request.promise;
    }
    releaseLock() {
        check(isReader(this), 'ReadableStreamBYOBReader');
        unlock(this.#reader);
    }
}
expose(ReadableStreamBYOBReader, ['cancel', 'closed', 'read', 'releaseLock'], (self) => ({ close: self.closed }));

module.exports = { ReadableByteStreamController, ReadableStreamBYOBReader, ReadableStreamBYOBRequest, setUp };
