internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// The owner's side of one zygote: its process and the socket to it.
///
/// Commands may be sent as soon as this exists, before the zygote does; they wait in the socket.
final class ZygoteConnection: Sendable {
    enum Report {
        /// With the child's pidfd, which is the receiver's from here on.
        case forked(id: UInt64, pid: Int32, pidfd: Int32)
        case forkFailed(id: UInt64, errno: Int32)
        case ended(id: UInt64, ProcessReport)
    }

    let generation: UInt64

    private struct State {
        var socket: Int32
        /// What the zygote is started with.
        var zygoteEnd: Int32
        var pid: Int32 = 0
        var pidfd: Int32 = -1
        var isLost = false
        var lastWordAt = TimerThread.now
        var socketWatch: ProcessMonitor.Watch?
        var exitWatch: ProcessMonitor.Watch?
    }

    private let state: Lock<State>

    init(generation: UInt64) throws(WorkerStartError) {
        self.generation = generation
        var sockets: [Int32] = [-1, -1]
        let error = spindle_packet_pair(&sockets)
        guard error == 0 else { throw .unavailable("socket", errno: -error) }
        state = Lock(State(socket: sockets[0], zygoteEnd: sockets[1]))
    }

    deinit {
        state.withLock { state in
            for descriptor in [state.socket, state.zygoteEnd, state.pidfd] where descriptor >= 0 { close(descriptor) }
        }
    }

    /// Starts the zygote; on the monitor's thread, as it takes a millisecond.
    func start(_ received: @escaping @Sendable (Report) -> Void, lost: @escaping @Sendable () -> Void) {
        let isUp = state.withLock { state in
            guard !state.isLost else { return false }
            state.pid = spindle_zygote_spawn(state.zygoteEnd)
            close(state.zygoteEnd)
            state.zygoteEnd = -1
            guard state.pid > 0 else { return false }
            state.pidfd = spindle_pidfd_open(state.pid)
            state.socketWatch = ProcessMonitor.shared.watch(state.socket) { [self] in
                if !receive(received) { lost() }
            }
            state.exitWatch = ProcessMonitor.shared.watch(state.pidfd) { [self] in
                reap()
                lost()
            }
            return state.socketWatch != nil && state.exitWatch != nil
        }
        if !isUp { lost() }
    }

    /// Asks for a child with that end of its control socket, to rehearse the program so named if there is one.
    func fork(_ id: UInt64, control: Int32, rehearsing program: String) throws(WorkerStartError) {
        var command = spindle_zygote_command(kind: UInt32(SPINDLE_ZYGOTE_FORK), unused: 0, id: id)
        let result = state.withLock { state in
            guard !state.isLost else { return -EPIPE }
            var control = control
            return spindle_packet_send(
                state.socket, &command, MemoryLayout.size(ofValue: command), program, program.utf8.count, &control, 1, false)
        }
        switch result {
        case 0: return
        case -EPIPE, -ECONNRESET: throw .zygoteLost
        default: throw .unavailable("room for a message", errno: -result)
        }
    }

    /// Whether the zygote has said anything in so many nanoseconds, or has only just begun.
    func hasSpoken(within nanoseconds: Int64) -> Bool {
        state.withLock { TimerThread.now - $0.lastWordAt < nanoseconds }
    }

    /// Ends the zygote and with it the connection. Of no effect on one that has ended.
    func kill() {
        state.withLock { state in
            state.isLost = true
            if let watch = state.socketWatch { ProcessMonitor.shared.unwatch(watch) }
            state.socketWatch = nil
            if state.pidfd >= 0 { _ = spindle_pidfd_signal(state.pidfd, SIGKILL) }
        }
    }

    /// It is a child of the program, whose entry in the process table has to go.
    private func reap() {
        state.withLock { state in
            waitpid(state.pid, nil, WNOHANG)
            if let watch = state.exitWatch { ProcessMonitor.shared.unwatch(watch) }
            state.exitWatch = nil
        }
    }

    /// Takes in what has come. False when the zygote is gone, or says what no zygote says.
    private func receive(_ received: (Report) -> Void) -> Bool {
        let socket = state.withLock { $0.isLost ? -1 : $0.socket }
        // Bounded, so that the monitor comes back to the others.
        for _ in 0..<64 where socket >= 0 {
            var report = spindle_zygote_report()
            var descriptor: Int32 = -1
            var count = 1
            let length = spindle_packet_receive(socket, &report, MemoryLayout.size(ofValue: report), &descriptor, &count, false)
            if length == -Int64(EAGAIN) { return true }
            state.withLock { $0.lastWordAt = TimerThread.now }
            if length == -Int64(EMFILE), report.kind == UInt32(SPINDLE_ZYGOTE_FORKED) {
                // This program has no descriptor left for the child's, which ends when nobody launches it.
                received(.forkFailed(id: report.id, errno: EMFILE))
                continue
            }
            guard length == MemoryLayout.size(ofValue: report) else { return false }
            guard let report = Report(report, descriptor: count == 1 ? descriptor : nil) else {
                if count == 1 { close(descriptor) }
                return false
            }
            received(report)
        }
        return true
    }
}

extension ZygoteConnection.Report {
    fileprivate init?(_ report: spindle_zygote_report, descriptor: Int32?) {
        switch (Int(report.kind), descriptor) {
        case (SPINDLE_ZYGOTE_FORKED, let pidfd?) where report.value > 1:
            self = .forked(id: report.id, pid: report.value, pidfd: pidfd)
        case (SPINDLE_ZYGOTE_FORK_FAILED, nil):
            self = .forkFailed(id: report.id, errno: report.value)
        case (SPINDLE_ZYGOTE_ENDED, nil):
            self = .ended(
                id: report.id,
                ProcessReport(
                    status: report.status, maximumResidentMemory: report.max_resident_kib << 10,
                    cpuTime: .microseconds(report.user_us) + .microseconds(report.system_us)))
        default: return nil
        }
    }
}
