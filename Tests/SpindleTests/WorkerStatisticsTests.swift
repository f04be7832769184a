internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `Statistics of a worker` {
    @Test func `count messages and what waits`() async throws {
        let read = Signal()
        let worker = try await Worker.script { parent in
            await read.wait()
            for try await number in parent.messages { try await parent.send(number) }
        }
        for number in 0..<10 { try worker.post(number) }
        #expect(worker.statistics.messagesIn == 10 && worker.statistics.inboxBacklog == 10)
        read.fire()
        worker.finishSending()
        _ = try await worker.exit
        let statistics = worker.statistics
        #expect(statistics.messagesOut == 10 && statistics.outboxBacklog == 10 && statistics.inboxBacklog == 0)
        #expect(statistics.undelivered == 0)
        _ = try await worker.messages.collect()
        #expect(worker.statistics.outboxBacklog == 0)
    }

    @Test func `tell a busy worker from an idle one`() async throws {
        let clock = ContinuousClock()
        let busy = try await Worker.script { parent in
            let end = clock.now + .milliseconds(30)
            while clock.now < end {}
            try await parent.send(1)
        }
        let idle = try await Worker(Echo.self)
        _ = try await busy.messages.collect()
        let figures = busy.statistics
        #expect(figures.activeTime >= .milliseconds(25))
        #expect(figures.cpuTime > .zero && figures.cpuTime <= figures.activeTime + .milliseconds(50))
        #expect(figures.eventLoopUtilization > 0.3 && figures.eventLoopUtilization <= 1)
        let resting = idle.statistics
        #expect(resting.activeTime < resting.idleTime + .milliseconds(30))
        #expect((0...1).contains(resting.eventLoopUtilization))
    }

    @Test func `stand still once its thread has ended`() async throws {
        let worker = try await Worker.script(WorkerOptions(name: "stands-still")) { _ in }
        _ = try await worker.exit
        #expect(await ProcessCensus.noThreads(named: "stands-still"))
        let first = worker.statistics
        let second = worker.statistics
        #expect(first.activeTime == second.activeTime && first.idleTime == second.idleTime && first.cpuTime == second.cpuTime)
        #expect(first.activeTime + first.idleTime < .seconds(60))
    }

    @Test func `of a worker that could not be started count nothing`() async throws {
        await #expect(throws: ThreadStartError.self) {
            _ = try await Worker(Echo.self, options: WorkerOptions(stackSize: 1 << 60))
        }
    }
}
