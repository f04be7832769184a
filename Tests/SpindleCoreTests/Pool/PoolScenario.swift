internal import SpindleCore
internal import SpindleMemory
internal import Testing

/// A job that only has a number.
final class NumberedJob: Sendable, CustomStringConvertible {
    let number: Int
    init(_ number: Int) { self.number = number }
    var description: String { "job \(number)" }
}

/// What workers were given ahead, and what has become of it: they begin it by themselves, the machine takes it back.
final class AheadLedger: PoolTickets {
    struct Given: Sendable {
        let ticket: UInt64
        let ref: TaskRef
        let job: Int
        let attempt: Int
    }

    private struct Side {
        var given: [Given] = []
        var begun: Given?
    }

    private let sides = Lock<[UInt64: Side]>([:])

    func give(_ given: Given, to worker: UInt64) { sides.withLock { $0[worker, default: Side()].given.append(given) } }

    /// The worker is done with what it ran, and goes on; nobody knows of it yet.
    func goOn(_ worker: UInt64) {
        sides.withLock { sides in
            guard var side = sides[worker], side.begun == nil, !side.given.isEmpty else { return }
            side.begun = side.given.removeFirst()
            sides[worker] = side
        }
    }

    /// What it has gone on with.
    func takeBegun(_ worker: UInt64) -> Given? { sides.withLock { $0[worker]?.begun.take() } }

    func offer(_ ticket: UInt64, to worker: UInt64) {}

    func takeBack(_ ticket: UInt64, from worker: UInt64) -> Bool {
        sides.withLock { sides in
            guard let index = sides[worker]?.given.firstIndex(where: { $0.ticket == ticket }) else { return false }
            sides[worker]?.given.remove(at: index)
            return true
        }
    }

    func forget(_ worker: UInt64) { sides.withLock { $0[worker] = nil } }
    func count(_ worker: UInt64) -> Int { sides.withLock { $0[worker]?.given.count ?? 0 } }
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
    /// Tasks that the machine wants stopped now.
    var stops: [(ref: TaskRef, reason: PoolStateMachine.StopReason)] = []
    let ahead = AheadLedger()
    var isClosed = false

    init(_ change: (inout PoolLimits) -> Void = { _ in }) {
        var limits = PoolLimits()
        limits.maxWorkers = 2
        limits.minWorkers = 2
        change(&limits)
        machine = PoolStateMachine(limits, tickets: ahead)
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
            case .stop(let ref, let reason): stops.append((ref, reason))
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
        case .goOn(let assignment): run(assignment, on: worker)
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

    /// It dies by itself while it has nothing to do.
    mutating func die(_ worker: UInt64) {
        idle.remove(worker)
        perform(machine.workerLost(worker, now: now).actions)
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
        ahead.goOn(worker)
        let begun = ahead.takeBegun(worker)
        let action = machine.taskFinished(by: worker, outcome, retryAt: retryAt, now: now)
        if case .goOn(let assignment) = action.next {
            #expect(assignment.ticket == begun?.ticket && assignment.ref == begun?.ref, "goes on with what it has begun")
        } else {
            #expect(begun == nil, "what it has begun is in the books")
        }
        for assignment in action.ahead {
            ahead.give(
                .init(
                    ticket: assignment.ticket, ref: assignment.ref, job: Self.number(assignment.job),
                    attempt: assignment.attempt), to: worker)
        }
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
