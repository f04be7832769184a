public import SpindleCore

/// A task in a pool, from ``WorkerPool/submit(_:_:options:)``.
///
/// Dropping the handle does not stop the task.
public struct TaskHandle<Output: Sendable, Progress: Sendable>: Sendable {
    let job: PoolJob
    let driver: PoolDriver
    let promise: Promise<Result<Output, any Error>>

    /// What happens to the task until it ends: starts of attempts and the task's own reports.
    ///
    /// Keeps the latest 64 unread updates and drops older ones, so that a slow reader
    /// holds nothing up. For one reader.
    public let updates: AsyncStream<TaskUpdate<Progress>>

    /// The task's number in its pool.
    public var id: TaskID { job.id }

    /// The task's output; waits for it.
    ///
    /// - Throws: what the task threw, ``WorkerPoolError``, or `CancellationError` when the task was
    ///   cancelled before it began or abandoned after, or the waiting task is cancelled, which does not
    ///   stop the task.
    public var value: Output {
        get async throws { try await promise.value().get() }
    }

    /// Stops the task: at once while it waits, by cancelling its Swift task when it runs.
    /// What does not stop within the pool's grace period is abandoned. Idempotent.
    public func cancel() { driver.cancel(job) }
}

/// Something that happened to a task before it ended.
public enum TaskUpdate<Progress: Sendable>: Sendable {
    /// An attempt has begun on a worker.
    case started(attempt: Int, worker: WorkerID)
    /// The task reported.
    case progress(Progress)
}
