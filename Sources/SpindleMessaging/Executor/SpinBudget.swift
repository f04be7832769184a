internal import CSpindle
internal import Glibc

/// How long a thread looks for work before it sleeps.
///
/// Waking a sleeping thread costs tens of microseconds, so when messages go back
/// and forth quickly it pays to look a little longer. When they do not, looking
/// only burns the processor. So the budget follows success: it doubles when work
/// came while spinning, up to the price of a wake-up, and halves when it did not;
/// from zero it is tried again now and then. Every round gives the processor away
/// (sched_yield(2)), so a peer that needs this one is not held up.
struct SpinBudget {
    private static let longest: Int64 = 50_000
    private static let shortest: Int64 = 2_000
    private static let retryAfter = 16

    private var nanoseconds: Int64 = longest
    private var sleepsSinceTry = 0

    /// True when `condition` became true within the budget.
    mutating func spin(until condition: () -> Bool) -> Bool {
        if condition() { return true }
        if nanoseconds == 0 {
            sleepsSinceTry += 1
            guard sleepsSinceTry >= Self.retryAfter else { return false }
            sleepsSinceTry = 0
            nanoseconds = Self.longest
        }
        let end = spindle_monotonic_now() + nanoseconds
        repeat {
            for _ in 0..<32 {
                if condition() {
                    nanoseconds = min(Self.longest, nanoseconds * 2)
                    return true
                }
                spindle_spin_hint()
            }
            sched_yield()
        } while spindle_monotonic_now() < end
        nanoseconds = nanoseconds <= Self.shortest ? 0 : nanoseconds / 2
        return false
    }
}
