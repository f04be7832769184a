internal import Glibc
public import Spindle

/// Ends the process it runs in, on purpose and in earnest.
///
/// It demonstrates what a process worker is for: the worker dies, its task fails with
/// the reason, and nobody else notices. On a thread it ends the whole program.
public enum Crash: WorkerTask {
    /// What ends the process.
    public enum How: String, CaseIterable, Codable, Sendable {
        /// A Swift trap, as `fatalError` and an index out of range are: SIGILL or SIGTRAP.
        case trap
        /// abort(3): SIGABRT.
        case abort
        /// exit(3) with ``Input/exitCode``.
        case exit
        /// Recursion beyond the end of the stack: SIGSEGV.
        case stackOverflow = "stack-overflow"
    }

    public struct Input: Codable, Sendable {
        public let how: How
        /// For ``How/exit`` alone, 0 to 255: the system keeps no more of it.
        public let exitCode: Int32

        public init(_ how: How, exitCode: Int32 = 1) {
            self.how = how
            self.exitCode = exitCode
        }
    }

    public static func run(_ input: Input, _ context: TaskContext<Never>) async -> Never { compute(input) }

    /// Ends the calling process.
    public static func compute(_ input: Input) -> Never {
        switch input.how {
        case .trap: fatalError("This task crashes because it was asked to.")
        case .abort: abort()
        case .exit: exit(input.exitCode)
        case .stackOverflow: overflowStack()
        }
    }

    private static func overflowStack() -> Never {
        let sum = withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { frame in
            frame.storeBytes(of: 0, as: Int.self)
            return descend(UnsafeRawBufferPointer(frame), 1)
        }
        fatalError("The stack had no end (\(sum)).")
    }

    /// Every level reads its own bytes and those of the level above after its call, so that no optimiser makes a loop
    /// of it. They are fewer than a page, so that the guard page below the stack is not jumped over.
    @inline(never)
    private static func descend(_ above: UnsafeRawBufferPointer, _ depth: Int) -> Int {
        guard depth < .max else { return 0 }
        return withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 16) { frame in
            frame.storeBytes(of: depth, as: Int.self)
            let sum = descend(UnsafeRawBufferPointer(frame), depth + 1)
            return sum &+ frame.load(as: Int.self) &+ above.load(as: Int.self)
        }
    }
}
