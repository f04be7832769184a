internal import DequeModule

/// Waiting tasks in one queue a priority: first in, first out inside a priority; ageing between them.
///
/// Cancelled tasks stay behind as references to nothing and are skipped; `compact`
/// removes them when they would outnumber the rest.
struct PriorityQueues {
    private struct Item {
        let ref: TaskRef
        let since: Int64
    }

    private var queues = Array(repeating: Deque<Item>(), count: PoolPriority.allCases.count)
    /// Live tasks; kept by the owner's `append`, `take` and `forget`.
    private(set) var count = 0
    private var stale = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ ref: TaskRef, _ priority: PoolPriority, since: Int64) {
        queues[Int(priority.rawValue)].append(Item(ref: ref, since: since))
        count += 1
    }

    /// Puts a task back that had been taken out and is older than what waits.
    mutating func prepend(_ ref: TaskRef, _ priority: PoolPriority, since: Int64) {
        queues[Int(priority.rawValue)].prepend(Item(ref: ref, since: since))
        count += 1
    }

    /// A waiting task has gone; its reference is left behind.
    mutating func forget(in tasks: TaskSlab<PoolStateMachine.Entry>) {
        count -= 1
        stale += 1
        guard stale > 64, stale > count else { return }
        for index in queues.indices { queues[index].removeAll { !tasks.contains($0.ref) } }
        stale = 0
    }

    /// The place of the next task to run, by priority plus age.
    struct Candidate {
        fileprivate let queue: Int
        let ref: TaskRef
        /// Priority level plus waiting time in ageing intervals: the larger goes first.
        let urgency: Double
        let since: Int64
    }

    /// The task that should run next.
    mutating func next(now: Int64, agingInterval: Int64, in tasks: TaskSlab<PoolStateMachine.Entry>) -> Candidate? {
        guard count > 0 else { return nil }
        var best: Candidate?
        for index in queues.indices.reversed() {
            while let head = queues[index].first, !tasks.contains(head.ref) {
                queues[index].removeFirst()
                stale -= 1
            }
            guard let head = queues[index].first else { continue }
            let urgency = Double(index) + Double(now - head.since) / Double(agingInterval)
            if best == nil || urgency > best!.urgency {
                best = Candidate(queue: index, ref: head.ref, urgency: urgency, since: head.since)
            }
        }
        return best
    }

    /// Takes the candidate out. Nothing may have changed since `next`.
    mutating func take(_ candidate: Candidate) {
        queues[candidate.queue].removeFirst()
        count -= 1
    }

    /// The task to give up first when room is needed: the oldest of the least urgent.
    mutating func victim(in tasks: TaskSlab<PoolStateMachine.Entry>) -> (ref: TaskRef, priority: PoolPriority)? {
        for priority in PoolPriority.allCases {
            let index = Int(priority.rawValue)
            while let head = queues[index].first, !tasks.contains(head.ref) {
                queues[index].removeFirst()
                stale -= 1
            }
            if let head = queues[index].first { return (head.ref, priority) }
        }
        return nil
    }

    /// Everything in the order of priority, for moving it elsewhere.
    mutating func drain() -> [TaskRef] {
        defer {
            for index in queues.indices { queues[index].removeAll() }
            count = 0
            stale = 0
        }
        return queues.reversed().flatMap { $0.map(\.ref) }
    }
}
