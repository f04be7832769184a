internal import DequeModule
internal import SpindleMemory

/// One end of a channel between engines: a queue of what the other end has sent.
///
/// Unbounded among guests, as a program expects of `postMessage`: what waits counts as memory of the guest that sent it.
/// The guest that has the port is told when there is something; it takes it when it pleases. A Swift program that has one
/// is told likewise, and its senders wait: see ``waitForRoom()``.
final class GuestPort: Sendable {
    private struct State {
        var queue: Deque<GuestMessage> = []
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

        var isRoomy: Bool { isClosed || queue.count < GuestPort.roomyCount }

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
            state.queue.append(message)
            return (state.signal, state.queue.count >= Self.roomyCount, state.notify())
        }
        schedule(target)
        guard let signal else { return false }
        signal()
        return isFull
    }

    /// Closes this end; the other is told once it has taken what was sent.
    func close() {
        if let broadcastName { GuestBroadcast.leave(broadcastName, self) }
        let (peer, dropped, waiting) = state.withLock { state -> (GuestPort?, Deque<GuestMessage>, [@Sendable () -> Void]) in
            defer {
                state.isClosed = true
                state.peer = nil
                state.queue = []
                state.waiting = []
                state.signal = nil
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

    func take() -> GuestMessage? {
        let (message, waiting) = state.withLock { state -> (GuestMessage?, [@Sendable () -> Void]) in
            let message = state.queue.popFirst()
            guard !state.waiting.isEmpty, state.queue.count < Self.roomyCount else { return (message, []) }
            defer { state.waiting = [] }
            return (message, state.waiting)
        }
        for go in waiting { go() }
        return message
    }

    /// Whether nothing is there and nothing will come.
    var isDrained: Bool { state.withLock { $0.isFinished && $0.queue.isEmpty } }

    var isStarted: Bool { state.withLock { $0.isStarted } }

    /// How many messages there are.
    var count: Int { state.withLock { $0.queue.count } }

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
        var byHandle: [Int: GuestPort] = [:]
        var referenced: Set<Int> = []
        var lastHandle = 0
        /// `(handle) => boolean`: takes the port's messages; false when it has taken enough for a turn.
        var ready: Retained?
        /// `(handle) => void`: the other end has closed.
        var ended: Retained?
    }

    func adoptPort(_ port: GuestPort) -> Int {
        ports.lastHandle += 1
        ports.byHandle[ports.lastHandle] = port
        port.attach(to: control, as: ports.lastHandle)
        return ports.lastHandle
    }

    /// Takes a port from the guest.
    func releasePort(_ handle: Int) -> GuestPort {
        setReference(to: handle, false)
        guard let port = ports.byHandle.removeValue(forKey: handle) else {
            // Its other end is closed at once.
            let (port, other) = GuestPort.pair()
            other.close()
            return port
        }
        port.detach()
        return port
    }

    func setReference(to handle: Int, _ on: Bool) {
        if on, ports.byHandle[handle] != nil, ports.referenced.insert(handle).inserted { loop.addReference() }
        if !on, ports.referenced.remove(handle) != nil { loop.removeReference() }
    }

    func closePort(_ handle: Int) {
        setReference(to: handle, false)
        ports.byHandle.removeValue(forKey: handle)?.close()
    }

    /// A port has something: has the script take it.
    fileprivate func portIsReady(_ handle: Int) {
        guard let port = ports.byHandle[handle], let ready = ports.ready else { return }
        // The other end has closed, and nobody has listened yet: what came before is kept for who will.
        if port.isStarted { call(ready, [engine.value(handle)]) }
        // Closed or handed on meanwhile.
        guard ports.byHandle[handle] === port else { return }
        if port.isDrained { setReference(to: handle, false) }
        guard port.endTurn() else { return }
        closePort(handle)
        if let ended = ports.ended { call(ended, [engine.value(handle)]) }
    }

    func closePorts() {
        for port in ports.byHandle.values { port.close() }
        ports.byHandle = [:]
        ports.ready = nil
        ports.ended = nil
    }
}
