import Spindle
import SpindleWorkloads
import Testing

@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    @Test func `every task that ends runs on a pool`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("a\n1\n", to: "table.csv")
        let pool = try await WorkerPool(.init(size: .fixed(2)))
        #expect(try await pool.run(Primes.self, .init(from: 0, to: 100)).count == 25)
        #expect(try await pool.run(CSVSummary.self, .init(path: path)).rows == 1)
        #expect(try await pool.run(Checksum.self, .init(root: directory.path, kind: .directory)).files.count == 1)
        #expect(try await pool.run(ChecksumFile.self, .init(root: directory.path, path: "table.csv")).size == 4)
        let record = try await pool.run(PasswordHash.self, .init(password: "x", parameters: .init(logN: 10, r: 1)))
        #expect(try PasswordHash.verify("x", against: record))
        await pool.shutdownNow()
    }

    @Test func `a task's progress reaches its owner, and its cancellation the task`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let search = try await pool.submit(Primes.self, .init(from: 0, to: 9_999_999_999))
        for await case .progress(let progress) in search.updates {
            #expect(progress.unit == .numbers)
            search.cancel()
            break
        }
        await #expect(throws: CancellationError.self) { try await search.value }
        await pool.shutdownNow()
    }
}
