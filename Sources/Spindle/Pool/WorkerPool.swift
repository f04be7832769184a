public import Logging
internal import SpindleCore

/// Workers that take tasks from one bounded queue.
///
/// ```swift
/// let pool = try await WorkerPool(.init(size: .cores, queueLimit: 1_000))
/// let sum = try await pool.run { heavy() }
/// let small = try await pool.run(Thumbnail.self, image, options: .init(priority: .high, timeout: .seconds(10)))
/// await pool.close(deadline: .seconds(30))
/// ```
///
/// **Order.** Among waiting tasks the more urgent goes first and, inside a
/// priority, the earlier; waiting lifts a task (``WorkerPoolConfiguration/agingInterval``).
///
/// **Failure.** Whatever happens to a task, happens to that task alone. Each ends
/// exactly once: with its output, its own error, ``WorkerPoolError`` or `CancellationError`.
///
/// **Stopping.** Cancelling the Swift task that waits for a pool task takes the
/// latter out of the queue at once; when it runs, its own Swift task is cancelled.
/// After ``WorkerPoolConfiguration/gracePeriod`` a task that has not stopped is
/// abandoned: its owner gets the error, its thread is cut off and replaced. The
/// thread itself cannot be stopped and is counted until it ends.
///
/// **Lifetime.** Close the pool with ``close(deadline:)`` or ``shutdownNow()``; a
/// pool that is dropped shuts down by itself.
///
/// Cost: under 1 µs of processor time a task beyond the work, and one wake-up when workers are idle.
public final class WorkerPool: Sendable {
    private let driver: PoolDriver

    /// ``WorkerPoolConfiguration/name``.
    public var name: String { driver.configuration.name }

    /// Starts the pool and its first workers. A worker that cannot be started is tried again, and logged.
    ///
    /// - Parameters:
    ///   - configuration: limits and policies, checked here.
    ///   - logger: told of workers that fail to start or are abandoned.
    /// - Throws: ``WorkerPoolError`` with code `invalidConfiguration`.
    public init(
        _ configuration: WorkerPoolConfiguration = WorkerPoolConfiguration(), logger: Logger? = nil
    ) async throws(WorkerPoolError) {
        driver = try PoolDriver(configuration, logger: logger)
        driver.open()
    }

    deinit { driver.shutDown() }

    // MARK: Tasks

    /// Runs a task and waits for its output.
    ///
    /// When the calling task is cancelled, a task that waits is gone at once. One that runs
    /// is told to stop: what it still returns or throws in the grace period comes as it is.
    ///
    /// - Throws: what the task throws; ``WorkerPoolError``; `CancellationError` when the calling
    ///   task was cancelled before the task began, or the task was abandoned for it.
    public func run<Work: WorkerTask>(
        _ task: Work.Type, _ input: Work.Input, options: TaskOptions = TaskOptions()
    ) async throws -> Work.Output {
        guard driver.configuration.isolation.isThread else {
            return try await run(RemoteJob<Work.Output>(options, try RemoteCall(task, input)) { try $0.decode() })
        }
        return try await run(
            LocalJob<Work.Output>(options) { id, attempt, _ in
                try await Work.run(input, TaskContext(id: id, attempt: attempt, timeout: options.timeout) { _ in })
            })
    }

    /// Runs a closure on a worker's thread and waits for its result.
    ///
    /// - Throws: as ``run(_:_:options:)``; ``WorkerPoolError`` with code `notEncodable` in a pool of processes,
    ///   which a closure cannot be sent to.
    public func run<Output: Sendable>(
        options: TaskOptions = TaskOptions(), _ body: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        guard driver.configuration.isolation.isThread else { throw WorkerPoolError.closureInProcess }
        return try await run(LocalJob<Output>(options) { _, _, _ in try await body() })
    }

    // Into its callers: an async call that is not there needs no frame and no look at where to go on.
    @inline(__always)
    private func run<Output: Sendable>(_ job: TypedJob<Output>) async throws -> Output {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                job.answer(to: .continuation(continuation))
                driver.submit(job)
            }
        } onCancel: {
            driver.cancel(job)
        }
    }

    /// Hands a task to the pool and returns when it is in the queue.
    ///
    /// - Throws: ``WorkerPoolError`` when the pool refuses the task; `CancellationError` when the
    ///   calling task is cancelled while it waits for room, which takes the task back.
    public func submit<Work: WorkerTask>(
        _ task: Work.Type, _ input: Work.Input, options: TaskOptions = TaskOptions()
    ) async throws -> TaskHandle<Work.Output, Work.Progress> {
        let (updates, sink) = AsyncStream.makeStream(
            of: TaskUpdate<Work.Progress>.self, bufferingPolicy: .bufferingNewest(64))
        let job = try makeJob(task, input, options, sink)
        let submission = Submission<Work.Output> { sink.finish() }
        job.answer(to: .submission(submission))
        driver.submit(job)
        do {
            try await submission.admission.value()
        } catch {
            driver.cancel(job)
            throw error
        }
        if case .failure(let error as WorkerPoolError)? = submission.result.current, error.isRefusal { throw error }
        return TaskHandle(job: job, driver: driver, promise: submission.result, updates: updates)
    }

    private func makeJob<Work: WorkerTask>(
        _ task: Work.Type, _ input: Work.Input, _ options: TaskOptions,
        _ sink: AsyncStream<TaskUpdate<Work.Progress>>.Continuation
    ) throws -> TypedJob<Work.Output> {
        guard driver.configuration.isolation.isThread else {
            return RemoteJob(
                options, try RemoteCall(task, input),
                decode: { try $0.decode() },
                onStart: { sink.yield(.started(attempt: $0, worker: $1)) },
                onProgress: { message in
                    // What cannot be decoded says nothing about how far the task is.
                    if let progress = try? message.decode(Work.Progress.self) { sink.yield(.progress(progress)) }
                })
        }
        return LocalJob(options) { id, attempt, worker in
            sink.yield(.started(attempt: attempt, worker: worker))
            let context = TaskContext<Work.Progress>(id: id, attempt: attempt, timeout: options.timeout) {
                sink.yield(.progress($0))
            }
            return try await Work.run(input, context)
        }
    }

    // MARK: Backpressure

    /// The queue has been full and is not empty yet: a producer that can wait should.
    public var needsDrain: Bool { driver.needsDrain }

    /// Waits until the queue, once it was full, is empty again, or the pool closes.
    /// Returns at once when ``needsDrain`` is false.
    public func drained() async throws(CancellationError) {
        try await driver.drainPromise?.value()
    }

    // MARK: End

    /// Takes no further tasks, lets those in the pool end, and ends the workers.
    ///
    /// - Parameter deadline: after this long the rest is stopped as by ``shutdownNow()``. Holds also when
    ///   the calling task is cancelled.
    public func close(deadline: Duration) async {
        driver.close()
        let timer = TimerThread.shared.schedule(after: deadline) { [weak driver] in driver?.shutDown() }
        await driver.closed.valueDespiteCancellation()
        TimerThread.shared.cancel(timer)
    }

    /// Takes no further tasks, refuses those that wait, stops those that run, and ends the workers.
    ///
    /// Returns within the pool's grace period, when every task has ended or been abandoned.
    public func shutdownNow() async {
        driver.shutDown()
        await driver.closed.valueDespiteCancellation()
    }

    // MARK: Figures

    /// What the pool has done and is doing. Costs some microseconds.
    public var statistics: WorkerPoolStatistics { driver.statistics() }

    /// The present workers, oldest first.
    public var workers: [PoolWorkerStatistics] { driver.workerStatistics() }
}
