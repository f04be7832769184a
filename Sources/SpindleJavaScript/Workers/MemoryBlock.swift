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
    /// The Swift program's own, which this block shows; nil for memory of the block.
    private let shown: SharedBuffer?
    private struct Weak<Object: AnyObject & Sendable>: Sendable { weak var object: Object? }
    /// By what a Swift program knows the block's own memory, if it does.
    private let lent = Lock(Weak<SharedBuffer>())
    /// What keeps the block alive for the engine that has it, unless it is shared.
    private let owner = Lock(Weak<BlockOwner>())

    /// Zeroed.
    init(count: Int, isShared: Bool) {
        self.count = count
        self.isShared = isShared
        shown = nil
        // Whole pages come zeroed from the system, without being touched.
        address = calloc(max(1, count), 1) ?? UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: 16)
        register()
    }

    private init(_ buffer: SharedBuffer, count: Int) {
        self.count = count
        isShared = true
        shown = buffer
        address = buffer.address
        register()
    }

    deinit {
        Self.blocks.withLock { blocks in
            // Another may show the same memory by now; this one is nil there already.
            if blocks[key]?.object == nil { blocks[key] = nil }
        }
        if shown == nil { free(address) }
    }

    func copy() -> MemoryBlock {
        let block = MemoryBlock(count: count, isShared: false)
        block.address.copyMemory(from: address, byteCount: count)
        return block
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: address, count: count) }

    // MARK: Known by their addresses

    private static let blocks = Lock<[UInt: Weak<MemoryBlock>]>([:])
    private var key: UInt { UInt(bitPattern: address) }

    private func register() { Self.blocks.withLock { $0[key] = Weak(object: self) } }

    /// The block at an address that a living buffer shows, if it is the host's.
    static func at(_ address: UnsafeMutableRawPointer) -> MemoryBlock? {
        blocks.withLock { $0[UInt(bitPattern: address)]?.object }
    }

    // MARK: Shared with a Swift program

    /// The block that shows a buffer of a Swift program as it is now.
    static func showing(_ buffer: SharedBuffer) -> MemoryBlock {
        let count = buffer.byteLength
        if let block = at(buffer.address), block.isShared, block.count == count { return block }
        return MemoryBlock(buffer, count: count)
    }

    /// The shared memory as a Swift program has it.
    var sharedBuffer: SharedBuffer {
        shown
            ?? lent.withLock { lent in
                if let buffer = lent.object { return buffer }
                let buffer = SharedBuffer(over: UnsafeMutableRawBufferPointer(start: address, count: count), of: self)
                lent.object = buffer
                return buffer
            }
    }

    /// Who waits outside the guests of this process, if anybody can: a Swift program, or another process.
    private var outside: SharedBuffer? { shown ?? lent.withLock(\.object) }

    /// Wakes whoever waits there, here or elsewhere.
    ///
    /// - Parameter limit: how many at most; negative for all.
    func notify(at offset: Int, count limit: Int) -> Int {
        let woken = AtomicWaiters.notify(UnsafeRawPointer(address + offset), count: limit)
        guard woken != limit, let words = try? outside?.view(of: Int32.self) else { return woken }
        return woken + words.notifyOutsideList(at: offset / 4, count: limit < 0 ? nil : limit - woken)
    }

    /// Blocks the thread until it is notified, its interrupt is raised or the time is over.
    ///
    /// - Parameter timeout: nanoseconds; negative for none.
    func wait(at place: AtomicWaiters.Place, timeout: Int64) -> AtomicWaiters.Outcome {
        // Where another process may notify, only the kernel knows who waits.
        guard let shown, shown.descriptor != nil, !place.is64, let words = try? shown.view(of: Int32.self) else {
            return AtomicWaiters.wait(at: place, timeout: timeout)
        }
        let index = (place.address - UnsafeRawPointer(address)) / 4
        let limit: Duration? = timeout < 0 ? nil : .nanoseconds(timeout)
        switch try? words.wait(at: index, expecting: Int32(truncatingIfNeeded: place.expected), timeout: limit) {
        case .notified: return .ok
        case .notEqual: return .notEqual
        case .timedOut, nil: return .timedOut
        }
    }

    // MARK: Of one engine

    fileprivate func isOwned(by owner: BlockOwner) { self.owner.withLock { $0.object = owner } }

    /// Takes the block, which the caller has, from the engine: what is left there is not used any more, and may be long in going.
    func leave() { owner.withLock(\.object)?.block.withLock { $0 = nil } }
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
