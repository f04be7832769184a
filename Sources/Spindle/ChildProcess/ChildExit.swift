/// How a child ended, and what it had used.
public struct ChildExit: Sendable, CustomStringConvertible {
    /// What ended it.
    public enum Cause: Sendable, Hashable {
        /// It ended itself with this code; 0 says that all went well.
        case exited(code: Int32)
        /// A signal ended it.
        case signalled(Int32)
        /// Somebody else in this program has waited for it (wait(2)), or the program ignores SIGCHLD.
        case unknown
    }

    /// Why it was stopped.
    public enum StopReason: Sendable, Hashable {
        /// ``ChildCommand/timeout`` was over.
        case timeout
        /// It had written more than ``ChildCommand/outputLimit``.
        case outputLimit
        /// It had more memory in use than its limits allow.
        case residentMemory
        /// Its caller was cancelled, failed, or asked for it.
        case asked
    }

    /// What ended it.
    public let cause: Cause
    /// Whether it left a core file.
    public let leftCore: Bool
    /// Why it was stopped, if it was. It may have ended by itself all the same.
    public let stopReason: StopReason?
    /// The processor time that it, and the descendants that it has waited for, had used in their own code.
    public let userTime: Duration
    /// The processor time that they had used in the system.
    public let systemTime: Duration
    /// The most memory it had in use at once, in bytes.
    public let maximumResidentMemory: Int64
    /// The last lines of its standard error, oldest first, with ``ChildOutputTarget/tail``.
    public let lastErrorLines: [String]

    /// Whether it ended itself with code 0.
    public var isSuccess: Bool { cause == .exited(code: 0) }

    /// As a shell counts: the exit code, or 128 and the signal's number.
    public var code: Int32 {
        switch cause {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        case .unknown: 128
        }
    }

    public var description: String {
        let core = leftCore ? ", leaving a core file" : ""
        return switch cause {
        case .exited(let code): "exited with \(code)"
        case .signalled(let signal): "ended by signal \(signal)\(core)"
        case .unknown: "ended, nobody knows how"
        }
    }
}

/// What ``ChildProcess/run(_:)`` has collected.
public struct ChildResult: Sendable {
    /// How the child ended.
    public let exit: ChildExit
    /// What it wrote to its standard output, if the command says `.pipe`.
    public let output: [UInt8]
    /// What it wrote to its standard error, likewise.
    public let errorOutput: [UInt8]

    /// The output as UTF-8, with replacement characters for what is none.
    public var outputText: String { String(decoding: output, as: UTF8.self) }
    /// The standard error, likewise.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}
