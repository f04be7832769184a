/// Writes frames into a ring; see the protocol in ``RingMemory``.
package struct RingProducer {
    private let ring: Ring
    /// The truth about how far this side has written; published only by ``publish()``.
    private var tail: UInt32 = 0
    private var published: UInt32 = 0
    /// How far the other side has taken frames, as last seen.
    private var head: UInt32 = 0

    init(_ ring: Ring) { self.ring = ring }

    /// The longest payload of one frame: a quarter of the ring, so that several fit.
    package var longestPayload: Int { ring.memory.capacity / 4 - 8 }

    /// What moves when room is made.
    package var room: SharedWord { ring.head }
    /// How far room was made, as last seen; there may be more once ``room`` differs.
    package var seenHead: UInt32 { head }

    /// Whether everything written was taken.
    package var isDrained: Bool { ring.head.load() == tail }

    /// Writes one frame, which the other side sees after ``publish()``.
    ///
    /// - Returns: false when there is no room now.
    package mutating func write(
        kind: UInt8, attachmentCount: UInt8 = 0, _ payload: UnsafeRawBufferPointer
    ) throws(RingError) -> Bool {
        guard payload.count <= longestPayload else {
            throw RingError(.tooLong, "A payload of \(payload.count) bytes is longer than a frame's \(longestPayload).")
        }
        guard try hasRoom(RingFrame.units(payload.count)) else { return false }
        let header = RingFrame.header(length: payload.count, kind: kind, attachmentCount: attachmentCount)
        ring.address(tail).storeBytes(of: header.littleEndian, as: UInt64.self)
        copy(payload, to: tail &+ 1)
        tail &+= UInt32(RingFrame.units(payload.count))
        return true
    }

    /// Whether a frame with a payload of so many bytes fits now, and leaves room for `reserve` frames without payload.
    package mutating func hasRoom(forPayload length: Int, reserve: Int) throws(RingError) -> Bool {
        try hasRoom(RingFrame.units(length) + reserve)
    }

    /// Shows the other side what was written, and wakes it if it sleeps.
    package mutating func publish() {
        guard published != tail else { return }
        published = tail
        ring.tail.publish(tail)
    }

    private mutating func hasRoom(_ units: Int) throws(RingError) -> Bool {
        if Int(ring.capacity - (tail &- head)) >= units { return true }
        let now = ring.head.load()
        // It can only have moved on, and not past what was published.
        guard tail &- now <= tail &- head, tail &- now >= tail &- published else {
            throw .malformed("The reader of a ring is at \(now), outside \(head)...\(published).")
        }
        head = now
        return Int(ring.capacity - (tail &- head)) >= units
    }

    private func copy(_ payload: UnsafeRawBufferPointer, to position: UInt32) {
        guard let source = payload.baseAddress, payload.count > 0 else { return }
        let first = min(payload.count, ring.stretch(position) * 8)
        ring.address(position).copyMemory(from: source, byteCount: first)
        if first < payload.count {
            ring.bytes.copyMemory(from: source + first, byteCount: payload.count - first)
        }
    }
}
