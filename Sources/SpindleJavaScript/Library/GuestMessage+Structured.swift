internal import CJavaScriptCore
internal import SpindleStructuredClone

extension GuestMessage {
    /// A message to a guest from Swift code.
    convenience init(_ message: StructuredMessage) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, message.bytes.count), alignment: 8)
        bytes.copyBytes(from: message.bytes)
        self.init(
            bytes: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(message.bytes.count)),
            text: message.text.isEmpty ? nil : JSStringCreateWithCharacters(message.text, message.text.count), attachments: [])
    }

    /// The message of a guest for Swift code: with the bytes of the buffers that were transferred.
    ///
    /// - Throws: if there is a port or shared memory in it.
    func structured() throws -> StructuredMessage {
        var units: [UInt16] = []
        if let text, let characters = JSStringGetCharactersPtr(text) {
            units = Array(UnsafeBufferPointer(start: characters, count: JSStringGetLength(text)))
        }
        if let block = takeBuffer() {
            return try StructuredMessage(
                .arrayBuffer(Array(UnsafeRawBufferPointer(start: block.address, count: block.count))))
        }
        guard let bytes else { return try StructuredMessage(.string(String(decoding: units, as: UTF16.self))) }
        let message = StructuredMessage(bytes: Array(bytes), text: units)
        if attachments.isEmpty { return message }
        let buffers = try attachments.map { attachment in
            switch attachment {
            case .memory(let block) where !block.isShared:
                StructuredValue.arrayBuffer(Array(UnsafeRawBufferPointer(start: block.address, count: block.count)))
            case .resizable(let block, let maximum):
                StructuredValue.resizableArrayBuffer(
                    Array(UnsafeRawBufferPointer(start: block.address, count: block.count)), maximum: UInt32(maximum))
            case .memory, .port:
                throw HostError(
                    "ERR_INVALID_TRANSFER_OBJECT",
                    "Ports and shared memory cannot be sent to a Swift program; send what they hold.")
            }
        }
        return try StructuredMessage(message.value().replacingAttachments(by: buffers))
    }
}

extension StructuredValue {
    /// The value with the buffers in it that it mentions.
    fileprivate func replacingAttachments(by buffers: [StructuredValue]) -> StructuredValue {
        func replaced(_ value: StructuredValue) -> StructuredValue { value.replacingAttachments(by: buffers) }
        func replaced(_ fields: [StructuredField]) -> [StructuredField] {
            fields.map { StructuredField($0.key, $0.value.map(replaced)) }
        }
        switch self {
        case .attachment(let index): return Int(index) < buffers.count ? buffers[Int(index)] : .undefined
        case .array(let items): return .array(items.map { $0.map(replaced) })
        case .sparseArray(let length, let fields): return .sparseArray(length: length, replaced(fields))
        case .object(let fields): return .object(replaced(fields))
        case .map(let entries): return .map(entries.map { StructuredEntry(replaced($0.key), replaced($0.value)) })
        case .set(let values): return .set(values.map(replaced))
        case .view(let type, let buffer, let byteOffset, let length):
            return .view(type, buffer: replaced(buffer), byteOffset: byteOffset, length: length)
        case .host(let type, let state): return .host(type: type, state: replaced(state))
        case .error(var error):
            error.cause = error.cause.map(replaced)
            return .error(error)
        default: return self
        }
    }
}
