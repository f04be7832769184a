internal import CJavaScriptCore

/// A message between engines: what `internal/clone` writes, taken out of one and put into another as it is.
///
/// Safe to send: built by one thread, then handed over whole; the engine's strings count their references atomically.
final class GuestMessage: @unchecked Sendable {
    /// What is not copied into the bytes.
    enum Attachment: Sendable {
        case memory(MemoryBlock)
        /// The memory of a resizable buffer, and its maximum.
        case resizable(MemoryBlock, maximum: Int)
        case port(GuestPort)
    }

    /// A message that is one string has no bytes at all, nor has one that is a transferred buffer and nothing else.
    let bytes: UnsafeMutableRawBufferPointer?
    let text: JSStringRef?
    var attachments: [Attachment]
    /// The guest that sent it. As long as the message waits anywhere, its bytes count as that guest's memory.
    private let sender: GuestControl?
    private let size: Int

    init(bytes: UnsafeMutableRawBufferPointer?, text: JSStringRef?, attachments: [Attachment], sender: GuestControl? = nil) {
        self.bytes = bytes
        self.text = text
        self.attachments = attachments
        self.sender = sender
        var size = 64 + (bytes?.count ?? 0) + (text.map { 2 * JSStringGetLength($0) } ?? 0)
        for case .memory(let block) in attachments where !block.isShared { size += block.count }
        self.size = size
        sender?.charge(size)
    }

    deinit {
        sender?.charge(-size)
        bytes?.deallocate()
        if let text { JSStringRelease(text) }
        // Nobody has received them: the other ends must not wait for them.
        for case .port(let port) in attachments { port.close() }
    }

    /// A short one, by the parts in a run; without bytes it is a string.
    convenience init(_ parts: (bytes: UnsafeRawBufferPointer, text: UnsafeBufferPointer<UInt8>)) {
        let units = parts.text.map(UInt16.init)
        var bytes: UnsafeMutableRawBufferPointer?
        if !parts.bytes.isEmpty {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: parts.bytes.count, alignment: 8)
            copy.copyMemory(from: parts.bytes)
            bytes = copy
        }
        let text = bytes != nil && units.isEmpty ? nil : JSStringCreateWithCharacters(units, units.count)
        self.init(bytes: bytes, text: text, attachments: [])
    }

    var hasText: Bool { text != nil }

    /// Another one like it. Memory that is not shared is copied; ports cannot be in two places and stay here.
    func copy() -> GuestMessage {
        var copied: UnsafeMutableRawBufferPointer?
        if let bytes {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 8)
            copy.copyMemory(from: UnsafeRawBufferPointer(bytes))
            copied = UnsafeMutableRawBufferPointer(rebasing: copy.prefix(bytes.count))
        }
        let attachments = attachments.compactMap { attachment -> Attachment? in
            switch attachment {
            case .memory(let block): .memory(block.isShared ? block : block.copy())
            case .resizable(let block, let maximum): .resizable(block.copy(), maximum: maximum)
            case .port: nil
            }
        }
        return GuestMessage(bytes: copied, text: text.map { JSStringRetain($0) }, attachments: attachments, sender: sender)
    }

    /// The buffer that the message is, if it is one, which is the receiver's from now on.
    func takeBuffer() -> MemoryBlock? {
        guard bytes == nil, case .memory(let block)? = attachments.first else { return nil }
        attachments = []
        return block
    }

    /// The attachments, which are the receiver's from now on.
    func takeAttachments() -> [Attachment] {
        defer { attachments = [] }
        return attachments
    }
}

extension Guest {
    /// Takes a message out of the guest: its arguments from `index` on are the length, the text, the attachments and the
    /// buffer of the bytes, the last three undefined where there is no text, there are none, or it is the usual buffer.
    ///
    /// - Throws: when the guest is to end. What is read of its values then may be mutilated, and nobody shall get it.
    func takeMessage(_ call: HostCall, from index: Int) throws(GuestException) -> GuestMessage {
        let length = call.int(index)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, length), alignment: 8)
        let source =
            engine.isUndefined(call[index + 3])
            ? UnsafeMutableRawPointer(outbound.bytes.baseAddress)
            : JSObjectGetArrayBufferBytesPtr(engine.context, call[index + 3], nil)
        if let source, length > 0 { bytes.baseAddress?.copyMemory(from: source, byteCount: length) }
        let text = engine.isUndefined(call[index + 1]) ? nil : JSValueToStringCopy(engine.context, call[index + 1], nil)
        let attachments = engine.isUndefined(call[index + 2]) ? [] : takeAttachments(call[index + 2])
        let message = GuestMessage(
            bytes: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(length)), text: text, attachments: attachments,
            sender: control)
        if engine.isStopped { throw engine.stopNow() }
        return message
    }

    /// Likewise, a message that is one string.
    func takeString(_ value: GuestValue) throws(GuestException) -> GuestMessage {
        let text = JSValueToStringCopy(engine.context, value, nil)
        let message = GuestMessage(bytes: nil, text: text, attachments: [], sender: control)
        if engine.isStopped { throw engine.stopNow() }
        return message
    }

    /// Sends a message whose bytes, if any, are in the outbound memory; false if it has to be taken out and sent as a whole.
    ///
    /// - Parameter text: a string or undefined.
    func sendShort(_ length: Int, _ text: GuestValue, to port: GuestPort) -> Bool {
        guard length <= MessageRun.longest else { return false }
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(outbound.bytes).prefix(length))
        if engine.isUndefined(text) { return port.sendShort(bytes, UnsafeBufferPointer(start: nil, count: 0), from: control) }
        let send: (UnsafeBufferPointer<UInt8>) -> Bool = { characters in
            characters.count <= MessageRun.longest && port.sendShort(bytes, characters, from: self.control)
        }
        if let isSent = PlainText.withCharacters(of: text, in: engine, send) { return isSent }
        // Asking for the whole puts it together.
        guard let copy = JSValueToStringCopy(engine.context, text, nil) else { return false }
        JSStringRelease(copy)
        return PlainText.withCharacters(of: text, in: engine, send) ?? false
    }

    /// Pairs of a buffer and its maximum, or of a port and anything. A buffer that is not resizable has -1 for a maximum, or -2
    /// if it was transferred.
    private func takeAttachments(_ list: GuestValue) -> [GuestMessage.Attachment] {
        let values = engine.elements(of: list)
        return stride(from: 0, to: values.count - 1, by: 2).map { index in
            if engine.isNumber(values[index]) { return .port(releasePort(engine.int(values[index]))) }
            let maximum = engine.int(values[index + 1])
            let block = engine.takeMemoryBlock(of: values[index], wasTransferred: maximum == -2)
            return maximum < 0 ? .memory(block) : .resizable(block, maximum: maximum)
        }
    }

    /// The attachments as `takeAttachments` takes them, with a third value: whether memory is shared.
    func values(of attachments: [GuestMessage.Attachment]) -> GuestValue {
        engine.array(
            attachments.flatMap { attachment in
                switch attachment {
                case .memory(let block): [engine.arrayBuffer(block), engine.value(-1), engine.value(block.isShared)]
                case .resizable(let block, let maximum): [engine.arrayBuffer(block), engine.value(maximum), engine.value(false)]
                case .port(let port): [engine.value(adoptPort(port)), engine.undefined, engine.undefined]
                }
            })
    }
}
