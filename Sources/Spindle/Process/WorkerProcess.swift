internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import SpindleMemory

/// A worker's process, from its fork to its end.
///
/// The monitor keeps it until it has ended, so dropping it neither ends the process
/// nor loses anything. Its end comes after everything that it sent on its control
/// socket and wrote to its outputs before.
package final class WorkerProcess: Sendable {
    /// What a parked child is to become.
    struct Launch {
        var record: LaunchRecord
        /// See ``Rehearsal``.
        var rehearsal: String
        var descriptors: [Int32]
        var startTimeout: Duration?
        var onControl: @Sendable ([UInt8]) -> Void
        var onEnd: @Sendable (ProcessEnd) -> Void
    }

    let id: UInt64
    /// Whether the zygote has made it.
    let forked = Promise<Result<Int32, WorkerStartError>>()
    /// How it ended, once it has.
    package let end = Promise<ProcessEnd>()

    /// Descriptors are closed on the monitor's thread alone, under the lock: there they may be used without it.
    struct State {
        var lifecycle = ProcessLifecycle()
        var pid: Int32 = 0
        var pidfd: Int32 = -1
        var control: Int32 = -1
        var watches: [ProcessMonitor.Watch] = []
        var exitWatch: ProcessMonitor.Watch?
        var controlWatch: ProcessMonitor.Watch?
        var rehearsalWatch: ProcessMonitor.Watch?
        var memoryWatch: ResidentMemoryWatch?
        var limits = ProcessLimits()
        var isOverResidentLimit = false
        /// Sent SIGKILL from here.
        var wasKilled = false
        /// What could be seen of its end before the zygote told.
        var seenEnd: ProcessReport?
        var wasMalformed = false
        var wasZygoteLost = false
        /// Until its program has begun, where there is a time for that.
        var startTimer: TimerThread.ID?
        var startFailure: WorkerStartError?
        var onControl: @Sendable ([UInt8]) -> Void = { _ in }
        var onEnd: @Sendable (ProcessEnd) -> Void = { _ in }
        var output: OutputReader?
        var errorOutput: OutputReader?
    }

    let state = Lock(State())
    var monitor: ProcessMonitor { .shared }

    init(id: UInt64) { self.id = id }

    deinit {
        // One that was never launched; all others were closed at their end.
        state.withLock { Self.closeAll(&$0) }
    }

    /// Starts `main` in a process of its own.
    ///
    /// Returns when the program is handed over, which does not mean that it has begun: what the
    /// new process cannot apply of its configuration shows in its end, as ``ProcessEnd/startFailure``.
    /// Goes on to that end when the calling task is cancelled, for ten seconds at most.
    ///
    /// - Parameters:
    ///   - subject: for ``ProcessMain/rehearse(_:)`` of the next process.
    ///   - payload: what the program finds at its start; of any size.
    ///   - descriptors: 200 at most; duplicates of them go along, so the caller's may be closed afterwards.
    ///   - startTimeout: how long it may take until it says that it has begun (``ProcessControl/tellBegun()``); one that
    ///     takes longer is killed, and has a ``ProcessEnd/startFailure``. Nil for one that does not say so.
    ///   - onControl: gets the packets of the process in order, on the monitor's thread: brief and without blocking.
    ///   - onEnd: told how it ended, once and last, likewise.
    package static func launch(
        _ configuration: ProcessConfiguration = ProcessConfiguration(),
        main: any ProcessMain.Type,
        subject: String = "",
        payload: [UInt8] = [],
        descriptors: [Int32] = [],
        startTimeout: Duration? = nil,
        onControl: @escaping @Sendable ([UInt8]) -> Void = { _ in },
        onEnd: @escaping @Sendable (ProcessEnd) -> Void = { _ in }
    ) async throws(WorkerStartError) -> WorkerProcess {
        let program = try ProgramName.check(main)
        try configuration.check(descriptors: descriptors)
        let record = LaunchRecord(program: program, configuration: configuration, payload: payload)
        return try await ProcessHost.shared.launch(
            Launch(
                record: record, rehearsal: Rehearsal(main: program, subject: subject).text, descriptors: descriptors,
                startTimeout: startTimeout, onControl: onControl, onEnd: onEnd))
    }

    /// Its process id. Means something else once the process has ended: signal it by ``signal(_:)``.
    package var pid: Int32 { state.withLock { $0.pid } }

    /// Processor time of all its threads in nanoseconds; 0 when it has ended.
    var cpuTime: Int64 { max(0, spindle_clock_time(spindle_process_cpu_clock(pid))) }

    // MARK: What the owner does to it

    /// Why a control packet was not sent.
    package enum SendFailure: Error, Sendable {
        /// The process has not yet read what was sent before.
        case full
        /// The process has ended, or closed its socket.
        case ended
    }

    /// Sends a packet to the process; never blocks.
    ///
    /// - Precondition: 1 to ``ProcessControl/packetLimit`` bytes.
    package func send(_ packet: [UInt8]) throws(SendFailure) {
        precondition(
            (1...ProcessControl.packetLimit).contains(packet.count),
            "A control packet has 1 to \(ProcessControl.packetLimit) bytes.")
        let result = state.withLock { state in
            state.control < 0 ? -EPIPE : spindle_packet_send(state.control, packet, packet.count, nil, 0, nil, 0, false)
        }
        switch result {
        case 0: return
        case -EAGAIN, -ENOBUFS, -ENOMEM: throw .full
        default: throw .ended
        }
    }

    /// Sends a signal to the process. Of no effect once it has ended; never hits another one.
    package func signal(_ signal: Int32) {
        state.withLock { state in
            guard state.pidfd >= 0 else { return }
            if signal == SIGKILL { state.wasKilled = true }
            _ = spindle_pidfd_signal(state.pidfd, signal)
        }
    }

    /// Sends a signal to the process and all those in its group. Of no effect once it has ended.
    package func signalGroup(_ signal: Int32) {
        state.withLock { Self.signalGroup(&$0, signal) }
    }

    static func signalGroup(_ state: inout State, _ signal: Int32) {
        guard state.pidfd >= 0 else { return }
        if signal == SIGKILL { state.wasKilled = true }
        _ = spindle_pidfd_signal_group(state.pidfd, state.pid, signal)
    }

    // MARK: Fork

    /// Makes its control socket; the child's end is the caller's.
    func openControl() throws(WorkerStartError) -> Descriptor {
        var sockets: [Int32] = [-1, -1]
        let error = spindle_packet_pair(&sockets)
        guard error == 0 else { throw .unavailable("socket", errno: -error) }
        state.withLock { $0.control = sockets[0] }
        return Descriptor(sockets[1])
    }

    func forkEnded(pid: Int32, pidfd: Int32) {
        let isWanted = state.withLock { state in
            guard state.lifecycle.forked() else { return false }
            state.pid = pid
            state.pidfd = pidfd
            return true
        }
        if !isWanted { Descriptor(pidfd).close() }
        forked.fulfil(isWanted ? .success(pid) : .failure(.zygoteLost))
    }

    func forkFailed(_ error: WorkerStartError) { forked.fulfil(.failure(error)) }

    /// Gives a child up that was not launched: it ends when its socket closes.
    func release() {
        monitor.perform { [self] in state.withLock { if $0.watches.isEmpty { Self.closeAll(&$0) } } }
    }

    /// Waits until the child has rehearsed, a second at most. One that was launched or has ended meanwhile is waited for no longer.
    func rehearsed() async {
        let isReadable = Promise<Void>()
        let watch = state.withLock { state -> ProcessMonitor.Watch? in
            guard state.control >= 0, state.controlWatch == nil else { return nil }
            let watch = monitor.watch(state.control) { [self] in
                self.state.withLock { Self.endRehearsal(&$0, monitor) }
                isReadable.fulfil(())
            }
            state.rehearsalWatch = watch
            return watch
        }
        guard watch != nil else { return }
        let timer = TimerThread.shared.schedule(after: .seconds(1)) { isReadable.fulfil(()) }
        await isReadable.valueDespiteCancellation()
        TimerThread.shared.cancel(timer)
        state.withLock { Self.endRehearsal(&$0, monitor) }
    }

    static func endRehearsal(_ state: inout State, _ monitor: ProcessMonitor) {
        if let watch = state.rehearsalWatch { monitor.unwatch(watch) }
        state.rehearsalWatch = nil
    }
}
