internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `Stopping tasks of a pool` {
    @Test(arguments: Isolation.tested)
    func `takes a waiting task out at once`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let gate = try TestGate()
        let first = Task { try await pool.run(Block.self, gate) }
        try await gate.begun()
        let second = try await pool.submit(Same.self, 2)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        try gate.open()
        #expect(try await first.value)
        #expect(try await pool.run(Same.self, 3) == 3)
        #expect(pool.statistics.cancelled == 1)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `does not even submit the task of a cancelled caller`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let gate = try TestGate()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await pool.run(Begin.self, gate)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try !gate.hasBegun)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `cancels a running task and no other`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value, gracePeriod: .seconds(60)))
        for _ in 0..<200 {
            let gate = try TestGate()
            let running = Task { try await pool.run(Pass.self, gate) }
            try await gate.begun()
            let next = Task { try await pool.run(AskIsCancelled.self, 0) }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            #expect(try await next.value == false)
        }
        let statistics = pool.statistics
        #expect(statistics.cancelled == 200 && statistics.completed == 200)
        #expect(statistics.workersStarted == 1, "a worker outlives the tasks that are stopped on it")
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `wakes a blocking wait in the task`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value, gracePeriod: .seconds(60)))
        let gate = try TestGate()
        let running = Task { try await pool.run(Block.self, gate) }
        try await gate.begun()
        running.cancel()
        #expect(try await running.value == false)
        #expect(try await pool.run(WaitOnWord.self, SharedBuffer(byteLength: 4)))
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `starts a task after cancelling a queued and then a running one`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value, gracePeriod: .seconds(60)))
        let gate = try TestGate()
        let running = Task { try await pool.run(Pass.self, gate) }
        try await gate.begun()
        let queued = Task { try await pool.run(Same.self, 0) }
        queued.cancel()
        await #expect(throws: CancellationError.self) { try await queued.value }
        running.cancel()
        #expect(try await pool.run(Same.self, 1) == 1)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `stops a task that runs too long, and the next one runs its full time`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value, gracePeriod: .seconds(60)))
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(Pass.self, TestGate(), options: .init(timeout: .milliseconds(5)))
        }
        #expect(error?.code == .timedOut && error?.wasAbandoned == false)
        #expect(try await pool.run(AskIsCancelled.self, 0, options: .init(timeout: .seconds(60))) == false)
        #expect(pool.statistics.timedOut == 1)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `gives up a task that waits longer than it may`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let gate = try TestGate()
        let running = Task { try await pool.run(Block.self, gate) }
        try await gate.begun()
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(Same.self, 1, options: .init(waitTimeout: .milliseconds(2)))
        }
        #expect(error?.code == .waitTimedOut)
        try gate.open()
        #expect(try await running.value)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `gives up a task whose time to wait is over before it has come in`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let gate = try TestGate()
        let running = Task { try await pool.run(Block.self, gate) }
        try await gate.begun()
        for _ in 0..<500 {
            let error = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(Same.self, 1, options: .init(waitTimeout: .zero))
            }
            #expect(error?.code == .waitTimedOut)
        }
        try gate.open()
        #expect(try await running.value)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `lets a handle stop its task`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value, gracePeriod: .seconds(60)))
        let gate = try TestGate()
        let handle = try await pool.submit(Pass.self, gate)
        try await gate.begun()
        handle.cancel()
        handle.cancel()
        await #expect(throws: CancellationError.self) { try await handle.value }
        await pool.shutdownNow()
    }
}
