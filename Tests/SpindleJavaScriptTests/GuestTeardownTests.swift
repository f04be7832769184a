import Foundation
import Spindle
import Testing

@testable import SpindleJavaScript

/// Guests start, talk and end in every order, and leave nothing behind.
@Suite(.serialized) struct GuestTeardownTests {
    /// What a process has in use.
    struct Figures {
        var resident = 0
        var threads = 0
        var descriptors = 0

        static var now: Figures {
            get throws {
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                func field(_ name: String) -> Int {
                    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
                    return line.flatMap { Int($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) } ?? 0
                }
                return Figures(
                    resident: field("VmRSS:"), threads: field("Threads:"),
                    descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count)
            }
        }
    }

    /// A thousand lives in the hand of a seeded generator, or as many as there is time for.
    @Test(.timeLimit(.minutes(3))) func `random starts, messages and ends lose nothing`() async throws {
        let seed = ProcessInfo.processInfo.environment["SPINDLE_SEED"].flatMap { UInt32($0) } ?? .random(in: 1...UInt32.max)
        let running = Workers.statistics.running
        let outcome = try await runGuest(
            """
            const { Worker } = require('node:worker_threads');
            let state = \(seed);
            const random = (below) => {
                state = Math.imul(state ^ state << 13, 1); state ^= state >>> 17; state ^= state << 5;
                return (state >>> 0) % below;
            };
            const programs = [
                'parentPort.on("message", (value) => parentPort.postMessage(value));',
                'for (;;);',
                '(async () => { for (;;) await null; })();',
                'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
                'setTimeout(() => process.exit(7), 2); parentPort.on("message", () => {});',
                'throw new Error("on purpose");',
                'parentPort.postMessage(new Uint8Array(1e5)); setInterval(() => parentPort.postMessage(1), 0);',
                'new Worker("for (;;);", { eval: true }); parentPort.on("message", () => {});',
                'require("fs").readFile("/proc/self/status", () => parentPort.close());',
                '',
            ];
            const expected = [[1], [1], [1], [1], [1, 7], [1], [1], [1], [0, 1], [0, 1]];
            const living = [];
            let ended = 0, started = 0;
            function start() {
                const kind = random(programs.length);
                const worker = new Worker(
                    'const { parentPort, Worker } = require("worker_threads");' + programs[kind], { eval: true });
                started++;
                const record = { worker, kind, exits: 0 };
                living.push(record);
                worker.on('error', (error) => {
                    if (error.message !== 'on purpose') throw new Error(`kind ${kind}: ${error.stack}`);
                });
                worker.on('message', () => {
                    if (record.exits > 0) throw new Error(`kind ${kind}: a message after the exit`);
                });
                worker.on('exit', (code) => {
                    if (++record.exits > 1) throw new Error(`kind ${kind}: two exits`);
                    // One that was to end by itself may have been ended before.
                    if (!expected[kind].includes(code)) throw new Error(`kind ${kind}: code ${code}`);
                    living.splice(living.indexOf(record), 1);
                    ended++;
                    next();
                });
            }
            const end = Date.now() + 15_000;
            function next() {
                while (started < 1000 && Date.now() < end) {
                    const choice = random(10);
                    if (living.length === 0 || (living.length < 12 && choice < 5)) start();
                    else {
                        const { worker } = living[random(living.length)];
                        if (choice < 7) worker.postMessage({ started, bytes: new Uint8Array(random(2000)) });
                        else worker.terminate();
                    }
                    if (random(4) === 0) return setTimeout(next, random(3));
                }
                for (const { worker } of living) worker.terminate();
                if (living.length === 0 && !next.isDone) {
                    next.isDone = true;
                    console.log(started === ended && started > 50 ? 'all ended' : `${started} started, ${ended} ended`);
                }
            }
            next();
            """)
        #expect(outcome.output == "all ended\n", "SPINDLE_SEED=\(seed)")
        #expect(outcome.code == 0, "SPINDLE_SEED=\(seed)")
        #expect(Workers.statistics.running == running)
    }

    @Test(.timeLimit(.minutes(3))) func `workers that end or are killed leave no memory, threads or descriptors`() async throws {
        let count = ProcessInfo.processInfo.environment["SPINDLE_STRESS"] == "1" ? 1000 : 300
        func perform(_ count: Int) async throws {
            let outcome = try await runGuest(
                """
                const { Worker } = require('node:worker_threads');
                let left = \(count), active = 0;
                function more() {
                    for (; left > 0 && active < 8; left--, active++) {
                        const worker = new Worker(
                            `require('fs').openSync('/dev/null', 'r'); require('worker_threads').parentPort.postMessage(0);
                             globalThis.kept = Array.from({ length: 1e4 }, (_, i) => ({ i })); for (; ${left % 3};);`,
                            { eval: true });
                        worker.once('message', () => worker.terminate());
                        worker.once('exit', () => { active--; more(); });
                    }
                }
                more();
                """)
            #expect(outcome.code == 0)
        }
        try await perform(100)
        let before = try Figures.now
        try await perform(count)
        let after = try Figures.now
        #expect(after.resident - before.resident < 80_000, "resident KiB: \(before.resident) → \(after.resident)")
        #expect(after.threads <= before.threads + 4)
        #expect(after.descriptors <= before.descriptors + 4)
    }
}
