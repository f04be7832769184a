internal import Spindle
internal import TestSupport

/// Sends every message back.
enum Echo: WorkerProgram {
    static func run(_ parent: WorkerScope<Echo>) async throws {
        for try await number in parent.messages { try await parent.send(number) }
    }
    typealias Inbound = Int
    typealias Outbound = Int
}

/// Does what the closure it is given says.
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

extension AsyncSequence {
    /// All elements up to the end.
    func collect() async throws -> [Element] {
        var all: [Element] = []
        for try await element in self { all.append(element) }
        return all
    }
}

extension WorkerEvent {
    /// One word, to compare with.
    var word: String {
        switch self {
        case .online: "online"
        case .message(let message): "\(message)"
        case .exit(let exit): exit.description
        }
    }
}

extension WorkerExit {
    var isAbandoned: Bool { if case .abandoned = self { true } else { false } }
}
