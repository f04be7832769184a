internal import CSpindle
internal import Glibc
package import Spindle
internal import SpindleMemory

/// Watches descriptors on the thread of a guest's loop, which sleeps in it: an event then wakes one thread, not two.
///
/// Handlers run on that thread. Its lock guards the handlers alone, as others may close what they watch.
package final class LoopPoller: DescriptorMonitor {
    private struct State {
        var handlers: [UInt64: @Sendable () -> Void] = [:]
        /// 0 is the wake-up's.
        var nextToken: UInt64 = 1
    }

    private let epoll: Int32
    private let event: Int32
    private let state = Lock(State())

    /// Nil when the system has no descriptors left.
    init?() {
        let epoll = spindle_epoll_create()
        let event = spindle_event_create()
        guard epoll >= 0, event >= 0, spindle_epoll_add(epoll, event, 0) == 0 else {
            for descriptor in [epoll, event] where descriptor >= 0 { close(descriptor) }
            return nil
        }
        (self.epoll, self.event) = (epoll, event)
    }

    deinit {
        close(epoll)
        close(event)
    }

    package func watchOnce(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) -> DescriptorWatch? {
        state.withLock { state in
            let token = state.nextToken
            guard spindle_epoll_add_once(epoll, descriptor, token) == 0 else { return nil }
            state.nextToken += 1
            state.handlers[token] = handler
            return DescriptorWatch(token: token, descriptor: descriptor)
        }
    }

    package func rearm(_ watch: DescriptorWatch, reading: Bool, writing: Bool) {
        _ = spindle_epoll_arm(epoll, watch.descriptor, watch.token, reading, writing)
    }

    package func unwatch(_ watch: DescriptorWatch) {
        let removed = state.withLock { $0.handlers.removeValue(forKey: watch.token) }
        if removed != nil { _ = spindle_epoll_remove(epoll, watch.descriptor) }
    }

    /// Ends a wait; from any thread.
    func wake() {
        var one: UInt64 = 1
        // Fails only when it has been told already.
        write(event, &one, 8)
    }

    /// Waits for events, and calls their handlers.
    ///
    /// - Parameter timeout: nanoseconds; negative for none.
    func wait(timeout: Int64) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { tokens in
            let count = spindle_epoll_wait(epoll, tokens.baseAddress, Int32(tokens.count), timeout)
            for token in tokens.prefix(Int(max(0, count))) {
                if token == 0 {
                    var ignored: UInt64 = 0
                    read(event, &ignored, 8)
                } else {
                    state.withLock { $0.handlers[token] }?()
                }
            }
        }
    }
}
