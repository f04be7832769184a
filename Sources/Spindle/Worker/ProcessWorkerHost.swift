internal import Logging
internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A worker in a process of its own, from its owner's side. Drives the same ``WorkerLifecycle`` as a thread worker.
///
/// Messages go by way of the link between the two mailboxes here and the two in the
/// process. What has to get through while the program is busy (stop) and what ends it
/// (its own words, its process's death) comes beside them.
final class ProcessWorkerHost<Program: WorkerProgram>: WorkerHost {
    let head: WorkerHead<Program>

    private let logger: Logger?
    private let startedAt = TimerThread.now
    private let state = Lock(State())

    private struct State {
        var process: WorkerProcess?
        var link: Link<Program.Outbound, Program.Inbound>?
        /// Its process has ended.
        var isGone = false
        /// What the program said of its own end.
        var programEnd: WorkerExit?
        /// How many messages it says it took in.
        var received: UInt64?
        /// What it did that no worker does, or what it could not do; it was killed for it.
        var offence: WorkerCrash.Cause?
        /// Processor time and age at its end.
        var lastUsage: ExecutorUsage?
    }

    /// Starts the process. Returns when it is there; its program begins soon after.
    static func start(
        _ configuration: ProcessConfiguration, _ options: WorkerOptions, workerData: Program.WorkerData
    ) async throws(WorkerStartError) -> ProcessWorkerHost {
        let host = ProcessWorkerHost(options)
        do {
            try await host.launch(configuration, options, workerData)
        } catch {
            throw WorkerStartError(error)
        }
        return host
    }

    private init(_ options: WorkerOptions) {
        head = WorkerHead(options, context: WorkerContext(name: options.name))
        logger = options.logger
    }

    private func launch(
        _ configuration: ProcessConfiguration, _ options: WorkerOptions, _ workerData: Program.WorkerData
    ) async throws {
        let settings = WorkerLaunch.Settings(
            id: context.id.number, name: context.name, parentID: context.parentID.number,
            environment: context.environment.encoded(), inboxLimit: options.inboxLimit, outboxLimit: options.outboxLimit,
            stackSize: options.stackSize, nice: options.nice, program: try ProgramName.check(Program.self))
        try MessageCoding.check(Program.Inbound.self)
        try MessageCoding.check(Program.Outbound.self)
        let launch = try EncodedMessage(WorkerLaunch(settings, workerData: try EncodedMessage(workerData)))
        let (mine, theirs) = try LinkEndpoint.pair()
        let place = try ThreadExecutor.current.map { LinkHub.Place(on: $0) } ?? LinkHub.shared.place()
        let process = try await WorkerProcess.launch(
            configuration.named(context.name), main: WorkerProcessMain.self, subject: settings.program, payload: launch.bytes,
            descriptors: (theirs.descriptors + launch.attachments).map(\.number), startTimeout: WorkerProcess.longestStart,
            onControl: { [weak self] packet in self?.received(packet) },
            onEnd: { [self] end in processEnded(end) })
        head.started()
        let isUnwanted = state.withLock { state in
            state.process = process
            return state.offence != nil
        }
        let link = try Link(
            mine, inbox: outbox, outbox: inbox, on: place, onFailure: { [weak self] in self?.linkFailed($0) },
            onHangUp: { [weak self] in self?.linkHungUp() })
        link.start()
        let isGone = state.withLock { state in
            state.link = link
            return state.isGone
        }
        if isGone { link.peerEnded() }
        if isUnwanted { process.kill(killingAfter: .zero) }
        if !head.adopted(self) { requestTermination() }
    }

    // MARK: From the process

    private func received(_ packet: [UInt8]) {
        guard let message = try? EncodedMessage(bytes: packet).decode(WorkerControl.self) else {
            return end(.malformedMessage("a control packet that cannot be read."))
        }
        switch message {
        case .online:
            // Also of one that was told to stop meanwhile.
            _ = head.programStarted()
            online.fulfil(true)
        case .ended(let end, let received):
            let isFirst = state.withLock { state in
                defer {
                    state.programEnd = state.programEnd ?? end.exit
                    state.received = received
                }
                return state.programEnd == nil
            }
            // Its last messages must not keep the process from ending because nobody receives them now.
            if isFirst { outbox.raiseLimit(by: min(outbox.limit, 1 << 20) + LinkEndpoint.mostMessages) }
        case .setUpFailed(let why):
            state.withLock { $0.offence = $0.offence ?? .setUp(why) }
        case .log(let record):
            record.log(to: logger, worker: context.name)
        }
    }

    private func linkFailed(_ failure: LinkFailure) {
        end(failure.crashCause)
    }

    /// The process has let go of its side of the link, as it does when it ends. One that goes on would never be heard of again.
    private func linkHungUp() {
        head.schedule(after: WorkerProcess.longestFarewell) { [weak self] in
            self?.end(.malformedMessage("it took back its link and went on."))
        }
    }

    private func end(_ cause: WorkerCrash.Cause) {
        let process = state.withLock { state in
            state.offence = state.offence ?? cause
            return state.process
        }
        process?.kill(killingAfter: .zero)
    }

    /// The process is gone. What it had sent before is still received: the link sees to that.
    private func processEnded(_ end: ProcessEnd) {
        inbox.discard()
        let link = state.withLock { state in
            defer { state.link = nil }
            state.isGone = true
            return state.link
        }
        link?.peerEnded()
        let exit = state.withLock { state in
            state.lastUsage = usage(cpuTime: end.cpuTime.nanoseconds)
            return state.offence.map { .crashed(end.crash($0)) } ?? state.programEnd ?? end.exit
        }
        head.perform(head.programEnded(exit), publish: head.publish)
    }

    // MARK: Stopping

    func handleDropped() {
        requestTermination()
        outbox.discard()
    }

    func requestTermination(within deadline: Duration) {
        guard exit.current == nil else { return }
        // The inbox stays open until the process closes it: the program is to see a cancellation and not an end.
        _ = head.terminateRequested()
        let process = state.withLock(\.process)
        process?.tell(.terminate)
        process?.kill(terminatingAfter: deadline * 3 / 4, killingAfter: deadline)
        head.schedule(after: deadline + Self.patience) { [weak head] in
            guard let head else { return }
            head.abandonIfRunning(publish: head.publish)
        }
    }

    /// How long a killed process may take to be gone. One that the kernel holds up is not waited for.
    private static var patience: Duration { .seconds(2) }

    // MARK: Figures

    /// What it does not get to say, a process that was killed takes with it.
    var undelivered: UInt64 {
        let accepted = inbox.acceptedCount
        return state.withLock { $0.received }.map { accepted >= $0 ? accepted - $0 : 0 } ?? inbox.discardedCount
    }

    func usage() -> ExecutorUsage {
        state.withLock { state in state.lastUsage ?? usage(cpuTime: state.process?.cpuTime ?? 0) }
    }

    private func usage(cpuTime: Int64) -> ExecutorUsage {
        let age = TimerThread.now - startedAt
        let active = min(age, cpuTime)
        return ExecutorUsage(active: active, idle: age - active, cpu: cpuTime)
    }
}
