internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import SpindleMemory

/// Looks after one child: its pipes on this program's side, its limits, and its end.
///
/// Kept alive by the monitor until the child has ended. Events come on the monitor's and the timers' thread.
final class ChildDriver: Sendable {
    let command: ChildCommand
    let input: WatchedDescriptor?
    let output: WatchedDescriptor?
    let errorOutput: WatchedDescriptor?
    let exit = Promise<ChildExit>()

    private struct State {
        var lifecycle = ChildLifecycle()
        var child: RunningChild?
        var end: RunningChild.End?
        var stopReason: ChildExit.StopReason?
        /// Outputs that are still held open count as at their end.
        var isOver = false
        var timers: [TimerThread.ID] = []
        var memoryWatch: ResidentMemoryWatch?
    }

    private let state = Lock(State())
    private let tail: TailReader?

    /// Starts the child.
    static func start(_ command: ChildCommand) async throws(ChildProcessError) -> ChildDriver {
        try command.check()
        do throws(ChildPlan.Failure) {
            let pipes = try ChildPipes(command)
            let driver = ChildDriver(command, pipes)
            let plan = pipes.complete(ChildPlan(command))
            let child = try await ChildStarter.shared.start(plan) { driver.exited($0) }
            withExtendedLifetime(pipes) { driver.begin(child) }
            return driver
        } catch {
            throw ChildProcessError(error, of: command)
        }
    }

    private init(_ command: ChildCommand, _ pipes: ChildPipes) {
        self.command = command
        input = pipes.input
        output = pipes.output
        errorOutput = pipes.errorOutput
        tail = pipes.tail.map { TailReader($0) }
    }

    private func begin(_ child: RunningChild) {
        tail?.read()
        if case .bytes(let bytes) = command.input, let input { InputFeeder(input, bytes).feed() }
        state.withLock { state in
            state.child = child
            guard state.lifecycle.isRunning else { return }
            if let timeout = command.timeout { schedule(&state, after: timeout) { $0.stop(for: .timeout) } }
            if let limit = command.limits.residentMemory {
                state.memoryWatch = ResidentMemoryWatch(child.pid, limit: limit) { [weak self] in
                    self?.stop(for: .residentMemory, by: .immediate)
                }
            }
        }
    }

    var pid: Int32 { state.withLock { $0.child?.pid ?? 0 } }

    // MARK: Stopping

    /// Signals the child, with its group where it has one of its own. False when it has ended.
    @discardableResult
    func signal(_ signal: Int32) -> Bool {
        let child = state.withLock { $0.lifecycle.isRunning ? $0.child : nil }
        guard let child else { return false }
        if case .shared = command.group { return child.signal(signal) == 0 }
        child.signalGroup(signal)
        return true
    }

    /// Stops the child, unless that is under way.
    func stop(for reason: ChildExit.StopReason, by ladder: KillLadder? = nil) {
        let (isFirst, action) = state.withLock { state in
            defer { state.stopReason = state.stopReason ?? reason }
            return (state.stopReason == nil, state.lifecycle.isRunning ? .nothing : state.lifecycle.lingeredLongEnough())
        }
        perform(action)
        if isFirst || ladder != nil { climb((ladder ?? command.stopping).steps[...]) }
    }

    private func climb(_ steps: ArraySlice<KillLadder.Step>) {
        guard let step = steps.first else {
            signal(SIGKILL)
            return
        }
        guard signal(step.signal) else { return }
        state.withLock { schedule(&$0, after: step.wait) { $0.climb(steps.dropFirst()) } }
    }

    private func schedule(_ state: inout State, after delay: Duration, _ action: @escaping @Sendable (ChildDriver) -> Void) {
        state.timers.append(
            TimerThread.shared.schedule(after: delay) { [weak self] in
                if let self { action(self) }
            })
    }

    // MARK: Reading

    /// Whether an output that gives nothing at present is to count as at its end.
    var isOver: Bool { state.withLock { $0.isOver } }

    func readerBegan() { state.withLock { $0.lifecycle.readerBegan() } }

    func readerEnded() { perform(state.withLock { $0.lifecycle.readerEnded() }) }

    /// Nobody is to read or write any more.
    func closePipes() {
        for descriptor in [input, output, errorOutput] { descriptor?.close() }
        perform(state.withLock { $0.lifecycle.readersDismissed() })
    }

    // MARK: The end

    private var outputs: [WatchedDescriptor] { [output, errorOutput, tail?.descriptor].compactMap { $0 } }
    private var holdsOutputs: Bool { outputs.contains { !$0.isHungUp } }

    private func exited(_ child: RunningChild) {
        let holdsOutputs = holdsOutputs
        perform(
            state.withLock { state in
                state.child = child
                cancelTimers(&state)
                state.memoryWatch?.stop()
                return state.lifecycle.exitNoticed(holdsOutputs: holdsOutputs)
            })
    }

    private func cancelTimers(_ state: inout State) {
        for timer in state.timers { TimerThread.shared.cancel(timer) }
        state.timers = []
    }

    private func perform(_ action: ChildLifecycle.Action) {
        switch action {
        case .nothing: break
        case .linger: linger()
        case .reap: reap()
        case .finish: finish()
        }
    }

    private func linger() {
        state.withLock { state in
            // Retained: nothing else may know of this any more.
            let timer = TimerThread.shared.schedule(after: command.lingering) { [self] in
                perform(self.state.withLock { $0.lifecycle.lingeredLongEnough() })
            }
            state.timers.append(timer)
        }
        for output in outputs {
            output.whenHungUp { [self] in
                if !holdsOutputs { perform(state.withLock { $0.lifecycle.outputsReleased() }) }
            }
        }
    }

    private func reap() {
        let child = state.withLock { state in
            cancelTimers(&state)
            return state.child
        }
        let isLeader = if case .own = command.group { true } else { false }
        let end = child?.reap(killingGroup: isLeader)
        tail?.finish()
        input?.close()
        let action = state.withLock { state in
            state.end = end
            state.isOver = true
            return state.lifecycle.reaped()
        }
        for output in outputs { output.wakeReader() }
        perform(action)
    }

    private func finish() {
        let (end, stopReason) = state.withLock { ($0.end, $0.stopReason) }
        exit.fulfil(ChildExit(end, stopReason: stopReason, lastErrorLines: tail?.lastLines ?? []))
    }
}

extension ChildPlan {
    fileprivate init(_ command: ChildCommand) {
        self.init(
            program: command.program, arguments: [command.name ?? command.program] + command.arguments,
            environment: command.environmentList)
        directory = command.workingDirectory
        user = command.user.map(Int64.init) ?? -1
        group = command.userGroup.map(Int64.init) ?? -1
        limits = command.limits
        descriptors = command.descriptors
        switch command.group {
        case .own: session = command.terminal == nil ? .group : .terminal
        case .shared: session = command.terminal == nil ? .shared : .terminal
        case .detached: session = command.terminal == nil ? .own : .terminal
        }
        if case .detached = command.group { endsWithThread = false } else { endsWithThread = true }
    }
}

extension ChildExit {
    fileprivate init(_ end: RunningChild.End?, stopReason: StopReason?, lastErrorLines: [String]) {
        switch end?.cause {
        case .exited(let code): (cause, leftCore) = (.exited(code: code), false)
        case .signalled(let signal, let leftCore): (cause, self.leftCore) = (.signalled(signal), leftCore)
        case .unknown, nil: (cause, leftCore) = (.unknown, false)
        }
        self.stopReason = stopReason
        userTime = end?.userTime ?? .zero
        systemTime = end?.systemTime ?? .zero
        maximumResidentMemory = end?.maximumResidentMemory ?? 0
        self.lastErrorLines = lastErrorLines
    }
}
