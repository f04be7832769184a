internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `The zygote's state machine` {
    private let second: Int64 = 1_000_000_000

    @Test func `starts one zygote for all who need it, and another after it was lost`() {
        var machine = ZygoteStateMachine()
        #expect(machine.needed(at: 0) == .start(generation: 1))
        #expect(machine.needed(at: 1) == .use)
        #expect(machine.lost(generation: 1, at: 10 * second) == true)
        #expect(machine.lost(generation: 1, at: 10 * second) == false)
        #expect(machine.needed(at: 10 * second) == .start(generation: 2))
        #expect(machine.lost(generation: 1, at: 11 * second) == false)
        #expect(machine.needed(at: 11 * second) == .use)
    }

    @Test func `pauses longer and longer for one that keeps ending at once, and forgets that after a long life`() {
        var machine = ZygoteStateMachine()
        var now: Int64 = 0
        var pauses: [Int64] = []
        for generation in 1...14 as ClosedRange<UInt64> {
            if case .refuse(let pause) = machine.needed(at: now) {
                pauses.append(pause / second)
                now += pause
                _ = machine.needed(at: now)
            } else {
                pauses.append(0)
            }
            #expect(machine.lost(generation: generation, at: now) == true)
        }
        #expect(pauses == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
        now += 60 * second
        #expect(machine.needed(at: now) == .start(generation: 15))
        #expect(machine.lost(generation: 15, at: now + 5 * second) == true)
        #expect(machine.needed(at: now + 5 * second) == .start(generation: 16))
    }
}
