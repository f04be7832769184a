internal import Logging
internal import SpindleCore
internal import SpindleMemory

/// Drives a ``PoolStateMachine``: holds the lock, tells the time, carries out the actions.
///
/// Workers and timers hold the driver, not the ``WorkerPool``, so that the loss of
/// the pool can be noticed. Actions are carried out after the lock is released.
final class PoolDriver: Sendable {
    let configuration: WorkerPoolConfiguration
    let closed = Promise<Void>()
    private let logger: Logger?
    private let metrics: PoolMetrics?
    /// Where to take tasks back from workers that were given them ahead.
    let claims = PoolClaims()
    private let state: Lock<State>

    private struct State {
        var machine: PoolStateMachine
        var workers: [PoolStateMachine.WorkerNumber: any PoolWorker] = [:]
        /// Workers that still have to be looked at for idleness.
        var idleChecks: Set<PoolStateMachine.WorkerNumber> = []
        var lastTask: UInt64 = 0
        var drained = Promise<Void>()
        var times = PoolTimes()
    }

    init(_ configuration: WorkerPoolConfiguration, logger: Logger?) throws(WorkerPoolError) {
        self.configuration = configuration
        self.logger = logger
        metrics =
            configuration.reportsMetrics
            ? PoolMetrics(pool: configuration.name, isolation: configuration.isolation.description) : nil
        state = Lock(State(machine: PoolStateMachine(try configuration.limits(), tickets: claims)))
    }

    /// Only jobs of this pool ever enter its machine, which keeps them as plain references.
    static func job(_ object: PoolStateMachine.Job) -> PoolJob { unsafeDowncast(object, to: PoolJob.self) }

    func open() {
        perform(state.withLock { $0.machine.open(now: TimerThread.now) })
    }

    // MARK: Tasks

    func submit(_ job: PoolJob) {
        if let timeout = job.options.waitTimeout {
            job.waitTimer = TimerThread.shared.schedule(after: timeout) { [weak self] in self?.waitTimedOut(job) }
        }
        var request = PoolStateMachine.Request()
        request.priority = job.options.priority
        // What can be sent only once is not sent ahead either.
        if job.options.key != nil || job.options.affinity != nil || !job.canRunAgain {
            request.routing = .init(key: job.options.key, affinity: job.options.affinity)
        }
        let now = TimerThread.now
        let submission = state.withLock { state -> PoolStateMachine.SubmitAction? in
            if job.isGivenUp { return nil }
            state.lastTask += 1
            job.id = TaskID(number: state.lastTask)
            var submission = state.machine.submit(job, request, now: now)
            job.ref = submission.ref
            if job.hasWaited, let ref = submission.ref {
                submission.actions += state.machine.waitTimedOut(ref, now: now)
            }
            return submission
        }
        guard let submission else { return fail(job, CancellationError()) }
        if submission.isAdmitted { job.admitted() }
        perform(submission.actions)
    }

    /// The owner gives the task up, perhaps before it was submitted.
    func cancel(_ job: PoolJob) {
        let ref = state.withLock { _ in
            if job.ref == nil { job.isGivenUp = true }
            return job.ref
        }
        if let ref { stop(ref, .cancelled) }
    }

    private func waitTimedOut(_ job: PoolJob) {
        perform(
            state.withLock { state in
                job.hasWaited = true
                return job.ref.map { state.machine.waitTimedOut($0, now: TimerThread.now) } ?? []
            })
    }

    /// Takes a task off the queue, or tells it to stop and sees to it that it has within the grace period.
    private func stop(_ ref: TaskRef, _ reason: PoolStateMachine.StopReason, attempt: Int? = nil) {
        let (stop, worker, ticket, actions) = state.withLock { state in
            let (stop, actions) = state.machine.stop(ref, reason, attempt: attempt, now: TimerThread.now)
            guard case .tell(let number) = stop else { return (stop, (any PoolWorker)?.none, UInt64?.none, actions) }
            return (stop, state.workers[number], state.machine.ticket(ref), actions)
        }
        switch stop {
        case .nothing: break
        case .removed(let job):
            metrics?.record(.cancelled, stopped: nil)
            fail(Self.job(job), CancellationError())
        case .tell(let number):
            worker?.stopTask(ticket)
            // Before the telling is over, so that the timer of one stop precedes any later task.
            _ = TimerThread.shared.schedule(after: configuration.gracePeriod) { [weak self] in
                self?.abandon(ref, on: number)
            }
            if state.withLock({ $0.machine.stopTold(number) }) { worker?.renew() }
        }
        perform(actions)
    }

    private func abandon(_ ref: TaskRef, on number: PoolStateMachine.WorkerNumber) {
        let (action, worker) = state.withLock { state in
            let kills = state.workers[number]?.canBeKilled == true
            let action = state.machine.abandon(ref, on: number, kills: kills, now: TimerThread.now)
            return (action, action == nil ? nil : state.workers.removeValue(forKey: number))
        }
        guard let action, let worker else { return }
        worker.abandon()
        logger?.warning(
            "A task did not stop in its grace period; its worker is \(worker.canBeKilled ? "killed" : "abandoned").",
            metadata: ["pool": "\(configuration.name)", "worker": "\(worker.name)", "reason": "\(action.reason)"])
        metrics?.record(.cancelled, stopped: action.reason)
        switch action.reason {
        case .timedOut: fail(Self.job(action.job), WorkerPoolError.timedOut(wasAbandoned: !worker.canBeKilled))
        case .cancelled: fail(Self.job(action.job), CancellationError())
        case .closed: fail(Self.job(action.job), WorkerPoolError.shutDown(wasAbandoned: !worker.canBeKilled))
        }
        perform(action.actions)
        finishIfClosed()
    }

    /// A warm-up that does not end must not keep the pool from closing.
    private func abandonStarting(_ number: PoolStateMachine.WorkerNumber) {
        let (actions, worker) = state.withLock { state in
            let kills = state.workers[number]?.canBeKilled == true
            let actions = state.machine.abandonStarting(number, kills: kills, now: TimerThread.now)
            return (actions, actions == nil ? nil : state.workers.removeValue(forKey: number))
        }
        guard let actions else { return }
        worker?.abandon()
        perform(actions)
        finishIfClosed()
    }

    private func fail(_ job: PoolJob, _ error: any Error) {
        cancelWaitTimer(job)
        job.fail(error)
    }

    private func cancelWaitTimer(_ job: PoolJob) {
        if let timer = job.waitTimer { TimerThread.shared.cancel(timer) }
    }

    // MARK: From the workers

    func workerReady(_ number: PoolStateMachine.WorkerNumber) -> PoolStateMachine.WorkerNext {
        next(number) { $0.workerReady(number, now: TimerThread.now) }
    }

    func workerRenewed(_ number: PoolStateMachine.WorkerNumber) -> PoolStateMachine.WorkerNext {
        next(number) { $0.workerRenewed(number, now: TimerThread.now) }
    }

    private func next(
        _ number: PoolStateMachine.WorkerNumber,
        _ event: (inout PoolStateMachine) -> (next: PoolStateMachine.WorkerNext, actions: [PoolStateMachine.Action])
    ) -> PoolStateMachine.WorkerNext {
        let (next, actions) = state.withLock { event(&$0.machine) }
        perform(actions)
        armIdleCheck(number, next)
        return next
    }

    func workerStartFailed(_ number: PoolStateMachine.WorkerNumber, _ error: any Error) {
        let actions = state.withLock { $0.machine.workerStartFailed(number, now: TimerThread.now) }
        logger?.warning(
            "A pool worker could not be started.", metadata: ["pool": "\(configuration.name)", "error": "\(error)"])
        perform(actions)
    }

    /// A worker is about to run a task. Returns the timer to cancel when it has.
    func taskStarts(_ job: PoolJob, _ assignment: PoolStateMachine.Assignment) -> TimerThread.ID? {
        cancelWaitTimer(job)
        guard let timeout = job.options.timeout else { return nil }
        let (ref, attempt) = (assignment.ref, assignment.attempt)
        return TimerThread.shared.schedule(after: timeout) { [weak self] in
            self?.stop(ref, .timedOut, attempt: attempt)
        }
    }

    func taskFinished(
        _ job: PoolJob, _ assignment: PoolStateMachine.Assignment, by number: PoolStateMachine.WorkerNumber,
        _ result: AttemptResult
    ) -> FinishedAttempt {
        let now = TimerThread.now
        let (outcome, retryAt) = judge(result, job, assignment, now: now)
        let finish = state.withLock { state in
            let finish = state.machine.taskFinished(by: number, outcome, retryAt: retryAt, now: now)
            if let task = finish.task { state.times.record(waited: assignment.waited, ran: task.ranFor) }
            return finish
        }
        var answer: PoolAnswer?
        if let task = finish.task {
            metrics?.recordAttempt(waited: assignment.waited, ran: task.ranFor)
            if !task.retries { metrics?.record(outcome, stopped: task.stopReason) }
            answer = self.answer(job, task, assignment, retryAt: retryAt, outcome)
        }
        perform(finish.actions)
        armIdleCheck(number, finish.next)
        return FinishedAttempt(next: finish.next, ahead: finish.ahead, answer: answer)
    }

    private func judge(
        _ result: AttemptResult, _ job: PoolJob, _ assignment: PoolStateMachine.Assignment, now: Int64
    ) -> (PoolStateMachine.Outcome, retryAt: Int64?) {
        guard case .failed(let error) = result else { return (.completed, nil) }
        let policy = job.canRunAgain ? job.options.retry : nil
        let delay = policy?.delay(afterAttempt: assignment.attempt - assignment.crashes, error)
        return (error is CancellationError ? .cancelled : .failed, delay.map { now.addingClamped($0.nanoseconds) })
    }

    private func answer(
        _ job: PoolJob, _ task: PoolStateMachine.FinishedTask, _ assignment: PoolStateMachine.Assignment,
        retryAt: Int64?, _ outcome: PoolStateMachine.Outcome
    ) -> PoolAnswer? {
        if task.retries, let retryAt {
            let ref = assignment.ref
            _ = TimerThread.shared.schedule(at: retryAt) { [weak self] in self?.retryDue(ref) }
            return nil
        }
        return switch task.stopReason {
        case nil, .cancelled?: .result(job)
        case .timedOut?: .error(job, WorkerPoolError.timedOut(wasAbandoned: false))
        case .closed? where outcome == .completed: .result(job)
        case .closed?: .error(job, WorkerPoolError.shutDown())
        }
    }

    private func retryDue(_ ref: TaskRef) {
        perform(state.withLock { $0.machine.retryDue(ref, now: TimerThread.now) })
    }

    /// A worker has died by itself, and with it the attempt that it was at.
    func workerLost(_ number: PoolStateMachine.WorkerNumber, _ crash: WorkerCrash) {
        let now = TimerThread.now
        let action = state.withLock { state in
            var rerunAt: Int64?
            if let running = state.machine.running(on: number) {
                let job = Self.job(running.job)
                job.crashes.append(crash)
                if job.canRunAgain, job.crashes.count < job.options.maximumCrashes {
                    rerunAt = now.addingClamped(Self.rerunDelay)
                }
            }
            return state.machine.workerLost(number, rerunAt: rerunAt, now: now)
        }
        logger?.warning(
            "A pool worker died.",
            metadata: ["pool": "\(configuration.name)", "generation": "\(number)", "crash": "\(crash)"])
        if let task = action.task {
            let job = Self.job(task.job)
            if task.reruns {
                _ = TimerThread.shared.schedule(after: .nanoseconds(Self.rerunDelay)) { [weak self] in self?.retryDue(task.ref) }
            } else {
                metrics?.record(.failed, stopped: task.stopReason)
                switch task.stopReason {
                case nil: fail(job, WorkerPoolError.crashed(job.crashes))
                case .cancelled?: fail(job, CancellationError())
                case .timedOut?: fail(job, WorkerPoolError.timedOut(wasAbandoned: false))
                case .closed?: fail(job, WorkerPoolError.shutDown())
                }
            }
        }
        perform(action.actions)
        workerEnded(number)
    }

    /// A task that has cost a worker waits so long for the next, so that others are not held up by its deaths.
    private static let rerunDelay: Int64 = 100_000_000

    /// Nothing of a worker is left.
    func workerEnded(_ number: PoolStateMachine.WorkerNumber) {
        state.withLock { _ = $0.workers.removeValue(forKey: number) }
        finishIfClosed()
    }

    func abandonedEnded() {
        perform(state.withLock { $0.machine.abandonedEnded(now: TimerThread.now) })
    }

    /// A worker process has something for the log.
    func log(_ record: LogRecord, of worker: any PoolWorker) {
        record.log(to: logger, worker: worker.name)
    }

    // MARK: Idleness

    private var canShrink: Bool {
        configuration.size.maximum > configuration.size.minimum || configuration.maximumWorkerAge != nil
    }

    /// One look at a time is under way for each worker; it is not renewed with every task.
    private func armIdleCheck(_ number: PoolStateMachine.WorkerNumber, _ next: PoolStateMachine.WorkerNext) {
        guard canShrink, case .wait = next else { return }
        guard state.withLock({ $0.idleChecks.insert(number).inserted }) else { return }
        scheduleIdleCheck(number, at: TimerThread.now.addingClamped(configuration.idleTimeout.nanoseconds))
    }

    private func scheduleIdleCheck(_ number: PoolStateMachine.WorkerNumber, at time: Int64) {
        _ = TimerThread.shared.schedule(at: time) { [weak self] in self?.idleCheckDue(number) }
    }

    private func idleCheckDue(_ number: PoolStateMachine.WorkerNumber) {
        let (again, actions) = state.withLock { state in
            let (again, actions) = state.machine.idleCheckDue(number, now: TimerThread.now)
            if again == nil { state.idleChecks.remove(number) }
            return (again, actions)
        }
        if let again { scheduleIdleCheck(number, at: again) }
        perform(actions)
    }

    // MARK: Actions

    private func perform(_ actions: [PoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .startWorker(let number): startWorker(number)
            case .restart(let time):
                _ = TimerThread.shared.schedule(at: time) { [weak self] in self?.restartDue() }
            case .assign(let assignment, let number): worker(number)?.assign(assignment)
            case .stop(let ref, let reason): stop(ref, reason)
            case .retire(let number): worker(number)?.retire()
            case .reject(let job, let refusal):
                metrics?.record(refusal)
                fail(Self.job(job), WorkerPoolError(refusal))
            case .admitted(let job): Self.job(job).admitted()
            case .drained: drained()
            case .closed: finishIfClosed()
            }
        }
    }

    private func worker(_ number: PoolStateMachine.WorkerNumber) -> (any PoolWorker)? {
        state.withLock { $0.workers[number] }
    }

    private func startWorker(_ number: PoolStateMachine.WorkerNumber) {
        do throws(ThreadStartError) {
            let worker = try makeWorker(number)
            state.withLock { $0.workers[number] = worker }
            worker.start()
        } catch {
            workerStartFailed(number, error)
        }
    }

    private func makeWorker(_ number: PoolStateMachine.WorkerNumber) throws(ThreadStartError) -> any PoolWorker {
        switch configuration.isolation.kind {
        case .thread: try ThreadPoolWorker(number, driver: self)
        case .process(let process): ProcessPoolWorker(number, process, driver: self)
        }
    }

    private func restartDue() {
        perform(state.withLock { $0.machine.restartDue(now: TimerThread.now) })
    }

    private func drained() {
        let waiters = state.withLock { state in
            defer { state.drained = Promise() }
            return state.drained
        }
        waiters.fulfil(())
    }

    /// Closed means that the threads are gone too, but for the abandoned ones.
    private func finishIfClosed() {
        guard state.withLock({ $0.machine.phase == .closed && $0.workers.isEmpty }) else { return }
        closed.fulfil(())
    }

    // MARK: For the pool

    var needsDrain: Bool { state.withLock { $0.machine.needsDrain } }

    /// Fulfilled when the queue has drained; nil when there is nothing to wait for.
    var drainPromise: Promise<Void>? { state.withLock { $0.machine.needsDrain ? $0.drained : nil } }

    func close() {
        perform(state.withLock { $0.machine.close(now: TimerThread.now) })
        drained()
    }

    func shutDown() {
        let (action, starting) = state.withLock { state in
            let action = state.machine.shutDown(now: TimerThread.now)
            return (action, action.starting.compactMap { number in state.workers[number].map { (number, $0) } })
        }
        perform(action.actions)
        for ref in action.running { stop(ref, .closed) }
        for (number, worker) in starting {
            worker.stopTask(nil)
            _ = TimerThread.shared.schedule(after: configuration.gracePeriod) { [weak self] in
                self?.abandonStarting(number)
            }
        }
        drained()
    }

    func statistics() -> WorkerPoolStatistics {
        let now = TimerThread.now
        return state.withLock { state in
            WorkerPoolStatistics(state.machine, state.times, workers: state.workers.keys, now: now)
        }
    }

    func workerStatistics() -> [PoolWorkerStatistics] {
        let now = TimerThread.now
        return state.withLock { state in
            state.workers.compactMap { number, worker in
                PoolWorkerStatistics(number, worker.id, worker.name, state.machine, now: now)
            }
        }.sorted { $0.generation < $1.generation }
    }
}
