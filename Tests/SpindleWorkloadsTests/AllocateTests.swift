import Spindle
import SpindleWorkloads
import Testing

@Suite(.timeLimit(.minutes(5))) struct AllocateTests {
    private func withPool(_ body: (WorkerPool) async throws -> Void) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        try await body(pool)
        await pool.shutdownNow()
    }

    @Test func `it takes what it was asked for, step by step, and says how far it is`() async throws {
        try await withPool { pool in
            let task = try await pool.submit(Allocate.self, .init(mebibytes: 30))
            var last: WorkProgress?
            for await case .progress(let progress) in task.updates {
                #expect(progress.completed > last?.completed ?? 0)
                last = progress
            }
            #expect(last == WorkProgress(.bytes, completed: 30 << 20, total: 30 << 20))
            #expect(try await task.value.bytes == 30 << 20)
        }
    }

    @Test(arguments: [0, -1, Allocate.maximumMebibytes + 1, .max])
    func `more than anybody should take is refused before any is taken`(mebibytes: Int) async throws {
        try await withPool { pool in
            let error = await #expect(throws: WorkloadError.self) {
                try await pool.run(Allocate.self, .init(mebibytes: mebibytes))
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test func `it ends with its cancellation`() async throws {
        try await withPool { pool in
            let task = try await pool.submit(Allocate.self, .init(mebibytes: Allocate.maximumMebibytes))
            for await case .progress in task.updates {
                task.cancel()
                break
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            // It looked, and was not given up with its thread.
            #expect(pool.statistics.abandoned == 0)
        }
    }
}
