internal import Glibc
internal import SpindleMemory
internal import Synchronization

/// One direction of a link.
protocol LinkDirection: AnyObject, Sendable {
    /// The endpoint is in use from now on.
    func started()
    /// Nobody is at the other side any more.
    func peerEnded()
}

/// What both directions of a link share: the writing end of the ring, the socket, and how far the end has come.
final class LinkCore: HangUpReceiver {
    let endpoint: LinkEndpoint
    let place: LinkHub.Place
    private let onFailure: @Sendable (LinkFailure) -> Void
    private let state: Lock<State>
    private let use = Atomic<UInt8>(Use.none)

    private struct State {
        var producer: RingProducer
        /// Held until both have ended, so that a link lives as long as it has something to do.
        var directions: [any LinkDirection] = []
        var openDirections = 2
        var hangUp: UInt64?
        var hasFailed = false
        var hasRefused = false
    }

    private let noticesHangUp: Bool
    private let onHangUp: @Sendable () -> Void

    init(
        _ endpoint: LinkEndpoint, _ place: LinkHub.Place, noticesHangUp: Bool, onHangUp: @escaping @Sendable () -> Void,
        onFailure: @escaping @Sendable (LinkFailure) -> Void
    ) {
        self.endpoint = endpoint
        self.noticesHangUp = noticesHangUp
        self.onHangUp = onHangUp
        self.place = place
        self.onFailure = onFailure
        state = Lock(State(producer: endpoint.memory.producer(side: endpoint.side)))
    }

    var executor: ThreadExecutor { place.executor }
    var longestPayload: Int { endpoint.memory.capacity / 4 - 8 }

    /// What has become of the endpoint. Whoever changes it from `none` decides.
    private enum Use {
        static let none: UInt8 = 0
        static let here: UInt8 = 1
        static let away: UInt8 = 2
    }

    func setDirections(_ directions: [any LinkDirection]) { state.withLock { $0.directions = directions } }

    /// Begins to use the endpoint, if it has not begun. False when it was taken to another process.
    func start() -> Bool {
        switch use.load(ordering: .acquiring) {
        case Use.here: return true
        case Use.away: return false
        default: break
        }
        let before = use.compareExchange(expected: Use.none, desired: Use.here, ordering: .acquiringAndReleasing).original
        guard before == Use.none else { return before == Use.here }
        guard noticesHangUp else { return true }
        let hangUp = HangUpWatch.shared.add(endpoint.socket, self)
        let (isOver, directions) = state.withLock { state in
            state.hangUp = hangUp
            return (state.openDirections == 0, state.directions)
        }
        if isOver { removeHangUp() }
        for direction in directions { direction.started() }
        return true
    }

    /// Gives the endpoint up for another process; false when it is in use here.
    func takeAway() -> Bool {
        guard use.compareExchange(expected: Use.none, desired: Use.away, ordering: .acquiringAndReleasing).exchanged else {
            return false
        }
        setDirections([])
        return true
    }

    func hangUpNoticed() {
        peerEnded()
        onHangUp()
    }

    func peerEnded() {
        for direction in state.withLock({ $0.directions }) { direction.peerEnded() }
    }

    // MARK: Writing

    enum Sending {
        case sent
        /// Try again when the reader has moved on from here.
        case noRoom(seenHead: UInt32)
        /// Nobody holds the other side any more.
        case peerGone
    }

    /// Writes a message's frame.
    ///
    /// - Parameter publishes: whether to show it, and what was written before, to the reader. What finds no room
    ///   shows it too, since only the reader can make room.
    func send(
        _ kind: UInt8, _ payload: UnsafeRawBufferPointer, _ attachments: [OwnedDescriptor], publishes: Bool
    ) throws -> Sending {
        try state.withLock { state in
            guard try state.producer.hasRoom(forPayload: payload.count, reserve: LinkFrame.reserve) else {
                state.producer.publish()
                return .noRoom(seenHead: state.producer.seenHead)
            }
            if !attachments.isEmpty {
                switch endpoint.socket.send(attachments) {
                case 0: break
                // A full socket holds packets of frames that are still to be read.
                case EAGAIN:
                    state.producer.publish()
                    return .noRoom(seenHead: state.producer.seenHead)
                case EPIPE, ECONNRESET: return .peerGone
                case let error:
                    throw MessageCodingError(
                        .unavailable, "The descriptors of a message could not be sent (\(String(cString: strerror(error)))).")
                }
            }
            _ = try state.producer.write(kind: kind, attachmentCount: UInt8(attachments.count), payload)
            // A reader takes only as many frames at once as come without descriptors.
            if publishes || !attachments.isEmpty { state.producer.publish() }
            return .sent
        }
    }

    /// Shows what was written to the reader.
    func publish() { state.withLock { $0.producer.publish() } }

    /// Writes a frame for which room is reserved.
    func sendControl(_ kind: UInt8) {
        state.withLock { state in
            // A reader that has lost its way is found out elsewhere.
            _ = try? state.producer.write(kind: kind, UnsafeRawBufferPointer(start: nil, count: 0))
            state.producer.publish()
        }
    }

    /// Tells the other side that nothing is received any more.
    func refuse() {
        let isFirst = state.withLock { state in
            defer { state.hasRefused = true }
            return !state.hasRefused
        }
        if isFirst { sendControl(LinkFrame.refuse) }
    }

    // MARK: Ending

    func reportUnsent(_ error: any Error) { onFailure(.unsent(error)) }

    /// Reports the other side's fault, once.
    func reportPeer(_ error: any Error) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst { onFailure(.peer(error)) }
    }

    /// Called by each direction when it has ended.
    func directionEnded() {
        let isOver = state.withLock { state in
            state.openDirections -= 1
            return state.openDirections == 0
        }
        guard isOver else { return }
        removeHangUp()
        setDirections([])
    }

    private func removeHangUp() {
        let hangUp = state.withLock { state in
            defer { state.hangUp = nil }
            return state.hangUp
        }
        if let hangUp { HangUpWatch.shared.remove(endpoint.socket, hangUp) }
    }
}
