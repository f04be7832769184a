internal import Glibc

/// How a worker process ended, and what it had used.
package struct ProcessEnd: Sendable, CustomStringConvertible {
    package enum Cause: Sendable, Equatable {
        /// It called exit(3) with this code, or its program came to its end (0).
        case exited(code: Int32)
        /// A signal ended it: a trap (SIGILL, SIGTRAP), a bad access (SIGSEGV, SIGBUS), abort (SIGABRT), a kill from outside.
        case signalled(Int32)
        /// It is gone, but who could have told how has gone with it.
        case unknown
    }

    /// A limit of ``ProcessLimits`` that ended the process, where that can be told.
    package enum Limit: Sendable, Equatable {
        case residentMemory, addressSpace, cpuSeconds, fileSize
    }

    package let cause: Cause
    /// The number that it had.
    package let pid: Int32
    /// It left a core file.
    package let leftCore: Bool
    /// The limit that it hit, where that can be told.
    package let limit: Limit?
    /// Its configuration could not be applied, so that its program never began.
    package let startFailure: WorkerStartError?
    /// The most memory it had in use, in bytes; 0 when unknown.
    package let maximumResidentMemory: Int64
    /// CPU time it used; zero when unknown.
    package let cpuTime: Duration
    /// The last lines of its standard error, oldest first: up to 16, each of up to 1 KiB.
    package let errorOutput: [String]
    /// It was killed because it sent on its control socket what no worker process sends.
    package let wasMalformed: Bool
    /// It was killed because the process that it was forked from had ended.
    package let wasZygoteLost: Bool

    package var description: String {
        if let startFailure { return startFailure.message }
        if wasMalformed { return "killed: it sent a control packet that no worker process sends" }
        if wasZygoteLost { return "killed: the process that workers are forked from had ended" }
        let cause =
            switch cause {
            case .exited(let code): "exited with code \(code)"
            case .signalled(let signal): "killed by signal \(signal) (\(String(cString: strsignal(signal))))"
            case .unknown: "ended, unknown how"
            }
        return switch limit {
        case nil: cause
        case .residentMemory, .addressSpace: cause + ": it used more memory than it may"
        case .cpuSeconds: cause + ": it used more CPU time than it may"
        case .fileSize: cause + ": it wrote more to a file than it may"
        }
    }
}

extension ProcessEnd {
    /// - Parameter report: the zygote's, if there was one.
    init(
        pid: Int32, _ report: ProcessReport?, limits: ProcessLimits, isOverResidentLimit: Bool, startFailure: WorkerStartError?,
        errorOutput: [String], wasMalformed: Bool, wasZygoteLost: Bool
    ) {
        self.pid = pid
        let signal = (report?.status ?? 0) & 0x7F
        // The layout of wait(2)'s status, whose macros Swift cannot call.
        cause =
            switch report?.status {
            case nil: .unknown
            case let status? where signal == 0: .exited(code: (status >> 8) & 0xFF)
            case _?: .signalled(signal)
            }
        leftCore = signal != 0 && (report?.status ?? 0) & 0x80 != 0
        cpuTime = report?.cpuTime ?? .zero
        maximumResidentMemory = report?.maximumResidentMemory ?? 0
        limit =
            if isOverResidentLimit {
                .residentMemory
            } else if signal == SIGXCPU, limits.cpuSeconds != nil {
                .cpuSeconds
            } else if signal == SIGKILL, let seconds = limits.cpuSeconds, cpuTime > .seconds(seconds) {
                // It ignored the first signal.
                .cpuSeconds
            } else if signal == SIGXFSZ, limits.fileSize != nil {
                .fileSize
            } else if signal != 0, limits.addressSpace != nil, errorOutput.contains(where: Self.saysMemoryIsUsedUp) {
                .addressSpace
            } else {
                nil
            }
        self.startFailure = startFailure
        self.errorOutput = errorOutput
        self.wasMalformed = wasMalformed
        self.wasZygoteLost = wasZygoteLost
    }

    /// The kernel tells only the process when an allocation would exceed its address space. The Swift
    /// runtime then ends it with these words.
    private static func saysMemoryIsUsedUp(_ line: String) -> Bool {
        line.contains("Fatal error: failed to allocate") || line.contains("Fatal error: Could not allocate memory")
    }
}
