package import SpindleMemory
package import SpindleMessaging
internal import Synchronization

/// A guest as other threads see it: they leave work for it, stop it and wait for its end.
package final class GuestControl: Sendable {
    package let inbox = LoopInbox()
    package let stop = ThreadInterrupt()
    package let figures = ExecutorFigures()

    // Released before the guest's end is told, acquired by those who have heard of it.
    private let outOfMemory = Atomic<Bool>(false)

    /// Bytes of the messages that the guest has sent and nobody has taken yet. Relaxed: the figure stands alone.
    private let sent = Atomic<Int>(0)

    package init() {}

    var sentBytes: Int { sent.load(ordering: .relaxed) }
    func charge(_ bytes: Int) { sent.add(bytes, ordering: .relaxed) }

    /// Whether the guest was ended since its heap had become larger than allowed.
    package var isOutOfMemory: Bool { outOfMemory.load(ordering: .acquiring) }

    func ranOutOfMemory() { outOfMemory.store(true, ordering: .releasing) }

    /// Ends the guest wherever it is; its exit code is then 1 unless it had chosen one.
    package func terminate() {
        stop.raise()
        inbox.interrupt()
    }
}
