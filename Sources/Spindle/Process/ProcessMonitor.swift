internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// Somebody who watches descriptors, each for one event at a time.
package protocol DescriptorMonitor: AnyObject, Sendable {
    /// Calls `handler` once after each ``rearm(_:reading:writing:)``. Nil when the system has no room for it.
    func watchOnce(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) -> DescriptorWatch?

    /// Has the handler called when the descriptor is ready for either, or its other side is gone. The descriptor must be open.
    func rearm(_ watch: DescriptorWatch, reading: Bool, writing: Bool)

    /// Before the descriptor is closed. A handler that is running goes on to its end.
    func unwatch(_ watch: DescriptorWatch)
}

/// What to pass to ``DescriptorMonitor/unwatch(_:)``.
package struct DescriptorWatch: Sendable {
    package let token: UInt64
    package let descriptor: Int32

    package init(token: UInt64, descriptor: Int32) {
        self.token = token
        self.descriptor = descriptor
    }
}

/// One thread that watches descriptors for all worker processes and children (epoll(7)).
///
/// Started with the first process and kept. Handlers run on it, one at a time, and
/// must not block: what they own needs no other guard.
package final class ProcessMonitor: DescriptorMonitor {
    package static let shared = ProcessMonitor()

    typealias Watch = DescriptorWatch

    private struct State {
        var epoll: Int32 = -1
        var wake: Int32 = -1
        var handlers: [UInt64: @Sendable () -> Void] = [:]
        var actions: [@Sendable () -> Void] = []
        /// 0 is the wake-up's.
        var nextToken: UInt64 = 1
    }

    private let state = Lock(State())

    private init() {}

    /// Starts the thread unless it runs.
    func start() throws(WorkerStartError) {
        try state.withLock { state throws(WorkerStartError) in
            guard state.epoll < 0 else { return }
            let epoll = spindle_epoll_create()
            guard epoll >= 0 else { throw .unavailable("descriptor", errno: -epoll) }
            let wake = spindle_event_create()
            let result = wake < 0 ? wake : spindle_epoll_add(epoll, wake, 0)
            guard result == 0 else {
                close(epoll)
                if wake >= 0 { close(wake) }
                throw .unavailable("descriptor", errno: -result)
            }
            if let failed = DetachedThread.start(stackSize: 512 << 10, { [self] in run(epoll, wake) }) {
                close(epoll)
                close(wake)
                throw .unavailable("thread", errno: failed)
            }
            state.epoll = epoll
            state.wake = wake
        }
    }

    /// Calls `handler` on the monitor's thread whenever the descriptor is readable or its other end is
    /// gone, until ``unwatch(_:)``. Nil when the system has no room for it.
    func watch(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) -> Watch? {
        state.withLock { state in
            let token = state.nextToken
            guard spindle_epoll_add(state.epoll, descriptor, token) == 0 else { return nil }
            state.nextToken += 1
            state.handlers[token] = handler
            return Watch(token: token, descriptor: descriptor)
        }
    }

    package func watchOnce(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) -> DescriptorWatch? {
        guard (try? start()) != nil else { return nil }
        return state.withLock { state in
            let token = state.nextToken
            guard spindle_epoll_add_once(state.epoll, descriptor, token) == 0 else { return nil }
            state.nextToken += 1
            state.handlers[token] = handler
            return Watch(token: token, descriptor: descriptor)
        }
    }

    package func rearm(_ watch: DescriptorWatch, reading: Bool, writing: Bool) {
        _ = spindle_epoll_arm(state.withLock { $0.epoll }, watch.descriptor, watch.token, reading, writing)
    }

    package func unwatch(_ watch: DescriptorWatch) {
        state.withLock { state in
            guard state.handlers.removeValue(forKey: watch.token) != nil else { return }
            _ = spindle_epoll_remove(state.epoll, watch.descriptor)
        }
    }

    /// Runs `action` on the monitor's thread, which must have been started.
    func perform(_ action: @escaping @Sendable () -> Void) {
        let wake = state.withLock { state in
            state.actions.append(action)
            return state.wake
        }
        var one: UInt64 = 1
        // Fails only when the thread has been told already.
        write(wake, &one, 8)
    }

    private func run(_ epoll: Int32, _ wake: Int32) {
        spindle_thread_set_name("spindle-monitor")
        var tokens = [UInt64](repeating: 0, count: 64)
        while true {
            let count = spindle_epoll_wait(epoll, &tokens, Int32(tokens.count), -1)
            for token in tokens.prefix(Int(max(0, count))) {
                if token == 0 {
                    var ignored: UInt64 = 0
                    read(wake, &ignored, 8)
                    let actions = state.withLock { state in
                        defer { state.actions = [] }
                        return state.actions
                    }
                    for action in actions { action() }
                } else {
                    // An earlier handler of this round may have taken it away.
                    state.withLock { $0.handlers[token] }?()
                }
            }
        }
    }
}
