internal import CJavaScriptCore
internal import SpindleMemory

/// The count of bytes by which an engine decides when to collect: those of large buffers made since it last did.
///
/// A buffer counts when it comes, and the engine does not hear of it when its memory goes to another engine. So a large
/// buffer that guests pass to and fro would have each of them collect all the time, though nothing is left behind. There
/// is no call to take back what was counted. The count lies somewhere in the engine; it is found by what happens to it,
/// and where nothing behaves like it, buffers count for good.
enum AllocationCount {
    /// In bytes. Smaller buffers are not counted here.
    static let smallest = 64 << 10
    /// What has to be passed on until it is worth looking for the count, which takes a collection.
    private static let worthLooking = 16 << 20

    /// Its place in the memory of every engine, in words; nil inside if there is none.
    private static let place = Lock<Int??>(nil)
    /// How many words of an engine are looked at.
    private static let words = 0x200

    /// Takes `bytes` back that were counted since the last collection.
    static func subtract(_ bytes: Int, from engine: Engine) {
        guard let place = place(in: engine, for: bytes) else { return }
        let count = memory(of: engine) + place
        count.pointee -= min(count.pointee, UInt64(bytes))
    }

    private static func place(in engine: Engine, for bytes: Int) -> Int? {
        place.withLock { place in
            if case .some(let known) = place { return known }
            engine.passedOn += bytes
            guard engine.passedOn >= worthLooking else { return nil }
            let found = find(in: engine)
            place = .some(found)
            return found
        }
    }

    private static func memory(of engine: Engine) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(engine.group).assumingMemoryBound(to: UInt64.self)
    }

    /// The one word that grows with each buffer by its size, and that a collection sets to zero.
    private static func find(in engine: Engine) -> Int? {
        engine.keepingValues {
            for _ in 0..<3 {
                let before = snapshot(of: engine)
                let first = sample(smallest + 0x500, in: engine)
                let between = snapshot(of: engine)
                let second = sample(2 * smallest + 0x700, in: engine)
                let after = snapshot(of: engine)
                engine.collectGarbage()
                let collected = snapshot(of: engine)
                let grown = before.indices.filter { index in
                    isSize(between[index] &- before[index], of: first) && isSize(after[index] &- between[index], of: second)
                }
                let counts = grown.filter { collected[$0] == 0 }
                if counts.count == 1 { return counts[0] }
                // A collection came between.
                if !grown.isEmpty { return nil }
            }
            return nil
        }
    }

    private static func snapshot(of engine: Engine) -> [UInt64] {
        Array(UnsafeBufferPointer(start: memory(of: engine), count: words))
    }

    private static func sample(_ size: Int, in engine: Engine) -> Int {
        _ = engine.arrayBuffer(MemoryBlock(count: size, isShared: false))
        return size
    }

    /// Whether it is a buffer's size, with the little that the engine needs besides.
    private static func isSize(_ growth: UInt64, of size: Int) -> Bool { (size..<(size + 0x400)).contains(Int(clamping: growth)) }
}
