public import DequeModule
public import SpindleCore
public import SpindleMemory
public import Synchronization

/// A bounded queue of messages between threads: any number of senders, any number of receivers.
///
/// ## Protocol
///
/// Three pieces of shared state:
/// - `back`, behind its lock: the ``MailboxStateMachine``, where sends append;
/// - `front`, behind its own lock: the batch that receivers work through;
/// - `frontCount`, an atomic: the length of `front`, so that a sender can tell how
///   much is queued without taking the receiver's lock.
///
/// A receive takes `front`'s lock (uncontended with one receiver), pops, and only
/// when `front` is empty takes `back`'s lock inside to exchange the two. Lock
/// order is front, then back; senders take `back` alone.
///
/// *The race.* A sender finds the box full and goes to sleep just as a receiver
/// pops from `front` without looking at `back`. Lost wake-up, unless one of them
/// sees the other. The sender registers itself, stores `sendersWait` and *then*
/// reads `frontCount`; the receiver stores `frontCount` and *then* reads
/// `sendersWait`. All four are sequentially consistent, so at least one of the
/// reads sees the other's store: either the sender finds the room itself, or the
/// receiver admits it.
///
/// Continuations are resumed and messages released outside both locks.
@usableFromInline
package final class Mailbox<Element: Sendable>: Sendable {
    @usableFromInline
    package typealias State = MailboxStateMachine<Element, Receiver, UnsafeContinuation<SendError<Element>?, Never>>

    /// Who waits for a message: a task or a blocked thread.
    @usableFromInline
    package enum Receiver: Sendable {
        case task(UnsafeContinuation<Element?, Never>)
        case thread(BlockedReceiver<Element>)

        @inlinable
        func receive(_ element: consuming sending Element?) {
            switch self {
            case .task(let continuation): continuation.resume(returning: element)
            case .thread(let blocked): blocked.receive(element)
            }
        }
    }

    @usableFromInline let back: Lock<State>
    @usableFromInline let front = Lock(Front())
    @usableFromInline let frontCount = Atomic<Int>(0)
    @usableFromInline let sendersWait = Atomic<Bool>(false)
    /// The most messages that may be queued.
    package let limit: Int

    @usableFromInline
    struct Front {
        @usableFromInline var queue = Deque<Element>()
        /// Messages received in a row without giving other jobs of the thread a turn.
        @usableFromInline var streak = 0
        @usableFromInline init() {}
    }

    /// After so many messages in a row a receiver lets other jobs of its thread run.
    @usableFromInline static var longestStreak: Int { 128 }

    package init(limit: Int) {
        precondition(limit > 0, "A queue needs a limit of at least one message.")
        self.limit = limit
        back = Lock(State(limit: limit))
    }

    // MARK: Sending

    /// Sends without waiting.
    @inlinable
    package func post(_ element: consuming Element) throws(SendError<Element>) {
        let element = element
        // Under the lock: a receiver that takes the queue over says there how long it was.
        let action = back.withLock { $0.post(element, frontCount: frontCount.load(ordering: .relaxed)) }
        try perform(action)
    }

    /// Sends, waiting for room.
    @inlinable
    package func send(_ element: consuming Element) async throws(SendError<Element>) {
        do {
            try post(element)
        } catch {
            guard error.reason == .full else { throw error }
            try await sendWhenRoom(error.message)
        }
    }

    @inlinable
    func perform(_ action: consuming State.SendAction) throws(SendError<Element>) {
        switch consume action {
        case .queued: break
        case .handOver(let receiver, let element): receiver.receive(element)
        case .refuse(let element, .closed): throw SendError(.closed, element)
        case .refuse(let element, .full): throw SendError(.full, element)
        }
    }

    @usableFromInline
    func sendWhenRoom(_ element: Element) async throws(SendError<Element>) {
        let ticket = WaitTicket()
        let failure = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<SendError<Element>?, Never>) in
                suspendSender(element, continuation, ticket)
            }
        } onCancel: {
            guard let id = ticket.cancel() else { return }
            cancelSender(id)
        }
        if let failure { throw failure }
    }

    private func suspendSender(
        _ element: Element, _ continuation: UnsafeContinuation<SendError<Element>?, Never>, _ ticket: WaitTicket
    ) {
        let action = back.withLock { back in
            let action = back.enqueueSender(
                continuation, element, frontCount: frontCount.load(ordering: .relaxed))
            if case .suspended = action { sendersWait.store(true, ordering: .sequentiallyConsistent) }
            return action
        }
        switch action {
        case .done(let action, let continuation):
            do throws(SendError<Element>) {
                try perform(action)
                continuation.resume(returning: nil)
            } catch {
                continuation.resume(returning: error)
            }
        case .suspended(let id):
            // The sender's half of the protocol: look again after having become visible.
            admitSenders()
            if ticket.setID(id) { cancelSender(id) }
        }
    }

    private func cancelSender(_ id: UInt64) {
        guard let (element, continuation) = back.withLock({ $0.cancelSender(id) }) else { return }
        continuation.resume(returning: SendError(.cancelled, element))
    }

    /// Lets waiting senders in as far as there is room.
    @usableFromInline
    func admitSenders() {
        let admitted = back.withLock { back in
            let admitted = back.admitWaitingSenders(frontCount: frontCount.load(ordering: .sequentiallyConsistent))
            sendersWait.store(back.waitingSenderCount > 0, ordering: .sequentiallyConsistent)
            return admitted
        }
        for continuation in admitted { continuation.resume(returning: nil) }
    }

    // MARK: Receiving

    @usableFromInline
    @frozen
    enum Popped {
        case element(Element)
        case empty
        /// Others on this thread should have a turn first.
        case yield
    }

    @inlinable
    func pop(limitingStreak: Bool) -> Popped {
        let popped: Popped = front.withLock { front in
            if limitingStreak, front.streak >= Self.longestStreak {
                front.streak = 0
                return .yield
            }
            if front.queue.isEmpty {
                back.withLock { back in
                    back.exchange(with: &front.queue)
                    frontCount.store(front.queue.count, ordering: .relaxed)
                }
            }
            guard let element = front.queue.popFirst() else {
                front.streak = 0
                return .empty
            }
            front.streak &+= 1
            frontCount.store(front.queue.count, ordering: .sequentiallyConsistent)
            return .element(element)
        }
        if sendersWait.load(ordering: .sequentiallyConsistent) { admitSenders() }
        return popped
    }

    /// The next message, if one is queued.
    @inlinable
    package func tryReceive() -> Element? {
        while true {
            if case .element(let element) = pop(limitingStreak: false) { return element }
            // Admitted senders have refilled the queue since the look.
            guard frontCount.load(ordering: .relaxed) != 0 || !isEmpty else { return nil }
        }
    }

    /// The next message; nil when the box is closed and empty, or the task was cancelled.
    @inlinable
    package func receive() async -> Element? {
        while true {
            switch pop(limitingStreak: true) {
            case .element(let element): return element
            case .yield:
                // Under a flood the task never waits, where it would notice.
                if Task.isCancelled { return nil }
                await yieldThread()
            case .empty:
                switch await suspendReceiver() {
                case .element(let element): return element
                case .finished: return nil
                case .retry: continue
                }
            }
        }
    }

    @usableFromInline
    @frozen
    enum Received: Sendable {
        case element(Element)
        case finished
        case retry
    }

    @usableFromInline
    func suspendReceiver() async -> Received {
        let ticket = WaitTicket()
        var retry = false
        let element = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Element?, Never>) in
                switch registerReceiver(.task(continuation)) {
                case .retry:
                    retry = true
                    continuation.resume(returning: nil)
                case .finished:
                    continuation.resume(returning: nil)
                case .suspended(let id):
                    if ticket.setID(id) { _ = cancelReceiver(id) }
                }
            }
        } onCancel: {
            if let id = ticket.cancel() { _ = cancelReceiver(id) }
        }
        if let element { return .element(element) }
        return retry && !Task.isCancelled ? .retry : .finished
    }

    private func registerReceiver(_ receiver: Receiver) -> State.ReceiveAction {
        front.withLock { front in
            back.withLock { $0.enqueueReceiver(receiver, frontCount: front.queue.count) }
        }
    }

    /// False when the receiver has been answered already, or is just about to be.
    private func cancelReceiver(_ id: UInt64) -> Bool {
        guard let receiver = back.withLock({ $0.cancelReceiver(id) }) else { return false }
        receiver.receive(nil)
        return true
    }

    /// Blocks the calling thread until a message is there.
    ///
    /// - Parameter timeout: nanoseconds; negative for none.
    /// - Returns: nil when the box is closed and empty, the time is up or the thread was interrupted.
    package func receiveBlocking(timeout: Int64) -> Element? {
        while true {
            if let element = tryReceive() { return element }
            guard timeout != 0 else { return nil }
            let blocked = BlockedReceiver<Element>()
            switch registerReceiver(.thread(blocked)) {
            case .retry: continue
            case .finished: return nil
            case .suspended(let id):
                blocked.wait(timeout: timeout)
                // A sender that has picked this receiver hands the message over in a moment.
                if !cancelReceiver(id) { blocked.waitForAnswer() }
                return blocked.take()
            }
        }
    }

    // MARK: Closing

    /// Ends sending; what is queued is still received. Idempotent.
    package func close() {
        perform(back.withLock { $0.close() })
    }

    /// Ends both sides; what is queued is dropped and counted. Idempotent.
    package func discard() {
        let (action, dropped) = front.withLock { front in
            let action = back.withLock { $0.discard(frontCount: front.queue.count) }
            frontCount.store(0, ordering: .relaxed)
            let dropped = front.queue
            front.queue = Deque()
            return (action, dropped)
        }
        perform(action)
        _ = dropped
    }

    private func perform(_ action: State.CloseAction) {
        for receiver in action.receivers { receiver.receive(nil) }
        for (element, continuation) in action.senders {
            continuation.resume(returning: SendError(.closed, element))
        }
    }

    // MARK: Figures

    package var isOpen: Bool { back.withLock { $0.isOpen } }
    package var isDiscarded: Bool { back.withLock { $0.isDiscarded } }
    /// Messages queued now, without those whose senders still wait.
    package var count: Int { back.withLock { $0.queue.count } + frontCount.load(ordering: .relaxed) }
    @usableFromInline
    package var isEmpty: Bool { count == 0 }
    /// Messages accepted since the start.
    package var acceptedCount: UInt64 { back.withLock { $0.acceptedCount } }
    /// Messages dropped because the receiving side ended first.
    package var discardedCount: UInt64 { back.withLock { $0.discardedCount } }
}

/// Lets every other ready job of the current thread run first.
@usableFromInline
func yieldThread() async {
    if let executor = ThreadExecutor.current {
        await executor.yield()
    } else {
        await Task.yield()
    }
}
