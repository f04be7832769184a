internal import Spindle
internal import TestSupport
internal import Testing

/// Everything that has workers abandoned, one after another: the tests look at the program's count of them.
@Suite(.serialized) enum Abandonment {}

extension Abandonment {
    @Suite(.serialized, .timeLimit(.minutes(10))) struct `A worker that does not stop` {
        @Test(arguments: Isolation.tested)
        func `ends at the deadline for its owner: a thread abandoned and counted, a process killed`(
            isolation: Isolation
        ) async throws {
            let before = Workers.statistics
            let (gate, seen) = (try TestGate(), try TestLog())
            let worker = try await Worker.steps(
                [.post(1), .blockStubbornly(gate), .notePost(seen)], in: isolation, WorkerOptions(name: "stubborn"))
            try await gate.begun()
            async let second = worker.terminate(within: .seconds(100))
            #expect(await worker.terminate(within: .milliseconds(5)).description == isolation.forcedExit)
            #expect(await second.description == isolation.forcedExit)
            let abandoned = isolation.count(threads: 1, processes: 0)
            #expect(Workers.statistics.abandoned == before.abandoned + abandoned)
            #expect(Workers.statistics.abandonedTotal == before.abandonedTotal + abandoned)
            #expect(try await worker.events.collect().map(\.word) == ["online", "1", isolation.forcedExit])
            switch isolation {
            case .thread:
                #expect(isolation.census(named: "stubborn") == 1)
                try gate.open()
                #expect(await isolation.isGone("stubborn"))
                // Cut off from its owner.
                #expect(try seen.notes == [.closed])
            case .process:
                #expect(await isolation.isGone("stubborn"))
                #expect(try seen.notes == [])
            }
            #expect(Workers.statistics.abandoned == before.abandoned)
            #expect(try await worker.exit.description == isolation.forcedExit)
        }

        @Test(arguments: Isolation.tested)
        func `ends at once by a deadline of nothing`(isolation: Isolation) async throws {
            let gate = try TestGate()
            let worker = try await Worker.steps([.blockStubbornly(gate)], in: isolation, WorkerOptions(name: "no-time"))
            try await gate.begun()
            #expect(await worker.terminate(within: .zero).description == isolation.forcedExit)
            if isolation == .thread { try gate.open() }
            #expect(await isolation.isGone("no-time"))
        }

        @Test(arguments: Isolation.nested)
        func `has its children stopped`(isolation: Isolation, ofChildren: Isolation) async throws {
            let (online, gate, ends) = (try TestGate(), try TestGate(), try TestLog())
            let child: [Step] = [.noteAtEnd(.child, ends), .begin(online), .receiveAll]
            let worker = try await Worker.steps(
                [.withChild(name: "good-child", ofChildren, child), .awaitBegin(online), .blockStubbornly(gate)],
                in: isolation, WorkerOptions(name: "bad-parent"))
            try await gate.begun()
            #expect(await worker.terminate(within: .milliseconds(100)).description == isolation.forcedExit)
            switch isolation {
            case .thread:
                #expect(await ofChildren.isGone("good-child"))
                #expect(try ends.notes == [.child])
            case .process:
                // With all that is in the process and all that it started, whatever they were told before.
                #expect(await isolation.isGone("good-child"))
            }
            try gate.open()
            #expect(await isolation.isGone("bad-parent"))
        }
    }
}
