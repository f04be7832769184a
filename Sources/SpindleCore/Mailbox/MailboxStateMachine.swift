public import DequeModule

/// The sending side of a mailbox as a pure value: what is queued, who waits, whether it is closed.
///
/// A mailbox is two queues. Senders append to this one; the receiver works through
/// a *front* queue that only it touches, and exchanges the two when its own is
/// empty. So a receiver takes this side's lock once a batch instead of once a
/// message. `frontCount` in the calls is the length of that other queue.
///
/// Invariants:
/// - a waiting receiver exists only while both queues are empty and the box is open;
/// - a waiting sender exists only while the box is full, or was a moment ago and
///   ``admitWaitingSenders(frontCount:)`` has not run yet;
/// - messages leave in the order in which their sends were accepted.
///
/// `Receiver` and `Sender` are whatever the driver resumes; this type only keeps them.
@usableFromInline
package struct MailboxStateMachine<Element, Receiver, Sender> {
    @usableFromInline package var queue = Deque<Element>()
    @usableFromInline var receivers = Deque<(id: UInt64, receiver: Receiver)>()
    @usableFromInline var senders = Deque<WaitingSender>()
    @usableFromInline var phase = Phase.open
    @usableFromInline var limit: Int
    @usableFromInline var nextID: UInt64 = 0
    /// Messages taken in since the start.
    @usableFromInline package var acceptedCount: UInt64 = 0
    /// Messages thrown away by ``discard()``.
    package private(set) var discardedCount: UInt64 = 0

    @usableFromInline
    struct WaitingSender {
        @usableFromInline let id: UInt64
        @usableFromInline let element: Element
        @usableFromInline let sender: Sender
        @usableFromInline
        init(id: UInt64, element: Element, sender: Sender) {
            self.id = id
            self.element = element
            self.sender = sender
        }
    }

    @usableFromInline
    package enum Phase: Equatable {
        case open
        /// No further sends; what is queued is still received.
        case closed
        /// No further sends, and what was queued is gone.
        case discarded
    }

    @inlinable
    package init(limit: Int) { self.limit = limit }

    @inlinable package var isOpen: Bool { phase == .open }
    package var isDiscarded: Bool { phase == .discarded }
    package var waitingSenderCount: Int { senders.count }
    package var waitingReceiverCount: Int { receivers.count }

    @inlinable
    package func hasRoom(_ frontCount: Int) -> Bool { queue.count + frontCount < limit && senders.isEmpty }

    // MARK: Sending

    @usableFromInline
    package enum SendAction {
        case queued
        /// A receiver was waiting: give it the element.
        case handOver(Receiver, Element)
        /// Not accepted.
        case refuse(Element, MailboxRefusal)
    }

    /// A send that does not wait.
    @inlinable
    package mutating func post(_ element: consuming Element, frontCount: Int) -> SendAction {
        guard phase == .open else { return .refuse(element, .closed) }
        if let waiting = receivers.popFirst() {
            acceptedCount &+= 1
            return .handOver(waiting.receiver, element)
        }
        guard hasRoom(frontCount) else { return .refuse(element, .full) }
        acceptedCount &+= 1
        queue.append(element)
        return .queued
    }

    package enum BatchAction {
        /// So many were accepted; the first of them go to these receivers, who waited.
        case accepted(Int, [Receiver])
        case refused
    }

    /// Sends that do not wait, many at once and in order.
    package mutating func post(_ batch: UnsafeMutableBufferPointer<Element>, frontCount: Int) -> BatchAction {
        guard phase == .open else { return .refused }
        var waiting: [Receiver] = []
        while waiting.count < batch.count, let receiver = receivers.popFirst() { waiting.append(receiver.receiver) }
        let room = senders.isEmpty ? max(0, limit - queue.count - frontCount) : 0
        let count = min(room, batch.count - waiting.count)
        if count > 0 {
            queue.append(contentsOf: UnsafeMutableBufferPointer(rebasing: batch[waiting.count..<waiting.count + count]))
        }
        acceptedCount &+= UInt64(waiting.count + count)
        return .accepted(waiting.count + count, waiting)
    }

    @usableFromInline
    package enum WaitAction {
        /// Accepted at once after all; resume the sender.
        case done(SendAction, Sender)
        /// Kept; ``cancelSender(_:)`` takes it out again by this number.
        case suspended(id: UInt64)
    }

    /// A send that waits for room. Called after ``post(_:frontCount:)`` found the
    /// box full, with the lock released in between, so everything is looked at again.
    @inlinable
    package mutating func enqueueSender(_ sender: Sender, _ element: Element, frontCount: Int) -> WaitAction {
        switch post(element, frontCount: frontCount) {
        case .refuse(let element, .full):
            nextID &+= 1
            senders.append(WaitingSender(id: nextID, element: element, sender: sender))
            return .suspended(id: nextID)
        case let action:
            return .done(action, sender)
        }
    }

    /// Has room for so many more from now on.
    package mutating func raiseLimit(by count: Int) {
        limit = limit.addingReportingOverflow(count).overflow ? .max : limit + count
    }

    /// Takes in as many waiting senders as there is room for, oldest first; resume those returned.
    @inlinable
    package mutating func admitWaitingSenders(frontCount: Int) -> [Sender] {
        guard !senders.isEmpty else { return [] }
        var admitted: [Sender] = []
        while !senders.isEmpty, queue.count + frontCount < limit {
            let waiting = senders.removeFirst()
            acceptedCount &+= 1
            queue.append(waiting.element)
            admitted.append(waiting.sender)
        }
        return admitted
    }

    /// Takes a waiting sender out; nil when it has been answered already.
    package mutating func cancelSender(_ id: UInt64) -> (Element, Sender)? {
        guard let index = senders.firstIndex(where: { $0.id == id }) else { return nil }
        let waiting = senders.remove(at: index)
        return (waiting.element, waiting.sender)
    }

    // MARK: Receiving

    /// Hands the whole queue to the receiver in exchange for its empty one.
    @inlinable
    package mutating func exchange(with front: inout Deque<Element>) {
        // The next messages begin where its storage does, so that they lie in one piece.
        front.removeAll(keepingCapacity: true)
        swap(&queue, &front)
    }

    @usableFromInline
    package enum ReceiveAction {
        /// There is something to receive after all: try again.
        case retry
        /// Nothing will come any more.
        case finished
        case suspended(id: UInt64)
    }

    @inlinable
    package mutating func enqueueReceiver(_ receiver: Receiver, frontCount: Int) -> ReceiveAction {
        guard queue.isEmpty, senders.isEmpty, frontCount == 0 else { return .retry }
        guard phase == .open else { return .finished }
        nextID &+= 1
        receivers.append((nextID, receiver))
        return .suspended(id: nextID)
    }

    /// Takes a waiting receiver out; nil when it has been answered already.
    package mutating func cancelReceiver(_ id: UInt64) -> Receiver? {
        guard let index = receivers.firstIndex(where: { $0.id == id }) else { return nil }
        return receivers.remove(at: index).receiver
    }

    /// Takes every waiting receiver out; tell each that nothing comes any more.
    package mutating func releaseReceivers() -> [Receiver] {
        defer { receivers.removeAll() }
        // No key path: in code that does not know the type, one is made anew each time.
        return receivers.map { $0.receiver }
    }

    // MARK: Closing

    package struct CloseAction {
        /// Tell each that nothing comes any more.
        package var receivers: [Receiver] = []
        /// Give each its element back as not sent.
        package var senders: [(Element, Sender)] = []
        /// Dropped messages; released by the driver outside its lock.
        package var discarded = Deque<Element>()
    }

    /// Ends sending. Queued messages are still received; senders that wait are refused.
    package mutating func close() -> CloseAction {
        guard phase == .open else { return CloseAction() }
        phase = .closed
        return releaseWaiters()
    }

    /// Ends both sides: what is queued is thrown away and counted.
    package mutating func discard(frontCount: Int) -> CloseAction {
        guard phase != .discarded else { return CloseAction() }
        phase = .discarded
        var action = releaseWaiters()
        discardedCount += UInt64(queue.count + frontCount)
        swap(&action.discarded, &queue)
        return action
    }

    /// Counts messages that were thrown away after ``discard(frontCount:)``, by whom had them in hand then.
    package mutating func countDiscarded(_ count: Int) { discardedCount += UInt64(count) }

    private mutating func releaseWaiters() -> CloseAction {
        defer { senders.removeAll() }
        return CloseAction(receivers: releaseReceivers(), senders: senders.map { ($0.element, $0.sender) })
    }
}

/// Why a mailbox did not take a message.
@usableFromInline
package enum MailboxRefusal: Sendable {
    case closed
    case full
}
