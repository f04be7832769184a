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
        // Noticed on a thread of its own: this task has to share its threads with other tests.
        let end = try ends[2].moment()
        let began = ContinuousClock.now
        let exit = await worker.terminate(within: .milliseconds(100))
        let took = try await end.value() - began
        guard case .terminated = exit else { Issue.record("\(exit)"); return }
        #expect(took >= .milliseconds(100), "It ignores all that comes before.")
        // What a machine that does nothing else needs is some 2 ms more; one that is busy may need a few turns of its scheduler.
        #expect(took < .seconds(1))
        for end in ends.prefix(2) { try await end.wait() }
    }

    /// Within 50 ms where there are processors for what has to run, which the best of several rounds shows; where there are
    /// not, as with all tests at once, tenths of a second were seen.
    @Test func `frees its place in the pool soon after the grace period`() async throws {
        let grace = Duration.milliseconds(30)
        let pool = try await WorkerPool(
            .init(
                size: .fixed(1), isolation: .process(ProcessConfiguration(standardError: .discard)), gracePeriod: grace))
        // The first clock is read here and the second in the process that gets the place: no thread of the tests is between.
        var times: [Duration] = []
        var mostRunning = 0
        for round in 0..<8 {
            let gate = try PipeGate()
            defer { gate.remove() }
            let stubborn = Task { try await pool.run(SpinForEver.self, gate) }
            _ = try await gate.arrival()
            let next = try await pool.submit(AskTime.self, round)
            mostRunning = max(mostRunning, ProcessCensus.runningThreadsOfSystem)
            let began = AskTime.now
            stubborn.cancel()
            await #expect(throws: CancellationError.self) { try await stubborn.value }
            times.append(.nanoseconds(try await next.value - began))
        }
        let (shortest, longest) = (try #require(times.min()), try #require(times.max()))
        #expect(shortest >= grace)
        // The stubborn task and this one are two.
        if mostRunning <= 3 { #expect(shortest <= grace + .milliseconds(50), "\(times)") }
        #expect(longest <= grace + .seconds(5), "\(times)")
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
