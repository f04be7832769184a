internal import CSpindle
public import Synchronization

/// A value behind a mutual-exclusion lock of one futex word.
///
/// Why not `Synchronization.Mutex`: its slow path takes the kernel's
/// priority-inheritance futex at the first conflict, which costs a system call on
/// both sides of every contended hand-over, and is invisible to ThreadSanitizer.
/// The sections here are a few nanoseconds long, so a waiter looks again for about
/// a microsecond before it sleeps.
///
/// States of the word: 0 free, 1 held, 2 held and someone may sleep. The
/// acquiring exchange pairs with the releasing one in `unlock`, which orders the
/// value's accesses. Only a holder that finds 2 makes the wake-up call
/// (U. Drepper, "Futexes Are Tricky", mutex 2).
///
/// Not recursive: never call out under it.
@usableFromInline
// Safe to send: the value is only touched by the holder.
package struct Lock<Value>: ~Copyable, @unchecked Sendable {
    @usableFromInline let word: UnsafeMutablePointer<Atomic<UInt32>>
    @usableFromInline let value: UnsafeMutablePointer<Value>

    /// The word and the value share one allocation, and with it mostly a cache line.
    @inlinable
    package init(_ value: consuming Value) {
        let alignment = max(16, MemoryLayout<Value>.alignment)
        let storage = UnsafeMutableRawPointer.allocate(
            byteCount: alignment + MemoryLayout<Value>.stride, alignment: alignment)
        word = storage.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
        word.initialize(to: Atomic(0))
        self.value = (storage + alignment).bindMemory(to: Value.self, capacity: 1)
        self.value.initialize(to: value)
    }

    @inlinable
    deinit {
        value.deinitialize(count: 1)
        word.deinitialize(count: 1)
        UnsafeMutableRawPointer(word).deallocate()
    }

    /// Runs `body` with the lock held. Keep it short and resume nothing inside.
    @inlinable @inline(__always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !word.pointee.weakCompareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged { lockSlowly() }
        defer { if word.pointee.exchange(0, ordering: .releasing) == 2 { wakeOne() } }
        return try body(&value.pointee)
    }

    @usableFromInline @inline(never)
    borrowing func lockSlowly() {
        for _ in 0..<200 {
            if word.pointee.load(ordering: .relaxed) == 0,
                word.pointee.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged
            {
                return
            }
            spindle_spin_hint()
        }
        let address = UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self)
        while word.pointee.exchange(2, ordering: .acquiring) != 0 {
            _ = spindle_futex_wait_private(address, 2, -1)
        }
    }

    @usableFromInline @inline(never)
    borrowing func wakeOne() {
        _ = spindle_futex_wake_private(UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self), 1)
    }
}
