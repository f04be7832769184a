/// A kind of work that a ``WorkerPool`` runs, one task at a time on each of its workers.
///
/// ```swift
/// enum Thumbnail: WorkerTask {
///     static func run(_ image: [UInt8], _ context: TaskContext<Double>) async throws -> [UInt8] {
///         …
///         context.report(0.5)
///         …
///     }
/// }
/// let small = try await pool.run(Thumbnail.self, image)
/// ```
public protocol WorkerTask: SendableMetatype {
    /// What a task is given.
    associatedtype Input: Sendable
    /// What it results in.
    associatedtype Output: Sendable
    /// What it reports on the way; `Never` for nothing.
    associatedtype Progress: Sendable = Never

    /// Does the work, on a worker's own thread.
    ///
    /// When the task is cancelled or its time is up, the Swift task around this call
    /// is cancelled: look at `Task.isCancelled` in long loops and return or throw.
    /// A task that does not is abandoned with its thread after the pool's grace period,
    /// or killed with its process.
    static func run(_ input: Input, _ context: TaskContext<Progress>) async throws -> Output
}

/// What a running task knows about itself, and where it reports to.
public struct TaskContext<Progress: Sendable>: Sendable {
    /// The task's number in its pool.
    public let id: TaskID
    /// 1 for the first run, more after retries.
    public let attempt: Int
    /// When this attempt's time to run is up; nil without a ``TaskOptions/timeout``.
    public let deadline: ContinuousClock.Instant?
    private let sink: @Sendable (Progress) -> Void

    init(id: TaskID, attempt: Int, timeout: Duration?, sink: @escaping @Sendable (Progress) -> Void) {
        self.id = id
        self.attempt = attempt
        deadline = timeout.map { .now + $0 }
        self.sink = sink
    }

    /// Tells the owner how far the task is. Never waits: a report that finds too
    /// many unread ones replaces the oldest. Reports of an ended task go nowhere.
    public func report(_ progress: Progress) { sink(progress) }
}
