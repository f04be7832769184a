internal import Synchronization

/// Brings together a waiter's number and the cancellation of its task, whichever comes first.
///
/// A cancellation handler may run before the waiter is registered. The ticket holds
/// 0 (neither yet), `UInt64.max` (cancelled first) or the number; each side swaps
/// its own in, and the second to come does the cancelling.
final class WaitTicket: Sendable {
    private let state = Atomic<UInt64>(0)

    /// True when the task was cancelled before: the caller cancels the waiter.
    func setID(_ id: UInt64) -> Bool {
        state.compareExchange(expected: 0, desired: id, ordering: .acquiringAndReleasing).original == .max
    }

    /// The number of the waiter to cancel, if it is known already.
    func cancel() -> UInt64? {
        let before = state.exchange(.max, ordering: .acquiringAndReleasing)
        return before == 0 || before == .max ? nil : before
    }
}
