internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(1))) struct `The death of a pool's process` {
    private func pool(
        _ workers: Int = 1, _ limits: ProcessLimits = ProcessLimits(), warmUp: (any WorkerWarmUp.Type)? = nil
    ) async throws -> WorkerPool {
        try await WorkerPool(
            .init(
                size: .fixed(workers), isolation: .process(ProcessConfiguration(standardError: .discard, limits: limits)),
                startAttempts: 3, startBackoff: .milliseconds(1), warmUpProgram: warmUp))
    }

    @Test(arguments: Death.unlimited)
    func `fails its task and no other, and the worker is replaced`(death: Death) async throws {
        let pool = try await pool(2)
        let gate = try PipeGate()
        defer { gate.remove() }
        let neighbour = Task { try await pool.run(Linger.self, gate) }
        _ = try await gate.arrival()
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Die.self, death) }
        #expect(error?.code == .workerCrashed && error?.crashes.map(\.cause) == [death.cause])
        if let words = death.words { #expect(error?.message.hasSuffix(words) == true, "\(error?.message ?? "")") }
        #expect(try await pool.run(Same.self, 7) == 7)
        gate.open()
        #expect(try await neighbour.value)
        #expect(pool.statistics.crashed == 1 && pool.statistics.rerun == 0 && pool.statistics.failed == 1)
        await pool.shutdownNow()
    }

    @Test(
        .disabled(if: ProcessCensus.isSanitized, "a sanitizer's own memory exceeds any limit"),
        arguments: [
            ProcessLimits(addressSpace: 16 << 30, residentMemory: 128 << 20), ProcessLimits(addressSpace: 1 << 30),
        ])
    func `out of memory names the limit`(limits: ProcessLimits) async throws {
        let pool = try await pool(1, limits)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Die.self, .useUpMemory) }
        #expect(error?.crashes.map(\.cause) == [.limit(.memory)], "\(error?.crashes.first?.lastErrorLines ?? [])")
        #expect(try await pool.run(Same.self, 7) == 7)
        await pool.shutdownNow()
    }

    @Test func `by somebody else's SIGKILL fails its task`() async throws {
        let pool = try await pool()
        let gate = try PipeGate()
        defer { gate.remove() }
        let task = Task { try await pool.run(Linger.self, gate) }
        kill(try await gate.arrival(), SIGKILL)
        let error = await #expect(throws: WorkerPoolError.self) { try await task.value }
        #expect(error?.crashes.map(\.cause) == [.signal(SIGKILL)])
        await pool.shutdownNow()
    }

    @Test func `again and again makes a task poisonous, which counts apart from retries`() async throws {
        let pool = try await pool()
        let options = TaskOptions(
            retry: RetryPolicy(maximumAttempts: 2, initialDelay: .milliseconds(1)), maximumCrashes: 3)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(ThrowThenDie.self, 0, options: options) }
        #expect(error?.code == .poisonous)
        #expect(error?.crashes.count == 3 && Set(error?.crashes.map(\.processID) ?? []).count == 3)
        #expect(error?.crashes.allSatisfy { $0.cause == .signal(SIGILL) } == true)
        let statistics = pool.statistics
        #expect(statistics.crashed == 3 && statistics.rerun == 2 && statistics.retried == 1 && statistics.failed == 1)
        #expect(try await pool.run(Same.self, 7) == 7)
        await pool.shutdownNow()
    }

    @Test func `does not bring a task back whose port went with it, and the port's other end learns of it`() async throws {
        let pool = try await pool()
        let channel = MessageChannel<Int, Int>()
        let options = TaskOptions(retry: RetryPolicy(maximumAttempts: 3), maximumCrashes: 3)
        let task = Task { try await pool.run(DieWithPort.self, channel.port2, options: options) }
        #expect(try await channel.port1.messages.first { _ in true } == 1)
        #expect(try await channel.port1.messages.first { _ in true } == nil)
        let error = await #expect(throws: WorkerPoolError.self) { try await task.value }
        #expect(error?.code == .workerCrashed && error?.crashes.count == 1 && pool.statistics.rerun == 0)
        await pool.shutdownNow()
    }

    @Test func `while it has nothing to do is nobody's failure, and it is replaced`() async throws {
        let pool = try await pool()
        let first = try await pool.run(AskProcess.self, 0)
        let end = try Ended(first)
        kill(first, SIGKILL)
        try await end.wait()
        // The one task that may still meet the old process is run again.
        let second = try await pool.run(AskProcess.self, 0, options: TaskOptions(maximumCrashes: 2))
        #expect(second != first)
        #expect(pool.statistics.failed == 0)
        await pool.shutdownNow()
    }

    @Test func `at its start uses the attempts up, and then tasks are refused`() async throws {
        let pool = try await pool(1, warmUp: DieWarmingUp.self)
        let error = await #expect(throws: WorkerPoolError.self) { try await pool.run(Same.self, 7) }
        #expect(error?.code == .noWorkers)
        let later = await #expect(throws: WorkerPoolError.self) { try await pool.run(Same.self, 7) }
        #expect(later?.code == .noWorkers)
        #expect(pool.statistics.workersStarted == 3 && pool.statistics.workers == 0)
        await pool.shutdownNow()
    }
}
