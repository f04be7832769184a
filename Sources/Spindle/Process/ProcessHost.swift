internal import CSpindle
internal import SpindleCore
internal import SpindleMemory

/// Starts worker processes: keeps the zygote and the spares, and passes on what the zygote reports.
final class ProcessHost: Sendable {
    static let shared = ProcessHost()

    /// How long the zygote may take to fork; it needs a third of a millisecond. One that says nothing for so long is ended.
    private static let forkTimeout = Duration.seconds(30)
    /// A fork at once would take a processor from the process that was just started.
    private static let refillDelay = Duration.milliseconds(5)
    /// A spare may have been killed while it waited, or the zygote be lost.
    private static let attempts = 3

    private struct State {
        var zygote: ZygoteConnection?
        var machine = ZygoteStateMachine()
        var spares = SpareStateMachine()
        /// Forked or about to be, and not yet ended.
        var processes: [UInt64: WorkerProcess] = [:]
        var nextID: UInt64 = 1
        /// What spares rehearse: what was launched last, as it is the likeliest to be next.
        var rehearsal = Rehearsal(main: _mangledTypeName(WorkerProcessMain.self) ?? "", subject: "").text
    }

    private let state = Lock(State())
    private var monitor: ProcessMonitor { .shared }

    private init() {}

    func launch(_ launch: WorkerProcess.Launch) async throws(WorkerStartError) -> WorkerProcess {
        var failure = WorkerStartError.zygoteLost
        for _ in 0..<Self.attempts {
            let process = try reserve(likelyNext: launch.rehearsal)
            do throws(WorkerStartError) {
                try await awaitFork(of: process)
                try process.launch(launch)
                _ = TimerThread.shared.schedule(after: Self.refillDelay) { [self] in refill() }
                return process
            } catch {
                process.release()
                guard error.code == .zygoteLost else { throw error }
                failure = error
            }
        }
        throw failure
    }

    func prepare(spares: Int) async throws(WorkerStartError) {
        guard (0...256).contains(spares) else { throw .invalid("there are 0 to 256 spares.") }
        let excess = try withZygote { state, _ in
            state.spares.target = spares
            var excess: [WorkerProcess] = []
            while let id = state.spares.takeExcess() { if let process = state.processes[id] { excess.append(process) } }
            return excess
        }
        for process in excess { process.release() }
        refill()
        let awaited = state.withLock { state in state.spares.all.compactMap { state.processes[$0] } }
        for process in awaited {
            try await awaitFork(of: process)
            await process.rehearsed()
        }
    }

    // MARK: Asking the zygote

    /// A spare, or a process whose fork is asked for.
    private func reserve(likelyNext rehearsal: String) throws(WorkerStartError) -> WorkerProcess {
        try withZygote { state, failed in
            if rehearsal.utf8.count <= SPINDLE_REHEARSAL_MOST { state.rehearsal = rehearsal }
            if let id = state.spares.take(), let process = state.processes[id] { return process }
            return Self.askForFork(asSpare: false, &state, &failed)
        }
    }

    private func refill() {
        _ = try? withZygote { state, failed in
            while state.spares.missing > 0, failed.isEmpty { _ = Self.askForFork(asSpare: true, &state, &failed) }
        }
    }

    /// Forks that could not be asked for, to be told once the lock is free.
    private typealias Failures = [(WorkerProcess, WorkerStartError)]

    /// Runs `body` under the lock, with a zygote there or on its way.
    private func withZygote<Result>(_ body: (inout State, inout Failures) -> Result) throws(WorkerStartError) -> Result {
        guard spindle_entry_is_taken() else {
            throw WorkerStartError(
                .notEntered, "Worker processes need the start of the program: call WorkerProcesses.enter() first thing in main.")
        }
        try monitor.start()
        var failed: Failures = []
        let result = try state.withLock { state throws(WorkerStartError) in
            switch state.machine.needed(at: TimerThread.now) {
            case .use: break
            case .start(let generation):
                do throws(WorkerStartError) {
                    state.zygote = try startZygote(generation)
                } catch {
                    _ = state.machine.lost(generation: generation, at: TimerThread.now)
                    throw error
                }
            case .refuse(let nanoseconds):
                throw WorkerStartError(
                    .zygoteLost,
                    "The process that workers are forked from keeps ending; the next attempt is allowed in \(nanoseconds / 1_000_000) ms. Look for a limit on memory or processes, and at what the program printed to standard error."
                )
            }
            return body(&state, &failed)
        }
        for (process, error) in failed { process.forkFailed(error) }
        return result
    }

    private func startZygote(_ generation: UInt64) throws(WorkerStartError) -> ZygoteConnection {
        let zygote = try ZygoteConnection(generation: generation)
        monitor.perform { [self] in
            zygote.start({ self.received($0, from: zygote) }, lost: { self.lost(zygote) })
        }
        return zygote
    }

    private static func askForFork(asSpare: Bool, _ state: inout State, _ failed: inout Failures) -> WorkerProcess {
        let process = WorkerProcess(id: state.nextID)
        state.nextID += 1
        state.processes[process.id] = process
        if state.spares.forkWanted(process.id, asSpare: asSpare) { sendFork(process, &state, &failed) }
        return process
    }

    private static func sendFork(_ first: WorkerProcess, _ state: inout State, _ failed: inout Failures) {
        var next: WorkerProcess? = first
        while let process = next {
            next = nil
            var error: WorkerStartError?
            do throws(WorkerStartError) {
                let childEnd = try process.openControl()
                defer { childEnd.close() }
                // One that is waited for would only lose time.
                let rehearsed = state.spares.isSpare(process.id) ? state.rehearsal : ""
                guard let zygote = state.zygote else { throw .zygoteLost }
                try zygote.fork(process.id, control: childEnd.number, rehearsing: rehearsed)
            } catch let problem {
                error = problem
            }
            guard let error else { return }
            failed.append((process, error))
            state.processes[process.id] = nil
            if case .some(let id?) = state.spares.forkAnswered(process.id, isParked: false) { next = state.processes[id] }
        }
    }

    private func awaitFork(of process: WorkerProcess) async throws(WorkerStartError) {
        if case .success = process.forked.current { return }
        let timer = TimerThread.shared.schedule(after: Self.forkTimeout) { [self] in
            process.forkFailed(
                WorkerStartError(
                    .timedOut,
                    "The process that workers are forked from did not answer for \(Self.forkTimeout); the machine may be overloaded."
                ))
            let zygote = state.withLock { $0.zygote }
            // One that is only slow has other workers to look after.
            if zygote?.hasSpoken(within: Self.forkTimeout.nanoseconds) == false { zygote?.kill() }
        }
        defer { TimerThread.shared.cancel(timer) }
        switch await process.forked.valueDespiteCancellation() {
        case .success: return
        case .failure(let error): throw error
        }
    }

    // MARK: The zygote's answers, on the monitor's thread

    private func received(_ report: ZygoteConnection.Report, from zygote: ZygoteConnection) {
        switch report {
        case .forked(let id, let pid, let pidfd):
            guard let process = answered(id, isParked: true, from: zygote) else { return Descriptor(pidfd).close() }
            process.forkEnded(pid: pid, pidfd: pidfd)
        case .forkFailed(let id, let errno):
            answered(id, isParked: false, from: zygote)?.forkFailed(.unavailable("process", errno: errno))
        case .ended(let id, let report):
            // One that is not known was given up before it was launched.
            state.withLock { state in
                state.spares.ended(id)
                return state.processes.removeValue(forKey: id)
            }?.statusReported(report)
        }
    }

    /// Notes the answer to a fork, and asks for the next. Nil after an answer that nobody waits for.
    private func answered(_ id: UInt64, isParked: Bool, from zygote: ZygoteConnection) -> WorkerProcess? {
        var failed: Failures = []
        let (process, isExpected) = state.withLock { state -> (WorkerProcess?, Bool) in
            guard let next = state.spares.forkAnswered(id, isParked: isParked) else { return (nil, false) }
            let process = isParked ? state.processes[id] : state.processes.removeValue(forKey: id)
            if let next, let waiting = state.processes[next] { Self.sendFork(waiting, &state, &failed) }
            return (process, true)
        }
        for (process, error) in failed { process.forkFailed(error) }
        if !isExpected { lost(zygote) }
        return process
    }

    /// Reports its workers as ended, whose groups are killed. The next launch starts another.
    private func lost(_ zygote: ZygoteConnection) {
        let processes = state.withLock { state -> [WorkerProcess] in
            guard state.machine.lost(generation: zygote.generation, at: TimerThread.now) else { return [] }
            defer {
                state.zygote = nil
                state.processes = [:]
                state.spares.zygoteLost()
            }
            return Array(state.processes.values)
        }
        zygote.kill()
        for process in processes { process.zygoteLost() }
    }
}
