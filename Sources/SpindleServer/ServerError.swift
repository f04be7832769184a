/// Why the server could not start or go on.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. New codes may be added.
    public struct Code: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// An option has a value that cannot be used.
        public static let invalidOption = Code("invalidOption")
        /// The address cannot be listened on.
        public static let cannotListen = Code("cannotListen")
    }

    public let code: Code
    /// What happened and what to do about it.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
