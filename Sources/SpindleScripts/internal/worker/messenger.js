// Messages from thread to thread by number: `postMessageToThread`, and `workerMessage` of `process`.

const { Promise } = primordials;

const {
    codes: {
        ERR_WORKER_MESSAGING_ERRORED, ERR_WORKER_MESSAGING_FAILED, ERR_WORKER_MESSAGING_SAME_THREAD,
        ERR_WORKER_MESSAGING_TIMEOUT,
    },
} = require('internal/errors');
const { validateNumber } = require('internal/validators');
const { transfersOf } = require('internal/clone');
const { read, write } = require('internal/worker/messages');
const { clearTimeout, setTimeout } = require('internal/timers');
const host = binding('worker');

/** What became of a message at its destination. */
const DELIVERED = 0;
const UNHEARD = 1;
const FAILED = 2;

async function postMessageToThread(threadId, value, transferList, timeout) {
    if (typeof transferList === 'number' && timeout === undefined) {
        timeout = transferList;
        transferList = [];
    }
    if (timeout !== undefined) validateNumber(timeout, 'timeout', 0);
    if (threadId === host.threadId) throw new ERR_WORKER_MESSAGING_SAME_THREAD();
    const list = transfersOf(transferList);
    const outcome = await new Promise((resolve) => {
        const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout, 'late');
        const done = (result) => {
            clearTimeout(timer);
            resolve(result);
        };
        write(value, list, undefined, (length, text, attachments, buffer) => {
            host.postToThread(threadId, done, length, text, attachments, buffer);
        });
    });
    if (outcome === 'late') throw new ERR_WORKER_MESSAGING_TIMEOUT();
    if (outcome === FAILED) throw new ERR_WORKER_MESSAGING_ERRORED();
    // There is no such thread, it has ended, or nobody there listens.
    if (outcome !== DELIVERED) throw new ERR_WORKER_MESSAGING_FAILED();
}

/** Another thread has sent a message. */
function receive(source, message) {
    const process = require('process');
    if (process.listenerCount('workerMessage') === 0) return UNHEARD;
    try {
        process.emit('workerMessage', read(message), source);
        return DELIVERED;
    } catch {
        return FAILED;
    }
}

/** Has this thread receive what others send it; from the first listener on. */
function listen() { binding('process').setHooks({ __proto__: null, threadMessage: receive }); }

module.exports = { listen, postMessageToThread };
