internal import Glibc
internal import Spindle

/// The ways in which a worker process can be made to die.
enum Death: String, Codable, CaseIterable, Sendable {
    case trap, fatalError, outOfBounds, stackOverflow, abort, exit, useUpMemory

    func come() {
        switch self {
        case .trap: _ = Self.sum(.max, 1)
        case .fatalError: Swift.fatalError("this is why")
        case .outOfBounds: _ = Self.element(3, of: [1, 2, 3])
        case .stackOverflow: _ = Self.deeper(1)
        case .abort:
            let words = "aborted on purpose\n"
            _ = write(STDERR_FILENO, words, words.utf8.count)
            Glibc.abort()
        case .exit: Glibc.exit(130)
        case .useUpMemory:
            // Touched, so that it counts.
            var blocks: [[UInt8]] = []
            while blocks.count < 1 << 20 { blocks.append([UInt8](repeating: 1, count: 1 << 20)) }
        }
    }

    /// What the owner is told of it, without limits.
    var cause: WorkerCrash.Cause {
        switch self {
        case .trap, .fatalError, .outOfBounds: .signal(SIGILL)
        case .stackOverflow: .signal(SIGSEGV)
        case .abort: .signal(SIGABRT)
        case .exit: .exitCode(130)
        case .useUpMemory: .limit(.memory)
        }
    }

    /// What the report quotes, if it says why it dies.
    var words: String? {
        switch self {
        case .fatalError: "Fatal error: this is why"
        case .outOfBounds: "Fatal error: Index out of range"
        case .abort: "aborted on purpose"
        case .trap, .stackOverflow, .exit, .useUpMemory: nil
        }
    }

    /// All that need no limits.
    static let unlimited = allCases.filter { $0 != .useUpMemory }

    @inline(never) private static func sum(_ one: Int, _ other: Int) -> Int { one + other }
    @inline(never) private static func element(_ index: Int, of all: [Int]) -> Int { all[index] }
    @inline(never) private static func deeper(_ depth: Int) -> Int { depth == .max ? 0 : deeper(depth + 1) &+ depth }
}

/// Sends its process's number, and then dies as it is told.
enum Mortal: WorkerProgram {
    typealias Inbound = Death
    typealias Outbound = Int32

    static func run(_ parent: WorkerScope<Mortal>) async throws {
        try await parent.send(getpid())
        for try await death in parent.messages { death.come() }
    }
}

/// Dies as it is told.
enum Die: WorkerTask {
    static func run(_ death: Death, _ context: TaskContext<Never>) async throws -> Int {
        death.come()
        return 0
    }
}

/// Sends 1 on the port it is given, and dies.
enum DieWithPort: WorkerTask {
    static func run(_ port: MessagePort<Int, Int>, _ context: TaskContext<Never>) async throws -> Int {
        try await port.send(1)
        fatalError("with a port")
    }
}

/// Throws in its first attempt, and dies in all others.
enum ThrowThenDie: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int {
        guard context.attempt > 1 else { throw Odd(attempt: 1) }
        fatalError("not the first attempt")
    }
}

/// When it runs, in nanoseconds of a clock that all processes share.
enum AskTime: WorkerTask {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int64 { now }
}

/// The number of the process it runs in.
enum AskProcess: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int32 { getpid() }
}

/// A warm-up at which the process dies.
enum DieWarmingUp: WorkerWarmUp {
    static func warmUp() async throws { fatalError("cold") }
}
