/// Why a ring cannot be used, or not any further.
package struct RingError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The system has no memory, descriptors or address space left.
        case unavailable
        /// What was handed over is no ring, or the other side has written into it what no ring holds.
        case malformed
        /// A payload is longer than a frame can be.
        case tooLong
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func malformed(_ message: String) -> RingError {
        RingError(.malformed, message + " The other process is broken or hostile: end it.")
    }
}
