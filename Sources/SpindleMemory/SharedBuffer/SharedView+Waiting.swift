internal import SpindleCore
internal import CSpindle
internal import Glibc
internal import Synchronization

/// How a wait on a shared word ended.
public enum SharedWaitResult: Sendable, Equatable {
    /// A `notify` woke this waiter.
    case notified
    /// The element did not hold the expected value, so there was nothing to wait for.
    case notEqual
    /// The time was up first.
    case timedOut
}

/// An integer whose size the kernel can wait on: a futex is 32 bits wide (futex(2)).
public protocol SharedWaitableInteger: SharedAtomicInteger {}
extension Int32: SharedWaitableInteger {}
extension UInt32: SharedWaitableInteger {}

extension SharedView where Element: SharedWaitableInteger {
    /// Blocks the calling thread until another notifies this element, unless it does not hold `expected`.
    ///
    /// The comparison and falling asleep are one step, so a notify after a change
    /// of the value is never missed (`Atomics.wait`, ECMA-262, 25.4.13). Works
    /// between threads and between processes that map the same buffer.
    ///
    /// Call it on a worker's thread, never on the cooperative pool or an event
    /// loop: it holds the thread. Stopping the worker ends the wait.
    ///
    /// - Parameters:
    ///   - index: the element to wait on, in `0..<count`.
    ///   - expected: the value that is worth waiting on.
    ///   - timeout: longest time to wait; without limit when nil.
    /// - Throws: ``SharedBufferError`` with `outOfRange`, or `interrupted` when
    ///   the worker of this thread is being stopped (on Linux before 5.16 the wait
    ///   goes on instead).
    public func wait(
        at index: Int, expecting expected: Element, timeout: Duration? = nil
    ) throws(SharedBufferError) -> SharedWaitResult {
        try wait(at: index, expecting: expected, timeout: timeout, interrupt: .current)
    }

    /// Suspends the calling task until another thread notifies this element, unless it does not hold `expected`.
    ///
    /// As ``wait(at:expecting:timeout:)``, but holds no thread of the caller's:
    /// each pending wait parks one small thread of its own (about 20 µs to start),
    /// at most ``SharedBuffer/maximumAsyncWaits`` in the program.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, ``SharedBufferError``
    ///   with `outOfRange`, `tooManyWaits` or `unavailable`.
    public func waitAsync(
        at index: Int, expecting expected: Element, timeout: Duration? = nil
    ) async throws -> SharedWaitResult {
        _ = try word(at: index)
        try Task.checkCancellation()
        try AsyncWaits.enter()
        defer { AsyncWaits.leave() }
        let interrupt = ThreadInterrupt()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let failed = DetachedThread.start(stackSize: 256 << 10) {
                    do throws(SharedBufferError) {
                        continuation.resume(
                            returning: try wait(at: index, expecting: expected, timeout: timeout, interrupt: interrupt))
                    } catch {
                        continuation.resume(throwing: error.code == .interrupted ? CancellationError() : error)
                    }
                }
                if let failed {
                    continuation.resume(
                        throwing: SharedBufferError(
                            .unavailable, "No thread to wait on (error \(failed)); raise the thread limit.", errno: failed))
                }
            }
        } onCancel: {
            interrupt.raise()
        }
    }

    /// Wakes up to `count` waiters of this element, in this process and in others; all when nil.
    ///
    /// - Returns: how many were woken.
    @discardableResult
    public func notify(at index: Int, count: Int? = nil) throws(SharedBufferError) -> Int {
        let address = try futexAddress(at: index)
        // The kernel takes 0 for 1.
        guard count ?? 1 > 0 else { return 0 }
        let woken = Int(max(0, spindle_futex_wake_shared(address, Int32(clamping: count ?? .max))))
        return woken + AtomicWaiters.notify(address, count: count.map { $0 - woken } ?? -1)
    }

    /// For who has its waiters in a list of its own, and notifies those that are not in it.
    package func notifyOutsideList(at index: Int, count: Int?) -> Int {
        guard let address = try? futexAddress(at: index), count ?? 1 > 0 else { return 0 }
        return Int(max(0, spindle_futex_wake_shared(address, Int32(clamping: count ?? .max))))
    }

    private func futexAddress(at index: Int) throws(SharedBufferError) -> UnsafePointer<UInt32> {
        UnsafePointer(try address(of: index).assumingMemoryBound(to: UInt32.self))
    }

    private func wait(
        at index: Int, expecting expected: Element, timeout: Duration?, interrupt: ThreadInterrupt?
    ) throws(SharedBufferError) -> SharedWaitResult {
        let address = try futexAddress(at: index)
        let word = UInt32(truncatingIfNeeded: expected)
        let deadline = timeout.map { spindle_monotonic_now().addingClamped($0.nanoseconds) }
        while true {
            if interrupt?.isRaised == true {
                throw SharedBufferError(.interrupted, "The worker of this thread is being stopped.")
            }
            guard try load(at: index) == expected else { return .notEqual }
            let remaining = deadline.map { max(0, $0 - spindle_monotonic_now()) } ?? -1
            var outcome = -ENOSYS
            if let interrupt {
                outcome = spindle_futex_wait_either(address, word, true, interrupt.word.address, 0, remaining)
            }
            if outcome == -ENOSYS { outcome = spindle_futex_wait_shared(address, word, remaining) }
            switch outcome {
            case 0: return .notified
            case -ETIMEDOUT: return .timedOut
            default: continue  // interrupted, or a value changed: the checks above say which
            }
        }
    }
}

extension SharedBuffer {
    /// How many asynchronous waits may be pending in the program at once.
    public static var maximumAsyncWaits: Int { AsyncWaits.maximum }
}

/// Counts the threads that stand in for suspended tasks, so that they stay bounded.
enum AsyncWaits {
    static let maximum = 1_000
    private static let pending = Atomic<Int>(0)

    static func enter() throws(SharedBufferError) {
        // Relaxed: only the count matters, it orders nothing.
        guard pending.wrappingAdd(1, ordering: .relaxed).newValue <= maximum else {
            leave()
            throw SharedBufferError(
                .tooManyWaits, "\(maximum) asynchronous waits are pending already; wait on fewer words, or on worker threads.")
        }
    }

    static func leave() { pending.wrappingSubtract(1, ordering: .relaxed) }
}
