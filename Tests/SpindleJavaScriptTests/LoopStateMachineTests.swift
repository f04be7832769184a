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

@Suite struct DelaySamplerTests {
    @Test func `a sample is the time between two moments at which the loop was awake and one was due`() {
        var sampler = DelaySampler(interval: 10, now: 100)
        sampler.tick(105)
        #expect(sampler.take() == [])
        sampler.tick(110)
        sampler.tick(119)
        #expect(sampler.due == 120)
        sampler.tick(135)
        #expect(sampler.take() == [10, 25])
        #expect(sampler.due == 145)
        #expect(sampler.take() == [])
    }

    @Test func `it says when samples are to be taken`() {
        var sampler = DelaySampler(interval: 1, now: 0)
        for now in 1..<Int64(DelaySampler.limit) { sampler.tick(now) }
        #expect(!sampler.isFull)
        sampler.tick(Int64(DelaySampler.limit))
        #expect(sampler.isFull)
        #expect(sampler.take().count == DelaySampler.limit)
        #expect(!sampler.isFull)
    }
}
