internal import Glibc
internal import SpindleMemory

/// Looks every 50 ms whether a process has more memory in use than it may, and says so once.
final class ResidentMemoryWatch: Sendable {
    private static let interval = Duration.milliseconds(50)

    private struct State {
        /// /proc/PID/statm (proc(5)). Open, it cannot come to mean another process.
        var file: Int32
        var timer: TimerThread.ID?
    }

    private let limit: UInt64
    private let onExceeded: @Sendable () -> Void
    private let state: Lock<State>

    /// Nil when there is nothing to look at: the process has ended, or there is no descriptor left.
    init?(_ pid: Int32, limit: UInt64, onExceeded: @escaping @Sendable () -> Void) {
        let file = open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        self.limit = limit
        self.onExceeded = onExceeded
        state = Lock(State(file: file))
        state.withLock { schedule(&$0) }
    }

    deinit { stop() }

    /// Idempotent.
    func stop() {
        state.withLock { state in
            if let timer = state.timer { TimerThread.shared.cancel(timer) }
            state.timer = nil
            if state.file >= 0 { close(state.file) }
            state.file = -1
        }
    }

    private func schedule(_ state: inout State) {
        state.timer = TimerThread.shared.schedule(after: Self.interval) { [weak self] in self?.look() }
    }

    private func look() {
        let isOver = state.withLock { state in
            guard state.file >= 0, let pages = residentPages(state.file) else { return false }
            let bytes = pages.multipliedReportingOverflow(by: UInt64(sysconf(Int32(_SC_PAGESIZE))))
            guard bytes.overflow || bytes.partialValue > limit else {
                schedule(&state)
                return false
            }
            return true
        }
        if isOver { onExceeded() }
    }
}

/// The second figure of statm; nil when the process has ended.
private func residentPages(_ statm: Int32) -> UInt64? {
    withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
        let count = pread(statm, buffer.baseAddress, buffer.count, 0)
        guard count > 0 else { return nil }
        let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
        return fields.count > 1 ? UInt64(String(decoding: fields[1], as: UTF8.self)) : nil
    }
}
