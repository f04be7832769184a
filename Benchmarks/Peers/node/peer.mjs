// The peer on Node.js: node peer.mjs METRIC...
// Prints one JSON line a figure. The metrics are defined in ../../README.md.
import { fork, spawn as spawnProgram } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const forkedRole = '--forked';
const isForked = process.argv[2] === forkedRole;

// The other end of a worker's channel: a thread and a forked process run the same programs.
const owner = isForked
  ? { postMessage: (value) => process.send(value), on: (event, listener) => process.on(event, listener) }
  : parentPort;

// What a worker does, by name.
const programs = {
  hello: () => owner.postMessage(1),
  idle: () => {
    owner.on('message', () => {});
    owner.postMessage(1);
  },
  echo: () => owner.on('message', (value) => owner.postMessage(value)),
  handBack: () => owner.on('message', (buffer) => owner.postMessage(buffer, [buffer])),
  sink: ({ count }) => {
    let received = 0;
    owner.on('message', () => {
      received += 1;
      if (received === count) owner.postMessage(received);
    });
  },
  count: ({ memory, times }) => {
    const cells = new Int32Array(memory);
    for (let i = 0; i < times; i += 1) Atomics.add(cells, 0, 1);
  },
  spin: () => {
    owner.postMessage(1);
    for (;;);
  },
  burn: () => owner.on('message', (times) => owner.postMessage(sumOfSquareRoots(times))),
  add: () => owner.on('message', ({ a, b }) => owner.postMessage(a + b)),
};

function sumOfSquareRoots(times) {
  let sum = 0;
  for (let i = 0; i < times; i += 1) sum += Math.sqrt(i);
  return sum;
}

const spawn = (program, data = {}) => new Worker(new URL(import.meta.url), { workerData: { program, data } });

/** A program in a process of its own, with as much of a thread's interface as is used here. */
function spawnProcess(program, data = {}) {
  const child = fork(new URL(import.meta.url), [forkedRole, program, JSON.stringify(data)], { serialization: 'advanced' });
  return Object.assign(child, {
    postMessage: (value) => child.send(value),
    terminate: () => {
      const exit = next(child, 'exit');
      child.kill('SIGKILL');
      return exit;
    },
  });
}

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

const kibibytes = (name, path) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8'))[1]);
const residentKiB = () => kibibytes('VmRSS', '/proc/self/status');

/** Starts workers one after the other; each sample lasts until the worker's first message. */
async function starts(count, start) {
  const milliseconds = [];
  for (let i = 0; i < count; i += 1) {
    const begin = performance.now();
    const worker = start('hello');
    const exit = next(worker, 'exit');
    await next(worker, 'message');
    milliseconds.push(performance.now() - begin);
    await exit;
  }
  return milliseconds;
}

async function startIdle(count, start) {
  const workers = [];
  for (let i = 0; i < count; i += 1) {
    const worker = start('idle');
    await next(worker, 'message');
    workers.push(worker);
  }
  return workers;
}

const stop = (workers) => Promise.all(workers.map((worker) => worker.terminate()));

async function roundTrips(program, value, { warmUp, count, transfer = false, start = spawn }) {
  const worker = start(program);
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

/** 64-byte strings one way, until the last has arrived. */
async function throughput(count, start) {
  const worker = start('sink', { count });
  const message = 'x'.repeat(64);
  const begin = performance.now();
  const done = next(worker, 'message');
  for (let i = 0; i < count; i += 1) worker.postMessage(message);
  await done;
  const value = (count / (performance.now() - begin)) * 1000;
  await worker.terminate();
  return { value, unit: 'msg/s', n: count };
}

/** How long stopping workers takes that loop for ever, one after the other. */
async function terminations(program, start) {
  const milliseconds = [];
  for (let i = 0; i < 20; i += 1) {
    const worker = start(program);
    await next(worker, 'message');
    const begin = performance.now();
    await worker.terminate();
    milliseconds.push(performance.now() - begin);
  }
  return milliseconds;
}

const inMicroseconds = (milliseconds) => milliseconds.map((time) => time * 1000);

/** A pool as a program's author writes it: idle workers, and a queue for when there is none. */
class Pool {
  #idle = [];
  #queue = [];
  #workers = [];

  constructor(size, start) {
    for (let i = 0; i < size; i += 1) {
      const worker = start('add');
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
    return stop(this.#workers);
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

/** Small tasks through a pool of two workers. */
async function dispatchRate(start) {
  const count = 100_000;
  const pool = new Pool(2, start);
  await keepInFlight(pool, 64, 5_000);
  const begin = performance.now();
  await keepInFlight(pool, 64, count);
  const value = (count / (performance.now() - begin)) * 1000;
  await pool.close();
  return { value, unit: 'tasks/s', n: count };
}

const metrics = {
  async 'worker.start'() {
    return { ...summary(inMicroseconds(await starts(40, spawn))), unit: 'us' };
  },

  async 'worker.memory'() {
    const count = 32;
    const before = residentKiB();
    const workers = await startIdle(count, spawn);
    const value = (residentKiB() - before) / count;
    await stop(workers);
    return { value, unit: 'KiB', n: count };
  },

  async 'message.roundtrip'() {
    const samples = await roundTrips('echo', { a: 1, b: 'x' }, { warmUp: 5_000, count: 50_000 });
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'message.throughput'() {
    return throughput(500_000, spawn);
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
    return { ...summary(await terminations('spin', spawn)), unit: 'ms' };
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
    await stop(workers);
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
    return dispatchRate(spawn);
  },

  async 'process.start'() {
    return { ...summary(inMicroseconds(await starts(20, spawnProcess))), unit: 'us' };
  },

  async 'process.memory'() {
    const count = 16;
    const workers = await startIdle(count, spawnProcess);
    const total = workers.reduce((sum, { pid }) => sum + kibibytes('Pss', `/proc/${pid}/smaps_rollup`), 0);
    await stop(workers);
    return { value: total / count, unit: 'KiB', n: count };
  },

  async 'process.roundtrip'() {
    const samples = await roundTrips('echo', { a: 1, b: 'x' }, { warmUp: 2_000, count: 20_000, start: spawnProcess });
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'process.throughput'() {
    return throughput(100_000, spawnProcess);
  },

  // Copied through a pipe: a forked process has no other way.
  async 'process.transfer50MB'() {
    const samples = await roundTrips('echo', new Uint8Array(50_000_000), { warmUp: 2, count: 20, start: spawnProcess });
    return { ...summary(inMicroseconds(samples)), unit: 'us' };
  },

  async 'process.pool.dispatch'() {
    return dispatchRate(spawnProcess);
  },

  async 'process.kill'() {
    return { ...summary(await terminations('spin', spawnProcess)), unit: 'ms' };
  },

  async 'spawn.true'() {
    const count = 300;
    const begin = performance.now();
    for (let i = 0; i < count; i += 1) {
      const child = spawnProgram('/bin/true', { stdio: 'inherit' });
      await new Promise((resolve) => { child.once('close', resolve); });
    }
    return { value: count / (performance.now() - begin) * 1000, unit: 'proc/s', n: count };
  },

  async 'spawn.stdout'() {
    const begin = performance.now();
    const child = spawnProgram('head', ['-c', '1000000000', '/dev/zero']);
    let count = 0;
    child.stdout.on('data', (chunk) => { count += chunk.length; });
    await new Promise((resolve) => { child.once('close', resolve); });
    if (count !== 1_000_000_000) throw new Error('output was lost');
    return { value: count / (performance.now() - begin) / 1000, unit: 'MB/s' };
  },
};

if (isForked) {
  programs[process.argv[3]](JSON.parse(process.argv[4]));
} else if (isMainThread) {
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
