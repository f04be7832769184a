internal import CSpindle
internal import SpindleCore
internal import SpindleMemory

/// A few threads for calls that block, such as those of the file system, so that no guest's loop does.
///
/// One for the process. Threads start as work comes and end after idling for a while.
final class BlockingPool: Sendable {
    static let shared = BlockingPool(limit: 4)

    private let limit: Int
    private let state = Lock(State())
    private let wake = FutexWord()
    private static let idleTime: Int64 = 5_000_000_000

    private struct State {
        var queue: [@Sendable () -> Void] = []
        var taken = 0
        var threads = 0
        var idle = 0

        mutating func next() -> (@Sendable () -> Void)? {
            guard taken < queue.count else { return nil }
            defer {
                taken += 1
                if taken == queue.count {
                    queue.removeAll(keepingCapacity: true)
                    taken = 0
                }
            }
            return queue[taken]
        }
    }

    init(limit: Int) { self.limit = limit }

    /// Runs `work` on one of the threads. Without any, since the system gives none, on the calling one.
    func run(_ work: @escaping @Sendable () -> Void) {
        enum Next { case wake, start, nothing }
        let next: Next = state.withLock { state in
            state.queue.append(work)
            if state.idle > 0 { return .wake }
            guard state.threads < limit else { return .nothing }
            state.threads += 1
            return .start
        }
        switch next {
        case .nothing: break
        case .wake:
            wake.store(wake.load() &+ 1)
            wake.wake(1)
        case .start:
            guard DetachedThread.start(stackSize: 256 << 10, { self.serve() }) != nil else { return }
            let isAlone = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            if isAlone { while let work = state.withLock({ $0.next() }) { work() } }
        }
    }

    private func serve() {
        spindle_thread_set_name("spindle-io")
        BlockedCalls.admitSignal()
        while true {
            while let work = state.withLock({ $0.next() }) { work() }
            let seen = wake.load()
            let mayWait = state.withLock { state in
                guard state.queue.isEmpty else { return false }
                state.idle += 1
                return true
            }
            guard mayWait else { continue }
            wake.wait(while: seen, timeout: Self.idleTime)
            let isOver = state.withLock { state in
                state.idle -= 1
                guard state.queue.isEmpty, wake.load() == seen else { return false }
                state.threads -= 1
                return true
            }
            if isOver { return }
        }
    }
}
