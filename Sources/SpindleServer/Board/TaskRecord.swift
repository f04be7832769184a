internal import FoundationEssentials

/// What the server tells about one task. Holds nothing secret: see ``TaskRequest/parameters``.
struct TaskRecord: Sendable, Encodable {
    let id: UInt64
    let kind: TaskKind
    let parameters: [String: JSONValue]
    var state = TaskState.queued
    let submitted: Date
    var started: Date?
    var finished: Date?
    var progress: TaskProgress?
    /// What went wrong, once the task has ended without a result and was not cancelled.
    var error: TaskFailure?
    /// Whether a client asked to cancel it; it may take until the pool's grace period is over.
    var cancelRequested = false
    /// The worker that runs or ran it.
    var worker: UInt64?
    /// Grows with every change on the board, so that a reader can ask for what it has not seen.
    var revision: UInt64 = 0
}

enum TaskState: String, Sendable, Encodable, CaseIterable {
    case queued, running, succeeded, failed, cancelled
    case timedOut = "timed-out"

    var isFinal: Bool { self != .queued && self != .running }
}

/// How far a task is.
struct TaskProgress: Sendable, Encodable, Equatable {
    /// 0 to 1; nil when the whole is not known.
    var fraction: Double?
    var text: String
}

/// How a task ended.
enum TaskOutcome: Sendable {
    /// With a result, as JSON text.
    case succeeded([UInt8])
    case failed(TaskFailure)
    case cancelled
    case timedOut(TaskFailure)
}
