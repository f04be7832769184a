internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// What is behind a ``Worker`` handle: the worker itself, whatever it runs on.
protocol WorkerHost<Program>: AnyObject, NestedWorker {
    associatedtype Program: WorkerProgram

    var head: WorkerHead<Program> { get }

    /// Messages to the worker that it never received.
    var undelivered: UInt64 { get }
    /// Nobody has the worker any more: it ends, and what it has sent is received by nobody.
    func handleDropped()
    /// How busy it was.
    func usage() -> ExecutorUsage
}

extension WorkerHost {
    var context: WorkerContext { head.context }
    var inbox: Mailbox<Program.Inbound> { head.inbox }
    var outbox: Mailbox<Program.Outbound> { head.outbox }
    var online: Promise<Bool> { head.online }
    var exit: Promise<WorkerExit> { head.exit }

    func requestTermination() { requestTermination(within: head.terminationDeadline) }
    func handleDropped() { requestTermination() }
    func ended() async { _ = await exit.valueDespiteCancellation() }
}

/// What every worker has, wherever it runs: its identity, its queues, its lifecycle and the promise of its end.
final class WorkerHead<Program: WorkerProgram>: Sendable {
    let context: WorkerContext
    let terminationDeadline: Duration
    /// Messages to the worker.
    let inbox: Mailbox<Program.Inbound>
    /// Messages from the worker.
    let outbox: Mailbox<Program.Outbound>
    /// Whether its program has begun, or never will.
    let online = Promise<Bool>()
    /// Fulfilled once, when everything the worker sent before can be received.
    let exit = Promise<WorkerExit>()

    private let parent = WorkerContext.current
    private let state = Lock(State())

    private struct State {
        var lifecycle = WorkerLifecycle()
        /// One for each deadline that was set.
        var timers: [TimerThread.ID] = []
    }

    init(_ options: WorkerOptions, context: WorkerContext) {
        self.context = context
        inbox = Mailbox(limit: options.inboxLimit)
        outbox = Mailbox(limit: options.outboxLimit)
        terminationDeadline = options.terminationDeadline
    }

    /// Counts the worker.
    func started() {
        Workers.update {
            $0.started += 1
            $0.running += 1
        }
    }

    /// Has the worker end with the one that has started it. False when that one is ending already.
    func adopted(_ worker: any NestedWorker) -> Bool { parent?.adopt(worker, id: context.id) ?? true }

    // MARK: Events

    /// - Returns: false when it was stopped before.
    func programStarted() -> Bool { state.withLock { $0.lifecycle.programStarted() } }

    /// - Returns: whether it is the first time.
    func terminateRequested() -> Bool { state.withLock { $0.lifecycle.terminateRequested() } }

    func programEnded(_ exit: WorkerExit) -> WorkerLifecycle.EndAction { state.withLock { $0.lifecycle.programEnded(exit) } }

    // MARK: The end

    /// Does something after a time, unless the worker has ended by then.
    func schedule(after time: Duration, _ body: @escaping @Sendable () -> Void) {
        let timer = TimerThread.shared.schedule(after: time, body)
        let isLate = state.withLock { state in
            if !state.lifecycle.hasExited { state.timers.append(timer) }
            return state.lifecycle.hasExited
        }
        if isLate { TimerThread.shared.cancel(timer) }
    }

    /// - Parameter publish: told how it ended, unless that has been told.
    func perform(_ action: WorkerLifecycle.EndAction, publish: (WorkerExit) -> Void) {
        switch action {
        case .exit(let exit):
            Workers.update { $0.running -= 1 }
            publish(exit)
        case .abandonedEnded:
            Workers.update { $0.abandoned -= 1 }
        }
    }

    /// Gives the worker up if it has not ended.
    func abandonIfRunning(publish: (WorkerExit) -> Void) {
        guard state.withLock({ $0.lifecycle.deadlinePassed() }) else { return }
        Workers.abandonOne()
        publish(.abandoned)
    }

    /// Tells everybody who waits.
    func publish(_ exit: WorkerExit) {
        let timers = state.withLock { state in
            defer { state.timers = [] }
            return state.timers
        }
        for timer in timers { TimerThread.shared.cancel(timer) }
        parent?.release(context.id)
        online.fulfil(false)
        self.exit.fulfil(exit)
    }
}
