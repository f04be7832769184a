/// Where a task's entry lies. Stays valid, and harmless, after the entry is gone: the generation tells.
package struct TaskRef: Hashable, Sendable {
    fileprivate let index: UInt32
    fileprivate let generation: UInt32
}

/// Storage for the tasks of a pool: constant-time insertion, look-up and removal without hashing.
struct TaskSlab<Entry> {
    private struct Slot {
        var generation: UInt32
        var entry: Entry?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    var count: Int { slots.count - free.count }

    mutating func insert(_ entry: Entry) -> TaskRef {
        if let index = free.popLast() {
            slots[Int(index)].entry = entry
            return TaskRef(index: index, generation: slots[Int(index)].generation)
        }
        slots.append(Slot(generation: 0, entry: entry))
        return TaskRef(index: UInt32(slots.count - 1), generation: 0)
    }

    /// Takes an entry out; nil when it is gone already.
    mutating func remove(_ ref: TaskRef) -> Entry? {
        guard contains(ref) else { return nil }
        let index = Int(ref.index)
        let entry = slots[index].entry.take()
        slots[index].generation &+= 1
        free.append(ref.index)
        return entry
    }

    func contains(_ ref: TaskRef) -> Bool { slots[Int(ref.index)].generation == ref.generation }

    /// The entry of a reference that is known to be live.
    subscript(ref: TaskRef) -> Entry {
        get {
            guard contains(ref), let entry = slots[Int(ref.index)].entry else {
                preconditionFailure("A reference to a task that has ended.")
            }
            return entry
        }
        _modify {
            // Present when the generation is right: `remove` empties a slot and raises it in one go. Only a force changes
            // it in place.
            precondition(contains(ref), "A reference to a task that has ended.")
            yield &slots[Int(ref.index)].entry!
        }
    }

    var all: [TaskRef] {
        slots.indices.compactMap { index in
            slots[index].entry == nil ? nil : TaskRef(index: UInt32(index), generation: slots[index].generation)
        }
    }
}
