internal import Glibc

/// The way to a child's standard input, where its command says `.pipe` or it has a terminal. One writer at a time.
public struct ChildInput: Sendable {
    let descriptor: WatchedDescriptor?

    /// Writes all of the bytes; waits while the child has not read enough of what came before.
    ///
    /// - Throws: ``ChildProcessError`` with `inputClosed` when the child has closed its input or ended, or there is none;
    ///   `CancellationError` when the task is cancelled, with a part written.
    public func write(_ bytes: [UInt8]) async throws {
        guard let descriptor else { throw ChildProcessError.inputClosed }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { descriptor.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
            if count > 0 {
                written += count
                continue
            }
            guard count == -Int(EAGAIN) else { throw ChildProcessError.inputClosed }
            let hasRoom = Promise<Void>()
            descriptor.whenWritable { hasRoom.fulfil(()) }
            try await hasRoom.value()
        }
    }

    /// Writes a text as UTF-8; see ``write(_:)-([UInt8])``.
    public func write(_ text: String) async throws { try await write(Array(text.utf8)) }

    /// Has the child read the end. Of a terminal, ends the terminal.
    public func finish() { descriptor?.close() }
}
