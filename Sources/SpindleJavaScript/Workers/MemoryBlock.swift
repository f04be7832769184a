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
    /// What keeps the block alive for the engine that has it, unless it is shared.
    private let owner = Lock(WeakOwner())

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

    private struct WeakOwner { weak var owner: BlockOwner? }
    fileprivate func isOwned(by owner: BlockOwner) { self.owner.withLock { $0.owner = owner } }

    /// Takes the block, which the caller has, from the engine: what is left there is not used any more, and may be long in going.
    func leave() { owner.withLock { $0.owner }?.block.withLock { $0 = nil } }
}

/// Keeps a block alive for an engine, until the engine gives its buffer up or the block leaves it.
private final class BlockOwner: Sendable {
    let block: Lock<MemoryBlock?>
    init(_ block: MemoryBlock) { self.block = Lock(block) }
}

extension Engine {
    /// An ArrayBuffer over the whole block, which keeps it alive.
    func arrayBuffer(_ block: MemoryBlock) -> GuestValue {
        let owner = BlockOwner(block)
        if !block.isShared { block.isOwned(by: owner) }
        return arrayBuffer(UnsafeMutableRawBufferPointer(start: block.address, count: block.count)) { _ in
            withExtendedLifetime(owner) {}
        }
    }

    /// The block that an ArrayBuffer shows. Asking pins the buffer: for those that no program will transfer any more.
    func memoryBlock(of buffer: GuestValue) -> MemoryBlock? {
        guard buffer != undefined, let address = JSObjectGetArrayBufferBytesPtr(context, buffer, nil) else { return nil }
        return MemoryBlock.at(address)
    }

    /// The block of a buffer that leaves the engine, with a copy for memory of the engine's own.
    ///
    /// - Parameter wasTransferred: whether a program had it before, and it was taken from there.
    func takeMemoryBlock(of buffer: GuestValue, wasTransferred: Bool) -> MemoryBlock {
        guard buffer != undefined, let address = JSObjectGetArrayBufferBytesPtr(context, buffer, nil) else {
            return MemoryBlock(count: 0, isShared: false)
        }
        let count = JSObjectGetArrayBufferByteLength(context, buffer, nil)
        if let block = MemoryBlock.at(address) {
            guard !block.isShared else { return block }
            block.leave()
            // The engine has counted each object that showed the memory: this one, and the one before.
            if count >= AllocationCount.smallest { AllocationCount.subtract(wasTransferred ? 2 * count : count, from: self) }
            return block
        }
        let block = MemoryBlock(count: count, isShared: false)
        block.address.copyMemory(from: address, byteCount: count)
        return block
    }
}
