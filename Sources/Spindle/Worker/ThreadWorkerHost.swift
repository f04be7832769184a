internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A worker on a thread of this process: what its handle, its scope and its thread share. Drives its ``WorkerLifecycle``.
///
/// The thread holds this object and not the ``Worker`` handle, so that the loss of
/// the handle can be noticed and stops the worker.
final class ThreadWorkerHost<Program: WorkerProgram>: WorkerHost {
    let context: WorkerContext
    let executor: ThreadExecutor
    let terminationDeadline: Duration
    let exit = Promise<WorkerExit>()
    /// Whether its program has begun, or never will.
    let online = Promise<Bool>()
    /// From the owner's side; see `statistics`.
    let inbox: Mailbox<Program.Inbound>
    let outbox: Mailbox<Program.Outbound>

    private let state = Lock(State())
    private let parent = WorkerContext.current

    private struct State {
        var lifecycle = WorkerLifecycle()
        var task: Task<Void, Never>?
        /// One for each deadline that was set.
        var timers: [TimerThread.ID] = []
    }

    init(_ options: WorkerOptions, context: WorkerContext) throws(ThreadStartError) {
        self.context = context
        inbox = Mailbox(limit: options.inboxLimit)
        outbox = Mailbox(limit: options.outboxLimit)
        terminationDeadline = options.terminationDeadline
        executor = try ThreadExecutor(name: context.name, stackSize: options.stackSize, nice: options.nice)
    }

    func start(workerData: Program.WorkerData) {
        Workers.update {
            $0.started += 1
            $0.running += 1
        }
        // Before it runs, so that it cannot end before it is adopted.
        let adopted = parent?.adopt(self, id: context.id) ?? true
        if !adopted { requestTermination() }
        // Under the lock, so that nobody who wants to cancel the task finds it missing.
        state.withLock { state in
            state.task = Task(executorPreference: executor) { await self.run(workerData) }
        }
    }

    private func run(_ workerData: Program.WorkerData) async {
        guard state.withLock({ $0.lifecycle.programStarted() }) else { return await end(.terminated) }
        online.fulfil(true)
        let exit = await WorkerContext.$current.withValue(context) { () async -> WorkerExit in
            // The scope's port goes with the scope, so nothing but the program holds it open.
            let scope = WorkerScope<Program>(
                port: MessagePort(inbox: inbox, outbox: outbox), workerData: workerData,
                context: context, executor: executor)
            do {
                try await Program.run(scope)
                return .completed
            } catch let request as ExitRequest {
                return .exited(code: request.code)
            } catch {
                return .failed(error)
            }
        }
        await end(exit)
    }

    private func end(_ exit: WorkerExit) async {
        // Noted first: a worker whose own program has ended in time is not abandoned
        // for the sake of one it started, which has a deadline of its own.
        let action = state.withLock { $0.lifecycle.programEnded(exit) }
        await context.terminateChildren()
        switch action {
        case .exit(let exit):
            Workers.update { $0.running -= 1 }
            publish(exit)
        case .abandonedEnded:
            Workers.update { $0.abandoned -= 1 }
        }
        executor.stop()
    }

    /// Messages first: the owner finds all of them queued, then the end of the
    /// sequence, and the exit last.
    private func publish(_ exit: WorkerExit) {
        outbox.close()
        inbox.discard()
        let timers = state.withLock { state in
            state.task = nil
            defer { state.timers = [] }
            return state.timers
        }
        for timer in timers { TimerThread.shared.cancel(timer) }
        parent?.release(context.id)
        online.fulfil(false)
        self.exit.fulfil(exit)
    }

    // MARK: Stopping

    func requestTermination(within deadline: Duration) {
        guard exit.current == nil else { return }
        let (isFirst, task) = state.withLock { ($0.lifecycle.terminateRequested(), $0.task) }
        if isFirst {
            // Before the inbox ends, so that the program sees a cancellation and not an end.
            task?.cancel()
            inbox.discard()
            executor.interrupt.raise()
        }
        context.requestChildrenTermination(within: deadline)
        let timer = TimerThread.shared.schedule(after: deadline) { [weak self] in self?.abandonIfRunning() }
        let isLate = state.withLock { state in
            if !state.lifecycle.hasExited { state.timers.append(timer) }
            return state.lifecycle.hasExited
        }
        if isLate { TimerThread.shared.cancel(timer) }
    }

    private func abandonIfRunning() {
        guard state.withLock({ $0.lifecycle.deadlinePassed() }) else { return }
        Workers.abandonOne()
        publish(.abandoned)
    }

    var undelivered: UInt64 { inbox.discardedCount }
    func usage() -> ExecutorUsage { executor.usage() }
}
