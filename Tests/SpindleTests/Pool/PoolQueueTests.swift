internal import Logging
internal import ServiceLifecycle
internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `The queue of a thread pool` {
    /// A pool of one worker that is held up until the gate opens.
    private func heldPool(
        _ configuration: WorkerPoolConfiguration
    ) async throws -> (pool: WorkerPool, gate: Gate, held: Task<Void, any Error>) {
        var configuration = configuration
        configuration.size = .fixed(1)
        let pool = try await WorkerPool(configuration)
        let gate = Gate()
        let held = Task { try await pool.run { gate.block() } }
        await gate.begun.wait()
        return (pool, gate, held)
    }

    @Test func `fails at its limit and says how to go on`() async throws {
        let (pool, gate, _) = try await heldPool(.init(queueLimit: 1, onFull: .fail))
        let waiting = try await pool.submit(Same.self, 1)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.submit(Same.self, 2) }
        #expect(error?.code == .queueFull)
        #expect(pool.needsDrain)
        gate.open()
        try await pool.drained()
        #expect(try await waiting.value == 1)
        await pool.shutdownNow()
    }

    @Test func `makes a producer wait for room and takes its task then`() async throws {
        let (pool, gate, _) = try await heldPool(.init(queueLimit: 1, onFull: .wait))
        let first = try await pool.submit(Same.self, 1)
        let second = Task { try await pool.submit(Same.self, 2) }
        let third = Task { try await pool.submit(Same.self, 3) }
        third.cancel()
        await #expect(throws: CancellationError.self) { try await third.value }
        gate.open()
        #expect(try await first.value == 1)
        #expect(try await second.value.value == 2)
        await pool.shutdownNow()
    }

    @Test func `sheds the oldest of the least urgent for a more urgent task`() async throws {
        let (pool, gate, _) = try await heldPool(.init(queueLimit: 2, onFull: .shed))
        let low = try await pool.submit(Same.self, 1, options: .init(priority: .low))
        let normal = try await pool.submit(Same.self, 2)
        let high = try await pool.submit(Same.self, 3, options: .init(priority: .high))
        let error = await #expect(throws: WorkerPoolError.self) { try await low.value }
        #expect(error?.code == .shed)
        gate.open()
        #expect(try await normal.value == 2)
        #expect(try await high.value == 3)
        await pool.shutdownNow()
    }

    @Test func `runs the more urgent first`() async throws {
        let (pool, gate, _) = try await heldPool(.init())
        let order = EventLog<Int>()
        var handles: [TaskHandle<Int, Never>] = []
        for (number, priority) in [(1, PoolPriority.low), (2, .normal), (3, .critical), (4, .normal)] {
            handles.append(
                try await pool.submit(Note.self, .init(log: order, number: number), options: .init(priority: priority)))
        }
        gate.open()
        for handle in handles { _ = try await handle.value }
        #expect(order.events == [3, 2, 4, 1])
        await pool.shutdownNow()
    }

    @Test func `holds 100,000 tasks and answers each`() async throws {
        let (pool, gate, _) = try await heldPool(.init(queueLimit: 100_000))
        var handles: [TaskHandle<Int, Never>] = []
        for number in 0..<100_000 { handles.append(try await pool.submit(Same.self, number)) }
        #expect(pool.statistics.queued == 100_000)
        gate.open()
        for (number, handle) in handles.enumerated() { #expect(try await handle.value == number) }
        await pool.shutdownNow()
    }

    @Test func `lets close finish what waits, and refuses what comes`() async throws {
        let (pool, gate, held) = try await heldPool(.init(queueLimit: 1, onFull: .fail))
        let waiting = try await pool.submit(Same.self, 1)
        let closing = Task { await pool.close(deadline: .seconds(60)) }
        // The queue is full, so that no try gets in; the reason changes when the pool closes.
        var refusal: WorkerPoolError.Code?
        while refusal != .closed {
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.submit(Same.self, 2) }
            refusal = error?.code
            await Task.yield()
        }
        gate.open()
        await closing.value
        #expect(try await waiting.value == 1)
        try await held.value
    }

    @Test func `stops what is left at the deadline of close`() async throws {
        let (pool, _, held) = try await heldPool(.init(gracePeriod: .seconds(60)))
        let waiting = try await pool.submit(Same.self, 1)
        await pool.close(deadline: .milliseconds(1))
        let error = await #expect(throws: WorkerPoolError.self) { try await waiting.value }
        #expect(error?.code == .closed)
        try await held.value
    }

    @Test func `goes with the pool that is dropped`() async throws {
        do {
            let pool = try await WorkerPool(.init(name: "dropped", size: .fixed(3)))
            _ = try await pool.run { 1 }
        }
        #expect(await ProcessCensus.noThreads(named: "dropped"))
    }

    @Test func `rejects a configuration that contradicts itself`() async throws {
        for configuration in [
            WorkerPoolConfiguration(size: .fixed(0)), .init(queueLimit: 0), .init(tasksPerKey: 0),
            .init(tasksPerWorker: 0), .init(abandonedLimit: -1), .init(startAttempts: 0),
        ] {
            let error = await #expect(throws: WorkerPoolError.self) { try await WorkerPool(configuration) }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test func `closes when its service group shuts down`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let group = ServiceGroup(configuration: .init(services: [.init(service: pool)], logger: .init(label: "test")))
        let running = Task { try await group.run() }
        #expect(try await pool.run { 1 } == 1)
        await group.triggerGracefulShutdown()
        try await running.value
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run { 2 } }
        #expect(error?.code == .closed)
    }
}

enum Same: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int { number }
}

private enum Note: WorkerTask {
    struct Input: Sendable {
        let log: EventLog<Int>
        let number: Int
    }
    static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> Int {
        input.log.append(input.number)
        return input.number
    }
}
