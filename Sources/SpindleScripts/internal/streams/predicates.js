// What an object is as a stream and how far it has come. Streams of other libraries, which only look like ours, are
// judged by the same members.

const { SymbolAsyncIterator, SymbolFor, SymbolIterator } = primordials;

// Known to other implementations of streams by these names.
const kIsDestroyed = SymbolFor('nodejs.stream.destroyed');
const kIsDisturbed = SymbolFor('nodejs.stream.disturbed');
const kIsErrored = SymbolFor('nodejs.stream.errored');
const kIsReadable = SymbolFor('nodejs.stream.readable');
const kIsWritable = SymbolFor('nodejs.stream.writable');
/** Of web streams: `{ promise }` of when they have closed, and a function that puts them in error. */
const kIsClosedPromise = SymbolFor('nodejs.webstream.isClosedPromise');
const kControllerErrorFunction = SymbolFor('nodejs.webstream.controllerErrorFunction');

// --- Kinds -------------------------------------------------------------------------------------------------------------

const has = (object, method) => typeof object[method] === 'function';

function isNodeStream(value) {
    if (!value) return false;
    return !!(value._readableState || value._writableState || (has(value, 'on') && (has(value, 'write') || has(value, 'pipe'))));
}

/** `strict` excludes what can only be piped, not paused. */
function isReadableNodeStream(value, strict = false) {
    if (!value || !has(value, 'pipe') || !has(value, 'on')) return false;
    if (strict && !(has(value, 'pause') && has(value, 'resume'))) return false;
    // Writable streams have a `pipe` too, which fails.
    return !value._writableState || (!!value._readableState && value._readableState.readable !== false);
}
function isWritableNodeStream(value) {
    return !!value && has(value, 'write') && has(value, 'on') &&
        (!value._readableState || value._writableState?.writable !== false);
}
function isDuplexNodeStream(value) {
    return !!value && has(value, 'pipe') && has(value, 'on') && has(value, 'write') && !!value._readableState;
}

function isReadableStream(value) {
    return !!value && !isNodeStream(value) && has(value, 'pipeThrough') && has(value, 'getReader') && has(value, 'cancel');
}
function isWritableStream(value) {
    return !!value && !isNodeStream(value) && has(value, 'getWriter') && has(value, 'abort');
}
function isTransformStream(value) {
    return !!value && !isNodeStream(value) && typeof value.readable === 'object' && typeof value.writable === 'object';
}
function isWebStream(value) { return isReadableStream(value) || isWritableStream(value) || isTransformStream(value); }

function isAsyncIterable(value) { return value != null && has(value, SymbolAsyncIterator); }
function isIterable(value) { return value != null && (has(value, SymbolAsyncIterator) || has(value, SymbolIterator)); }

// Requests and responses of HTTP, ours or of a library, which do not end as other streams do.
function isRequest(value) { return !!value?.setHeader && typeof value.abort === 'function'; }
function isOutgoingMessage(value) {
    return typeof value._closed === 'boolean' && typeof value._defaultKeepAlive === 'boolean' &&
        typeof value._removedConnection === 'boolean' && typeof value._removedContLen === 'boolean';
}
function isServerRequest(value) {
    return typeof value._consuming === 'boolean' && typeof value._dumped === 'boolean' &&
        value.req?.upgradeOrConnect === undefined;
}
function isServerResponse(value) { return typeof value._sent100 === 'boolean' && isOutgoingMessage(value); }

// --- How far: null where it cannot be said ---------------------------------------------------------------------------

function isDestroyed(stream) {
    if (!isNodeStream(stream)) return null;
    return !!(stream.destroyed || stream[kIsDestroyed] || (stream._writableState || stream._readableState)?.destroyed);
}

function isWritableEnded(stream) {
    if (!isWritableNodeStream(stream)) return null;
    if (stream.writableEnded === true) return true;
    const state = stream._writableState;
    if (state?.errored) return false;
    return typeof state?.ended === 'boolean' ? state.ended : null;
}
/** Whether it has emitted 'finish' or, unless `strict`, is about to. */
function isWritableFinished(stream, strict = true) {
    if (!isWritableNodeStream(stream)) return null;
    if (stream.writableFinished === true) return true;
    const state = stream._writableState;
    if (state?.errored) return false;
    if (typeof state?.finished !== 'boolean') return null;
    return state.finished || (!strict && state.ended === true && state.length === 0);
}
/** Whether it has emitted 'end' or, unless `strict`, is about to. */
function isReadableFinished(stream, strict = true) {
    if (!isReadableNodeStream(stream)) return null;
    const state = stream._readableState;
    if (state?.errored) return false;
    if (typeof state?.endEmitted !== 'boolean') return null;
    return state.endEmitted || (!strict && state.ended === true && state.length === 0);
}

function isReadable(stream) {
    if (stream && stream[kIsReadable] != null) return stream[kIsReadable];
    if (typeof stream?.readable !== 'boolean') return null;
    if (isDestroyed(stream)) return false;
    return isReadableNodeStream(stream) && stream.readable && !isReadableFinished(stream);
}
function isWritable(stream) {
    if (stream && stream[kIsWritable] != null) return stream[kIsWritable];
    if (typeof stream?.writable !== 'boolean') return null;
    if (isDestroyed(stream)) return false;
    return isWritableNodeStream(stream) && stream.writable && !isWritableEnded(stream);
}
function isFinished(stream) {
    if (!isNodeStream(stream)) return null;
    return isDestroyed(stream) || !(isReadable(stream) || isWritable(stream));
}

/** The error of either side, or null. */
function errorOf(stream) {
    if (!isNodeStream(stream)) return null;
    return stream.writableErrored || stream._writableState?.errored || stream.readableErrored ||
        stream._readableState?.errored || null;
}
function isErrored(stream) {
    return !!(stream && (stream[kIsErrored] ?? stream.readableErrored ?? stream.writableErrored ??
        stream._readableState?.errorEmitted ?? stream._writableState?.errorEmitted ??
        stream._readableState?.errored ?? stream._writableState?.errored));
}
function isDisturbed(stream) {
    return !!(stream && (stream[kIsDisturbed] ?? (stream.readableDidRead || stream.readableAborted)));
}

function isClosed(stream) {
    if (!isNodeStream(stream)) return null;
    if (typeof stream.closed === 'boolean') return stream.closed;
    const writable = stream._writableState?.closed;
    const readable = stream._readableState?.closed;
    if (typeof writable === 'boolean' || typeof readable === 'boolean') return writable || readable;
    return isOutgoingMessage(stream) ? stream._closed : null;
}
function willEmitClose(stream) {
    if (!isNodeStream(stream)) return null;
    const state = stream._writableState || stream._readableState;
    if (!state) return isServerResponse(stream);
    return !!(state.autoDestroy && state.emitClose && state.closed === false);
}

module.exports = {
    errorOf,
    isAsyncIterable,
    isClosed,
    isDestroyed,
    isDisturbed,
    isDuplexNodeStream,
    isErrored,
    isFinished,
    isIterable,
    isNodeStream,
    isReadable,
    isReadableFinished,
    isReadableNodeStream,
    isReadableStream,
    isRequest,
    isServerRequest,
    isTransformStream,
    isWebStream,
    isWritable,
    isWritableFinished,
    isWritableNodeStream,
    isWritableStream,
    kControllerErrorFunction,
    kIsClosedPromise,
    kIsDestroyed,
    kIsDisturbed,
    kIsErrored,
    kIsReadable,
    kIsWritable,
    willEmitClose,
};
