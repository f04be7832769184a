internal import Glibc
internal import SpindleMemory

/// The bytes of a ring's memory file, mapped once more.
final class SharedMemoryFile {
    let length: Int
    private let start: UnsafeMutableRawPointer

    init(_ memory: RingMemory) throws {
        length = RingMemory.headerLength + 2 * memory.capacity
        let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, memory.descriptor.number, 0)
        guard let start, start != MAP_FAILED else { throw RingError(.unavailable, "Cannot map.") }
        self.start = start
    }

    deinit { munmap(start, length) }

    func store(_ value: UInt32, at offset: Int) { start.storeBytes(of: value, toByteOffset: offset, as: UInt32.self) }
}
