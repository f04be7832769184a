internal import SpindleMessaging

/// Why a worker could not be started. Nothing of it is left behind.
public struct WorkerStartError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The system gave no thread.
        public static let noThread = Code("noThread")
        /// The system gave no process, memory or descriptors for one.
        public static let noProcess = Code("noProcess")
        /// The program or task type cannot be found again in another process: it is private, or local to a function.
        public static let programNotFound = Code("programNotFound")
        /// A type cannot be encoded, so it cannot be sent to a process.
        public static let notEncodable = Code("notEncodable")
        /// The kernel lacks what was asked for, or the configuration contradicts itself.
        public static let unsupported = Code("unsupported")

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

    /// What a process's start, or the encoding of what goes to it, throws.
    init(_ error: any Error) {
        switch error {
        case let error as WorkerStartError: self = error
        case let error as ProcessStartError:
            let code: Code =
                switch error.code {
                case .unnamedProgram: .programNotFound
                case .invalidConfiguration, .unsupported, .notEntered: .unsupported
                default: .noProcess
                }
            self.init(code, error.message, errno: error.errno)
        case let error as MessageCodingError: self.init(.notEncodable, error.description)
        case let error as ThreadStartError: self.init(error)
        default: self.init(.noProcess, "\(error)")
        }
    }

    public var description: String { message }
}
