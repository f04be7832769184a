public import Spindle

/// Never ends and never looks at its cancellation, on purpose.
///
/// It demonstrates what a thread worker cannot do: stop code that does not
/// cooperate. Its pool abandons it and the thread, counts both, and goes on with a
/// new worker. A process worker is killed instead, and nothing of it is left.
public enum Spin: WorkerTask {
    public struct Input: Codable, Sendable {
        public init() {}
    }

    /// Reports its rounds, in billions, so that one sees it is alive.
    public static func run(_ input: Input, _ context: TaskContext<Int>) async -> Never {
        var billions = 0
        while true {
            var state: UInt64 = 1
            for _ in 0..<1_000_000_000 { state = state &* 6_364_136_223_846_793_005 &+ 1 }
            // Reporting the state's lowest bit too would be noise; testing it keeps the loop from being optimised away.
            if state != 0 { billions += 1 }
            context.report(billions)
        }
    }
}
