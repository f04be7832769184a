internal import CJavaScriptCore

/// The values that the host has just made, alive until the host function or the turn of the loop that made them ends.
///
/// The collector looks for values on the stacks of an engine's threads, not in memory of the host, and a Swift array is just
/// that. It may run in every call into the engine, even the next one for the same array, and on a thread of its own
/// while a host function runs: a value that is only in an array can be gone before the array reaches the guest.
struct KeptValues {
    /// How far a list of kept values went.
    struct Mark {
        fileprivate let slots: Int
        fileprivate let others: Int
    }

    /// Memory on the stack, where the collector looks. None while the engine does not run.
    private let slots: UnsafeMutableBufferPointer<GuestValue?>
    private var used = 0
    /// Those that found no slot. Each is protected, which takes the engine much longer.
    private var others: [GuestValue]

    /// At most a kilobyte of slots, which Swift takes from the stack for certain.
    static let capacity = 1024 / MemoryLayout<GuestValue?>.stride

    init(slots: UnsafeMutableBufferPointer<GuestValue?>? = nil, after earlier: KeptValues? = nil) {
        self.slots = slots ?? UnsafeMutableBufferPointer(start: nil, count: 0)
        self.slots.initialize(repeating: nil)
        others = earlier?.others ?? []
    }

    var mark: Mark { Mark(slots: used, others: others.count) }

    mutating func append(_ value: GuestValue, in context: JSGlobalContextRef) {
        if used < slots.count {
            slots[used] = value
            used += 1
        } else {
            JSValueProtect(context, value)
            others.append(value)
        }
    }

    mutating func removeAll(since mark: Mark, in context: JSGlobalContextRef) {
        while used > mark.slots {
            used -= 1
            slots[used] = nil
        }
        while others.count > mark.others { JSValueUnprotect(context, others.removeLast()) }
    }
}

extension Engine {
    /// Keeps a value that may be reachable from nowhere else until the innermost ``keepingValues(_:)`` ends.
    func keep(_ value: GuestValue) -> GuestValue {
        kept.pointee.append(value, in: context)
        return value
    }

    /// Lets go of the values that `body` makes, but for its result, which the caller has on its stack.
    func keepingValues<Result>(_ body: () throws -> Result) rethrows -> Result {
        let mark = kept.pointee.mark
        defer { kept.pointee.removeAll(since: mark, in: context) }
        return try body()
    }
}
