// TransformStream.

const { PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, Symbol } = primordials;
const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { check, deferred, dictionary, expose, highWaterMarkOf, promised, sizeOf } = require('internal/webstreams/common');
const { makeReadable, stateOf } = require('internal/webstreams/readable');
const { makeWritable, writableStateOf } = require('internal/webstreams/writable');

const kCreate = Symbol('create');
let transformOf;

class TransformStream {
    #transform;
    static {
        transformOf = (value) => {
            check(value !== null && typeof value === 'object' && #transform in value, 'TransformStream');
            return value.#transform;
        };
    }
    constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
        transformer = dictionary(transformer, 'transformer');
        writableStrategy = dictionary(writableStrategy, 'writableStrategy');
        readableStrategy = dictionary(readableStrategy, 'readableStrategy');
        const { readableType, writableType } = transformer;
        if (readableType !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.readableType', readableType);
        if (writableType !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.writableType', writableType);
        this.#transform = new Transform({
            writable: { highWaterMark: highWaterMarkOf(writableStrategy, 1), size: sizeOf(writableStrategy) },
            readable: { highWaterMark: highWaterMarkOf(readableStrategy, 0), size: sizeOf(readableStrategy) },
        }, transformer);
    }
    get readable() { return transformOf(this).readable; }
    get writable() { return transformOf(this).writable; }
}
expose(TransformStream, ['readable', 'writable'], (self) => ({
    readable: self.readable, writable: self.writable, backpressure: transformOf(self).hasBackpressure,
}));

let controllerOf;
class TransformStreamDefaultController {
    #transform;
    static {
        controllerOf = (value) => {
            check(value !== null && typeof value === 'object' && #transform in value, 'TransformStreamDefaultController');
            return value.#transform;
        };
    }
    constructor(token, transform) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        this.#transform = transform;
    }
    get desiredSize() { return controllerOf(this).source.desiredSize(); }
    enqueue(chunk = undefined) { controllerOf(this).enqueue(chunk); }
    error(reason = undefined) { controllerOf(this).error(reason); }
    terminate() { controllerOf(this).terminate(); }
}
expose(TransformStreamDefaultController, ['desiredSize', 'enqueue', 'error', 'terminate'], () => ({}));

class Transform {
    hasBackpressure = undefined;
    change = undefined;
    /** Of a cancel or an abort, whichever comes first; the other one waits for it. */
    finishing = undefined;

    constructor(strategies, transformer) {
        const { cancel, flush, start, transform } = transformer;
        this.exposed = new TransformStreamDefaultController(kCreate, this);
        this.onTransform = promised(transformer, transform, 'transformer.transform', (chunk) => {
            try {
                this.enqueue(chunk);
                return PromiseResolve();
            } catch (error) {
                return PromiseReject(error);
            }
        });
        this.onFlush = promised(transformer, flush, 'transformer.flush');
        this.onCancel = promised(transformer, cancel, 'transformer.cancel');
        const started = deferred();
        const { stream: writable, controller: sink } = makeWritable({
            ...strategies.writable,
            start: started.promise,
            write: (chunk) => this.write(chunk),
            abort: (reason) => this.abort(reason),
            close: () => this.close(),
        });
        this.writable = writable;
        this.sink = sink;
        const { stream: readable, controller: source } = makeReadable({
            ...strategies.readable,
            start: started.promise,
            pull: () => {
                this.setBackpressure(false);
                return this.change.promise;
            },
            cancel: (reason) => this.cancel(reason),
        });
        this.readable = readable;
        this.source = source;
        this.setBackpressure(true);
        if (start !== undefined) validateFunction(start, 'transformer.start');
        started.resolve(start === undefined ? undefined : ReflectApply(start, transformer, [this.exposed]));
    }

    setBackpressure(on) {
        this.change?.resolve();
        this.change = deferred();
        this.hasBackpressure = on;
    }
    enqueue(chunk) {
        if (!this.source.canEnqueue()) throw new ERR_INVALID_STATE.TypeError('Unable to enqueue');
        try {
            this.source.enqueue(chunk);
        } catch (error) {
            this.errorWritable(error);
            throw stateOf(this.readable).storedError;
        }
        if (!this.source.shouldPull() !== this.hasBackpressure) this.setBackpressure(true);
    }
    terminate() {
        this.source.close();
        this.errorWritable(new ERR_INVALID_STATE.TypeError('TransformStream has been terminated'));
    }
    error(error) {
        this.source.error(error);
        this.errorWritable(error);
    }
    errorWritable(error) {
        this.clear();
        this.sink.errorIfNeeded(error);
        if (this.hasBackpressure) this.setBackpressure(false);
    }
    /** Lets go of what the program gave. */
    clear() { this.onTransform = this.onFlush = this.onCancel = () => PromiseResolve(); }

    write(chunk) {
        if (!this.hasBackpressure) return this.transform(chunk);
        return PromisePrototypeThen(this.change.promise, () => {
            const state = writableStateOf(this.writable);
            if (state.state === 'erroring') throw state.storedError;
            return this.transform(chunk);
        });
    }
    transform(chunk) {
        return PromisePrototypeThen(this.onTransform(chunk, this.exposed), undefined, (error) => {
            this.error(error);
            throw error;
        });
    }
    abort(reason) {
        if (this.finishing !== undefined) return this.finishing.promise;
        const finishing = this.finishing = deferred();
        const result = this.onCancel(reason);
        this.clear();
        const readable = stateOf(this.readable);
        PromisePrototypeThen(result, () => {
            if (readable.state === 'errored') finishing.reject(readable.storedError);
            else {
                this.source.error(reason);
                finishing.resolve();
            }
        }, (error) => {
            this.source.error(error);
            finishing.reject(error);
        });
        return finishing.promise;
    }
    cancel(reason) {
        if (this.finishing !== undefined) return this.finishing.promise;
        const finishing = this.finishing = deferred();
        const result = this.onCancel(reason);
        this.clear();
        const writable = writableStateOf(this.writable);
        PromisePrototypeThen(result, () => {
            if (writable.state === 'errored') finishing.reject(writable.storedError);
            else {
                this.errorWritable(reason);
                finishing.resolve();
            }
        }, (error) => {
            this.errorWritable(error);
            finishing.reject(error);
        });
        return finishing.promise;
    }
    close() {
        if (this.finishing !== undefined) return this.finishing.promise;
        const finishing = this.finishing = deferred();
        const result = this.onFlush(this.exposed);
        this.clear();
        const readable = stateOf(this.readable);
        PromisePrototypeThen(result, () => {
            if (readable.state === 'errored') finishing.reject(readable.storedError);
            else {
                this.source.close();
                finishing.resolve();
            }
        }, (error) => {
            this.source.error(error);
            finishing.reject(error);
        });
        return finishing.promise;
    }
}

module.exports = { TransformStream, TransformStreamDefaultController };
