internal import Spindle
internal import TestSupport
internal import Testing

/// Squares a number and reports on the way.
private enum Square: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Double>) async throws -> Int {
        context.report(0.5)
        context.report(1)
        return number * number
    }
}

private struct Odd: Error, Equatable {
    let attempt: Int
}

@Suite(.timeLimit(.minutes(10))) struct `A task in a thread pool` {
    @Test func `returns its output to its own caller`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(2)))
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<200 { group.addTask { (number, try await pool.run(Square.self, number)) } }
            for try await (number, square) in group { #expect(square == number * number) }
        }
        await pool.close(deadline: .seconds(10))
        #expect(pool.statistics.completed == 200)
    }

    @Test func `runs on a thread of the pool and not on the caller's`() async throws {
        let pool = try await WorkerPool(.init(name: "where", size: .fixed(1)))
        #expect(try await pool.run { ThreadExecutor.current?.name } == "where-1")
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

    @Test func `reports starts and progress in order, and then ends`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let handle = try await pool.submit(Square.self, 4)
        var seen: [String] = []
        for await update in handle.updates {
            switch update {
            case .started(let attempt, _): seen.append("start \(attempt)")
            case .progress(let share): seen.append("\(share)")
            }
        }
        #expect(seen == ["start 1", "0.5", "1.0"])
        #expect(try await handle.value == 16)
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

    @Test func `is not tried again when its policy says the error is final`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let policy = RetryPolicy(maximumAttempts: 5, initialDelay: .zero) { ($0 as? Odd)?.attempt != 1 }
        await #expect(throws: Odd(attempt: 1)) {
            try await pool.run(options: .init(retry: policy)) { throw Odd(attempt: 1) }
        }
        #expect(pool.statistics.retried == 0)
        await pool.shutdownNow()
    }

    @Test func `waits longer between attempts, up to a limit`() {
        let policy = RetryPolicy(maximumAttempts: 9, initialDelay: .seconds(1), multiplier: 3, maximumDelay: .seconds(5))
        #expect(policy.delay(afterAttempt: 1, Odd(attempt: 1)) == .seconds(1))
        #expect(policy.delay(afterAttempt: 2, Odd(attempt: 2)) == .seconds(3))
        #expect(policy.delay(afterAttempt: 3, Odd(attempt: 3)) == .seconds(5))
        #expect(policy.delay(afterAttempt: 9, Odd(attempt: 9)) == nil)
        #expect(policy.delay(afterAttempt: 1, CancellationError()) == nil)
    }

    @Test func `finds what the warm-up has made on its worker`() async throws {
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

    @Test func `is refused when the warm-up keeps failing, with the pool's reason`() async throws {
        let pool = try await WorkerPool(
            .init(size: .fixed(1), startAttempts: 3, startBackoff: .zero, warmUp: { throw Odd(attempt: 0) }))
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run { 1 } }
        #expect(error?.code == .noWorkers)
        await pool.shutdownNow()
        #expect(pool.statistics.workersStarted == 3)
    }

    @Test func `meets a fresh worker after as many tasks as one may run`() async throws {
        let pool = try await WorkerPool(.init(name: "fresh", size: .fixed(1), tasksPerWorker: 2))
        var names: [String?] = []
        for _ in 0..<5 { names.append(try await pool.run { ThreadExecutor.current?.name }) }
        #expect(names == ["fresh-1", "fresh-1", "fresh-2", "fresh-2", "fresh-3"])
        await pool.shutdownNow()
    }

    @Test func `may start workers of its own, which end with the pool's worker`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let child = try await pool.run { try await Worker(Sleeper.self) }
        await pool.shutdownNow()
        guard case .terminated = try await child.exit else { Issue.record("the child was left behind"); return }
    }
}

/// Waits for messages until it is told to stop.
private enum Sleeper: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Never
    static func run(_ parent: WorkerScope<Sleeper>) async throws {
        for try await _ in parent.messages {}
    }
}
