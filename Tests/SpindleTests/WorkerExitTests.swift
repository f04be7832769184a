internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `The exit of a worker` {
    private struct Broken: Error, Equatable {
        let number: Int
    }

    @Test func `says that the program returned`() async throws {
        let worker = try await Worker.script { parent in try parent.post(1) }
        #expect(try await worker.events.collect().map(\.word) == ["online", "1", "completed"])
        #expect(worker.currentExit?.code == 0)
    }

    @Test func `has the code the program asked for`() async throws {
        let worker = try await Worker.script { parent in
            defer { try? parent.post(2) }
            try parent.exit(78)
        }
        #expect(try await worker.messages.collect() == [2])
        guard case .exited(78) = try await worker.exit else {
            Issue.record("another exit")
            return
        }
    }

    @Test func `carries the error the program threw, and so do its messages, after the last one`() async throws {
        let worker = try await Worker.script { parent in
            try parent.post(1)
            throw Broken(number: 5)
        }
        var messages = worker.messages.makeAsyncIterator()
        #expect(try await messages.next() == 1)
        await #expect(throws: Broken(number: 5)) { try await messages.next() }
        guard case .failed(let error) = try await worker.exit else {
            Issue.record("another exit")
            return
        }
        #expect(error as? Broken == Broken(number: 5))
    }

    @Test func `is the same for all who wait for it, before and after`() async throws {
        let end = Signal()
        let worker = try await Worker.script { parent in
            await end.wait()
            try parent.exit(9)
        }
        #expect(worker.currentExit == nil)
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<50 { group.addTask { try await worker.exit.code } }
            end.fire()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: 9, count: 50))
        #expect(try await worker.exit.code == 9)
        #expect(await worker.terminate().code == 9)
    }

    @Test func `may be waited for no longer, which leaves the worker alone`() async throws {
        let worker = try await Worker(Echo.self)
        let waiting = Task { try await worker.exit }
        let iterating = Task { try await worker.messages.collect() }
        let watching = Task { try await worker.events.collect().count }
        waiting.cancel()
        iterating.cancel()
        watching.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await #expect(throws: CancellationError.self) { try await iterating.value }
        await #expect(throws: CancellationError.self) { try await watching.value }
        try await worker.send(1)
        worker.finishSending()
        #expect(try await worker.messages.collect() == [1])
    }

    @Test func `counts what the program never received`() async throws {
        let worker = try await Worker.script { parent in
            var messages = parent.messages.makeAsyncIterator()
            _ = try await messages.next()
        }
        // Refused from the moment the worker has ended; accepted until then.
        var accepted: UInt64 = 0
        while (try? await worker.send(0)) != nil { accepted += 1 }
        _ = try await worker.exit
        let statistics = worker.statistics
        #expect(accepted >= 1 && statistics.messagesIn == accepted)
        #expect(statistics.undelivered == accepted - 1)
    }

    @Test func `frees what was under way in both directions`() async throws {
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
            let worker = try await Worker(Hoarder.self, workerData: count, options: WorkerOptions(name: "hoarder"))
            for _ in 0..<10 { try? worker.post(count.token()) }
            _ = try await worker.exit
            #expect(count.living == 10, "what the worker sent waits for its owner; the rest is gone")
        }
        #expect(await ProcessCensus.noThreads(named: "hoarder"))
        #expect(count.living == 0)
    }
}
