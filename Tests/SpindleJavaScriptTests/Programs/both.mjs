// One file is the main thread's program and the worker's.
import { Worker, isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { basename } from 'node:path';

function isPrime(n) {
    if (n < 2) return false;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
    return true;
}

if (isMainThread) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { from: 90, to: 130 }, argv: ['--fast'] });
    worker.on('online', () => console.log('online', worker.threadId > 0));
    worker.on('message', (message) => {
        console.log('message', message);
        if (message.primes) worker.postMessage('thanks');
    });
    worker.on('error', (error) => console.log('error', error));
    worker.on('exit', (code) => console.log('exit', code, worker.threadId));
    console.log('main', threadId, workerData, basename(fileURLToPath(import.meta.url)));
} else {
    const { from, to } = workerData;
    const primes = [];
    for (let n = from; n < to; n++) if (isPrime(n)) primes.push(n);
    parentPort.postMessage({ isMainThread, argv: process.argv.slice(2), file: basename(process.argv[1]) });
    parentPort.postMessage({ primes, set: new Set(primes), largest: new Map([['of all', BigInt(primes.at(-1))]]) });
    parentPort.once('message', (answer) => {
        parentPort.postMessage({ answer });
        process.exitCode = 3;
    });
}
