import Testing

@testable import SpindleJavaScript

@Suite struct LoopStateMachineTests {
    @Test func `an empty loop finishes after one turn`() {
        var loop = LoopStateMachine()
        #expect(loop.next(now: 0, hasWork: false) == .finish)
    }

    @Test func `a turn goes through timers, work and immediates in this order`() {
        var loop = LoopStateMachine()
        loop.timerDeadline = 5
        loop.hasImmediates = true
        #expect(loop.next(now: 5, hasWork: true) == .fireTimers)
        #expect(loop.next(now: 5, hasWork: true) == .performWork)
        #expect(loop.next(now: 5, hasWork: false) == .runImmediates)
    }

    @Test func `a loop sleeps until its timer, and not while immediates or work are queued`() {
        var loop = LoopStateMachine()
        loop.timerDeadline = 9
        #expect(loop.next(now: 5, hasWork: false) == .sleep(until: 9))
        var busy = LoopStateMachine()
        busy.timerDeadline = 9
        busy.hasImmediates = true
        #expect(busy.next(now: 5, hasWork: false) == .runImmediates)
        var served = LoopStateMachine()
        served.addReference()
        #expect(served.next(now: 5, hasWork: true) == .performWork)
    }

    @Test func `a timer without a reference does not keep the loop`() {
        var loop = LoopStateMachine()
        loop.timerDeadline = 9
        loop.isTimerReferenced = false
        #expect(loop.next(now: 5, hasWork: false) == .finish)
    }

    @Test func `a reference keeps the loop until it is given back`() {
        var loop = LoopStateMachine()
        loop.addReference()
        #expect(loop.next(now: 0, hasWork: false) == .sleep(until: nil))
        loop.removeReference()
        #expect(loop.next(now: 0, hasWork: false) == .finish)
    }

    @Test func `immediates run in a turn if there can be any, also when they do not keep the loop`() {
        var loop = LoopStateMachine()
        loop.addReference()
        loop.hasImmediates = true
        loop.hasImmediates = false
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
        #expect(loop.next(now: 0, hasWork: false) == .runImmediates)
        loop.immediatesRan(leaving: true)
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
        #expect(loop.next(now: 0, hasWork: false) == .runImmediates)
        loop.immediatesRan(leaving: false)
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
    }

    @Test func `work that comes as the last reference goes is performed`() {
        var loop = LoopStateMachine()
        loop.addReference()
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
        loop.removeReference()
        #expect(loop.next(now: 0, hasWork: true) == .performWork)
        #expect(loop.next(now: 0, hasWork: false) == .finish)
    }
}
