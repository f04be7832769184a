internal import Spindle
internal import Testing
internal import TestSupport

extension EnvironmentData.Key where Value == Int {
    fileprivate static let depth = Self("family-depth")
    fileprivate static let shared = Self("family-shared")
}

@Suite(.timeLimit(.minutes(10))) struct `A worker's family` {
    @Test func `has numbers that are never used twice, and names`() async throws {
        var seen: Set<WorkerID> = [.main]
        for _ in 0..<50 {
            let worker = try await Worker(Echo.self)
            #expect(seen.insert(worker.id).inserted)
            #expect(worker.name == "worker-\(worker.id)")
        }
        let named = try await Worker(Echo.self, options: WorkerOptions(name: "given"))
        #expect(named.name == "given" && named.id.number > 50)
    }

    @Test func `knows itself and its parent`() async throws {
        let worker = try await Worker.script(WorkerOptions(name: "parent")) { parent in
            try await parent.send(Int(parent.id.number))
            try await parent.send(Int(parent.parentID.number))
            #expect(parent.name == "parent")
            let child = try await Worker.script { parent in try await parent.send(Int(parent.parentID.number)) }
            for try await number in child.messages { try await parent.send(number) }
        }
        let own = Int(worker.id.number)
        #expect(try await worker.messages.collect() == [own, 0, own])
    }

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

    @Test func `is stopped with the worker that started it`() async throws {
        let online = Signal()
        let ends = EventLog<String>()
        let worker = try await Worker.script { parent in
            let child = try await Worker.script { parent in
                let grandchild = try await Worker.script { parent in
                    defer { ends.append("grandchild") }
                    online.fire()
                    for try await _ in parent.messages {}
                }
                defer { ends.append("child") }
                _ = try await grandchild.exit
            }
            defer { ends.append("worker") }
            _ = try await child.exit
        }
        await online.wait()
        #expect(await worker.terminate().description == "terminated")
        #expect(ends.events.sorted() == ["child", "grandchild", "worker"])
    }

    @Test func `is stopped when the program of the worker that started it returns`() async throws {
        let kept = MessageChannel<Worker<Script>, Never>()
        let worker = try await Worker.script { _ in
            try await kept.port1.send(try await Worker.script { parent in for try await _ in parent.messages {} })
        }
        #expect(try await worker.exit.description == "completed")
        // By then the child has ended, though a handle to it was passed on.
        let child = try #require(kept.port2.tryReceive())
        #expect(child.currentExit?.description == "terminated")
    }

    @Test func `does not keep its parent from other children, hundreds after one another`() async throws {
        let worker = try await Worker.script(WorkerOptions(name: "many-children")) { parent in
            for number in 0..<300 {
                let child = try await Worker.script { parent in try await parent.send(number) }
                for try await answer in child.messages { try await parent.send(answer) }
            }
        }
        #expect(try await worker.messages.collect() == Array(0..<300))
    }

    // MARK: Environment data

    @Test func `inherits a copy of its creator's data`() async throws {
        EnvironmentData[.depth] = 1
        defer { EnvironmentData[.depth] = nil }
        let changed = Signal()
        let worker = try await Worker.script { parent in
            try await parent.send(EnvironmentData[.depth] ?? -1)
            await changed.wait()
            // What the owner set later does not reach it, nor the other way round.
            try await parent.send(EnvironmentData[.depth] ?? -1)
            EnvironmentData[.depth] = 2
            let child = try await Worker.script { parent in
                try await parent.send(EnvironmentData[.depth] ?? -1)
                EnvironmentData[.depth] = nil
                try await parent.send(EnvironmentData[.depth] ?? -1)
            }
            for try await number in child.messages { try await parent.send(number) }
            try await parent.send(EnvironmentData[.depth] ?? -1)
        }
        EnvironmentData[.depth] = 10
        changed.fire()
        #expect(try await worker.messages.collect() == [1, 1, 2, -1, 2])
        #expect(EnvironmentData[.depth] == 10)
    }

    @Test func `reads under another type what is not there under it`() {
        EnvironmentData[.shared] = 1
        defer { EnvironmentData[.shared] = nil }
        #expect(EnvironmentData[EnvironmentData.Key<String>("family-shared")] == nil)
        #expect(EnvironmentData[.shared] == 1)
    }
}
