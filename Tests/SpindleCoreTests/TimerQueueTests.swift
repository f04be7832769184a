internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `The timer queue` {
    @Test func `gives out what is due, earliest first, equal times in the order they were added`() {
        var queue = TimerQueue<String>()
        _ = queue.add(at: 20, "c")
        _ = queue.add(at: 10, "a")
        _ = queue.add(at: 10, "b")
        #expect(queue.nextDeadline == 10)
        #expect(queue.takeDue(at: 9) == [])
        #expect(queue.takeDue(at: 20) == ["a", "b", "c"])
        #expect(queue.nextDeadline == nil && queue.count == 0)
    }

    @Test func `a cancelled timer does not fire, and is cancelled once`() {
        var queue = TimerQueue<Int>()
        let id = queue.add(at: 5, 1)
        #expect(queue.cancel(id) == 1)
        #expect(queue.cancel(id) == nil)
        #expect(queue.takeDue(at: 5) == [])
    }

    @Test func `a timer that has fired cannot be cancelled, and its number is not used again`() {
        var queue = TimerQueue<Int>()
        let first = queue.add(at: 5, 1)
        #expect(queue.takeDue(at: 5) == [1])
        let second = queue.add(at: 5, 2)
        #expect(first != second)
        #expect(queue.cancel(first) == nil)
        #expect(queue.takeDue(at: 5) == [2])
    }

    @Test func `cancelled timers do not pile up`() {
        var queue = TimerQueue<Int64>()
        let ids = (0..<10_000).map { queue.add(at: $0, $0) }
        for id in ids.dropLast() { queue.cancel(id) }
        #expect(queue.count == 1)
        // Cancelled entries stand before the last timer; all but a few of them have gone.
        #expect((queue.nextDeadline ?? 0) >= 10_000 - 64)
        #expect(queue.takeDue(at: .max) == [9_999])
    }

    @Test(arguments: SeededRandom.seeds(40))
    func `agrees with a sorted list`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = TimerQueue<Int>()
        var model: [(at: Int64, number: Int, id: TimerQueue<Int>.ID)] = []
        var spent: [TimerQueue<Int>.ID] = []
        var now: Int64 = 0
        for number in 0..<1_000 {
            switch random.below(10) {
            case ..<5:
                let at = now + Int64(random.below(50)) - 5
                model.append((at, number, queue.add(at: at, number)))
            case ..<8 where !model.isEmpty:
                let cancelled = model.remove(at: random.below(model.count))
                #expect(queue.cancel(cancelled.id) == cancelled.number)
                spent.append(cancelled.id)
            case ..<9:
                now += Int64(random.below(20))
                let due = model.filter { $0.at <= now }.sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                model.removeAll { $0.at <= now }
                #expect(queue.takeDue(at: now) == due.map(\.number))
                spent += due.map(\.id)
            default:
                if let id = spent.randomElement(using: &random) { #expect(queue.cancel(id) == nil) }
            }
            #expect(queue.count == model.count)
            // Early is allowed, late is not.
            if let first = model.map(\.at).min() { #expect(queue.nextDeadline.map { $0 <= first } == true) }
        }
    }
}
