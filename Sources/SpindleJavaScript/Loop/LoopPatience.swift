internal import CSpindle
internal import Glibc
internal import Synchronization

/// Whether a loop that has run out of work looks for more before it sleeps.
///
/// To be woken takes the kernel tens of microseconds where the processor has gone idle, an answer of another guest often less
/// than five. So a loop waits awake for a few microseconds, if work has come that soon before. Where it waits in vain, since
/// nothing is to come or since those who could send it need this very processor, it tries again ever more seldom.
struct LoopPatience {
    /// In nanoseconds; about what it costs to be woken.
    static let longest: Int64 = 20_000
    /// How many sleeps pass at most from one attempt to the next.
    private static let longestPause = 1024
    private static let firstPause = 8

    private var pause = 0
    private var rest = 0

    /// Some processor has to be left for those who are waited for.
    private static let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    private static let waiting = Atomic(0)

    /// Asked before each sleep.
    mutating func isWorthWaiting() -> Bool {
        rest -= 1
        return rest < 0
    }

    mutating func waited(inVain: Bool) {
        pause = inVain ? min(Self.longestPause, max(Self.firstPause, 2 * pause)) : 0
        rest = pause
    }

    /// Waits until there is work, as long as that is worth while.
    ///
    /// - Parameters:
    ///   - start: the time.
    ///   - deadline: when there is something to do anyway.
    /// - Returns: whether there is work.
    mutating func wait(from start: Int64, until deadline: Int64, for hasWork: () -> Bool) -> Bool {
        guard isWorthWaiting() else { return false }
        defer { Self.waiting.subtract(1, ordering: .relaxed) }
        guard Self.waiting.add(1, ordering: .relaxed).newValue < Self.processors else { return false }
        let end = min(deadline, start + Self.longest)
        var isThere = hasWork()
        while !isThere, spindle_monotonic_now() < end {
            for _ in 0..<8 where !isThere {
                spindle_spin_hint()
                isThere = hasWork()
            }
        }
        waited(inVain: !isThere)
        return isThere
    }
}
