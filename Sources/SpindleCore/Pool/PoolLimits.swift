/// The numbers a pool's state machine goes by. Times are nanoseconds.
package struct PoolLimits: Sendable {
    package enum OnFull: Sendable { case wait, fail, shed }

    package var minWorkers = 1
    package var maxWorkers = 1
    package var queueLimit = Int.max
    package var onFull = OnFull.wait
    package var agingInterval: Int64 = 1_000_000_000
    /// How many tasks with the same key may run at once.
    package var keyLimit = 1
    /// So many short tasks a busy worker may be given ahead; 0 for workers that fetch the next one for nothing.
    package var aheadLimit = 0
    /// A worker is replaced after so many tasks.
    package var tasksPerWorker = Int.max
    /// A worker above the minimum ends after so long without a task.
    package var idleTimeout = Int64.max
    /// A worker is replaced when it is older than this and idle or between tasks.
    package var maxWorkerAge = Int64.max
    /// Failed worker starts in a row after which the pool gives up.
    package var startFailureBudget = 5
    /// Pause after the first failed start; doubled for each further one.
    package var startBackoff: Int64 = 100_000_000
    package var maxStartBackoff: Int64 = 10_000_000_000
    /// Abandoned workers that may exist at once; beyond, lost workers are not replaced.
    package var abandonedLimit = Int.max

    package init() {}
}
