// `readable.tee()`: two streams of the same chunks; of bytes each gets copies.

const { PromisePrototypeThen, PromiseResolve, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const { deferred } = require('internal/webstreams/common');
const {
    ReadableStream, cancelReadable, lock, makeReadable, read, stateOf,
} = require('internal/webstreams/readable');

const copyOf = (view) => TypedArrayPrototypeSlice(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

module.exports = function tee(stream) {
    const source = stateOf(stream);
    const isForBytes = !!source.controller.isForBytes;
    const reader = lock(source, true);
    const canceled = deferred();
    const branches = [];
    const reasons = [];
    let isReading = false;
    let readsAgain = false;

    const each = (action) => {
        for (let i = 0; i < 2; i++) if (!branches[i].isCanceled) action(branches[i], i);
    };
    function pull() {
        if (isReading) {
            readsAgain = true;
            return PromiseResolve();
        }
        isReading = true;
        read(reader, {
            __proto__: null,
            chunk(value) {
                // In a microtask, so that an error of the source that comes with the chunk is known.
                PromisePrototypeThen(PromiseResolve(), () => {
                    readsAgain = false;
                    // First, as the memory of bytes goes with them.
                    const other = isForBytes ? copyOf(value) : value;
                    each((branch, i) => branch.controller.enqueue(i === 0 ? value : other));
                    isReading = false;
                    if (readsAgain) pull();
                });
            },
            close() {
                isReading = false;
                each((branch) => {
                    branch.controller.close();
                    branch.controller.byobRequest?.respond(0);
                });
                if (!branches[0].isCanceled || !branches[1].isCanceled) canceled.resolve();
            },
            error() { isReading = false; },
        });
        return PromiseResolve();
    }
    function cancel(i, reason) {
        branches[i].isCanceled = true;
        reasons[i] = reason;
        if (branches[1 - i].isCanceled) canceled.resolve(cancelReadable(source, reasons));
        return canceled.promise;
    }
    for (let i = 0; i < 2; i++) {
        const branch = branches[i] = { __proto__: null, stream: undefined, controller: undefined, isCanceled: false };
        const own = { pull, cancel: (reason) => cancel(i, reason) };
        if (isForBytes) {
            branch.stream = new ReadableStream({
                __proto__: null, type: 'bytes', ...own, start(controller) { branch.controller = controller; },
            });
        } else ({ stream: branch.stream, controller: branch.controller } = makeReadable(own));
    }
    PromisePrototypeThen(reader.closed.promise, undefined, (error) => {
        branches[0].controller.error(error);
        branches[1].controller.error(error);
        if (!branches[0].isCanceled || !branches[1].isCanceled) canceled.resolve();
    });
    return [branches[0].stream, branches[1].stream];
};
