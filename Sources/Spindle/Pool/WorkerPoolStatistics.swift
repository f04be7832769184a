internal import Histogram
public import SpindleCore

/// What a pool has done and is doing.
public struct WorkerPoolStatistics: Sendable {
    /// Tasks ever submitted. Each ends as exactly one of the following five or is still in the pool.
    public var submitted: Int
    /// Returned, and not because their time was up.
    public var completed: Int
    /// Threw, without having been told to stop, and were not tried again.
    public var failed: Int
    /// Given up by their owner or the pool's end before they had returned.
    public var cancelled: Int
    /// Waited or ran longer than they may.
    public var timedOut: Int
    /// Refused or shed: the queue was full, the pool closed, or no worker left.
    public var rejected: Int
    /// Attempts that were repeated.
    public var retried: Int
    /// Attempts that ended with the death of their worker process.
    public var crashed: Int
    /// Attempts that were repeated after the death of a worker.
    public var rerun: Int
    /// Tasks that did not stop and were ended by force with their process; also counted as cancelled or timed out.
    public var killed: Int
    /// Tasks given up together with their thread; also counted as cancelled or timed out.
    public var abandoned: Int
    /// Abandoned threads that still exist.
    public var abandonedThreads: Int

    /// Tasks that wait in the queue.
    public var queued: Int
    /// Tasks that wait for room in the queue.
    public var waitingForRoom: Int
    /// Tasks that wait for their next attempt.
    public var waitingForRetry: Int
    /// Tasks that workers run now.
    public var running: Int
    /// Workers there are, those that are starting included and abandoned ones not.
    public var workers: Int
    /// Workers that wait for a task.
    public var idleWorkers: Int
    /// Workers ever started.
    public var workersStarted: Int
    /// Share of the present workers' lives spent on tasks, 0 to 1.
    public var utilization: Double

    /// From submission, or from when a retry was due, to the start of an attempt.
    public var waitTime: LatencySummary
    /// From the start of an attempt to its end.
    public var runTime: LatencySummary

    init(_ machine: PoolStateMachine, _ times: PoolTimes, workers: some Sequence<UInt64>, now: Int64) {
        let counts = machine.counts
        submitted = counts.submitted
        completed = counts.completed
        failed = counts.failed
        cancelled = counts.cancelled
        timedOut = counts.timedOut
        rejected = counts.rejected
        retried = counts.retried
        crashed = counts.crashed
        rerun = counts.rerun
        killed = counts.killed
        abandoned = counts.abandoned
        abandonedThreads = counts.abandonedAlive
        queued = machine.load
        waitingForRoom = machine.lobbyTaskCount
        waitingForRetry = machine.delayedCount
        running = machine.runningCount
        self.workers = machine.workerCount
        idleWorkers = machine.idleCount
        workersStarted = counts.workersStarted
        let activity = workers.compactMap { machine.activity(of: $0, now: now) }
        let age = activity.reduce(0) { $0 + $1.age }
        utilization = age == 0 ? 0 : Double(activity.reduce(0) { $0 + $1.busy }) / Double(age)
        waitTime = LatencySummary(times.waited)
        runTime = LatencySummary(times.ran)
    }
}

/// A distribution of durations, exact to two significant digits (HdrHistogram), in steps of 1 µs.
public struct LatencySummary: Sendable {
    /// How many durations were recorded. All others are zero when it is.
    public var count: Int
    /// The arithmetic mean.
    public var mean: Duration
    /// The median.
    public var p50: Duration
    /// Nine of ten durations are no longer.
    public var p90: Duration
    /// 99 of a hundred durations are no longer.
    public var p99: Duration
    /// The longest duration, or an hour if that is less.
    public var max: Duration

    init(_ histogram: Histogram<UInt32>) {
        let at = { Duration.nanoseconds(Int64(clamping: histogram.valueAtPercentile($0))) }
        count = Int(histogram.totalCount)
        mean = count == 0 ? .zero : .nanoseconds(Int64(histogram.mean))
        p50 = at(50)
        p90 = at(90)
        p99 = at(99)
        max = count == 0 ? .zero : .nanoseconds(Int64(clamping: histogram.max))
    }
}

/// The histograms behind a pool's statistics, some 25 KiB each.
struct PoolTimes {
    /// An hour and more count as an hour.
    private static let longest: UInt64 = 3_600_000_000_000

    var waited = histogram()
    var ran = histogram()

    private static func histogram() -> Histogram<UInt32> {
        Histogram(lowestDiscernibleValue: 1_000, highestTrackableValue: longest, numberOfSignificantValueDigits: .two)
    }

    mutating func record(waited: Int64, ran: Int64) {
        _ = self.waited.record(min(Self.longest, UInt64(max(0, waited))))
        _ = self.ran.record(min(Self.longest, UInt64(max(0, ran))))
    }
}

/// One worker of a pool.
public struct PoolWorkerStatistics: Sendable {
    /// Whether it has a task; a worker that starts counts as idle.
    public enum State: String, Sendable { case idle, busy }

    /// Its number in the program.
    public var id: WorkerID
    /// Its thread's name: the pool's name and the generation.
    public var name: String
    /// Counts the workers of the pool: a replacement has a higher one.
    public var generation: UInt64
    /// What it is doing.
    public var state: State
    /// The task it runs.
    public var currentTask: TaskID?
    /// Attempts that ended on it, however they did.
    public var tasksCompleted: Int
    /// Share of the worker's life spent on tasks, 0 to 1.
    public var utilization: Double

    init?(_ number: UInt64, _ id: WorkerID, _ name: String, _ machine: PoolStateMachine, now: Int64) {
        guard let activity = machine.activity(of: number, now: now) else { return nil }
        self.id = id
        self.name = name
        generation = number
        state = activity.task == nil ? .idle : .busy
        currentTask = activity.task.flatMap { machine.job($0) }.map { PoolDriver.job($0).id }
        tasksCompleted = activity.done
        utilization = activity.age == 0 ? 0 : Double(activity.busy) / Double(activity.age)
    }
}
