// Tasks for the tests of pools.
import { parentPort, threadId, workerData } from 'node:worker_threads';

export default (value) => value;
export const add = ({ a, b }) => a + b;
export const data = () => workerData;
export const where = () => threadId;
export const sizeOf = (buffer) => buffer.byteLength;
export const pid = () => process.pid;
export const crash = () => process.kill(process.pid, 'SIGKILL');
export const spin = () => { for (;;); };
export const exit = (code) => process.exit(code);
export const tell = (value) => parentPort.postMessage(value);
export const moved = async (length) => {
    const { move } = await import('spindle');
    return move(new Uint8Array(length));
};

class OrderError extends Error {
    constructor(message) {
        super(message);
        this.name = 'OrderError';
        this.code = 'ERR_ORDER';
    }
}
export const fail = (message) => { throw new OrderError(message); };
export const failWith = (value) => { throw value; };
export const later = async (value) => {
    await null;
    return value;
};
export const functionBack = () => () => {};

/** Waits until a word of shared memory is no longer 0. */
export const waitFor = (words) => {
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
    Atomics.wait(words, 0, 0);
    return threadId;
};
/** The same, without holding up the worker's loop. */
export const waitLater = async (words, { signal }) => {
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
    const aborted = new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
            Atomics.add(words, 2, 1);
            Atomics.notify(words, 2);
            reject(signal.reason);
        });
    });
    await Promise.race([Atomics.waitAsync(words, 0, 0).value, aborted]);
    return threadId;
};
/** The same, deaf to its signal. */
export const waitDeaf = async (words) => {
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
    await Atomics.waitAsync(words, 0, 0).value;
    return threadId;
};
export const record = ({ words, value }) => {
    const at = Atomics.add(words, 1, 1);
    words[2 + at] = value;
};
export const count = (n, { progress }) => {
    for (let i = 1; i <= n; i++) progress(i);
    return n;
};
