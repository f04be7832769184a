internal import CJavaScriptCore

/// `binding('messaging')`: ports between engines. A port is a number; see `Sources/SpindleScripts/README.md`.
func makeMessagingBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let binding = engine.object(of: [
        "setup": { [unowned guest] call in
            guest.ports.ready = Retained(call[0], in: call.engine)
            guest.ports.ended = Retained(call[1], in: call.engine)
            return nil
        },
        "channel": { [unowned guest] call in
            let (one, two) = GuestPort.pair()
            return call.engine.array([guest.adoptPort(one), guest.adoptPort(two)])
        },
        "joinBroadcast": { [unowned guest] call in
            call.engine.value(guest.adoptPort(GuestBroadcast.join(try call.string(0))))
        },
        "post": { [unowned guest] call in
            let message = guest.takeMessage(call, from: 1)
            try guest.post(message, to: call.int(0))
            return nil
        },
        "postString": { [unowned guest] call in
            try guest.post(guest.takeString(call[1]), to: call.int(0))
            return nil
        },
        "receive": { [unowned guest] call in
            guard let message = guest.ports.byHandle[call.int(0)]?.take() else { return nil }
            return guest.hand(over: message)
        },
        "count": { [unowned guest] call in call.engine.value(guest.ports.byHandle[call.int(0)]?.count ?? 0) },
        "start": { [unowned guest] call in
            guest.ports.byHandle[call.int(0)]?.start()
            return nil
        },
        "stop": { [unowned guest] call in
            guest.ports.byHandle[call.int(0)]?.stop()
            return nil
        },
        "ref": { [unowned guest] call in
            guest.setReference(to: call.int(0), call.bool(1))
            return nil
        },
        "close": { [unowned guest] call in
            guest.closePort(call.int(0))
            return nil
        },
        "takeText": { [unowned guest] _ in
            guest.handedOver.map { guest.string(of: $0) }
        },
        "takeAttachments": { [unowned guest] _ in
            guest.handedOver.map { guest.values(of: $0.takeAttachments()) }
        },
        "takeBytes": { [unowned guest] call in
            guard let bytes = guest.handedOver?.bytes else { return nil }
            return call.engine.arrayBuffer(copying: UnsafeRawBufferPointer(bytes))
        },
    ])
    engine.setProperty("outbound", of: binding, to: engine.arrayBuffer(guest.outbound, count: guest.outbound.bytes.count))
    engine.setProperty("inbound", of: binding, to: engine.arrayBuffer(guest.inbound, count: guest.inbound.bytes.count))
    return binding
}

extension Guest {
    fileprivate func post(_ message: GuestMessage, to handle: Int) throws {
        guard let port = ports.byHandle[handle] else { return }
        if try port.send(message) { port.blockForRoom() }
    }

    /// Gives the guest a message: the string it is; else the length of its bytes, which are in the inbound memory, plus a
    /// multiple of 2³² for what is to be fetched besides: 1 for a text, 2 for attachments, 4 for bytes too many for that memory.
    func hand(over message: GuestMessage) -> GuestValue {
        guard let bytes = message.bytes else { return string(of: message) }
        var parts = 0
        if message.hasText { parts |= 1 }
        if !message.attachments.isEmpty { parts |= 2 }
        if bytes.count <= inbound.bytes.count {
            inbound.bytes.copyMemory(from: UnsafeRawBufferPointer(bytes))
        } else {
            parts |= 4
        }
        handedOver = parts == 0 ? nil : message
        return engine.value(Double(parts) * 4_294_967_296 + Double(bytes.count))
    }
}
