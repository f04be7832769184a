internal import Glibc
public import Spindle

/// Takes memory step by step and touches every page of it, so that it is really in use; then gives all of it back.
///
/// It demonstrates what a limit on a worker process does: the process is ended when it
/// uses more than it may. On a thread the memory is the whole program's.
public enum Allocate: WorkerTask {
    /// No more than this can be asked for, in MiB.
    public static let maximumMebibytes = 4_096
    /// The memory is kept this long once it is all there: who watches memory looks at it now and then.
    static let holdTime = Duration.milliseconds(200)
    private static let step = 8 << 20

    public struct Input: Codable, Sendable {
        /// 1 to ``Allocate/maximumMebibytes``.
        public let mebibytes: Int

        public init(mebibytes: Int) { self.mebibytes = mebibytes }
    }

    public struct Output: Codable, Equatable, Sendable {
        /// How many bytes were in use at the end.
        public let bytes: Int
    }

    /// - Throws: ``WorkloadError`` when the input is out of range, or the system gives no more
    ///   memory; `CancellationError` within one step of 8 MiB of the task's cancellation.
    public static func run(_ input: Input, _ context: TaskContext<WorkProgress>) async throws -> Output {
        guard 1...maximumMebibytes ~= input.mebibytes else {
            throw WorkloadError(
                .invalidInput, "\(input.mebibytes) MiB cannot be allocated; give 1 to \(maximumMebibytes).")
        }
        let total = input.mebibytes << 20
        var memory = TouchedMemory()
        while memory.size < total {
            if Task.isCancelled { throw CancellationError() }
            guard memory.grow(by: min(step, total - memory.size)) else {
                throw WorkloadError(
                    .limitExceeded,
                    "The system gave no memory beyond \(memory.size >> 20) MiB; ask for less, or raise the worker's limit.",
                    errno: ENOMEM)
            }
            context.report(WorkProgress(.bytes, completed: memory.size, total: total))
        }
        try await Task.sleep(for: holdTime)
        return Output(bytes: memory.size)
    }
}

/// Memory that is in use, page by page; freed with the value.
private struct TouchedMemory: ~Copyable {
    private(set) var size = 0
    private var blocks: [UnsafeMutableRawPointer] = []

    /// Whether there was memory for so many bytes more. Unlike an array's, this failure is no trap.
    mutating func grow(by count: Int) -> Bool {
        guard let block = malloc(count) else { return false }
        // Any value but 0, which the kernel could share between pages.
        memset(block, 1, count)
        blocks.append(block)
        size += count
        return true
    }

    deinit { for block in blocks { free(block) } }
}
