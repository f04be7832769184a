internal import CSpindle
internal import DequeModule
internal import Glibc
internal import SpindleMemory

/// What a guest reads as its standard input: a chunk at a time, and not ahead of who asks.
protocol GuestInput: Sendable {
    /// Has the guest's `takeInput` called when there is a chunk.
    func wantChunk()
    /// What was read; empty at the end; nil if nothing is there yet.
    func take() -> [UInt8]?
}

/// Reads the process's standard input on a thread of its own.
///
/// The thread is blocked in its read when the program ends, and goes with it.
final class StandardInput: GuestInput {
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

/// The standard input of a worker: what the one who started it writes.
final class FedInput: GuestInput {
    private struct State {
        var chunks: Deque<(bytes: [UInt8], taken: @Sendable () -> Void)> = []
        var hasEnded = false
        var isWanted = false
    }
    private let control: GuestControl
    private let state = Lock(State())

    /// - Parameter control: of the guest that reads.
    init(_ control: GuestControl) { self.control = control }

    /// - Parameter taken: called on the reader's thread once it has the bytes; never, if it ends without.
    func feed(_ bytes: [UInt8], taken: @escaping @Sendable () -> Void) {
        offer { $0.chunks.append((bytes, taken)) }
    }

    /// Says that nothing follows.
    func finish() { offer { $0.hasEnded = true } }

    func wantChunk() { offer { $0.isWanted = true } }

    private func offer(_ change: (inout State) -> Void) {
        let isReady = state.withLock { state in
            change(&state)
            return state.isWanted && (state.hasEnded || !state.chunks.isEmpty)
        }
        if isReady { control.inbox.post { $0.takeInput() } }
    }

    func take() -> [UInt8]? {
        let (chunk, hasEnded) = state.withLock { state in
            state.isWanted = false
            return (state.chunks.popFirst(), state.hasEnded)
        }
        guard let chunk else { return hasEnded ? [] : nil }
        chunk.taken()
        return chunk.bytes
    }
}

extension Guest {
    func startReading(then handler: GuestValue) {
        if inputHandler == nil, isInputReferenced { loop.addReference() }
        inputHandler = Retained(handler, in: engine)
        let input = input ?? configuration.worker?.input ?? StandardInput(control)
        self.input = input
        input.wantChunk()
    }

    func stopReading() {
        guard inputHandler != nil else { return }
        inputHandler = nil
        if isInputReferenced { loop.removeReference() }
    }

    func setReference(toInput on: Bool) {
        guard isInputReferenced != on else { return }
        isInputReferenced = on
        guard inputHandler != nil else { return }
        if on { loop.addReference() } else { loop.removeReference() }
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
