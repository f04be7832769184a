internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

/// Starts two programs, one of them in a session of its own, says which, and then neither ends nor listens.
enum SpinWithFamily: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Int32

    static func run(_ parent: WorkerScope<SpinWithFamily>) async throws {
        signal(SIGTERM, SIG_IGN)
        try await parent.send(posixSpawn("/bin/sleep", "1000"))
        try await parent.send(posixSpawn("/usr/bin/setsid", "/bin/sleep", "1000"))
        try await parent.send(getpid())
        while true { sched_yield() }
    }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct `A process that does not stop` {
    @Test func `is ended by the deadline, whatever it ignores, and its family with it`() async throws {
        let worker = try await Worker(SpinWithFamily.self, isolation: .process)
        var messages = worker.messages.makeAsyncIterator()
        var ends: [Ended] = []
        for _ in 0..<3 { ends.append(try Ended(try #require(try await messages.next()))) }
        let began = ContinuousClock.now
        let exit = await worker.terminate(within: .milliseconds(100))
        let took = ContinuousClock.now - began
        guard case .terminated = exit else { Issue.record("\(exit)"); return }
        #expect(took >= .milliseconds(100), "It ignores all that comes before.")
        // What a machine that does nothing else needs is some 2 ms more.
        #expect(took < .seconds(5))
        for end in ends { try await end.wait() }
    }

    /// The pool means to free the slot within the grace period and 50 ms, which a machine that runs all other tests
    /// beside this one does not show; here it is bounded at all.
    @Test func `frees its place in the pool soon after the grace period`() async throws {
        let grace = Duration.milliseconds(30)
        let pool = try await WorkerPool(
            .init(
                size: .fixed(1), isolation: .process(ProcessConfiguration(standardError: .discard)), gracePeriod: grace))
        var times: [Duration] = []
        for round in 0..<8 {
            let gate = try PipeGate()
            defer { gate.remove() }
            let stubborn = Task { try await pool.run(SpinForEver.self, gate) }
            _ = try await gate.arrival()
            let next = Task { try await pool.run(Same.self, round) }
            let began = ContinuousClock.now
            stubborn.cancel()
            await #expect(throws: CancellationError.self) { try await stubborn.value }
            #expect(try await next.value == round)
            times.append(ContinuousClock.now - began)
        }
        let shortest = try #require(times.min())
        #expect(shortest >= grace)
        #expect(shortest <= grace + .seconds(1), "\(times)")
        #expect(pool.statistics.killed == 8 && pool.statistics.cancelled == 8 && pool.statistics.crashed == 0)
        await pool.shutdownNow()
    }

    @Test func `frees its place by its timeout, as an error that says so`() async throws {
        let pool = try await WorkerPool(
            .init(
                size: .fixed(1), isolation: .process(ProcessConfiguration(standardError: .discard)),
                gracePeriod: .milliseconds(1)))
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(SpinForEver.self, nil, options: TaskOptions(timeout: .milliseconds(20)))
        }
        #expect(error?.code == .timedOut && error?.wasAbandoned == false)
        #expect(try await pool.run(Same.self, 7) == 7)
        await pool.shutdownNow()
    }
}
