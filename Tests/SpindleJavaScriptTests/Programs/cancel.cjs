// Jobs in workers; one is cancelled, and ends itself with the exit code of an interruption.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

function main() {
    const jobs = new Map();
    const start = (name, steps) => new Promise((resolve) => {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const worker = new Worker(__filename, { name, workerData: { flag, name, steps } });
        const job = { cancel: () => worker.postMessage({ type: 'cancel' }), progress: 0 };
        jobs.set(name, job);
        worker.on('message', (message) => {
            if (message.type === 'cleanup') console.log(`${name}: ${message.text}`);
            else if (message.type === 'done') job.result = message.result;
            else job.onProgress?.(job.progress = message.done);
        });
        worker.on('error', (error) => { job.error = error; });
        worker.on('exit', (code) => {
            const state = code === 130 ? 'cancelled' : job.error ? 'failed' : 'finished';
            resolve({ name, state, code, result: job.result, error: job.error?.message });
        });
    });
    const reports = Promise.all([start('short', 3), start('endless', Infinity), start('broken', -1)]);
    jobs.get('endless').onProgress = (done) => { if (done === 5) jobs.get('endless').cancel(); };
    reports.then((list) => {
        for (const report of list) console.log(report);
        process.exitCode = list.some(({ state }) => state === 'cancelled') ? 2 : 0;
    });
}

function work() {
    const { name, steps } = workerData;
    if (steps < 0) throw new Error(`${name} has no steps`);
    process.on('exit', (code) => parentPort.postMessage({ type: 'cleanup', text: `leaving with ${code}` }));
    parentPort.on('message', ({ type }) => { if (type === 'cancel') process.exit(130); });
    let done = 0;
    const step = () => {
        if (done === steps) {
            parentPort.postMessage({ type: 'done', result: done * 10 });
            parentPort.close();
            return;
        }
        parentPort.postMessage({ type: 'progress', done: ++done });
        setTimeout(step, 1);
    };
    step();
}

if (isMainThread) main();
else work();
