import Foundation
import Spindle
import Testing

@testable import SpindleJavaScript

/// Stopping is answered by its deadline also where the engine cannot be interrupted; the thread is counted until it ends.
@Suite(.serialized) struct AbandonedGuestTests {
    /// What takes a moment, then one call of the engine that takes a second or more and does not look meanwhile.
    static let prepare =
        "const a = new Int32Array(25e6); for (let i = 0, x = 1; i < 25e6; i++) a[i] = x = Math.imul(x, 1103515245) + 12345 | 0;"
    static let stuck = "a.sort();"

    /// Until the call has ended.
    private func waitForAbandoned(toBe count: Int) async throws {
        while Workers.statistics.abandoned != count { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test(.timeLimit(.minutes(1))) func `a worker of a guest that cannot be interrupted exits all the same`() async throws {
        let before = Workers.statistics
        let outcome = try await runGuest(
            """
            const { Worker } = require('node:worker_threads');
            const worker = new Worker(
                `\(Self.prepare) require('node:worker_threads').parentPort.postMessage(0); \(Self.stuck)`, { eval: true });
            worker.once('message', () => setTimeout(async () => {
                const start = performance.now();
                const code = await worker.terminate();
                console.log(code, performance.now() - start < 2000);
            }, 100));
            """)
        #expect(outcome.output == "1 true\n")
        #expect(Workers.statistics.abandonedTotal == before.abandonedTotal + 1)
        try await waitForAbandoned(toBe: before.abandoned)
        #expect(Workers.statistics.running == before.running)
    }

    @Test(.timeLimit(.minutes(1))) func `a guest ends though a worker of its own does not`() async throws {
        let before = Workers.statistics
        let outcome = try await runGuest(
            """
            const { Worker } = require('node:worker_threads');
            new Worker(`\(Self.prepare) require('node:worker_threads').parentPort.postMessage(0); \(Self.stuck)`, { eval: true })
                .once('message', () => setTimeout(() => process.exit(3), 100));
            """)
        #expect(outcome.code == 3)
        #expect(Workers.statistics.abandonedTotal == before.abandonedTotal + 1)
        try await waitForAbandoned(toBe: before.abandoned)
    }

    @Test(.timeLimit(.minutes(1))) func `a JavaScript worker that cannot be interrupted is abandoned and counted`() async throws {
        let before = Workers.statistics
        let worker = try await JavaScriptWorker(
            .source("\(Self.prepare) require('node:worker_threads').parentPort.postMessage(0); \(Self.stuck)"))
        for try await _ in worker.messages { break }
        try await Task.sleep(for: .milliseconds(100))
        let exit = await worker.terminate(within: .milliseconds(200))
        guard case .abandoned = exit else {
            Issue.record("It ended as \(exit).")
            return
        }
        #expect(Workers.statistics.abandoned == before.abandoned + 1)
        try await waitForAbandoned(toBe: before.abandoned)
    }

    @Test(.timeLimit(.minutes(1))) func `workers end with a guest that cannot be interrupted itself`() async throws {
        let control = GuestControl()
        let started = AsyncStream<Void>.makeStream()
        let running = Workers.statistics.running
        var configuration = GuestConfiguration(
            entry: .source(
                """
                const { Worker } = require('node:worker_threads');
                \(Self.prepare)
                new Worker('require("node:worker_threads").parentPort.postMessage(0); for (;;);', { eval: true })
                    .once('message', () => { process.stdout.write('on'); \(Self.stuck) });
                """, name: "[test]", printsResult: false))
        configuration.write = { _, _ in
            started.continuation.yield()
            return 0
        }
        let ended = AsyncStream<Int32>.makeStream()
        try Guest.start(configuration, control: control) { code in
            ended.continuation.yield(code)
            ended.continuation.finish()
        }
        for await _ in started.stream { break }
        try await Task.sleep(for: .milliseconds(50))
        control.terminate()
        while Workers.statistics.running != running { try await Task.sleep(for: .milliseconds(5)) }
        // The worker is gone; the guest is still in its call.
        for await code in ended.stream { #expect(code == 1) }
    }
}
