internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import Synchronization

/// A 32-bit word of this process on which threads sleep until another wakes them (futex(2)).
///
/// Safe to send: the allocation lives as long as the object and is only accessed atomically.
package final class FutexWord: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Atomic<UInt32>>

    package init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Atomic(0))
    }

    deinit {
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// Pairs with the releasing ``store(_:)``: what was written before it is visible after this.
    package func load() -> UInt32 { storage.pointee.load(ordering: .acquiring) }

    package func store(_ value: UInt32) { storage.pointee.store(value, ordering: .releasing) }

    /// Swaps the value in; sequentially consistent, so that it can stand in a store-then-load protocol.
    package func exchange(_ value: UInt32) -> UInt32 {
        storage.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }

    /// Sleeps while the word equals `expected`; may return early for no reason.
    /// - Parameter timeout: nanoseconds; negative for none.
    package func wait(while expected: UInt32, timeout: Int64 = -1) {
        _ = spindle_futex_wait_private(address, expected, timeout)
    }

    /// Likewise, but also returns when the calling thread's ``ThreadInterrupt`` is raised.
    package func waitInterruptibly(while expected: UInt32, timeout: Int64 = -1) {
        let deadline = timeout < 0 ? nil : spindle_monotonic_now().addingClamped(timeout)
        let interrupt = ThreadInterrupt.current
        while load() == expected, interrupt?.isRaised != true {
            let remaining = deadline.map { $0 - spindle_monotonic_now() } ?? -1
            if deadline != nil, remaining <= 0 { return }
            guard let interrupt else {
                wait(while: expected, timeout: remaining)
                continue
            }
            if spindle_futex_wait_either(address, expected, false, interrupt.word.address, 0, remaining) == -ENOSYS {
                wait(while: expected, timeout: remaining)
            }
        }
    }

    /// Likewise, once, and also ended when a shared word moves for which this sleep was announced.
    package func waitInterruptibly(while expected: UInt32, or shared: SharedWord, timeout: Int64) {
        var words = [
            spindle_futex_word(address: address, expected: expected, is_shared: false),
            spindle_futex_word(address: shared.address, expected: SharedWord.asleep, is_shared: true),
        ]
        if let interrupt = ThreadInterrupt.current {
            words.append(spindle_futex_word(address: interrupt.word.address, expected: 0, is_shared: false))
        }
        if spindle_futex_wait_any(words, Int32(words.count), timeout) == -ENOSYS {
            // Without the call to wait for several, one looks again and again.
            wait(while: expected, timeout: timeout < 0 ? 1_000_000 : min(timeout, 1_000_000))
        }
    }

    /// Whether the calling thread's ``ThreadInterrupt`` is raised.
    package var isInterrupted: Bool { ThreadInterrupt.current?.isRaised == true }

    package func wake(_ count: Int32) {
        _ = spindle_futex_wake_private(address, count)
    }

    package var address: UnsafePointer<UInt32> {
        UnsafePointer(UnsafeMutableRawPointer(storage).assumingMemoryBound(to: UInt32.self))
    }
}
