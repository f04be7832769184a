internal import Synchronization

/// A fixed number of places, each taken by one of several clients at a time.
final class Slots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// A place, or nil when all are taken. It is free again when the value is released.
    func take() -> Slot? {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        } ? Slot(owner: self) : nil
    }

    fileprivate func giveBack() { free.withLock { $0 += 1 } }
}

/// A place taken from ``Slots``, held as long as this object lives.
final class Slot: Sendable {
    private let owner: Slots
    fileprivate init(owner: Slots) { self.owner = owner }
    deinit { owner.giveBack() }
}
