/// Takes frames out of a ring; see the protocol in ``RingMemory``.
package struct RingConsumer {
    private let ring: Ring
    /// The truth about how far this side has read; published by ``publish()``.
    package private(set) var head: UInt32 = 0
    /// How far the other side has written, as last seen.
    private var tail: UInt32 = 0

    init(_ ring: Ring) { self.ring = ring }

    /// What moves when frames come.
    package var arrival: SharedWord { ring.tail }

    /// Copies as many frames as there are, up to the batch's capacity and up to the first that has descriptors.
    ///
    /// The room they take is free only after ``publish()``.
    ///
    /// - Returns: whether there were any.
    /// - Throws: ``RingError`` with `malformed`; the ring is of no use any more then.
    package mutating func read(into batch: RingBatch) throws(RingError) -> Bool {
        let now = ring.tail.load()
        // It can only have moved on, and not over what has not been read.
        guard now &- head <= ring.capacity, now &- head >= tail &- head else {
            throw .malformed("The writer of a ring is at \(now), \(now &- head) units from the reader at \(head).")
        }
        tail = now
        let available = Int(now &- head)
        guard available > 0 else {
            batch.fill(count: 0)
            return false
        }
        let count = min(available, batch.capacity)
        let first = min(count, ring.stretch(head))
        batch.units.copyMemory(from: ring.address(head), byteCount: first * 8)
        if first < count {
            (batch.units + first * 8).copyMemory(from: ring.bytes, byteCount: (count - first) * 8)
        }
        batch.fill(count: count)
        let whole = try batch.validate(isAll: count == available, longestUnits: Int(ring.capacity) / 4)
        head &+= UInt32(whole)
        return true
    }

    /// Gives the room of what was read back to the other side, and wakes it if it waits for room.
    package func publish() { ring.head.publish(head) }
}

/// A private copy of frames.
///
/// Not safe to send, and need not be: it belongs to the one that reads the ring.
package final class RingBatch {
    /// In units of 8 bytes.
    let capacity: Int
    let units: UnsafeMutableRawPointer
    // No access to these overlaps another: nothing here calls out.
    @exclusivity(unchecked) private var count = 0
    @exclusivity(unchecked) private var position = 0
    /// The descriptors that travel with the last frame of the batch; no other has any.
    package private(set) var attachmentCount = 0

    /// - Parameter memory: what is read; a batch holds at least its longest frame and at most 64 KiB beyond need.
    package init(of memory: RingMemory) {
        capacity = max(memory.capacity / 4, min(memory.capacity, 64 << 10)) / 8
        units = .allocate(byteCount: capacity * 8, alignment: 16)
    }

    deinit { units.deallocate() }

    func fill(count: Int) {
        self.count = count
        position = 0
        attachmentCount = 0
    }

    /// Cuts the copy to whole frames and checks each; returns how many units they are.
    func validate(isAll: Bool, longestUnits: Int) throws(RingError) -> Int {
        var end = 0
        while end < count {
            let frame = header(at: end)
            guard frame.units <= longestUnits, frame.isWellFormed else {
                throw .malformed("A ring holds a frame of \(frame.length) bytes with the header \(frame.bits).")
            }
            guard end + frame.units <= count else {
                guard !isAll else { throw .malformed("A frame of \(frame.length) bytes was published in part.") }
                break
            }
            end += frame.units
            if frame.attachmentCount > 0 {
                attachmentCount = frame.attachmentCount
                break
            }
        }
        count = end
        return end
    }

    /// The next frame. Its payload is valid until the batch is filled again.
    package func next() -> RingFrame? {
        guard position < count else { return nil }
        var frame = header(at: position)
        frame.payload = UnsafeRawBufferPointer(start: units + (position + 1) * 8, count: frame.length)
        position += frame.units
        return frame
    }

    /// Has ``next()`` return the last frame again.
    package func putBack(_ frame: RingFrame) { position -= frame.units }

    private func header(at position: Int) -> RingFrame {
        RingFrame(bits: UInt64(littleEndian: units.load(fromByteOffset: position * 8, as: UInt64.self)))
    }
}

/// A frame as its header tells it.
package struct RingFrame {
    let bits: UInt64
    package fileprivate(set) var payload = UnsafeRawBufferPointer(start: nil, count: 0)

    init(bits: UInt64) { self.bits = bits }

    package var length: Int { Int(UInt32(truncatingIfNeeded: bits)) }
    package var kind: UInt8 { UInt8(truncatingIfNeeded: bits >> 32) }
    package var attachmentCount: Int { Int(UInt8(truncatingIfNeeded: bits >> 40)) }

    var units: Int { Self.units(length) }
    var isWellFormed: Bool { bits >> 48 == 0 && attachmentCount <= OwnedDescriptor.packetLimit }

    static func units(_ length: Int) -> Int { 1 + (length + 7) / 8 }

    static func header(length: Int, kind: UInt8, attachmentCount: UInt8) -> UInt64 {
        UInt64(UInt32(length)) | UInt64(kind) << 32 | UInt64(attachmentCount) << 40
    }
}
