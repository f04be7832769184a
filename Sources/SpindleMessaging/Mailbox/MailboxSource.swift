/// Where a mailbox's messages come from when they come from another process.
///
/// Whoever finds the mailbox empty pulls, so that messages arrive also on a thread that never lets its executor look:
/// one that blocks for a message, or asks for one again and again. For those who wait in a task, an executor watches.
@usableFromInline
package protocol MailboxSource: WordWatcher {
    /// Moves what has arrived into the mailbox, as far as there is room. Never waits.
    ///
    /// - Returns: whether anything was moved.
    func pull() -> Bool
    /// The mailbox takes nothing more.
    func mailboxClosed()
}

/// Where a mailbox's messages go when they go to another process.
///
/// It stands in line as a receiver. The sender who finds it there hands it the message on its own thread, so that the
/// message leaves at once also when that thread computes for an hour afterwards; then what others have sent
/// meanwhile, and then it lines up again. So it is never called twice at the same time.
@usableFromInline
package protocol MailboxRelay<Element>: AnyObject, Sendable {
    associatedtype Element: Sendable
    /// A message. Never waits.
    ///
    /// - Returns: whether it can take another one; if not, it calls ``Mailbox/resume(_:)`` when it can.
    func receive(_ element: Element) -> Bool
    /// The mailbox is closed and empty.
    func finish()
    /// There are more messages, but the sender's thread has done enough: to be resumed soon on another one.
    func goOnElsewhere()
}
