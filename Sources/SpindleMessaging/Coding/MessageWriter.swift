package import SpindleMemory

/// The bytes of a message while it is written, and the descriptors that travel with it.
///
/// Used for one message after the other: ``reset()`` keeps the storage.
package final class MessageWriter {
    /// The most bytes of one message: 1 GiB.
    package static let longestMessage = 1 << 30
    /// How deeply `Codable` values may be nested, which bounds the stack that both sides need.
    static let deepestNesting = 128
    /// Storage above this is given back by ``reset()``.
    private static let keptCapacity = 1 << 20

    // No access to these overlaps another: nothing here calls out while it changes one. The run-time check of that would
    // cost a message of a few bytes more than its encoding.
    @exclusivity(unchecked) private var base: UnsafeMutableRawPointer
    @exclusivity(unchecked) private var capacity: Int
    @exclusivity(unchecked) package private(set) var count = 0
    /// Only the outermost writer has any.
    @exclusivity(unchecked) package private(set) var attachments: [OwnedDescriptor] = []
    /// Whether the message holds what moves with it and cannot be sent a second time. Only the outermost writer knows.
    @exclusivity(unchecked) package private(set) var movesAny = false

    private let outer: MessageWriter?
    /// The containers that `Codable` values opened inside others, with the place of their length in these bytes.
    @exclusivity(unchecked) private var nested: [(lengthAt: Int, writer: MessageWriter)] = []
    @exclusivity(unchecked) var depth: Int
    @exclusivity(unchecked) var codingPath: [any CodingKey] = []

    package convenience init() { self.init(inside: nil) }

    private init(inside outer: MessageWriter?) {
        self.outer = outer
        depth = outer?.depth ?? 0
        capacity = 256
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    package func reset() {
        count = 0
        depth = 0
        movesAny = false
        dropAttachments()
        if !nested.isEmpty { nested = [] }
        if !codingPath.isEmpty { codingPath = [] }
        guard capacity > Self.keptCapacity else { return }
        base.deallocate()
        capacity = 256
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    // MARK: Values

    /// Appends a value of any type that can be sent.
    package func write<Value>(_ value: Value) throws { try MessageCoder<Value>.shared().encode(value, self) }

    package func writeInteger<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        let size = MemoryLayout<Integer>.size
        if capacity - count < size { grow(by: size) }
        base.storeBytes(of: value, toByteOffset: count, as: Integer.self)
        count += size
    }

    /// Appends a length and so many bytes.
    package func writeBytes(_ bytes: UnsafeRawBufferPointer) throws {
        writeInteger(try length(bytes.count))
        append(bytes)
    }

    func writeString(_ value: String) throws {
        var value = value
        try value.withUTF8 { try writeBytes(UnsafeRawBufferPointer($0)) }
    }

    /// Appends bytes whose length the reader knows.
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        if capacity - count < bytes.count { grow(by: bytes.count) }
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Has a duplicate of the descriptor travel with the message.
    package func attach(_ descriptor: OwnedDescriptor) throws {
        let root = root
        guard root.attachments.count < OwnedDescriptor.messageLimit else {
            throw MessageCodingError(
                .tooLarge, "More than \(OwnedDescriptor.messageLimit) descriptors in one message; send them in several.")
        }
        writeInteger(UInt8(root.attachments.count))
        root.attachments.append(descriptor)
    }

    package var hasAttachments: Bool { !attachments.isEmpty }

    /// Notes that the message takes something away from its sender.
    func noteMove() { root.movesAny = true }

    /// Lets go of what has been sent.
    package func dropAttachments() {
        if hasAttachments { attachments = [] }
    }

    private var root: MessageWriter { outer?.root ?? self }

    func length(_ count: Int) throws -> UInt32 {
        guard count <= Self.longestMessage else {
            throw MessageCodingError(
                .tooLarge, "\(count) bytes are too much for one message; share them in a SharedBuffer instead.")
        }
        return UInt32(count)
    }

    private func grow(by need: Int) {
        capacity = max(2 * capacity, count + need)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }

    // MARK: Lengths that are known afterwards

    func beginLength() -> Int {
        writeInteger(0 as UInt32)
        return count - 4
    }

    func endLength(at position: Int) throws { patch(try length(count - position - 4), at: position) }

    func patch(_ value: UInt32, at position: Int) { base.storeBytes(of: value, toByteOffset: position, as: UInt32.self) }

    // MARK: Containers inside containers

    /// A `Codable` value may go on with an outer container before it has finished an inner one. So an inner one has
    /// bytes of its own, which ``endFrame(_:)`` puts into their place once the value has finished.
    func beginNested() -> MessageWriter {
        let writer = MessageWriter(inside: self)
        writer.codingPath = codingPath
        nested.append((beginLength(), writer))
        return writer
    }

    func beginFrame() -> Int { nested.count }

    func endFrame(_ first: Int) throws {
        // From the last on, so that the places of those before stay what they are.
        while nested.count > first {
            let (lengthAt, inner) = nested.removeLast()
            try inner.endFrame(0)
            patch(try length(inner.count), at: lengthAt)
            guard inner.count > 0 else { continue }
            if capacity - count < inner.count { grow(by: inner.count) }
            let place = base + lengthAt + 4
            // The two may overlap.
            (place + inner.count).copyMemory(from: place, byteCount: count - lengthAt - 4)
            place.copyMemory(from: inner.base, byteCount: inner.count)
            count += inner.count
        }
    }
}
