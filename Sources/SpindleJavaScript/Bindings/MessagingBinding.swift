internal import CJavaScriptCore

/// `binding('messaging')`: ports between engines. A port is a number; see `Sources/SpindleScripts/README.md`.
///
/// The functions are called for every message. They end with the engine, which the guest owns, so they need not look whether
/// it is still there.
func makeMessagingBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let binding = engine.object(of: [
        "setup": { [unowned(unsafe) guest] call in
            guest.ports.ready = Retained(call[0], in: call.engine)
            guest.ports.ended = Retained(call[1], in: call.engine)
            return nil
        },
        "channel": { [unowned(unsafe) guest] call in
            let (one, two) = GuestPort.pair()
            return call.engine.array([guest.adoptPort(one), guest.adoptPort(two)])
        },
        "joinBroadcast": { [unowned(unsafe) guest] call in
            call.engine.value(guest.adoptPort(GuestBroadcast.join(try call.string(0))))
        },
        "endRun": { [unowned(unsafe) guest] call in
            guard let (port, run) = guest.ports.run else { return nil }
            run.taken = min(max(run.taken, call.int(0)), run.count)
            port.putBack(run)
            guest.ports.run = nil
            return nil
        },
        "count": { [unowned(unsafe) guest] call in call.engine.value(guest.ports[call.int(0)]?.count ?? 0) },
        "start": { [unowned(unsafe) guest] call in
            guest.ports[call.int(0)]?.start()
            return nil
        },
        "stop": { [unowned(unsafe) guest] call in
            guest.ports[call.int(0)]?.stop()
            return nil
        },
        "ref": { [unowned(unsafe) guest] call in
            guest.setReference(to: call.int(0), call.bool(1))
            return nil
        },
        "close": { [unowned(unsafe) guest] call in
            guest.closePort(call.int(0))
            return nil
        },
        "takeText": { [unowned(unsafe) guest] _ in guest.takeHandedText() },
        "takeAttachments": { [unowned(unsafe) guest] _ in
            guest.handedOver.map { guest.values(of: $0.takeAttachments()) }
        },
        "takeBytes": { [unowned(unsafe) guest] call in
            guard let bytes = guest.handedOver?.bytes else { return nil }
            return call.engine.arrayBuffer(copying: UnsafeRawBufferPointer(bytes))
        },
    ])
    engine.add("post", to: binding) { [unowned(unsafe) guest] call in
        guard let port = guest.ports[call.int(0)] else { return nil }
        let engine = call.engine
        let isPlain = engine.isUndefined(call[3]) && engine.isUndefined(call[4])
        if isPlain, guest.sendShort(call.int(1), call[2], to: port) { return nil }
        if try port.send(guest.takeMessage(call, from: 1)) { port.blockForRoom() }
        return nil
    }
    engine.add("postString", to: binding) { [unowned(unsafe) guest] call in
        guard let port = guest.ports[call.int(0)], !guest.sendShort(0, call[1], to: port) else { return nil }
        if try port.send(guest.takeString(call[1])) { port.blockForRoom() }
        return nil
    }
    engine.add("postBuffer", to: binding) { [unowned(unsafe) guest] call in
        let block = call.engine.takeMemoryBlock(of: call[1], wasTransferred: true)
        let message = GuestMessage(bytes: nil, text: nil, attachments: [.memory(block)], sender: guest.control)
        try guest.ports[call.int(0)]?.send(message)
        return nil
    }
    engine.add("receive", to: binding) { [unowned(unsafe) guest] call in
        guard let port = guest.ports[call.int(0)], let item = port.take() else { return nil }
        return guest.hand(over: item, of: port, asRun: call.bool(1))
    }
    engine.setProperty("outbound", of: binding, to: engine.arrayBuffer(guest.outbound, count: guest.outbound.bytes.count))
    engine.setProperty("runs", of: binding, to: engine.arrayBuffer(guest.runs, count: guest.runs.bytes.count))
    engine.setProperty("inbound", of: binding, to: engine.arrayBuffer(guest.inbound, count: guest.inbound.bytes.count))
    return binding
}

extension Guest {
    /// Gives the guest a message: the string or the buffer it is; else the length of its bytes, which are in the inbound
    /// memory, plus a multiple of 2³² for what is to be fetched besides: 1 for a text, 2 for attachments, 4 for bytes too many
    /// for that memory.
    func hand(over message: GuestMessage) -> GuestValue {
        handedText = message.text.map { .whole(message, $0) } ?? .none
        guard let bytes = message.bytes else {
            if let block = message.takeBuffer() { return engine.arrayBuffer(block) }
            return takeHandedText() ?? engine.value("")
        }
        var parts = 0
        if message.hasText { parts |= 1 }
        if !message.attachments.isEmpty { parts |= 2 }
        if bytes.count <= inbound.bytes.count {
            inbound.bytes.copyMemory(from: UnsafeRawBufferPointer(bytes))
        } else {
            parts |= 4
        }
        handedOver = parts & 6 == 0 ? nil : message
        return engine.value(Double(parts) * 4_294_967_296 + Double(bytes.count))
    }

    /// A text that scripts may fetch.
    enum HandedText {
        case none
        /// Of a message.
        case whole(GuestMessage, JSStringRef)
        /// Of all messages of a run.
        case run(MessageRun)
        /// The first characters of ``shortText``.
        case short(Int)
    }

    fileprivate func takeHandedText() -> GuestValue? {
        defer { handedText = .none }
        switch handedText {
        case .none: return nil
        case .whole(_, let text): return engine.keep(JSValueMakeString(engine.context, text))
        case .run(let run): return PlainText.value(of: run.text, in: engine)
        case .short(let count): return PlainText.value(of: shortText.characters(count), in: engine)
        }
    }

    /// Gives the guest what has been taken from a port: a message, or a whole run, if it asks for it. That is negative:
    /// how many messages it has, plus 1024 times the number of those already taken. The characters are to be fetched
    /// as a text, until `endRun`.
    fileprivate func hand(over item: GuestPort.Item, of port: GuestPort, asRun: Bool) -> GuestValue {
        switch item {
        case .message(let message): return hand(over: message)
        case .run(let run):
            if asRun, run.count - run.taken > 1 {
                run.copy(to: runs.bytes)
                handedText = .run(run)
                ports.run = (port, run)
                return engine.value(-(run.count + 1024 * run.taken))
            }
            let (bytes, text) = run.next()
            run.taken += 1
            defer { port.putBack(run) }
            if bytes.isEmpty { return PlainText.value(of: text, in: engine) }
            handedText = text.isEmpty ? .none : .short(text.count)
            shortText.bytes.copyMemory(from: UnsafeRawBufferPointer(text))
            inbound.bytes.copyMemory(from: bytes)
            return engine.value(Double(text.isEmpty ? 0 : 1) * 4_294_967_296 + Double(bytes.count))
        }
    }
}
