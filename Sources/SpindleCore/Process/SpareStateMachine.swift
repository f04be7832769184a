internal import DequeModule

/// Which children the zygote is asked for, and which of them wait for work.
///
/// A *spare* is forked before anybody needs it. Only so many forks are under way
/// at once that the zygote's socket cannot fill up; the rest queue here, each on
/// behalf of a launch that waits for it, or of a spare.
package struct SpareStateMachine {
    /// Far below what the socket holds.
    static let mostForks = 32

    /// How many spares there should be.
    package var target = 1
    private var parked: Deque<UInt64> = []
    /// Spares whose fork has been asked for.
    private var coming: Deque<UInt64> = []
    private var queue: Deque<UInt64> = []
    private var forks: Set<UInt64> = []

    package init() {}

    /// How many spares to ask for.
    package var missing: Int { max(0, target - parked.count - coming.count) }

    /// All spares, those whose fork is under way included.
    package var all: [UInt64] { Array(parked) + Array(coming) }

    /// Whether that fork is on behalf of a spare which no launch has taken yet.
    package func isSpare(_ id: UInt64) -> Bool { coming.contains(id) }

    /// Takes a spare for a launch: a parked one, or else one that will soon be.
    package mutating func take() -> UInt64? { parked.popFirst() ?? coming.popFirst() }

    /// Takes a parked spare that is one too many.
    package mutating func takeExcess() -> UInt64? { parked.count > target ? parked.popLast() : nil }

    /// A fork is wanted. True when to ask for it now; otherwise it comes out of a later ``forkAnswered(_:isParked:)``.
    package mutating func forkWanted(_ id: UInt64, asSpare: Bool) -> Bool {
        if asSpare { coming.append(id) }
        guard forks.count < Self.mostForks else {
            queue.append(id)
            return false
        }
        forks.insert(id)
        return true
    }

    /// The zygote has answered. Nil when this fork was not asked for; else the next one to ask for, if any.
    package mutating func forkAnswered(_ id: UInt64, isParked: Bool) -> UInt64?? {
        guard forks.remove(id) != nil else { return nil }
        if let index = coming.firstIndex(of: id) {
            coming.remove(at: index)
            if isParked { parked.append(id) }
        }
        guard let next = queue.popFirst() else { return .some(nil) }
        forks.insert(next)
        return next
    }

    /// A child has ended.
    package mutating func ended(_ id: UInt64) { parked.removeAll { $0 == id } }

    /// The zygote is gone, and with it every child.
    package mutating func zygoteLost() {
        parked = []
        coming = []
        queue = []
        forks = []
    }
}
