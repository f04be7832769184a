internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// A pipe, socket or terminal that never blocks, and those who wait for it.
///
/// Who uses it reads and writes on a thread of its own choice, and asks to be called when that may succeed again. So bytes
/// go straight to where they are wanted, at the reader's pace, whatever the number of descriptors: one thread watches all.
package final class WatchedDescriptor: Sendable {
    private struct State {
        var descriptor: Int32
        /// Why nobody can wait for it any more, as an error number.
        var failure: Int32 = 0
        var watch: ProcessMonitor.Watch?
        var onReadable: (@Sendable () -> Void)?
        var onWritable: (@Sendable () -> Void)?
    }

    private let state: Lock<State>

    /// Takes the descriptor over.
    package init(adopting descriptor: Int32) {
        _ = spindle_set_nonblocking(descriptor)
        state = Lock(State(descriptor: descriptor))
    }

    deinit { close() }

    /// Its number; -1 once it is closed.
    package var number: Int32 { state.withLock { $0.descriptor } }

    /// - Returns: how many bytes came, 0 at the end, or -errno: -EAGAIN when there is nothing at present.
    package func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            guard state.descriptor >= 0, state.failure == 0 else { return -Int(max(state.failure, EBADF)) }
            while true {
                let count = Glibc.read(state.descriptor, bytes.baseAddress, bytes.count)
                if count >= 0 { return count }
                // A terminal whose other side is closed says so.
                if errno == EIO { return 0 }
                if errno != EINTR { return -Int(errno) }
            }
        }
    }

    /// - Returns: how many bytes were taken, or -errno: -EAGAIN when there is no room at present.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        state.withLock { state in
            guard state.descriptor >= 0, state.failure == 0 else { return -Int(max(state.failure, EBADF)) }
            return Int(spindle_write_quietly(state.descriptor, bytes.baseAddress, bytes.count))
        }
    }

    /// Calls `body` once, on the monitor's thread, when reading may give something, or its end; at the latest when this is closed.
    package func whenReadable(_ body: @escaping @Sendable () -> Void) { wait(\.onReadable, body) }

    /// Likewise for writing.
    package func whenWritable(_ body: @escaping @Sendable () -> Void) { wait(\.onWritable, body) }

    /// Has the other side read the end. A socket can still be read from then.
    package func endWriting() {
        let isSocket = state.withLock { shutdown($0.descriptor, Int32(SHUT_WR)) == 0 }
        if !isSocket { close() }
    }

    package func close() {
        let waiting = state.withLock { state in
            guard state.descriptor >= 0 else { return State(descriptor: -1) }
            if let watch = state.watch { ProcessMonitor.shared.unwatch(watch) }
            _ = Glibc.close(state.descriptor)
            defer { state = State(descriptor: -1) }
            return state
        }
        waiting.onReadable?()
        waiting.onWritable?()
    }

    private func wait(
        _ side: any WritableKeyPath<State, (@Sendable () -> Void)?> & Sendable, _ body: @escaping @Sendable () -> Void
    ) {
        let isWaiting = state.withLock { state in
            guard state.descriptor >= 0 else { return false }
            if state.watch == nil {
                state.watch = ProcessMonitor.shared.watchOnce(state.descriptor) { [weak self] in self?.isReady() }
            }
            guard let watch = state.watch else {
                state.failure = ENOMEM
                return false
            }
            state[keyPath: side] = body
            ProcessMonitor.shared.rearm(watch, reading: state.onReadable != nil, writing: state.onWritable != nil)
            return true
        }
        // Closed, or the system cannot watch one more: the caller's next attempt tells.
        if !isWaiting { body() }
    }

    /// Which of the two it is ready for is found out by trying.
    private func isReady() {
        let waiting = state.withLock { state in
            defer { (state.onReadable, state.onWritable) = (nil, nil) }
            return (state.onReadable, state.onWritable)
        }
        waiting.0?()
        waiting.1?()
    }
}
