// WorkerPool: workers that run the functions of modules.

const {
    ArrayPrototypeIndexOf, ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeSlice, ArrayPrototypeSplice, Error, MathCeil,
    MathMax, MathMin, Promise, PromiseReject, SafeSet, SymbolAsyncDispose,
} = primordials;
const EventEmitter = require('events');
const { AbortError, nodeError } = require('internal/errors');
const clock = require('internal/clock');
const { Member } = require('internal/pool/member');
const { poolOptions, taskOptions } = require('internal/pool/options');
const { Task } = require('internal/pool/task');
const { TaskQueue } = require('internal/pool/task_queue');
const { Timings, busyOf, record } = require('internal/pool/timings');

/** Workers that end one after the other without having run a task are replaced ever later, and after these not at all. */
const kMaxFailures = 5;
const kFirstDelay = 50;
const kForever = 2 ** 31 - 1;

class WorkerPool extends EventEmitter {
    #options;
    #Host;
    #queue = new TaskQueue();
    /** Those that take tasks, now or once they have started. */
    #members = [];
    /** Those and the ones that are on their way out. */
    #alive = new SafeSet();
    #running = 0;
    #completed = 0;
    #startedAt = clock.now();
    #timings;
    #failures = 0;
    #restart;
    #wasFull = false;
    #isClosed = false;
    #isDestroyed = false;
    /** Called when the last task has ended. */
    #whenDone = [];
    /** Keeps the program alive while there are tasks. */
    #hold = require('internal/timers').setInterval(() => {}, kForever).unref();

    constructor(options) {
        super();
        this.#options = poolOptions(options);
        this.#Host = this.#options.isolation === 'thread' ?
            require('internal/pool/thread_worker').ThreadWorker : require('internal/pool/process_worker').ProcessWorker;
        this.#timings = new Timings(this.#options.recordTiming);
        this.#start(this.#options.minThreads);
    }

    get options() { return { ...this.#options }; }
    /** The workers' thread ids, or process ids. */
    get workers() {
        const ids = [];
        this.#alive.forEach((member) => ArrayPrototypePush(ids, member.id));
        return ids;
    }
    get queueSize() { return this.#queue.size; }
    get running() { return this.#running; }
    get completed() { return this.#completed; }
    /** Milliseconds since the pool was made. */
    get duration() { return clock.now() - this.#startedAt; }
    /** Which part of the time that its workers could have worked they did: 0 to 1. */
    get utilization() { return MathMin(busyOf(this.#timings) / (this.duration * this.#options.maxThreads), 1); }
    get histogram() { return this.#timings; }
    get needsDrain() { return this.#queue.size > 0 && this.#queue.size >= this.#options.maxQueue; }

    /** The promise of what the task's function returns. */
    run(input, options = {}) {
        let task;
        try {
            const wanted = taskOptions(options, this.#options);
            if (this.#isClosed) throw closedError();
            if (wanted.signal?.aborted) throw new AbortError('The task has been aborted', { cause: wanted.signal.reason });
            if (this.#isFull()) throw nodeError('ERR_POOL_QUEUE_FULL', `${this.#queue.size} tasks wait already`, Error);
            task = new Task(input, wanted, (stopped, error) => this.#stop(stopped, error));
        } catch (error) {
            return PromiseReject(error);
        }
        task.queuedAt = clock.now();
        if (this.#queue.size + this.#running === 0) this.#hold.ref();
        this.#queue.append(task);
        if (task.priority > 0) this.#takeBackBelow(task.priority);
        // A pool that has given up tries again for who asks again.
        if (this.#failures >= kMaxFailures) this.#failures = 0;
        this.#assign();
        this.#tellFullness();
        return task.promise;
    }

    /** Takes no more tasks; resolves when those it has have ended, or, with `force`, have been rejected. */
    async close({ force = false } = {}) {
        if (force) return this.destroy();
        this.#isClosed = true;
        if (this.#queue.size + this.#running > 0) {
            const { clearTimeout, setTimeout } = require('internal/timers');
            const { closeTimeout } = this.#options;
            const timer = closeTimeout === undefined ? undefined : setTimeout(() => this.#rejectAll(), closeTimeout);
            await new Promise((resolve) => ArrayPrototypePush(this.#whenDone, resolve));
            if (timer !== undefined) clearTimeout(timer);
        }
        await this.#endAll();
    }

    /** Rejects all tasks and ends all workers; resolves when the last has ended. */
    async destroy() {
        this.#isClosed = true;
        this.#rejectAll();
        await this.#endAll();
    }

    async [SymbolAsyncDispose]() { await this.close(); }

    // MARK: Assignment

    #isFull() {
        const { maxQueue, maxThreads } = this.#options;
        if (this.#queue.size < maxQueue) return false;
        // With no queue at all a task is welcome where a worker waits for it, or could be started.
        return maxQueue > 0 || !(this.#freeMember() !== undefined || this.#members.length < maxThreads);
    }

    #assign() {
        if (this.#isDestroyed) return;
        let task;
        while ((task = this.#queue.first) !== null) {
            const member = this.#freeMember();
            if (member === undefined) break;
            this.#give(task, member);
        }
        this.#grow();
        for (let i = 0; i < this.#members.length && this.#queue.size > 0; i++) this.#giveAhead(this.#members[i]);
    }

    #giveAhead(member) {
        while (member.hasRoomAhead) {
            const task = this.#queue.first;
            // What was moved cannot be taken back.
            if (task === null || task.transferList.length > 0 || !this.#give(task, member)) return;
        }
    }

    /** Whether the member had a place for it. */
    #give(task, member) {
        try {
            if (!member.give(task)) return false;
        } catch (error) {
            this.#queue.remove(task);
            task.reject(error);
            this.#checkIfDone();
            return true;
        }
        this.#queue.remove(task);
        task.member = member;
        this.#running++;
        if (member.idleTimer !== undefined) {
            require('internal/timers').clearTimeout(member.idleTimer);
            member.idleTimer = undefined;
        }
        return true;
    }

    /** The worker with the fewest tasks, of those that would begin another one at once. */
    #freeMember() {
        let best;
        for (let i = 0; i < this.#members.length; i++) {
            const member = this.#members[i];
            if (!member.hasRoom) continue;
            if (member.tasks.length === 0) return member;
            if (best === undefined || member.tasks.length < best.tasks.length) best = member;
        }
        return best;
    }

    /** Starts workers for what waits. */
    #grow() {
        const { concurrentTasksPerWorker, maxThreads, minThreads } = this.#options;
        let starting = 0;
        for (let i = 0; i < this.#members.length; i++) if (!this.#members[i].isReady) starting++;
        const wanted = MathCeil(this.#queue.size / concurrentTasksPerWorker) - starting;
        const missing = this.#isClosed ? 0 : minThreads - this.#members.length;
        this.#start(MathMin(MathMax(wanted, missing), maxThreads - this.#members.length));
    }

    #start(count) {
        if (this.#restart !== undefined || this.#failures >= kMaxFailures) return;
        for (let i = 0; i < count; i++) {
            const member = new Member(this.#Host, this.#options, this.#events);
            ArrayPrototypePush(this.#members, member);
            this.#alive.add(member);
            this.emit('workerCreate', member.id);
        }
    }

    /** Takes tasks of lower priority back that were given ahead, so that they do not come first. */
    #takeBackBelow(priority) {
        for (let i = 0; i < this.#members.length; i++) {
            const member = this.#members[i];
            while (member.hasTasksAhead && member.tasks[member.tasks.length - 1].priority < priority) {
                const task = member.takeBackLast();
                if (task === undefined) break;
                this.#events.returned(task);
            }
        }
    }

    /** For a worker with nothing to do: a task that another one was given ahead. */
    #relieve() {
        for (let i = 0; i < this.#members.length; i++) {
            if (!this.#members[i].hasTasksAhead) continue;
            const task = this.#members[i].takeBackLast();
            if (task !== undefined) return this.#events.returned(task);
        }
    }

    // MARK: What members tell

    #events = {
        ready: (member) => this.#freed(member),
        freed: (member) => this.#freed(member),
        progressed: (task, value) => task.onProgress?.(value),
        /** Its promise is settled, and no worker has it. */
        finished: (task) => {
            this.#running--;
            this.#completed++;
            this.#failures = 0;
            record(this.#timings, task);
            this.#checkIfDone();
        },
        /** It goes back to the head of the queue. */
        returned: (task) => {
            this.#running--;
            this.#queue.prepend(task);
        },
        otherMessage: (message) => this.emit('message', message),
        left: (member) => this.#forget(member),
        exited: (member, error) => this.#exited(member, error),
    };

    #freed(member) {
        if (this.#queue.size === 0 && member.isIdle) this.#relieve();
        this.#assign();
        this.#tellFullness();
        const { idleTimeout, minThreads } = this.#options;
        if (!member.isIdle || member.idleTimer !== undefined || this.#members.length <= minThreads || idleTimeout === Infinity) {
            return;
        }
        member.idleTimer = require('internal/timers').setTimeout(() => {
            member.idleTimer = undefined;
            if (member.isIdle && this.#members.length > minThreads) member.end();
        }, idleTimeout).unref();
    }

    #forget(member) {
        const index = ArrayPrototypeIndexOf(this.#members, member);
        if (index >= 0) ArrayPrototypeSplice(this.#members, index, 1);
        if (member.idleTimer !== undefined) require('internal/timers').clearTimeout(member.idleTimer);
    }

    #exited(member, error) {
        this.#forget(member);
        this.#alive.delete(member);
        this.emit('workerDestroy', member.id);
        if (!member.isEnding && !member.hasRunTask) this.#failed(error);
        if (this.#isClosed && this.#queue.size === 0) return;
        this.#assign();
    }

    #failed(error) {
        this.#failures++;
        if (this.#failures < kMaxFailures) {
            this.#restart ??= require('internal/timers').setTimeout(() => {
                this.#restart = undefined;
                this.#assign();
            }, kFirstDelay * 2 ** (this.#failures - 1)).unref();
            return;
        }
        while (this.#queue.size > 0) {
            const task = this.#queue.first;
            this.#queue.remove(task);
            const failure = nodeError('ERR_POOL_WORKERS_FAILED', 'The pool\'s workers end before they run a task', Error);
            failure.cause = error;
            task.reject(failure);
        }
        this.#checkIfDone();
        if (this.listenerCount('error') > 0) this.emit('error', error);
    }

    /** Ends a task early: nobody but the task and, if it runs, its worker hears of it. */
    #stop(task, error) {
        if (task.isSettled) return;
        task.reject(error);
        if (task.isQueued) {
            this.#queue.remove(task);
            this.#checkIfDone();
        } else {
            task.member.abandon(task);
            this.#running--;
            this.#checkIfDone();
            this.#assign();
        }
        this.#tellFullness();
    }

    // MARK: The end, and how full it is

    #tellFullness() {
        if (this.#wasFull) {
            if (this.#queue.size > 0) return;
            this.#wasFull = false;
            this.emit('drain');
        } else if (this.needsDrain) {
            this.#wasFull = true;
            this.emit('needsDrain');
        }
    }

    #checkIfDone() {
        if (this.#queue.size + this.#running > 0) return;
        this.#hold.unref();
        while (this.#whenDone.length > 0) ArrayPrototypePop(this.#whenDone)();
    }

    #rejectAll() {
        this.#isDestroyed = true;
        const members = ArrayPrototypeSlice(this.#members);
        for (let i = 0; i < members.length; i++) {
            const tasks = ArrayPrototypeSlice(members[i].tasks);
            // Those that go back to the queue meanwhile come last.
            for (let k = 0; k < tasks.length; k++) if (!tasks[k].isQueued) this.#stop(tasks[k], closedError());
        }
        while (this.#queue.size > 0) this.#stop(this.#queue.first, closedError());
    }

    async #endAll() {
        const { clearInterval, clearTimeout } = require('internal/timers');
        if (this.#restart !== undefined) clearTimeout(this.#restart);
        clearInterval(this.#hold);
        const ends = [];
        this.#alive.forEach((member) => ArrayPrototypePush(ends, member.end()));
        for (let i = 0; i < ends.length; i++) await ends[i];
    }
}

function closedError() { return nodeError('ERR_POOL_CLOSED', 'The pool is closed', Error); }

module.exports = { WorkerPool };
