import Glibc
import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Synchronization
import Testing

/// What an owner lends its guests, on threads and in processes.
@Suite(.serialized) struct LentFunctionTests {
    struct Point: Codable, Equatable {
        var x: Int
        var y: Int
    }

    @Test(arguments: GuestExchangeTests.isolations) func `functions and values of the host are globals`(
        isolation: WorkerIsolation
    ) async throws {
        var options = JavaScriptOptions()
        options.functions["add"] = HostFunction { (a: Int, b: Int) in a + b }
        options.functions["move"] = HostFunction { (point: Point, by: Int?) async throws -> Point in
            await Task.yield()
            return Point(x: point.x + (by ?? 1), y: point.y)
        }
        options.functions["fail"] = HostFunction { () throws -> Int in
            throw JavaScriptError(name: "RangeError", message: "too far", code: "ERR_FAR")
        }
        options.functions["failLater"] = HostFunction { () async throws -> Void in
            await Task.yield()
            throw JavaScriptError(name: "OutOfStock", message: "too late")
        }
        options.values["limits"] = ["most": 7]
        let worker = try await JavaScriptWorker(
            .module(
                """
                import { parentPort } from 'node:worker_threads';
                const tell = (value) => parentPort.postMessage(value);
                const text = (error) => `${error instanceof Error} ${error.name}: ${error.message} ${error.code}`;
                tell(String(add(1, 2)));
                tell(JSON.stringify(await move({ x: 1, y: 2 })));
                tell(JSON.stringify(await move({ x: 1, y: 2 }, 10)));
                try { fail(); } catch (error) { tell(`${error instanceof RangeError} ${text(error)}`); }
                await failLater().catch((error) => tell(text(error)));
                try { add('a', 1); } catch (error) { tell(error.name); }
                tell(`${limits.most} ${add.name}`);
                tell((await Promise.all(Array.from({ length: 500 }, (_, i) => move({ x: i, y: 0 })))).map((p) => p.x).join());
                """), isolation: isolation, options: options)
        var told: [String] = []
        for try await text in worker.messages(as: String.self) { told.append(text) }
        #expect(
            told == [
                "3", #"{"x":2,"y":2}"#, #"{"x":11,"y":2}"#, "true true RangeError: too far ERR_FAR",
                "true OutOfStock: too late undefined", "TypeError", "7 add", (1...500).map(String.init).joined(separator: ","),
            ])
    }

    @Test(arguments: GuestExchangeTests.isolations) func `a call that is under way is cancelled when its guest ends`(
        isolation: WorkerIsolation
    ) async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, cancelling) = AsyncStream.makeStream(of: Void.self)
        var options = JavaScriptOptions()
        options.functions["wait"] = HostFunction { () async throws -> Void in
            beginning.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch { cancelling.yield() }
        }
        let worker = try await JavaScriptWorker(.source("wait()"), isolation: isolation, options: options)
        for await _ in began { break }
        await worker.terminate()
        for await _ in cancelled { break }
    }

    @Test(arguments: GuestExchangeTests.isolations) func `no more calls are under way than the policy says`(
        isolation: WorkerIsolation
    ) async throws {
        let counts = Mutex((running: 0, most: 0))
        var options = JavaScriptOptions()
        options.policy.hostCallLimit = 3
        options.functions["work"] = HostFunction { () async throws -> Void in
            counts.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            for _ in 0..<100 { await Task.yield() }
            counts.withLock { $0.running -= 1 }
        }
        let worker = try await JavaScriptWorker(
            .source("Promise.all(Array.from({ length: 200 }, () => work())).then((all) => process.exit(all.length % 256))"),
            isolation: isolation, options: options)
        #expect(try await worker.exit.code == 200)
        #expect(counts.withLock { $0.most } == 3)
    }

    @Test(arguments: GuestExchangeTests.isolations) func `functions take and give memory`(isolation: WorkerIsolation) async throws
    {
        var options = JavaScriptOptions()
        let shared = try SharedBuffer(byteLength: 8)
        options.functions["memory"] = HostFunction { () in shared }
        options.functions["bytes"] = HostFunction { (count: Int) async throws -> TransferBuffer in
            TransferBuffer(Array(repeating: 6, count: count))
        }
        options.functions["sum"] = HostFunction { (bytes: TransferBuffer) in
            bytes.withBytes { $0.withUnsafeBytes { $0.reduce(0) { $0 + Int($1) } } }
        }
        let worker = try await JavaScriptWorker(
            .module(
                """
                new Int32Array(memory())[1] = sum(await bytes(100_000));
                process.exit(sum(new Uint8Array([1, 2, 3]).subarray(1)));
                """), isolation: isolation, options: options)
        #expect(try await worker.exit.code == 5)
        #expect(try shared.view(of: Int32.self).load(at: 1) == 600_000)
    }

    @Test func `a synchronous call of a process does not keep it from being stopped`() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let gate = SharedGate()
        var options = JavaScriptOptions()
        options.functions["block"] = HostFunction { () in
            beginning.yield()
            gate.wait()
        }
        let worker = try await JavaScriptWorker(.source("for (;;) block();"), isolation: .process, options: options)
        for await _ in began { break }
        guard case .terminated = await worker.terminate() else {
            Issue.record("exit \(try await worker.exit)")
            return
        }
        gate.open()
    }

    // MARK: Errors and figures

    @Test(arguments: GuestExchangeTests.isolations) func `what a guest threw arrives with name, message, code and stack`(
        isolation: WorkerIsolation
    ) async throws {
        func failure(_ program: String) async throws -> JavaScriptError? {
            let worker = try await JavaScriptWorker(.source(program, name: "job.js"), isolation: isolation)
            return await #expect(throws: JavaScriptError.self) { for try await _ in worker.messages {} }
        }
        let own = try await failure(
            """
            class OutOfStock extends Error { name = 'OutOfStock'; code = 42 }
            function sell() { throw new OutOfStock('no tea'); }
            sell();
            """
        )
        #expect(own?.name == "OutOfStock" && own?.message == "no tea" && own?.code == "42")
        #expect(own?.stack?.contains("at sell (job.js:2:") == true, "\(own?.stack ?? "")")
        let denied = try await failure("require('fs')")
        #expect(denied?.code == "ERR_ACCESS_DENIED" && denied?.name == "Error")
        #expect(try await failure("throw 'text'") == JavaScriptError(name: "", message: "text"))
        #expect(try await failure("throw { a: [1, 2] }") == JavaScriptError(name: "", message: "{ a: [ 1, 2 ] }"))
        #expect(try await failure("Promise.reject(new TypeError('later'))")?.name == "TypeError")
        let hostile = try await failure(
            "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } });")
        #expect(hostile?.name == "" && hostile?.message.isEmpty == false)
    }

    @Test(arguments: GuestExchangeTests.isolations) func `the figures of a guest are those of its loop and its heap`(
        isolation: WorkerIsolation
    ) async throws {
        let worker = try await GuestExchangeTests.guest(
            """
            globalThis.kept = Array.from({ length: 200_000 }, (_, i) => ({ i }));
            port.on('message', (n) => port.postMessage(n));
            """, isolation)
        var messages = worker.messages(as: Int.self).makeAsyncIterator()
        for number in 0..<10 {
            try await worker.send(number)
            #expect(try await messages.next() == number)
        }
        let statistics = worker.statistics
        #expect(statistics.messagesIn == 10 && statistics.messagesOut == 10 && statistics.inboxBacklog == 0)
        #expect(statistics.cpuTime > .zero && statistics.activeTime > .zero)
        let heap = try #require(await worker.heapStatistics)
        #expect(heap.size > 2_000_000 && heap.capacity > heap.size && heap.objects > 0, "\(heap)")
        if isolation.description == "thread" {
            let before = worker.statistics
            try await Task.sleep(for: .milliseconds(100))
            let after = worker.statistics
            #expect(after.idleTime - before.idleTime >= .milliseconds(50), "an idle loop counted as busy")
        }
        await worker.terminate()
        #expect(await worker.heapStatistics == nil)
    }

    @Test(arguments: GuestExchangeTests.isolations) func `a guest finds its owner's environment data`(
        isolation: WorkerIsolation
    ) async throws {
        EnvironmentData[.region] = "north"
        EnvironmentData[.point] = Point(x: 1, y: 2)
        defer {
            EnvironmentData[.region] = nil
            EnvironmentData[.point] = nil
        }
        let worker = try await GuestExchangeTests.guest(
            """
            const data = require('worker_threads').getEnvironmentData;
            port.postMessage(`${data('region')} ${JSON.stringify(data('point'))}`);
            """,
            isolation)
        for try await text in worker.messages(as: String.self) { #expect(text == #"north {"x":1,"y":2}"#) }
    }
}

extension EnvironmentData.Key where Value == String {
    fileprivate static let region = Self("region")
}
extension EnvironmentData.Key where Value == LentFunctionTests.Point {
    fileprivate static let point = Self("point")
}

/// Blocks threads until it is opened.
private final class SharedGate: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    func wait() { while !isOpen.withLock({ $0 }) { usleep(1000) } }
}
