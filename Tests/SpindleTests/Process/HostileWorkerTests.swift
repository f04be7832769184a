internal import CSpindle
internal import Glibc
internal import Logging
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(2))) struct `A hostile worker process` {
    private static let quiet = WorkerIsolation.process(ProcessConfiguration(standardError: .discard))
    private static let attacks = Hostility.allCases.flatMap { way in SeededRandom.seeds(2).map { (way, $0) } }

    @Test(arguments: attacks)
    func `is ended or stopped, and its owner goes on`(way: Hostility, seed: UInt64) async throws {
        let worker = try await Worker(
            HostileWorker.self, workerData: Attack(way: way, seed: seed), isolation: Self.quiet,
            options: WorkerOptions(logger: .silent))
        try await worker.send(0)
        // What the owner writes meets what the worker says of the reader's position.
        let sending = Task { for number in 1... { try await worker.send(number) } }
        let isNoticed = Hostility.noticed.contains(way)
        if !isNoticed {
            var messages = worker.messages.makeAsyncIterator()
            #expect(try await messages.next() == "ready")
            await worker.terminate(within: .milliseconds(50))
        }
        let reading = Task { for try await _ in worker.messages {} }
        let exit = try await worker.exit
        switch exit {
        case .crashed(let crash):
            guard case .malformedMessage = crash.cause else { Issue.record("\(crash)"); return }
        // One that closes all its descriptors may find its owner gone before its owner misses it.
        case .exited(0) where way == .silence: break
        case .terminated, .exited: #expect(!isNoticed, "\(exit)")
        default: Issue.record("\(exit)")
        }
        await #expect(throws: SendError<Int>.self) { try await sending.value }
        try? await reading.value
        #expect(try await Worker(Mortal.self, isolation: Self.quiet).messages.first { _ in true } != nil)
    }

    @Test(arguments: attacks)
    func `of a pool fails its task alone`(way: Hostility, seed: UInt64) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), isolation: Self.quiet, gracePeriod: .milliseconds(1)))
        let options = TaskOptions(timeout: Hostility.noticed.contains(way) ? nil : .milliseconds(300))
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(HostileTask.self, Attack(way: way, seed: seed), options: options)
        }
        if Hostility.noticed.contains(way) {
            switch error?.crashes.last?.cause {
            case .malformedMessage?: break
            case .exitCode(0)? where way == .silence: break
            default: Issue.record("\(String(describing: error))"); return
            }
        }
        #expect(try await pool.run(Same.self, 7) == 7)
        await pool.shutdownNow()
    }

    @Test func `that floods every way to its owner holds up nobody`() async throws {
        let pool = try await WorkerPool(
            .init(name: "flood", size: .fixed(2), isolation: Self.quiet, gracePeriod: .milliseconds(1)), logger: .silent)
        let gate = try PipeGate()
        defer { gate.remove() }
        let flood = Task { try await pool.run(Flood.self, gate) }
        _ = try await gate.arrival()
        for number in 0..<200 { #expect(try await pool.run(Same.self, number) == number) }
        flood.cancel()
        await #expect(throws: CancellationError.self) { try await flood.value }
        #expect(try await pool.run(Same.self, 7) == 7)
        await pool.shutdownNow()
    }

    @Test func `leaves no descriptor, mapping or thread with its owner`() async throws {
        func attack(_ way: Hostility, _ seed: UInt64) async throws {
            let worker = try await Worker(
                HostileWorker.self, workerData: Attack(way: way, seed: seed), isolation: Self.quiet,
                options: WorkerOptions(logger: .silent))
            try await worker.send(0)
            var messages = worker.messages.makeAsyncIterator()
            _ = try? await messages.next()
            await worker.terminate(within: .milliseconds(5))
        }
        try await attack(.scribble, 0)
        let before = (
            ProcessCensus.descriptorCount, ProcessCensus.mappings(ofMemoryFile: "spindle-link"),
            ProcessCensus.threads(named: "").count
        )
        let rounds = 80
        for round in 0..<rounds {
            try await attack(Hostility.allCases[round % Hostility.allCases.count], UInt64(round))
        }
        // Others work meanwhile; as many as there were rounds would be more than all of them.
        #expect(await ProcessCensus.falls(below: before.0 + rounds) { ProcessCensus.descriptorCount })
        #expect(await ProcessCensus.falls(below: before.1 + rounds) { ProcessCensus.mappings(ofMemoryFile: "spindle-link") })
        #expect(await ProcessCensus.falls(below: before.2 + rounds) { ProcessCensus.threads(named: "").count })
    }
}

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}
