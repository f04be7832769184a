// `readable.pipe` and `unpipe`: data goes on as it comes, and the source pauses while a destination is full.

const { ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypePush, ArrayPrototypeSplice, SafeSet } = primordials;
const { nextTick } = require('internal/task_queues');
const { prependListener } = require('internal/streams/legacy');
const { errorOrDestroy } = require('internal/streams/destroy');

/** The process's own streams are written to by others too, so they are not ended. */
function isStandardOutput(destination) {
    if (!destination._isStdio) return false;
    const process = require('process');
    return destination === process.stdout || destination === process.stderr;
}

function pipe(source, destination, options) {
    const state = source._readableState;
    if (state.pipes.length === 1 && !state.multiAwaitDrain) {
        const full = state.awaitDrainWriters;
        state.multiAwaitDrain = true;
        state.awaitDrainWriters = new SafeSet();
        if (full !== null) state.awaitDrainWriters.add(full);
    }
    ArrayPrototypePush(state.pipes, destination);

    let isOver = false;
    let isWaiting = false;
    const unpipe = () => source.unpipe(destination);
    const end = () => destination.end();
    const onEnd = (!options || options.end !== false) && !isStandardOutput(destination) ? end : unpipe;

    const onData = (chunk) => {
        if (destination.write(chunk) === false) pause();
    };
    const onDrain = () => {
        if (state.awaitDrainWriters === destination) state.awaitDrainWriters = null;
        else if (state.multiAwaitDrain) state.awaitDrainWriters.delete(destination);
        if ((state.awaitDrainWriters === null || state.awaitDrainWriters.size === 0) && source.listenerCount('data') > 0) {
            source.resume();
        }
    };
    function pause() {
        // The program may have unpiped in the very write.
        if (!isOver) {
            if (state.pipes.length === 1 && state.pipes[0] === destination) {
                state.awaitDrainWriters = destination;
                state.multiAwaitDrain = false;
            } else if (state.pipes.length > 1 && ArrayPrototypeIncludes(state.pipes, destination)) {
                state.awaitDrainWriters.add(destination);
            }
            source.pause();
        }
        if (!isWaiting) {
            isWaiting = true;
            destination.on('drain', onDrain);
        }
    }
    const onUnpipe = (readable, info) => {
        if (readable !== source || info?.hasUnpiped !== false) return;
        info.hasUnpiped = true;
        cleanUp();
    };
    const onError = (error) => {
        unpipe();
        destination.removeListener('error', onError);
        if (destination.listenerCount('error') > 0) return;
        const own = destination._writableState || destination._readableState;
        // An error that the program emitted itself still ends the stream.
        if (own && !own.errorEmitted) errorOrDestroy(destination, error);
        else destination.emit('error', error);
    };
    const onClose = () => {
        destination.removeListener('finish', onFinish);
        unpipe();
    };
    const onFinish = () => {
        destination.removeListener('close', onClose);
        unpipe();
    };
    function cleanUp() {
        destination.removeListener('close', onClose);
        destination.removeListener('finish', onFinish);
        if (isWaiting) destination.removeListener('drain', onDrain);
        destination.removeListener('error', onError);
        destination.removeListener('unpipe', onUnpipe);
        source.removeListener('end', onEnd);
        source.removeListener('data', onData);
        isOver = true;
        // Nobody else will tell the source to go on.
        if (isWaiting && state.awaitDrainWriters !== null &&
            (!destination._writableState || destination._writableState.needDrain)) onDrain();
    }

    if (state.endEmitted) nextTick(onEnd);
    else source.once('end', onEnd);
    destination.on('unpipe', onUnpipe);
    source.on('data', onData);
    // Before the program's own listeners.
    prependListener(destination, 'error', onError);
    destination.once('close', onClose);
    destination.once('finish', onFinish);
    destination.emit('pipe', source);
    if (destination.writableNeedDrain === true) pause();
    else if (state.flowing !== true) source.resume();
    return destination;
}

function unpipe(source, destination) {
    const state = source._readableState;
    if (state.pipes.length === 0) return source;
    if (!destination) {
        const all = state.pipes;
        state.pipes = [];
        source.pause();
        for (let i = 0; i < all.length; i++) all[i].emit('unpipe', source, { hasUnpiped: false });
        return source;
    }
    const at = ArrayPrototypeIndexOf(state.pipes, destination);
    if (at === -1) return source;
    ArrayPrototypeSplice(state.pipes, at, 1);
    if (state.pipes.length === 0) source.pause();
    destination.emit('unpipe', source, { hasUnpiped: false });
    return source;
}

module.exports = { pipe, unpipe };
