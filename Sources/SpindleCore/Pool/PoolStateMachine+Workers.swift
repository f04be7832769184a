extension PoolStateMachine {
    // MARK: Coming

    /// The pool begins: its first workers start.
    package mutating func open(now: Int64) -> [Action] {
        var actions: [Action] = []
        startWorkersAsNeeded(now: now, &actions)
        return actions
    }

    /// As many workers as the tasks want and the limits allow, but no more than can have something to do.
    mutating func startWorkersAsNeeded(now: Int64, _ actions: inout [Action]) {
        guard phase != .closed, !restartPending, startFailures < limits.startFailureBudget else { return }
        var wanted = max(limits.minWorkers - workers.count, queue.count + affineCount - startingCount - idle.count)
        if phase == .closing, load == 0 { wanted = 0 }
        while wanted > 0, workers.count < limits.maxWorkers - lostCapacity {
            wanted -= 1
            lastWorker += 1
            workers[lastWorker] = Worker(bornAt: now)
            startingCount += 1
            counts.workersStarted += 1
            actions.append(.startWorker(lastWorker))
        }
    }

    /// Workers that may not be replaced because too many abandoned ones are still there.
    private var lostCapacity: Int { max(0, counts.abandonedAlive - limits.abandonedLimit) }

    /// Nothing runs and nothing can be started.
    var isOutOfWorkers: Bool {
        workers.isEmpty && (startFailures >= limits.startFailureBudget || lostCapacity >= limits.maxWorkers)
    }

    /// A new worker is set up and can take tasks.
    package mutating func workerReady(_ number: WorkerNumber, now: Int64) -> (next: WorkerNext, actions: [Action]) {
        if case .starting? = workers[number]?.state {
            startingCount -= 1
            workers[number]?.state = .renewing
            workers[number]?.readyAt = now
        }
        return workerRenewed(number, now: now)
    }

    /// A worker has started afresh after a task that had to be stopped.
    package mutating func workerRenewed(_ number: WorkerNumber, now: Int64) -> (next: WorkerNext, actions: [Action]) {
        guard workers[number] != nil else { return (.end, []) }
        var actions: [Action] = []
        let next = continueWorker(number, now: now, &actions)
        return (next, actions)
    }

    /// A worker is free: the next task, a pause, or the end.
    mutating func continueWorker(_ number: WorkerNumber, now: Int64, _ actions: inout [Action]) -> WorkerNext {
        defer { afterRoom(now: now, &actions) }
        if isSpent(number, now: now) {
            removeWorker(number, now: now, &actions)
            return .end
        }
        requeueStuck(now: now, &actions)
        if let assignment = takeNext(for: number, now: now) { return .run(assignment) }
        if let ref = takeFromAnother(now: now) { return .run(assign(ref, to: number, now: now)) }
        guard phase == .open || delayedCount > 0 else {
            removeWorker(number, now: now, &actions)
            return .end
        }
        workers[number]?.state = .idle(since: now)
        idle.append(number)
        return .wait
    }

    private func isSpent(_ number: WorkerNumber, now: Int64) -> Bool {
        guard limits.tasksPerWorker != .max || limits.maxWorkerAge != .max else { return false }
        guard let worker = workers[number] else { return true }
        return worker.tasksDone >= limits.tasksPerWorker || now - worker.bornAt >= limits.maxWorkerAge
    }

    // MARK: Going

    /// Looks whether a worker has been idle for as long as it may, or has reached its age.
    ///
    /// - Returns: when to look again; nil when it is busy or gone (the driver asks anew when it is idle).
    package mutating func idleCheckDue(_ number: WorkerNumber, now: Int64) -> (again: Int64?, actions: [Action]) {
        guard let worker = workers[number], case .idle(let since) = worker.state else { return (nil, []) }
        var due = worker.bornAt.addingClamped(limits.maxWorkerAge)
        if workers.count > limits.minWorkers { due = min(due, since.addingClamped(limits.idleTimeout)) }
        guard due <= now else {
            // A worker above the minimum later on is found by the next look.
            return (min(due, now.addingClamped(limits.idleTimeout)), [])
        }
        var actions: [Action] = [.retire(number)]
        removeWorker(number, now: now, &actions)
        return (nil, actions)
    }

    /// A worker could not be started or set up.
    package mutating func workerStartFailed(_ number: WorkerNumber, now: Int64) -> [Action] {
        guard workers[number] != nil else { return [] }
        if workers.values.contains(where: { hasProvedItself($0, now: now) }) { startFailures = 0 }
        startFailures += 1
        lastStartFailureAt = now
        return replaceLater(number, pause: pause(after: startFailures), now: now)
    }

    /// Whether a worker that came after the last failed start has finished a task, or has lived for as long as the
    /// longest pause: to have been set up says little, as it may die the moment after.
    private func hasProvedItself(_ worker: Worker, now: Int64) -> Bool {
        guard let readyAt = worker.readyAt, worker.bornAt >= lastStartFailureAt else { return false }
        return worker.tasksDone > 0 || now - readyAt >= limits.maxStartBackoff
    }

    /// Strikes a lost worker off; the next one starts after a pause, or never when too many have failed.
    private mutating func replaceLater(_ number: WorkerNumber, pause: Int64, now: Int64) -> [Action] {
        counts.workersLost += 1
        var actions: [Action] = []
        restartPending = true
        removeWorker(number, now: now, &actions)
        guard startFailures < limits.startFailureBudget else {
            restartPending = false
            return actions
        }
        actions.append(.restart(at: now.addingClamped(pause)))
        return actions
    }

    private func pause(after failures: Int) -> Int64 {
        let factor = Int64(1) << min(20, failures - 1)
        return min(limits.maxStartBackoff, limits.startBackoff.multipliedClamped(by: factor))
    }

    package struct LostTask {
        package let job: Job
        package let ref: TaskRef
        /// Why it was told to stop, if it was.
        package let stopReason: StopReason?
        /// It comes back for another attempt and is not over.
        package let reruns: Bool
        package let ranFor: Int64
    }

    package struct LossAction {
        /// What it ran, if anything.
        package let task: LostTask?
        package let actions: [Action]
    }

    /// A worker has died by itself.
    ///
    /// One that was at work is replaced at once, for the task is likely to blame; when several die in a row
    /// without a task that ends, after a pause. One that had nothing to do counts as a failed start.
    ///
    /// - Parameter rerunAt: when its task should run again, if it should and was not told to stop.
    package mutating func workerLost(_ number: WorkerNumber, rerunAt: Int64? = nil, now: Int64) -> LossAction {
        guard let worker = workers[number] else { return LossAction(task: nil, actions: []) }
        guard case .busy(let ref, let since, let halt) = worker.state else {
            return LossAction(task: nil, actions: workerStartFailed(number, now: now))
        }
        var reason: StopReason?
        switch halt {
        case .none: break
        case .telling(let why), .told(let why): reason = why
        }
        var actions: [Action] = []
        let reruns = rerunAt != nil && reason == nil && phase == .open
        let job = leaveWorker(ref, retryAt: reruns ? rerunAt : nil, afterCrash: true, now: now, &actions)
        if !reruns { count(.failed, reason) }
        counts.crashed += 1
        lossesInARow += 1
        if lossesInARow > Self.lossesWithoutPause {
            actions += replaceLater(number, pause: pause(after: lossesInARow - Self.lossesWithoutPause), now: now)
        } else {
            counts.workersLost += 1
            removeWorker(number, now: now, &actions)
        }
        afterRoom(now: now, &actions)
        return LossAction(
            task: LostTask(job: job, ref: ref, stopReason: reason, reruns: reruns, ranFor: now - since), actions: actions)
    }

    /// So many workers may die at work one after the other before replacing them has to wait.
    private static var lossesWithoutPause: Int { 3 }

    /// What a worker runs, and how many workers that has cost before.
    package func running(on number: WorkerNumber) -> (job: Job, crashes: Int)? {
        guard case .busy(let ref, _, _)? = workers[number]?.state else { return nil }
        return (tasks[ref].job, tasks[ref].crashes)
    }

    /// The pause after a failed start is over.
    package mutating func restartDue(now: Int64) -> [Action] {
        restartPending = false
        var actions: [Action] = []
        startWorkersAsNeeded(now: now, &actions)
        return actions
    }

    package struct AbandonAction {
        package let job: Job
        package let reason: StopReason
        package let actions: [Action]
    }

    /// A task has not stopped in its grace period: it and its worker are given up, and the worker replaced.
    ///
    /// - Parameter kills: the worker can be ended by force, and nothing of it stays behind.
    /// - Returns: nil when the task ended in time.
    package mutating func abandon(
        _ ref: TaskRef, on number: WorkerNumber, kills: Bool = false, now: Int64
    ) -> AbandonAction? {
        guard case .busy(ref, _, let halt)? = workers[number]?.state else { return nil }
        let reason: StopReason
        switch halt {
        case .none: return nil
        case .telling(let why), .told(let why): reason = why
        }
        var actions: [Action] = []
        if kills {
            counts.killed += 1
        } else {
            counts.abandoned += 1
            counts.abandonedAlive += 1
        }
        counts.workersLost += 1
        if reason == .timedOut { counts.timedOut += 1 } else { counts.cancelled += 1 }
        // Out of the books before the key is freed, so that nothing is given to it.
        let job = leaveWorker(ref, retryAt: nil, now: now, &actions)
        removeWorker(number, now: now, &actions)
        afterRoom(now: now, &actions)
        return AbandonAction(job: job, reason: reason, actions: actions)
    }

    /// An abandoned worker has come to its end after all.
    package mutating func abandonedEnded(now: Int64) -> [Action] {
        counts.abandonedAlive -= 1
        var actions: [Action] = []
        startWorkersAsNeeded(now: now, &actions)
        return actions
    }

    /// Strikes a worker off; what was queued for it alone goes to others.
    mutating func removeWorker(_ number: WorkerNumber, now: Int64, _ actions: inout [Action]) {
        requeueAhead(of: number, isLost: true, &actions)
        guard var worker = workers.removeValue(forKey: number) else { return }
        if hasProvedItself(worker, now: now) { startFailures = 0 }
        if case .starting = worker.state { startingCount -= 1 }
        idle.removeAll { $0 == number }
        for ref in worker.own.drain() where tasks.contains(ref) {
            affineCount -= 1
            enqueue(ref, now: now, &actions)
        }
        feedIdle(now: now, &actions)
        startWorkersAsNeeded(now: now, &actions)
        if isOutOfWorkers { rejectAll(.noWorkers, &actions) }
        closeIfDone(&actions)
    }

    // MARK: Closing

    /// No further tasks; those that are in run to their end.
    package mutating func close(now: Int64) -> [Action] {
        guard phase == .open else { return [] }
        phase = .closing
        var actions: [Action] = []
        if delayedCount == 0 { retireIdle(now: now, &actions) }
        closeIfDone(&actions)
        return actions
    }

    private mutating func retireIdle(now: Int64, _ actions: inout [Action]) {
        while let number = idle.last {
            actions.append(.retire(number))
            removeWorker(number, now: now, &actions)
        }
    }

    package struct ShutDownAction {
        /// Tasks for the driver to `stop`.
        package let running: [TaskRef]
        /// Workers that are still setting themselves up; to be given up by `abandonStarting` if that does not end.
        package let starting: [WorkerNumber]
        package let actions: [Action]
    }

    /// No further tasks; waiting ones are refused.
    package mutating func shutDown(now: Int64) -> ShutDownAction {
        var actions: [Action] = []
        if phase == .open { phase = .closing }
        rejectAll(.closed, &actions)
        retireIdle(now: now, &actions)
        closeIfDone(&actions)
        let starting = workers.filter { if case .starting = $0.value.state { true } else { false } }.map(\.key)
        return ShutDownAction(running: tasks.all, starting: starting, actions: actions)
    }

    /// A worker is still setting itself up long after the pool was shut down.
    ///
    /// - Returns: nil when it is not.
    package mutating func abandonStarting(_ number: WorkerNumber, kills: Bool = false, now: Int64) -> [Action]? {
        guard phase != .open, case .starting? = workers[number]?.state else { return nil }
        if !kills { counts.abandonedAlive += 1 }
        counts.workersLost += 1
        var actions: [Action] = []
        removeWorker(number, now: now, &actions)
        return actions
    }

    private mutating func rejectAll(_ reason: Refusal, _ actions: inout [Action]) {
        for ref in tasks.all {
            switch tasks[ref].place {
            case .running: continue
            case .ahead where !takeBackAhead(ref): continue
            default: break
            }
            guard let job = removeWaiting(ref) else { continue }
            counts.rejected += 1
            actions.append(.reject(job, reason))
        }
        lobby.removeAll()
    }

    mutating func closeIfDone(_ actions: inout [Action]) {
        guard phase == .closing, tasks.count == 0 else { return }
        for number in idle {
            actions.append(.retire(number))
            workers[number] = nil
        }
        idle.removeAll()
        guard workers.isEmpty else { return }
        phase = .closed
        actions.append(.closed)
    }
}
