internal import Synchronization

/// Who of the guests of this process waits on which place of shared memory: `Atomics.wait`, `waitAsync` and `notify`
/// (ECMA-262, WaiterList). Waiters of a place are woken in the order in which they came.
///
/// The kernel's own list, which ``SharedView`` uses, knows neither 64-bit words nor waits that hold no thread. So there
/// are two, and who notifies looks into both.
package enum AtomicWaiters {
    package enum Outcome: Int { case ok, notEqual, timedOut }

    /// Where a value is expected: 32 or 64 bits.
    ///
    /// Safe to send: the memory is shared, and its owner is kept alive by the caller.
    package struct Place: @unchecked Sendable {
        package let address: UnsafeRawPointer
        package let is64: Bool
        package let expected: Int64

        package init(address: UnsafeRawPointer, is64: Bool, expected: Int64) {
            self.address = address
            self.is64 = is64
            self.expected = expected
        }

        fileprivate var holds: Bool {
            is64
                ? address.assumingMemoryBound(to: Atomic<Int64>.self).pointee.load(ordering: .sequentiallyConsistent) == expected
                : Int64(address.assumingMemoryBound(to: Atomic<Int32>.self).pointee.load(ordering: .sequentiallyConsistent))
                    == expected
        }
    }

    private final class Waiter: Sendable {
        let wake: @Sendable () -> Void
        init(wake: @escaping @Sendable () -> Void) { self.wake = wake }
    }
    private static let waiters = Lock<[UnsafeRawPointer: [Waiter]]>([:])
    /// How many there are in all. Raised before a waiter looks at its value, and read after a notifier has changed it, both
    /// sequentially consistent: one of the two sees the other.
    private static let count = Atomic<Int>(0)

    /// Blocks the thread until it is notified, its interrupt is raised or the time is over.
    /// - Parameter timeout: nanoseconds; negative for none.
    package static func wait(at place: Place, timeout: Int64) -> Outcome {
        let word = FutexWord()
        guard
            let waiter = enter(
                place,
                wake: {
                    word.store(1)
                    word.wake(1)
                })
        else { return .notEqual }
        word.waitInterruptibly(while: 0, timeout: timeout)
        // Notified after all, if somebody has taken it from the list meanwhile.
        return leave(place, waiter) ? .timedOut : .ok
    }

    /// - Parameter wake: called once, on the thread that notifies.
    /// - Returns: what takes the waiter back, and whether it still was one; nil if the place holds another value.
    package static func waitLater(at place: Place, wake: @escaping @Sendable () -> Void) -> (@Sendable () -> Bool)? {
        guard let waiter = enter(place, wake: wake) else { return nil }
        return { leave(place, waiter) }
    }

    /// - Parameter count: how many at most; negative for all.
    /// - Returns: how many there were.
    package static func notify(_ address: UnsafeRawPointer, count: Int) -> Int {
        guard count != 0, self.count.load(ordering: .sequentiallyConsistent) != 0 else { return 0 }
        let woken = waiters.withLock { waiters -> [Waiter] in
            guard let list = waiters[address] else { return [] }
            let woken = count < 0 ? list : Array(list.prefix(count))
            let rest = list.dropFirst(woken.count)
            waiters[address] = rest.isEmpty ? nil : Array(rest)
            self.count.subtract(woken.count, ordering: .relaxed)
            return woken
        }
        for waiter in woken { waiter.wake() }
        return woken.count
    }

    /// The value is looked at under the lock, so that no notification falls between the look and the wait.
    private static func enter(_ place: Place, wake: @escaping @Sendable () -> Void) -> Waiter? {
        waiters.withLock { waiters in
            count.add(1, ordering: .sequentiallyConsistent)
            guard place.holds else {
                count.subtract(1, ordering: .relaxed)
                return nil
            }
            let waiter = Waiter(wake: wake)
            waiters[place.address, default: []].append(waiter)
            return waiter
        }
    }

    /// Whether the waiter was still in the list.
    private static func leave(_ place: Place, _ waiter: Waiter) -> Bool {
        waiters.withLock { waiters in
            guard let index = waiters[place.address]?.firstIndex(where: { $0 === waiter }) else { return false }
            waiters[place.address]?.remove(at: index)
            if waiters[place.address]?.isEmpty == true { waiters[place.address] = nil }
            count.subtract(1, ordering: .relaxed)
            return true
        }
    }
}
