internal import SpindleCore
internal import SpindleMemory
public import Synchronization

/// One end of a ``MessageChannel``: sends to the other end and receives from it.
///
/// A port may be used from any thread and may itself be sent in a message or to a
/// worker. Messages of one port arrive in the order in which their sends were
/// accepted. Between threads values move: nothing is encoded, and storage such as an
/// array's or a `SharedBuffer`'s is not copied. A port may also be sent to a worker
/// process, by which this object is used up; see its conformance to `Codable`.
///
/// The port closes when ``close()`` is called or its last reference goes; the other
/// end then still receives what was queued before, and after that the end.
///
/// Receive in one of three ways: ``messages`` in a task, ``receive(timeout:)`` on a
/// thread that may block, ``tryReceive()`` without waiting. Several receivers share
/// the messages: each goes to one of them.
public final class MessagePort<Inbound: Sendable, Outbound: Sendable>: Sendable {
    @usableFromInline let inbox: Mailbox<Inbound>
    @usableFromInline let outbox: Mailbox<Outbound>

    /// The way to the other process, if the port came from one.
    let link: Link<Inbound, Outbound>?
    /// Set before the queues get another user; what is sent at the same moment may come before or after it.
    @usableFromInline let wasSentAway = Atomic<Bool>(false)

    package init(inbox: Mailbox<Inbound>, outbox: Mailbox<Outbound>, link: Link<Inbound, Outbound>? = nil) {
        self.inbox = inbox
        self.outbox = outbox
        self.link = link
    }

    deinit {
        guard !isSentAway else { return }
        outbox.close()
        // Nobody can receive these any more; senders learn it from the refusal.
        inbox.discard()
    }

    /// Sends, waiting for room while the other end's queue is at its limit.
    ///
    /// Does not suspend when there is room. When the task is cancelled while it
    /// waits, the message is not sent.
    ///
    /// - Throws: ``SendError`` with the message, when the channel is closed or the task cancelled.
    @inlinable
    public func send(_ message: consuming Outbound) async throws(SendError<Outbound>) {
        guard !isSentAway else { throw SendError(.closed, message) }
        try await outbox.send(message)
    }

    /// Sends at once.
    ///
    /// - Throws: ``SendError`` with the message, when the queue is full or the channel closed.
    @inlinable
    public func post(_ message: consuming Outbound) throws(SendError<Outbound>) {
        guard !isSentAway else { throw SendError(.closed, message) }
        try outbox.post(message)
    }

    /// The messages from the other end, until the channel is closed and its queue empty.
    ///
    /// Iterating throws `CancellationError` when the task is cancelled. A flood of
    /// messages is interrupted now and then to let other jobs of the thread run.
    @inlinable
    public var messages: MessageSequence<Inbound> { MessageSequence(inbox, keepingAlive: self) }

    /// Blocks the calling thread for the next message.
    ///
    /// For worker threads; on the cooperative pool use ``messages``. Returns early
    /// when the worker of this thread is being stopped.
    ///
    /// - Parameter timeout: longest time to wait; without limit when nil.
    /// - Returns: nil when the time is up, the channel is closed and empty, or the worker is being stopped.
    public func receive(timeout: Duration? = nil) -> Inbound? {
        inbox.receiveBlocking(timeout: timeout.map { max(0, $0.nanoseconds) } ?? -1)
    }

    /// The next message if one is queued; never waits.
    @inlinable
    public func tryReceive() -> Inbound? { inbox.tryReceive() }

    /// Closes the channel: both ends still receive what was queued before, then the end. Idempotent.
    public func close() {
        guard !isSentAway else { return }
        outbox.close()
        inbox.close()
    }

    /// Whether neither end was closed or dropped, nor this one sent to a process.
    public var isOpen: Bool { !isSentAway && inbox.isOpen && outbox.isOpen }

    /// Messages queued for this end.
    public var backlog: Int { isSentAway ? 0 : inbox.count }

    @inlinable
    var isSentAway: Bool { wasSentAway.load(ordering: .acquiring) }
}
