internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// `binding('stdio')`.
func makeStandardStreamsBinding(_ guest: Guest) -> GuestValue {
    guest.engine.object(of: [
        "write": { [unowned guest] call in
            let descriptor = Int32(truncatingIfNeeded: call.int(0))
            let text = try call.string(1)
            let bytes = call.bool(2) ? text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } : Array(text.utf8)
            bytes.withUnsafeBytes { guest.configuration.write(descriptor, $0) }
            return nil
        },
        "isTTY": { call in call.engine.value(isatty(Int32(truncatingIfNeeded: call.int(0))) == 1) },
        "size": { call in
            var size = winsize()
            guard ioctl(Int32(truncatingIfNeeded: call.int(0)), UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
                return call.engine.array([80, 24])
            }
            return call.engine.array([Int(size.ws_col), Int(size.ws_row)])
        },
        "startReading": { [unowned guest] call in
            guest.startReading(then: call[1])
            return nil
        },
        "stopReading": { [unowned guest] call in
            guest.stopReading()
            return nil
        },
    ])
}

extension Guest {
    fileprivate func startReading(then handler: GuestValue) {
        if inputHandler == nil { loop.addReference() }
        inputHandler = Retained(handler, in: engine)
        let input = input ?? StandardInput(control)
        self.input = input
        input.wantChunk()
    }

    fileprivate func stopReading() {
        guard inputHandler != nil else { return }
        inputHandler = nil
        loop.removeReference()
    }

    /// Hands over what has been read, if anybody reads.
    fileprivate func takeInput() {
        guard let input, let handler = inputHandler, let chunk = input.take() else { return }
        if chunk.isEmpty {
            stopReading()
            call(handler, [engine.undefined])
        } else {
            input.wantChunk()
            call(handler, [chunk.withUnsafeBytes { engine.arrayBuffer(copying: $0) }])
        }
    }
}

/// Reads the standard input on a thread of its own, a chunk at a time and not ahead of who asks.
///
/// The thread is blocked in its read when the program ends, and goes with it.
final class StandardInput: Sendable {
    private let control: GuestControl
    private let state = Lock(State())
    private let wake = FutexWord()

    private struct State {
        var hasThread = false
        var chunk: [UInt8]?
        var hasEnded = false
    }

    init(_ control: GuestControl) { self.control = control }

    /// Has the next chunk read; one that is here already is offered again.
    func wantChunk() {
        enum Next { case offer, wake, start }
        let next: Next = state.withLock { state in
            if state.chunk != nil { return .offer }
            defer { state.hasThread = true }
            return state.hasThread ? .wake : .start
        }
        switch next {
        case .offer: control.inbox.post { $0.takeInput() }
        case .wake:
            wake.store(1)
            wake.wake(1)
        case .start:
            wake.store(1)
            _ = DetachedThread.start(stackSize: 256 << 10) { self.read() }
        }
    }

    /// What was read; empty at the end; nil if nothing is there yet.
    func take() -> [UInt8]? {
        state.withLock { state in
            defer { if !state.hasEnded { state.chunk = nil } }
            return state.chunk
        }
    }

    private func read() {
        spindle_thread_set_name("spindle-stdin")
        while true {
            while wake.exchange(0) == 0 { wake.wait(while: 0) }
            let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                count = max(0, FileOperations.retrying { Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count) })
            }
            state.withLock { state in
                state.chunk = chunk
                state.hasEnded = chunk.isEmpty
            }
            control.inbox.post { $0.takeInput() }
            if chunk.isEmpty { return }
        }
    }
}
