/// Why a value cannot be sent to a process, or what came from one is not the value that was expected.
public struct MessageCodingError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// Values of the type cannot be sent to a process at all.
        public static let notSendable = Code("notSendable")
        /// The value is too large, or nested too deeply.
        public static let tooLarge = Code("tooLarge")
        /// The bytes are not those of a value of the type.
        public static let malformed = Code("malformed")
        /// The descriptors that the value needs cannot be had, or it was sent away before.
        public static let unavailable = Code("unavailable")
    }

    public let code: Code
    /// What happened and what to do about it.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    package static func malformed(_ what: String) -> MessageCodingError {
        MessageCodingError(.malformed, "Not a message of the expected type: \(what)")
    }
}
