internal import SpindleCore
internal import TestSupport
internal import Testing

@Suite struct `A random walk of the pool state machine` {
    @Test(arguments: SeededRandom.seeds(60))
    func `ends every task exactly once and keeps its books`(seed: UInt64) {
        var walk = PoolWalk(seed: seed)
        for _ in 0..<1_500 { walk.step() }
        walk.finish()
    }
}

/// Plays owners, workers and timers against a machine, and notes how each task ended.
private struct PoolWalk {
    var random: SeededRandom
    var pool: PoolScenario
    /// How often each task has ended, one way or another.
    var endings: [Int: Int] = [:]
    var submitted = 0
    /// Workers whose task is being told to stop, and workers told and not yet done.
    var telling: Set<UInt64> = []
    var told: [UInt64: TaskRef] = [:]
    var delayed: [TaskRef] = []
    var abandoned = 0
    /// Retries that went wrong do not count as an end, so refusals are counted from here.
    var countedRefusals = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        var random = random
        pool = PoolScenario { limits in
            limits.minWorkers = random.below(3)
            limits.maxWorkers = 1 + limits.minWorkers + random.below(3)
            limits.queueLimit = 1 + random.below(8)
            limits.onFull = [.wait, .fail, .shed][random.below(3)]
            limits.agingInterval = 50
            limits.keyLimit = 1 + random.below(2)
            limits.tasksPerWorker = random.chance(30) ? 3 : .max
            limits.aheadLimit = [0, 1, 4][random.below(3)]
            limits.idleTimeout = 40
            limits.startFailureBudget = 1_000
            limits.abandonedLimit = random.chance(50) ? 100_000 : 1
        }
    }

    mutating func step() {
        pool.now += Int64(random.below(10))
        switch random.below(100) {
        case ..<30: submit()
        case ..<55: finishOne()
        case ..<70: readyOne()
        case ..<80: stopOne()
        case ..<85: finishTelling()
        case ..<87: abandonOne()
        case ..<89: loseOne()
        case ..<92: retryOne()
        case ..<94: waitTimedOut()
        case ..<96: goOn()
        case ..<98: idleCheck()
        default: if abandoned > 0 { abandoned -= 1; pool.perform(pool.machine.abandonedEnded(now: pool.now)) }
        }
        stopAsAsked()
        pool.machine.checkInvariants()
    }

    /// A worker goes on with what it was given ahead, and its owner does not know yet.
    private mutating func goOn() {
        if let worker = pool.running.keys.randomElement(using: &random) { pool.ahead.goOn(worker) }
    }

    private mutating func stopAsAsked() {
        while let stop = pool.stops.popLast() {
            let (action, actions) = pool.machine.stop(stop.ref, stop.reason, now: pool.now)
            note(action)
            pool.perform(actions)
        }
    }

    private mutating func note(_ action: PoolStateMachine.StopAction) {
        switch action {
        case .nothing: break
        case .removed(let job): ended(PoolScenario.number(job))
        case .tell(let worker): telling.insert(worker)
        }
    }

    private mutating func submit() {
        submitted += 1
        pool.submit(
            submitted, PoolPriority.allCases.randomElement(using: &random) ?? .normal,
            key: random.chance(20) ? ["a", "b"][random.below(2)] : nil,
            affinity: random.chance(20) ? ["x", "y", "z"][random.below(3)] : nil)
    }

    private mutating func ended(_ number: Int) { endings[number, default: 0] += 1 }

    private mutating func finishOne() {
        guard let (worker, task) = pool.running.randomElement(using: &random) else { return }
        let outcome: PoolStateMachine.Outcome = random.chance(70) ? .completed : .failed
        let retryAt = outcome == .failed && random.chance(50) ? pool.now + 20 : nil
        guard let finished = pool.finish(worker, outcome, retryAt: retryAt) else {
            Issue.record("a worker in the books has lost its task")
            return
        }
        told[worker] = nil
        if finished.retries { delayed.append(task.ref) } else { ended(task.job) }
    }

    private mutating func readyOne() {
        guard let worker = pool.starting.randomElement(using: &random) else { return }
        if random.chance(90) {
            pool.ready(worker)
        } else {
            pool.fail(worker)
            pool.perform(pool.machine.restartDue(now: pool.now))
        }
    }

    private mutating func stopOne() {
        guard let number = pool.refs.keys.randomElement(using: &random) else { return }
        let action = pool.stop(number, random.chance(50) ? .cancelled : .timedOut)
        if case .removed(let job) = action { #expect(PoolScenario.number(job) == number) }
        note(action)
    }

    private mutating func finishTelling() {
        guard let worker = telling.randomElement(using: &random) else { return }
        telling.remove(worker)
        if let task = pool.running[worker] { told[worker] = task.ref }
        if pool.machine.stopTold(worker) { pool.follow(worker, .renew) }
    }

    private mutating func abandonOne() {
        guard let (worker, ref) = told.randomElement(using: &random) else { return }
        told[worker] = nil
        guard let given = pool.machine.abandon(ref, on: worker, now: pool.now) else { return }
        pool.running[worker] = nil
        pool.ahead.forget(worker)
        abandoned += 1
        ended(PoolScenario.number(given.job))
        pool.perform(given.actions)
    }

    /// A worker dies, at work or not.
    private mutating func loseOne() {
        guard let worker = (Array(pool.running.keys) + pool.idle + pool.starting).randomElement(using: &random) else { return }
        let rerunAt = random.chance(50) ? pool.now + 20 : nil
        let task = pool.running[worker]
        let loss = pool.machine.workerLost(worker, rerunAt: rerunAt, now: pool.now)
        pool.running[worker] = nil
        pool.ahead.forget(worker)
        pool.idle.remove(worker)
        pool.starting.remove(worker)
        told[worker] = nil
        telling.remove(worker)
        #expect((loss.task?.ref == task?.ref) == true)
        if let lost = loss.task {
            if lost.reruns { delayed.append(lost.ref) } else { ended(PoolScenario.number(lost.job)) }
        }
        pool.perform(loss.actions)
        pool.perform(pool.machine.restartDue(now: pool.now))
    }

    private mutating func retryOne() {
        guard let ref = delayed.popLast() else { return }
        pool.perform(pool.machine.retryDue(ref, now: pool.now))
    }

    private mutating func waitTimedOut() {
        guard let ref = pool.refs.values.randomElement(using: &random) else { return }
        pool.perform(pool.machine.waitTimedOut(ref, now: pool.now))
    }

    private mutating func idleCheck() {
        guard let worker = pool.idle.randomElement(using: &random) else { return }
        pool.perform(pool.machine.idleCheckDue(worker, now: pool.now).actions)
    }

    /// Closes the pool, lets everything come to its end, and compares.
    mutating func finish() {
        if random.chance(50) {
            pool.perform(pool.machine.close(now: pool.now))
        } else {
            let action = pool.machine.shutDown(now: pool.now)
            pool.perform(action.actions)
            for worker in action.starting where random.chance(50) {
                pool.starting.remove(worker)
                pool.perform(pool.machine.abandonStarting(worker, now: pool.now) ?? [])
            }
            for ref in action.running {
                note(pool.machine.stop(ref, .closed, now: pool.now).action)
            }
        }
        var rounds = 0
        while !pool.isClosed, rounds < 10_000 {
            rounds += 1
            while abandoned > 0 {
                abandoned -= 1
                pool.perform(pool.machine.abandonedEnded(now: pool.now))
            }
            stopAsAsked()
            while !telling.isEmpty { finishTelling() }
            while !delayed.isEmpty { retryOne() }
            for worker in pool.starting { pool.ready(worker) }
            if !pool.running.isEmpty { finishOne() }
        }
        #expect(pool.isClosed)
        for number in pool.refusals.keys { ended(number) }
        #expect(endings.count == submitted)
        #expect(endings.values.allSatisfy { $0 == 1 })
        let counts = pool.machine.counts
        #expect(
            counts.submitted == counts.completed + counts.failed + counts.cancelled + counts.timedOut + counts.rejected)
    }
}
