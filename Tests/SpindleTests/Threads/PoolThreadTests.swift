internal import Spindle
internal import TestSupport
internal import Testing

/// What only a pool of threads takes: closures, and objects in what they return.
@Suite(.timeLimit(.minutes(10))) struct `A closure in a thread pool` {
    @Test func `runs on a thread of the pool and not on the caller's`() async throws {
        let pool = try await WorkerPool(.init(name: "closures", size: .fixed(1)))
        #expect(try await pool.run { ThreadExecutor.current?.name } == "closures-1")
        await pool.shutdownNow()
    }

    @Test func `gives its own error to its owner and leaves the worker unharmed`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        await #expect(throws: Odd(attempt: 7)) { try await pool.run { throw Odd(attempt: 7) } }
        #expect(try await pool.run { 1 } == 1)
        let statistics = pool.statistics
        #expect(statistics.failed == 1 && statistics.completed == 1 && statistics.workersStarted == 1)
        await pool.shutdownNow()
    }

    @Test func `is tried again as its policy says`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let attempts = EventLog<Int>()
        let policy = RetryPolicy(maximumAttempts: 3, initialDelay: .zero)
        let attempt = { @Sendable () throws -> Int in
            attempts.append(attempts.events.count + 1)
            guard attempts.events.count == 3 else { throw Odd(attempt: attempts.events.count) }
            return 42
        }
        #expect(try await pool.run(options: .init(retry: policy)) { try attempt() } == 42)
        #expect(attempts.events == [1, 2, 3])
        #expect(pool.statistics.retried == 2 && pool.statistics.completed == 1 && pool.statistics.failed == 0)
        await pool.shutdownNow()
    }

    @Test func `of a cancelled caller does not run`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let ran = Signal()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await pool.run { ran.fire() }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!ran.hasFired)
        await pool.shutdownNow()
    }

    @Test func `is cancelled with its caller`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        let gate = try TestGate()
        let running = Task { try await pool.run { try await gate.pass() } }
        try await gate.begun()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(try await pool.run { Task.isCancelled } == false)
        await pool.shutdownNow()
    }

    @Test func `warms each worker up`() async throws {
        let warm = EventLog<String>()
        let pool = try await WorkerPool(
            .init(name: "warm", size: .fixed(2), warmUp: { warm.append(ThreadExecutor.current?.name ?? "") }))
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await pool.run { 1 } } }
            try await group.waitForAll()
        }
        await pool.close(deadline: .seconds(10))
        #expect(Set(warm.events) == ["warm-1", "warm-2"])
    }

    @Test func `that keeps failing to warm up is the pool's reason to refuse`() async throws {
        let pool = try await WorkerPool(
            .init(size: .fixed(1), startAttempts: 3, startBackoff: .zero, warmUp: { throw Odd(attempt: 0) }))
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run { 1 } }
        #expect(error?.code == .noWorkers)
        await pool.shutdownNow()
        #expect(pool.statistics.workersStarted == 3)
    }

    @Test func `may return a worker it started, which ends with the pool's worker`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let child = try await pool.run { try await Worker.script { parent in for try await _ in parent.messages {} } }
        await pool.shutdownNow()
        guard case .terminated = try await child.exit else { Issue.record("the child was left behind"); return }
    }
}
