//! The examples of the guide "Stopping what does not want to stop".
import Spindle

// snippet.cooperate
/// Looks for a number whose hash has many zero bits, and stops within some thousand steps when told to.
enum Mine: WorkerTask {
    static func run(_ zeroBits: Int, _ context: TaskContext<Never>) async throws -> Int {
        var number = 0
        while number.hashValue.trailingZeroBitCount < zeroBits {
            number += 1
            if number.isMultiple(of: 4_096) { try Task.checkCancellation() }
        }
        return number
    }
}
// snippet.end

// snippet.blocking
/// Sums what it is sent, on a thread that sleeps in between.
enum Totals: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int

    static func run(_ parent: WorkerScope<Totals>) async throws {
        var total = 0
        while let number = parent.receive() { total += number }
        // Nil has two meanings: the owner has finished, or this worker is to stop.
        try Task.checkCancellation()
        try parent.post(total)
    }
}
// snippet.end

// snippet.terminate
/// Stops a worker, and says whether its thread is gone too.
func stop(_ worker: Worker<Totals>) async -> Bool {
    switch await worker.terminate(within: .milliseconds(500)) {
    case .abandoned: false
    case .completed, .exited, .failed, .crashed, .terminated: true
    }
}
// snippet.end

// snippet.timeout
/// Mines for at most two seconds. Nil when that was too short; says when it cost a thread.
func mine(zeroBits: Int, on pool: WorkerPool) async throws -> Int? {
    do {
        return try await pool.run(Mine.self, zeroBits, options: TaskOptions(timeout: .seconds(2)))
    } catch let error as WorkerPoolError where error.code == .timedOut {
        if error.wasAbandoned { print("\(pool.statistics.abandonedThreads) threads are out of reach") }
        return nil
    }
}
// snippet.end

let worker = try await Worker(Totals.self)
try await worker.send(1)
print(await stop(worker))
let pool = try await WorkerPool(WorkerPoolConfiguration(size: .fixed(1), gracePeriod: .seconds(1), abandonedLimit: 2))
print(try await mine(zeroBits: 8, on: pool) != nil)
await pool.shutdownNow()
