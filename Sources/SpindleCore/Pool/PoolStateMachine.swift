internal import DequeModule

/// A worker pool as a pure value: which tasks wait, which worker runs what, who starts and who goes.
///
/// The driver calls one method per event, with the time, under its lock; it carries
/// out the returned ``Action``s after it has let go. Every task that was submitted
/// leaves exactly once, by a ``FinishedTask``, an ``Action/reject(_:_:)`` or a
/// cancellation's return value; a worker that was lost can finish nothing any more,
/// because its number is never used again.
///
/// Where a task can be:
///
///     submit ─┬─► lobby ──► queued ──► running ─┬─► gone
///             └───────────► ▲   │               └─► delayed (retry) ─► queued
///                    parked ┘◄──┘ (its key is at the limit)
///
/// From `queued` a task may be given *ahead* to a busy worker and come back; see `PoolStateMachine+Ahead`.
///
/// What a worker does:
///
///     starting ─► idle ◄─► busy ─► halted (told to stop its task; being renewed) ─► idle
///        └───────────┴───────┴──────┴─► gone (retired, lost, failed to start)
package struct PoolStateMachine {
    /// Whatever the driver runs. The machine keeps it and never looks inside; not a
    /// generic parameter, so that the machine is compiled once and not interpreted
    /// through type metadata from another module.
    package typealias Job = any AnyObject & Sendable
    package typealias WorkerNumber = UInt64

    package enum Action {
        /// Start a worker and call `workerReady` or `workerStartFailed`.
        case startWorker(WorkerNumber)
        /// Call `restartDue` at this time.
        case restart(at: Int64)
        /// Give an idle worker its next task.
        case assign(Assignment, to: WorkerNumber)
        /// Call `stop` for a task that could not be stopped before.
        case stop(TaskRef, StopReason)
        /// Let an idle worker end.
        case retire(WorkerNumber)
        /// The task will not run.
        case reject(Job, Refusal)
        /// A task that waited for room in the queue is in it now.
        case admitted(Job)
        /// The queue is empty again after having been full.
        case drained
        /// Nothing runs or waits any more, and no worker is left, after closing.
        case closed
    }

    package enum Refusal: Sendable, Equatable {
        case full
        case shed
        case waitTimedOut
        case closed
        /// Workers keep failing to start, or all were abandoned.
        case noWorkers
    }

    package struct Assignment: Sendable {
        package let ref: TaskRef
        package let job: Job
        /// Tells the assignments of one worker apart.
        package let ticket: UInt64
        package let attempt: Int
        /// How many of the attempts before ended with the death of their worker.
        package let crashes: Int
        /// How long it waited, since it was submitted or became due for a retry.
        package let waited: Int64
    }

    package struct Request {
        package var priority = PoolPriority.normal
        /// Nil for most tasks, which keeps them small and cheap to move.
        package var routing: Routing?
        package init() {}

        var key: String? { routing?.key }
        var affinity: String? { routing?.affinity }
    }

    /// Which tasks a task may not run beside, and which it should run after.
    package final class Routing: Sendable {
        let key: String?
        let affinity: String?
        package init(key: String?, affinity: String?) {
            self.key = key
            self.affinity = affinity
        }
    }

    package enum StopReason: Sendable { case cancelled, timedOut, closed }

    struct Entry {
        enum Place {
            case lobby
            case queued(home: WorkerNumber?)
            case parked
            case delayed
            /// Given to a worker that has something else to do first.
            case ahead(WorkerNumber)
            case running(WorkerNumber)
        }

        let job: Job
        let request: Request
        var place: Place
        var since: Int64
        var attempt = 1
        var crashes = 0
        /// Of its last assignment.
        var ticket: UInt64 = 0
        /// To be stopped; its worker has begun it but not told yet.
        var stopWhenItRuns: StopReason?
    }

    struct Worker {
        enum State {
            case starting
            case idle(since: Int64)
            case busy(TaskRef, since: Int64, Halt)
            /// Its task has ended while it was being told to stop.
            case halted
            /// Its task has ended and it is told; it starts afresh.
            case renewing
        }

        /// How far telling the task to stop has got. Its worker goes on only when
        /// the telling is over, so that it cannot hit the next task.
        enum Halt { case none, telling(StopReason), told(StopReason) }

        var state = State.starting
        let bornAt: Int64
        /// Nil until it is set up.
        var readyAt: Int64?
        var tasksDone = 0
        var busyTime: Int64 = 0
        var own = PriorityQueues()
        /// What it does next by itself, in order.
        var ahead: Deque<TaskRef> = []
        var mayHaveAhead = true
        var lastTicket: UInt64 = 0
    }

    let limits: PoolLimits
    let tickets: any PoolTickets
    var tasks = TaskSlab<Entry>()
    var queue = PriorityQueues()
    var lobby = Deque<TaskRef>()
    var lobbyCount = 0
    /// Tasks that wait because their key is at its limit, in order.
    var parked: [String: Deque<TaskRef>] = [:]
    var keysRunning: [String: Int] = [:]
    var workers: [WorkerNumber: Worker] = [:]
    /// Most recently used last, so that the others can go when there is little to do.
    var idle: [WorkerNumber] = []
    var lastWorker: WorkerNumber = 0
    /// Workers in a row that could not be started, or died at rest before they had been of use.
    var startFailures = 0
    var lastStartFailureAt = Int64.min
    /// Workers that died at work since a task last ended.
    var lossesInARow = 0
    var restartPending = false
    /// The queue has been full and not empty since.
    var wasFull = false
    var startingCount = 0
    package internal(set) var phase = Phase.open
    package internal(set) var counts = PoolCounts()

    package enum Phase: Sendable { case open, closing, closed }

    package init(_ limits: PoolLimits, tickets: any PoolTickets) {
        self.limits = limits
        self.tickets = tickets
    }

    // MARK: Figures

    /// Tasks queued for one worker each.
    var affineCount = 0
    /// Tasks parked behind their key.
    var parkedCount = 0
    /// Tasks that workers were given ahead, by priority.
    var ahead = Array(repeating: 0, count: PoolPriority.allCases.count)
    var aheadCount = 0
    /// How long tasks have run lately, in nanoseconds; long until shown otherwise.
    var typicalRun: Int64 = 1_000_000_000
    var lastLookForStuck: Int64 = 0
    /// Tasks that wait for room in the queue.
    package var lobbyTaskCount: Int { lobbyCount }
    package internal(set) var runningCount = 0
    package internal(set) var delayedCount = 0
    package var workerCount: Int { workers.count }
    package var idleCount: Int { idle.count }

    /// Tasks in the queue, which is what its limit limits.
    package var load: Int { queue.count + affineCount + parkedCount + aheadCount }

    /// Whether the queue is full: a producer that can wait should, until it is drained.
    package var needsDrain: Bool { wasFull }

    package func activity(of number: WorkerNumber, now: Int64) -> (task: TaskRef?, done: Int, busy: Int64, age: Int64)? {
        guard let worker = workers[number] else { return nil }
        var (task, busy) = (TaskRef?.none, worker.busyTime)
        if case .busy(let ref, let since, _) = worker.state {
            task = ref
            busy += now - since
        }
        return (task, worker.tasksDone, busy, now - worker.bornAt)
    }

    /// Of the last assignment of a task.
    package func ticket(_ ref: TaskRef) -> UInt64? { tasks.contains(ref) ? tasks[ref].ticket : nil }

    package func job(_ ref: TaskRef) -> Job? { tasks.contains(ref) ? tasks[ref].job : nil }

    // MARK: Invariants

    /// Stops with a message when the bookkeeping contradicts itself. For tests.
    package func checkInvariants() {
        var places = (queued: 0, affine: 0, parked: 0, lobby: 0, delayed: 0, ahead: 0, running: 0)
        var onTheirWay: Set<String> = []
        for ref in tasks.all {
            switch tasks[ref].place {
            case .queued, .running: if let key = tasks[ref].request.key { onTheirWay.insert(key) }
            case .lobby, .parked, .delayed, .ahead: break
            }
            switch tasks[ref].place {
            case .lobby: places.lobby += 1
            case .queued(home: nil): places.queued += 1
            case .queued(let home?):
                places.affine += 1
                precondition(workers[home] != nil, "queued for a worker that is gone")
            case .parked: places.parked += 1
            case .delayed: places.delayed += 1
            case .ahead(let number):
                places.ahead += 1
                precondition(tasks[ref].request.routing == nil, "ahead, and to wait for others")
                guard let worker = workers[number], case .busy = worker.state, worker.ahead.contains(ref) else {
                    preconditionFailure("ahead of nothing")
                }
            case .running(let number):
                places.running += 1
                guard case .busy(ref, _, _)? = workers[number]?.state else { preconditionFailure("runs nowhere") }
            }
        }
        precondition(places.queued == queue.count && places.affine == affineCount, "queue counts")
        precondition(places.parked == parkedCount && places.lobby == lobbyCount, "waiting counts")
        precondition(places.ahead == aheadCount && workers.values.allSatisfy { $0.ahead.count <= limits.aheadLimit }, "ahead")
        precondition(places.delayed == delayedCount && places.running == runningCount, "running counts")
        precondition(keysRunning.values.allSatisfy { $0 > 0 && $0 <= limits.keyLimit }, "key counts")
        precondition(parked.keys.allSatisfy(onTheirWay.contains), "parked behind a key that nobody will free")
        precondition(workers.count <= limits.maxWorkers, "too many workers")
        let starting = workers.values.filter { if case .starting = $0.state { true } else { false } }
        precondition(starting.count == startingCount, "starting workers")
        precondition(Set(idle).count == idle.count && idle.allSatisfy { workers[$0] != nil }, "idle workers")
        if !idle.isEmpty { precondition(queue.count == 0, "a task waits while a worker is idle") }
        precondition(limits.queueLimit == .max || load <= limits.queueLimit + delayedSlack, "over the limit")
    }

    /// Retries come back into the queue whether or not there is room.
    var delayedSlack: Int { counts.retried + counts.rerun }
}

/// Whether workers have begun what they were given: the one thing that they decide, and not the machine.
///
/// Every assignment has a ticket, counted up from 1 for each worker.
package protocol PoolTickets: Sendable {
    /// The worker may begin it from now on.
    func offer(_ ticket: UInt64, to worker: PoolStateMachine.WorkerNumber)
    /// It may not any more; false when it has begun.
    func takeBack(_ ticket: UInt64, from worker: PoolStateMachine.WorkerNumber) -> Bool
}

/// What has become of a pool's tasks and workers so far.
package struct PoolCounts: Sendable, Equatable {
    package var submitted = 0
    package var completed = 0
    package var failed = 0
    package var cancelled = 0
    package var timedOut = 0
    package var rejected = 0
    package var retried = 0
    /// Attempts that ended with the death of their worker.
    package var crashed = 0
    /// Further attempts of tasks whose worker died.
    package var rerun = 0
    package var workersStarted = 0
    package var workersLost = 0
    /// Tasks ended by force with their worker, also counted as cancelled or timed out.
    package var killed = 0
    /// Tasks given up with their worker, also counted as cancelled or timed out.
    package var abandoned = 0
    /// Abandoned workers that have not ended yet.
    package var abandonedAlive = 0
    package init() {}
}
