internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// A pipe, socket or terminal that never blocks, and those who wait for it.
///
/// Who uses it reads and writes on a thread of its own choice, and asks to be called when that may succeed again. So bytes
/// go straight to where they are wanted, at the reader's pace, and one thread can watch any number of descriptors.
package final class WatchedDescriptor: Sendable {
    private struct State {
        var descriptor: Int32
        /// Whether a pipe was asked to hold more than usual.
        var isWide = false
        /// Why nobody can wait for it any more, as an error number.
        var failure: Int32 = 0
        var watch: DescriptorWatch?
        var onReadable: (@Sendable () -> Void)?
        var onWritable: (@Sendable () -> Void)?
        var onHangUp: (@Sendable () -> Void)?
    }

    private let state: Lock<State>
    private let monitor: any DescriptorMonitor
    private let isSocket: Bool

    /// Takes the descriptor over.
    package init(adopting descriptor: Int32, watchedBy monitor: any DescriptorMonitor = ProcessMonitor.shared) {
        self.monitor = monitor
        isSocket = spindle_is_socket(descriptor)
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
                if count >= 0 {
                    if count == Self.pipeCapacity, !state.isWide { Self.widen(&state) }
                    return count
                }
                // A terminal whose other side is closed says so.
                if errno == EIO { return 0 }
                if errno != EINTR { return -Int(errno) }
            }
        }
    }

    /// What a pipe holds (pipe(7)).
    private static let pipeCapacity = 64 << 10

    /// A pipe that is found full has a busy writer: with more room, both sides wait less often. Where the system gives no
    /// more, or it is no pipe, it stays as it is.
    private static func widen(_ state: inout State) {
        state.isWide = true
        spindle_pipe_widen(state.descriptor, Int32(16 * pipeCapacity))
    }

    /// - Returns: how many bytes were taken, or -errno: -EAGAIN when there is no room at present.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        state.withLock { state in
            guard state.descriptor >= 0, state.failure == 0 else { return -Int(max(state.failure, EBADF)) }
            return Int(spindle_write_quietly(state.descriptor, bytes.baseAddress, bytes.count, isSocket))
        }
    }

    /// Calls `body` once, on its monitor's thread, when reading may give something, or its end; at the latest when this is closed.
    package func whenReadable(_ body: @escaping @Sendable () -> Void) { wait(\.onReadable, body) }

    /// Likewise for writing.
    package func whenWritable(_ body: @escaping @Sendable () -> Void) { wait(\.onWritable, body) }

    /// Likewise, when nobody has the other side open any more, whether or not everything was read.
    func whenHungUp(_ body: @escaping @Sendable () -> Void) { wait(\.onHangUp, body) }

    /// Whether nobody has the other side open any more.
    var isHungUp: Bool { state.withLock { Self.isHungUp($0.descriptor) } }

    private static func isHungUp(_ descriptor: Int32) -> Bool {
        var look = pollfd(fd: descriptor, events: 0, revents: 0)
        return descriptor < 0 || (poll(&look, 1, 0) == 1 && look.revents & Int16(POLLHUP) != 0)
    }

    /// Calls those who wait to read: something has changed that they have to look at.
    func wakeReader() {
        state.withLock { state in
            defer { state.onReadable = nil }
            return state.onReadable
        }?()
    }

    /// Has the other side read the end. A socket can still be read from then.
    package func endWriting() {
        let isSocket = state.withLock { shutdown($0.descriptor, Int32(SHUT_WR)) == 0 }
        if !isSocket { close() }
    }

    package func close() {
        let waiting = state.withLock { state in
            guard state.descriptor >= 0 else { return State(descriptor: -1) }
            if let watch = state.watch { monitor.unwatch(watch) }
            _ = Glibc.close(state.descriptor)
            defer { state = State(descriptor: -1) }
            return state
        }
        waiting.onReadable?()
        waiting.onWritable?()
        waiting.onHangUp?()
    }

    private func wait(
        _ side: any WritableKeyPath<State, (@Sendable () -> Void)?> & Sendable, _ body: @escaping @Sendable () -> Void
    ) {
        let isWaiting = state.withLock { state in
            guard state.descriptor >= 0 else { return false }
            if state.watch == nil {
                state.watch = monitor.watchOnce(state.descriptor) { [weak self] in self?.isReady() }
            }
            guard let watch = state.watch else {
                state.failure = ENOMEM
                return false
            }
            state[keyPath: side] = body
            monitor.rearm(watch, reading: state.onReadable != nil, writing: state.onWritable != nil)
            return true
        }
        // Closed, or the system cannot watch one more: the caller's next attempt tells.
        if !isWaiting { body() }
    }

    /// Which of the two it is ready for is found out by trying.
    private func isReady() {
        let waiting = state.withLock { state in
            let isHungUp = state.onHangUp != nil && Self.isHungUp(state.descriptor)
            defer {
                (state.onReadable, state.onWritable) = (nil, nil)
                if isHungUp { state.onHangUp = nil }
                if state.onHangUp != nil, let watch = state.watch {
                    // A hang-up is told of whatever else is asked for.
                    monitor.rearm(watch, reading: false, writing: false)
                }
            }
            return (state.onReadable, state.onWritable, isHungUp ? state.onHangUp : nil)
        }
        waiting.0?()
        waiting.1?()
        waiting.2?()
    }
}
