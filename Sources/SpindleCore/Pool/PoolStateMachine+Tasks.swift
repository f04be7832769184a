internal import DequeModule

extension PoolStateMachine {
    // MARK: Submission

    /// A task comes in. It is in the pool afterwards unless an action rejects it.
    package mutating func submit(_ job: Job, _ request: Request, now: Int64) -> SubmitAction {
        counts.submitted += 1
        guard phase == .open else { return SubmitAction(actions: [refuse(job, .closed)]) }
        guard !isOutOfWorkers else { return SubmitAction(actions: [refuse(job, .noWorkers)]) }
        var actions: [Action] = []
        if load >= limits.queueLimit, lobbyCount > 0 || !canRunAtOnce(request) {
            wasFull = true
            switch limits.onFull {
            case .fail: return SubmitAction(actions: [refuse(job, .full)])
            case .wait:
                let ref = tasks.insert(Entry(job: job, request: request, place: .lobby, since: now))
                lobby.append(ref)
                lobbyCount += 1
                return SubmitAction(ref: ref, actions: [])
            case .shed:
                guard shedFor(request, now: now, &actions) else { return SubmitAction(actions: [refuse(job, .full)]) }
            }
        }
        let ref = tasks.insert(Entry(job: job, request: request, place: .parked, since: now))
        enqueue(ref, now: now, &actions)
        if load >= limits.queueLimit { wasFull = true }
        return SubmitAction(ref: ref, isAdmitted: true, actions: actions)
    }

    package struct SubmitAction {
        /// The task's place in the pool; nil when it was refused.
        package var ref: TaskRef?
        /// Whether it is in the queue or on a worker, and not waiting for room.
        package var isAdmitted = false
        package var actions: [Action]
    }

    /// Whether a worker is free for it, so that it needs no room in the queue.
    private func canRunAtOnce(_ request: Request) -> Bool {
        if let key = request.key, keysRunning[key, default: 0] >= limits.keyLimit { return false }
        guard let home = request.affinity.flatMap(homeWorker) else { return !idle.isEmpty }
        return idle.contains(home)
    }

    private mutating func refuse(_ job: Job, _ reason: Refusal) -> Action {
        counts.rejected += 1
        return .reject(job, reason)
    }

    /// Gives up a queued task that is no more urgent than the new one.
    private mutating func shedFor(_ request: Request, now: Int64, _ actions: inout [Action]) -> Bool {
        guard let victim = queue.victim(in: tasks), victim.priority <= request.priority,
            let job = giveUpWaiting(victim.ref, now: now, &actions)
        else { return false }
        actions.append(refuse(job, .shed))
        return true
    }

    /// Brings a task to where it belongs now: an idle worker, its worker's queue, the common queue, or behind its key.
    mutating func enqueue(_ ref: TaskRef, now: Int64, _ actions: inout [Action]) {
        let entry = tasks[ref]
        if let key = entry.request.key, keysRunning[key, default: 0] >= limits.keyLimit {
            park(ref, behind: key)
            return
        }
        let home = entry.request.affinity.flatMap(homeWorker)
        if let number = home.map({ idle.contains($0) ? $0 : nil }) ?? idle.last {
            actions.append(.assign(assign(ref, to: number, now: now), to: number))
            return
        }
        requeueLess(urgentThan: entry.request.priority, &actions)
        tasks[ref].place = .queued(home: home)
        if let home {
            affineCount += 1
            workers[home]?.own.append(ref, entry.request.priority, since: entry.since)
        } else {
            queue.append(ref, entry.request.priority, since: entry.since)
        }
        startWorkersAsNeeded(now: now, &actions)
    }

    private mutating func park(_ ref: TaskRef, behind key: String) {
        tasks[ref].place = .parked
        parked[key, default: []].append(ref)
        parkedCount += 1
    }

    /// The worker that a key's tasks go to: the same one as long as the set of workers
    /// is the same, and for most keys also when it changes (rendezvous hashing).
    private func homeWorker(_ key: String) -> WorkerNumber? {
        workers.keys.max { (score(key, $0), $0) < (score(key, $1), $1) }
    }

    private func score(_ key: String, _ number: WorkerNumber) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(number)
        return hasher.finalize()
    }

    // MARK: Running

    mutating func assign(_ ref: TaskRef, to number: WorkerNumber, now: Int64) -> Assignment {
        if let index = idle.lastIndex(of: number) { idle.remove(at: index) }
        workers[number]?.state = .busy(ref, since: now, .none)
        tasks[ref].place = .running(number)
        runningCount += 1
        if let key = tasks[ref].request.key { keysRunning[key, default: 0] += 1 }
        return makeAssignment(ref, for: number, now: now)
    }

    mutating func makeAssignment(_ ref: TaskRef, for number: WorkerNumber, now: Int64) -> Assignment {
        let ticket = (workers[number]?.lastTicket ?? 0) + 1
        workers[number]?.lastTicket = ticket
        tasks[ref].ticket = ticket
        tickets.offer(ticket, to: number)
        let entry = tasks[ref]
        return Assignment(
            ref: ref, job: entry.job, ticket: ticket, attempt: entry.attempt, crashes: entry.crashes,
            waited: now - entry.since)
    }

    /// Takes the next task for a worker out of its own or the common queue.
    mutating func takeNext(for number: WorkerNumber, now: Int64) -> Assignment? {
        while true {
            guard let ref = popNext(for: number, now: now) else { return nil }
            if let key = tasks[ref].request.key, keysRunning[key, default: 0] >= limits.keyLimit {
                park(ref, behind: key)
                continue
            }
            return assign(ref, to: number, now: now)
        }
    }

    private mutating func popNext(for number: WorkerNumber, now: Int64) -> TaskRef? {
        let common = queue.next(now: now, agingInterval: limits.agingInterval, in: tasks)
        var own: PriorityQueues.Candidate?
        if affineCount > 0 {
            let (interval, slab) = (limits.agingInterval, tasks)
            own = workers[number]?.own.next(now: now, agingInterval: interval, in: slab)
        }
        if let own, common == nil || (own.urgency, -own.since) >= (common!.urgency, -common!.since) {
            workers[number]?.own.take(own)
            affineCount -= 1
            return own.ref
        }
        if let common { queue.take(common) }
        return common?.ref
    }

    // MARK: Leaving

    package enum Outcome: Sendable { case completed, failed, cancelled }

    package struct FinishedTask {
        package let job: Job
        /// Why it was told to stop, if it was.
        package let stopReason: StopReason?
        /// It comes back for another attempt and is not over.
        package let retries: Bool
        package let ranFor: Int64
    }

    package enum WorkerNext: Sendable {
        case run(Assignment)
        /// It has gone on with what it was given ahead; this is the first of it.
        case goOn(Assignment)
        case wait
        /// Start afresh and call `workerRenewed`: what told the task to stop clings to it.
        case renew
        /// Wait until the telling is over; `stopTold` then renews it.
        case waitForRenewal
        case end
    }

    package struct FinishAction {
        /// Nil when the worker was lost before: the task was answered then.
        package let task: FinishedTask?
        package let next: WorkerNext
        /// To be given to the worker behind what it has, in order.
        package var ahead: [Assignment] = []
        package let actions: [Action]
    }

    /// A worker's task has ended.
    ///
    /// - Parameter retryAt: when the task should run again, if it should.
    package mutating func taskFinished(
        by number: WorkerNumber, _ outcome: Outcome, retryAt: Int64? = nil, now: Int64
    ) -> FinishAction {
        // By index: looking the worker up is most of what this method would cost.
        guard let index = workers.index(forKey: number),
            case .busy(let ref, let since, let halt) = workers.values[index].state
        else { return FinishAction(task: nil, next: .end, actions: []) }
        workers.values[index].tasksDone += 1
        lossesInARow = 0
        workers.values[index].busyTime += now - since
        var reason: StopReason?
        var telling = false
        switch halt {
        case .none: break
        case .telling(let why): (reason, telling) = (why, true)
        case .told(let why): reason = why
        }
        var actions: [Action] = []
        let retries = retryAt != nil && reason == nil && phase == .open
        let job = leaveWorker(ref, retryAt: retries ? retryAt : nil, now: now, &actions)
        if !retries { count(outcome, reason) }
        let task = FinishedTask(job: job, stopReason: reason, retries: retries, ranFor: now - since)
        noteRun(now - since)
        workers[number]?.mayHaveAhead = true
        // Also when the last one was told to stop: workers that go on by themselves are told for each task apart.
        if let assignment = goOn(number, now: now, &actions) {
            requeueStuck(now: now, &actions)
            let ahead = giveAhead(to: number, now: now)
            afterRoom(now: now, &actions)
            return FinishAction(task: task, next: .goOn(assignment), ahead: ahead, actions: actions)
        }
        if telling {
            workers[number]?.state = .halted
            return FinishAction(task: task, next: .waitForRenewal, actions: actions)
        }
        if reason != nil {
            workers[number]?.state = .renewing
            return FinishAction(task: task, next: .renew, actions: actions)
        }
        let next = continueWorker(number, now: now, &actions)
        var ahead: [Assignment] = []
        if case .run = next { ahead = giveAhead(to: number, now: now) }
        return FinishAction(task: task, next: next, ahead: ahead, actions: actions)
    }

    mutating func count(_ outcome: Outcome, _ reason: StopReason?) {
        switch (outcome, reason) {
        case (_, .timedOut?): counts.timedOut += 1
        case (.completed, _): counts.completed += 1
        case (.cancelled, _), (.failed, .some): counts.cancelled += 1
        case (.failed, nil): counts.failed += 1
        }
    }

    /// Takes a running task off its worker; what waited behind its key may go on.
    mutating func leaveWorker(
        _ ref: TaskRef, retryAt: Int64?, afterCrash: Bool = false, now: Int64, _ actions: inout [Action]
    ) -> Job {
        runningCount -= 1
        let entry = tasks[ref]
        if retryAt != nil {
            if afterCrash {
                counts.rerun += 1
                tasks[ref].crashes += 1
            } else {
                counts.retried += 1
            }
            delayedCount += 1
            tasks[ref].place = .delayed
            tasks[ref].attempt += 1
        } else {
            _ = tasks.remove(ref)
        }
        if let key = entry.request.key { releaseKey(key, now: now, &actions) }
        return entry.job
    }

    private mutating func releaseKey(_ key: String, now: Int64, _ actions: inout [Action]) {
        let running = keysRunning[key, default: 1] - 1
        keysRunning[key] = running > 0 ? running : nil
        unparkNext(key, now: now, &actions)
    }

    /// The next task behind a key may go on: one before it has left.
    private mutating func unparkNext(_ key: String, now: Int64, _ actions: inout [Action]) {
        while let ref = parked[key]?.popFirst() {
            guard tasks.contains(ref) else { continue }
            parkedCount -= 1
            if parked[key]?.isEmpty == true { parked[key] = nil }
            // Older than what waits, so to the front: its turn was before.
            unpark(ref, now: now, &actions)
            return
        }
        parked[key] = nil
    }

    private mutating func unpark(_ ref: TaskRef, now: Int64, _ actions: inout [Action]) {
        let entry = tasks[ref]
        let home = entry.request.affinity.flatMap(homeWorker)
        if let number = home.map({ idle.contains($0) ? $0 : nil }) ?? idle.last {
            actions.append(.assign(assign(ref, to: number, now: now), to: number))
        } else if let home {
            tasks[ref].place = .queued(home: home)
            affineCount += 1
            workers[home]?.own.prepend(ref, entry.request.priority, since: entry.since)
        } else {
            tasks[ref].place = .queued(home: nil)
            queue.prepend(ref, entry.request.priority, since: entry.since)
        }
    }

    /// A task's time to try again has come.
    package mutating func retryDue(_ ref: TaskRef, now: Int64) -> [Action] {
        guard tasks.contains(ref), case .delayed = tasks[ref].place else { return [] }
        var actions: [Action] = []
        delayedCount -= 1
        tasks[ref].since = now
        guard phase == .open || phase == .closing, !isOutOfWorkers else {
            if let entry = tasks.remove(ref) {
                actions.append(refuse(entry.job, isOutOfWorkers ? .noWorkers : .closed))
            }
            closeIfDone(&actions)
            return actions
        }
        enqueue(ref, now: now, &actions)
        return actions
    }

    package enum StopAction {
        /// It had not begun and is gone.
        case removed(Job)
        /// Cancel what this worker runs, then call `stopTold`, and `abandon` after the grace period.
        case tell(WorkerNumber)
        /// It has ended, or is being told already.
        case nothing
    }

    /// The owner gives a task up, or its time is up.
    ///
    /// - Parameter attempt: the attempt that is meant, so that a late timer of one does not hit the next; nil for any.
    package mutating func stop(
        _ ref: TaskRef, _ reason: StopReason, attempt: Int? = nil, now: Int64
    ) -> (action: StopAction, actions: [Action]) {
        guard tasks.contains(ref), attempt == nil || attempt == tasks[ref].attempt else { return (.nothing, []) }
        if case .running(let number) = tasks[ref].place {
            guard case .busy(ref, let since, .none)? = workers[number]?.state else { return (.nothing, []) }
            workers[number]?.state = .busy(ref, since: since, .telling(reason))
            return (.tell(number), [])
        }
        var actions: [Action] = []
        if case .ahead = tasks[ref].place, !takeBackAhead(ref) {
            tasks[ref].stopWhenItRuns = reason
            return (.nothing, [])
        }
        guard let job = giveUpWaiting(ref, now: now, &actions) else { return (.nothing, []) }
        counts.cancelled += 1
        afterRoom(now: now, &actions)
        return (.removed(job), actions)
    }

    /// A task's time to wait is up.
    package mutating func waitTimedOut(_ ref: TaskRef, now: Int64) -> [Action] {
        guard tasks.contains(ref) else { return [] }
        switch tasks[ref].place {
        case .running, .delayed: return []
        case _ where tasks[ref].attempt > 1: return []
        case .ahead where !takeBackAhead(ref): return []
        case .lobby, .queued, .parked, .ahead:
            var actions: [Action] = []
            guard let job = giveUpWaiting(ref, now: now, &actions) else { return [] }
            counts.timedOut += 1
            actions.append(.reject(job, .waitTimedOut))
            afterRoom(now: now, &actions)
            return actions
        }
    }

    /// The task of this worker has been told to stop.
    ///
    /// - Returns: true when the task ended meanwhile, and the worker has to be renewed.
    package mutating func stopTold(_ number: WorkerNumber) -> Bool {
        switch workers[number]?.state {
        case .busy(let ref, let since, .telling(let reason))?:
            workers[number]?.state = .busy(ref, since: since, .told(reason))
            return false
        case .halted?:
            workers[number]?.state = .renewing
            return true
        default:
            return false
        }
    }

    /// Takes a task out that no worker runs. What is parked behind its key may have waited for it.
    private mutating func giveUpWaiting(_ ref: TaskRef, now: Int64, _ actions: inout [Action]) -> Job? {
        guard tasks.contains(ref) else { return nil }
        let entry = tasks[ref]
        guard let job = removeWaiting(ref) else { return nil }
        if case .queued = entry.place, let key = entry.request.key, keysRunning[key, default: 0] < limits.keyLimit {
            unparkNext(key, now: now, &actions)
        }
        return job
    }

    /// Takes a task out that no worker runs.
    mutating func removeWaiting(_ ref: TaskRef) -> Job? {
        guard let entry = tasks.remove(ref) else { return nil }
        switch entry.place {
        case .lobby: lobbyCount -= 1
        case .queued(home: nil): queue.forget(in: tasks)
        case .queued(let home?):
            affineCount -= 1
            workers[home]?.own.forget(in: tasks)
        case .parked:
            parkedCount -= 1
            if let key = entry.request.key {
                parked[key]?.removeAll { $0 == ref }
                if parked[key]?.isEmpty == true { parked[key] = nil }
            }
        case .delayed: delayedCount -= 1
        // Taken back before.
        case .ahead: break
        case .running: preconditionFailure("A running task leaves with its worker.")
        }
        return entry.job
    }

    /// There may be room: lets waiting tasks into the queue, and tells when it is drained.
    mutating func afterRoom(now: Int64, _ actions: inout [Action]) {
        while load < limits.queueLimit, let ref = lobby.popFirst() {
            guard tasks.contains(ref), case .lobby = tasks[ref].place else { continue }
            lobbyCount -= 1
            actions.append(.admitted(tasks[ref].job))
            enqueue(ref, now: now, &actions)
        }
        if lobbyCount == 0 { lobby.removeAll() }
        if wasFull, load == 0, lobbyCount == 0 {
            wasFull = false
            actions.append(.drained)
        }
        closeIfDone(&actions)
    }
}
