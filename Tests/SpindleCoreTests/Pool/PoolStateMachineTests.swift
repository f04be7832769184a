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
}
