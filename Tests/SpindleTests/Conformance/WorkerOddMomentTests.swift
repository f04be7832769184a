internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `Workers that end at odd moments` {
    @Test(arguments: Isolation.nested)
    func `children that ended are forgotten by their parent`(isolation: Isolation, ofChildren: Isolation) async throws {
        let data = Nursery.WorkerData(
            isolation: ofChildren, count: ofChildren.count(threads: 3_000, processes: 200),
            name: "left-\(isolation.initial)-\(ofChildren.initial)")
        let worker = try await Worker(Nursery.self, workerData: data, isolation: isolation.value)
        #expect(try await worker.messages.collect() == [0])
    }

    @Test(arguments: Isolation.tested)
    func `a worker stopped before it began was never online`(isolation: Isolation) async throws {
        for _ in 0..<100 {
            let began = try TestGate()
            let worker = try await Worker.steps([.begin(began)], in: isolation)
            await worker.terminate()
            let words = try await worker.events.collect().map(\.word)
            let (isOnline, hasBegun) = (words.first == "online", try began.hasBegun)
            // A process may be killed between the two.
            #expect(isOnline == hasBegun || isolation == .process && isOnline)
        }
    }
}
