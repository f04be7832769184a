import Foundation
import Spindle

// What the processors and the main event loop do while workers compute.

private let clock = ContinuousClock()

func cpuSqrt() async throws -> Figure {
    var samples = Samples()
    let worker = try await Worker(Burn.self)
    var messages = worker.messages.makeAsyncIterator()
    for _ in 0..<5 {
        let begin = clock.now
        try await worker.send(100_000_000)
        _ = try await messages.next()
        samples.record(clock.now - begin)
    }
    await worker.terminate()
    return samples.figure("cpu.sqrt", .ms)
}

/// How late the main event loop is: the time between two ticks of a timer of 1 ms on the owner's
/// thread, as the 99th percentile, while a worker burns each core.
func responsiveUnderLoad() async throws -> Figure {
    var workers: [Worker<Burn>] = []
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { workers.append(try await Worker(Burn.self)) }
    for worker in workers { try await burn(worker, 100_000, times: 1) }

    let mainLoop = try ThreadExecutor(name: "main-loop")
    defer { mainLoop.stop() }
    let samples = try await withThrowingTaskGroup(of: Samples?.self) { group in
        for worker in workers {
            group.addTask {
                try await burn(worker, 50_000_000, times: 20)
                return nil
            }
        }
        group.addTask(executorPreference: mainLoop) { await intervalsUntilCancelled(on: mainLoop) }
        for _ in workers { _ = try await group.next() }
        group.cancelAll()
        return try await group.next() ?? nil
    }
    for worker in workers { await worker.terminate() }
    guard let figure = samples?.figure("responsive.underload", .ms) else {
        preconditionFailure("The ticks end last, as only they wait to be cancelled.")
    }
    return Figure(figure.metric, figure.p99 ?? figure.value, figure.unit, n: figure.n)
}

private func burn(_ worker: Worker<Burn>, _ roots: Int, times: Int) async throws {
    var messages = worker.messages.makeAsyncIterator()
    for _ in 0..<times {
        try await worker.send(roots)
        _ = try await messages.next()
    }
}

private func intervalsUntilCancelled(on loop: ThreadExecutor) async -> Samples {
    var samples = Samples()
    var last = clock.now
    while true {
        do { try await loop.sleep(for: .milliseconds(1)) } catch { return samples }
        let now = clock.now
        samples.record(now - last)
        last = now
    }
}
