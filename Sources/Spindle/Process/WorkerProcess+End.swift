internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import SpindleMemory

// What the process says and how it ends, all on the monitor's thread.

extension WorkerProcess {
    /// How long the zygote may take to say how a process ended of which that is not known yet: it may have many to bury.
    private static let statusTimeout = Duration.seconds(1)
    /// Likewise, where only figures are missing, or it was killed here.
    private static let figuresTimeout = Duration.milliseconds(100)

    // MARK: Control

    func readControl(atMost limit: Int) {
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
    func controlFailed(isMalformed: Bool) {
        state.withLock { state in
            if let watch = state.controlWatch { monitor.unwatch(watch) }
            state.controlWatch = nil
            guard isMalformed else { return }
            state.wasMalformed = true
            Self.signalGroup(&state, SIGKILL)
        }
    }

    func noteStartFailure(_ bytes: UnsafeRawBufferPointer) {
        let error = WorkerStartError(
            .notApplied, String(decoding: bytes[4...].prefix(1024), as: UTF8.self), errno: bytes.loadUnaligned(as: Int32.self))
        state.withLock { $0.startFailure = error }
    }

    /// Something in it, or in the system, has it wait for what does not come.
    func startTimedOut(_ timeout: Duration) {
        state.withLock { state in
            guard state.startTimer != nil else { return }
            state.startFailure = WorkerStartError(
                .timedOut,
                "The worker process had not begun its program \(timeout) after its launch and was ended; the machine may be overloaded."
            )
            Self.signalGroup(&state, SIGKILL)
        }
    }

    static func endStart(_ state: inout State) {
        if let timer = state.startTimer { TimerThread.shared.cancel(timer) }
        state.startTimer = nil
    }

    func exceedMemoryLimit() {
        state.withLock { state in
            state.isOverResidentLimit = true
            Self.signalGroup(&state, SIGKILL)
        }
    }

    // MARK: End

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

    func perform(_ report: ProcessReport? = nil, _ event: (inout State) -> ProcessLifecycle.Action) {
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

    func finish(_ report: ProcessReport?) {
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

    static func closeAll(_ state: inout State) {
        for descriptor in [state.control, state.pidfd] where descriptor >= 0 { Descriptor(descriptor).close() }
        state.control = -1
        state.pidfd = -1
        state.output = nil
        state.errorOutput = nil
        state.onControl = { _ in }
        state.onEnd = { _ in }
    }
}
