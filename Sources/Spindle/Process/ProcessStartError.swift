internal import Glibc

/// Why a worker process could not be started.
public struct ProcessStartError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The program's type cannot be found by its name in another process.
        public static let unnamedProgram = Code("unnamedProgram")
        /// The configuration contradicts itself or asks for something that does not exist.
        public static let invalidConfiguration = Code("invalidConfiguration")
        /// The kernel lacks what the configuration asks for.
        public static let unsupported = Code("unsupported")
        /// The program's start was not taken over.
        public static let notEntered = Code("notEntered")
        /// The process that others are forked from ended, or keeps ending.
        public static let zygoteLost = Code("zygoteLost")
        /// The process that others are forked from did not answer in time.
        public static let timedOut = Code("timedOut")
        /// The system has no processes, descriptors or memory left.
        public static let unavailable = Code("unavailable")
        /// The new process could not take on its configuration.
        public static let notApplied = Code("notApplied")

        public var description: String { name }
    }

    /// What kind of failure it was: what a program decides by.
    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The system's error number, where a call failed.
    public let errno: Int32?

    init(_ code: Code, _ message: String, errno: Int32? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    public var description: String { message }

    static func invalid(_ message: String) -> ProcessStartError {
        ProcessStartError(.invalidConfiguration, "Process configuration: \(message)")
    }

    static func unavailable(_ what: String, errno: Int32) -> ProcessStartError {
        ProcessStartError(
            .unavailable,
            "The system gave no \(what) (\(systemMessage(errno))); run fewer workers, or raise its limits (ulimit -n, ulimit -u, pids.max).",
            errno: errno)
    }

    static let zygoteLost = ProcessStartError(
        .zygoteLost, "The process that workers are forked from ended while a worker was being started; try again.")
}

/// The system's words for an error number.
func systemMessage(_ errno: Int32) -> String { String(cString: strerror(errno)) }
