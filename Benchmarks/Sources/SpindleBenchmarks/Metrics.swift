import Spindle

/// What is measured, by the names and definitions the peers use too; see Benchmarks/README.md.
let metrics: [(name: String, measure: @Sendable () async throws -> Figure)] = [
    ("worker.start", workerStart),
    ("worker.memory", workerMemory),
    ("message.roundtrip", messageRoundtrip),
    ("message.throughput", messageThroughput),
    ("message.transfer50MB", messageTransfer),
    ("atomics.contended", atomicsContended),
    ("pool.dispatch", poolDispatch),
    ("responsive.underload", responsiveUnderLoad),
    ("cpu.sqrt", cpuSqrt),
    ("process.start", processStart),
    ("process.start.spare", processStartFromSpare),
    ("process.memory", processMemory),
    ("process.roundtrip", processRoundtrip),
    ("process.throughput", processThroughput),
    ("process.transfer50MB", processTransfer),
    ("process.pool.dispatch", processPoolDispatch),
    ("process.kill", processKill),
    ("spawn.true", spawnTrue),
    ("spawn.stdout", spawnOutput),
    ("idle.workers", idleWorkers),
    ("idle.workers.start", startBesideIdleWorkers),
    ("queued.tasks", queuedTasks),
    ("queued.tasks.run", runQueuedTasks),
    ("idle.ports", idlePorts),
]

private let clock = ContinuousClock()

func workerStart() async throws -> Figure {
    try await workerStarts(500).figure("worker.start", .us)
}

/// Starts workers one after the other; each sample lasts until the worker's first message.
func workerStarts(
    _ count: Int, in isolation: WorkerIsolation = .thread, before prepare: () async throws -> Void = {}
) async throws -> Samples {
    var samples = Samples()
    for _ in 0..<count {
        try await prepare()
        let begin = clock.now
        let worker = try await Worker(Hello.self, isolation: isolation)
        var messages = worker.messages.makeAsyncIterator()
        guard try await messages.next() != nil else { throw WorkerEnded() }
        samples.record(clock.now - begin)
        _ = try await worker.exit
    }
    return samples
}

func roundTrips<Message: Sendable>(
    _ value: Message, warmUp: Int, count: Int, in isolation: WorkerIsolation = .thread
) async throws -> Samples {
    var samples = Samples()
    let worker = try await Worker(Echo<Message>.self, isolation: isolation)
    var messages = worker.messages.makeAsyncIterator()
    var value = value
    for i in 0..<(warmUp + count) {
        let begin = clock.now
        try await worker.send(value)
        guard let back = try await messages.next() else { throw WorkerEnded() }
        if i >= warmUp { samples.record(clock.now - begin) }
        value = back
    }
    await worker.terminate()
    return samples
}

/// A worker has ended whose answer was to be measured: a figure of what came before would mislead.
struct WorkerEnded: Error, CustomStringConvertible {
    let description = "The worker ended before it answered."
}

func messageRoundtrip() async throws -> Figure {
    try await roundTrips(Small(a: 1, b: "x"), warmUp: 5_000, count: 50_000).figure("message.roundtrip", .us)
}

func messageTransfer() async throws -> Figure {
    try await roundTrips([UInt8](repeating: 1, count: 50_000_000), warmUp: 5_000, count: 20_000)
        .figure("message.transfer50MB", .us)
}

func messageThroughput() async throws -> Figure {
    try await throughput("message.throughput")
}

/// Strings of 64 bytes one way, until the last has arrived.
func throughput(_ metric: String, in isolation: WorkerIsolation = .thread) async throws -> Figure {
    let count = 2_000_000
    let worker = try await Worker(Sink.self, workerData: count, isolation: isolation, options: .init(inboxLimit: 65_536))
    // Not one string over and over: two threads would then do little but pass its reference count to and fro.
    let strings = (1_000..<2_024).map { String(repeating: "x", count: 60) + String($0) }
    let begin = clock.now
    for i in 0..<count { try await worker.send(strings[i & 1_023]) }
    var messages = worker.messages.makeAsyncIterator()
    guard try await messages.next() != nil else { throw WorkerEnded() }
    let elapsed = clock.now - begin
    await worker.terminate()
    return Figure(metric, in: isolation, Double(count) / elapsed.inSeconds, "msg/s", n: count)
}

func atomicsContended() async throws -> Figure {
    let times = 1_000_000
    let counter = try SharedBuffer(byteLength: 64).view(of: Int32.self, count: 1)
    let begin = clock.now
    var workers: [Worker<Count>] = []
    for _ in 0..<4 { workers.append(try await Worker(Count.self, workerData: .init(counter: counter, times: times))) }
    for worker in workers { _ = try await worker.exit }
    let elapsed = clock.now - begin
    let total = try counter.load(at: 0)
    precondition(total == Int32(4 * times), "updates were lost")
    return Figure("atomics.contended", Double(4 * times) / elapsed.inSeconds / 1e6, "M/s")
}

/// Adds two numbers.
enum Add: WorkerTask {
    struct Input: Codable, Sendable {
        let a: Int
        let b: Int
    }
    static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> Int { input.a + input.b }
}

func poolDispatch() async throws -> Figure {
    try await dispatchRate("pool.dispatch")
}

/// Small tasks through a pool of two workers.
func dispatchRate(_ metric: String, in isolation: WorkerIsolation = .thread) async throws -> Figure {
    let (count, inFlight) = (500_000, 64)
    let pool = try await WorkerPool(.init(size: .fixed(2), isolation: isolation))
    try await dispatch(3_200, inFlight, to: pool)
    let begin = clock.now
    try await dispatch(count, inFlight, to: pool)
    let elapsed = clock.now - begin
    await pool.shutdownNow()
    return Figure(metric, in: isolation, Double(count) / elapsed.inSeconds, "tasks/s", n: count)
}

private func dispatch(_ count: Int, _ inFlight: Int, to pool: WorkerPool) async throws {
    try await withThrowingTaskGroup { group in
        for _ in 0..<inFlight { group.addTask { try await submit(count / inFlight, to: pool) } }
        try await group.waitForAll()
    }
}

private func submit(_ count: Int, to pool: WorkerPool) async throws {
    for _ in 0..<count { _ = try await pool.run(Add.self, .init(a: 4, b: 6)) }
}
