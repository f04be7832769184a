/// Two connected message ports (HTML Standard, 9.4.2), typed in each direction.
///
/// ```swift
/// let channel = MessageChannel<Request, Response>()
/// try await worker.send(.connect(channel.port2))      // ports travel in messages
/// try await channel.port1.send(request)
/// ```
///
/// Cost: two queues and two objects, about 0.5 KiB; see the performance guide.
public struct MessageChannel<Forward: Sendable, Backward: Sendable>: Sendable {
    /// Sends `Forward`, receives `Backward`.
    public let port1: MessagePort<Backward, Forward>
    /// Sends `Backward`, receives `Forward`.
    public let port2: MessagePort<Forward, Backward>

    /// - Parameter limit: how many messages may be queued in each direction, 1 or more.
    public init(limit: Int = defaultMessageLimit) {
        let forward = Mailbox<Forward>(limit: limit)
        let backward = Mailbox<Backward>(limit: limit)
        port1 = MessagePort(inbox: backward, outbox: forward)
        port2 = MessagePort(inbox: forward, outbox: backward)
    }
}

/// How many messages a queue holds unless its owner chooses otherwise.
public let defaultMessageLimit = 1_024
