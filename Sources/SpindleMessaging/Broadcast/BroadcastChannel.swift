internal import SpindleMemory

/// Sends to every other channel object of the same name and message type in the program (HTML Standard, 9.5).
///
/// Each object has a bounded queue of its own, so one slow listener does not hold
/// up the rest: ``post(_:)`` skips a full queue and counts the message as missed
/// there; ``send(_:)`` waits for room in each.
///
/// Leaves the group on ``close()`` or with its last reference.
public final class BroadcastChannel<Message: Sendable>: Sendable {
    public let name: String
    private let member: BroadcastMember<Message>

    /// - Parameters:
    ///   - name: the group to join; groups of different message types are different groups.
    ///   - limit: how many messages may be queued for this object, 1 or more.
    public init(_ name: String, limit: Int = defaultMessageLimit) {
        self.name = name
        member = BroadcastMember(limit: limit)
        BroadcastGroups.join(key, member)
    }

    deinit {
        BroadcastGroups.leave(key, member)
        member.inbox.discard()
    }

    /// Sends to the others at once.
    ///
    /// - Returns: how many received it and how many had no room and missed it.
    /// - Throws: ``SendError`` with reason `closed` after ``close()``.
    @discardableResult
    public func post(_ message: Message) throws(SendError<Message>) -> (delivered: Int, missed: Int) {
        guard member.inbox.isOpen else { throw SendError(.closed, message) }
        var result = (delivered: 0, missed: 0)
        for other in others {
            do {
                try other.inbox.post(message)
                result.delivered += 1
            } catch let error where error.reason == .full {
                other.missed.withLock { $0 += 1 }
                result.missed += 1
            } catch {
                // It left meanwhile.
            }
        }
        return result
    }

    /// Sends to the others, waiting for room in each.
    ///
    /// - Returns: how many received it.
    /// - Throws: ``SendError`` with reason `closed` after ``close()``, or `cancelled`; in the latter case some may have received it.
    @discardableResult
    public func send(_ message: Message) async throws(SendError<Message>) -> Int {
        guard member.inbox.isOpen else { throw SendError(.closed, message) }
        var delivered = 0
        for other in others {
            do {
                try await other.inbox.send(message)
                delivered += 1
            } catch let error where error.reason == .cancelled {
                throw error
            } catch {
                // It left meanwhile.
            }
        }
        return delivered
    }

    /// What the others send, until ``close()``.
    public var messages: MessageSequence<Message> { MessageSequence(member.inbox, keepingAlive: self) }

    /// The next message if one is queued; never waits.
    public func tryReceive() -> Message? { member.inbox.tryReceive() }

    /// Messages that found this object's queue full.
    public var missedCount: Int { member.missed.withLock { $0 } }

    /// Leaves the group. What is queued can still be received. Idempotent.
    public func close() {
        BroadcastGroups.leave(key, member)
        member.inbox.close()
    }

    private var key: BroadcastGroups.Key { .init(name: name, message: ObjectIdentifier(Message.self)) }

    private var others: [BroadcastMember<Message>] {
        BroadcastGroups.members(key).compactMap { $0 === member ? nil : $0 as? BroadcastMember<Message> }
    }
}

/// A channel object as the others see it. They do not hold the object itself:
/// being dropped is one way of leaving.
private final class BroadcastMember<Message: Sendable>: Sendable {
    let inbox: Mailbox<Message>
    let missed = Lock(0)
    init(limit: Int) { inbox = Mailbox(limit: limit) }
}

/// Which channel objects are in which group, in the order they joined.
private enum BroadcastGroups {
    struct Key: Hashable {
        let name: String
        let message: ObjectIdentifier
    }

    private static let groups = Lock<[Key: [any AnyObject & Sendable]]>([:])

    static func join(_ key: Key, _ member: any AnyObject & Sendable) {
        groups.withLock { $0[key, default: []].append(member) }
    }

    static func leave(_ key: Key, _ member: any AnyObject & Sendable) {
        groups.withLock { groups in
            groups[key]?.removeAll { $0 === member }
            if groups[key]?.isEmpty == true { groups[key] = nil }
        }
    }

    static func members(_ key: Key) -> [any AnyObject & Sendable] { groups.withLock { $0[key] ?? [] } }
}
