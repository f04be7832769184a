internal import CSpindle
internal import SpindleCore
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
    ///
    /// Meanwhile the thread pulls for itself what arrives from another process.
    func wait(timeout: Int64, source: (any MailboxSource)?) {
        guard let source else { return answered.waitInterruptibly(while: 0, timeout: timeout) }
        let deadline = timeout < 0 ? nil : spindle_monotonic_now().addingClamped(timeout)
        while answered.load() == 0, !answered.isInterrupted {
            let remaining = deadline.map { $0 - spindle_monotonic_now() } ?? -1
            if deadline != nil, remaining <= 0 { return }
            source.watched.word.announceSleep()
            if !source.watched.hasMoved {
                answered.waitInterruptibly(while: 0, or: source.watched.word, timeout: remaining)
            } else if !source.pull() {
                // Another thread is at it, and answers when it is done.
                answered.waitInterruptibly(while: 0, timeout: remaining < 0 ? Self.shortly : min(remaining, Self.shortly))
            }
        }
    }

    /// In nanoseconds.
    private static var shortly: Int64 { 100_000 }
}
