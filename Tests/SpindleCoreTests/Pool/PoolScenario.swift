internal import SpindleCore
internal import Testing

/// A job that only has a number.
final class NumberedJob: Sendable, CustomStringConvertible {
    let number: Int
    init(_ number: Int) { self.number = number }
    var description: String { "job \(number)" }
}

/// A pool machine with a clock that stands still until told otherwise, and what it asked for so far.
struct PoolScenario {
    var machine: PoolStateMachine
    var now: Int64 = 0
    /// What each worker runs.
    var running: [UInt64: (ref: TaskRef, job: Int, attempt: Int)] = [:]
    var starting: Set<UInt64> = []
    var idle: Set<UInt64> = []
    var refusals: [Int: PoolStateMachine.Refusal] = [:]
    var refs: [Int: TaskRef] = [:]
    var started: [Int] = []
    var admitted: [Int] = []
    var restarts: [Int64] = []
    var drains = 0
    var isClosed = false

    init(_ change: (inout PoolLimits) -> Void = { _ in }) {
        var limits = PoolLimits()
        limits.maxWorkers = 2
        limits.minWorkers = 2
        change(&limits)
        machine = PoolStateMachine(limits)
        perform(machine.open(now: now))
    }

    static func number(_ job: PoolStateMachine.Job) -> Int { (job as? NumberedJob)?.number ?? -1 }

    mutating func perform(_ actions: [PoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .startWorker(let worker): starting.insert(worker)
            case .restart(let at): restarts.append(at)
            case .assign(let assignment, let worker):
                #expect(idle.remove(worker) != nil, "only an idle worker is assigned a task")
                run(assignment, on: worker)
            case .retire(let worker): #expect(idle.remove(worker) != nil, "only an idle worker is retired")
            case .reject(let job, let refusal):
                let number = Self.number(job)
                #expect(refusals[number] == nil, "refused once")
                refusals[number] = refusal
            case .admitted(let job): admitted.append(Self.number(job))
            case .drained: drains += 1
            case .closed:
                #expect(!isClosed, "closed once")
                isClosed = true
            }
        }
        machine.checkInvariants()
    }

    private mutating func run(_ assignment: PoolStateMachine.Assignment, on worker: UInt64) {
        #expect(running[worker] == nil, "one task at a time")
        running[worker] = (assignment.ref, Self.number(assignment.job), assignment.attempt)
        started.append(Self.number(assignment.job))
    }

    mutating func follow(_ worker: UInt64, _ next: PoolStateMachine.WorkerNext) {
        switch next {
        case .run(let assignment): run(assignment, on: worker)
        case .wait: idle.insert(worker)
        case .renew:
            let (next, actions) = machine.workerRenewed(worker, now: now)
            follow(worker, next)
            perform(actions)
        case .waitForRenewal, .end: break
        }
    }

    mutating func allReady() {
        for worker in starting.sorted() { ready(worker) }
    }

    mutating func ready(_ worker: UInt64) {
        starting.remove(worker)
        let (next, actions) = machine.workerReady(worker, now: now)
        follow(worker, next)
        perform(actions)
    }

    mutating func fail(_ worker: UInt64) {
        starting.remove(worker)
        perform(machine.workerStartFailed(worker, now: now))
    }

    mutating func submit(
        _ number: Int, _ priority: PoolPriority = .normal, key: String? = nil, affinity: String? = nil
    ) {
        var request = PoolStateMachine.Request()
        request.priority = priority
        if key != nil || affinity != nil { request.routing = .init(key: key, affinity: affinity) }
        let action = machine.submit(NumberedJob(number), request, now: now)
        refs[number] = action.ref
        perform(action.actions)
    }

    @discardableResult
    mutating func finish(
        _ worker: UInt64, _ outcome: PoolStateMachine.Outcome = .completed, retryAt: Int64? = nil
    ) -> PoolStateMachine.FinishedTask? {
        running[worker] = nil
        let action = machine.taskFinished(by: worker, outcome, retryAt: retryAt, now: now)
        follow(worker, action.next)
        perform(action.actions)
        return action.task
    }

    mutating func stop(_ number: Int, _ reason: PoolStateMachine.StopReason = .cancelled) -> PoolStateMachine.StopAction {
        guard let ref = refs[number] else { return .nothing }
        let (action, actions) = machine.stop(ref, reason, now: now)
        perform(actions)
        return action
    }

    func worker(running number: Int) -> UInt64? { running.first { $0.value.job == number }?.key }
}
