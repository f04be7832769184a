internal import Glibc
internal import SpindleCore
internal import SpindleMemory

/// The standard descriptors of a child that is about to be started: this program's ends, and the child's, which are closed
/// with the last reference.
final class ChildPipes: Sendable {
    let input: WatchedDescriptor?
    let output: WatchedDescriptor?
    let errorOutput: WatchedDescriptor?
    let tail: WatchedDescriptor?
    private let descriptors: [Int32: Int32]
    private let owned: [Int32]

    init(_ command: ChildCommand) throws(ChildPlan.Failure) {
        var maker = Maker()
        var (input, output, errorOutput, tail): (WatchedDescriptor?, WatchedDescriptor?, WatchedDescriptor?, WatchedDescriptor?)
        if let size = command.terminal {
            let own = try maker.connect(0, .terminal(columns: size.columns, rows: size.rows))
            maker.descriptors[1] = maker.descriptors[0]
            maker.descriptors[2] = maker.descriptors[0]
            (input, output) = (own, own)
        } else {
            switch command.input {
            case .discard: try maker.connect(0, .null)
            case .inherit: try maker.inherit(0)
            case .pipe, .bytes: input = try maker.connect(0, .toChild)
            case .descriptor(let descriptor): maker.descriptors[0] = descriptor
            }
            output = try maker.connect(1, to: command.output)
            if case .tail = command.errorOutput {
                tail = try maker.connect(2, .fromChild)
            } else {
                errorOutput = try maker.connect(2, to: command.errorOutput)
            }
        }
        (self.input, self.output, self.errorOutput, self.tail) = (input, output, errorOutput, tail)
        descriptors = maker.descriptors
        owned = maker.takeOwned()
    }

    deinit { for descriptor in owned { close(descriptor) } }

    func complete(_ plan: ChildPlan) -> ChildPlan {
        var plan = plan
        plan.descriptors.merge(descriptors) { _, standard in standard }
        return plan
    }

    private struct Maker: ~Copyable {
        var descriptors: [Int32: Int32] = [:]
        private var owned: [Int32] = []

        deinit { for descriptor in owned { close(descriptor) } }

        mutating func takeOwned() -> [Int32] {
            defer { owned = [] }
            return owned
        }

        @discardableResult
        mutating func connect(_ number: Int32, _ connection: ChildConnection) throws(ChildPlan.Failure) -> WatchedDescriptor? {
            let (own, child) = try connection.make()
            owned.append(child)
            descriptors[number] = child
            return own.map { WatchedDescriptor(adopting: $0) }
        }

        mutating func connect(_ number: Int32, to target: ChildOutputTarget) throws(ChildPlan.Failure) -> WatchedDescriptor? {
            switch target {
            case .discard, .tail: try connect(number, .null)
            case .inherit: try inherit(number)
            case .pipe: return try connect(number, .fromChild)
            case .standardOutput: descriptors[number] = descriptors[1]
            case .descriptor(let descriptor): descriptors[number] = descriptor
            }
            return nil
        }

        /// This program's own, or nothing if it has closed it.
        mutating func inherit(_ number: Int32) throws(ChildPlan.Failure) {
            if fcntl(number, F_GETFD) < 0 { try connect(number, .null) } else { descriptors[number] = number }
        }
    }
}

/// Keeps the last lines of an output, which it reads as they come.
///
/// Guarded by its lock; read on the monitor's thread, so a bounded amount at a time.
final class TailReader: Sendable {
    let descriptor: WatchedDescriptor

    private struct State {
        var lines = LineSplitter(longest: LineTail.byteLimit)
        var tail = LineTail()
    }

    private let state = Lock(State())

    init(_ descriptor: WatchedDescriptor) { self.descriptor = descriptor }

    var lastLines: [String] { state.withLock { $0.tail.text } }

    func read() {
        for _ in 0..<4 where !readOnce() { return }
        descriptor.whenReadable { [self] in read() }
    }

    /// Takes in what is there at the end, and at most what a pipe holds: a descendant that got away might write for ever.
    func finish() {
        for _ in 0..<64 where !readOnce(isLast: true) { break }
        state.withLock { state in state.lines.finish { state.tail.append($0) } }
        descriptor.close()
    }

    /// False at the end, or when there is nothing at present and it is the last time.
    private func readOnce(isLast: Bool = false) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
            let count = descriptor.read(into: buffer)
            guard count > 0 else { return !isLast && count == -Int(EAGAIN) }
            state.withLock { state in state.lines.append(buffer.prefix(count)) { state.tail.append($0) } }
            return true
        }
    }
}

/// Writes given bytes to a child's input at the child's pace, and then ends it.
final class InputFeeder: Sendable {
    private let descriptor: WatchedDescriptor
    private let bytes: [UInt8]
    private let written = Lock(0)

    init(_ descriptor: WatchedDescriptor, _ bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }

    func feed() {
        let isDone = written.withLock { written in
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { descriptor.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
                if count == -Int(EAGAIN) { return false }
                // A child that does not want the rest is as good as one that has read it.
                guard count > 0 else { return true }
                written += count
            }
            return true
        }
        if isDone { descriptor.close() } else { descriptor.whenWritable { [self] in feed() } }
    }
}
