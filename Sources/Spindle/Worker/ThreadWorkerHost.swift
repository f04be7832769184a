internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A worker on a thread of this process: what its handle, its scope and its thread share. Drives its ``WorkerLifecycle``.
///
/// The thread holds this object and not the ``Worker`` handle, so that the loss of
/// the handle can be noticed and stops the worker.
final class ThreadWorkerHost<Program: WorkerProgram>: WorkerHost {
    let head: WorkerHead<Program>
    let executor: ThreadExecutor
    private let task = Lock<Task<Void, Never>?>(nil)

    init(_ options: WorkerOptions, context: WorkerContext) throws(ThreadStartError) {
        head = WorkerHead(options, context: context)
        executor = try ThreadExecutor(name: context.name, stackSize: options.stackSize, nice: options.nice)
    }

    func start(workerData: Program.WorkerData) {
        head.started()
        // Before it runs, so that it cannot end before it is adopted.
        if !head.adopted(self) { requestTermination() }
        // Under the lock, so that nobody who wants to cancel the task finds it missing.
        task.withLock { task in
            task = Task(executorPreference: executor) { await self.run(workerData) }
        }
    }

    private func run(_ workerData: Program.WorkerData) async {
        guard head.programStarted() else { return await end(.terminated) }
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
        let action = head.programEnded(exit)
        await context.terminateChildren()
        head.perform(action, publish: publish)
        executor.stop()
    }

    /// Messages first: the owner finds all of them queued, then the end of the
    /// sequence, and the exit last.
    private func publish(_ exit: WorkerExit) {
        outbox.close()
        inbox.discard()
        task.withLock { $0 = nil }
        head.publish(exit)
    }

    // MARK: Stopping

    func requestTermination(within deadline: Duration) {
        guard exit.current == nil else { return }
        if head.terminateRequested() {
            // Before the inbox ends, so that the program sees a cancellation and not an end.
            task.withLock { $0 }?.cancel()
            inbox.discard()
            executor.interrupt.raise()
        }
        context.requestChildrenTermination(within: deadline)
        head.schedule(after: deadline) { [weak self] in
            guard let self else { return }
            head.abandonIfRunning(publish: publish)
        }
    }

    var undelivered: UInt64 { inbox.discardedCount }
    func usage() -> ExecutorUsage { executor.usage() }
}
