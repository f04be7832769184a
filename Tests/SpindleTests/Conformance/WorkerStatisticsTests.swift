internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `Statistics of a worker` {
    @Test(arguments: Isolation.tested)
    func `count messages and what waits`(isolation: Isolation) async throws {
        let read = try TestGate()
        let worker = try await Worker.steps([.pass(read), .echo], in: isolation)
        for number in 0..<10 { try worker.post(number) }
        let before = worker.statistics
        #expect(before.messagesIn == 10)
        // What is on the way to a process waits there.
        #expect(before.inboxBacklog == 10 || isolation == .process && before.inboxBacklog < 10)
        try read.open()
        worker.finishSending()
        _ = try await worker.exit
        let statistics = worker.statistics
        #expect(statistics.messagesOut == 10 && statistics.outboxBacklog == 10 && statistics.inboxBacklog == 0)
        #expect(statistics.undelivered == 0)
        _ = try await worker.messages.collect()
        #expect(worker.statistics.outboxBacklog == 0)
    }

    @Test(arguments: Isolation.tested)
    func `tell a busy worker from an idle one`(isolation: Isolation) async throws {
        let busy = try await Worker.steps([.spin(.milliseconds(30)), .send([1])], in: isolation)
        let idle = try await Worker(Echo.self, isolation: isolation.value)
        _ = try await busy.messages.collect()
        let figures = busy.statistics
        // Of a process its owner knows the processor time alone.
        if isolation == .thread { #expect(figures.activeTime >= .milliseconds(25) && figures.eventLoopUtilization > 0.3) }
        #expect(figures.cpuTime > .zero && figures.cpuTime <= figures.activeTime + .milliseconds(50))
        #expect(figures.eventLoopUtilization > 0 && figures.eventLoopUtilization <= 1)
        let resting = idle.statistics
        #expect(resting.activeTime < resting.idleTime + .milliseconds(30))
        #expect((0...1).contains(resting.eventLoopUtilization))
    }

    @Test(arguments: Isolation.tested)
    func `stand still once it has ended`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([], in: isolation, WorkerOptions(name: "stands-still"))
        _ = try await worker.exit
        #expect(await isolation.isGone("stands-still"))
        let first = worker.statistics
        let second = worker.statistics
        #expect(first.activeTime == second.activeTime && first.idleTime == second.idleTime && first.cpuTime == second.cpuTime)
        #expect(first.activeTime + first.idleTime < .seconds(60))
    }
}
