internal import SpindleMemory
internal import Synchronization

/// Moves messages from the ring into a mailbox.
///
/// Whoever finds the mailbox empty calls ``pull()``, and the executor does when the ring's tail moves. One thread at a
/// time does the work: the one that sets `isBusy`, which guards `consumer`, `batch`, `reader`, `attachments`, `pending`,
/// `hasEndFrame`, `hasRefusal` and `hasEnded`. Another that comes meanwhile leaves at once, so whoever has had the work
/// looks again after giving it up, for what the other may have come for: more in the ring, the peer's end, room in the
/// mailbox.
///
/// Safe to send: see above.
final class LinkInlet<Element: Sendable>: MailboxSource, LinkDirection, @unchecked Sendable {
    let watched: WatchedWord
    private let core: LinkCore
    private let inbox: Mailbox<Element>
    private let coder: MessageCoder<Element>
    private let isBusy = Atomic<Bool>(false)
    private let isWatched = Atomic<Bool>(false)
    private let peerHasEnded = Atomic<Bool>(false)
    private let mailboxHasClosed = Atomic<Bool>(false)

    @exclusivity(unchecked) private var consumer: RingConsumer
    private let batch: RingBatch
    private let reader = MessageReader()
    @exclusivity(unchecked) private var attachments: [OwnedDescriptor] = []
    /// Messages on their way into the mailbox. Many at once: what the mailbox costs, it costs once a batch.
    @exclusivity(unchecked) private var pending = MessageBatch(of: Element.self)
    @exclusivity(unchecked) private var hasEndFrame = false
    @exclusivity(unchecked) private var hasRefusal = false
    @exclusivity(unchecked) private var hasEnded = false
    /// Called when the other side takes nothing more.
    private let onRefusal: @Sendable () -> Void

    private enum Outcome { case empty, full, ended }

    init(
        _ core: LinkCore, inbox: Mailbox<Element>, onRefusal: @escaping @Sendable () -> Void
    ) throws(MessageCodingError) {
        self.core = core
        self.inbox = inbox
        self.onRefusal = onRefusal
        coder = try .shared()
        consumer = core.endpoint.memory.consumer(side: core.endpoint.side)
        batch = RingBatch(of: core.endpoint.memory)
        watched = WatchedWord(consumer.arrival, of: core.endpoint.memory)
    }

    deinit { pending.deallocate(Element.self) }

    func wordMoved() {
        isWatched.store(false, ordering: .sequentiallyConsistent)
        _ = pull()
    }

    func pull() -> Bool {
        guard core.start() else { return false }
        var hasMovedAny = false
        while !isBusy.exchange(true, ordering: .sequentiallyConsistent) {
            let outcome = deliver(&hasMovedAny)
            isBusy.store(false, ordering: .sequentiallyConsistent)
            switch outcome {
            case .ended: return hasMovedAny
            case .full:
                // Whoever empties the mailbox pulls; unless it was emptied before anybody could know of this.
                guard inbox.hasRoom || !inbox.isOpen else { return hasMovedAny }
            case .empty:
                watch()
                guard peerHasEnded.load(ordering: .sequentiallyConsistent) else { return hasMovedAny }
            }
        }
        return hasMovedAny
    }

    /// Who only sends has to learn of a refusal too.
    func started() { watch() }

    private func watch() {
        guard !isWatched.exchange(true, ordering: .sequentiallyConsistent) else { return }
        core.executor.watch(self)
    }

    /// Everything the peer has published is still delivered; then the mailbox closes.
    func peerEnded() {
        peerHasEnded.store(true, ordering: .sequentiallyConsistent)
        _ = pull()
    }

    func mailboxClosed() {
        guard !mailboxHasClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        guard core.start() else { return }
        core.refuse()
        // From now on it is read only to find the other side's end.
        _ = pull()
    }

    private func deliver(_ hasMovedAny: inout Bool) -> Outcome {
        guard !hasEnded else { return .ended }
        do {
            while true {
                while let frame = batch.next() {
                    switch frame.kind {
                    case LinkFrame.message, LinkFrame.mappedMessage:
                        if pending.isFull, !post(&hasMovedAny) {
                            batch.putBack(frame)
                            return .full
                        }
                        try append(frame)
                    case LinkFrame.end:
                        guard post(&hasMovedAny) else {
                            batch.putBack(frame)
                            return .full
                        }
                        hasEndFrame = true
                        // Answers with a refusal, by `mailboxClosed()`.
                        inbox.close()
                    case LinkFrame.refuse:
                        hasRefusal = true
                        onRefusal()
                    case let kind: throw RingError(.malformed, "A link holds a frame of the unknown kind \(kind).")
                    }
                }
                guard post(&hasMovedAny) else { return .full }
                // Both come, in either order; or the other side's process ends.
                if hasEndFrame, hasRefusal {
                    end()
                    return .ended
                }
                // Asked before reading: what was published before the end is then read.
                let isLast = peerHasEnded.load(ordering: .sequentiallyConsistent)
                guard try consumer.read(into: batch) else {
                    guard isLast else { return .empty }
                    end()
                    return .ended
                }
                watched.setSeen(consumer.head)
                // Before the room is given back: so a full socket always means that there are frames to be read.
                if batch.attachmentCount > 0 { attachments = try core.endpoint.socket.receive(batch.attachmentCount) }
                consumer.publish()
            }
        } catch {
            core.reportPeer(error)
            core.refuse()
            // Before the messages end here, so that who has seen that finds sending refused too.
            onRefusal()
            end()
            return .ended
        }
    }

    private func append(_ frame: RingFrame) throws {
        guard frame.attachmentCount > 0 else { return try append(frame.payload, []) }
        var attachments = attachments
        self.attachments = []
        guard frame.kind == LinkFrame.mappedMessage else { return try append(frame.payload, attachments) }
        guard frame.payload.count == 8 else { throw MessageCodingError.malformed("no length of its memory file.") }
        let length = Int(clamping: frame.payload.loadUnaligned(as: UInt64.self))
        let file = attachments.removeFirst()
        try MappedPayload.read(file, length: length) { try append($0, attachments) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, _ attachments: [OwnedDescriptor]) throws {
        reader.set(bytes, attachments: attachments)
        try coder.decodeValue(pending.place, reader)
        pending.append()
        try reader.finish()
    }

    /// False when the mailbox is full. A closed one drops the messages, which the other side has been told.
    private func post(_ hasMovedAny: inout Bool) -> Bool {
        guard !pending.isEmpty else { return true }
        let messages = pending.rest(of: Element.self)
        let accepted = inbox.post(messages)
        if accepted ?? 0 > 0 { hasMovedAny = true }
        pending.removeFirst(accepted ?? messages.count, of: Element.self)
        return pending.isEmpty
    }

    private func end() {
        hasEnded = true
        mailboxHasClosed.store(true, ordering: .sequentiallyConsistent)
        inbox.setSource(nil)
        inbox.close()
        core.directionEnded()
        // Has the executor let go of it.
        watched.setMoved()
        core.executor.lookAtWatchers()
    }
}
