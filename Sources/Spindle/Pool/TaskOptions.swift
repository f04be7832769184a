public import SpindleCore

/// How one task is run.
public struct TaskOptions: Sendable {
    /// Among waiting tasks the more urgent goes first.
    public var priority: PoolPriority
    /// Longest time to wait for a worker before the first attempt, room in the queue included; the task
    /// then fails with code `waitTimedOut`. No limit when nil.
    public var waitTimeout: Duration?
    /// Longest time to run, per attempt; the task is then stopped and fails with code `timedOut`. No limit when nil.
    public var timeout: Duration?
    /// At most ``WorkerPoolConfiguration/tasksPerKey`` tasks with this key run at once; those behind wait in order.
    public var key: String?
    /// Tasks with the same affinity run on the same worker, and wait for it, as long
    /// as the pool's workers stay the same.
    public var affinity: String?
    /// Whether and when a failed task runs again. Not at all when nil, nor when its input had a port for a process in it,
    /// which the first attempt has used up.
    public var retry: RetryPolicy?

    /// How many worker processes the task may cost, 1 or more. After a crash below that number it runs again; at
    /// that number it fails, with code `workerCrashed` when it is 1 and else `poisonous`. Does not count as a retry.
    /// A task whose input had a port in it fails at the first.
    public var maximumCrashes: Int

    /// Options that differ from the usual ones where you say so.
    public init(
        priority: PoolPriority = .normal, waitTimeout: Duration? = nil, timeout: Duration? = nil,
        key: String? = nil, affinity: String? = nil, retry: RetryPolicy? = nil, maximumCrashes: Int = 1
    ) {
        self.priority = priority
        self.waitTimeout = waitTimeout
        self.timeout = timeout
        self.key = key
        self.affinity = affinity
        self.retry = retry
        self.maximumCrashes = maximumCrashes
    }
}

/// When a task that threw runs again.
///
/// Tasks that were cancelled, timed out or lost their worker do not: what made
/// them hang would do so again.
public struct RetryPolicy: Sendable {
    /// How often it may run in all, 1 or more.
    public var maximumAttempts: Int
    /// Pause before the second attempt.
    public var initialDelay: Duration
    /// Each further pause is so many times longer, up to ``maximumDelay``.
    public var multiplier: Double
    /// No pause is longer.
    public var maximumDelay: Duration
    /// Whether an error is worth another attempt. Called on the worker's thread; never for `CancellationError`.
    public var retries: @Sendable (any Error) -> Bool

    /// A policy that repeats after every error unless `retries` says otherwise.
    public init(
        maximumAttempts: Int, initialDelay: Duration = .milliseconds(100), multiplier: Double = 2,
        maximumDelay: Duration = .seconds(10), retries: @escaping @Sendable (any Error) -> Bool = { _ in true }
    ) {
        self.maximumAttempts = maximumAttempts
        self.initialDelay = initialDelay
        self.multiplier = multiplier
        self.maximumDelay = maximumDelay
        self.retries = retries
    }

    /// The pause after an attempt that failed with `error`; nil when that was the last.
    package func delay(afterAttempt attempt: Int, _ error: any Error) -> Duration? {
        guard attempt < maximumAttempts, !(error is CancellationError), retries(error) else { return nil }
        var delay = initialDelay
        for _ in 1..<attempt where delay < maximumDelay { delay = delay * multiplier }
        return min(delay, maximumDelay)
    }
}
