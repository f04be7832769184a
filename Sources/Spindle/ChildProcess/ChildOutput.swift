internal import Glibc
internal import SpindleCore
internal import SpindleMemory

/// What a child writes to one of its outputs, in pieces as they come. Read by one reader at a time.
///
/// A child that writes faster than it is read waits, so that gigabytes pass in constant memory. The sequence ends when
/// nobody has the output open any more; see ``ChildCommand/lingering`` for descendants that keep it. It is empty where
/// the command does not say `.pipe`. Reading is cancelled with its task, and throws `CancellationError` then.
public struct ChildOutput: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = CancellationError

    let driver: ChildDriver
    let descriptor: WatchedDescriptor?

    /// The bytes, in pieces of up to 64 KiB.
    public func makeAsyncIterator() -> Iterator {
        Iterator(reading: descriptor.map { Reading($0, driver) })
    }

    /// Line by line, as UTF-8 with replacement characters, without the ends. A last line needs no end.
    ///
    /// - Parameter longest: bytes, 1 or more; a longer line comes in pieces.
    public func lines(longest: Int = 64 << 10) -> Lines { Lines(base: self, longest: longest) }

    /// Pieces of bytes.
    public struct Iterator: AsyncIteratorProtocol {
        let reading: Reading?

        public mutating func next() async throws(CancellationError) -> [UInt8]? {
            guard let reading else { return nil }
            return try await reading.next()
        }
    }

    /// The lines of an output.
    public struct Lines: AsyncSequence, Sendable {
        public typealias Element = String
        public typealias Failure = CancellationError

        let base: ChildOutput
        let longest: Int

        public func makeAsyncIterator() -> Iterator {
            Iterator(base: base.makeAsyncIterator(), splitter: LineSplitter(longest: longest))
        }

        /// One line after the other.
        public struct Iterator: AsyncIteratorProtocol {
            var base: ChildOutput.Iterator
            var splitter: LineSplitter
            /// Lines that are complete, the next one last.
            var ready: [String] = []
            var hasEnded = false

            public mutating func next() async throws(CancellationError) -> String? {
                while ready.isEmpty, !hasEnded {
                    var lines: [String] = []
                    if let piece = try await base.next() {
                        splitter.append(piece) { lines.append(String(decoding: $0, as: UTF8.self)) }
                    } else {
                        hasEnded = true
                        splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
                    }
                    ready = lines.reversed()
                }
                return ready.popLast()
            }
        }
    }

    /// All of it, up to `limit` bytes.
    ///
    /// - Parameter exceeded: called when there is more; the rest is read and dropped.
    func collect(limit: Int, exceeded: () -> Void) async -> [UInt8] {
        var all: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let piece = try? await iterator.next() {
            if all.count + piece.count > limit { exceeded() }
            all += piece.prefix(limit - all.count)
        }
        return all
    }
}

/// One reader's way through an output, from its first piece until it goes.
final class Reading: Sendable {
    private let descriptor: WatchedDescriptor
    private let driver: ChildDriver
    private let state = Lock(State())

    private struct State {
        var hasEnded = false
        /// What is read yet once the child's time is over: what a pipe holds, as somebody might write for ever.
        var rest = 1 << 20
    }

    private static let pieceSize = 64 << 10

    init(_ descriptor: WatchedDescriptor, _ driver: ChildDriver) {
        self.descriptor = descriptor
        self.driver = driver
        driver.readerBegan()
    }

    deinit { end() }

    func next() async throws(CancellationError) -> [UInt8]? {
        while true {
            if Task.isCancelled { throw CancellationError() }
            // Before the look at the pipe: what was written before the end is still read.
            let isOver = driver.isOver
            var result = 0
            let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
                result = descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                count = Swift.max(0, result)
            }
            if result > 0, !isOver || hasRest(result) {
                // Small pieces do not keep the memory of large ones.
                return result < Self.pieceSize / 4 ? Array(piece[...]) : piece
            }
            guard result == -Int(EAGAIN), !isOver else {
                end()
                return nil
            }
            let isReadable = Promise<Void>()
            descriptor.whenReadable { isReadable.fulfil(()) }
            if driver.isOver { descriptor.wakeReader() }
            try await isReadable.value()
        }
    }

    private func hasRest(_ count: Int) -> Bool {
        state.withLock { state in
            state.rest -= count
            return state.rest >= 0
        }
    }

    private func end() {
        let isFirst = state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        if isFirst { driver.readerEnded() }
    }
}
