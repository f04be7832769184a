internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(1))) struct `The death of a worker's process` {
    private func limited(_ limits: ProcessLimits) -> WorkerIsolation {
        .process(ProcessConfiguration(standardError: .discard, limits: limits))
    }

    private func dying(_ isolation: WorkerIsolation) async throws -> (Worker<Mortal>, Int32) {
        let worker = try await Worker(Mortal.self, isolation: isolation)
        var messages = worker.messages.makeAsyncIterator()
        return (worker, try #require(try await messages.next()))
    }

    @Test(arguments: Death.unlimited)
    func `is its exit and that of no other worker`(death: Death) async throws {
        let (worker, process) = try await dying(limited(ProcessLimits()))
        let neighbour = try await Worker(Echo.self, isolation: .process)
        try await neighbour.send(1)
        try await worker.send(death)
        switch (try await worker.exit, death.cause) {
        case (.exited(let code), .exitCode(let expected)): #expect(code == expected)
        case (.crashed(let crash), let expected):
            #expect(crash.cause == expected && crash.processID == process)
            if let words = death.words {
                #expect(crash.lastErrorLines.contains { $0.hasSuffix(words) }, "\(crash.lastErrorLines)")
                #expect(crash.description.hasSuffix(words), "\(crash)")
            }
        case (let exit, _): Issue.record("\(exit)")
        }
        try await neighbour.send(2)
        neighbour.finishSending()
        #expect(try await neighbour.messages.collect() == [1, 2])
    }

    @Test func `by somebody else's SIGKILL says so, after what it had sent`() async throws {
        let worker = try await Worker(Mortal.self, isolation: .process)
        var events = worker.events.makeAsyncIterator()
        var words: [String] = []
        while let event = try await events.next() {
            if case .message(let process) = event {
                words.append("message")
                #expect(kill(process, SIGKILL) == 0)
            } else if case .exit(.crashed(let crash)) = event {
                words.append("\(crash.cause)")
            } else {
                words.append(event.word)
            }
        }
        #expect(words == ["online", "message", "\(WorkerCrash.Cause.signal(SIGKILL))"])
    }

    @Test(arguments: [
        ProcessLimits(addressSpace: 16 << 30, residentMemory: 128 << 20), ProcessLimits(addressSpace: 1 << 30),
    ])
    func `out of memory names the limit`(limits: ProcessLimits) async throws {
        let (worker, _) = try await dying(limited(limits))
        try await worker.send(.useUpMemory)
        guard case .crashed(let crash) = try await worker.exit else { Issue.record("\(try await worker.exit)"); return }
        #expect(crash.cause == .limit(.memory), "\(crash) \(crash.lastErrorLines)")
    }
}
