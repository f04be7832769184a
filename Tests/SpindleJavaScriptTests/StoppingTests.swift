import Foundation
import Testing

@testable import SpindleJavaScript

/// A guest is stopped wherever it is. The bound is real but generous: the machine may be busy with other tests.
@Suite(.serialized) struct StoppingTests {
    static let bound = Duration.seconds(1)

    static let programs: [(String, String)] = [
        ("a hot loop", "for (let i = 0; ; i++) globalThis.x = i;"),
        ("a loop in try and finally", "for (;;) { try { throw 1 } catch { continue } finally { } }"),
        ("a loop of microtasks", "(async () => { for (;;) await null; })();"),
        ("a loop of ticks", "const again = () => process.nextTick(again); again();"),
        ("a loop of immediates", "const again = () => setImmediate(again); again();"),
        ("a sort with a comparator", "for (;;) Array.from({ length: 1e5 }, Math.random).sort((a, b) => a - b);"),
        ("parsing large JSON", "const text = '[' + '[1,2,{\"a\":3}],'.repeat(7e6) + '1]'; for (;;) JSON.parse(text);"),
        ("host calls", "for (;;) process.hrtime.bigint();"),
        ("a loop in a handler of exceptions", "process.on('uncaughtException', () => { for (;;); }); throw 1;"),
        ("waiting for a timer", "setTimeout(() => {}, 1e6);"),
        ("waiting for another program", "require('child_process').spawn('sleep', ['3']);"),
        ("a call that waits for another program", "require('child_process').spawnSync('sleep', ['1000']);"),
        ("waiting for a promise with a reference", "setInterval(() => {}, 1e6); new Promise(() => {});"),
    ]

    @Test(arguments: programs) func `a stopped guest ends at once`(name: String, program: String) async throws {
        let control = GuestControl()
        let signal = AsyncStream<Void>.makeStream()
        var configuration = GuestConfiguration(
            entry: .source("process.stdout.write('on');" + program, name: "[test]", printsResult: false))
        configuration.write = { _, _ in signal.continuation.yield() }
        let ended = AsyncStream<Int32>.makeStream()
        try Guest.start(configuration, control: control) { code in
            ended.continuation.yield(code)
            ended.continuation.finish()
        }
        for await _ in signal.stream { break }
        // Well into the loop, optimised code included: nothing tells of that but time.
        try await Task.sleep(for: .milliseconds(60))
        let clock = ContinuousClock()
        let start = clock.now
        control.terminate()
        var code: Int32?
        for await ending in ended.stream { code = ending }
        let latency = clock.now - start
        #expect(code == 1)
        #expect(latency < Self.bound, "\(name) took \(latency)")
    }

    @Test func `process.exit leaves no code running, not even finally`() async throws {
        let outcome = try await runGuest(
            """
            process.on('exit', (code) => console.log('exit', code));
            setTimeout(() => console.log('late'), 1);
            try { process.exit(130) } catch { console.log('caught') } finally { console.log('finally') }
            """)
        #expect(outcome.code == 130)
        #expect(outcome.output == "exit 130\n")
    }

    @Test func `deep recursion is a RangeError`() async throws {
        let outcome = try await runGuest(
            """
            const forms = [
                function f() { return f() + 1; }, () => { const o = { get x() { return this.x; } }; return o.x; },
                () => { const f = () => [1].map(f); f(); },
                () => { let a = []; for (let i = 0; i < 1e6; i++) a = [a]; JSON.stringify(a); },
                () => { class A { constructor() { new A(); } } new A(); },
                () => { const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x; },
            ];
            for (const form of forms) { try { form(); console.log('no error'); } catch (e) { console.log(e.name); } }
            """)
        #expect(outcome.output == String(repeating: "RangeError\n", count: 6))
        #expect(outcome.code == 0)
    }

    @Test(arguments: [
        "const kept = []; for (;;) kept.push({ a: kept.length, b: [1, 2, 3] });",
        "const kept = []; for (;;) kept.push(new Float64Array(1e5).fill(1));",
        "const kept = []; setInterval(() => { for (let i = 0; i < 1e4; i++) kept.push('text ' + i); }, 0);",
    ])
    func `a guest whose heap is too large is ended`(program: String) async throws {
        let control = GuestControl()
        var configuration = GuestConfiguration(entry: .source(program, name: "[test]", printsResult: false))
        configuration.heapLimit = 60 << 20
        #expect(try await runGuest(configuration, control: control).code == 1)
        #expect(control.isOutOfMemory)
    }

    @Test func `garbage does not count against the limit of a heap`() async throws {
        var configuration = GuestConfiguration(
            entry: .source("for (let i = 0; i < 3e3; i++) new Float64Array(1e5).fill(i);", name: "[test]", printsResult: false))
        configuration.heapLimit = 60 << 20
        #expect(try await runGuest(configuration).code == 0)
    }

    @Test func `guests that start and end leave neither memory nor threads`() async throws {
        func figures() throws -> (resident: Int, threads: Int) {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            func field(_ name: String) -> Int {
                let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
                return line.flatMap { Int($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) } ?? 0
            }
            return (field("VmRSS:"), field("Threads:"))
        }
        func cycle(_ count: Int) async throws {
            for index in 0..<count {
                let outcome =
                    index % 2 == 0
                    ? try await runGuest("for (;;);") { $0.terminate() }
                    : try await runGuest("globalThis.kept = Array.from({ length: 1e4 }, (_, i) => ({ i }));")
                #expect(outcome.code == (index % 2 == 0 ? 1 : 0))
            }
        }
        try await cycle(50)
        let before = try figures()
        try await cycle(450)
        let after = try figures()
        #expect(after.resident - before.resident < 60_000, "resident KiB: \(before.resident) → \(after.resident)")
        #expect(after.threads <= before.threads + 4)
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["SPINDLE_STRESS"] == "1",
            "the engine may abort the process, and all other tests with it: set SPINDLE_STRESS=1"))
    func `many guests under the watchdog's eye for seconds do not disturb each other`() async throws {
        // Each fires every few milliseconds of its processor time.
        try await withThrowingTaskGroup(of: GuestOutcome.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await runGuest(
                        """
                        const end = Date.now() + 3000; let n = 0;
                        while (Date.now() < end) { for (let i = 0; i < 1e5; i++) n = (n * 31 + i) | 0; }
                        console.log('done');
                        """)
                }
            }
            for try await outcome in group { #expect(outcome.output == "done\n") }
        }
    }
}
