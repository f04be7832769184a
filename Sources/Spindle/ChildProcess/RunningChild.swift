internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// A child from its start until it is taken out of the process table.
///
/// It is known by its pidfd, so that no signal ever meets another process that has come to have its number.
package final class RunningChild: Sendable {
    /// How a child ended, as wait(2) tells.
    package enum Cause: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32, leftCore: Bool)
        /// Somebody else has waited for it, or this program ignores SIGCHLD.
        case unknown
    }

    /// Its end, and what it and the processes it waited for had used.
    package struct End: Sendable {
        package let cause: Cause
        package let userTime: Duration
        package let systemTime: Duration
        /// In bytes; 0 when unknown.
        package let maximumResidentMemory: Int64
    }

    package let pid: Int32

    private struct State {
        /// -1 once reaped.
        var pidfd: Int32
        var monitor: (any DescriptorMonitor)?
        var watch: DescriptorWatch?
    }

    private let state: Lock<State>
    private let onExit: @Sendable (RunningChild) -> Void

    /// Starts it.
    ///
    /// - Parameters:
    ///   - monitor: who watches it.
    ///   - onExit: called on the monitor's thread, once; then it is time to ``reap(killingGroup:)``.
    package init(
        _ plan: ChildPlan, watchedBy monitor: any DescriptorMonitor = ProcessMonitor.shared,
        onExit: @escaping @Sendable (RunningChild) -> Void
    ) throws(ChildPlan.Failure) {
        let (pid, pidfd) = try plan.start()
        self.pid = pid
        self.onExit = onExit
        state = Lock(State(pidfd: pidfd))
        if !watch(by: monitor) {
            spindle_pidfd_signal(pidfd, SIGKILL)
            while spindle_child_reap(pidfd, nil) == -EAGAIN { sched_yield() }
            close(pidfd)
            throw ChildPlan.Failure(step: .create, errno: ENOMEM)
        }
    }

    /// Starts it for a caller who waits for its descriptor by itself.
    package init(unwatched plan: ChildPlan) throws(ChildPlan.Failure) {
        let (pid, pidfd) = try plan.start()
        self.pid = pid
        onExit = { _ in }
        state = Lock(State(pidfd: pidfd))
    }

    /// Has another monitor watch it from now on, unless it has ended.
    ///
    /// - Returns: false when there is no room.
    @discardableResult
    package func watch(by monitor: any DescriptorMonitor) -> Bool {
        state.withLock { state in
            if let watch = state.watch { state.monitor?.unwatch(watch) }
            guard state.pidfd >= 0 else { return true }
            state.monitor = monitor
            // Retained: the child is looked after whoever has forgotten it.
            state.watch = monitor.watchOnce(state.pidfd) { [self] in exited() }
            guard let watch = state.watch else { return false }
            monitor.rearm(watch, reading: true, writing: false)
            return true
        }
    }

    private func exited() {
        state.withLock { state in
            if let watch = state.watch { state.monitor?.unwatch(watch) }
            state.watch = nil
            state.monitor = nil
        }
        onExit(self)
    }

    /// - Returns: 0, or the error number: ESRCH when it has ended.
    @discardableResult
    package func signal(_ signal: Int32) -> Int32 {
        state.withLock { state in
            guard state.pidfd >= 0 else { return ESRCH }
            return -spindle_pidfd_signal(state.pidfd, signal)
        }
    }

    /// Signals the process group that it leads: also those of its descendants that have stayed in it, and also once it has ended.
    func signalGroup(_ signal: Int32) {
        state.withLock { state in
            if state.pidfd >= 0 { _ = spindle_pidfd_signal_group(state.pidfd, pid, signal) }
        }
    }

    /// Calls `body` with the pidfd, which is readable once the child has ended; -1 when it was reaped.
    package func withDescriptor<Result>(_ body: (Int32) -> Result) -> Result { body(state.withLock { $0.pidfd }) }

    /// Takes it out of the process table, once, after its exit.
    ///
    /// - Parameter killsGroup: whether what is left of the process group that it leads goes before, while the group's
    ///   number cannot have come to mean another.
    package func reap(killingGroup killsGroup: Bool = false) -> End {
        if killsGroup { signalGroup(SIGKILL) }
        return state.withLock { state in
            var end = spindle_child_end()
            let result = state.pidfd < 0 ? -ECHILD : spindle_child_reap(state.pidfd, &end)
            if state.pidfd >= 0 { close(state.pidfd) }
            state.pidfd = -1
            return End(result == 0 ? end : nil)
        }
    }
}

extension RunningChild.End {
    fileprivate init(_ end: spindle_child_end?) {
        cause =
            switch end?.code {
            case Int32(CLD_EXITED): .exited(end?.status ?? 0)
            case Int32(CLD_KILLED), Int32(CLD_DUMPED): .signalled(end?.status ?? 0, leftCore: end?.code == Int32(CLD_DUMPED))
            default: .unknown
            }
        userTime = .microseconds(end?.user_us ?? 0)
        systemTime = .microseconds(end?.system_us ?? 0)
        maximumResidentMemory = (end?.max_resident_kib ?? 0) << 10
    }
}
