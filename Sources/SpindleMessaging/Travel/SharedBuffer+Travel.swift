public import SpindleMemory

/// Travels in messages between processes: the receiver's buffer is another mapping of the same bytes.
///
/// Cost: one descriptor, and about 10 µs for both sides however large the buffer is. Other encoders and decoders
/// are refused with `EncodingError` or `DecodingError`.
extension SharedBuffer: Codable, MessageCodable {
    package func encode(into writer: MessageWriter) throws {
        guard let descriptor else { throw MessageCodingError.memoryOfOneProcess }
        try writer.attach(descriptor)
    }

    package convenience init(from reader: MessageReader) throws {
        try self.init(adopting: try reader.takeAttachment())
    }

    public func encode(to encoder: any Encoder) throws { try encode(into: encoder.message(for: self)) }

    public convenience init(from decoder: any Decoder) throws {
        try self.init(adopting: try decoder.withMessage(for: Self.self) { try $0.takeAttachment() })
    }
}

extension MessageCodingError {
    package static var memoryOfOneProcess: MessageCodingError {
        MessageCodingError(
            .notSendable,
            "A SharedArrayBuffer that a program on a thread has made cannot be sent to a process; make a SharedBuffer, and send "
                + "that to both.")
    }
}
