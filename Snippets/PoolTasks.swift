//! The examples of the guide "Running tasks in a pool".
import Logging
import ServiceLifecycle
import Spindle

// snippet.closure
/// Adds up each row on the pool's threads, as many rows at once as there are workers.
func sums(of rows: [[Double]], on pool: WorkerPool) async throws -> Double {
    try await withThrowingTaskGroup { group in
        for row in rows {
            group.addTask { try await pool.run { row.reduce(0, +) } }
        }
        return try await group.reduce(0, +)
    }
}
// snippet.end

// snippet.task
/// Counts the words of a text, and says on the way how far it is: from 0 to 1.
enum WordCount: WorkerTask {
    static func run(_ text: String, _ context: TaskContext<Double>) async throws -> [Substring: Int] {
        var counts: [Substring: Int] = [:]
        let lines = text.split(separator: "\n")
        for (index, line) in lines.enumerated() {
            if index.isMultiple(of: 1_000) {
                try Task.checkCancellation()
                context.report(Double(index) / Double(lines.count))
            }
            for word in line.split(separator: " ") { counts[word, default: 0] += 1 }
        }
        return counts
    }
}
// snippet.end

// snippet.deadlines
/// Counts before anything less urgent; waits at most 2 s for a worker and runs at most 10 s.
func countSoon(_ text: String, on pool: WorkerPool) async throws -> [Substring: Int] {
    try await pool.run(
        WordCount.self, text, options: TaskOptions(priority: .high, waitTimeout: .seconds(2), timeout: .seconds(10)))
}
// snippet.end

// snippet.progress
/// Shows how far a count is, and then its result.
func showCount(_ text: String, on pool: WorkerPool) async throws {
    let task = try await pool.submit(WordCount.self, text)
    for await update in task.updates {
        switch update {
        case .started(let attempt, let worker): print("attempt \(attempt) on worker \(worker)")
        case .progress(let share): print("\(Int(share * 100)) %")
        }
    }
    print("\(try await task.value.count) different words")
}
// snippet.end

// snippet.routing
/// At most one import for each customer at a time, on the worker that has the customer's data warm.
func importOptions(customer: String) -> TaskOptions {
    TaskOptions(key: customer, affinity: customer)
}
// snippet.end

// snippet.retry
struct Unavailable: Error {}

/// Three attempts, 100 and 200 ms apart, when the error is one that passes.
func patientOptions() -> TaskOptions {
    TaskOptions(retry: RetryPolicy(maximumAttempts: 3) { $0 is Unavailable })
}
// snippet.end

// snippet.full
/// A pool whose callers learn at once that it is full, and what they tell theirs.
func makePool() async throws -> WorkerPool {
    try await WorkerPool(WorkerPoolConfiguration(name: "words", size: .range(1...4), queueLimit: 1_000, onFull: .fail))
}

func answer(_ text: String, on pool: WorkerPool) async throws -> String {
    do {
        return "\(try await countSoon(text, on: pool).count) different words"
    } catch let error as WorkerPoolError where error.code == .queueFull || error.code == .waitTimedOut {
        return "Busy; try again in a moment."
    }
}
// snippet.end

// snippet.drained
/// Submits as fast as the pool takes it, and rests while it catches up.
func feed(_ texts: [String], to pool: WorkerPool) async throws {
    for text in texts {
        try await pool.drained()
        _ = try await pool.submit(WordCount.self, text)
    }
}
// snippet.end

// snippet.service
/// Runs a server and the pool it uses until SIGTERM; the server, which comes last, ends first.
func serve(_ server: any Service, with pool: WorkerPool, logger: Logger) async throws {
    var configuration = ServiceGroupConfiguration(
        services: [.init(service: pool), .init(service: server)], gracefulShutdownSignals: [.sigterm], logger: logger)
    configuration.maximumGracefulShutdownDuration = WorkerPool.gracefulShutdownDeadline + .seconds(15)
    try await ServiceGroup(configuration: configuration).run()
}
// snippet.end

// snippet.statistics
func describe(_ pool: WorkerPool) -> String {
    let figures = pool.statistics
    return """
        \(figures.running) run on \(figures.workers) workers, \(figures.queued) wait
        waited \(figures.waitTime.p50) (median), \(figures.waitTime.p99) (99 %)
        abandoned \(figures.abandoned), threads still there \(figures.abandonedThreads)
        """
}
// snippet.end

let pool = try await makePool()
print(try await sums(of: [[1, 2], [3, 4]], on: pool))
try await showCount("to spin\nor not to spin", on: pool)
print(try await answer("one two two", on: pool))
try await feed(["a", "b"], to: pool)
print(try await pool.run(options: importOptions(customer: "a")) { 1 } + pool.run(options: patientOptions()) { 2 })
await pool.close(deadline: .seconds(5))
print(describe(pool))
