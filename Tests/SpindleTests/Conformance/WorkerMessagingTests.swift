internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `Messages of a worker` {
    @Test(arguments: Isolation.tested)
    func `go both ways in order`(isolation: Isolation) async throws {
        let worker = try await Worker(Echo.self, isolation: isolation.value)
        async let echoed = worker.messages.collect()
        for number in 0..<5_000 { try await worker.send(number) }
        worker.finishSending()
        #expect(try await echoed == Array(0..<5_000))
        #expect(try await worker.exit.description == "completed")
    }

    @Test(arguments: Isolation.tested)
    func `come with what the owner gave at the start`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.send([3, 1, 4])], in: isolation)
        #expect(try await worker.messages.collect() == [3, 1, 4])
    }

    @Test(arguments: Isolation.tested)
    func `run on the worker's thread, with all the program awaits`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.sendIsHere], in: isolation)
        for _ in 0..<10 { try await worker.send(0) }
        worker.finishSending()
        #expect(try await worker.messages.collect() == Array(repeating: 1, count: 12))
    }

    @Test(arguments: Isolation.tested)
    func `that find a full inbox are given back`(isolation: Isolation) async throws {
        let read = try TestGate()
        let worker = try await Worker.steps([.pass(read), .echo], in: isolation, WorkerOptions(inboxLimit: 2))
        try worker.post(1)
        try worker.post(2)
        var taken = 2
        var refused: SendError<Int>?
        while refused == nil {
            do throws(SendError<Int>) {
                try worker.post(taken + 1)
                taken += 1
            } catch {
                refused = error
            }
        }
        let last = taken + 1
        #expect(refused?.reason == .full && refused?.message == last)
        // On the way to a process there is room for some more.
        #expect(taken == 2 || isolation == .process)
        async let sending: Void = worker.send(last)
        try read.open()
        // At the same time, or its answers would fill its outbox, and what it is sent its inbox.
        async let echoed = worker.messages.collect()
        try await sending
        worker.finishSending()
        #expect(try await echoed == Array(1...last))
    }

    @Test(arguments: Isolation.tested)
    func `hold the program up at its outbox limit`(isolation: Isolation) async throws {
        let data = Filler.WorkerData(gate: try TestGate(), more: 1, refusals: try TestLog(), sent: try TestLog())
        let worker = try await Worker(
            Filler.self, workerData: data, isolation: isolation.value, options: WorkerOptions(outboxLimit: 2))
        try await data.gate.begun()
        let backlog = worker.statistics.outboxBacklog
        // On the way from a process there is room for some more.
        #expect(backlog == 2 || isolation == .process && backlog < 2)
        let messages = try await worker.messages.collect()
        #expect(try data.refusals.notes == [.full])
        #expect(try data.sent.numbers == [messages.count])
        #expect(messages == Array(1...messages.count))
        #expect(messages.count == 3 || isolation == .process && messages.count > 3)
    }

    @Test(arguments: Isolation.tested)
    func `can be received by a blocked thread at either side`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.answerBlocking], in: isolation)
        for number in 0..<100 {
            try worker.post(number)
            #expect(try await onThread { worker.receive() } == number + 1)
        }
        worker.finishSending()
        #expect(try await onThread { worker.receive() } == nil)
        #expect(worker.tryReceive() == nil)
        #expect(try await worker.exit.description == "completed")
    }

    @Test(arguments: Isolation.tested)
    func `to a worker that has ended are given back`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([], in: isolation)
        _ = try await worker.exit
        let posted = #expect(throws: SendError<Int>.self) { try worker.post(1) }
        let sent = await #expect(throws: SendError<Int>.self) { try await worker.send(2) }
        #expect(posted?.reason == .closed && posted?.message == 1)
        #expect(sent?.reason == .closed && sent?.message == 2)
    }

    @Test(arguments: Isolation.tested, Isolation.tested)
    func `may carry ports, by which two workers talk past their owner`(one: Isolation, other: Isolation) async throws {
        let workers = [
            try await Worker(Talker.self, isolation: one.value), try await Worker(Talker.self, isolation: other.value),
        ]
        do {
            let channel = MessageChannel<Int, Int>()
            try channel.port1.post(0)
            try await workers[0].send(channel.port1)
            try await workers[1].send(channel.port2)
        }
        // The one that reaches the number says so and ends, which drops its port and ends the other's loop.
        var said: [Int] = []
        for worker in workers {
            worker.finishSending()
            said += try await worker.messages.collect()
        }
        #expect(said == [1_000])
    }

    @Test(arguments: Isolation.tested, SeededRandom.seeds(3))
    func `all arrive before the exit, which comes last and once, under load`(isolation: Isolation, seed: UInt64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<30 {
                group.addTask {
                    var random = SeededRandom(seed: seed &+ UInt64(index))
                    let numbers = Array(0..<random.below(500))
                    let worker = try await Worker.steps(
                        [.send(numbers), .exit(Int32(index))], in: isolation,
                        WorkerOptions(outboxLimit: 1 + random.below(8)))
                    let words = try await worker.events.collect().map(\.word)
                    #expect(words == ["online"] + numbers.map(String.init) + ["exited with code \(index)"])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Isolation.tested)
    func `that were sent before the owner ended sending all arrive`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.sendSum], in: isolation)
        for number in 1...1_000 { try worker.post(number) }
        worker.finishSending()
        #expect(throws: SendError<Int>.self) { try worker.post(1) }
        #expect(try await worker.messages.collect() == [500_500])
        #expect(worker.statistics.undelivered == 0)
    }
}
