/// Why a task of this library could not do its work.
public struct WorkloadError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The input is outside what the task accepts; nothing was done.
        public static let invalidInput = Code("invalidInput")
        /// A file or directory could not be opened or read.
        public static let unreadable = Code("unreadable")
        /// The data is larger than a limit of the task.
        public static let limitExceeded = Code("limitExceeded")
        /// The data does not have the form that the task reads.
        public static let malformed = Code("malformed")

        public var description: String { name }
    }

    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The system's error number, where the system refused.
    public let errno: Int32?
    /// Where in a table, counted from 1; nil for everything else.
    public let row: Int?
    public let column: Int?

    init(_ code: Code, _ message: String, errno: Int32? = nil, row: Int? = nil, column: Int? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
        self.row = row
        self.column = column
    }

    public var description: String { message }
}
