internal import HeapModule

/// Timers in the order in which they fall due, as a pure value: time is passed in.
///
/// Adding and removing the earliest are logarithmic. Cancelling marks the entry;
/// it leaves when it falls due, or when cancelled entries make up most of the queue.
package struct TimerQueue<Action> {
    package struct ID: Hashable, Sendable {
        package let number: UInt64
        package init(number: UInt64) { self.number = number }
    }

    private struct Entry: Comparable {
        let at: Int64
        let id: ID
        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.id.number) < (b.at, b.id.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.id == b.id }
    }

    private var heap = Heap<Entry>()
    private var actions: [ID: Action] = [:]
    private var lastNumber: UInt64 = 0

    package init() {}

    /// Timers that have neither fired nor been cancelled.
    package var count: Int { actions.count }

    /// When the next timer falls due; possibly the time of a cancelled one.
    package var nextDeadline: Int64? { heap.min?.at }

    /// - Parameter at: nanoseconds on the driver's clock.
    package mutating func add(at: Int64, _ action: Action) -> ID {
        lastNumber += 1
        let id = ID(number: lastNumber)
        heap.insert(Entry(at: at, id: id))
        actions[id] = action
        return id
    }

    /// Takes a timer out; nil when it has fired or was cancelled already.
    @discardableResult
    package mutating func cancel(_ id: ID) -> Action? {
        guard let action = actions.removeValue(forKey: id) else { return nil }
        if heap.count > 64, heap.count > 2 * actions.count {
            let live = actions
            heap = Heap(heap.unordered.filter { live[$0.id] != nil })
        }
        return action
    }

    /// Takes out everything due at `now`, earliest first; equal times in the order they were added.
    package mutating func takeDue(at now: Int64) -> [Action] {
        var due: [Action] = []
        while let next = heap.min, next.at <= now {
            heap.removeMin()
            if let action = actions.removeValue(forKey: next.id) { due.append(action) }
        }
        return due
    }
}
