// The peer on Node.js: node peer.mjs METRIC...
// Prints one JSON line a figure. The metrics are defined in ../../README.md.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

// What a worker does, by name.
const programs = {
  hello: () => parentPort.postMessage(1),
  idle: () => {
    parentPort.on('message', () => {});
    parentPort.postMessage(1);
  },
  echo: () => parentPort.on('message', (value) => parentPort.postMessage(value)),
  handBack: () => parentPort.on('message', (buffer) => parentPort.postMessage(buffer, [buffer])),
  sink: ({ count }) => {
    let received = 0;
    parentPort.on('message', () => {
      received += 1;
      if (received === count) parentPort.postMessage(received);
    });
  },
  count: ({ memory, times }) => {
    const cells = new Int32Array(memory);
    for (let i = 0; i < times; i += 1) Atomics.add(cells, 0, 1);
  },
  spin: () => {
    parentPort.postMessage(1);
    for (;;);
  },
  burn: () => parentPort.on('message', (times) => parentPort.postMessage(sumOfSquareRoots(times))),
  add: () => parentPort.on('message', ({ a, b }) => parentPort.postMessage(a + b)),
};

function sumOfSquareRoots(times) {
  let sum = 0;
  for (let i = 0; i < times; i += 1) sum += Math.sqrt(i);
  return sum;
}

const spawn = (program, data = {}) => new Worker(new URL(import.meta.url), { workerData: { program, data } });

function next(worker, event) {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once(event, (value) => {
      worker.off('error', reject);
      resolve(value);
    });
  });
}

/** The samples' median and 99th percentile, in the unit they are in. */
function summary(samples) {
  const sorted = Float64Array.from(samples).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { value: at(0.5), p99: at(0.99), n: sorted.length };
}

function residentKiB() {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}

async function roundTrips(program, value, { warmUp, count, transfer = false }) {
  const worker = spawn(program);
  const milliseconds = [];
  for (let i = 0; i < warmUp + count; i += 1) {
    const begin = performance.now();
    const answer = next(worker, 'message');
    worker.postMessage(value, transfer ? [value] : []);
    value = await answer;
    if (i >= warmUp) milliseconds.push(performance.now() - begin);
  }
  await worker.terminate();
  return milliseconds;
}

const inMicroseconds = (milliseconds) => milliseconds.map((time) => time * 1000);

/** A pool as a program's author writes it: idle workers, and a queue for when there is none. */
class Pool {
  #idle = [];
  #queue = [];
  #workers = [];

  constructor(size) {
    for (let i = 0; i < size; i += 1) {
      const worker = spawn('add');
      worker.on('message', (value) => this.#finished(worker, value));
      this.#workers.push(worker);
      this.#idle.push(worker);
    }
  }

  run(input) {
    return new Promise((resolve) => {
      const task = { input, resolve };
      const worker = this.#idle.pop();
      if (worker) this.#give(worker, task);
      else this.#queue.push(task);
    });
  }

  #give(worker, task) {
    worker.task = task;
    worker.postMessage(task.input);
  }

  #finished(worker, value) {
    const { resolve } = worker.task;
    const task = this.#queue.shift();
    if (task) this.#give(worker, task);
    else this.#idle.push(worker);
    resolve(value);
  }

  close() {
    return Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

async function keepInFlight(pool, inFlight, count) {
  let started = 0;
  const client = async () => {
    while (started < count) {
      started += 1;
      const sum = await pool.run({ a: 4, b: 6 });
      if (sum !== 10) throw new Error(`4 + 6 came back as ${sum}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
}

const metrics = {
  async 'worker.start'() {
    const samples = [];
    for (let i = 0; i < 40; i += 1) {
      const begin = performance.now();
      const worker = spawn('hello');
      const exit = next(worker, 'exit');
      await next(worker, 'message');
      samples.push(performance.now() - begin);
      await exit;
    }
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'worker.memory'() {
    const count = 32;
    const before = residentKiB();
    const workers = [];
    for (let i = 0; i < count; i += 1) {
      const worker = spawn('idle');
      await next(worker, 'message');
      workers.push(worker);
    }
    const value = (residentKiB() - before) / count;
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { value, unit: 'KiB', n: count };
  },

  async 'message.roundtrip'() {
    const samples = await roundTrips('echo', { a: 1, b: 'x' }, { warmUp: 5_000, count: 50_000 });
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'message.throughput'() {
    const count = 500_000;
    const worker = spawn('sink', { count });
    const message = 'x'.repeat(64);
    const begin = performance.now();
    const done = next(worker, 'message');
    for (let i = 0; i < count; i += 1) worker.postMessage(message);
    await done;
    const value = (count / (performance.now() - begin)) * 1000;
    await worker.terminate();
    return { value, unit: 'msg/s', n: count };
  },

  async 'message.transfer50MB'() {
    const buffer = new ArrayBuffer(50_000_000);
    const samples = await roundTrips('handBack', buffer, { warmUp: 200, count: 2_000, transfer: true });
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'message.clone50MB'() {
    const samples = await roundTrips('echo', new Uint8Array(50_000_000), { warmUp: 2, count: 20 });
    return { ...summary(samples), unit: 'ms' };
  },

  async 'atomics.contended'() {
    const times = 1_000_000;
    const memory = new SharedArrayBuffer(4);
    const begin = performance.now();
    await Promise.all(Array.from({ length: 4 }, () => next(spawn('count', { memory, times }), 'exit')));
    const milliseconds = performance.now() - begin;
    const total = new Int32Array(memory)[0];
    if (total !== 4 * times) throw new Error(`updates were lost: ${total} of ${4 * times} are left`);
    return { value: total / milliseconds / 1000, unit: 'M/s', n: total };
  },

  async 'terminate.spinning'() {
    const samples = [];
    for (let i = 0; i < 20; i += 1) {
      const worker = spawn('spin');
      await next(worker, 'message');
      const begin = performance.now();
      await worker.terminate();
      samples.push(performance.now() - begin);
    }
    return { ...summary(samples), unit: 'ms' };
  },

  async 'responsive.underload'() {
    const workers = Array.from({ length: availableParallelism() }, () => spawn('burn'));
    const burn = (worker, times) => {
      const done = next(worker, 'message');
      worker.postMessage(times);
      return done;
    };
    await Promise.all(workers.map((worker) => burn(worker, 100_000)));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await Promise.all(
      workers.map(async (worker) => {
        for (let i = 0; i < 20; i += 1) await burn(worker, 50_000_000);
      }),
    );
    delay.disable();
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { value: delay.percentile(99) / 1e6, unit: 'ms', n: delay.count };
  },

  async 'cpu.sqrt'() {
    const worker = spawn('burn');
    const samples = [];
    for (let i = 0; i < 5; i += 1) {
      const begin = performance.now();
      const done = next(worker, 'message');
      worker.postMessage(100_000_000);
      await done;
      samples.push(performance.now() - begin);
    }
    await worker.terminate();
    return { ...summary(samples), unit: 'ms' };
  },

  async 'pool.dispatch'() {
    const count = 100_000;
    const pool = new Pool(2);
    await keepInFlight(pool, 64, 5_000);
    const begin = performance.now();
    await keepInFlight(pool, 64, count);
    const value = (count / (performance.now() - begin)) * 1000;
    await pool.close();
    return { value, unit: 'tasks/s', n: count };
  },
};

if (isMainThread) {
  for (const metric of process.argv.slice(2)) {
    const measure = metrics[metric];
    if (!measure) {
      console.error(`There is no metric '${metric}'. Known are: ${Object.keys(metrics).join(', ')}.`);
      process.exit(64);
    }
    console.log(JSON.stringify({ peer: `node ${process.version}`, metric, ...(await measure()) }));
  }
} else {
  programs[workerData.program](workerData.data);
}
