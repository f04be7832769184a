internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `The exit of a worker` {
    @Test(arguments: Isolation.tested)
    func `says that the program returned`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.post(1)], in: isolation)
        #expect(try await worker.events.collect().map(\.word) == ["online", "1", "completed"])
        #expect(worker.currentExit?.code == 0)
    }

    @Test(arguments: Isolation.tested)
    func `has the code the program asked for`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.postAtEnd(2), .exit(78)], in: isolation)
        #expect(try await worker.messages.collect() == [2])
        guard case .exited(78) = try await worker.exit else {
            Issue.record("another exit")
            return
        }
    }

    @Test(arguments: Isolation.tested)
    func `carries the error the program threw, and so do its messages, after the last one`(isolation: Isolation) async throws {
        let broken = Step.Broken(number: 5)
        let worker = try await Worker.steps([.post(1), .fail(broken)], in: isolation)
        var messages = worker.messages.makeAsyncIterator()
        #expect(try await messages.next() == 1)
        let thrown = await #expect(throws: (any Error).self) { try await messages.next() }
        expectFailure(thrown, broken, in: isolation)
        guard case .failed(let error) = try await worker.exit else {
            Issue.record("another exit")
            return
        }
        expectFailure(error, broken, in: isolation)
    }

    @Test(arguments: Isolation.tested)
    func `is the same for all who wait for it, before and after`(isolation: Isolation) async throws {
        let end = try TestGate()
        let worker = try await Worker.steps([.pass(end), .exit(9)], in: isolation)
        #expect(worker.currentExit == nil)
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<50 { group.addTask { try await worker.exit.code } }
            try end.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: 9, count: 50))
        #expect(try await worker.exit.code == 9)
        #expect(await worker.terminate().code == 9)
    }

    @Test(arguments: Isolation.tested)
    func `may be waited for no longer, which leaves the worker alone`(isolation: Isolation) async throws {
        let worker = try await Worker(Echo.self, isolation: isolation.value)
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

    @Test(arguments: Isolation.tested)
    func `counts what the program never received`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.receiveOne], in: isolation)
        // Refused from the moment the worker has ended; accepted until then.
        var accepted: UInt64 = 0
        while (try? await worker.send(0)) != nil { accepted += 1 }
        _ = try await worker.exit
        let statistics = worker.statistics
        #expect(accepted >= 1 && statistics.messagesIn == accepted)
        #expect(statistics.undelivered == accepted - 1)
    }

    @Test(arguments: Isolation.tested)
    func `frees what was under way in both directions`(isolation: Isolation) async throws {
        // The isolations are tested side by side, in one process that holds the buffers of all.
        let (toWorker, fromWorker) = ("hoarded-\(isolation)", "offered-\(isolation)")
        do {
            let worker = try await Worker(
                Hoarder.self, workerData: fromWorker, isolation: isolation.value, options: WorkerOptions(name: "hoarder"))
            for _ in 0..<10 { try? worker.post(SharedBuffer(byteLength: 1, name: toWorker)) }
            _ = try await worker.exit
            #expect(ProcessCensus.descriptors(ofMemoryFile: toWorker).isEmpty)
            #expect(ProcessCensus.descriptors(ofMemoryFile: fromWorker).count == 10, "they wait for the owner")
        }
        #expect(await isolation.isGone("hoarder"))
        #expect(ProcessCensus.descriptors(ofMemoryFile: fromWorker).isEmpty)
        #expect(ProcessCensus.mappings(ofMemoryFile: fromWorker) + ProcessCensus.mappings(ofMemoryFile: toWorker) == 0)
    }
}
