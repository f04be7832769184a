import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Synchronization
import Testing

/// Tasks in JavaScript.
@Suite(.serialized) struct JavaScriptPoolTests {
    static let program = JavaScriptSource.module(
        """
        let count = 0;
        export default (numbers) => numbers.reduce((a, b) => a + b, 0);
        export function tool(what, { progress }) {
            count += 1;
            switch (what) {
                case 'count': return count;
                case 'spin': for (;;);
                case 'throw': throw new RangeError('no');
                case 'exit': process.exit(3);
                default: for (let i = 1; i <= 3; i++) progress(i / 3); return Promise.resolve(what);
            }
        }
        """)

    @Test func `tasks run side by side, each with its own output`() async throws {
        let pool = try await JavaScriptPool(Self.program, configuration: .init(size: .fixed(2)))
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for index in 0..<200 { group.addTask { (index, try await pool.run([index, 1000])) } }
            for try await (index, sum) in group { #expect(sum == index + 1000) }
        }
        await pool.close(deadline: .seconds(5))
    }

    @Test func `a task that is cancelled or has no time left really stops, and its worker is replaced`() async throws {
        let pool = try await JavaScriptPool(Self.program, export: "tool", configuration: .init(size: .fixed(1)))
        #expect(try await pool.run("count", as: Int.self) == 1)
        #expect(try await pool.run("count", as: Int.self) == 2)
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run("spin", as: Int.self, options: TaskOptions(timeout: .milliseconds(100)))
        }
        #expect(error?.code == .timedOut && error?.wasAbandoned == false)
        // Of a new guest.
        #expect(try await pool.run("count", as: Int.self) == 1)
        let task = Task { try await pool.run("spin", as: Int.self) }
        while pool.statistics.running == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await pool.run("count", as: Int.self) == 1)
        await pool.shutdownNow()
    }

    @Test func `errors, exits and progress are told to the owner of the task`() async throws {
        let pool = try await JavaScriptPool(Self.program, export: "tool", configuration: .init(size: .fixed(1)))
        let error = await #expect(throws: JavaScriptError.self) { try await pool.run("throw", as: Int.self) }
        #expect(error?.name == "RangeError" && error?.message == "no")
        let ended = await #expect(throws: GuestEndedError.self) { try await pool.run("exit", as: Int.self) }
        #expect(ended?.exit.code == 3)
        let seen = Progress()
        #expect(try await pool.run("hello", as: String.self) { value in seen.values.withLock { $0.append(value) } } == "hello")
        #expect(seen.values.withLock { $0 } == [.number(1.0 / 3), .number(2.0 / 3), .number(1)])
        await pool.shutdownNow()
    }
}

private final class Progress: Sendable {
    let values = Mutex<[StructuredValue]>([])
}
