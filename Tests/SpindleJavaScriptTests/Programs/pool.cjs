// A pool by hand: a queue, a worker per place, and a new one for each that dies.
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

if (!isMainThread) {
    parentPort.on('message', ({ kind, n }) => {
        switch (kind) {
        case 'fib': {
            let [a, b] = [0n, 1n];
            for (let i = 0; i < n; i++) [a, b] = [b, a + b];
            return parentPort.postMessage({ result: a });
        }
        case 'throw': throw new RangeError(`cannot do ${n}`);
        case 'exit': return process.exit(n);
        default: return parentPort.postMessage({ error: `what is ${kind}?` });
        }
    });
    return;
}

class Pool {
    #idle = [];
    #queue = [];
    #workers = new Set();
    replaced = 0;

    constructor(size) { for (let i = 0; i < size; i++) this.#add(); }

    #add() {
        const worker = new Worker(__filename);
        this.#workers.add(worker);
        const settle = (how, value) => {
            const { job } = worker;
            worker.job = undefined;
            job?.[how](value);
        };
        worker.on('message', ({ error, result }) => {
            if (error === undefined) settle('resolve', result);
            else settle('reject', new Error(error));
            this.#idle.push(worker);
            this.#next();
        });
        worker.on('error', (error) => settle('reject', error));
        worker.on('exit', (code) => {
            this.#workers.delete(worker);
            settle('reject', new Error(`worker ended with code ${code}`));
            if (this.isClosing) return;
            this.replaced++;
            this.#add();
        });
        this.#idle.push(worker);
        this.#next();
    }

    #next() {
        if (this.#queue.length === 0 || this.#idle.length === 0) return;
        const worker = this.#idle.pop();
        worker.job = this.#queue.shift();
        worker.postMessage(worker.job.task);
    }

    run(task) {
        return new Promise((resolve, reject) => {
            this.#queue.push({ task, resolve, reject });
            this.#next();
        });
    }

    async close() {
        this.isClosing = true;
        return (await Promise.all([...this.#workers].map((worker) => worker.terminate()))).length;
    }
}

async function main() {
    const pool = new Pool(3);
    const tasks = [];
    for (let n = 0; n < 60; n++) {
        const kind = n % 10 === 3 ? 'throw' : n % 10 === 7 ? 'exit' : n === 40 ? 'dance' : 'fib';
        tasks.push(pool.run({ kind, n }));
    }
    const results = await Promise.allSettled(tasks);
    for (const [n, { reason, status, value }] of results.entries()) {
        console.log(n, status, value ?? `${reason.name}: ${reason.message}`);
    }
    console.log('again', await pool.run({ kind: 'fib', n: 200 }));
    console.log('replaced', pool.replaced, 'left', await pool.close());
}
main();
