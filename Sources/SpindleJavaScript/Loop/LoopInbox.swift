internal import SpindleCore
internal import SpindleMemory
internal import Synchronization

/// Where other threads leave work for a guest's loop.
///
/// How much is queued is the business of those who post: operations that the guest itself began, and ports with bounds
/// of their own.
package final class LoopInbox: Sendable {
    package typealias Work = @Sendable (Guest) -> Void

    private let state = Lock(State())
    /// A hint that work is queued, read without the lock by the loop's thread.
    private let hint = Atomic<Bool>(false)
    private let wake = FutexWord()

    private struct State {
        var work: [Work] = []
        var isAsleep = false
        var isInterrupted = false
        var isClosed = false
        var poller: LoopPoller?
    }

    package init() {}

    /// Has the loop perform `work` on its thread, soon and in the order of posting.
    ///
    /// - Returns: false when the loop has ended; `work` is dropped.
    @discardableResult
    package func post(_ work: @escaping Work) -> Bool {
        let (isAccepted, isSleeper) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.work.append(work)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if isAccepted { tell(isSleeper) }
        return isAccepted
    }

    /// Ends the present sleep, and every later one.
    func interrupt() {
        tell(
            state.withLock { state in
                state.isInterrupted = true
                return state.isAsleep
            })
    }

    private func tell(_ isSleeper: Bool) {
        hint.store(true, ordering: .releasing)
        guard isSleeper else { return }
        if let poller = state.withLock({ $0.poller }) { return poller.wake() }
        wake.store(1)
        wake.wake(1)
    }

    /// Has the loop watch descriptors while it sleeps; from its own thread.
    func sleep(in poller: LoopPoller?) { state.withLock { $0.poller = poller } }

    var hasWork: Bool { hint.load(ordering: .acquiring) }

    /// Everything queued, oldest first.
    func take() -> [Work] {
        hint.store(false, ordering: .relaxed)
        return state.withLock { state in
            defer { state.work = [] }
            return state.work
        }
    }

    /// Sleeps until work is posted, a descriptor is ready, the inbox is interrupted or the time is over.
    /// - Parameter timeout: nanoseconds; negative for none.
    func sleep(timeout: Int64) {
        let (maySleep, poller) = state.withLock { state in
            guard state.work.isEmpty, !state.isInterrupted else { return (false, state.poller) }
            state.isAsleep = true
            wake.store(0)
            return (true, state.poller)
        }
        guard maySleep else { return }
        if let poller { poller.wait(timeout: timeout) } else { wake.wait(while: 0, timeout: timeout) }
        state.withLock { $0.isAsleep = false }
    }

    /// Refuses everything from now on, and drops what is queued.
    func close() {
        let dropped = state.withLock { state in
            state.isClosed = true
            defer { state.work = [] }
            return state.work
        }
        // What the closures own may lead back here when it goes, so not under the lock.
        _ = dropped
    }
}
