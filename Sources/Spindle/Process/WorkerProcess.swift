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

    /// How long the zygote may take to say how a process ended of which that is not known yet: it may have many to bury.
    private static let statusTimeout = Duration.seconds(1)
    /// Likewise, where only figures are missing, or it was killed here.
    private static let figuresTimeout = Duration.milliseconds(100)

    let id: UInt64
    /// Whether the zygote has made it.
    let forked = Promise<Result<Int32, ProcessStartError>>()
    /// How it ended, once it has.
    package let end = Promise<ProcessEnd>()

    /// Descriptors are closed on the monitor's thread alone, under the lock: there they may be used without it.
    private struct State {
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
        var startFailure: ProcessStartError?
        var onControl: @Sendable ([UInt8]) -> Void = { _ in }
        var onEnd: @Sendable (ProcessEnd) -> Void = { _ in }
        var output: OutputReader?
        var errorOutput: OutputReader?
    }

    private let state = Lock(State())
    private var monitor: ProcessMonitor { .shared }

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
    ) async throws(ProcessStartError) -> WorkerProcess {
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

    private static func signalGroup(_ state: inout State, _ signal: Int32) {
        guard state.pidfd >= 0 else { return }
        if signal == SIGKILL { state.wasKilled = true }
        _ = spindle_pidfd_signal_group(state.pidfd, state.pid, signal)
    }

    // MARK: Fork

    /// Makes its control socket; the child's end is the caller's.
    func openControl() throws(ProcessStartError) -> Descriptor {
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

    func forkFailed(_ error: ProcessStartError) { forked.fulfil(.failure(error)) }

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

    private static func endRehearsal(_ state: inout State, _ monitor: ProcessMonitor) {
        if let watch = state.rehearsalWatch { monitor.unwatch(watch) }
        state.rehearsalWatch = nil
    }

    // MARK: Launch

    func launch(_ launch: Launch) throws(ProcessStartError) {
        let pipes = try ProcessPipes(launch.record.configuration)
        let file = Descriptor(try launch.record.write())
        defer { file.close() }
        let descriptors = [file.number] + pipes.descriptors + launch.descriptors
        var packet = spindle_launch_packet(magic: UInt32(SPINDLE_LAUNCH_MAGIC), count: UInt32(descriptors.count))
        try state.withLock { state throws(ProcessStartError) in
            guard state.lifecycle.launched() else { throw .zygoteLost }
            state.onControl = launch.onControl
            state.onEnd = launch.onEnd
            state.limits = launch.record.configuration.limits
            state.output = pipes.output
            state.errorOutput = pipes.errorOutput
            // Watched before it begins, so that nothing of it is missed.
            guard watchAll(&state) else {
                unwatchAll(&state)
                throw .unavailable("room for watching a process", errno: ENOSPC)
            }
            let result = spindle_packet_send(
                state.control, &packet, MemoryLayout.size(ofValue: packet), nil, 0, descriptors, descriptors.count, false)
            guard result == 0 else {
                unwatchAll(&state)
                if result == -EBADF { throw .invalid("a descriptor to be passed on is not open.") }
                // It was killed while it waited, and somebody else takes its place.
                throw result == -EPIPE || result == -ECONNRESET ? .zygoteLost : .unavailable("room for a message", errno: -result)
            }
            state.startTimer = launch.startTimeout.map { timeout in
                TimerThread.shared.schedule(after: timeout) { [weak self] in self?.startTimedOut(timeout) }
            }
            if let limit = state.limits.residentMemory {
                state.memoryWatch = ResidentMemoryWatch(state.pid, limit: limit) { [weak self] in self?.exceedMemoryLimit() }
            }
        }
    }

    private func watchAll(_ state: inout State) -> Bool {
        Self.endRehearsal(&state, monitor)
        state.exitWatch = monitor.watch(state.pidfd) { [self] in
            perform { state in
                if let watch = state.exitWatch { monitor.unwatch(watch) }
                state.seenEnd = ProcessReport(ofZombie: state.pid, pidfd: state.pidfd)
                return state.lifecycle.exitNoticed()
            }
        }
        state.controlWatch = monitor.watch(state.control) { [self] in readControl(atMost: 64) }
        guard state.exitWatch != nil, state.controlWatch != nil else { return false }
        for case let reader? in [state.output, state.errorOutput] {
            guard let watch = monitor.watch(reader.descriptor, { [self] in if !reader.readOnce() { stopReading(reader) } }) else {
                return false
            }
            state.watches.append(watch)
        }
        return true
    }

    private func unwatchAll(_ state: inout State) {
        for watch in state.watches + [state.exitWatch, state.controlWatch].compactMap({ $0 }) { monitor.unwatch(watch) }
        state.watches = []
        state.exitWatch = nil
        state.controlWatch = nil
    }

    /// At the end of an output: its descriptor would be readable for ever.
    private func stopReading(_ reader: OutputReader) {
        state.withLock { state in
            for watch in state.watches where watch.descriptor == reader.descriptor { monitor.unwatch(watch) }
        }
    }

    // MARK: Control, on the monitor's thread

    private func readControl(atMost limit: Int) {
        let (control, onControl) = state.withLock { ($0.control, $0.onControl) }
        withUnsafeTemporaryAllocation(byteCount: ProcessControl.packetLimit + 1, alignment: 16) { buffer in
            for _ in 0..<limit {
                var descriptors = 0
                let length = spindle_packet_receive(control, buffer.baseAddress, buffer.count, nil, &descriptors, false)
                if length == -Int64(EAGAIN) { return }
                guard length > 0 else { return controlFailed(isMalformed: length == -Int64(EMSGSIZE)) }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[1..<Int(length)])
                switch ProcessControl.Kind(rawValue: buffer[0]) {
                case .packet where !bytes.isEmpty: onControl(Array(bytes))
                case .rehearsed: continue
                case .begun: state.withLock { Self.endStart(&$0) }
                case .startFailure where bytes.count > 4: noteStartFailure(bytes)
                default: return controlFailed(isMalformed: true)
                }
            }
        }
    }

    /// Its socket is closed, which its end follows; or it said something that no worker says, and goes.
    private func controlFailed(isMalformed: Bool) {
        state.withLock { state in
            if let watch = state.controlWatch { monitor.unwatch(watch) }
            state.controlWatch = nil
            guard isMalformed else { return }
            state.wasMalformed = true
            Self.signalGroup(&state, SIGKILL)
        }
    }

    private func noteStartFailure(_ bytes: UnsafeRawBufferPointer) {
        let error = ProcessStartError(
            .notApplied, String(decoding: bytes[4...].prefix(1024), as: UTF8.self), errno: bytes.loadUnaligned(as: Int32.self))
        state.withLock { $0.startFailure = error }
    }

    /// Something in it, or in the system, has it wait for what does not come.
    private func startTimedOut(_ timeout: Duration) {
        state.withLock { state in
            guard state.startTimer != nil else { return }
            state.startFailure = ProcessStartError(
                .timedOut,
                "The worker process had not begun its program \(timeout) after its launch and was ended; the machine may be overloaded."
            )
            Self.signalGroup(&state, SIGKILL)
        }
    }

    private static func endStart(_ state: inout State) {
        if let timer = state.startTimer { TimerThread.shared.cancel(timer) }
        state.startTimer = nil
    }

    private func exceedMemoryLimit() {
        state.withLock { state in
            state.isOverResidentLimit = true
            Self.signalGroup(&state, SIGKILL)
        }
    }

    // MARK: End, on the monitor's thread

    func statusReported(_ report: ProcessReport) {
        forked.fulfil(.failure(.zygoteLost))
        perform(report) { $0.lifecycle.statusReported() }
    }

    func zygoteLost() {
        forked.fulfil(.failure(.zygoteLost))
        perform { state in
            state.wasZygoteLost = true
            return state.lifecycle.zygoteLost()
        }
    }

    private func perform(_ report: ProcessReport? = nil, _ event: (inout State) -> ProcessLifecycle.Action) {
        switch state.withLock(event) {
        case .nothing: break
        case .kill: signalGroup(SIGKILL)
        case .awaitStatus:
            let isKnown = state.withLock { $0.seenEnd != nil || $0.wasKilled }
            // Not cancelled when the status comes: it then finds nothing to do.
            _ = TimerThread.shared.schedule(after: isKnown ? Self.figuresTimeout : Self.statusTimeout) { [self] in
                monitor.perform { [self] in perform { $0.lifecycle.waitedLongEnough() } }
            }
        case .finish: finish(report)
        }
    }

    private func finish(_ report: ProcessReport?) {
        // What it sent and wrote before it ended comes before its end. A socket holds fewer packets than that.
        if state.withLock({ $0.control >= 0 && $0.controlWatch != nil }) { readControl(atMost: 4096) }
        let (output, errorOutput) = state.withLock { ($0.output, $0.errorOutput) }
        output?.drain()
        errorOutput?.drain()
        let (end, onEnd) = state.withLock { state in
            unwatchAll(&state)
            let onEnd = state.onEnd
            state.memoryWatch?.stop()
            Self.endStart(&state)
            Self.closeAll(&state)
            let end = ProcessEnd(
                pid: state.pid, report ?? (state.wasZygoteLost ? nil : state.seenEnd), limits: state.limits,
                isOverResidentLimit: state.isOverResidentLimit,
                startFailure: state.startFailure,
                errorOutput: errorOutput?.lastLines ?? [], wasMalformed: state.wasMalformed,
                wasZygoteLost: state.wasZygoteLost)
            return (end, onEnd)
        }
        self.end.fulfil(end)
        onEnd(end)
    }

    private static func closeAll(_ state: inout State) {
        for descriptor in [state.control, state.pidfd] where descriptor >= 0 { Descriptor(descriptor).close() }
        state.control = -1
        state.pidfd = -1
        state.output = nil
        state.errorOutput = nil
        state.onControl = { _ in }
        state.onEnd = { _ in }
    }
}
