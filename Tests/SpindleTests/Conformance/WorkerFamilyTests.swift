internal import Spindle
internal import TestSupport
internal import Testing

extension EnvironmentData.Key where Value == Int {
    fileprivate static let shared = Self("family-shared")
}

@Suite(.timeLimit(.minutes(10))) struct `A worker's family` {
    @Test(arguments: Isolation.tested)
    func `has numbers that are never used twice, and names`(isolation: Isolation) async throws {
        var seen: Set<WorkerID> = [.main]
        for _ in 0..<50 {
            let worker = try await Worker(Echo.self, isolation: isolation.value)
            #expect(seen.insert(worker.id).inserted)
            #expect(worker.name == "worker-\(worker.id)")
        }
        let named = try await Worker(Echo.self, isolation: isolation.value, options: WorkerOptions(name: "given"))
        #expect(named.name == "given" && named.id.number > 50)
    }

    @Test(arguments: Isolation.nested)
    func `knows itself and its parent`(isolation: Isolation, ofChildren: Isolation) async throws {
        let worker = try await Worker.steps(
            [.sendIdentity, .sendParent, .sendIsNamed("parent"), .forwardChild(ofChildren, [.sendParent])],
            in: isolation, WorkerOptions(name: "parent"))
        let own = Int(worker.id.number)
        #expect(try await worker.messages.collect() == [own, 0, 1, own])
    }

    @Test(arguments: Isolation.nested)
    func `is stopped with the worker that started it`(isolation: Isolation, ofChildren: Isolation) async throws {
        let (online, ends) = (try TestGate(), try TestLog())
        let grandchild: [Step] = [.noteAtEnd(.grandchild, ends), .begin(online), .receiveAll]
        let child: [Step] = [.noteAtEnd(.child, ends), .awaitChild(ofChildren, grandchild)]
        let worker = try await Worker.steps([.noteAtEnd(.worker, ends), .awaitChild(ofChildren, child)], in: isolation)
        try await online.begun()
        #expect(await worker.terminate().description == "terminated")
        #expect(Set(try ends.notes) == [.child, .grandchild, .worker])
        #expect(try ends.numbers.count == 3)
    }

    @Test(arguments: Isolation.nested)
    func `is stopped when the program of the worker that started it returns`(
        isolation: Isolation, ofChildren: Isolation
    ) async throws {
        let (online, ends) = (try TestGate(), try TestLog())
        let child: [Step] = [.noteAtEnd(.child, ends), .begin(online), .receiveAll]
        let worker = try await Worker.steps([.keepChild(ofChildren, child), .awaitBegin(online)], in: isolation)
        #expect(try await worker.exit.description == "completed")
        // By then the child has ended, though its handle is still held.
        #expect(try ends.notes == [.child])
    }

    @Test(arguments: Isolation.nested)
    func `does not keep its parent from other children, hundreds after one another`(
        isolation: Isolation, ofChildren: Isolation
    ) async throws {
        let numbers = Array(0..<ofChildren.count(threads: 300, processes: 100))
        let worker = try await Worker.steps(
            numbers.map { .forwardChild(ofChildren, [.send([$0])]) }, in: isolation, WorkerOptions(name: "many-children"))
        #expect(try await worker.messages.collect() == numbers)
    }

    // MARK: Environment data

    /// One case after the other: they set the same data of the main program.
    @Test(.serialized, arguments: Isolation.nested)
    func `inherits a copy of its creator's data`(isolation: Isolation, ofChildren: Isolation) async throws {
        EnvironmentData[.depth] = 1
        defer { EnvironmentData[.depth] = nil }
        let changed = try TestGate()
        let worker = try await Worker.steps(
            [
                .sendDepth,
                .pass(changed),
                // What the owner set later does not reach it, nor the other way round.
                .sendDepth,
                .setDepth(2),
                .forwardChild(ofChildren, [.sendDepth, .setDepth(nil), .sendDepth]),
                .sendDepth,
            ], in: isolation)
        EnvironmentData[.depth] = 10
        try changed.open()
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
