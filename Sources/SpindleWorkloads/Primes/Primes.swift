public import Spindle

/// Counts the primes in a range of numbers and gives the last of them.
///
/// A segmented sieve of Eratosthenes over odd numbers: its memory is bounded by
/// 256 KiB and the primes up to the square root of the upper bound, whatever the range.
public enum Primes: WorkerTask {
    /// No number above this can be asked for.
    public static let maximumBound = 1_000_000_000_000
    /// No more numbers than this can be asked for at once.
    public static let maximumWidth = 10_000_000_000
    /// No more of the last primes than this can be asked for.
    public static let maximumLast = 1_000

    public struct Input: Codable, Sendable {
        /// Both ends belong to the range.
        public let from: Int
        public let to: Int
        /// How many of the last primes to give.
        public let last: Int

        public init(from: Int, to: Int, last: Int = 10) {
            self.from = from
            self.to = to
            self.last = last
        }
    }

    public struct Output: Codable, Equatable, Sendable {
        public let count: Int
        /// The last primes of the range, ascending.
        public let last: [Int]
    }

    public static func run(_ input: Input, _ context: TaskContext<WorkProgress>) async throws -> Output {
        try compute(input) { context.report($0) }
    }

    /// Does the work on the calling thread.
    ///
    /// - Parameter report: called after every half million numbers.
    /// - Throws: ``WorkloadError`` for a range beyond the limits, `CancellationError`
    ///   within half a million numbers of the task's cancellation.
    public static func compute(_ input: Input, report: (WorkProgress) -> Void) throws -> Output {
        guard input.from >= 0, input.from <= input.to, input.to <= maximumBound, input.to - input.from < maximumWidth else {
            throw WorkloadError(
                .invalidInput,
                "The range \(input.from) to \(input.to) cannot be searched; "
                    + "give 0 <= from <= to <= \(maximumBound), at most \(maximumWidth) numbers at a time.")
        }
        guard 0...maximumLast ~= input.last else {
            throw WorkloadError(.invalidInput, "Ask for 0 to \(maximumLast) of the last primes, not \(input.last).")
        }
        let width = input.to - input.from + 1
        var sieve = SegmentedSieve(from: input.from, to: input.to)
        // 2 is the only even prime and not in the sieve.
        let hasTwo = input.from...input.to ~= 2
        var count = hasTwo ? 1 : 0
        var last = hasTwo && input.last > 0 ? [2] : []
        while sieve.advance() {
            if Task.isCancelled { throw CancellationError() }
            count += sieve.count()
            last = Array((last + sieve.last(input.last)).suffix(input.last))
            report(WorkProgress(.numbers, completed: sieve.searchedThrough - input.from + 1, total: width))
        }
        return Output(count: count, last: last)
    }
}
