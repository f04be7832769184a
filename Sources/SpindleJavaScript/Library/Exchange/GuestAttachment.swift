internal import SpindleMemory
internal import SpindleMessaging
internal import SpindleStructuredClone

/// What goes along with a message of or for a Swift program, as long as the program has it.
///
/// Memory that is shared stays; all else can be sent once. A message claims what goes along with it while it is under
/// way, and it is taken where the message becomes one of a guest: so a send that fails leaves everything as it was.
final class GuestAttachment: StructuredAttached {
    private struct State {
        /// Nil once it was taken.
        var content: GuestMessage.Attachment?
        var isClaimed = false
        /// How many look at the bytes right now.
        var readers = 0
    }
    private let state: Lock<State>

    init(_ content: GuestMessage.Attachment) { state = Lock(State(content: content)) }

    deinit {
        // Nobody has received it: the other end must not wait for it.
        if case .port(let port) = state.withLock(\.content) { port.close() }
    }

    var bytes: [UInt8]? { withMemory { $0.map(Array.init) } }

    /// Memory and how much of it; nil for a port and for what was sent.
    func withMemory<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let block = state.withLock { state in
            state.readers += 1
            return state.content?.memory
        }
        defer { state.withLock { $0.readers -= 1 } }
        return try body(block?.bytes)
    }

    /// The block, if it is memory that is shared.
    var sharedMemory: MemoryBlock? {
        let block = state.withLock { $0.content?.memory }
        return block?.isShared == true ? block : nil
    }

    // MARK: Sending

    /// - Throws: `EncodingError` if it has been sent before.
    func claim() throws {
        let isFree = state.withLock { state in
            guard let content = state.content, !state.isClaimed else { return false }
            state.isClaimed = !content.isShared
            return true
        }
        guard !isFree else { return }
        throw EncodingError.invalidValue(
            self,
            .init(
                codingPath: [],
                debugDescription: "This memory or port was sent before, and can be in one place only; make another."))
    }

    func release() { state.withLock { $0.isClaimed = false } }

    /// - Returns: nil if it was taken before.
    func take() -> GuestMessage.Attachment? {
        let (content, isRead) = state.withLock { state -> (GuestMessage.Attachment?, Bool) in
            defer { if state.content?.isShared == false { state.content = nil } }
            return (state.content, state.readers > 0)
        }
        // Who reads it must not see what the new owner writes.
        if isRead, case .memory(let block) = content, !block.isShared { return .memory(block.copy()) }
        return content
    }
}

extension GuestMessage.Attachment {
    fileprivate var memory: MemoryBlock? {
        switch self {
        case .memory(let block), .resizable(let block, _): block
        case .port: nil
        }
    }

    var isShared: Bool { memory?.isShared == true }
}

extension StructuredAttachment {
    init(_ content: GuestMessage.Attachment) { self.init(GuestAttachment(content)) }

    /// What it is; there are no others in this target.
    var guest: GuestAttachment? { object as? GuestAttachment }
}

extension StructuredMessage {
    /// Sees to it that nobody else sends what goes along.
    ///
    /// - Throws: `EncodingError` if some of it has been sent before; nothing is claimed then.
    func claimAttachments() throws {
        for (index, attachment) in attachments.enumerated() {
            do {
                try attachment.guest?.claim()
            } catch {
                for claimed in attachments.prefix(index) { claimed.guest?.release() }
                throw error
            }
        }
    }

    /// - Throws: `MessageCodingError` if it cannot go to another process.
    func checkWayToProcess() throws {
        for attachment in attachments {
            guard let memory = attachment.guest?.sharedMemory, memory.sharedBuffer.descriptor == nil else { continue }
            throw MessageCodingError.memoryOfOneProcess
        }
    }

    /// The message was not sent.
    func releaseAttachments() { for attachment in attachments { attachment.guest?.release() } }
}
