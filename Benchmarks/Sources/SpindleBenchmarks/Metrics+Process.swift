import Spindle

// The same work in worker processes, and what only processes can do.

private let clock = ContinuousClock()

func processStart() async throws -> Figure {
    try await keepSpares(0)
    return try await workerStarts(200, in: .process).figure("process.start", in: .process, .us)
}

func processStartFromSpare() async throws -> Figure {
    try await workerStarts(200, in: .process) { try await keepSpares(1) }.figure("process.start.spare", in: .process, .us)
}

func processRoundtrip() async throws -> Figure {
    try await roundTrips(Small(a: 1, b: "x"), warmUp: 5_000, count: 50_000, in: .process)
        .figure("process.roundtrip", in: .process, .us)
}

func processThroughput() async throws -> Figure {
    try await throughput("process.throughput", in: .process)
}

/// A reference to the memory travels, not what is in it.
func processTransfer() async throws -> Figure {
    try await roundTrips(SharedBuffer(byteLength: 50_000_000), warmUp: 200, count: 2_000, in: .process)
        .figure("process.transfer50MB", in: .process, .us)
}

func processPoolDispatch() async throws -> Figure {
    try await dispatchRate("process.pool.dispatch", in: .process)
}

func processKill() async throws -> Figure {
    var samples = Samples()
    for _ in 0..<20 {
        let memory = try SharedBuffer(byteLength: 64)
        let rounds = try memory.view(of: Int64.self, count: 1)
        let worker = try await Worker(Spin.self, isolation: .process)
        try await worker.send(memory)
        while try rounds.load(at: 0) == 0 {
            if worker.currentExit != nil { throw WorkerEnded() }
            await Task.yield()
        }
        let begin = clock.now
        let exit = await worker.terminate(within: .zero)
        samples.record(clock.now - begin)
        guard case .terminated = exit else { throw NotKilled(exit: exit) }
    }
    return samples.figure("process.kill", in: .process, .ms)
}

private struct NotKilled: Error, CustomStringConvertible {
    let exit: WorkerExit
    var description: String { "The spinning worker was to be killed, but it \(exit)." }
}

/// PSS of smaps_rollup: memory that several processes share counts in equal parts.
func processMemory() async throws -> Figure {
    let count = 16
    var workers: [Worker<Idle>] = []
    var processes: [Int32] = []
    for _ in 0..<count {
        let worker = try await Worker(Idle.self, isolation: .process)
        var messages = worker.messages.makeAsyncIterator()
        guard let process = try await messages.next() else { throw WorkerEnded() }
        workers.append(worker)
        processes.append(process)
    }
    let total = try processes.map { try kibibytes("Pss:", in: "/proc/\($0)/smaps_rollup") }.reduce(0, +)
    for worker in workers { await worker.terminate() }
    return Figure("process.memory", in: .process, Double(total) / Double(count), "KiB", n: count)
}
