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

    /// Who waits for a message: a task, a blocked thread, or the way to another process.
    @usableFromInline
    package enum Receiver: Sendable {
        case task(UnsafeContinuation<Element?, Never>)
        case thread(BlockedReceiver<Element>)
        case relay(any MailboxRelay<Element>)

        @inlinable
        func receive(_ element: consuming sending Element) {
            switch self {
            case .task(let continuation): continuation.resume(returning: element)
            case .thread(let blocked): blocked.receive(element)
            case .relay(let relay): _ = relay.receive(element)
            }
        }

        /// Nothing comes any more, or not to this one.
        @usableFromInline
        func finish() {
            switch self {
            case .task(let continuation): continuation.resume(returning: nil)
            case .thread(let blocked): blocked.receive(nil)
            case .relay(let relay): relay.finish()
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
        /// Asked whenever the queue is empty.
        @usableFromInline var source: (any MailboxSource)?
        /// Whether nobody but a relay receives any more.
        @usableFromInline var isLeftToRelay = false
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
        case .handOver(.relay(let relay), let element): run(relay, element)
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
        /// Nothing is queued here; there may be something to pull.
        case empty((any MailboxSource)?)
        /// Others on this thread should have a turn first.
        case yield
        /// The messages go elsewhere.
        case finished
    }

    @inlinable
    func pop(limitingStreak: Bool, asRelay: Bool = false) -> Popped {
        let popped: Popped = front.withLock { front in
            if front.isLeftToRelay, !asRelay { return .finished }
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
                return .empty(front.source)
            }
            front.streak &+= 1
            frontCount.store(front.queue.count, ordering: .sequentiallyConsistent)
            return .element(element)
        }
        if sendersWait.load(ordering: .sequentiallyConsistent) { admitSenders() }
        return popped
    }

    /// The next message, if one is queued or has arrived.
    @inlinable
    package func tryReceive() -> Element? { takeOne(asRelay: false) }

    @inlinable
    func takeOne(asRelay: Bool) -> Element? {
        while true {
            switch pop(limitingStreak: false, asRelay: asRelay) {
            case .element(let element): return element
            case .finished: return nil
            // Admitted senders have refilled the queue since the look.
            case _ where frontCount.load(ordering: .relaxed) != 0 || !isEmpty: continue
            case .empty(let source?) where source.pull(): continue
            case .empty, .yield: return nil
            }
        }
    }

    /// The next message; nil when the box is closed and empty, or the task was cancelled.
    @inlinable
    package func receive() async -> Element? {
        while true {
            switch pop(limitingStreak: true) {
            case .element(let element): return element
            case .finished: return nil
            case .yield:
                // Under a flood the task never waits, where it would notice.
                if Task.isCancelled { return nil }
                await yieldThread()
            case .empty(let source):
                if let source, source.pull() { continue }
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

    @inlinable
    func registerReceiver(_ receiver: Receiver) -> State.ReceiveAction {
        front.withLock { front in
            if front.isLeftToRelay {
                guard case .relay = receiver else { return .finished }
            }
            return back.withLock { $0.enqueueReceiver(receiver, frontCount: front.queue.count) }
        }
    }

    /// False when the receiver has been answered already, or is just about to be.
    private func cancelReceiver(_ id: UInt64) -> Bool {
        guard let receiver = back.withLock({ $0.cancelReceiver(id) }) else { return false }
        receiver.finish()
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
                blocked.wait(timeout: timeout, source: source)
                // A sender that has picked this receiver hands the message over in a moment.
                if !cancelReceiver(id) { blocked.waitForAnswer() }
                return blocked.take()
            }
        }
    }

    // MARK: To and from other processes

    /// Whom to ask for messages from now on, besides the senders here.
    package func setSource(_ source: (any MailboxSource)?) {
        // The one before goes outside the lock.
        _ = front.withLock { front in
            defer { front.source = source }
            return front.source
        }
    }

    private var source: (any MailboxSource)? { front.withLock { $0.source } }

    @usableFromInline
    @frozen
    enum Attached {
        case element(Element)
        case finished
        /// In line for what comes; ``detach(_:)`` takes it out again by this number.
        case attached(UInt64)
    }

    /// Has the relay receive what comes, unless there is something already.
    @inlinable
    func attach(_ relay: any MailboxRelay<Element>) -> Attached {
        while true {
            switch registerReceiver(.relay(relay)) {
            case .suspended(let id): return .attached(id)
            case .finished: return .finished
            case .retry: if let element = takeOne(asRelay: true) { return .element(element) }
            }
        }
    }

    /// So many messages in a row a sender passes on for others.
    @usableFromInline static var longestRelay: Int { 256 }

    /// Gives a relay that is out of the line a message and what has come meanwhile, and lines it up again.
    ///
    /// In the sender's code: it knows the type of the messages, and needs no look at metadata for every one.
    @inlinable
    func run(_ relay: any MailboxRelay<Element>, _ first: Element) {
        var next = first
        for _ in 0..<Self.longestRelay {
            guard relay.receive(next) else { return }
            switch attach(relay) {
            case .attached: return
            case .element(let element): next = element
            case .finished: return relay.finish()
            }
        }
        // It has one in hand already.
        if relay.receive(next) { relay.goOnElsewhere() }
    }

    /// Lines a relay up, for the first time or after it could take no more.
    ///
    /// - Returns: its number in the line, if there was nothing for it; see ``detach(_:)``.
    @discardableResult
    package func resume(_ relay: any MailboxRelay<Element>) -> UInt64? {
        if let element = takeOne(asRelay: true) {
            run(relay, element)
            return nil
        }
        switch attach(relay) {
        case .attached(let id): return id
        case .element(let element): run(relay, element)
        case .finished: relay.finish()
        }
        return nil
    }

    /// Sends many at once, without waiting.
    ///
    /// - Returns: how many from the first on were accepted; nil when the box is closed.
    package func post(_ batch: UnsafeMutableBufferPointer<Element>) -> Int? {
        let action = back.withLock { $0.post(batch, frontCount: frontCount.load(ordering: .relaxed)) }
        guard case .accepted(let count, let receivers) = action else { return nil }
        for (index, receiver) in receivers.enumerated() {
            if case .relay(let relay) = receiver { run(relay, batch[index]) } else { receiver.receive(batch[index]) }
        }
        return count
    }

    /// Lends a relay everything that is queued, without waiting; ``giveBack(_:)`` takes what it did not send.
    ///
    /// Until then the messages count as queued, and nobody else may receive.
    package func lendQueue() -> Deque<Element> {
        front.withLock { front in
            if front.queue.isEmpty {
                back.withLock { back in
                    back.exchange(with: &front.queue)
                    frontCount.store(front.queue.count, ordering: .relaxed)
                }
            }
            var lent = Deque<Element>()
            swap(&lent, &front.queue)
            return lent
        }
    }

    package func giveBack(_ rest: consuming Deque<Element>) {
        front.withLock { front in
            // Who discards the box meanwhile has not seen these.
            let isDiscarded = back.withLock { back in
                if back.isDiscarded { back.countDiscarded(rest.count) }
                return back.isDiscarded
            }
            if isDiscarded { return }
            frontCount.store(rest.count, ordering: .sequentiallyConsistent)
            front.queue = rest
        }
        if sendersWait.load(ordering: .sequentiallyConsistent) { admitSenders() }
    }

    /// Has a relay alone receive from now on: for everybody else the messages have ended. Idempotent.
    package func leaveToRelay() {
        let receivers = front.withLock { front in
            front.isLeftToRelay = true
            return back.withLock { $0.releaseReceivers() }
        }
        for receiver in receivers { receiver.finish() }
    }

    /// False when the relay was given something already, or is just about to be.
    package func detach(_ id: UInt64) -> Bool { back.withLock { $0.cancelReceiver(id) } != nil }

    /// Whether a message would be taken now.
    package var hasRoom: Bool {
        back.withLock { $0.hasRoom(frontCount.load(ordering: .relaxed)) }
    }

    /// Has room for so many more from now on, and takes what waited for it.
    package func raiseLimit(by count: Int) {
        back.withLock { $0.raiseLimit(by: count) }
        admitSenders()
        _ = source?.pull()
    }

    // MARK: Closing

    /// Ends sending; what is queued is still received. Idempotent.
    package func close() {
        let source = source
        // What has arrived was sent before the closing.
        _ = source?.pull()
        perform(back.withLock { $0.close() })
        source?.mailboxClosed()
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
        source?.mailboxClosed()
    }

    private func perform(_ action: State.CloseAction) {
        for receiver in action.receivers { receiver.finish() }
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
