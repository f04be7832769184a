internal import SpindleCore
internal import TestSupport
internal import Testing

@Suite struct `The lifecycle of a child` {
    @Test func `one whose outputs nobody holds is reaped at its exit, and told of once`() {
        var lifecycle = ChildLifecycle()
        #expect(lifecycle.isRunning)
        #expect(lifecycle.exitNoticed(holdsOutputs: false) == .reap)
        #expect(!lifecycle.isRunning)
        #expect(lifecycle.reaped() == .finish)
        #expect(lifecycle.reaped() == .nothing)
    }

    @Test func `one whose outputs are held is reaped once, when they are released or the wait is over`() {
        for isReleased in [true, false] {
            var lifecycle = ChildLifecycle()
            #expect(lifecycle.exitNoticed(holdsOutputs: true) == .linger)
            #expect((isReleased ? lifecycle.outputsReleased() : lifecycle.lingeredLongEnough()) == .reap)
            // The reaping itself releases outputs.
            #expect(lifecycle.outputsReleased() == .nothing)
            #expect(lifecycle.lingeredLongEnough() == .nothing)
            #expect(lifecycle.reaped() == .finish)
        }
    }

    @Test func `its end waits for readers, unless they are dismissed`() {
        for isDismissed in [true, false] {
            var lifecycle = ChildLifecycle()
            lifecycle.readerBegan()
            _ = lifecycle.exitNoticed(holdsOutputs: false)
            #expect(lifecycle.reaped() == .nothing)
            #expect((isDismissed ? lifecycle.readersDismissed() : lifecycle.readerEnded()) == .finish)
            #expect(lifecycle.readersDismissed() == .nothing)
        }
    }

    @Test(arguments: SeededRandom.seeds(20))
    func `whatever the order of events, it lingers, is reaped and finishes once at most`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<100 {
            var lifecycle = ChildLifecycle()
            var seen: [ChildLifecycle.Action] = []
            var readers = 0
            for _ in 0..<20 {
                switch Int.random(in: 0..<7, using: &random) {
                case 0: seen.append(lifecycle.exitNoticed(holdsOutputs: .random(using: &random)))
                case 1: seen.append(lifecycle.outputsReleased())
                case 2: seen.append(lifecycle.lingeredLongEnough())
                case 3: seen.append(lifecycle.reaped())
                case 4:
                    lifecycle.readerBegan()
                    readers += 1
                case 5 where readers > 0:
                    seen.append(lifecycle.readerEnded())
                    readers -= 1
                default: seen.append(lifecycle.readersDismissed())
                }
            }
            seen.removeAll { $0 == .nothing }
            #expect([[], [.linger], [.reap], [.linger, .reap], [.reap, .finish], [.linger, .reap, .finish]].contains(seen))
        }
    }
}
