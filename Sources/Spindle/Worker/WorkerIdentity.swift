internal import Synchronization

/// Which worker it is: unique in the program and never used again. 0 is the main program.
public struct WorkerID: Hashable, Sendable, CustomStringConvertible {
    /// Counts the workers of the program from 1, those of pools included.
    public let number: UInt64

    /// What runs outside every worker.
    public static let main = WorkerID(number: 0)

    private static let last = Atomic<UInt64>(0)

    static func next() -> WorkerID {
        WorkerID(number: last.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// In a worker process: beyond the numbers of every other process of the program.
    static func startNumbering(after number: UInt64) { last.store(number, ordering: .relaxed) }

    public var description: String { String(number) }
}
