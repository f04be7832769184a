internal import Spindle
internal import Testing

/// Adds; or does what should not be done to a worker.
enum Sum: WorkerTask {
    struct Input: Codable, Sendable { var a: Int; var b: Int }
    static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> Int { input.a + input.b }
}

enum Trap: WorkerTask {
    static func run(_ input: String, _ context: TaskContext<Never>) async throws -> Int { fatalError(input) }
}

@Suite(.timeLimit(.minutes(2))) struct `A worker in a process` {
    @Test func `sends every message back`() async throws {
        let worker = try await Worker(Echo.self, isolation: .process)
        for number in 0..<100 { try await worker.send(number) }
        worker.finishSending()
        #expect(try await worker.messages.collect() == Array(0..<100))
        guard case .completed = try await worker.exit else { Issue.record("\(try await worker.exit)"); return }
    }

    @Test func `runs tasks of a pool, and outlives one that traps`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: .process))
        #expect(try await pool.run(Sum.self, .init(a: 1, b: 2)) == 3)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Trap.self, "on purpose") }
        #expect(error?.code == .workerCrashed)
        #expect(error?.crashes.last?.lastErrorLines.contains { $0.contains("on purpose") } == true)
        #expect(try await pool.run(Sum.self, .init(a: 3, b: 4)) == 7)
        await pool.shutdownNow()
    }
}
