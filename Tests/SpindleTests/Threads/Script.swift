internal import Spindle

/// Does what the closure it is given says, which takes a thread: a closure stays in its process.
enum Script: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int
    typealias WorkerData = @Sendable (WorkerScope<Script>) async throws -> Void

    static func run(_ parent: WorkerScope<Script>) async throws { try await parent.workerData(parent) }
}

extension Worker<Script> {
    static func script(
        _ options: WorkerOptions = WorkerOptions(), _ body: @escaping @Sendable (WorkerScope<Script>) async throws -> Void
    ) async throws -> Worker<Script> {
        try await Worker(Script.self, workerData: body, options: options)
    }
}
