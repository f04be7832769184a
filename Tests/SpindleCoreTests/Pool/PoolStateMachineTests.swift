internal import SpindleCore
internal import Testing

@Suite struct `The pool state machine` {
    @Test func `runs the more urgent first and the earlier first inside a priority`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.submit(1, .low)
        pool.submit(2)
        pool.submit(3, .critical)
        pool.submit(4)
        pool.allReady()
        for _ in 1...3 { pool.finish(1) }
        #expect(pool.started == [3, 2, 4, 1])
    }

    @Test func `lifts a task by one priority for each ageing interval`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.agingInterval) = (1, 1, 100) }
        pool.submit(1, .low)
        pool.now = 250
        pool.submit(2, .high)
        pool.submit(3, .low)
        pool.allReady()
        for _ in 1...2 { pool.finish(1) }
        #expect(pool.started == [1, 2, 3], "two and a half intervals lift low above high")
    }

    @Test func `starts workers as tasks need them, and lets them go when they idle`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.idleTimeout) = (0, 3, 1_000) }
        #expect(pool.starting.isEmpty)
        for number in 1...2 { pool.submit(number) }
        #expect(pool.starting.count == 2, "no more than there are tasks")
        pool.allReady()
        for worker in [UInt64(1), 2] { pool.finish(worker) }
        pool.now = 999
        let early = pool.machine.idleCheckDue(1, now: pool.now)
        #expect(early.again == 1_000 && early.actions.isEmpty)
        pool.now = 1_000
        pool.perform(pool.machine.idleCheckDue(1, now: pool.now).actions)
        pool.perform(pool.machine.idleCheckDue(2, now: pool.now).actions)
        #expect(pool.machine.workerCount == 0)
    }

    @Test func `takes a waiting task out at once`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        for number in 1...3 { pool.submit(number) }
        guard case .removed(let job) = pool.stop(2) else { Issue.record("still there"); return }
        #expect(PoolScenario.number(job) == 2)
        pool.finish(1)
        #expect(pool.started == [1, 3])
    }

    @Test func `tells a running task to stop and renews its worker only when the telling is over`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        pool.submit(1)
        pool.submit(2)
        guard case .tell(1) = pool.stop(1) else { Issue.record("not told"); return }
        guard case .nothing = pool.stop(1) else { Issue.record("told twice"); return }
        let task = pool.finish(1, .cancelled)
        #expect(task?.stopReason == .cancelled)
        #expect(pool.started == [1], "the next task waits until nothing of the stop can reach it")
        let isOver = pool.machine.stopTold(1)
        #expect(isOver)
        pool.follow(1, .renew)
        #expect(pool.started == [1, 2])
    }

    @Test func `gives up a task and its worker together and replaces the worker`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        pool.submit(1)
        pool.submit(2)
        guard case .tell(1) = pool.stop(1, .timedOut) else { Issue.record("not told"); return }
        let hasEnded = pool.machine.stopTold(1)
        #expect(!hasEnded)
        let given = pool.machine.abandon(pool.refs[1]!, on: 1, now: pool.now)
        pool.running[1] = nil
        #expect(given.map { PoolScenario.number($0.job) } == 1 && given?.reason == .timedOut)
        pool.perform(given?.actions ?? [])
        #expect(pool.starting == [2])
        pool.allReady()
        #expect(pool.started == [1, 2])
        let late = pool.finish(1)
        #expect(late == nil, "what the abandoned worker says later counts for nothing")
        let again = pool.machine.abandon(pool.refs[1]!, on: 1, now: pool.now)
        #expect(again == nil)
    }

    @Test func `does not replace abandoned workers without end`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.abandonedLimit) = (1, 1, 1) }
        for number in 1...2 {
            pool.allReady()
            pool.submit(number)
            let worker = UInt64(number)
            _ = pool.stop(number)
            _ = pool.machine.stopTold(worker)
            if number == 2 { pool.submit(3) }
            pool.running[worker] = nil
            pool.perform(pool.machine.abandon(pool.refs[number]!, on: worker, now: 0)?.actions ?? [])
        }
        #expect(pool.starting.isEmpty)
        #expect(pool.refusals == [3: .noWorkers])
        pool.submit(4)
        #expect(pool.refusals[4] == .noWorkers)
        pool.perform(pool.machine.abandonedEnded(now: 0))
        #expect(pool.starting.count == 1, "room again when one has ended")
    }

    @Test func `runs no more of a key at once than it may, in order`() {
        var pool = PoolScenario()
        pool.allReady()
        pool.submit(1, key: "a")
        pool.submit(2, key: "a")
        pool.submit(3, key: "a")
        pool.submit(4, key: "b")
        #expect(pool.started == [1, 4])
        pool.finish(pool.worker(running: 1)!)
        #expect(pool.started == [1, 4, 2])
        pool.finish(pool.worker(running: 2)!)
        #expect(pool.started == [1, 4, 2, 3])
    }

    @Test func `lets the next of a key on when the one before is given up while it waits`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (2, 2) }
        pool.allReady()
        pool.submit(1, key: "a")
        pool.submit(2)
        for number in 3...5 { pool.submit(number, .low, key: "a") }
        // 3 may go on now, but an urgent one takes the worker.
        pool.submit(6, .critical)
        pool.finish(pool.worker(running: 1)!)
        pool.machine.checkInvariants()
        _ = pool.stop(3)
        pool.machine.checkInvariants()
        for number in [6, 4, 5, 2] { pool.finish(pool.worker(running: number)!) }
        #expect(pool.started == [1, 2, 6, 4, 5])
    }

    @Test func `keeps tasks of one affinity on one worker`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (4, 4) }
        pool.allReady()
        pool.submit(0, affinity: "x")
        let home = pool.worker(running: 0)!
        for number in 1...5 {
            pool.submit(number, affinity: "x")
            #expect(pool.worker(running: number) == nil, "it waits for its worker though others are idle")
            pool.finish(home)
            #expect(pool.worker(running: number) == home)
        }
    }

    @Test func `brings the tasks of a lost worker's affinity to another`() {
        var pool = PoolScenario()
        pool.allReady()
        pool.submit(0, affinity: "x")
        let home = pool.worker(running: 0)!
        pool.submit(1, affinity: "x")
        _ = pool.stop(0)
        _ = pool.machine.stopTold(home)
        pool.running[home] = nil
        pool.perform(pool.machine.abandon(pool.refs[0]!, on: home, now: 0)?.actions ?? [])
        pool.allReady()
        #expect(pool.worker(running: 1) != nil)
    }

    @Test func `fails, waits or sheds when the queue is full`() {
        for policy in [PoolLimits.OnFull.fail, .wait, .shed] {
            var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.queueLimit, $0.onFull) = (1, 1, 2, policy) }
            pool.allReady()
            for number in 1...3 { pool.submit(number) }
            #expect(pool.machine.needsDrain)
            pool.submit(4)
            pool.submit(5, .low)
            switch policy {
            case .fail: #expect(pool.refusals == [4: .full, 5: .full])
            case .shed: #expect(pool.refusals == [2: .shed, 5: .full], "the oldest, but not for one less urgent")
            case .wait:
                #expect(pool.refusals.isEmpty && pool.machine.lobbyTaskCount == 2)
                pool.finish(1)
                #expect(pool.admitted == [4])
            }
        }
    }

    @Test func `says when a full queue has drained`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.queueLimit, $0.onFull) = (1, 1, 1, .fail) }
        pool.allReady()
        pool.submit(1)
        pool.submit(2)
        #expect(pool.machine.needsDrain && pool.drains == 0)
        pool.finish(1)
        #expect(!pool.machine.needsDrain && pool.drains == 1)
    }

    @Test func `gives a task up that waits too long, and not one that runs`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        pool.submit(1)
        pool.submit(2)
        for number in 1...2 { pool.perform(pool.machine.waitTimedOut(pool.refs[number]!, now: 9)) }
        #expect(pool.refusals == [2: .waitTimedOut])
    }

    @Test func `lets a late timer of one attempt pass the next by`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        pool.submit(1)
        let first = pool.finish(1, .failed, retryAt: 50)
        #expect(first?.retries == true)
        pool.now = 50
        pool.perform(pool.machine.retryDue(pool.refs[1]!, now: pool.now))
        #expect(pool.running[1]?.attempt == 2)
        guard case .nothing = pool.machine.stop(pool.refs[1]!, .timedOut, attempt: 1, now: 50).action else {
            Issue.record("the first attempt's timer has hit the second")
            return
        }
    }

    @Test func `replaces a worker after its tasks or its years`() {
        var byTasks = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.tasksPerWorker) = (1, 1, 2) }
        byTasks.allReady()
        for number in 1...3 { byTasks.submit(number) }
        byTasks.finish(1)
        byTasks.finish(1)
        #expect(byTasks.starting == [2])
        byTasks.allReady()
        #expect(byTasks.worker(running: 3) == 2)

        var byAge = PoolScenario { ($0.minWorkers, $0.maxWorkers, $0.maxWorkerAge) = (1, 1, 100) }
        byAge.allReady()
        byAge.now = 100
        byAge.perform(byAge.machine.idleCheckDue(1, now: 100).actions)
        #expect(byAge.starting == [2])
    }

    @Test func `starts failing workers again after growing pauses, and not for ever`() {
        var pool = PoolScenario { limits in
            (limits.minWorkers, limits.maxWorkers) = (1, 1)
            (limits.startFailureBudget, limits.startBackoff) = (3, 10)
        }
        pool.submit(1)
        for worker in [UInt64(1), 2, 3] {
            #expect(pool.starting == [worker])
            pool.fail(worker)
            if worker < 3 { pool.perform(pool.machine.restartDue(now: pool.now)) }
        }
        #expect(pool.restarts == [10, 20])
        #expect(pool.refusals == [1: .noWorkers] && pool.starting.isEmpty)
    }

    @Test func `counts workers that die as soon as they are set up as failed starts`() {
        var pool = PoolScenario { limits in
            (limits.minWorkers, limits.maxWorkers) = (1, 1)
            (limits.startFailureBudget, limits.startBackoff) = (3, 10)
        }
        for worker in [UInt64(1), 2, 3] {
            pool.ready(worker)
            pool.die(worker)
            if worker < 3 { pool.perform(pool.machine.restartDue(now: pool.now)) }
        }
        #expect(pool.restarts == [10, 20] && pool.starting.isEmpty)
        pool.submit(1)
        #expect(pool.refusals == [1: .noWorkers])
    }

    @Test func `forgets failed starts when a later worker was of use or lived for a while, and not for an earlier one's sake`() {
        var pool = PoolScenario { limits in
            (limits.startFailureBudget, limits.startBackoff, limits.maxStartBackoff) = (9, 10, 1_000)
        }
        func restart() {
            pool.now += 1
            pool.perform(pool.machine.restartDue(now: pool.now))
        }
        pool.ready(1)
        pool.now = 5_000
        pool.fail(2)
        restart()
        // The first has lived for long, but before the failure.
        pool.fail(3)
        restart()
        // The fourth finishes a task.
        pool.submit(1)
        pool.finish(1)
        pool.ready(4)
        pool.submit(2)
        #expect(pool.worker(running: 2) == 4)
        pool.finish(4)
        pool.die(4)
        restart()
        // The fifth lives for a while.
        pool.ready(5)
        pool.now += 1_000
        pool.die(5)
        restart()
        pool.ready(6)
        pool.die(6)
        #expect(pool.restarts == [5_010, 5_021, 5_012, 6_013, 6_024])
    }

    @Test func `ends the tasks it has before it closes`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        pool.submit(1)
        pool.submit(2)
        pool.perform(pool.machine.close(now: 0))
        pool.submit(3)
        #expect(pool.refusals == [3: .closed] && !pool.isClosed)
        pool.finish(1)
        #expect(pool.started == [1, 2] && !pool.isClosed)
        pool.finish(1)
        #expect(pool.isClosed)
    }

    @Test func `refuses what waits and names what runs when it shuts down`() {
        var pool = PoolScenario { ($0.minWorkers, $0.maxWorkers) = (1, 1) }
        pool.allReady()
        for number in 1...3 { pool.submit(number) }
        let action = pool.machine.shutDown(now: 0)
        pool.perform(action.actions)
        #expect(action.running == [pool.refs[1]!])
        #expect(pool.refusals == [2: .closed, 3: .closed])
        pool.finish(1)
        #expect(pool.isClosed)
    }

    // MARK: Ahead

    /// A pool whose tasks have been short for a while: one worker, which runs task 0.
    private func busyPool(workers: Int = 1) -> PoolScenario {
        var pool = PoolScenario { limits in
            limits.minWorkers = workers
            limits.maxWorkers = workers
            limits.aheadLimit = 4
        }
        pool.allReady()
        for number in 1_000..<1_100 {
            pool.submit(number)
            if let worker = pool.worker(running: number) { pool.finish(worker) }
        }
        return pool
    }

    @Test func `gives short tasks ahead to the worker that has just begun one`() {
        var pool = busyPool()
        for number in 0..<8 { pool.submit(number) }
        pool.finish(1)
        #expect(pool.running[1]?.job == 1)
        #expect(pool.ahead.count(1) == 4)
        // Without asking.
        pool.finish(1)
        #expect(pool.running[1]?.job == 2)
    }

    @Test func `gives nothing ahead while tasks are long`() {
        var pool = busyPool()
        for number in 0..<8 { pool.submit(number) }
        pool.now += 10_000_000_000
        pool.finish(1)
        #expect(pool.ahead.count(1) == 0)
    }

    @Test func `takes a task back for a worker that has nothing to do`() {
        var pool = busyPool(workers: 2)
        for number in 0..<6 { pool.submit(number) }
        let first = pool.worker(running: 0) ?? 0
        let second = pool.worker(running: 1) ?? 0
        pool.finish(first)
        #expect(pool.ahead.count(first) == 3)
        pool.finish(second)
        #expect(pool.running[second]?.job == 5)
        #expect(pool.ahead.count(first) == 2)
    }

    @Test func `takes tasks back that a more urgent one has to go before`() {
        var pool = busyPool()
        for number in 0..<4 { pool.submit(number) }
        pool.finish(1)
        pool.submit(9, .high)
        #expect(pool.ahead.count(1) == 0)
        pool.finish(1)
        #expect(pool.running[1]?.job == 9)
    }

    @Test func `takes tasks back whose worker is busy for longer than was thought`() {
        var pool = busyPool(workers: 2)
        for number in 0..<6 { pool.submit(number) }
        let (long, other) = (pool.worker(running: 0) ?? 0, pool.worker(running: 1) ?? 0)
        pool.finish(long)
        pool.submit(6)
        pool.now += 5_000_000
        pool.finish(other)
        #expect(pool.ahead.count(long) == 0)
        #expect(pool.running[other]?.job == 3)
    }

    @Test func `cancels a task given ahead like one that waits, and one that has begun when it is known to run`() {
        var pool = busyPool()
        for number in 0..<4 { pool.submit(number) }
        pool.finish(1)
        guard case .removed = pool.stop(3) else {
            Issue.record("a task that has not begun is gone at once")
            return
        }
        pool.ahead.goOn(1)
        guard case .nothing = pool.stop(2) else {
            Issue.record("a task that has begun cannot be taken back")
            return
        }
        pool.finish(1)
        #expect(pool.running[1]?.job == 2)
        #expect(pool.stops.map(\.ref) == [pool.refs[2]])
    }

    @Test func `brings tasks given ahead back when their worker dies`() {
        var pool = busyPool()
        for number in 0..<4 { pool.submit(number) }
        pool.finish(1)
        let loss = pool.machine.workerLost(1, now: pool.now)
        pool.running[1] = nil
        pool.perform(loss.actions)
        pool.allReady()
        #expect(pool.worker(running: 2) != nil)
        #expect(pool.refusals.isEmpty)
    }
}
