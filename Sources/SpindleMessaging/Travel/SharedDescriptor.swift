internal import Glibc
internal import SpindleMemory

/// An open file, socket or pipe that can be sent to worker processes in messages.
///
/// Sending shares it, as fork(2) would: the receiver gets a descriptor of its own for the same open file, with the
/// same position and status flags, and the sender keeps its own. Each copy is closed on its own, with the last
/// reference to its value; a pipe ends when all are. Between threads the value is shared and nothing is duplicated.
///
/// ```swift
/// let output = SharedDescriptor(adopting: pipe.writeEnd)      // closed by `output` from here on
/// try await worker.send(.log(to: output))
/// ```
///
/// A message carries at most 64 descriptors; a `SharedBuffer` counts as one, a port or a lock manager as two. Every
/// descriptor is close-on-exec in the receiver.
public struct SharedDescriptor: Sendable {
    private let owned: OwnedDescriptor

    /// Takes the descriptor over: do not close it yourself.
    public init(adopting descriptor: Int32) { owned = OwnedDescriptor(descriptor) }

    /// Duplicates the descriptor; the caller keeps its own.
    ///
    /// - Throws: ``MessageCodingError`` with `unavailable` when it is not open, or the limit on descriptors is reached.
    public init(duplicating descriptor: Int32) throws(MessageCodingError) {
        owned = OwnedDescriptor(try Self.copy(descriptor))
    }

    /// Runs `body` with the descriptor, which stays open meanwhile. Do not close it.
    public func withDescriptor<Result, Failure: Error>(
        _ body: (Int32) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(owned) {} }
        return try body(owned.number)
    }

    /// A duplicate that is the caller's to close.
    ///
    /// - Throws: ``MessageCodingError`` with `unavailable` when the limit on descriptors is reached.
    public func duplicate() throws(MessageCodingError) -> Int32 { try Self.copy(owned.number) }

    private static func copy(_ descriptor: Int32) throws(MessageCodingError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw MessageCodingError(
                .unavailable,
                "Descriptor \(descriptor) cannot be duplicated (\(String(cString: strerror(errno)))); "
                    + "pass an open one, or raise the limit on descriptors.")
        }
        return copy
    }
}

extension SharedDescriptor: Codable, MessageCodable {
    package func encode(into writer: MessageWriter) throws { try writer.attach(owned) }
    package init(from reader: MessageReader) throws { owned = try reader.takeAttachment() }

    public func encode(to encoder: any Encoder) throws { try encode(into: encoder.message(for: self)) }

    public init(from decoder: any Decoder) throws {
        owned = try decoder.withMessage(for: Self.self) { try $0.takeAttachment() }
    }
}
