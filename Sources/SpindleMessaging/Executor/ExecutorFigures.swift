internal import CSpindle
internal import Synchronization

/// What an executor's thread has used so far.
package struct ExecutorUsage: Sendable, Equatable {
    /// Time spent running jobs, in nanoseconds.
    package var active: Int64
    /// Time spent waiting for jobs, in nanoseconds.
    package var idle: Int64
    /// CPU time, in nanoseconds.
    package var cpu: Int64

    package init(active: Int64, idle: Int64, cpu: Int64) {
        self.active = active
        self.idle = idle
        self.cpu = cpu
    }
}

/// Counts a thread's busy and idle time: written by the thread, read by anyone.
///
/// All accesses are relaxed: each figure stands alone, and a reader may see one a
/// moment older than another.
package final class ExecutorFigures: Sendable {
    package init() {}

    private let active = Atomic<Int64>(0)
    private let idle = Atomic<Int64>(0)
    /// When the present busy (positive) or idle (negative) stretch began; 0 without a thread.
    private let since = Atomic<Int64>(0)
    private let cpuClock = Atomic<Int32>(0)
    /// CPU time of threads that have ended.
    private let cpuBefore = Atomic<Int64>(0)

    package func threadStarted() {
        cpuClock.store(spindle_thread_cpu_clock(), ordering: .relaxed)
        since.store(spindle_monotonic_now(), ordering: .relaxed)
    }

    /// Called while idle.
    package func threadEnded() {
        becameIdle()
        since.store(0, ordering: .relaxed)
        let used = spindle_clock_time(cpuClock.exchange(0, ordering: .relaxed))
        cpuBefore.wrappingAdd(max(0, used), ordering: .relaxed)
    }

    package func becameIdle() { endStretch(in: active, nextSign: -1) }
    package func becameBusy() { endStretch(in: idle, nextSign: 1) }

    package func usage() -> ExecutorUsage {
        var usage = ExecutorUsage(
            active: active.load(ordering: .relaxed), idle: idle.load(ordering: .relaxed),
            cpu: cpuBefore.load(ordering: .relaxed))
        let began = since.load(ordering: .relaxed)
        if began != 0 {
            let elapsed = max(0, spindle_monotonic_now() - abs(began))
            if began > 0 { usage.active += elapsed } else { usage.idle += elapsed }
        }
        let clock = cpuClock.load(ordering: .relaxed)
        if clock != 0 { usage.cpu += max(0, spindle_clock_time(clock)) }
        return usage
    }

    private func endStretch(in total: borrowing Atomic<Int64>, nextSign: Int64) {
        let now = spindle_monotonic_now()
        let began = abs(since.load(ordering: .relaxed))
        total.store(total.load(ordering: .relaxed) + now - began, ordering: .relaxed)
        since.store(now * nextSign, ordering: .relaxed)
    }
}
