public import SpindleCore

/// Why a pool did not bring a task to its end. What a task itself throws comes as it is,
/// and a task given up by its owner throws `CancellationError`.
public struct WorkerPoolError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The queue is at its limit, and the pool's policy is to fail.
        public static let queueFull = Code("queueFull")
        /// The task was given up in favour of a more urgent one.
        public static let shed = Code("shed")
        /// No worker was free within the task's waiting time.
        public static let waitTimedOut = Code("waitTimedOut")
        /// The task ran longer than it may.
        public static let timedOut = Code("timedOut")
        /// The pool is closed, or was shut down before the task had run.
        public static let closed = Code("closed")
        /// Workers keep failing to start, or all were abandoned.
        public static let noWorkers = Code("noWorkers")
        /// The task's worker died at it; see ``WorkerPoolError/crashes``.
        public static let workerCrashed = Code("workerCrashed")
        /// The task has cost as many workers as it may, one after the other; see ``WorkerPoolError/crashes``.
        public static let poisonous = Code("poisonous")
        /// The task or what it is given or results in cannot be sent to a process.
        public static let notEncodable = Code("notEncodable")
        /// The configuration contradicts itself.
        public static let invalidConfiguration = Code("invalidConfiguration")

        public var description: String { name }
    }

    /// What kind of failure it was: what a program decides by.
    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The task did not stop in time and still holds its abandoned thread.
    public let wasAbandoned: Bool
    /// How the worker processes died that the task has cost, oldest first.
    public let crashes: [WorkerCrash]

    init(_ code: Code, _ message: String, wasAbandoned: Bool = false, crashes: [WorkerCrash] = []) {
        self.code = code
        self.message = message
        self.wasAbandoned = wasAbandoned
        self.crashes = crashes
    }

    public var description: String { message }

    /// The pool did not take the task in.
    var isRefusal: Bool { code == .queueFull || code == .closed || code == .noWorkers }

    static func invalid(_ message: String) -> WorkerPoolError {
        WorkerPoolError(.invalidConfiguration, "Pool configuration, \(message)")
    }

    static func timedOut(wasAbandoned: Bool) -> WorkerPoolError {
        let stop = wasAbandoned ? " It did not stop when told to, so its thread was abandoned." : ""
        return WorkerPoolError(
            .timedOut, "The task ran longer than its timeout allows.\(stop) Raise the timeout, or give it less to do.",
            wasAbandoned: wasAbandoned)
    }

    static func shutDown(wasAbandoned: Bool = false) -> WorkerPoolError {
        WorkerPoolError(.closed, "The pool was shut down before the task had ended.", wasAbandoned: wasAbandoned)
    }

    static let closureInProcess = WorkerPoolError(
        .notEncodable, "A closure cannot be sent to a worker process; make it a WorkerTask, or use a pool of threads.")

    static func crashed(_ crashes: [WorkerCrash]) -> WorkerPoolError {
        let last = crashes.last?.description ?? ""
        guard crashes.count > 1 else {
            return WorkerPoolError(.workerCrashed, "The task's worker died at it. \(last)", crashes: crashes)
        }
        return WorkerPoolError(
            .poisonous, "The task has cost \(crashes.count) workers and is not tried again. \(last)", crashes: crashes)
    }

    init(_ refusal: PoolStateMachine.Refusal) {
        switch refusal {
        case .full:
            self.init(.queueFull, "The pool's queue is full; try again later, or raise its limit or the number of workers.")
        case .shed:
            self.init(.shed, "The task was given up for a more urgent one because the queue is full; submit it again later.")
        case .waitTimedOut:
            self.init(.waitTimedOut, "No worker was free within the task's waiting time; raise it, or add workers.")
        case .closed:
            self.init(.closed, "The pool is closed and takes no tasks.")
        case .noWorkers:
            self.init(
                .noWorkers,
                "The pool has no workers left: they keep failing to start, or too many were abandoned; see its log and statistics."
            )
        }
    }
}
