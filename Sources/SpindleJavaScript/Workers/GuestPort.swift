internal import DequeModule
internal import SpindleMemory

/// One end of a channel between engines: a queue of what the other end has sent.
///
/// Unbounded among guests, as a program expects of `postMessage`: what waits counts as memory of the guest that sent it.
/// The guest that has the port is told when there is something; it takes it when it pleases. A Swift program that has one
/// is told likewise, and its senders wait: see ``waitForRoom()``.
final class GuestPort: Sendable {
    /// What lies in the queue.
    enum Item {
        case message(GuestMessage)
        case run(MessageRun)
    }
    private struct State {
        var queue: Deque<Item> = []
        /// How many messages that are.
        var count = 0
        /// The last item of the queue, if more can be added to it.
        var tail: Unmanaged<MessageRun>?
        /// One to use again.
        var spare: MessageRun?
        /// Whose it is; nil on the way from one guest to another.
        var owner: GuestControl?
        /// What the owner calls it.
        var handle = 0
        var isStarted = false
        /// Whether the owner has been told and has not looked yet.
        var isScheduled = false
        /// The other end has closed; what it sent before still counts.
        var isEnding = false
        /// The other end sends no more, but still takes what this one sends.
        var isFinished = false
        var isClosed = false
        var peer: GuestPort?
        /// Tells the Swift program, if it is the owner.
        var signal: (@Sendable () -> Void)?
        /// Who waits until there is room here.
        var waiting: [@Sendable () -> Void] = []

        var isRoomy: Bool { isClosed || count < GuestPort.roomyCount }

        mutating func append(_ message: GuestMessage) {
            queue.append(.message(message))
            tail = nil
            count += 1
        }

        mutating func append(
            _ bytes: UnsafeRawBufferPointer, _ text: UnsafeBufferPointer<UInt8>, from sender: GuestControl
        ) {
            count += 1
            if let tail, tail._withUnsafeGuaranteedRef({ $0.append(bytes, text) }) { return }
            let run = spare.take() ?? MessageRun()
            run.charge(sender)
            _ = run.append(bytes, text)
            queue.append(.run(run))
            tail = .passUnretained(run)
        }

        mutating func popFirst() -> Item? {
            guard let item = queue.popFirst() else { return nil }
            if queue.isEmpty { tail = nil }
            if case .run(let run) = item { count -= run.count - run.taken } else { count -= 1 }
            return item
        }

        /// Whom to tell, under which name; nil if that has been done or nobody listens.
        mutating func notify() -> (GuestControl, Int)? {
            guard !isScheduled, !isClosed, let owner, isStarted || isEnding || isFinished else { return nil }
            isScheduled = true
            return (owner, handle)
        }
    }
    private let state = Lock(State())
    /// The name under which it broadcasts; nil for the end of a channel.
    private let broadcastName: String?
    /// Takes what comes, on the sender's thread, where the owner is no guest.
    private let receiver: Receiver?
    typealias Receiver = @Sendable (GuestMessage) throws -> Void

    init(broadcastName: String? = nil, receiver: Receiver? = nil) {
        self.broadcastName = broadcastName
        self.receiver = receiver
    }

    /// Two ends that belong to nobody yet.
    ///
    /// - Parameter receiver: takes what the second end sends; without it a guest does that owns the first.
    static func pair(receiver: Receiver? = nil) -> (GuestPort, GuestPort) {
        let ends = (GuestPort(receiver: receiver), GuestPort())
        ends.0.state.withLock { $0.peer = ends.1 }
        ends.1.state.withLock { $0.peer = ends.0 }
        return ends
    }

    // MARK: The sender's side

    /// Queues a message at the other end. One for an end that is closed is dropped.
    ///
    /// - Returns: whether a Swift program is to take it that has many to take: a guest's thread should ``blockForRoom()``.
    /// - Throws: what the other end's owner throws if it cannot take the message.
    @discardableResult
    func send(_ message: GuestMessage) throws -> Bool {
        if let broadcastName {
            GuestBroadcast.send(message, to: broadcastName, from: self)
            return false
        }
        guard let peer = state.withLock({ $0.peer }) else { return false }
        guard let receiver = peer.receiver else { return peer.deliver(message) }
        try receiver(message)
        return false
    }

    @discardableResult
    func deliver(_ message: GuestMessage) -> Bool {
        let (signal, isFull, target) = state.withLock { state -> ((@Sendable () -> Void)?, Bool, (GuestControl, Int)?) in
            guard !state.isClosed else { return (nil, false, nil) }
            state.append(message)
            return (state.signal, !state.isRoomy, state.notify())
        }
        schedule(target)
        guard let signal else { return false }
        signal()
        return isFull
    }

    /// Queues a short message at the other end, in one piece with those before it.
    ///
    /// - Parameters:
    ///   - bytes: none for a message that is a string.
    ///   - text: its characters. Neither is longer than ``MessageRun/longest``.
    ///   - sender: whose memory it counts as.
    /// - Returns: false where it has to be a message of its own.
    func sendShort(
        _ bytes: UnsafeRawBufferPointer, _ text: UnsafeBufferPointer<UInt8>, from sender: GuestControl
    ) -> Bool {
        guard broadcastName == nil else { return false }
        guard let peer = state.withLock({ $0.peer }) else { return true }
        guard peer.receiver == nil else { return false }
        let (isTaken, target) = peer.state.withLock { state -> (Bool, (GuestControl, Int)?) in
            if state.isClosed { return (true, nil) }
            // Who waits for room counts messages of their own.
            if state.signal != nil { return (false, nil) }
            state.append(bytes, text, from: sender)
            return (true, state.notify())
        }
        peer.schedule(target)
        return isTaken
    }

    /// Closes this end; the other is told once it has taken what was sent.
    func close() {
        if let broadcastName { GuestBroadcast.leave(broadcastName, self) }
        let (peer, dropped, waiting) = state.withLock { state -> (GuestPort?, Deque<Item>, [@Sendable () -> Void]) in
            defer {
                state.isClosed = true
                state.peer = nil
                state.queue = []
                state.waiting = []
                state.signal = nil
                state.tail = nil
                state.count = 0
            }
            return (state.peer, state.queue, state.waiting)
        }
        // What is dropped may close ports in its turn.
        _ = consume dropped
        for go in waiting { go() }
        guard let peer else { return }
        let (signal, target) = peer.state.withLock { state -> ((@Sendable () -> Void)?, (GuestControl, Int)?) in
            state.isEnding = true
            state.peer = nil
            return (state.signal, state.notify())
        }
        signal?()
        peer.schedule(target)
    }

    /// Says that nothing more comes from this end; it still receives. The other does not keep its guest alive any more
    /// once it has taken what was sent.
    func finish() {
        guard let peer = state.withLock({ $0.peer }) else { return }
        peer.schedule(
            peer.state.withLock { state in
                state.isFinished = true
                return state.notify()
            })
    }

    // MARK: The owner's side

    func attach(to owner: GuestControl, as handle: Int) {
        state.withLock { state in
            state.owner = owner
            state.handle = handle
        }
    }

    /// Takes the port from its owner, with everything queued.
    func detach() {
        state.withLock { state in
            state.owner = nil
            state.isStarted = false
            state.isScheduled = false
        }
    }

    /// From now on the owner is told of what comes.
    func start() {
        schedule(
            state.withLock { state in
                state.isStarted = true
                return state.queue.isEmpty && !state.isEnding && !state.isFinished ? nil : state.notify()
            })
    }

    func stop() { state.withLock { $0.isStarted = false } }

    func take() -> Item? {
        let (item, waiting) = state.withLock { state -> (Item?, [@Sendable () -> Void]) in
            let item = state.popFirst()
            guard !state.waiting.isEmpty, state.isRoomy else { return (item, []) }
            defer { state.waiting = [] }
            return (item, state.waiting)
        }
        for go in waiting { go() }
        return item
    }

    /// Ends the reading of a run that was taken. What is left of it comes first again.
    func putBack(_ run: MessageRun) {
        state.withLock { state in
            if state.isClosed { return }
            if run.isExhausted {
                run.removeAll()
                state.spare = run
            } else {
                state.queue.prepend(.run(run))
                state.count += run.count - run.taken
            }
        }
    }

    /// Whether nothing is there and nothing will come.
    var isDrained: Bool { state.withLock { $0.isFinished && $0.queue.isEmpty } }

    var isStarted: Bool { state.withLock { $0.isStarted } }

    /// How many messages there are.
    var count: Int { state.withLock { $0.count } }

    /// Ends a turn of taking messages.
    ///
    /// - Returns: whether the port is over: the other end has closed and nothing is left.
    func endTurn() -> Bool {
        let (isOver, next) = state.withLock { state -> (Bool, (GuestControl, Int)?) in
            state.isScheduled = false
            if state.queue.isEmpty { return (state.isEnding, nil) }
            return (false, state.isStarted ? state.notify() : nil)
        }
        schedule(next)
        return isOver
    }

    private func schedule(_ target: (GuestControl, Int)?) {
        guard let target else { return }
        target.0.inbox.post { $0.portIsReady(target.1) }
    }
}

// MARK: With a Swift program at one end

extension GuestPort {
    /// From how many messages on a sender waits if it or the receiver is a Swift program.
    static let roomyCount = 256

    /// Makes the Swift program the owner: `signal` is called when there may be something to take, and when nothing comes
    /// any more.
    func attach(signal: @escaping @Sendable () -> Void) {
        state.withLock { $0.signal = signal }
        signal()
    }

    /// What is there, if anything.
    func takeMessages() -> [GuestMessage] {
        switch take() {
        case nil: return []
        case .message(let message)?: return [message]
        case .run(let run)?:
            defer { putBack(run) }
            var messages: [GuestMessage] = []
            while !run.isExhausted {
                messages.append(GuestMessage(run.next()))
                run.taken += 1
            }
            return messages
        }
    }

    /// Whether the channel is closed and everything taken.
    var isOver: Bool { state.withLock { $0.isClosed || ($0.isEnding && $0.queue.isEmpty) } }

    /// Suspends while many messages wait at the other end and it can still take them.
    func waitForRoom() async {
        guard let peer = state.withLock({ $0.peer }), !peer.state.withLock(\.isRoomy) else { return }
        await withCheckedContinuation { continuation in
            peer.whenRoomy { continuation.resume() }
        }
    }

    /// Blocks a guest's thread while many messages wait for the Swift program at the other end, or until it is to stop.
    func blockForRoom() {
        guard let peer = state.withLock({ $0.peer }) else { return }
        let word = FutexWord()
        peer.whenRoomy {
            word.store(1)
            word.wake(1)
        }
        word.waitInterruptibly(while: 0)
    }

    /// - Parameter go: called once, perhaps at once.
    private func whenRoomy(_ go: @escaping @Sendable () -> Void) {
        let isRoomy = state.withLock { state in
            if state.isRoomy { return true }
            state.waiting.append(go)
            return false
        }
        if isRoomy { go() }
    }
}

extension Guest {
    /// The ports of a guest by the numbers that its scripts know.
    final class Ports {
        private(set) var byHandle: [Int: GuestPort] = [:]
        /// The one that was asked for last.
        private var latest: (handle: Int, port: GuestPort)?
        /// The run that scripts are reading, and whose it is.
        var run: (port: GuestPort, run: MessageRun)?
        var referenced: Set<Int> = []
        private var lastHandle = 0
        /// `(handle) => boolean`: takes the port's messages; false when it has taken enough for a turn.
        var ready: Retained?
        /// `(handle) => void`: the other end has closed.
        var ended: Retained?

        subscript(_ handle: Int) -> GuestPort? {
            if let latest, latest.handle == handle { return latest.port }
            let port = byHandle[handle]
            if let port { latest = (handle, port) }
            return port
        }

        func add(_ port: GuestPort) -> Int {
            lastHandle += 1
            byHandle[lastHandle] = port
            return lastHandle
        }

        func remove(_ handle: Int) -> GuestPort? {
            latest = nil
            return byHandle.removeValue(forKey: handle)
        }

        func removeAll() {
            latest = nil
            byHandle = [:]
            run = nil
            ready = nil
            ended = nil
        }
    }

    func adoptPort(_ port: GuestPort) -> Int {
        let handle = ports.add(port)
        port.attach(to: control, as: handle)
        return handle
    }

    /// Takes a port from the guest.
    func releasePort(_ handle: Int) -> GuestPort {
        setReference(to: handle, false)
        guard let port = ports.remove(handle) else {
            // Its other end is closed at once.
            let (port, other) = GuestPort.pair()
            other.close()
            return port
        }
        port.detach()
        return port
    }

    func setReference(to handle: Int, _ on: Bool) {
        if on, ports[handle] != nil, ports.referenced.insert(handle).inserted { loop.addReference() }
        if !on, ports.referenced.remove(handle) != nil { loop.removeReference() }
    }

    func closePort(_ handle: Int) {
        setReference(to: handle, false)
        ports.remove(handle)?.close()
    }

    /// A port has something: has the script take it.
    fileprivate func portIsReady(_ handle: Int) {
        guard let port = ports[handle], let ready = ports.ready else { return }
        // The other end has closed, and nobody has listened yet: what came before is kept for who will.
        if port.isStarted { call(ready, [engine.value(handle)]) }
        // Closed or handed on meanwhile.
        guard ports[handle] === port else { return }
        if port.isDrained { setReference(to: handle, false) }
        guard port.endTurn() else { return }
        closePort(handle)
        if let ended = ports.ended { call(ended, [engine.value(handle)]) }
    }

    func closePorts() {
        for port in ports.byHandle.values { port.close() }
        ports.removeAll()
    }
}
