internal import NIOCore
internal import SpindleJavaScript
internal import SpindleMemory
internal import Synchronization

/// What the event loop tells a guest of one of its sockets, which it knows by their numbers.
enum SocketEvent: Sendable {
    /// A server has a connection.
    case accepted(server: Int, socket: Int, any Channel)
    case connected(Int, any Channel)
    /// The handshake of TLS is over.
    case secured(Int, session: String)
    case received(Int, ByteBuffer)
    /// The other side sends nothing more.
    case ended(Int)
    /// All that was written has gone out.
    case drained(Int)
    case failed(Int, SocketFailure)
    /// The last one of a socket.
    case closed(Int)
}

enum SocketFailure: Sendable {
    case system(errno: Int32, call: Call)
    case security(code: String, message: String)

    /// As scripts number them.
    enum Call: Int32 { case read, write, connect, accept }
}

/// The events of a guest's sockets on their way from the event loop to the guest: many a wake-up.
final class SocketEvents: Sendable {
    private let queue = Lock<[SocketEvent]>([])
    private let inbox: LoopInbox
    private let lastNumber = Atomic(0)

    init(_ inbox: LoopInbox) { self.inbox = inbox }

    /// A number for a socket, unique in its guest.
    func nextNumber() -> Int { lastNumber.add(1, ordering: .relaxed).newValue }

    func post(_ events: [SocketEvent]) {
        let isFirst = queue.withLock { queue in
            defer { queue += events }
            return queue.isEmpty
        }
        guard isFirst else { return }
        inbox.post { $0.companion(GuestSockets.self)?.deliver() }
    }

    func take() -> [SocketEvent] {
        queue.withLock { queue in
            defer { queue = [] }
            return queue
        }
    }
}
