internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `The spares' state machine` {
    @Test func `gives out parked spares first, then those that are coming`() {
        var machine = SpareStateMachine()
        machine.target = 2
        #expect(machine.missing == 2 && machine.take() == nil)
        #expect(machine.forkWanted(1, asSpare: true) && machine.forkWanted(2, asSpare: true))
        #expect(machine.missing == 0 && machine.all == [1, 2])
        #expect(machine.forkAnswered(2, isParked: true) == .some(nil))
        #expect(machine.take() == 2)
        #expect(machine.isSpare(1) && machine.take() == 1 && !machine.isSpare(1))
        #expect(machine.take() == nil && machine.missing == 2)
        #expect(machine.forkAnswered(1, isParked: true) == .some(nil))
        #expect(machine.take() == nil, "it was given out before it was there")
    }

    @Test func `does not count a spare that failed or ended, and names those that are too many`() {
        var machine = SpareStateMachine()
        machine.target = 3
        for id in 1...3 as ClosedRange<UInt64> { _ = machine.forkWanted(id, asSpare: true) }
        _ = machine.forkAnswered(1, isParked: false)
        #expect(machine.missing == 1)
        _ = machine.forkAnswered(2, isParked: true)
        _ = machine.forkAnswered(3, isParked: true)
        machine.ended(2)
        #expect(machine.missing == 2)
        machine.target = 0
        #expect(machine.takeExcess() == 3 && machine.takeExcess() == nil)
    }

    @Test func `takes no answer to what it has not asked`() {
        var machine = SpareStateMachine()
        #expect(machine.forkAnswered(1, isParked: true) == nil)
        _ = machine.forkWanted(1, asSpare: false)
        #expect(machine.forkAnswered(1, isParked: true) == .some(nil))
        #expect(machine.forkAnswered(1, isParked: true) == nil)
        _ = machine.forkWanted(2, asSpare: true)
        machine.zygoteLost()
        #expect(machine.forkAnswered(2, isParked: true) == nil && machine.missing == 1)
    }

    @Test(arguments: SeededRandom.seeds(50))
    func `asks for every fork once, in order, and never for too many at once`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var machine = SpareStateMachine()
        var wanted: UInt64 = 0
        var asked: [UInt64] = []
        var open: [UInt64] = []
        func ask(_ id: UInt64) {
            asked.append(id)
            open.append(id)
        }
        while wanted < 500 || !open.isEmpty {
            #expect(open.count <= 32)
            if wanted < 500, open.isEmpty || random.chance(60) {
                wanted += 1
                if machine.forkWanted(wanted, asSpare: random.chance(10)) { ask(wanted) }
            } else {
                let id = open.remove(at: random.below(open.count))
                if case .some(let next?) = machine.forkAnswered(id, isParked: random.chance(90)) { ask(next) }
            }
        }
        #expect(asked == Array(1...500))
    }
}
