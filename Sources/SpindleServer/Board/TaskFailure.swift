internal import Spindle
internal import SpindleCore
internal import SpindleWorkloads

/// Why a task ended without a result, as clients get it: `{"code": …, "message": …, "crash": …}`.
struct TaskFailure: Sendable, Encodable, Equatable {
    /// For programs: does not change between versions.
    let code: String
    /// For people: what happened.
    let message: String
    /// How the worker process died that the task cost last; absent when none did.
    var crash: Crash?

    /// The death of a worker process.
    struct Crash: Sendable, Encodable, Equatable {
        /// signal, exit-code, limit, malformed-message, set-up or unknown.
        let cause: String
        /// For a signal: its name, as "SIGILL", or its number.
        var signal: String?
        /// For an exit code.
        var exitCode: Int32?
        /// For a limit: memory, cpu-time or file-size.
        var limit: String?
        /// What the process wrote last to its standard error, oldest first.
        let lastErrorLines: [String]
    }

    static let unexpected = TaskFailure(
        code: "unexpected", message: "The task failed unexpectedly; the server's log names the error.")
}

extension TaskFailure {
    init(_ error: WorkerPoolError) {
        if let crash = error.crashes.last {
            // Without the last line, which stands among `lastErrorLines`.
            let words = "\(WorkerCrash(cause: crash.cause, processID: crash.processID))"
            let isPoisonous = error.code == .poisonous
            self.init(
                code: isPoisonous ? "poisonous" : "worker-crashed",
                message: isPoisonous
                    ? "The task has cost \(error.crashes.count) workers and is not tried again. \(words)"
                    : "The task's worker died at it, and nothing else. \(words)",
                crash: Crash(crash))
            return
        }
        switch error.code {
        case .timedOut: self.init(code: "timed-out", message: error.message)
        case .waitTimedOut: self.init(code: "wait-timed-out", message: error.message)
        case .closed:
            self.init(code: "stopped", message: "The server was stopped before the task had ended; submit it again.")
        default: self.init(code: "not-run", message: error.message)
        }
    }

    /// What the workloads themselves say, on a thread or from a process; nil for any other error, whose text may tell
    /// of what clients sent.
    init?(ofWork error: any Error) {
        let message: String
        switch error {
        case let error as WorkloadError: message = error.message
        case let error as RemoteError where error.isType(WorkloadError.self): message = error.message
        default: return nil
        }
        self.init(code: "failed", message: message)
    }
}

extension TaskFailure.Crash {
    /// More and longer lines than this are not passed on; each event of the task repeats them.
    private static let longest = (lines: 16, characters: 1_000)

    init(_ crash: WorkerCrash) {
        lastErrorLines = crash.lastErrorLines.suffix(Self.longest.lines).map { String($0.prefix(Self.longest.characters)) }
        switch crash.cause {
        case .signal(let number):
            cause = "signal"
            signal = WorkerCrash.signalName(number) ?? "\(number)"
        case .exitCode(let code):
            cause = "exit-code"
            exitCode = code
        case .limit(let hit):
            cause = "limit"
            limit =
                switch hit {
                case .memory: "memory"
                case .cpuTime: "cpu-time"
                case .fileSize: "file-size"
                }
        case .malformedMessage: cause = "malformed-message"
        case .setUp: cause = "set-up"
        case .unknown: cause = "unknown"
        }
    }
}
