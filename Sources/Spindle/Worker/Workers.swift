internal import SpindleMemory

/// The workers of the whole program, in numbers.
public struct WorkersStatistics: Sendable, Equatable {
    /// Started since the program began.
    public var started = 0
    /// Running now, without the abandoned ones.
    public var running = 0
    /// Abandoned workers whose program still goes on, each holding a thread.
    public var abandoned = 0
    /// Workers ever abandoned.
    public var abandonedTotal = 0
}

/// The workers of the whole program.
public enum Workers {
    private static let counts = Lock(WorkersStatistics())

    /// How many workers there are and were, pool workers included.
    public static var statistics: WorkersStatistics { counts.withLock { $0 } }

    package static func update(_ change: (inout WorkersStatistics) -> Void) {
        counts.withLock { change(&$0) }
    }

    package static func abandonOne() {
        update {
            $0.running -= 1
            $0.abandoned += 1
            $0.abandonedTotal += 1
        }
    }
}
