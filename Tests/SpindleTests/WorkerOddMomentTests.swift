internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `Workers that end at odd moments` {
    @Test func `children that ended are forgotten by their parent`() async throws {
        enum Leaver: WorkerProgram {
            typealias Inbound = Int
            typealias Outbound = LifeCount.Token
            typealias WorkerData = LifeCount
            static func run(_ parent: WorkerScope<Leaver>) async throws { try parent.post(parent.workerData.token()) }
        }
        let count = LifeCount()
        let worker = try await Worker.script { parent in
            for _ in 0..<3_000 {
                let child = try await Worker(Leaver.self, workerData: count, options: WorkerOptions(name: "leaver"))
                _ = try await child.exit
            }
            _ = await ProcessCensus.noThreads(named: "leaver")
            try await parent.send(count.living)
        }
        #expect(try await worker.messages.collect() == [0])
    }

    @Test func `a worker stopped before it began was never online`() async throws {
        for _ in 0..<100 {
            let began = Signal()
            let worker = try await Worker.script { _ in began.fire() }
            await worker.terminate()
            let words = try await worker.events.collect().map(\.word)
            #expect((words.first == "online") == began.hasFired)
        }
    }
}
