internal import SpindleCore
internal import SpindleMessaging

/// How an attempt ended.
enum AttemptResult {
    case completed
    case failed(any Error)
}

/// A task of whatever type, as the pool's driver and workers see it. ``TypedJob`` knows the type.
///
/// Safe to send: the fields declared here are only touched under the driver's lock.
class PoolJob: @unchecked Sendable {
    let options: TaskOptions
    var id = TaskID(number: 0)
    var ref: TaskRef?
    /// Cancelled before it was submitted.
    var isGivenUp = false
    /// Its time to wait is over, perhaps before it was submitted.
    var hasWaited = false
    var waitTimer: TimerThread.ID?
    /// How the workers died that this task has cost.
    var crashes: [WorkerCrash] = []

    init(_ options: TaskOptions) { self.options = options }

    /// Runs one attempt on this thread; the result stays with the job until ``answer()``.
    func execute(attempt: Int, worker: WorkerID) async -> AttemptResult { preconditionFailure("Overridden by LocalJob.") }
    /// Whether there can be a further attempt. A port in the input went with the first, and is used up.
    var canRunAgain: Bool { true }
    /// What the worker process that begins with it is to be told; nil for a job that can only run on a thread.
    func takeCall() -> RemoteCall? { nil }
    /// A worker process has begun with it.
    func started(attempt: Int, worker: WorkerID) {}
    /// A worker process tells how far it is.
    func report(_ progress: EncodedMessage) {}
    /// A worker process gives its output, which stays with the job until ``answer()``.
    func accept(_ output: EncodedMessage) throws -> AttemptResult { preconditionFailure("Overridden by RemoteJob.") }
    /// A worker process says that it failed; likewise.
    func accept(_ error: any Error) -> AttemptResult { preconditionFailure("Overridden by RemoteJob.") }
    /// Gives the owner the result of the last attempt.
    func answer() { preconditionFailure("Overridden by TypedJob.") }
    /// Gives the owner an error instead.
    func fail(_ error: any Error) { preconditionFailure("Overridden by TypedJob.") }
    /// It is in the queue now.
    func admitted() {}
}

/// A task with an output of a known type, and where the output goes.
///
/// Safe to send: `result` is written by the worker that runs the job and read by
/// the same worker in `answer()`, which the state machine lets it call only if the
/// job was not taken from it; `owner` is set before the job is submitted. The
/// answer is given once, by whom the machine says.
class TypedJob<Output: Sendable>: PoolJob, @unchecked Sendable {
    private final var owner: Owner?
    final var result: Result<Output, any Error>?

    enum Owner {
        case continuation(UnsafeContinuation<Output, any Error>)
        case submission(Submission<Output>)
    }

    /// Says who gets the answer; before the job is submitted.
    final func answer(to owner: Owner) { self.owner = owner }

    override final func answer() {
        if let result { complete(result) }
    }

    override final func fail(_ error: any Error) { complete(.failure(error)) }

    override final func admitted() {
        if case .submission(let submission)? = owner { submission.admission.fulfil(()) }
    }

    private func complete(_ result: Result<Output, any Error>) {
        switch owner {
        case .continuation(let continuation)?: continuation.resume(with: result)
        case .submission(let submission)?: submission.complete(result)
        case nil: preconditionFailure("A job has an owner before it is submitted.")
        }
    }
}

/// A job that runs on a thread of this process.
///
/// Safe to send: as its superclass; `body` never changes.
final class LocalJob<Output: Sendable>: TypedJob<Output>, @unchecked Sendable {
    typealias Body = @Sendable (TaskID, _ attempt: Int, WorkerID) async throws -> Output

    private let body: Body

    init(_ options: TaskOptions, _ body: @escaping Body) {
        self.body = body
        super.init(options)
    }

    override func execute(attempt: Int, worker: WorkerID) async -> AttemptResult {
        do {
            result = .success(try await body(id, attempt, worker))
            return .completed
        } catch {
            result = .failure(error)
            return .failed(error)
        }
    }
}

/// What a ``TaskHandle`` waits on.
final class Submission<Output: Sendable>: Sendable {
    /// The task is in the queue, or will never be.
    let admission = Promise<Void>()
    let result = Promise<Result<Output, any Error>>()
    private let ended: @Sendable () -> Void

    init(ended: @escaping @Sendable () -> Void) { self.ended = ended }

    func complete(_ result: Result<Output, any Error>) {
        ended()
        self.result.fulfil(result)
        admission.fulfil(())
    }
}
