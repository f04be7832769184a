internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// The standard descriptors of a process to be launched, and the readers of its outputs.
struct ProcessPipes: ~Copyable {
    /// Standard input, output and error, as the process gets them.
    private(set) var descriptors: [Int32] = []
    private(set) var output: OutputReader?
    private(set) var errorOutput: OutputReader?
    /// Those of `descriptors` that were made for this process.
    private var owned: [Int32] = []

    init(_ configuration: ProcessConfiguration) throws(WorkerStartError) {
        switch configuration.standardInput {
        case .discard: descriptors.append(try Self.nullDevice())
        case .inherit: descriptors.append(try Self.own(STDIN_FILENO))
        }
        switch configuration.standardOutput {
        case .discard: descriptors.append(try Self.nullDevice())
        case .inherit: descriptors.append(try Self.own(STDOUT_FILENO))
        case .lines: output = try pipe(configuration.standardOutput, keepsTail: false)
        }
        errorOutput = try pipe(configuration.standardError, keepsTail: true)
    }

    deinit { for descriptor in owned { close(descriptor) } }

    private mutating func pipe(_ output: ProcessOutput, keepsTail: Bool) throws(WorkerStartError) -> OutputReader {
        var ends: [Int32] = [-1, -1]
        let error = spindle_pipe(&ends)
        guard error == 0 else { throw .unavailable("pipe", errno: -error) }
        owned.append(ends[1])
        descriptors.append(ends[1])
        return OutputReader(ends[0], output: output, keepsTail: keepsTail)
    }

    /// The program's own, or none if it has closed it.
    private static func own(_ descriptor: Int32) throws(WorkerStartError) -> Int32 {
        fcntl(descriptor, F_GETFD) < 0 ? try nullDevice() : descriptor
    }

    private static let null = Lock<Int32>(-1)

    /// One descriptor for all, kept for good.
    private static func nullDevice() throws(WorkerStartError) -> Int32 {
        try null.withLock { null throws(WorkerStartError) in
            if null < 0 { null = open("/dev/null", O_RDWR | O_CLOEXEC) }
            guard null >= 0 else { throw .unavailable("descriptor for /dev/null", errno: errno) }
            return null
        }
    }
}
