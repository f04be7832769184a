internal import CSpindle
internal import DequeModule
internal import Glibc
internal import SpindleMemory
internal import Synchronization

/// Moves messages from a mailbox into the ring.
///
/// It stands in line at the mailbox as a ``MailboxRelay``, and works on the thread of whoever sends, or on the
/// executor's when it had to wait for room. Between being taken out of the line and lining up again, exactly one
/// thread has it: the one that was given the message, then the one on which the executor calls ``wordMoved()``.
/// That is what guards `writer`, `isWaiting`, `queued`, `payload` and `hasEnded`.
///
/// Safe to send: see above.
final class LinkOutlet<Element: Sendable>: WordWatcher, MailboxRelay, LinkDirection, @unchecked Sendable {
    let watched: WatchedWord
    private let core: LinkCore
    private let outbox: Mailbox<Element>
    private let coder: MessageCoder<Element>
    private let writer = MessageWriter()
    /// Whether the writer holds a message that found no room yet.
    @exclusivity(unchecked) private var isWaiting = false
    /// The memory file of a message that is too long for the ring.
    @exclusivity(unchecked) private var payload: OwnedDescriptor?
    private let peerHasEnded = Atomic<Bool>(false)
    @exclusivity(unchecked) private var hasEnded = false

    /// Called when everything is published, or never will be.
    private let onSent: @Sendable () -> Void

    init(
        _ core: LinkCore, outbox: Mailbox<Element>, onSent: @escaping @Sendable () -> Void
    ) throws(MessageCodingError) {
        self.core = core
        self.outbox = outbox
        self.onSent = onSent
        coder = try .shared()
        watched = WatchedWord(core.endpoint.memory.producer(side: core.endpoint.side).room, of: core.endpoint.memory)
    }

    /// Lines up for the first time, or takes what is queued already. Returns its number in the line.
    func begin() -> UInt64? { outbox.resume(self) }

    func started() {}

    func receive(_ element: Element) -> Bool {
        _ = core.start()
        // Where there is no room, another thread may have the outlet already.
        return !withUnsafePointer(to: element) { encode($0) } || sendWaiting()
    }

    /// The mailbox is closed and empty.
    func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        guard core.start() else { return onSent() }
        core.sendControl(LinkFrame.end)
        core.directionEnded()
        onSent()
    }

    func goOnElsewhere() {
        watched.setMoved()
        core.executor.watch(self)
    }

    /// There may be room now, or the peer has ended, or there is more to do.
    func wordMoved() {
        if isWaiting, !sendWaiting() { return }
        var queued = outbox.lendQueue()
        guard !queued.isEmpty else {
            outbox.giveBack(queued)
            outbox.resume(self)
            return
        }
        // All at once: what a queue costs code that does not know the type, it costs once.
        var sent = queued.withContiguousStorageIfAvailable(sendAll)
        if sent == nil {
            // In a new one they lie in one piece.
            queued = Deque(queued)
            sent = queued.withContiguousStorageIfAvailable(sendAll)
        }
        queued.removeFirst(sent ?? 0)
        outbox.giveBack(queued)
        // Others on this thread should have a turn.
        if !isWaiting { goOnElsewhere() }
    }

    /// As many as there is room for, up to ``longestTurn``; returns how many need no more care.
    private func sendAll(_ messages: UnsafeBufferPointer<Element>) -> Int {
        defer { core.publish() }
        guard var message = UnsafeRawPointer(messages.baseAddress) else { return 0 }
        for index in 0..<min(messages.count, Self.longestTurn) {
            if encode(message), !sendWaiting(publishes: false) { return index + 1 }
            message += stride
        }
        return min(messages.count, Self.longestTurn)
    }

    private static var longestTurn: Int { 1_024 }
    private let stride = MemoryLayout<Element>.stride

    /// The peer takes nothing more: what is queued is dropped, and its senders are told.
    func peerEnded() {
        peerHasEnded.store(true, ordering: .sequentiallyConsistent)
        outbox.discard()
        // In case it waits for room, which nobody will make.
        watched.setMoved()
        core.executor.lookAtWatchers()
    }

    /// False when the message cannot be sent at all.
    private func encode(_ element: UnsafeRawPointer) -> Bool {
        do {
            writer.reset()
            try coder.encodeValue(element, writer)
            payload = writer.bytes.count > core.longestPayload ? try MappedPayload.make(writer.bytes) : nil
            isWaiting = true
            return true
        } catch {
            finishMessage()
            core.reportUnsent(error)
            return false
        }
    }

    /// False when there is no room, and the executor waits for some.
    ///
    /// - Parameter publishes: whether to show it to the other side, or leave that to the end of the batch.
    private func sendWaiting(publishes: Bool = true) -> Bool {
        if peerHasEnded.load(ordering: .sequentiallyConsistent) {
            finishMessage()
            return true
        }
        do {
            switch try trySending(publishes: publishes) {
            case .sent: break
            case .noRoom(let seenHead):
                watched.setSeen(seenHead)
                // Looked at once more behind `setSeen`, which may have undone the `setMoved` of the peer's end.
                if peerHasEnded.load(ordering: .sequentiallyConsistent) { watched.setMoved() }
                core.executor.watch(self)
                return false
            case .peerGone: core.peerEnded()
            }
        } catch let error as RingError {
            core.reportPeer(error)
            core.peerEnded()
        } catch {
            core.reportUnsent(error)
        }
        finishMessage()
        return true
    }

    /// The duplicates that were sent are the receiver's: a descriptor kept here would hold its buffer, or keep a link's
    /// other side from being missed when its process has died.
    private func finishMessage() {
        isWaiting = false
        if payload != nil { payload = nil }
        writer.dropAttachments()
    }

    private func trySending(publishes: Bool) throws -> LinkCore.Sending {
        guard let payload else {
            let attachments = writer.hasAttachments ? writer.attachments : []
            return try core.send(LinkFrame.message, writer.bytes, attachments, publishes: publishes)
        }
        return try withUnsafeBytes(of: UInt64(writer.count)) {
            try core.send(LinkFrame.mappedMessage, $0, [payload] + writer.attachments, publishes: publishes)
        }
    }
}

/// A message in a memory file of its own, which nobody can write to any more.
enum MappedPayload {
    static func make(_ bytes: UnsafeRawBufferPointer) throws -> OwnedDescriptor {
        let number = spindle_memfd_create_open("spindle-message")
        guard number >= 0 else { throw refused(-number) }
        let descriptor = OwnedDescriptor(number)
        var written = 0
        while written < bytes.count {
            let count = write(number, bytes.baseAddress! + written, bytes.count - written)
            guard count > 0 || (count < 0 && errno == EINTR) else { throw refused(errno) }
            written += max(0, count)
        }
        let result = spindle_memfd_freeze(number)
        guard result == 0 else { throw refused(-result) }
        return descriptor
    }

    /// Runs `body` on the bytes of a file that the other side claims to hold a message of `length` bytes.
    static func read<Result>(
        _ descriptor: OwnedDescriptor, length: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard spindle_memfd_is_frozen(descriptor.number) == 1 else {
            throw MessageCodingError.malformed("its memory file can still be changed.")
        }
        var status = stat()
        guard fstat(descriptor.number, &status) == 0, status.st_size == length, 1...MessageWriter.longestMessage ~= length else {
            throw MessageCodingError.malformed("a memory file of \(status.st_size) bytes for \(length).")
        }
        guard let start = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor.number, 0), start != MAP_FAILED else {
            throw refused(errno)
        }
        defer { munmap(start, length) }
        return try body(UnsafeRawBufferPointer(start: start, count: length))
    }

    private static func refused(_ error: Int32) -> MessageCodingError {
        MessageCodingError(.unavailable, "No memory file for a long message (\(String(cString: strerror(error)))).")
    }
}
