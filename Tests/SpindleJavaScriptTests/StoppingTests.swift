import Foundation
import Testing

@testable import SpindleJavaScript

/// A guest is stopped wherever it is.
@Suite(.serialized) struct StoppingTests {
    /// What is promised. The machine may be busy with other tests, so one of several tries has to keep it,
    static let promise = Duration.milliseconds(30)
    /// and each of them this.
    static let bound = Duration.seconds(1)

    /// A pipe that nobody writes to, nor reads from; each attempt makes one of its own.
    static let fifo = NSTemporaryDirectory() + "spindle-fifo-\(getpid())"

    static let programs: [(String, String)] = [
        ("a hot loop", "for (let i = 0; ; i++) globalThis.x = i;"),
        ("a loop in try and finally", "for (;;) { try { throw 1 } catch { continue } finally { } }"),
        ("a loop of microtasks", "(async () => { for (;;) await null; })();"),
        ("a loop of ticks", "const again = () => process.nextTick(again); again();"),
        ("a loop of immediates", "const again = () => setImmediate(again); again();"),
        ("a sort with a comparator", "for (;;) Array.from({ length: 1e5 }, Math.random).sort((a, b) => a - b);"),
        (
            "parsing large JSON",
            "const text = '[' + '[1,2,{\"a\":3}],'.repeat(7e6) + '1]'; \(on) for (;;) JSON.parse(text);"
        ),
        ("host calls", "for (;;) process.hrtime.bigint();"),
        ("a loop in a handler of exceptions", "process.on('uncaughtException', () => { for (;;); }); throw 1;"),
        ("waiting for a timer", "setTimeout(() => {}, 1e6);"),
        ("waiting for another program", "require('child_process').spawn('sleep', ['3']);"),
        ("a call that waits for another program", "require('child_process').spawnSync('sleep', ['1000']);"),
        ("waiting for a promise with a reference", "setInterval(() => {}, 1e6); new Promise(() => {});"),
        ("Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"),
        ("opening a pipe that nobody writes to", "require('fs').readFileSync('\(fifo)');"),
        ("reading from an empty pipe", "const fs = require('fs'); fs.readSync(fs.openSync('\(fifo)', 'r+'), Buffer.alloc(9));"),
        ("writing to a full pipe", "const fs = require('fs'); fs.writeSync(fs.openSync('\(fifo)', 'r+'), Buffer.alloc(1e6));"),
        ("reading from a pipe, asynchronously", "require('fs').promises.open('\(fifo)', 'r+').then((file) => file.read());"),
        ("a child that is waited for", "require('child_process').spawnSync('sleep', ['100']);"),
        ("a lock that is held for ever", "require('worker_threads').locks.request('stop', () => new Promise(() => {}));"),
        ("a loop of WebAssembly", wasm([0x03, 0x40, 0x0C, 0, 0x0B])),
        (
            "a loop of WebAssembly that catches everything",
            wasm([0x03, 0x40, 0x06, 0x40, 0x03, 0x40, 0x0C, 0, 0x0B, 0x19, 0x0B, 0x0C, 0, 0x0B])
        ),
        ("a worker in a loop", "new (require('worker_threads').Worker)('for (;;);', { eval: true });"),
    ]
    private static let on = "process.stdout.write('on');"

    /// Runs a function of these instructions.
    private static func wasm(_ code: [UInt8]) -> String {
        let body = [0] + code + [0x0B]
        let module: [UInt8] =
            [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0]
            + [10, UInt8(body.count + 2), 1, UInt8(body.count)] + body
        return "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(\(module)))).exports.f();"
    }

    @Test(arguments: programs) func `a stopped guest ends at once`(name: String, program: String) async throws {
        var best = Duration.seconds(1000)
        for _ in 0..<5 where best > Self.promise {
            let latency = try await Self.latency(program.contains(Self.on) ? program : Self.on + program)
            #expect(latency < Self.bound, "\(name) took \(latency)")
            best = min(best, latency)
        }
        #expect(best <= Self.promise, "\(name) took \(best) at best")
    }

    /// How long it takes a guest that is well into its program to end.
    private static func latency(_ program: String) async throws -> Duration {
        let control = GuestControl()
        let signal = AsyncStream<Void>.makeStream()
        var configuration = GuestConfiguration(entry: .source(program, name: "[test]", printsResult: false))
        configuration.environment = ["PATH": "/usr/bin:/bin"]
        mkfifo(fifo, 0o600)
        defer { unlink(fifo) }
        configuration.write = { _, _ in
            signal.continuation.yield()
            return 0
        }
        let ended = AsyncStream<Int32>.makeStream()
        try Guest.start(configuration, control: control) { code in
            ended.continuation.yield(code)
            ended.continuation.finish()
        }
        for await _ in signal.stream { break }
        // In the loop, optimised code included, or blocked in the call: nothing tells of that but time.
        try await Task.sleep(for: .milliseconds(60))
        #expect(control.inbox.post { _ in }, "it has ended by itself")
        let clock = ContinuousClock()
        let start = clock.now
        control.terminate()
        var code: Int32?
        for await ending in ended.stream { code = ending }
        #expect(code == 1)
        return clock.now - start
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
}
