internal import Glibc

/// `binding('stdio')`.
func makeStandardStreamsBinding(_ guest: Guest) -> GuestValue {
    let write = guest.configuration.write
    return guest.engine.object(of: [
        "write": { call in
            let descriptor = Int32(truncatingIfNeeded: call.int(0))
            return call.engine.value(-Int(try call.bytes(1).withUnsafeBytes { write(descriptor, $0) }))
        },
        "isTTY": { [unowned guest] call in
            // What a worker prints may go elsewhere.
            call.engine.value(guest.configuration.worker == nil && isatty(Int32(truncatingIfNeeded: call.int(0))) == 1)
        },
        "size": { call in
            var size = winsize()
            guard ioctl(Int32(truncatingIfNeeded: call.int(0)), UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
                return call.engine.array([80, 24])
            }
            return call.engine.array([Int(size.ws_col), Int(size.ws_row)])
        },
        "setRawMode": { call in
            call.engine.value(-Int(TerminalMode.set(raw: call.bool(1), on: Int32(truncatingIfNeeded: call.int(0)))))
        },
        "startReading": { [unowned guest] call in
            guest.startReading(then: call[1])
            return nil
        },
        "stopReading": { [unowned guest] call in
            guest.stopReading()
            return nil
        },
        "refReading": { [unowned guest] call in
            guest.setReference(toInput: call.bool(0))
            return nil
        },
    ])
}

extension HostCall {
    /// What is to be written: the argument is a text, the next says whether each of its characters is a byte.
    func bytes(_ index: Int) throws(GuestException) -> [UInt8] {
        let text = try string(index)
        return bool(index + 1) ? text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } : Array(text.utf8)
    }
}
