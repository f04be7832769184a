/// How a worker process died: of what, and what it said last.
public struct WorkerCrash: Error, Sendable, Equatable {
    /// What ended the process.
    public enum Cause: Sendable, Equatable {
        /// A signal, as a trap (SIGILL or SIGTRAP), `abort()` (SIGABRT), a wild pointer or an
        /// overflown stack (SIGSEGV), or somebody's SIGKILL send it; signal(7).
        case signal(Int32)
        /// Its code ended the process, as by `exit(130)`.
        case exitCode(Int32)
        /// It used more than it may.
        case limit(WorkerLimit)
        /// It sent something that no worker sends, and was ended for it.
        case malformedMessage(String)
        /// It could not be set up as it was asked for.
        case setUp(String)
        /// It is gone, and nobody can say how: the process that watched over it died as well.
        case unknown
    }

    /// What ended the process.
    public let cause: Cause
    /// The number that the process had.
    public let processID: Int32
    /// The last lines of its standard error, oldest first: up to 16, each of up to 1 KiB, without the addresses that follow
    /// a fatal error. The line that names such an error is among them, however much came behind it.
    public let lastErrorLines: [String]

    package init(cause: Cause, processID: Int32, lastErrorLines: [String] = []) {
        self.cause = cause
        self.processID = processID
        self.lastErrorLines = lastErrorLines
    }
}

/// A limit that a worker process has hit.
public enum WorkerLimit: String, Sendable {
    /// Memory in use, or address space.
    case memory
    /// Processor time.
    case cpuTime
    /// The size of a file it wrote.
    case fileSize
}

extension WorkerCrash: CustomStringConvertible {
    public var description: String {
        let words =
            switch cause {
            case .signal(let number):
                "The worker process was ended by signal \(number)\(Self.signalName(number).map { " (\($0))" } ?? "")."
            case .exitCode(let code): "The worker process ended itself with exit code \(code)."
            case .limit(.memory): "The worker process used more memory than it may and was ended."
            case .limit(.cpuTime): "The worker process used more processor time than it may and was ended."
            case .limit(.fileSize): "The worker process wrote a larger file than it may and was ended."
            case .malformedMessage(let what): "The worker process sent something malformed and was ended: \(what)"
            case .setUp(let what): "The worker process could not be set up: \(what)"
            case .unknown: "The worker process is gone, and how it ended is not known."
            }
        return reason.map { "\(words) It said: \($0)" } ?? words
    }

    /// What it said of its end: the line that names the last fatal error, else the last of all.
    private var reason: String? { lastErrorLines.last { $0.contains(Self.errorMark) } ?? lastErrorLines.last }

    /// Stands in the line in which the Swift runtime names the error that it ends the process for.
    static let errorMark = "Fatal error: "

    /// The name of a signal that ends processes, as "SIGILL"; nil for others.
    package static func signalName(_ number: Int32) -> String? {
        let names: [Int32: String] = [
            4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE",
            15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
        ]
        return names[number]
    }
}
