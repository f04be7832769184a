/// Short messages that came one after the other, in one piece: their bytes, their characters, and where each ends.
///
/// Belongs to whoever holds it: the port it is queued at, under its lock, or the guest that reads it.
final class MessageRun {
    /// How many bytes, and how many characters, all of them take at most. A string cut out of the characters keeps them all.
    static let capacity = 4096
    /// What a message may take of either.
    static let longest = 1024
    static let maximumCount = 128

    /// Where a message ends: its bytes begin at the next multiple of eight from there.
    struct End {
        var bytes: Int32 = 0
        var characters: Int32 = 0
    }

    private let storage = UnsafeMutableRawPointer.allocate(
        byteCount: 2 * capacity + maximumCount * MemoryLayout<End>.stride, alignment: 16)
    private var last = End()
    private(set) var count = 0
    /// How many have been taken.
    var taken = 0

    /// The guest whose memory it is as long as messages wait in it.
    private var sender: GuestControl?

    deinit {
        charge(nil)
        storage.deallocate()
    }

    func charge(_ sender: GuestControl?) {
        let size = Self.capacity * 2 + Self.maximumCount * MemoryLayout<End>.stride
        self.sender?.charge(-size)
        sender?.charge(size)
        self.sender = sender
    }

    private var bytes: UnsafeMutableRawPointer { storage }
    private var characters: UnsafeMutableRawPointer { storage + Self.capacity }
    private var ends: UnsafeMutablePointer<End> {
        (storage + 2 * Self.capacity).assumingMemoryBound(to: End.self)
    }

    var isExhausted: Bool { taken == count }

    /// Adds a message if there is room. One without bytes is a string.
    func append(_ message: UnsafeRawBufferPointer, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Self.aligned(last.bytes)
        guard count < Self.maximumCount, start + message.count <= Self.capacity,
            Int(last.characters) + text.count <= Self.capacity
        else { return false }
        if let source = message.baseAddress { (bytes + start).copyMemory(from: source, byteCount: message.count) }
        if let source = text.baseAddress {
            (characters + Int(last.characters)).copyMemory(from: source, byteCount: text.count)
        }
        // A string leaves the end where it was, so that the next message's beginning is not taken for its bytes.
        if !message.isEmpty { last.bytes = Int32(start + message.count) }
        last.characters += Int32(text.count)
        ends[count] = last
        count += 1
        return true
    }

    func removeAll() {
        charge(nil)
        last = End()
        count = 0
        taken = 0
    }

    /// The parts of the oldest message that has not been taken.
    func next() -> (bytes: UnsafeRawBufferPointer, text: UnsafeBufferPointer<UInt8>) {
        let from = taken == 0 ? End() : ends[taken - 1]
        let to = ends[taken]
        let start = to.bytes == from.bytes ? Int(to.bytes) : Self.aligned(from.bytes)
        return (
            UnsafeRawBufferPointer(start: bytes + start, count: Int(to.bytes) - start),
            text(from: from, to: to)
        )
    }

    /// The characters of all.
    var text: UnsafeBufferPointer<UInt8> { text(from: End(), to: last) }

    private func text(from: End, to: End) -> UnsafeBufferPointer<UInt8> {
        let start = (characters + Int(from.characters)).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(to.characters - from.characters))
    }

    /// Copies the bytes of all, and where each ends, to where scripts read them.
    func copy(to memory: UnsafeMutableRawBufferPointer) {
        memory.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: Int(last.bytes)))
        let index = UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(Self.capacity))
        index.copyMemory(from: UnsafeRawBufferPointer(start: ends, count: count * MemoryLayout<End>.stride))
    }
    static let memorySize = capacity + maximumCount * MemoryLayout<End>.stride

    private static func aligned(_ offset: Int32) -> Int { (Int(offset) + 7) & ~7 }
}
