internal import Glibc

/// Why a worker process could not be started.
package struct ProcessStartError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The program's type cannot be found by its name in another process.
        package static let unnamedProgram = Code("unnamedProgram")
        /// The configuration contradicts itself or asks for something that does not exist.
        package static let invalidConfiguration = Code("invalidConfiguration")
        /// The kernel lacks what the configuration asks for.
        package static let unsupported = Code("unsupported")
        /// The program's start was not taken over.
        package static let notEntered = Code("notEntered")
        /// The process that others are forked from ended, or keeps ending.
        package static let zygoteLost = Code("zygoteLost")
        /// The process that others are forked from did not answer in time, or the new process did not begin in time.
        package static let timedOut = Code("timedOut")
        /// The system has no processes, descriptors or memory left.
        package static let unavailable = Code("unavailable")
        /// The new process could not take on its configuration.
        package static let notApplied = Code("notApplied")

        package var description: String { name }
    }

    /// What kind of failure it was: what a program decides by.
    package let code: Code
    /// What happened and what to do about it.
    package let message: String
    /// The system's error number, where a call failed.
    package let errno: Int32?

    init(_ code: Code, _ message: String, errno: Int32? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    package var description: String { message }

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
