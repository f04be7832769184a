internal import CJavaScriptCore
internal import SpindleStructuredClone

extension GuestMessage {
    /// A message to a guest from Swift code, which takes over what goes along with it.
    ///
    /// - Throws: `EncodingError` if some of that has been sent before.
    convenience init(_ message: StructuredMessage) throws {
        let attachments = try message.attachments.map { attachment in
            guard let content = attachment.guest?.take() else {
                throw StructuredCloneError(.invalidValue, "memory or a port in a message was sent before")
            }
            return content
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, message.bytes.count), alignment: 8)
        bytes.copyBytes(from: message.bytes)
        self.init(
            bytes: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(message.bytes.count)),
            text: message.text.isEmpty ? nil : JSStringCreateWithCharacters(message.text, message.text.count),
            attachments: attachments)
    }

    /// The message of a guest for Swift code, which takes over what goes along with it.
    func structured() throws -> StructuredMessage {
        var units: [UInt16] = []
        if let text, let characters = JSStringGetCharactersPtr(text) {
            units = Array(UnsafeBufferPointer(start: characters, count: JSStringGetLength(text)))
        }
        if let block = takeBuffer() { return try StructuredMessage(.attachment(StructuredAttachment(.memory(block)))) }
        guard let bytes else { return try StructuredMessage(.string(String(decoding: units, as: UTF16.self))) }
        return StructuredMessage(
            bytes: Array(bytes), text: units, attachments: takeAttachments().map { StructuredAttachment($0) })
    }
}
