internal import Metrics
internal import SpindleCore

/// A pool's figures as swift-metrics instruments, each with the pool's name and isolation as dimensions.
struct PoolMetrics: Sendable {
    private let completed: Counter
    private let failed: Counter
    private let cancelled: Counter
    private let timedOut: Counter
    private let rejected: Counter
    private let waitTime: Timer
    private let runTime: Timer

    init(pool: String, isolation: String) {
        let tasks = { (outcome: String) in
            Counter(
                label: "spindle_pool_tasks_total", dimensions: [("pool", pool), ("isolation", isolation), ("outcome", outcome)])
        }
        completed = tasks("completed")
        failed = tasks("failed")
        cancelled = tasks("cancelled")
        timedOut = tasks("timed_out")
        rejected = tasks("rejected")
        waitTime = Timer(label: "spindle_pool_wait_seconds", dimensions: [("pool", pool), ("isolation", isolation)])
        runTime = Timer(label: "spindle_pool_run_seconds", dimensions: [("pool", pool), ("isolation", isolation)])
    }

    func recordAttempt(waited: Int64, ran: Int64) {
        waitTime.recordNanoseconds(waited)
        runTime.recordNanoseconds(ran)
    }

    /// A task has ended. Counts as the pool's statistics do.
    func record(_ outcome: PoolStateMachine.Outcome, stopped: PoolStateMachine.StopReason?) {
        switch (outcome, stopped) {
        case (_, .timedOut?): timedOut.increment()
        case (.completed, _): completed.increment()
        case (.cancelled, _), (.failed, .some): cancelled.increment()
        case (.failed, nil): failed.increment()
        }
    }

    /// A task will not run.
    func record(_ refusal: PoolStateMachine.Refusal) {
        if refusal == .waitTimedOut { timedOut.increment() } else { rejected.increment() }
    }
}
