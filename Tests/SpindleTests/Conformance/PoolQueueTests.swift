internal import Logging
internal import ServiceLifecycle
internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `The queue of a pool` {
    /// A pool of one worker that is held up until the gate opens.
    private func heldPool(
        _ isolation: Isolation, _ configuration: WorkerPoolConfiguration
    ) async throws -> (pool: WorkerPool, gate: TestGate, held: Task<Bool, any Error>) {
        var configuration = configuration
        configuration.size = .fixed(1)
        configuration.isolation = isolation.value
        let pool = try await WorkerPool(configuration)
        let gate = try TestGate()
        let held = Task { try await pool.run(Block.self, gate) }
        try await gate.begun()
        return (pool, gate, held)
    }

    @Test(arguments: Isolation.tested)
    func `fails at its limit and says how to go on`(isolation: Isolation) async throws {
        let (pool, gate, _) = try await heldPool(isolation, .init(queueLimit: 1, onFull: .fail))
        let waiting = try await pool.submit(Same.self, 1)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.submit(Same.self, 2) }
        #expect(error?.code == .queueFull)
        #expect(pool.needsDrain)
        try gate.open()
        try await pool.drained()
        #expect(try await waiting.value == 1)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `makes a producer wait for room and takes its task then`(isolation: Isolation) async throws {
        let (pool, gate, _) = try await heldPool(isolation, .init(queueLimit: 1, onFull: .wait))
        let first = try await pool.submit(Same.self, 1)
        let second = Task { try await pool.submit(Same.self, 2) }
        let third = Task { try await pool.submit(Same.self, 3) }
        third.cancel()
        await #expect(throws: CancellationError.self) { try await third.value }
        try gate.open()
        #expect(try await first.value == 1)
        #expect(try await second.value.value == 2)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `sheds the oldest of the least urgent for a more urgent task`(isolation: Isolation) async throws {
        let (pool, gate, _) = try await heldPool(isolation, .init(queueLimit: 2, onFull: .shed))
        let low = try await pool.submit(Same.self, 1, options: .init(priority: .low))
        let normal = try await pool.submit(Same.self, 2)
        let high = try await pool.submit(Same.self, 3, options: .init(priority: .high))
        let error = await #expect(throws: WorkerPoolError.self) { try await low.value }
        #expect(error?.code == .shed)
        try gate.open()
        #expect(try await normal.value == 2)
        #expect(try await high.value == 3)
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `runs the more urgent first`(isolation: Isolation) async throws {
        let (pool, gate, _) = try await heldPool(isolation, .init())
        let order = try TestLog()
        var handles: [TaskHandle<Int, Never>] = []
        for (number, priority) in [(1, PoolPriority.low), (2, .normal), (3, .critical), (4, .normal)] {
            handles.append(
                try await pool.submit(Enter.self, .init(number: number, log: order), options: .init(priority: priority)))
        }
        try gate.open()
        for handle in handles { _ = try await handle.value }
        #expect(try order.numbers == [3, 2, 4, 1])
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `holds 100,000 tasks and answers each`(isolation: Isolation) async throws {
        let count = 100_000
        let (pool, gate, _) = try await heldPool(isolation, .init(queueLimit: count))
        var handles: [TaskHandle<Int, Never>] = []
        for number in 0..<count { handles.append(try await pool.submit(Same.self, number)) }
        #expect(pool.statistics.queued == count)
        try gate.open()
        for (number, handle) in handles.enumerated() { #expect(try await handle.value == number) }
        await pool.shutdownNow()
    }

    @Test(arguments: Isolation.tested)
    func `lets close finish what waits, and refuses what comes`(isolation: Isolation) async throws {
        let (pool, gate, held) = try await heldPool(isolation, .init(queueLimit: 1, onFull: .fail))
        let waiting = try await pool.submit(Same.self, 1)
        let closing = Task { await pool.close(deadline: .seconds(60)) }
        // The queue is full, so that no try gets in; the reason changes when the pool closes.
        var refusal: WorkerPoolError.Code?
        while refusal != .closed {
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.submit(Same.self, 2) }
            refusal = error?.code
            await Task.yield()
        }
        try gate.open()
        await closing.value
        #expect(try await waiting.value == 1)
        #expect(try await held.value)
    }

    @Test(arguments: Isolation.tested)
    func `stops what is left at the deadline of close`(isolation: Isolation) async throws {
        let (pool, _, held) = try await heldPool(isolation, .init(gracePeriod: .seconds(60)))
        let waiting = try await pool.submit(Same.self, 1)
        await pool.close(deadline: .milliseconds(1))
        let error = await #expect(throws: WorkerPoolError.self) { try await waiting.value }
        #expect(error?.code == .closed)
        #expect(try await held.value == false, "told to stop, and what it then returned came")
    }

    @Test(arguments: Isolation.tested)
    func `goes with the pool that is dropped`(isolation: Isolation) async throws {
        do {
            let pool = try await WorkerPool(.init(name: "dropped", size: .fixed(3), isolation: isolation.value))
            _ = try await pool.run(Same.self, 1)
        }
        #expect(await isolation.isGone("dropped"))
    }

    @Test(arguments: Isolation.tested)
    func `rejects a configuration that contradicts itself`(isolation: Isolation) async throws {
        for var configuration in [
            WorkerPoolConfiguration(size: .fixed(0)), .init(queueLimit: 0), .init(tasksPerKey: 0),
            .init(tasksPerWorker: 0), .init(abandonedLimit: -1), .init(startAttempts: 0),
        ] {
            configuration.isolation = isolation.value
            let error = await #expect(throws: WorkerPoolError.self) { try await WorkerPool(configuration) }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test(arguments: Isolation.tested)
    func `closes when its service group shuts down`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: isolation.value))
        let group = ServiceGroup(configuration: .init(services: [.init(service: pool)], logger: .init(label: "test")))
        let running = Task { try await group.run() }
        #expect(try await pool.run(Same.self, 1) == 1)
        await group.triggerGracefulShutdown()
        try await running.value
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Same.self, 2) }
        #expect(error?.code == .closed)
    }
}
