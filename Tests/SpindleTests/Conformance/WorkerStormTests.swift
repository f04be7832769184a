internal import Spindle
internal import TestSupport
internal import Testing

/// One after another: each uses the whole machine.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `A storm of workers` {
    @Test(arguments: Isolation.tested)
    func `of ten thousand threads or hundreds of processes, started and stopped, leaves nothing behind`(
        isolation: Isolation
    ) async throws {
        try await start(isolation.count(threads: 200, processes: 40), isolation, name: "storm-warm")
        #expect(await isolation.isGone("storm-warm"))
        let descriptors = ProcessCensus.descriptorCount
        let mappings = ProcessCensus.mappingCount
        try await start(isolation.count(threads: 10_000, processes: 800), isolation, name: "storm-worker")
        #expect(await isolation.isGone("storm-worker"))
        // Other tests run meanwhile and give back what they hold; so many leaks would stay.
        #expect(await ProcessCensus.falls(below: descriptors + 100) { ProcessCensus.descriptorCount })
        #expect(await ProcessCensus.falls(below: mappings + 500) { ProcessCensus.mappingCount })
    }

    /// Four at a time; some are sent a message, some terminated, some dropped.
    private func start(_ count: Int, _ isolation: Isolation, name: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<4 {
                group.addTask {
                    for number in stride(from: part, to: count, by: 4) {
                        let worker = try await Worker(
                            Echo.self, isolation: isolation.value, options: WorkerOptions(name: name))
                        switch number / 4 % 4 {
                        case 0:
                            #expect(await worker.terminate().description == "terminated")
                        case 1:
                            try await worker.send(number)
                            worker.finishSending()
                            #expect(try await worker.messages.collect() == [number])
                            #expect(try await worker.exit.description == "completed")
                        case 2:
                            worker.finishSending()
                            #expect(try await worker.events.collect().count == 2)
                        default:
                            break
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Isolation.tested)
    func `a thousand idle threads or a hundred processes answer, and go`(isolation: Isolation) async throws {
        let count = isolation.count(threads: 1_000, processes: 100)
        var workers: [Worker<Echo>] = []
        for _ in 0..<count {
            let options = WorkerOptions(name: "idle-worker", terminationDeadline: .seconds(30))
            workers.append(try await Worker(Echo.self, isolation: isolation.value, options: options))
        }
        for (number, worker) in workers.enumerated() { try await worker.send(number) }
        for (number, worker) in workers.enumerated() {
            var messages = worker.messages.makeAsyncIterator()
            #expect(try await messages.next() == number)
        }
        #expect(isolation.census(named: "idle-worker") == count)
        await withTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { #expect(await worker.terminate().description == "terminated") } }
        }
        #expect(await isolation.isGone("idle-worker"))
    }

    @Test(arguments: Isolation.tested, SeededRandom.seeds(2))
    func `stopped at random moments under load ends each exactly once`(isolation: Isolation, seed: UInt64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<isolation.count(threads: 200, processes: 60) {
                group.addTask {
                    var random = SeededRandom(seed: seed &+ UInt64(index))
                    let sent = random.below(200)
                    let options = WorkerOptions(inboxLimit: 4, outboxLimit: 4, terminationDeadline: .seconds(30))
                    let worker = try await Worker(Echo.self, isolation: isolation.value, options: options)
                    async let words = worker.events.collect().map(\.word)
                    async let sending: Int = {
                        var accepted = 0
                        while accepted < sent, (try? await worker.send(accepted)) != nil { accepted += 1 }
                        return accepted
                    }()
                    for _ in 0..<random.below(50) { await Task.yield() }
                    #expect(await worker.terminate().description == "terminated")
                    let (seen, accepted) = (try await words, await sending)
                    #expect(seen.last == "terminated")
                    let hasBegun = seen.first == "online"
                    let messages = seen.dropFirst(hasBegun ? 1 : 0).dropLast()
                    #expect(hasBegun || messages.isEmpty)
                    #expect(Array(messages) == (0..<messages.count).map(String.init))
                    #expect(messages.count <= accepted && worker.statistics.messagesIn == UInt64(accepted))
                }
            }
            try await group.waitForAll()
        }
    }
}
