import Foundation
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
                case 'throw': throw Object.assign(new RangeError('no'), { code: 'E_NO' });
                case 'uncaught': setTimeout(() => { throw new TypeError('later'); }); return new Promise(() => {});
                case 'eat': { const all = []; for (;;) all.push(Array.from({ length: 1000 }, (_, i) => ({ i }))); }
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
        #expect(error?.name == "RangeError" && error?.message == "no" && error?.code == "E_NO")
        #expect(error?.stack?.contains("at tool (") == true)
        let uncaught = await #expect(throws: JavaScriptError.self) { try await pool.run("uncaught", as: Int.self) }
        #expect(uncaught?.name == "TypeError")
        let ended = await #expect(throws: GuestEndedError.self) { try await pool.run("exit", as: Int.self) }
        #expect(ended?.exit.code == 3)
        let seen = Progress()
        #expect(try await pool.run("hello", as: String.self) { value in seen.values.withLock { $0.append(value) } } == "hello")
        #expect(seen.values.withLock { $0 } == [.number(1.0 / 3), .number(2.0 / 3), .number(1)])
        await pool.shutdownNow()
    }

    @Test(arguments: GuestExchangeTests.isolations) func `a task that takes too much memory fails alone`(
        isolation: WorkerIsolation
    ) async throws {
        var options = JavaScriptOptions()
        options.policy.memoryLimit = 64 << 20
        let pool = try await JavaScriptPool(
            Self.program, export: "tool", configuration: .init(size: .fixed(2), isolation: isolation), options: options)
        async let other: String = pool.run("beside")
        let error = await #expect(throws: GuestLimitError.self) { try await pool.run("eat", as: Int.self) }
        #expect(error?.limit == .memory)
        #expect(try await other == "beside")
        #expect(try await pool.run("after", as: String.self) == "after")
        await pool.shutdownNow()
    }

    @Test func `a task that is retried may have done better the second time`() async throws {
        let pool = try await JavaScriptPool(
            .module(
                """
                export default (count) => {
                    if (Atomics.add(new Int32Array(count), 0, 1) < 2) throw new Error('not yet');
                    return 'done';
                };
                """
            ),
            configuration: .init(size: .fixed(1)))
        let count = try SharedBuffer(byteLength: 4)
        var options = TaskOptions()
        options.retry = RetryPolicy(maximumAttempts: 5, initialDelay: .milliseconds(1))
        #expect(try await pool.run(count, as: String.self, options: options) == "done")
        #expect(try count.view(of: Int32.self).load(at: 0) == 3)
        await pool.shutdownNow()
    }

    @Test(arguments: GuestExchangeTests.isolations) func `tasks take and give memory that moves`(isolation: WorkerIsolation)
        async throws
    {
        let pool = try await JavaScriptPool(
            .module(
                """
                export default ({ image, port }, { transfer, progress }) => {
                    const bytes = new Uint8Array(image);
                    const half = bytes.slice(0, bytes.length / 2).buffer;
                    progress(half, [half]);
                    progress(half.byteLength);
                    return transfer(image);
                };
                """), configuration: .init(size: .fixed(1), isolation: isolation))
        struct Work: Encodable { var image: TransferBuffer }
        let image = TransferBuffer(Array(repeating: 3, count: 1000))
        let seen = Progress()
        let back: TransferBuffer = try await pool.run(Work(image: image)) { value in seen.values.withLock { $0.append(value) } }
        #expect(image.byteCount == 0 && back.byteCount == 1000)
        let values = seen.values.withLock { $0 }
        #expect(values.count == 2 && values.first?.bytes?.count == 500 && values.last == 0)
        await pool.shutdownNow()
    }

    @Test func `the exports of a CommonJS module are tasks too, by name and as the module itself`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "tasks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "task.cjs").path
        try Data("module.exports = (n) => n + 1; module.exports.twice = (n) => n * 2;".utf8).write(to: URL(filePath: file))
        for (export, output) in [("default", 6), ("twice", 10)] {
            let pool = try await JavaScriptPool(.file(file), export: export)
            #expect(try await pool.run(5, as: Int.self) == output)
            await pool.shutdownNow()
        }
        let pool = try await JavaScriptPool(.file(file), export: "thrice")
        let error = await #expect(throws: JavaScriptError.self) { try await pool.run(5, as: Int.self) }
        #expect(error?.message == "The module exports no function thrice")
        await pool.shutdownNow()
    }
}

private final class Progress: Sendable {
    let values = Mutex<[StructuredValue]>([])
}
