internal import CJavaScriptCore
internal import Glibc
internal import SpindleMemory

/// Memory of the host that ArrayBuffers show: one that was transferred, or shared by all engines that know it.
///
/// Safe to send: what is transferred is seen by one engine at a time, and programs see to themselves where it is shared.
final class MemoryBlock: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let count: Int
    let isShared: Bool

    /// Zeroed.
    init(count: Int, isShared: Bool) {
        self.count = count
        self.isShared = isShared
        // Whole pages come zeroed from the system, without being touched.
        address = calloc(max(1, count), 1) ?? UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: 16)
        Self.blocks.withLock { $0[UInt(bitPattern: address)] = Weak(block: self) }
    }

    deinit {
        _ = Self.blocks.withLock { $0.removeValue(forKey: UInt(bitPattern: address)) }
        free(address)
    }

    func copy() -> MemoryBlock {
        let block = MemoryBlock(count: count, isShared: false)
        block.address.copyMemory(from: address, byteCount: count)
        return block
    }

    /// The block at an address that a living buffer shows, if it is the host's.
    static func at(_ address: UnsafeMutableRawPointer) -> MemoryBlock? {
        blocks.withLock { $0[UInt(bitPattern: address)]?.block }
    }

    private struct Weak { weak var block: MemoryBlock? }
    private static let blocks = Lock<[UInt: Weak]>([:])
}

extension Engine {
    /// An ArrayBuffer over the whole block, which keeps it alive.
    func arrayBuffer(_ block: MemoryBlock) -> GuestValue {
        arrayBuffer(UnsafeMutableRawBufferPointer(start: block.address, count: block.count)) { _ in
            withExtendedLifetime(block) {}
        }
    }

    /// The block that an ArrayBuffer shows. Asking pins the buffer: for those that no program will transfer any more.
    func memoryBlock(of buffer: GuestValue) -> MemoryBlock? {
        guard buffer != undefined, let address = JSObjectGetArrayBufferBytesPtr(context, buffer, nil) else { return nil }
        return MemoryBlock.at(address)
    }

    /// The same, with a copy for memory of the engine's own.
    func takeMemoryBlock(of buffer: GuestValue) -> MemoryBlock {
        guard buffer != undefined, let address = JSObjectGetArrayBufferBytesPtr(context, buffer, nil) else {
            return MemoryBlock(count: 0, isShared: false)
        }
        let count = JSObjectGetArrayBufferByteLength(context, buffer, nil)
        if let block = MemoryBlock.at(address) { return block }
        let block = MemoryBlock(count: count, isShared: false)
        block.address.copyMemory(from: address, byteCount: count)
        return block
    }
}
