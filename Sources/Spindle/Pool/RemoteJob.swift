internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A job that a worker process runs: encoded when it is submitted, decoded when its answer comes.
///
/// Safe to send: as its superclass; the result is written by `accept` on the link's thread, before `answer()` there, and
/// `call` by the one worker that begins with it.
final class RemoteJob<Output: Sendable>: TypedJob<Output>, @unchecked Sendable {
    /// Nil once a worker has it that nobody else can have.
    private var call: RemoteCall?
    private let hasPort: Bool
    private let decode: @Sendable (EncodedMessage) throws -> Output
    private let onStart: @Sendable (_ attempt: Int, WorkerID) -> Void
    private let onProgress: @Sendable (EncodedMessage) -> Void

    init(
        _ options: TaskOptions, _ call: RemoteCall, decode: @escaping @Sendable (EncodedMessage) throws -> Output,
        onStart: @escaping @Sendable (_ attempt: Int, WorkerID) -> Void = { _, _ in },
        onProgress: @escaping @Sendable (EncodedMessage) -> Void = { _ in }
    ) {
        self.call = call
        hasPort = call.input.movesAny
        self.decode = decode
        self.onStart = onStart
        self.onProgress = onProgress
        super.init(options)
    }

    override var canRunAgain: Bool { !hasPort }

    override func takeCall() -> RemoteCall? {
        defer { if hasPort { call = nil } }
        return call
    }

    override func started(attempt: Int, worker: WorkerID) { onStart(attempt, worker) }
    override func report(_ progress: EncodedMessage) { onProgress(progress) }

    override func accept(_ output: EncodedMessage) throws -> AttemptResult {
        result = .success(try decode(output))
        return .completed
    }

    override func accept(_ error: any Error) -> AttemptResult {
        result = .failure(error)
        return .failed(error)
    }
}

/// A task as a worker process is told it.
struct RemoteCall: Sendable {
    let program: String
    let input: EncodedMessage
    let baggage: TaskBaggage

    init(program: String, input: EncodedMessage, baggage: TaskBaggage) {
        self.program = program
        self.input = input
        self.baggage = baggage
    }

    /// - Throws: ``WorkerPoolError`` with code `notEncodable` when the task, or what goes in or out of it, is unfit
    ///   for a process.
    init<Work: WorkerTask>(_ task: Work.Type, _ input: Work.Input) throws(WorkerPoolError) {
        do {
            program = try Self.name(of: task)
            self.input = try EncodedMessage(input)
            baggage = TaskBaggage.captured()
        } catch {
            throw WorkerPoolError(.notEncodable, "\(task) cannot run in a worker process: \(error)")
        }
    }

    /// The names of tasks that were found fit.
    private static let names = Lock<[ObjectIdentifier: String]>([:])

    private static func name<Work: WorkerTask>(of task: Work.Type) throws -> String {
        if let known = names.withLock({ $0[ObjectIdentifier(task)] }) { return known }
        let name = try ProgramName.check(task)
        try MessageCoding.check(Work.Input.self)
        try MessageCoding.check(Work.Output.self)
        try MessageCoding.check(Work.Progress.self)
        names.withLock { $0[ObjectIdentifier(task)] = name }
        return name
    }
}
