internal import Spindle
internal import TestSupport
internal import Testing

extension Abandonment {
    @Suite(.serialized, .timeLimit(.minutes(10))) struct `A pool task that does not stop` {
        @Test(arguments: Isolation.tested)
        func `costs its worker, a thread abandoned and counted, a process killed, which is replaced`(
            isolation: Isolation
        ) async throws {
            let before = Workers.statistics.abandoned
            let pool = try await WorkerPool(
                .init(name: "stubborn", size: .fixed(1), isolation: isolation.value, gracePeriod: .milliseconds(1)))
            let gate = try TestGate()
            let stubborn = Task { try await pool.run(BlockStubbornly.self, gate) }
            try await gate.begun()
            stubborn.cancel()
            await #expect(throws: CancellationError.self) { try await stubborn.value }
            #expect(try await pool.run(AskThreadName.self, 0) == "stubborn-2")
            let (abandoned, killed) = (isolation.count(threads: 1, processes: 0), isolation.count(threads: 0, processes: 1))
            #expect(pool.statistics.abandoned == abandoned && pool.statistics.abandonedThreads == abandoned)
            #expect(pool.statistics.killed == killed)
            #expect(Workers.statistics.abandoned == before + abandoned)
            if isolation == .thread { try gate.open() }
            await pool.shutdownNow()
            #expect(await isolation.isGone("stubborn"))
            #expect(pool.statistics.abandonedThreads == 0)
        }

        @Test(arguments: Isolation.tested)
        func `fails by its timeout`(isolation: Isolation) async throws {
            let pool = try await WorkerPool(
                .init(name: "late", size: .fixed(1), isolation: isolation.value, gracePeriod: .milliseconds(1)))
            let gate = try TestGate()
            let error = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(BlockStubbornly.self, gate, options: .init(timeout: .milliseconds(5)))
            }
            #expect(error?.code == .timedOut && error?.wasAbandoned == (isolation == .thread))
            #expect(try await pool.run(AskThreadName.self, 0) == "late-2")
            try gate.open()
            await pool.shutdownNow()
            #expect(await isolation.isGone("late"))
        }

        @Test(arguments: Isolation.tested)
        func `does not keep the pool from shutting down within the grace period`(isolation: Isolation) async throws {
            let pool = try await WorkerPool(
                .init(name: "shut", size: .fixed(1), isolation: isolation.value, gracePeriod: .milliseconds(1)))
            let gate = try TestGate()
            let stubborn = Task { try await pool.run(BlockStubbornly.self, gate) }
            try await gate.begun()
            await pool.shutdownNow()
            let error = await #expect(throws: WorkerPoolError.self) { try await stubborn.value }
            #expect(error?.code == .closed && error?.wasAbandoned == (isolation == .thread))
            if isolation == .thread { try gate.open() }
            #expect(await isolation.isGone("shut"))
        }
    }
}
