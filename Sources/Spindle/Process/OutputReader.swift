internal import Glibc
internal import SpindleCore

/// Takes in what a worker process writes to one of its outputs.
///
/// Reads a bounded amount at a time, so that a process that floods its output
/// cannot keep the monitor from the others; the pipe makes it wait.
///
/// Safe to send: after `init` it is touched on the monitor's thread alone.
final class OutputReader: @unchecked Sendable {
    let descriptor: Int32
    private var lines: LineSplitter
    private var tail = LineTail()
    private let handler: (@Sendable (String) -> Void)?
    private let keepsTail: Bool
    private let copiesThrough: Bool

    /// - Parameter descriptor: the pipe's end, which this closes; it must not block.
    init(_ descriptor: Int32, output: ProcessOutput, keepsTail: Bool) {
        self.descriptor = descriptor
        self.keepsTail = keepsTail
        switch output {
        case .lines(let longest, let handler):
            lines = LineSplitter(longest: longest)
            self.handler = handler
            copiesThrough = false
        case .inherit, .discard:
            lines = LineSplitter(longest: LineTail.byteLimit)
            handler = nil
            if case .inherit = output { copiesThrough = true } else { copiesThrough = false }
        }
    }

    deinit { close(descriptor) }

    var lastLines: [String] { tail.text }

    /// Reads once. False at the end of the output, or when there is nothing at present and `untilEmpty`.
    func readOnce() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if copiesThrough { copyThrough(bytes) }
            lines.append(bytes) { take($0) }
            return true
        }
    }

    /// Takes in what is left after the end of the process, and at most what a pipe holds:
    /// a descendant that got away might write for ever.
    func drain() {
        var pending: Int32 = 0
        var left = 1 << 20
        while left > 0, ioctl(descriptor, UInt(FIONREAD), &pending) == 0, pending > 0, readOnce() { left -= 16 << 10 }
        lines.finish { take($0) }
    }

    private func take(_ line: [UInt8]) {
        if keepsTail { tail.append(line) }
        handler?(String(decoding: line, as: UTF8.self))
    }

    /// Never waits: a program whose own standard error is stuck must not lose the monitor over it.
    private func copyThrough(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        var look = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        // So much is taken without blocking when poll says that there is room (pipe(7)).
        while !rest.isEmpty, poll(&look, 1, 0) == 1, look.revents & Int16(POLLOUT) != 0 {
            let count = write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, min(rest.count, Int(PIPE_BUF)))
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
