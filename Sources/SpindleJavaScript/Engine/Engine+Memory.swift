internal import CJavaScriptCore
internal import CSpindle
internal import Glibc

/// What the heap of one guest holds.
public struct HeapStatistics: Sendable, Codable {
    /// Bytes of its objects.
    public let size: Int
    /// Bytes it has of the system for them.
    public let capacity: Int
    /// Bytes outside the heap that its objects keep: buffers above all.
    public let external: Int
    /// How many objects the last collection of garbage has left.
    public let objects: Int
}

extension Engine {
    /// Walks the heap: some 70 ms for a million objects.
    package func heapStatistics() -> HeapStatistics {
        guard let statistics = JSGetMemoryUsageStatistics(context) else {
            return HeapStatistics(size: 0, capacity: 0, external: 0, objects: 0)
        }
        return HeapStatistics(
            size: int(property("heapSize", of: statistics)), capacity: int(property("heapCapacity", of: statistics)),
            external: int(property("extraMemorySize", of: statistics)), objects: int(property("objectCount", of: statistics)))
    }

    /// Collects everything that is not reachable, now.
    package func collectGarbage() { JSSynchronousGarbageCollectForDebugging(context) }

    /// Gives back what a guest that waits does not need: garbage, free memory, and code, most of which ran once. What is called
    /// again is parsed again. Only outside of ``run(_:)``, as code that is under way has to stay.
    func rest() {
        if let deleteAllCode = EngineRuntime.deleteAllCode {
            JSLock(context)
            deleteAllCode(group, 0)
            JSUnlock(context)
        }
        collectGarbage()
        EngineRuntime.releaseFreeMemory?()
    }
}

/// Keeps an eye on the size of one engine's heap, for which the engine has no limit of its own.
///
/// Asking the engine walks its heap. So it is asked only when the process has grown since, and so seldom that at most a tenth
/// of the time goes into it. A guest that allocates fast can get past its limit meanwhile; a hard limit needs a process.
struct HeapWatch {
    let limit: Int
    private var residentAtLook = 0
    private var nextLook: Int64 = 0
    private static let growth = 4 << 20
    private static let interval: Int64 = 10_000_000

    init(limit: Int) { self.limit = limit }

    /// Whether the heap is larger than it may be, collected and all.
    mutating func isExceeded(_ engine: Engine) -> Bool {
        let start = spindle_monotonic_now()
        guard start >= nextLook else { return false }
        nextLook = start + Self.interval
        let resident = ProcessMemory.residentBytes
        guard resident >= residentAtLook + Self.growth else { return false }
        residentAtLook = resident
        var isExceeded = Self.size(engine) > limit
        if isExceeded {
            engine.collectGarbage()
            isExceeded = Self.size(engine) > limit
            // What was garbage is given back in time, and then grows again.
            residentAtLook = ProcessMemory.residentBytes
        }
        let end = spindle_monotonic_now()
        nextLook = end + max(Self.interval, 10 * (end - start))
        return isExceeded
    }

    private static func size(_ engine: Engine) -> Int {
        let statistics = engine.heapStatistics()
        return statistics.size + statistics.external + engine.bytesOutside()
    }
}

enum ProcessMemory {
    /// What of this process lies in memory (proc(5)).
    static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}
