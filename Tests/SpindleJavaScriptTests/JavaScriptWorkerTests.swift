import Foundation
import Logging
import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Synchronization
import Testing

/// JavaScript workers as a Swift program has them.
@Suite(.serialized) struct JavaScriptWorkerTests {
    static let echo = JavaScriptSource.source(
        "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));")

    struct Order: Codable, Equatable {
        var id: Int
        var items: [String]
        var price: Double?
        var bytes: [UInt8]
    }

    @Test func `typed values go there and back`() async throws {
        let worker = try await JavaScriptWorker(Self.echo)
        let orders = (1...100).map { Order(id: $0, items: ["a", "é", "🧵"], price: $0 % 2 == 0 ? 1.5 : nil, bytes: [1, 2, 255]) }
        for order in orders { try await worker.send(order) }
        worker.finishSending()
        var received: [Order] = []
        for try await order in worker.messages(as: Order.self) { received.append(order) }
        #expect(received == orders)
        #expect(try await worker.exit.code == 0)
    }

    @Test func `workers that no guest has started do not reach one another by number`() async throws {
        let first = try await JavaScriptWorker(
            .source(
                """
                const { parentPort, threadId } = require('worker_threads');
                process.on('workerMessage', () => parentPort.postMessage('reached'));
                parentPort.on('message', () => parentPort.close());
                parentPort.postMessage(threadId);
                """))
        var fromFirst = first.messages.makeAsyncIterator()
        let number = try #require(try await fromFirst.next())
        let second = try await JavaScriptWorker(
            .source(
                """
                const { parentPort, postMessageToThread, workerData } = require('worker_threads');
                postMessageToThread(workerData, 'hello').catch(({ code }) => parentPort.postMessage(code));
                """), workerData: number)
        var fromSecond = second.messages.makeAsyncIterator()
        #expect(try await fromSecond.next() == .string("ERR_WORKER_MESSAGING_FAILED"))
        try await first.send("end")
        #expect(try await fromFirst.next() == nil)
    }

    @Test func `a program finds its workerData, and its messages come before its exit`() async throws {
        let worker = try await JavaScriptWorker(
            .module(
                """
                import { parentPort, workerData, isMainThread } from 'node:worker_threads';
                await null;
                for (let i = 0; i < workerData.count; i++) parentPort.postMessage(i);
                parentPort.postMessage(isMainThread);
                """), workerData: ["count": 5000])
        var values: [StructuredValue] = []
        var exits: [Int32] = []
        for try await event in worker.events {
            switch event {
            case .online: #expect(values.isEmpty)
            case .message(let value):
                #expect(exits.isEmpty)
                values.append(value)
            case .exit(let exit): exits.append(exit.code)
            }
        }
        #expect(values.count == 5001 && values[4999] == .number(4999) && values[5000] == .bool(false))
        #expect(exits == [0])
    }

    @Test func `buffers that are transferred arrive as bytes, and what cannot travel is an error in the program`() async throws {
        let worker = try await JavaScriptWorker(
            .source(
                """
                const { parentPort } = require('worker_threads');
                const bytes = new Uint8Array([7, 8, 9]);
                parentPort.postMessage({ bytes }, [bytes.buffer]);
                const { port1 } = new MessageChannel();
                try { parentPort.postMessage(port1, [port1]); } catch (error) { parentPort.postMessage(error.code); }
                """))
        var messages = worker.messages.makeAsyncIterator()
        let first = try #require(try await messages.next())
        #expect(first["bytes"]?.bytes.map(Array.init) == [7, 8, 9])
        #expect(try await messages.next() == "ERR_INVALID_TRANSFER_OBJECT")
        #expect(try await messages.next() == nil)
    }

    @Test func `an error that nobody caught ends the worker with its name, message and stack`() async throws {
        let worker = try await JavaScriptWorker(
            .source("function boom() { throw new TypeError('no good') }\nboom();", name: "job.js"))
        let error = await #expect(throws: JavaScriptError.self) { for try await _ in worker.messages {} }
        #expect(error?.name == "TypeError" && error?.message == "no good")
        #expect(error?.stack?.contains("at boom (job.js:1:") == true, "\(error?.stack ?? "")")
        guard case .failed(let failure as JavaScriptError) = try await worker.exit else {
            Issue.record("exit \(try await worker.exit)")
            return
        }
        #expect(failure == error)
    }

    @Test func `process exit ends the worker with its code`() async throws {
        let worker = try await JavaScriptWorker(.source("process.exit(130)"))
        guard case .exited(130) = try await worker.exit else {
            Issue.record("exit \(try await worker.exit)")
            return
        }
    }

    @Test(arguments: ["for (;;);", "setInterval(() => {}, 1000)", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"])
    func `a worker is stopped wherever it is`(program: String) async throws {
        let worker = try await JavaScriptWorker(.source("require('worker_threads').parentPort.postMessage(1);" + program))
        var messages = worker.messages.makeAsyncIterator()
        _ = try await messages.next()
        let clock = ContinuousClock()
        let start = clock.now
        let exit = await worker.terminate(within: .seconds(5))
        let time = clock.now - start
        guard case .terminated = exit else {
            Issue.record("exit \(exit)")
            return
        }
        #expect(time < .milliseconds(400), "took \(time)")
    }

    @Test func `a guest in a process of its own speaks, fails and is stopped as one on a thread`() async throws {
        let echo = try await JavaScriptWorker(Self.echo, isolation: .process)
        let order = Order(id: 1, items: ["é"], price: nil, bytes: [0, 255])
        try await echo.send(order)
        var messages = echo.messages(as: Order.self).makeAsyncIterator()
        #expect(try await messages.next() == order)
        await echo.terminate()

        let failing = try await JavaScriptWorker(.source("throw new TypeError('no good')"), isolation: .process)
        let error = await #expect(throws: JavaScriptError.self) { for try await _ in failing.messages {} }
        #expect(error?.name == "TypeError" && error?.message == "no good")

        let spinning = try await JavaScriptWorker(.source("for (;;);"), isolation: .process)
        guard case .terminated = await spinning.terminate() else {
            Issue.record("exit \(try await spinning.exit)")
            return
        }
    }

    @Test func `dropping the handle ends the guest`() async throws {
        let before = Workers.statistics.running
        do { _ = try await JavaScriptWorker(.source("for (;;);")) }
        let clock = ContinuousClock()
        let start = clock.now
        while Workers.statistics.running > before, clock.now - start < .seconds(5) { await Task.yield() }
        #expect(Workers.statistics.running <= before)
    }

    @Test func `a guest that sends more than its owner takes waits, and loses nothing`() async throws {
        var options = JavaScriptOptions()
        options.worker.outboxLimit = 4
        let worker = try await JavaScriptWorker(
            .source("const { parentPort } = require('worker_threads'); for (let i = 0; i < 500; i++) parentPort.postMessage(i);"),
            options: options)
        var expected = 0
        for try await number in worker.messages(as: Int.self) {
            #expect(number == expected)
            expected += 1
        }
        #expect(expected == 500)
    }

    @Test func `what a program prints goes to the logger`() async throws {
        let lines = LogLines()
        var options = JavaScriptOptions()
        options.worker.logger = Logger(label: "test") { _ in LogLines.Handler(lines: lines) }
        let worker = try await JavaScriptWorker(.source("console.log('hello', 1); console.error('oh')"), options: options)
        #expect(try await worker.exit.code == 0)
        #expect(lines.all == ["info hello 1", "error oh"])
    }
}

/// Keeps what is logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.level) \(event.message)") } }
    }
}
