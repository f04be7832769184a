import CJavaScriptCore
import Foundation
import SpindleMemory
import Synchronization
import Testing

@testable import SpindleJavaScript

/// The engine looks at its guests many times a second, and must survive it.
@Suite struct WatchdogTests {
    @Test func `the engine's faulty handling of traps is replaced`() throws {
        let library = try #require(dlopen("libjavascriptcoregtk-4.1.so.0", RTLD_NOW | RTLD_NOLOAD))
        defer { dlclose(library) }
        for name in ["_ZN3JSC7VMTraps25requestThreadStopIfNeededEj", "_ZN3JSC7VMTraps24cancelThreadStopIfNeededEv"] {
            // By way of RTLD_DEFAULT: what the engine finds when it calls it.
            let found = try #require(dlsym(nil, name))
            #expect(found != dlsym(library, name))
        }
    }

    /// As close together as the engine's timers come, in loops that poll all the time: more than a guest ever sees.
    @Test func `busy engines survive being looked at many thousands of times`() async throws {
        let isStress = ProcessInfo.processInfo.environment["SPINDLE_STRESS"] == "1"
        let looks = Looks(wanted: isStress ? 200_000 : 20_000)
        let (ends, end) = AsyncStream<Void>.makeStream()
        for _ in 0..<4 {
            let failure = DetachedThread.start(stackSize: 1 << 20) {
                let engine = Engine()
                engine.run {
                    looks.arm(engine)
                    _ = try? engine.evaluate(
                        "let n = 0; for (;;) { for (let i = 0; i < 1e5; i++) n = (n * 31 + i) | 0; }", at: "test:loop")
                }
                engine.close()
                end.yield()
            }
            #expect(failure == nil)
        }
        var ended = 0
        for await _ in ends {
            ended += 1
            if ended == 4 { break }
        }
        #expect(looks.count.load(ordering: .relaxed) >= looks.wanted)
    }

    private final class Looks: Sendable {
        let wanted: Int
        let count = Atomic(0)

        init(wanted: Int) { self.wanted = wanted }

        /// Instead of the engine's own: each look asks for the next, at once, until there were enough of all engines.
        func arm(_ engine: Engine) { Self.arm(engine.group, Unmanaged.passUnretained(self).toOpaque()) }

        private static func arm(_ group: JSContextGroupRef, _ looks: UnsafeMutableRawPointer) {
            JSContextGroupSetExecutionTimeLimit(
                group, 0,
                { context, data in
                    guard let context, let data else { return true }
                    let looks = Unmanaged<Looks>.fromOpaque(data).takeUnretainedValue()
                    if looks.count.add(1, ordering: .relaxed).newValue >= looks.wanted { return true }
                    Looks.arm(JSContextGetGroup(context), data)
                    return false
                }, looks)
        }
    }
}
