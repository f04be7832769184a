internal import Spindle
internal import TestSupport
internal import Testing

extension Abandonment {
    /// A thread that goes on is cut off and counted; how many may be so is limited.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct `An abandoned thread of a pool` {
        @Test func `does not keep a pool from closing when it warms up`() async throws {
            let gate = try TestGate()
            let pool = try await WorkerPool(
                .init(name: "cold", size: .fixed(1), gracePeriod: .milliseconds(1), warmUp: { try gate.blockStubbornly() }))
            try await gate.begun()
            await pool.shutdownNow()
            #expect(pool.statistics.workers == 0 && pool.statistics.abandonedThreads == 1)
            try gate.open()
            #expect(await ProcessCensus.noThreads(named: "cold"))
        }

        @Test func `is the last when all that may be abandoned were, and tasks are refused`() async throws {
            let pool = try await WorkerPool(.init(name: "used-up", size: .fixed(1), gracePeriod: .zero, abandonedLimit: 0))
            let gate = try TestGate()
            _ = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(options: .init(timeout: .milliseconds(1))) { try gate.blockStubbornly() }
            }
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.run { 1 } }
            #expect(error?.code == .noWorkers)
            try gate.open()
            await pool.shutdownNow()
            #expect(await ProcessCensus.noThreads(named: "used-up"))
        }
    }
}
