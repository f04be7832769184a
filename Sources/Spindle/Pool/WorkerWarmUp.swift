/// What each worker of a pool does before its first task, as a type, so that a worker process can find it.
///
/// ```swift
/// enum LoadModel: WorkerWarmUp {
///     static func warmUp() async throws { try Model.shared.load() }
/// }
/// let pool = try await WorkerPool(.init(isolation: .process, warmUpProgram: LoadModel.self))
/// ```
public protocol WorkerWarmUp: SendableMetatype {
    /// Runs on the worker's own thread. A throw fails the start, which is tried again after a pause.
    static func warmUp() async throws
}
