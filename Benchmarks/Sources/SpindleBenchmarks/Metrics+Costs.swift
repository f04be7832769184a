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
    let samples = try await workerStarts()
    await stop(workers)
    return samples.figure("idle.workers.start", unit: "us", nanosecondsPerUnit: 1_000)
}

func idlePorts() throws -> Figure {
    let count = 10_000
    let before = try residentKiB()
    let channels = (0..<count).map { _ in MessageChannel<Small, Small>() }
    let after = try residentKiB()
    return withExtendedLifetime(channels) {
        Figure(
            peer: Figure.peerName, metric: "idle.ports", value: Double(after - before) / Double(count), unit: "KiB", n: count)
    }
}

private func memoryPerIdleWorker(count: Int, _ metric: String) async throws -> Figure {
    let before = try residentKiB()
    let workers = try await startIdleWorkers(count)
    let after = try residentKiB()
    await stop(workers)
    return Figure(
        peer: Figure.peerName, metric: metric, value: Double(after - before) / Double(count), unit: "KiB", n: count)
}

/// Starts workers that have said their first word and wait.
private func startIdleWorkers(_ count: Int) async throws -> [Worker<Idle>] {
    var workers: [Worker<Idle>] = []
    for _ in 0..<count {
        let worker = try await Worker(Idle.self)
        var messages = worker.messages.makeAsyncIterator()
        _ = try await messages.next()
        workers.append(worker)
    }
    return workers
}

private func stop(_ workers: [Worker<Idle>]) async {
    for worker in workers { await worker.terminate() }
}

/// Memory of this process that is in use now, from proc_pid_status(5).
private func residentKiB() throws -> Int {
    let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
    guard
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
        let value = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw UnreadableStatus() }
    return value
}

private struct UnreadableStatus: Error, CustomStringConvertible {
    let description = "/proc/self/status has no line VmRSS: memory can be measured on Linux only."
}
