internal import CSpindle
package import SpindleCore
internal import SpindleMemory

/// Fires deadlines from a thread of its own.
///
/// Deadlines are what stops work that hogs threads, so they must not depend on the
/// cooperative pool having one to spare, as `Task.sleep` does. One thread serves
/// the program, started with the first timer; actions run on it and must be brief.
package final class TimerThread: Sendable {
    package typealias ID = TimerQueue<@Sendable () -> Void>.ID

    package static let shared = TimerThread()

    private struct State {
        var queue = TimerQueue<@Sendable () -> Void>()
        var isRunning = false
    }

    private let state = Lock(State())
    private let wake = FutexWord()

    /// Calls `action` on the timer thread at `deadline` (nanoseconds on ``now``) or as soon after as it can.
    func schedule(at deadline: Int64, _ action: @escaping @Sendable () -> Void) -> ID {
        let (id, isEarliest, start) = state.withLock { state in
            let before = state.queue.nextDeadline ?? .max
            let id = state.queue.add(at: deadline, action)
            defer { state.isRunning = true }
            return (id, deadline < before, !state.isRunning)
        }
        if start {
            let failed = DetachedThread.start(stackSize: 256 << 10) { [self] in run() }
            // Without this thread no deadline holds, and nothing could be reported to anyone.
            precondition(failed == nil, "The system has no thread for timers (error \(failed ?? 0)).")
        } else if isEarliest {
            wake.store(1)
            wake.wake(1)
        }
        return id
    }

    package func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> ID {
        schedule(at: Self.now.addingClamped(delay.nanoseconds), action)
    }

    /// Of no effect when the timer has fired.
    package func cancel(_ id: ID) {
        _ = state.withLock { $0.queue.cancel(id) }
    }

    /// Nanoseconds on the monotonic clock.
    static var now: Int64 { spindle_monotonic_now() }

    private func run() {
        spindle_thread_set_name("spindle-timers")
        while true {
            wake.store(0)
            let (due, next) = state.withLock { ($0.queue.takeDue(at: Self.now), $0.queue.nextDeadline) }
            for action in due { action() }
            // A timer added since then has set the word, and the wait returns at once.
            guard due.isEmpty else { continue }
            wake.wait(while: 0, timeout: next.map { max(0, $0 - Self.now) } ?? -1)
        }
    }
}
