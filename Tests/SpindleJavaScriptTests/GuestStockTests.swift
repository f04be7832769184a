import Foundation
import Testing

@testable import SpindleJavaScript

/// Engines that are made ahead and used again.
@Suite(.serialized) struct GuestStockTests {
    /// A stock whose figures can be waited for.
    struct Watched {
        let stock: GuestStock
        private let changes: AsyncStream<GuestStock.Figures>

        init(idleTime: Duration) {
            let (stream, continuation) = AsyncStream<GuestStock.Figures>.makeStream()
            changes = stream
            stock = GuestStock(idleTime: Int64(idleTime / .nanoseconds(1))) { continuation.yield($0) }
        }

        func wait(until condition: (GuestStock.Figures) -> Bool) async {
            if condition(stock.figures) { return }
            for await figures in changes where condition(figures) { return }
        }

        /// Runs a piece of JavaScript on one of the engines.
        func run(_ source: String) async throws -> GuestOutcome {
            let configuration = GuestConfiguration(entry: .source(source, name: "[test]", printsResult: false))
            return try await runGuest(
                configuration,
                by: { configuration, control, ended in
                    try stock.start(.init(configuration: configuration, control: control, ended: ended))
                })
        }
    }

    @Test func `there are no spares before the first guest, one after it, and none when nobody has come for long`() async throws {
        let watched = Watched(idleTime: .milliseconds(300))
        #expect(watched.stock.figures == GuestStock.Figures())
        #expect(try await watched.run("console.log(1)").output == "1\n")
        await watched.wait { $0.spares > 0 }
        await watched.wait { $0.spares == 0 && $0.preparing == 0 }
        // The stock works as before.
        #expect(try await watched.run("console.log(2)").output == "2\n")
    }

    @Test func `the stock is bounded, however many guests end at once`() async throws {
        let watched = Watched(idleTime: .seconds(60))
        try await withThrowingTaskGroup { group in
            for index in 0..<12 {
                group.addTask { try await watched.run("setTimeout(() => console.log(\(index)), 20)").output }
            }
            var outputs: Set<String> = []
            for try await output in group { outputs.insert(output) }
            #expect(outputs == Set((0..<12).map { "\($0)\n" }))
        }
        await watched.wait { $0.preparing == 0 }
        #expect(watched.stock.figures.spares <= 3)
    }

    @Test func `a guest sees nothing of the one whose engine it has`() async throws {
        let watched = Watched(idleTime: .seconds(60))
        let dirty = """
            globalThis.left = 1;
            Array.prototype.left = 1;
            Object.prototype.left = 1;
            process.env.LEFT = '1';
            process.left = 1;
            process.on('exit', () => {});
            require('fs').left = 1;
            require('module')._cache.left = 1;
            Error.stackTraceLimit = 0;
            JSON.stringify = () => 'patched';
            Promise.prototype.then = () => 'patched';
            Error.prepareStackTrace = () => 'patched';
            setTimeout(() => console.log('late'), 1e6).unref();
            setImmediate(() => {}).unref();
            process.nextTick(() => { globalThis.left = 2; });
            'abc'.match(/b/);
            console.log('dirty');
            """
        let look = """
            Promise.resolve('then').then((text) => console.log(text));
            console.log(JSON.stringify([
                typeof left, [].left, {}.left, process.env.LEFT, process.left, process.listenerCount('exit'),
                require('fs').left, require('module')._cache.left, Error.stackTraceLimit, RegExp.lastMatch,
                typeof new Error('x').stack.split('\\n')[1], Object.keys(globalThis).includes('left'),
            ]));
            """
        let clean = #"["undefined",null,null,null,null,0,null,null,10,"","string",false]"# + "\nthen\n"
        var looks = 0
        // Spares that were made ahead take their turns.
        while watched.stock.figures.reuses < 6, looks < 40 {
            #expect(try await watched.run(dirty).output == "dirty\n")
            await watched.wait { $0.preparing == 0 }
            #expect(try await watched.run(look).output == clean)
            await watched.wait { $0.preparing == 0 }
            looks += 1
        }
        #expect(watched.stock.figures.reuses >= 6)
    }

    @Test(arguments: ["process.exit(0)", "new FinalizationRegistry(() => {})", "throw 1"])
    func `an engine is not used again after`(program: String) async throws {
        let watched = Watched(idleTime: .seconds(60))
        for _ in 0..<5 {
            _ = try await watched.run(program)
            await watched.wait { $0.preparing == 0 }
        }
        #expect(watched.stock.figures.reuses == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `memory of a guest that has ended comes back`() async throws {
        let watched = Watched(idleTime: .seconds(60))
        _ = try await watched.run("")
        await watched.wait { $0.spares == 2 && $0.preparing == 0 }
        let before = ProcessMemory.residentBytes
        #expect(try await watched.run("globalThis.kept = new SharedArrayBuffer(1 << 28); new Uint8Array(kept).fill(1)").code == 0)
        await watched.wait { _ in ProcessMemory.residentBytes < before + (1 << 27) }
    }
}
