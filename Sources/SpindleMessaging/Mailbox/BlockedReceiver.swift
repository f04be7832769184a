internal import SpindleMemory

/// A thread blocked until a message is put into its hand.
@usableFromInline
package final class BlockedReceiver<Element: Sendable>: Sendable {
    private let slot = Lock<Element?>(nil)
    private let answered = FutexWord()

    init() {}

    /// Answers the thread, with a message or with nothing.
    @usableFromInline
    func receive(_ element: Element?) {
        slot.withLock { $0 = element }
        answered.store(1)
        answered.wake(1)
    }

    func take() -> Element? {
        slot.withLock { slot in
            defer { slot = nil }
            return slot
        }
    }

    /// Blocks until answered; for when the answer is certain to come at once.
    func waitForAnswer() {
        while answered.load() == 0 { answered.wait(while: 0) }
    }

    /// Blocks until answered, the time is up, or the thread is interrupted.
    func wait(timeout: Int64) {
        answered.waitInterruptibly(while: 0, timeout: timeout)
    }
}
