internal import Glibc
internal import SpindleMessaging

/// Why a worker could not be started. Nothing of it is left behind.
public struct WorkerStartError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The system gave no thread.
        public static let noThread = Code("noThread")
        /// The system gave no process, or no memory or descriptors for one.
        public static let noProcess = Code("noProcess")
        /// The program or task type cannot be found again in another process: it is private, or local to a function.
        public static let programNotFound = Code("programNotFound")
        /// A type cannot be encoded, so it cannot be sent to a process.
        public static let notEncodable = Code("notEncodable")
        /// The configuration contradicts itself or asks for something that does not exist.
        public static let invalidConfiguration = Code("invalidConfiguration")
        /// The kernel lacks what the configuration asks for.
        public static let unsupported = Code("unsupported")
        /// The program's start was not taken over: `WorkerProcesses.enter()` comes first thing in main.
        public static let notEntered = Code("notEntered")
        /// The process that others are forked from ended, or keeps ending.
        public static let zygoteLost = Code("zygoteLost")
        /// The process that others are forked from did not answer in time, or the new process did not begin in time.
        public static let timedOut = Code("timedOut")
        /// The new process could not take on its configuration.
        public static let notApplied = Code("notApplied")

        public var description: String { name }
    }

    /// What kind of failure it was: what a program decides by.
    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The system's error number, where the system refused.
    public let errno: Int32?

    init(_ code: Code, _ message: String, errno: Int32? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    init(_ error: ThreadStartError) { self.init(.noThread, error.description, errno: error.errno) }

    /// What the start of a process, or the encoding of what goes to it, throws.
    init(_ error: any Error) {
        switch error {
        case let error as WorkerStartError: self = error
        case let error as MessageCodingError: self.init(.notEncodable, error.description)
        case let error as ThreadStartError: self.init(error)
        default: self.init(.noProcess, "\(error)")
        }
    }

    public var description: String { message }
}

extension WorkerStartError {
    static func invalid(_ message: String) -> WorkerStartError {
        WorkerStartError(.invalidConfiguration, "Process configuration: \(message)")
    }

    static func unavailable(_ what: String, errno: Int32) -> WorkerStartError {
        WorkerStartError(
            .noProcess,
            "The system gave no \(what) (\(systemMessage(errno))); run fewer workers, or raise its limits (ulimit -n, ulimit -u, pids.max).",
            errno: errno)
    }

    static let zygoteLost = WorkerStartError(
        .zygoteLost, "The process that workers are forked from ended while a worker was being started; try again.")
}

/// The system's words for an error number.
func systemMessage(_ errno: Int32) -> String { String(cString: strerror(errno)) }
