// `addAbortSignal`: an abort ends the stream.

const { SymbolDispose } = primordials;
const { AbortError, codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { isNodeStream, isWebStream, kControllerErrorFunction } = require('internal/streams/predicates');

/** Calls `listener` on abort until the result is disposed of; in the next tick if the signal is aborted already. */
function onAbort(signal, listener) {
    return require('events').addAbortListener(signal, listener);
}
const abortErrorOf = (signal) => new AbortError(undefined, { cause: signal.reason });

function addAbortSignal(signal, stream) {
    if (typeof signal !== 'object' || signal === null || !('aborted' in signal)) {
        throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
    }
    if (!isNodeStream(stream) && !isWebStream(stream)) {
        throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    const abort = isNodeStream(stream) ? () => { stream.destroy(abortErrorOf(signal)); } :
        () => { stream[kControllerErrorFunction](abortErrorOf(signal)); };
    if (signal.aborted) {
        abort();
        return stream;
    }
    const listening = onAbort(signal, abort);
    require('internal/streams/finished').finished(stream, () => { listening[SymbolDispose](); });
    return stream;
}

module.exports = { abortErrorOf, addAbortSignal, onAbort };
