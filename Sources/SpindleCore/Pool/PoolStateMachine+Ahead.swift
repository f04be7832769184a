internal import DequeModule

/// Tasks that a busy worker is given before it asks for them.
///
/// A worker on the other side of a process boundary that had to ask after every task would spend its time being woken.
/// So while tasks are short it is given some ahead, and begins them by itself, one after the other. A task given ahead
/// still waits: it can be taken back until its worker has begun it, which ``PoolTickets`` tells.
/// It is taken back when another worker has nothing to do, when a more urgent task comes, when the worker turns out to
/// be busy for longer than was thought, and when the task is given up.
extension PoolStateMachine {
    /// Takes the next tasks for a worker that has just begun one, as many as it will have done soon.
    mutating func giveAhead(to number: WorkerNumber, now: Int64) -> [Assignment] {
        let window = Int(min(Int64(limits.aheadLimit), Self.aheadTime / max(1, typicalRun)))
        guard window > 0, queue.count > 0, limits.tasksPerWorker == .max, limits.maxWorkerAge == .max,
            let index = workers.index(forKey: number), workers.values[index].mayHaveAhead, workers.values[index].own.isEmpty,
            workers.values[index].ahead.count <= window / 2
        else { return [] }
        var assignments: [Assignment] = []
        let room = window - workers.values[index].ahead.count
        assignments.reserveCapacity(min(room, queue.count))
        while assignments.count < room,
            let next = queue.next(now: now, agingInterval: limits.agingInterval, in: tasks),
            // These may have to wait for others, or go elsewhere.
            tasks[next.ref].request.routing == nil
        {
            queue.take(next)
            countAhead(next.ref, 1)
            workers.values[index].ahead.append(next.ref)
            tasks[next.ref].place = .ahead(number)
            assignments.append(makeAssignment(next.ref, for: number, now: now))
        }
        return assignments
    }

    private mutating func countAhead(_ ref: TaskRef, _ change: Int) {
        aheadCount += change
        ahead[Int(tasks[ref].request.priority.rawValue)] += change
    }

    /// How much work a worker may have ahead of it.
    private static var aheadTime: Int64 { 1_000_000 }

    /// A task has run for so long; short ones in a row are what makes it worth while to give some ahead.
    mutating func noteRun(_ time: Int64) {
        typicalRun += (time - typicalRun) / 8
    }

    /// A worker has gone on with the first task that it was given ahead.
    mutating func goOn(_ number: WorkerNumber, now: Int64, _ actions: inout [Action]) -> Assignment? {
        guard let ref = workers[number]?.ahead.popFirst() else { return nil }
        countAhead(ref, -1)
        workers[number]?.state = .busy(ref, since: now, .none)
        tasks[ref].place = .running(number)
        runningCount += 1
        if let reason = tasks[ref].stopWhenItRuns {
            tasks[ref].stopWhenItRuns = nil
            actions.append(.stop(ref, reason))
        }
        let entry = tasks[ref]
        return Assignment(
            ref: ref, job: entry.job, ticket: entry.ticket, attempt: entry.attempt, crashes: entry.crashes,
            waited: now - entry.since)
    }

    /// Takes a task back that its worker has not begun. It is nowhere then.
    ///
    /// - Returns: false when it has begun, and runs as soon as its worker has told of the one before.
    mutating func takeBackAhead(_ ref: TaskRef) -> Bool {
        guard case .ahead(let number) = tasks[ref].place, tickets.takeBack(tasks[ref].ticket, from: number) else { return false }
        workers[number]?.ahead.removeAll { $0 == ref }
        // The worker still has to pass over it, so it gets no more until it is known to have gone on.
        workers[number]?.mayHaveAhead = false
        countAhead(ref, -1)
        return true
    }

    /// A task for a worker that has nothing to do, while another has more than it can begin at once.
    mutating func takeFromAnother(now: Int64) -> TaskRef? {
        guard aheadCount > 0 else { return nil }
        for (_, worker) in workers.sorted(by: { $0.value.ahead.count > $1.value.ahead.count }) {
            // The last: the worker is furthest from beginning it.
            for ref in worker.ahead.reversed() where takeBackAhead(ref) { return ref }
        }
        return nil
    }

    /// Puts what a worker was given ahead back into the queue, from where it came.
    ///
    /// - Parameter isLost: whether the worker is gone, and begins nothing any more.
    mutating func requeueAhead(
        of number: WorkerNumber, isLost: Bool = false, _ actions: inout [Action], where isMeant: (TaskRef) -> Bool = { _ in true }
    ) {
        guard let ahead = workers[number]?.ahead else { return }
        // From the last on, so that they come to lie in order.
        for ref in ahead.reversed() where isMeant(ref) {
            if isLost {
                countAhead(ref, -1)
            } else if !takeBackAhead(ref) {
                continue
            }
            tasks[ref].place = .queued(home: nil)
            queue.prepend(ref, tasks[ref].request.priority, since: tasks[ref].since)
            if let reason = tasks[ref].stopWhenItRuns { actions.append(.stop(ref, reason)) }
            tasks[ref].stopWhenItRuns = nil
        }
        if isLost { workers[number]?.ahead = [] }
    }

    /// Gives idle workers what has come back into the queue.
    mutating func feedIdle(now: Int64, _ actions: inout [Action]) {
        while queue.count > 0, let number = idle.last, let assignment = takeNext(for: number, now: now) {
            actions.append(.assign(assignment, to: number))
        }
    }

    /// Has tasks wait in the queue again that a more urgent one has to go before.
    mutating func requeueLess(urgentThan priority: PoolPriority, _ actions: inout [Action]) {
        guard ahead[..<Int(priority.rawValue)].contains(where: { $0 > 0 }) else { return }
        for number in workers.keys {
            let slab = tasks
            requeueAhead(of: number, &actions) { slab[$0].request.priority < priority }
        }
    }

    /// Has tasks wait in the queue again whose worker is busy for longer than was thought.
    mutating func requeueStuck(now: Int64, _ actions: inout [Action]) {
        guard aheadCount > 0, now - lastLookForStuck >= Self.aheadTime else { return }
        lastLookForStuck = now
        for (number, worker) in workers where !worker.ahead.isEmpty {
            guard case .busy(_, let since, _) = worker.state, now - since > Self.aheadTime else { continue }
            requeueAhead(of: number, &actions)
        }
    }
}
