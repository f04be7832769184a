internal import NIOCore
internal import SpindleJavaScript

/// A batch of events as scripts read it: records of four 32-bit numbers, short data in memory that is used again, everything
/// else as values of their own.
struct SocketRecords {
    /// As scripts number them.
    enum Kind: Int32 { case accepted, connected, secured, data, chunk, ended, drained, failed, refused, closed }

    private let records: UnsafeMutableBufferPointer<Int32>
    private let inbound: UnsafeMutableRawBufferPointer
    private let engine: Engine
    private var used = 0
    private(set) var count = 0
    private(set) var attachments: [GuestValue] = []

    /// Longer data goes into a buffer of its own, which costs more to make and nothing to hand on.
    private static let shortLimit = 8 << 10

    init(_ records: HostMemory, _ inbound: HostMemory, _ engine: Engine) {
        self.records = records.bytes.bindMemory(to: Int32.self)
        self.inbound = inbound.bytes
        self.engine = engine
    }

    mutating func append(_ kind: Kind, _ number: Int, _ first: Int32 = 0, _ second: Int32 = 0) {
        let at = count * 4
        records[at] = kind.rawValue
        records[at + 1] = Int32(truncatingIfNeeded: number)
        records[at + 2] = first
        records[at + 3] = second
        count += 1
    }

    mutating func append(_ kind: Kind, _ number: Int, attachment: String) {
        append(kind, number, Int32(attachments.count))
        attachments.append(engine.value(attachment))
    }

    /// - Returns: false when the memory is full.
    mutating func append(_ number: Int, _ buffer: ByteBuffer) -> Bool {
        let length = buffer.readableBytes
        if length > Self.shortLimit {
            append(.chunk, number, Int32(attachments.count))
            attachments.append(buffer.withUnsafeReadableBytes { engine.arrayBuffer(copying: $0) })
            return true
        }
        guard used + length <= inbound.count else { return false }
        buffer.withUnsafeReadableBytes {
            UnsafeMutableRawBufferPointer(rebasing: inbound[used..<used + length]).copyMemory(from: $0)
        }
        append(.data, number, Int32(used), Int32(length))
        used += length
        return true
    }
}
