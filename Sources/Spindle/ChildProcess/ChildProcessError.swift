internal import Glibc

/// Why a program could not be started, or did not do what it should.
public struct ChildProcessError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The command contradicts itself, or contains what no command can.
        public static let invalidCommand = Code("invalidCommand")
        /// There is no such program.
        public static let programNotFound = Code("programNotFound")
        /// The program may not be executed, or is none.
        public static let notExecutable = Code("notExecutable")
        /// The working directory cannot be entered.
        public static let directoryNotFound = Code("directoryNotFound")
        /// The arguments and environment variables are more than the system takes (execve(2)).
        public static let argumentsTooLong = Code("argumentsTooLong")
        /// A descriptor, a limit, the user or group could not be taken on.
        public static let notApplied = Code("notApplied")
        /// The system has no processes, descriptors or memory left.
        public static let unavailable = Code("unavailable")
        /// The child no longer reads its input.
        public static let inputClosed = Code("inputClosed")
        /// The child was stopped since its time was over.
        public static let timedOut = Code("timedOut")
        /// The child was stopped since it had written too much.
        public static let outputLimit = Code("outputLimit")
        /// The child ended with another code than 0, or by a signal.
        public static let failed = Code("failed")

        public var description: String { name }
    }

    /// What kind of failure it was: what a program decides by.
    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The system's error number, where a call failed.
    public let errno: Int32?
    /// How the child ended, and what it had written so far, where it was started.
    public let result: ChildResult?

    init(_ code: Code, _ message: String, errno: Int32? = nil, result: ChildResult? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
        self.result = result
    }

    public var description: String { message }

    static func invalid(_ command: ChildCommand, _ message: String) -> ChildProcessError {
        ChildProcessError(.invalidCommand, "Command \(command.program.debugDescription): \(message)")
    }

    static let inputClosed = ChildProcessError(
        .inputClosed, "The child has closed its input or ended; what it has not read is lost.", errno: EPIPE)

    init(_ failure: ChildPlan.Failure, of command: ChildCommand) {
        let reason = systemMessage(failure.errno)
        let program = command.program.debugDescription
        switch (failure.step, failure.errno) {
        case (.execute, ENOENT), (.execute, ENOTDIR):
            self.init(
                .programNotFound,
                "There is no program \(program) (\(reason)); give its path, or look at the PATH of its environment.",
                errno: failure.errno)
        case (.execute, E2BIG):
            self.init(
                .argumentsTooLong,
                "The arguments and environment of \(program) are too long (\(reason)); pass them in a file or its input.",
                errno: failure.errno)
        case (.execute, ENOMEM), (.execute, EAGAIN), (.create, _), (.descriptors, EMFILE), (.descriptors, ENFILE):
            self.init(
                .unavailable,
                "The system could not start \(program) (\(reason)); run fewer at once, or raise its limits (ulimit -n, ulimit -u).",
                errno: failure.errno)
        case (.execute, _):
            self.init(.notExecutable, "The program \(program) cannot be executed (\(reason)).", errno: failure.errno)
        case (.directory, _):
            self.init(
                .directoryNotFound,
                "The working directory \((command.workingDirectory ?? "").debugDescription) cannot be entered (\(reason)).",
                errno: failure.errno)
        case (.session, _), (.descriptors, _), (.limits, _), (.identity, _):
            self.init(
                .notApplied, "\(program) could not take on its \(failure.step.subject) (\(reason)).", errno: failure.errno)
        }
    }
}

extension ChildPlan.Failure.Step {
    fileprivate var subject: String {
        switch self {
        case .descriptors: "descriptors"
        case .limits: "limits"
        case .identity: "user and group"
        default: "session"
        }
    }
}
