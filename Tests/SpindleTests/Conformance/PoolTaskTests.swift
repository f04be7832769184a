internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `A task in a pool` {
    @Test(arguments: Isolation.tested)
    func `returns its output to its own caller`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(2), isolation: isolation.value))
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<200 { group.addTask { (number, try await pool.run(Square.self, number)) } }
            for try await (number, square) in group { #expect(square == number * number) }
        }
        await pool.close(deadline: .seconds(10))
        #expect(pool.statistics.completed == 200)
    }

    @Test(arguments: Isolation.tested)
    func `runs on a thread of the pool and not on the caller's`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(name: "where", size: .fixed(1), isolation: isolation.value))
        #expect(try await pool.run(AskThreadName.self, 0) == "where-1")
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `gives its own error to its owner and leaves the worker unharmed`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let error = await #expect(throws: (any Error).self) { try await pool.run(Fail.self, 7) }
        expectFailure(error, Odd(attempt: 7), in: isolation)
        #expect(try await pool.run(Same.self, 1) == 1)
        let statistics = pool.statistics
        #expect(statistics.failed == 1 && statistics.completed == 1 && statistics.workersStarted == 1)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `reports starts and progress in order, and then ends`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
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

    @Test(arguments: Isolation.tested)
    func `is tried again as its policy says`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let attempts = try TestLog()
        let policy = RetryPolicy(maximumAttempts: 3, initialDelay: .zero)
        #expect(try await pool.run(SucceedThirdTime.self, attempts, options: .init(retry: policy)) == 42)
        #expect(try attempts.numbers == [1, 2, 3])
        #expect(pool.statistics.retried == 2 && pool.statistics.completed == 1 && pool.statistics.failed == 0)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `is not tried again when its policy says the error is final`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let policy = RetryPolicy(maximumAttempts: 5, initialDelay: .zero) { !isolation.isError($0, Odd(attempt: 1)) }
        let error = await #expect(throws: (any Error).self) {
            try await pool.run(Fail.self, 1, options: .init(retry: policy))
        }
        expectFailure(error, Odd(attempt: 1), in: isolation)
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

    @Test(arguments: Isolation.tested)
    func `finds what the warm-up has made on its worker`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(
            .init(name: "warmed", size: .fixed(2), isolation: isolation.value, warmUpProgram: NoteThreadName.self))
        // Two tasks that are held at the same time have a worker each.
        let gates = [try TestGate(), try TestGate()]
        let held = gates.map { gate in Task { try await pool.run(AskForWarmth.self, gate) } }
        for gate in gates { try await gate.begun() }
        for gate in gates { try gate.open() }
        var names: Set<String?> = []
        for task in held { names.insert(try await task.value) }
        #expect(names == ["warmed-1", "warmed-2"])
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `is refused when the warm-up keeps failing, with the pool's reason`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(
            .init(
                size: .fixed(1), isolation: isolation.value, startAttempts: 3, startBackoff: .zero,
                warmUpProgram: FailToWarmUp.self))
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Same.self, 1) }
        #expect(error?.code == .noWorkers)
        await pool.shutdownNow()
        #expect(pool.statistics.workersStarted == 3)
    }

    @Test(arguments: Isolation.tested)
    func `meets a fresh worker after as many tasks as one may run`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(name: "fresh", size: .fixed(1), isolation: isolation.value, tasksPerWorker: 2))
        var names: [String?] = []
        for _ in 0..<5 { names.append(try await pool.run(AskThreadName.self, 0)) }
        #expect(names == ["fresh-1", "fresh-1", "fresh-2", "fresh-2", "fresh-3"])
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.nested)
    func `may start workers of its own, which end with the pool's worker`(
        isolation: Isolation, ofChildren: Isolation
    ) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let input = LeaveChild.Input(isolation: ofChildren, gate: try TestGate(), log: try TestLog())
        #expect(try await pool.run(LeaveChild.self, input))
        #expect(try input.log.notes == [])
        await pool.shutdownNow()
        #expect(try input.log.notes == [.child])
    }
}
