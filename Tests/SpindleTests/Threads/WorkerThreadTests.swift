internal import Spindle
internal import TestSupport
internal import Testing

/// What only a worker on a thread of this process has, promises, or can be given.
@Suite(.timeLimit(.minutes(10))) struct `A worker on a thread` {
    @Test func `puts its name and nice value on the thread`() async throws {
        let worker = try await Worker.script(WorkerOptions(name: "polite-worker", nice: 7)) { parent in
            for try await number in parent.messages { try await parent.send(number) }
        }
        try await worker.send(1)
        var messages = worker.messages.makeAsyncIterator()
        _ = try await messages.next()
        let threads = ProcessCensus.threads(named: "polite-worker")
        #expect(threads.count == 1 && threads.first.flatMap { ProcessCensus.nice(ofThread: $0) } == 7)
        await worker.terminate()
        #expect(await ProcessCensus.noThreads(named: "polite-worker"))
    }

    @Test func `that the system does not give is an error`() async throws {
        let error = await #expect(throws: WorkerStartError.self) {
            _ = try await Worker(Echo.self, options: WorkerOptions(stackSize: 1 << 60))
        }
        #expect(error?.code == .noThread)
    }

    @Test func `is given a closure and what that holds`() async throws {
        let worker = try await Worker.script { [numbers = [3, 1, 4]] parent in
            for number in numbers { try await parent.send(number) }
        }
        #expect(try await worker.messages.collect() == [3, 1, 4])
    }

    @Test func `may pass the handle of its own worker on, which ends with it all the same`() async throws {
        let kept = MessageChannel<Worker<Script>, Never>()
        let worker = try await Worker.script { _ in
            try await kept.port1.send(try await Worker.script { parent in for try await _ in parent.messages {} })
        }
        #expect(try await worker.exit.description == "completed")
        // By then the child has ended, though a handle to it was passed on.
        let child = try #require(kept.port2.tryReceive())
        #expect(child.currentExit?.description == "terminated")
    }

    @Test func `frees the objects that were under way in both directions`() async throws {
        enum Hoarder: WorkerProgram {
            typealias Inbound = LifeCount.Token
            typealias Outbound = LifeCount.Token
            typealias WorkerData = LifeCount
            static func run(_ parent: WorkerScope<Hoarder>) async throws {
                for _ in 0..<10 { try parent.post(parent.workerData.token()) }
                var messages = parent.messages.makeAsyncIterator()
                _ = try await messages.next()
            }
        }
        let count = LifeCount()
        do {
            let worker = try await Worker(Hoarder.self, workerData: count, options: WorkerOptions(name: "object-hoarder"))
            for _ in 0..<10 { try? worker.post(count.token()) }
            _ = try await worker.exit
            #expect(count.living == 10, "what the worker sent waits for its owner; the rest is gone")
        }
        #expect(await ProcessCensus.noThreads(named: "object-hoarder"))
        await count.noneLives()
    }
}
