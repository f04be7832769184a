//! The examples of the guide "Sharing memory between workers".
import SpindleMemory

// snippet.counter
/// Four tasks add to one counter, without a lock.
func countTogether() async throws -> Int64 {
    let counter = try SharedBuffer(byteLength: 8).view(of: Int64.self)
    try await withThrowingTaskGroup { group in
        for _ in 0..<4 {
            group.addTask { for _ in 0..<1_000 { try counter.add(1, at: 0) } }
        }
        try await group.waitForAll()
    }
    return try counter.load(at: 0)
}
// snippet.end

// snippet.wait
/// Writes a result, then says that it is there.
func publish(_ result: Double, in results: SharedView<Double>, flag: SharedView<Int32>) throws {
    try results.write(result, at: 0)
    try flag.store(1, at: 0)
    try flag.notify(at: 0)
}

/// Waits for the result without holding a thread; nil when it takes more than five seconds.
func result(from results: SharedView<Double>, flag: SharedView<Int32>) async throws -> Double? {
    let outcome = try await flag.waitAsync(at: 0, expecting: 0, timeout: .seconds(5))
    return outcome == .timedOut ? nil : try results.read(at: 0)
}
// snippet.end

// snippet.lock
/// Moves an amount from one element to another, so that nobody who takes the lock sees half of it.
func transfer(_ amount: Int64, in accounts: SharedView<Int64>, from: Int, to: Int) async throws {
    try await LockManager.shared.request("accounts") { _ in
        try accounts.write(accounts.read(at: from) - amount, at: from)
        try accounts.write(accounts.read(at: to) + amount, at: to)
    }
}
// snippet.end

// snippet.grow
/// Makes room for one more record; every holder of the buffer sees the new length.
func append(_ record: Int64, to log: SharedBuffer) throws {
    let offset = log.byteLength
    try log.grow(to: offset + MemoryLayout<Int64>.stride)
    try log.view(of: Int64.self, byteOffset: offset, count: 1).write(record, at: 0)
}
// snippet.end

let total = try await countTogether()
print(total)
