internal import Spindle
package import SpindleMemory
package import SpindleMessaging
internal import Synchronization

/// A guest as other threads see it: they leave work for it, stop it and wait for its end.
package final class GuestControl: Sendable {
    package let inbox = LoopInbox()
    package let stop = ThreadInterrupt()
    package let figures = ExecutorFigures()
    let blockedCalls = BlockedCalls()

    // Released before the guest's end is told, acquired by those who have heard of it.
    private let outOfMemory = Atomic<Bool>(false)
    private let state = Lock(State())

    private struct State {
        var isTerminating = false
        /// Of the workers that the guest has started.
        var workers: [ObjectIdentifier: GuestControl] = [:]
    }

    /// Bytes of the messages that the guest has sent and nobody has taken yet. Relaxed: the figure stands alone.
    private let sent = Atomic<Int>(0)

    package init() {}

    var sentBytes: Int { sent.load(ordering: .relaxed) }
    func charge(_ bytes: Int) { sent.add(bytes, ordering: .relaxed) }

    /// Whether the guest was ended since its heap had become larger than allowed.
    package var isOutOfMemory: Bool { outOfMemory.load(ordering: .acquiring) }

    func ranOutOfMemory() { outOfMemory.store(true, ordering: .releasing) }

    /// Ends the guest wherever it is, and its workers; its exit code is then 1 unless it had chosen one.
    ///
    /// It ends within a few milliseconds of its processor time, but for the few calls that the engine and the host cannot
    /// interrupt.
    package func terminate() {
        let workers = state.withLock { state -> [GuestControl]? in
            defer { state.isTerminating = true }
            return state.isTerminating ? nil : Array(state.workers.values)
        }
        guard let workers else { return }
        stop.raise()
        inbox.interrupt()
        // They end even if the guest cannot see to it.
        for worker in workers { worker.terminate() }
        interruptCalls(nextAfter: .milliseconds(4))
    }

    private func interruptCalls(nextAfter delay: Duration) {
        guard blockedCalls.interrupt() else { return }
        _ = TimerThread.shared.schedule(after: delay) { [weak self] in
            self?.interruptCalls(nextAfter: min(delay * 2, .seconds(1)))
        }
    }

    /// Does something for the guest on another thread, which the guest's end interrupts.
    func help<Result>(_ body: () -> Result) -> Result {
        let outer = ThreadInterrupt.current
        stop.install()
        blockedCalls.enter()
        defer {
            blockedCalls.leave()
            if let outer { outer.install() } else { ThreadInterrupt.uninstall() }
        }
        return body()
    }

    /// The guest is over; what others still do for it has no use any more.
    func endHelp() { if blockedCalls.areUnderWay { terminate() } }

    // MARK: Workers

    func adopt(_ worker: GuestControl) {
        let isTerminating = state.withLock { state in
            state.workers[ObjectIdentifier(worker)] = worker
            return state.isTerminating
        }
        if isTerminating { worker.terminate() }
    }

    func release(_ worker: GuestControl) {
        state.withLock { $0.workers[ObjectIdentifier(worker)] = nil }
    }
}
