internal import SpindleCore
public import SpindleMessaging

/// How a ``WorkerPool`` is set up.
public struct WorkerPoolConfiguration: Sendable {
    /// How many workers there are.
    public struct Size: Sendable {
        var minimum: Int
        var maximum: Int

        /// As many as the process may use processors, always.
        public static var cores: Size { .fixed(availableProcessorCount()) }
        /// Always this many, 1 or more.
        public static func fixed(_ count: Int) -> Size { Size(minimum: count, maximum: count) }
        /// At least the lower bound; more while tasks wait; fewer again after ``idleTimeout``.
        public static func range(_ range: ClosedRange<Int>) -> Size {
            Size(minimum: range.lowerBound, maximum: range.upperBound)
        }
    }

    /// What a submission does when the queue is at its limit.
    public enum FullQueuePolicy: Sendable {
        /// Wait for room. The time counts as waiting time of the task.
        case wait
        /// Throw ``WorkerPoolError`` with code `queueFull`.
        case fail
        /// Give up the oldest of the least urgent waiting tasks, whose owner gets code `shed`;
        /// fail when the new task is less urgent than all that wait.
        case shed
    }

    /// Shown in thread names, logs and metrics.
    public var name: String
    /// How many workers there are.
    public var size: Size
    /// Where its workers run.
    public var isolation: WorkerIsolation
    /// How many tasks may wait, 1 or more. Running ones do not count.
    public var queueLimit: Int
    /// What a submission does when the queue is at its limit.
    public var onFull: FullQueuePolicy
    /// A worker above the minimum ends after so long without a task.
    public var idleTimeout: Duration
    /// Each such time of waiting lifts a task by one priority. More than zero.
    public var agingInterval: Duration
    /// How many tasks with the same ``TaskOptions/key`` may run at once, 1 or more.
    public var tasksPerKey: Int
    /// A worker is replaced after so many tasks, 1 or more; never when nil.
    public var tasksPerWorker: Int?
    /// A worker is replaced at this age, between tasks; never when nil.
    public var maximumWorkerAge: Duration?
    /// How long a task gets to stop when it is cancelled or its time is up, before
    /// it is abandoned together with its thread.
    public var gracePeriod: Duration
    /// How many abandoned threads may exist before lost workers are no longer replaced, 0 or more.
    /// Each thread beyond leaves the pool one worker smaller until it ends.
    public var abandonedLimit: Int
    /// Failed starts in a row, 1 or more, after which the pool starts no more workers; it refuses tasks once none is left.
    public var startAttempts: Int
    /// Pause after a failed start; doubles with each further one, up to 10 s.
    public var startBackoff: Duration
    /// Stack of each worker's thread in bytes; see ``WorkerOptions/stackSize``.
    public var stackSize: Int
    /// Scheduling weight of the workers' threads; see ``WorkerOptions/nice``.
    public var nice: Int
    /// Runs on each worker before its first task, for what every task needs. A throw fails the start.
    /// When the pool shuts down it is cancelled, and abandoned after the grace period if it goes on.
    /// For threads; a closure cannot be sent to a process, which takes ``warmUpProgram``.
    public var warmUp: (@Sendable () async throws -> Void)?
    /// The same as a type, for either isolation; after ``warmUp``.
    public var warmUpProgram: (any WorkerWarmUp.Type)?
    /// Exports figures through swift-metrics under `spindle_pool_*` when true.
    public var reportsMetrics: Bool

    /// A configuration that differs from the usual one where you say so. ``WorkerPool`` checks it.
    public init(
        name: String = "pool",
        size: Size = .cores,
        isolation: WorkerIsolation = .thread,
        queueLimit: Int = 10_000,
        onFull: FullQueuePolicy = .wait,
        idleTimeout: Duration = .seconds(30),
        agingInterval: Duration = .seconds(1),
        tasksPerKey: Int = 1,
        tasksPerWorker: Int? = nil,
        maximumWorkerAge: Duration? = nil,
        gracePeriod: Duration = .milliseconds(200),
        abandonedLimit: Int = 16,
        startAttempts: Int = 5,
        startBackoff: Duration = .milliseconds(100),
        stackSize: Int = ThreadExecutor.defaultStackSize,
        nice: Int = 0,
        reportsMetrics: Bool = false,
        warmUpProgram: (any WorkerWarmUp.Type)? = nil,
        warmUp: (@Sendable () async throws -> Void)? = nil
    ) {
        self.name = name
        self.size = size
        self.isolation = isolation
        self.queueLimit = queueLimit
        self.onFull = onFull
        self.idleTimeout = idleTimeout
        self.agingInterval = agingInterval
        self.tasksPerKey = tasksPerKey
        self.tasksPerWorker = tasksPerWorker
        self.maximumWorkerAge = maximumWorkerAge
        self.gracePeriod = gracePeriod
        self.abandonedLimit = abandonedLimit
        self.startAttempts = startAttempts
        self.startBackoff = startBackoff
        self.stackSize = stackSize
        self.nice = nice
        self.reportsMetrics = reportsMetrics
        self.warmUpProgram = warmUpProgram
        self.warmUp = warmUp
    }

    /// The same in the state machine's terms, or what is wrong with it.
    /// More is not worth the while: a worker has to be woken only once for all of these.
    private static var longestAhead: Int { (PoolRequest.mostUnread - 1) / 2 }

    func limits() throws(WorkerPoolError) -> PoolLimits {
        guard size.minimum >= 1 || size.maximum >= 1, size.minimum >= 0, size.maximum >= size.minimum else {
            throw .invalid("size: needs 0 ≤ minimum (\(size.minimum)) ≤ maximum (\(size.maximum)) and room for one worker.")
        }
        guard queueLimit >= 1 else { throw .invalid("queueLimit: needs 1 or more, not \(queueLimit).") }
        guard tasksPerKey >= 1 else { throw .invalid("tasksPerKey: needs 1 or more, not \(tasksPerKey).") }
        guard (tasksPerWorker ?? 1) >= 1 else { throw .invalid("tasksPerWorker: needs 1 or more, or nil.") }
        guard startAttempts >= 1 else { throw .invalid("startAttempts: needs 1 or more, not \(startAttempts).") }
        guard abandonedLimit >= 0 else { throw .invalid("abandonedLimit: needs 0 or more, not \(abandonedLimit).") }
        guard isolation.isThread || warmUp == nil else {
            throw .invalid("warmUp: a closure cannot be sent to a process; make it a type and give it as warmUpProgram.")
        }
        var limits = PoolLimits()
        limits.minWorkers = size.minimum
        limits.maxWorkers = size.maximum
        limits.queueLimit = queueLimit
        limits.onFull =
            switch onFull {
            case .wait: .wait
            case .fail: .fail
            case .shed: .shed
            }
        limits.agingInterval = max(1, agingInterval.nanoseconds)
        limits.idleTimeout = max(0, idleTimeout.nanoseconds)
        limits.keyLimit = tasksPerKey
        limits.tasksPerWorker = tasksPerWorker ?? .max
        limits.maxWorkerAge = maximumWorkerAge?.nanoseconds ?? .max
        limits.startFailureBudget = startAttempts
        limits.startBackoff = max(0, startBackoff.nanoseconds)
        limits.abandonedLimit = abandonedLimit
        if !isolation.isThread { limits.aheadLimit = Self.longestAhead }
        return limits
    }
}
