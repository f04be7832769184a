/// A message that was not sent, with the reason and the message itself.
///
/// The failed send gives the value back: send it elsewhere, keep it, or drop it.
public struct SendError<Message: Sendable>: Error, Sendable, CustomStringConvertible {
    /// Why a message was not taken.
    public enum Reason: Sendable, Equatable {
        /// The other side is closed, has ended or was dropped; no later send will succeed either.
        case closed
        /// The queue is at its limit; a later send may succeed.
        case full
        /// The sending task was cancelled while it waited for room.
        case cancelled
    }

    public let reason: Reason
    /// The message that was not sent.
    public let message: Message

    @inlinable
    package init(_ reason: Reason, _ message: Message) {
        self.reason = reason
        self.message = message
    }

    public var description: String {
        switch reason {
        case .closed: "Not sent: the other side is closed."
        case .full: "Not sent: the receiver's queue is full; wait for room with send(_:), or raise its limit."
        case .cancelled: "Not sent: the sending task was cancelled while it waited for room."
        }
    }
}
