/// Why an operation on a ``SharedBuffer`` or a ``SharedView`` was refused.
///
/// Nothing was read or written when one of these is thrown.
public struct SharedBufferError: Error, Sendable, CustomStringConvertible {
    /// What kind of refusal it was. New codes may be added.
    public struct Code: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The system has no memory, descriptors or address space left for the mapping.
        public static let unavailable = Code("unavailable")
        /// What came from another process is no buffer.
        public static let notABuffer = Code("notABuffer")
        /// A byte length is negative, zero where it may not be, or above the maximum.
        public static let invalidLength = Code("invalidLength")
        /// An index or a byte range reaches past the buffer's present length.
        public static let outOfRange = Code("outOfRange")
        /// A byte offset is not a multiple of the element's size.
        public static let misaligned = Code("misaligned")
        /// The worker of the waiting thread is being stopped.
        public static let interrupted = Code("interrupted")
        /// More asynchronous waits are pending than ``SharedBuffer/maximumAsyncWaits``.
        public static let tooManyWaits = Code("tooManyWaits")
    }

    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The system's error number, where the system refused.
    public let errno: Int32?

    @usableFromInline
    init(_ code: Code, _ message: String, errno: Int32? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    public var description: String { message }

    @usableFromInline
    static func outOfRange(index: Int, count: Int) -> SharedBufferError {
        SharedBufferError(.outOfRange, "Index \(index) is outside 0..<\(count); check it against the view's count.")
    }
}
