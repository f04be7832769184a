internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import SpindleMemory

extension WorkerProcess {
    func launch(_ launch: Launch) throws(WorkerStartError) {
        let pipes = try ProcessPipes(launch.record.configuration)
        let file = Descriptor(try launch.record.write())
        defer { file.close() }
        let descriptors = [file.number] + pipes.descriptors + launch.descriptors
        var packet = spindle_launch_packet(magic: UInt32(SPINDLE_LAUNCH_MAGIC), count: UInt32(descriptors.count))
        try state.withLock { state throws(WorkerStartError) in
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

    func watchAll(_ state: inout State) -> Bool {
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

    func unwatchAll(_ state: inout State) {
        for watch in state.watches + [state.exitWatch, state.controlWatch].compactMap({ $0 }) { monitor.unwatch(watch) }
        state.watches = []
        state.exitWatch = nil
        state.controlWatch = nil
    }

    /// At the end of an output: its descriptor would be readable for ever.
    func stopReading(_ reader: OutputReader) {
        state.withLock { state in
            for watch in state.watches where watch.descriptor == reader.descriptor { monitor.unwatch(watch) }
        }
    }
}
