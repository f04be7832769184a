internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `The process lifecycle` {
    private func running() -> ProcessLifecycle {
        var lifecycle = ProcessLifecycle()
        #expect(lifecycle.forked() && lifecycle.launched())
        return lifecycle
    }

    @Test func `joins what the descriptor and the zygote say of the end, in either order`() {
        var lifecycle = running()
        #expect(lifecycle.exitNoticed() == .awaitStatus)
        #expect(lifecycle.statusReported() == .finish)
        #expect(lifecycle.waitedLongEnough() == .nothing)

        lifecycle = running()
        #expect(lifecycle.statusReported() == .finish)
        #expect(lifecycle.exitNoticed() == .nothing)
    }

    @Test func `does not wait for ever for a zygote that says nothing`() {
        var lifecycle = running()
        #expect(lifecycle.waitedLongEnough() == .nothing)
        _ = lifecycle.exitNoticed()
        #expect(lifecycle.waitedLongEnough() == .finish)
        #expect(lifecycle.statusReported() == .nothing)
    }

    @Test func `kills what a lost zygote leaves, and waits for its descriptor`() {
        var lifecycle = running()
        #expect(lifecycle.zygoteLost() == .kill)
        #expect(lifecycle.exitNoticed() == .finish)
        lifecycle = running()
        _ = lifecycle.exitNoticed()
        #expect(lifecycle.zygoteLost() == .finish)
        lifecycle = ProcessLifecycle()
        #expect(lifecycle.zygoteLost() == .finish && !lifecycle.forked() && !lifecycle.launched())
    }

    @Test(arguments: SeededRandom.seeds(200))
    func `finishes once, whatever comes`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var lifecycle = ProcessLifecycle()
        var finished = 0
        for step in 0..<40 {
            let action: ProcessLifecycle.Action
            switch step == 39 ? 2 : random.below(6) {
            case 0: action = lifecycle.exitNoticed()
            case 1: action = lifecycle.zygoteLost()
            case 2: action = lifecycle.statusReported()
            case 3: action = lifecycle.waitedLongEnough()
            case 4:
                #expect(!lifecycle.forked() || finished == 0)
                continue
            default:
                #expect(!lifecycle.launched() || finished == 0)
                continue
            }
            if finished > 0 { #expect(action == .nothing) }
            if action == .finish { finished += 1 }
        }
        #expect(finished == 1)
    }
}
