internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `Messages of a worker` {
    @Test func `go both ways in order`() async throws {
        let worker = try await Worker(Echo.self)
        async let echoed = worker.messages.collect()
        for number in 0..<5_000 { try await worker.send(number) }
        worker.finishSending()
        #expect(try await echoed == Array(0..<5_000))
        #expect(try await worker.exit.description == "completed")
    }

    @Test func `come with what the owner gave at the start`() async throws {
        let worker = try await Worker.script { [numbers = [3, 1, 4]] parent in
            for number in numbers { try await parent.send(number) }
        }
        #expect(try await worker.messages.collect() == [3, 1, 4])
    }

    @Test func `run on the worker's thread, with all the program awaits`() async throws {
        let worker = try await Worker.script { parent in
            func isHere() -> Bool { parent.executor.serialExecutor.isIsolatingCurrentContext() == true }
            try await parent.send(isHere() ? 1 : 0)
            for try await _ in parent.messages { try await parent.send(isHere() ? 1 : 0) }
            async let child = isHere()
            try await parent.send(await child ? 1 : 0)
        }
        for _ in 0..<10 { try await worker.send(0) }
        worker.finishSending()
        #expect(try await worker.messages.collect() == Array(repeating: 1, count: 12))
    }

    @Test func `that find a full inbox are given back`() async throws {
        let read = Signal()
        let worker = try await Worker.script(WorkerOptions(inboxLimit: 2)) { parent in
            await read.wait()
            for try await number in parent.messages { try await parent.send(number) }
        }
        try worker.post(1)
        try worker.post(2)
        let refused = #expect(throws: SendError<Int>.self) { try worker.post(3) }
        #expect(refused?.reason == .full && refused?.message == 3)
        async let third: Void = worker.send(3)
        read.fire()
        try await third
        worker.finishSending()
        #expect(try await worker.messages.collect() == [1, 2, 3])
    }

    @Test func `hold the program up at its outbox limit`() async throws {
        let full = Signal()
        let worker = try await Worker.script(WorkerOptions(outboxLimit: 2)) { parent in
            try parent.post(1)
            try parent.post(2)
            let refused = #expect(throws: SendError<Int>.self) { try parent.post(3) }
            #expect(refused?.reason == .full)
            full.fire()
            try await parent.send(3)
        }
        await full.wait()
        #expect(worker.statistics.outboxBacklog == 2)
        #expect(try await worker.messages.collect() == [1, 2, 3])
    }

    @Test func `can be received by a blocked thread at either side`() async throws {
        let worker = try await Worker.script { parent in
            while let number = parent.receive() { try parent.post(number + 1) }
        }
        for number in 0..<100 {
            try worker.post(number)
            #expect(try await onThread { worker.receive() } == number + 1)
        }
        worker.finishSending()
        #expect(try await onThread { worker.receive() } == nil)
        #expect(worker.tryReceive() == nil)
        #expect(try await worker.exit.description == "completed")
    }

    @Test func `to a worker that has ended are given back`() async throws {
        let worker = try await Worker.script { _ in }
        _ = try await worker.exit
        let posted = #expect(throws: SendError<Int>.self) { try worker.post(1) }
        let sent = await #expect(throws: SendError<Int>.self) { try await worker.send(2) }
        #expect(posted?.reason == .closed && posted?.message == 1)
        #expect(sent?.reason == .closed && sent?.message == 2)
    }

    @Test func `may carry ports, by which two workers talk past their owner`() async throws {
        enum Talker: WorkerProgram {
            typealias Inbound = MessagePort<Int, Int>
            typealias Outbound = Int
            static func run(_ parent: WorkerScope<Talker>) async throws {
                for try await port in parent.messages {
                    for try await number in port.messages {
                        guard number < 1_000 else {
                            try await parent.send(number)
                            return
                        }
                        try await port.send(number + 1)
                    }
                }
            }
        }
        let workers = [try await Worker(Talker.self), try await Worker(Talker.self)]
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

    @Test(arguments: SeededRandom.seeds(3))
    func `all arrive before the exit, which comes last and once, under load`(seed: UInt64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<30 {
                group.addTask {
                    var random = SeededRandom(seed: seed &+ UInt64(index))
                    let count = random.below(500)
                    let worker = try await Worker.script(WorkerOptions(outboxLimit: 1 + random.below(8))) { parent in
                        for number in 0..<count { try await parent.send(number) }
                        try parent.exit(Int32(index))
                    }
                    let words = try await worker.events.collect().map(\.word)
                    #expect(words == ["online"] + (0..<count).map(String.init) + ["exited with code \(index)"])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `that were sent before the owner ended sending all arrive`() async throws {
        let worker = try await Worker.script { parent in
            var sum = 0
            for try await number in parent.messages { sum += number }
            try await parent.send(sum)
        }
        for number in 1...1_000 { try worker.post(number) }
        worker.finishSending()
        #expect(throws: SendError<Int>.self) { try worker.post(1) }
        #expect(try await worker.messages.collect() == [500_500])
        #expect(worker.statistics.undelivered == 0)
    }
}
