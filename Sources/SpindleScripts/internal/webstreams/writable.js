// WritableStream, its writer and its controller.

const {
    ArrayPrototypeShift, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, Symbol,
} = primordials;
const {
    codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const {
    Queue, check, deferred, dictionary, expose, highWaterMarkOf, ignoreRejection, overFor, promised, rejected, resolved,
    sizeOf,
} = require('internal/webstreams/common');
const {
    kControllerErrorFunction, kIsClosedPromise, kIsErrored, kIsWritable,
} = require('internal/streams/predicates');

const kCreate = Symbol('create');
/** In the queue, for the end. */
const kClose = Symbol('close');
let isStream;
let stateOf;
let isWriter;

/** What becomes of a stream; the program's object is but a handle of it. */
class State {
    state = 'writable';
    storedError = undefined;
    writer = undefined;
    controller = undefined;
    /** Promises of `write` that have not begun. */
    writes = [];
    write = undefined;
    close = undefined;
    closing = undefined;
    /** `{ promise, resolve, reject, reason, wasErroring }`. */
    abort = undefined;
    hasBackpressure = false;
    /** Of `finished`. */
    over = undefined;
    constructor(stream) { this.stream = stream; }

    isClosing() { return this.close !== undefined || this.closing !== undefined; }

    startErroring(reason) {
        this.state = 'erroring';
        this.storedError = reason;
        if (this.writer !== undefined) rejectReady(this.writer, reason);
        if (this.write === undefined && this.closing === undefined && this.controller.isStarted) this.finishErroring();
    }
    finishErroring() {
        this.state = 'errored';
        this.controller.queue.reset();
        const error = this.storedError;
        const waiting = this.writes;
        this.writes = [];
        for (let i = 0; i < waiting.length; i++) waiting[i].reject(error);
        const { abort } = this;
        this.abort = undefined;
        if (abort === undefined) {
            this.rejectCloses();
            return;
        }
        if (abort.wasErroring) {
            abort.reject(error);
            this.rejectCloses();
            return;
        }
        PromisePrototypeThen(this.controller.abortSteps(abort.reason), () => {
            abort.resolve();
            this.rejectCloses();
        }, (failure) => {
            abort.reject(failure);
            this.rejectCloses();
        });
    }
    dealWithRejection(error) {
        if (this.state === 'writable') this.startErroring(error);
        else this.finishErroring();
    }
    rejectCloses() {
        this.close?.reject(this.storedError);
        this.close = undefined;
        this.over?.reject?.(this.storedError);
        if (this.writer === undefined) return;
        this.writer.closed.reject?.(this.storedError);
        ignoreRejection(this.writer.closed.promise);
    }
    finishWrite() {
        this.write.resolve();
        this.write = undefined;
    }
    failWrite(error) {
        this.write.reject(error);
        this.write = undefined;
        this.dealWithRejection(error);
    }
    finishClose() {
        this.closing.resolve();
        this.closing = undefined;
        if (this.state === 'erroring') {
            this.storedError = undefined;
            this.abort?.resolve();
            this.abort = undefined;
        }
        this.state = 'closed';
        this.writer?.closed.resolve?.();
        this.over?.resolve?.();
    }
    failClose(error) {
        this.closing.reject(error);
        this.closing = undefined;
        this.abort?.reject(error);
        this.abort = undefined;
        this.dealWithRejection(error);
    }
    setBackpressure(on) {
        const { writer } = this;
        if (writer !== undefined && on !== this.hasBackpressure) {
            if (on) writer.ready = deferred();
            else writer.ready.resolve?.();
        }
        this.hasBackpressure = on;
    }
}

class WritableStream {
    #state = new State(this);

    static {
        isStream = (value) => value !== null && typeof value === 'object' && #state in value;
        stateOf = (stream) => stream.#state;
    }

    constructor(sink = { __proto__: null }, strategy = { __proto__: null }) {
        if (sink === kCreate) return;
        sink = dictionary(sink, 'sink');
        strategy = dictionary(strategy, 'strategy');
        const { type } = sink;
        if (type !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('type', type);
        const size = sizeOf(strategy);
        setUp(this.#state, sink, highWaterMarkOf(strategy, 1), size);
    }

    get locked() {
        check(isStream(this), 'WritableStream');
        return this.#state.writer !== undefined;
    }
    abort(reason = undefined) {
        if (!isStream(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStream'));
        if (this.locked) return PromiseReject(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
        return abort(this.#state, reason);
    }
    close() {
        if (!isStream(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStream'));
        if (this.locked) return PromiseReject(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
        if (this.#state.isClosing()) {
            return PromiseReject(new ERR_INVALID_STATE.TypeError('Failure closing WritableStream'));
        }
        return close(this.#state);
    }
    getWriter() {
        check(isStream(this), 'WritableStream');
        return new WritableStreamDefaultWriter(this);
    }

    get [kIsErrored]() { return this.#state.state === 'errored'; }
    get [kIsWritable]() { return this.#state.state === 'writable'; }
    get [kIsClosedPromise]() {
        const state = this.#state;
        state.over ??= overFor(state.state, state.storedError);
        ignoreRejection(state.over.promise);
        return state.over;
    }
    [kControllerErrorFunction](error) { this.#state.controller.error(error); }
}
expose(WritableStream, ['abort', 'close', 'getWriter', 'locked'], (self) => ({
    locked: self.locked, state: stateOf(self).state,
}));

function abort(state, reason) {
    if (state.state === 'closed' || state.state === 'errored') return PromiseResolve();
    state.controller.abortController?.abort(reason);
    state.controller.abortReason = { reason };
    // A listener may have changed it.
    if (state.state === 'closed' || state.state === 'errored') return PromiseResolve();
    if (state.abort !== undefined) return state.abort.promise;
    const wasErroring = state.state === 'erroring';
    state.abort = deferred();
    state.abort.reason = wasErroring ? undefined : reason;
    state.abort.wasErroring = wasErroring;
    const { promise } = state.abort;
    if (!wasErroring) state.startErroring(reason);
    return promise;
}

function close(state) {
    if (state.state === 'closed' || state.state === 'errored') {
        return PromiseReject(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
    }
    state.close = deferred();
    const { promise } = state.close;
    if (state.writer !== undefined && state.hasBackpressure && state.state === 'writable') state.writer.ready.resolve?.();
    state.controller.queue.push(kClose, 0);
    state.controller.advance();
    return promise;
}

// --- Writers -----------------------------------------------------------------------------------------------------------

function rejectReady(writer, error) {
    if (writer.ready.reject === undefined || writer.isReady) writer.ready = rejected(error);
    else writer.ready.reject(error);
    ignoreRejection(writer.ready.promise);
}
function rejectClosed(writer, error) {
    if (writer.stream.state === 'closed' || writer.stream.state === 'errored') writer.closed = rejected(error);
    else writer.closed.reject(error);
    ignoreRejection(writer.closed.promise);
}
const detached = () => new ERR_INVALID_STATE.TypeError('Writer is not bound to a WritableStream');

/** What a writer keeps. */
function lock(state) {
    if (state.writer !== undefined) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
    const writer = state.writer = { __proto__: null, stream: state, ready: undefined, closed: undefined };
    const { state: now, storedError } = state;
    if (now === 'writable') {
        writer.ready = !state.isClosing() && state.hasBackpressure ? deferred() : resolved();
        writer.closed = deferred();
    } else {
        writer.ready = now === 'closed' ? resolved() : rejected(storedError);
        writer.closed = now === 'erroring' ? deferred() : now === 'closed' ? resolved() : rejected(storedError);
    }
    ignoreRejection(writer.ready.promise);
    ignoreRejection(writer.closed.promise);
    return writer;
}
function unlock(writer) {
    const { stream } = writer;
    if (stream === undefined) return;
    const error = new ERR_INVALID_STATE.TypeError('Writer has been released');
    writer.ready = rejected(error);
    rejectClosed(writer, error);
    stream.writer = undefined;
    writer.stream = undefined;
}
function write(writer, chunk) {
    const { stream } = writer;
    const size = stream.controller.sizeOf(chunk);
    // The strategy may have changed it.
    if (writer.stream !== stream) return PromiseReject(new ERR_INVALID_STATE.TypeError('Mismatched WritableStreams'));
    if (stream.state === 'errored') return PromiseReject(stream.storedError);
    if (stream.isClosing() || stream.state === 'closed') {
        return PromiseReject(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
    }
    if (stream.state === 'erroring') return PromiseReject(stream.storedError);
    const request = deferred();
    stream.writes[stream.writes.length] = request;
    stream.controller.write(chunk, size);
    return request.promise;
}
/** Closes; a stream that is closed or about to is fine. */
function closeGently(writer) {
    const { stream } = writer;
    if (stream.isClosing() || stream.state === 'closed') return PromiseResolve();
    if (stream.state === 'errored') return PromiseReject(stream.storedError);
    return close(stream);
}

class WritableStreamDefaultWriter {
    #writer;
    static {
        isWriter = (value) => value !== null && typeof value === 'object' && #writer in value;
    }
    constructor(stream) {
        if (!isStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
        this.#writer = lock(stateOf(stream));
    }
    /** The lock; rejects calls on others and on one that was released. */
    #check(whenBound) {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        if (this.#writer.stream === undefined) return PromiseReject(detached());
        return whenBound(this.#writer);
    }
    get closed() {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        return this.#writer.closed.promise;
    }
    get ready() {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        return this.#writer.ready.promise;
    }
    get desiredSize() {
        check(isWriter(this), 'WritableStreamDefaultWriter');
        const { stream } = this.#writer;
        if (stream === undefined) throw detached();
        if (stream.state === 'errored' || stream.state === 'erroring') return null;
        return stream.state === 'closed' ? 0 : stream.controller.desiredSize();
    }
    abort(reason = undefined) {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        return this.#check(({ stream }) => abort(stream, reason));
    }
    close() {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        return this.#check(({ stream }) => (stream.isClosing() ?
            PromiseReject(new ERR_INVALID_STATE.TypeError('Failure to close WritableStream')) : close(stream)));
    }
    releaseLock() {
        check(isWriter(this), 'WritableStreamDefaultWriter');
        unlock(this.#writer);
    }
    write(chunk = undefined) {
        if (!isWriter(this)) return PromiseReject(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
        return this.#check((writer) => write(writer, chunk));
    }
}
expose(WritableStreamDefaultWriter, ['abort', 'close', 'closed', 'desiredSize', 'ready', 'releaseLock', 'write'], (self) => ({
    close: self.closed, ready: self.ready,
}));

// --- The controller ----------------------------------------------------------------------------------------------------

let controllerOf;
class WritableStreamDefaultController {
    #controller;
    static {
        controllerOf = (value) => {
            check(value !== null && typeof value === 'object' && #controller in value, 'WritableStreamDefaultController');
            return value.#controller;
        };
    }
    constructor(token, controller) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#controller = controller;
    }
    get signal() { return controllerOf(this).signal(); }
    error(error = undefined) { controllerOf(this).error(error); }
}
expose(WritableStreamDefaultController, ['error', 'signal'], () => ({}));

/** Its internals. */
class Controller {
    queue = new Queue();
    isStarted = false;
    /** Of the program's `signal`, made when it is asked for; and what it is aborted with. */
    abortController = undefined;
    abortReason = undefined;
    constructor(state, { write, close: onClose, abort: onAbort, size, highWaterMark }) {
        this.state = state;
        this.onWrite = write;
        this.onClose = onClose;
        this.onAbort = onAbort;
        this.size = size;
        this.highWaterMark = highWaterMark;
        state.controller = this;
        state.setBackpressure(this.isFull());
    }
    start(result) {
        PromisePrototypeThen(PromiseResolve(result), () => {
            this.isStarted = true;
            this.advance();
        }, (error) => {
            this.isStarted = true;
            this.state.dealWithRejection(error);
        });
    }
    signal() {
        if (this.abortController === undefined) {
            const { AbortController } = require('internal/abort');
            this.abortController = new AbortController();
            if (this.abortReason !== undefined) this.abortController.abort(this.abortReason.reason);
        }
        return this.abortController.signal;
    }
    desiredSize() { return this.highWaterMark - this.queue.size; }
    isFull() { return this.desiredSize() <= 0; }
    sizeOf(chunk) {
        if (this.size === undefined) return 1;
        try {
            return this.size(chunk);
        } catch (error) {
            this.errorIfNeeded(error);
            return 1;
        }
    }
    error(error) {
        if (this.state.state === 'writable') this.fail(error);
    }
    errorIfNeeded(error) {
        if (this.state.state === 'writable') this.fail(error);
    }
    fail(error) {
        this.clear();
        this.state.startErroring(error);
    }
    clear() { this.onWrite = this.onClose = this.onAbort = this.size = undefined; }
    abortSteps(reason) {
        const result = this.onAbort === undefined ? PromiseResolve() : this.onAbort(reason);
        this.clear();
        return result;
    }
    write(chunk, size) {
        try {
            this.queue.push(chunk, size);
        } catch (error) {
            this.errorIfNeeded(error);
            return;
        }
        if (!this.state.isClosing() && this.state.state === 'writable') this.state.setBackpressure(this.isFull());
        this.advance();
    }
    /** Begins the next write or the end, if nothing is under way. */
    advance() {
        const { queue, state } = this;
        if (!this.isStarted || state.write !== undefined) return;
        if (state.state === 'erroring') {
            state.finishErroring();
            return;
        }
        if (queue.length === 0 || state.closing !== undefined) return;
        const chunk = queue.peek();
        if (chunk === kClose) this.processClose();
        else this.processWrite(chunk);
    }
    processClose() {
        const { state } = this;
        state.closing = state.close;
        state.close = undefined;
        this.queue.shift();
        const done = this.onClose();
        this.clear();
        PromisePrototypeThen(done, () => state.finishClose(), (error) => state.failClose(error));
    }
    processWrite(chunk) {
        const { state } = this;
        state.write = ArrayPrototypeShift(state.writes);
        PromisePrototypeThen(this.onWrite(chunk, this.exposed), () => {
            state.finishWrite();
            this.queue.shift();
            if (!state.isClosing() && state.state === 'writable') state.setBackpressure(this.isFull());
            this.advance();
        }, (error) => {
            if (state.state === 'writable') this.clear();
            state.failWrite(error);
        });
    }
}

function setUp(state, sink, highWaterMark, size) {
    const { abort: onAbort, close: onClose, start, write: onWrite } = sink;
    const controller = new Controller(state, {
        write: promised(sink, onWrite, 'sink.write'), close: promised(sink, onClose, 'sink.close'),
        abort: promised(sink, onAbort, 'sink.abort'), size, highWaterMark,
    });
    controller.exposed = new WritableStreamDefaultController(kCreate, controller);
    if (start !== undefined) validateFunction(start, 'sink.start');
    controller.start(start === undefined ? undefined : ReflectApply(start, sink, [controller.exposed]));
}

/** A stream of a built-in, whose functions give promises; gives its stream and the controller's internals. */
function makeWritable({ start, write: onWrite, close: onClose = () => PromiseResolve(), abort: onAbort = () => PromiseResolve(),
    highWaterMark = 1, size = () => 1 }) {
    const stream = new WritableStream(kCreate);
    const controller = new Controller(stateOf(stream), { write: onWrite, close: onClose, abort: onAbort, size, highWaterMark });
    controller.exposed = controller;
    controller.start(start);
    return { __proto__: null, stream, controller };
}

module.exports = {
    WritableStream,
    WritableStreamDefaultController,
    WritableStreamDefaultWriter,
    abortWritable: abort,
    closeGently,
    isWritableStream: isStream,
    lockWritable: lock,
    makeWritable,
    unlockWritable: unlock,
    writableStateOf: stateOf,
    write,
};
