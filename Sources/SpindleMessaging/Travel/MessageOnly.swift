// Some values are references that only a message can carry to another process; neither a file nor a string of JSON can.
// They are `Codable`, so that they may lie anywhere inside a value that is, and ask here for the message they lie in.

extension Encoder {
    /// Where a value is written that only a message can carry.
    func message<Value>(for value: Value) throws -> MessageWriter {
        guard let encoder = self as? BinaryEncoder else {
            throw EncodingError.invalidValue(
                value,
                .init(
                    codingPath: codingPath,
                    debugDescription: "A \(Value.self) can only be encoded by being sent to a worker process."))
        }
        return encoder.writer
    }
}

extension Decoder {
    /// Reads a value that only a message can carry.
    func withMessage<Value, Result>(for type: Value.Type, _ body: (MessageReader) throws -> Result) throws -> Result {
        guard let decoder = self as? BinaryDecoder else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription: "A \(type) can only be decoded from what was sent between processes."))
        }
        return try decoder.reader.within(decoder.range) { try body(decoder.reader) }
    }
}
