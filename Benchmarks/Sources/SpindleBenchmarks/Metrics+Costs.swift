import Foundation
import Spindle

// What things cost while they are merely there.

func workerMemory() async throws -> Figure {
    try await memoryPerIdleWorker(count: 32, "worker.memory")
}

func idleWorkers() async throws -> Figure {
    try await memoryPerIdleWorker(count: 1_000, "idle.workers")
}

func startBesideIdleWorkers() async throws -> Figure {
    let workers = try await startIdleWorkers(1_000)
    let samples = try await workerStarts(500)
    await stop(workers)
    return samples.figure("idle.workers.start", .us)
}

func idlePorts() throws -> Figure {
    let count = 10_000
    let before = try residentKiB()
    let channels = (0..<count).map { _ in MessageChannel<Small, Small>() }
    let after = try residentKiB()
    return withExtendedLifetime(channels) {
        Figure("idle.ports", Double(after - before) / Double(count), "KiB", n: count)
    }
}

func queuedTasks() async throws -> Figure {
    let before = try residentKiB()
    let queue = try await FullQueue(count: 100_000)
    let after = try residentKiB()
    _ = try await queue.run()
    return Figure("queued.tasks", Double(after - before) / 100_000, "KiB", n: 100_000)
}

func runQueuedTasks() async throws -> Figure {
    let elapsed = try await FullQueue(count: 100_000).run()
    return Figure("queued.tasks.run", elapsed.inSeconds * 1e6 / 100_000, "us", n: 100_000)
}

/// A pool of one worker that is held up, with tasks waiting behind.
private struct FullQueue {
    private let pool: WorkerPool
    private let hold = MessageChannel<Never, Void>()
    private var handles: [TaskHandle<Int, Never>] = []

    init(count: Int) async throws {
        pool = try await WorkerPool(.init(size: .fixed(1), queueLimit: count + 1))
        _ = try await pool.submit(Hold.self, hold.port1)
        handles.reserveCapacity(count)
        for _ in 0..<count { handles.append(try await pool.submit(Add.self, .init(a: 4, b: 6))) }
    }

    /// Lets them go; the time until the last has ended.
    func run() async throws -> Duration {
        let clock = ContinuousClock()
        let begin = clock.now
        try hold.port2.post(())
        for handle in handles { _ = try await handle.value }
        let elapsed = clock.now - begin
        await pool.shutdownNow()
        return elapsed
    }
}

/// Occupies its worker until it is let go.
private enum Hold: WorkerTask {
    static func run(_ port: MessagePort<Void, Never>, _ context: TaskContext<Never>) async throws { _ = port.receive() }
}

private func memoryPerIdleWorker(count: Int, _ metric: String) async throws -> Figure {
    let before = try residentKiB()
    let workers = try await startIdleWorkers(count)
    let after = try residentKiB()
    await stop(workers)
    return Figure(metric, Double(after - before) / Double(count), "KiB", n: count)
}

/// Starts workers that have said their first word and wait.
private func startIdleWorkers(_ count: Int) async throws -> [Worker<Idle>] {
    var workers: [Worker<Idle>] = []
    for _ in 0..<count {
        let worker = try await Worker(Idle.self)
        var messages = worker.messages.makeAsyncIterator()
        guard try await messages.next() != nil else { throw WorkerEnded() }
        workers.append(worker)
    }
    return workers
}

private func stop(_ workers: [Worker<Idle>]) async {
    for worker in workers { await worker.terminate() }
}

/// Memory of this process that is in use now, from proc_pid_status(5).
private func residentKiB() throws -> Int { try kibibytes("VmRSS:", in: "/proc/self/status") }

/// A line such as "VmRSS:    1234 kB" of a file of the kernel's.
func kibibytes(_ name: String, in path: String) throws -> Int {
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    guard
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
        let value = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw MissingLine(name: name, path: path) }
    return value
}

private struct MissingLine: Error, CustomStringConvertible {
    let name: String
    let path: String
    var description: String { "\(path) has no line \(name): memory can be measured on Linux only." }
}
