internal import Glibc
internal import SpindleMemory
internal import SpindleMessaging

/// Holds a worker up until its test lets it go, and says when the worker has come to it; on a thread or in a process.
///
/// It is two words of shared memory, so it goes wherever a message goes.
package struct TestGate: Codable, Sendable {
    private static let begun = 0
    private static let open = 1

    private let buffer: SharedBuffer

    package init() throws { buffer = try SharedBuffer(byteLength: 8, name: "test-gate") }

    private var words: SharedView<Int32> {
        get throws { try buffer.view(of: Int32.self) }
    }

    /// The lowest bit of a word says it; the others only change for a waiter to look again.
    private func isSet(_ index: Int) throws -> Bool { try words.load(at: index) & 1 == 1 }

    private func set(_ index: Int) throws {
        try words.or(1, at: index)
        try words.notify(at: index)
    }

    /// On a thread of its own and not by `waitAsync`, the number of which is limited for the program and tested.
    private func wait(for index: Int) async throws {
        let isCancelled = Signal()
        try await withTaskCancellationHandler {
            try await onThread {
                while true {
                    let seen = try words.load(at: index)
                    if try isSet(index) { return }
                    if isCancelled.hasFired { throw CancellationError() }
                    _ = try words.wait(at: index, expecting: seen)
                }
            }
        } onCancel: {
            isCancelled.fire()
            // Changed first, so that who is about to fall asleep over it does not.
            _ = try? words.add(2, at: index)
            _ = try? words.notify(at: index)
        }
    }

    // MARK: The test's side

    /// Lets the worker go on.
    package func open() throws { try set(Self.open) }

    package var hasBegun: Bool {
        get throws { try isSet(Self.begun) }
    }

    /// Waits until the worker has come to the gate.
    package func begun() async throws { try await wait(for: Self.begun) }

    // MARK: The worker's side

    /// Says that the worker has come to the gate.
    package func begin() throws { try set(Self.begun) }

    /// Waits, holding no thread, until the gate opens or the task is cancelled.
    package func pass() async throws {
        try begin()
        try await wait(for: Self.open)
    }

    /// Holds the thread until the gate opens, or, which makes it false, the thread is told to stop.
    package func block() throws -> Bool {
        try begin()
        do {
            while case let seen = try words.load(at: Self.open), try !isSet(Self.open) {
                _ = try words.wait(at: Self.open, expecting: seen)
            }
            return true
        } catch let error as SharedBufferError where error.code == .interrupted {
            return false
        }
    }

    /// Holds the thread until the gate opens, whatever it is told.
    package func blockStubbornly() throws {
        try begin()
        // Not a wait on the word, which ends at once on a thread that is told to stop.
        while try !isSet(Self.open) { sched_yield() }
    }
}

/// What workers have noted, in order, on threads or in processes, in shared memory.
package struct TestLog: Codable, Sendable {
    private let buffer: SharedBuffer

    /// - Parameter capacity: how many entries there is room for; reading fails when there were more.
    package init(capacity: Int = 15) throws {
        buffer = try SharedBuffer(byteLength: (1 + capacity) * MemoryLayout<Int>.stride, name: "test-log")
    }

    private var words: SharedView<Int> {
        get throws { try buffer.view(of: Int.self) }
    }

    /// Adds an entry. Read it when its writer is known to be past this.
    package func append(_ number: Int) throws {
        let index = try words.add(1, at: 0)
        try words.store(number, at: 1 + index)
    }

    package var numbers: [Int] {
        get throws {
            let words = try words
            let count = try words.load(at: 0)
            return try (0..<count).map { try words.load(at: 1 + $0) }
        }
    }
}
