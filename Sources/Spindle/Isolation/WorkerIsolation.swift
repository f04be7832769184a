/// Where a worker or a pool's workers run: what they cannot break, and how they can be stopped.
///
/// | | `.thread` | `.process` |
/// |---|---|---|
/// | stop it in the middle of a loop | only if it looks whether it is cancelled | always: SIGKILL in the end |
/// | a trap in it | ends the whole program | ends this worker alone |
/// | limits on memory, processor time, files | no | yes |
/// | a message | the value itself moves | encoded into shared memory |
/// | a `SharedBuffer`, a `MessagePort` in a message | yes | yes |
/// | what may be sent | every `Sendable` | what is `Codable` too, and strings, numbers, bytes |
/// | start | a thread | a process forked from this program, mostly one that waits ready |
public struct WorkerIsolation: Sendable {
    enum Kind: Sendable {
        case thread
        case process(ProcessConfiguration)
    }

    let kind: Kind

    /// A thread of this process.
    public static let thread = WorkerIsolation(kind: .thread)

    /// A process of its own, set up as usual: this program's environment and directory, no limits.
    public static let process = process(ProcessConfiguration())

    /// A process of its own.
    public static func process(_ configuration: ProcessConfiguration) -> WorkerIsolation {
        WorkerIsolation(kind: .process(configuration))
    }

    /// The same, but a process has at most so much memory in use, in bytes, unless it has a limit already.
    package func limitingMemory(to bytes: UInt64) -> WorkerIsolation {
        guard case .process(var configuration) = kind, configuration.limits.residentMemory == nil else { return self }
        configuration.limits.residentMemory = bytes
        return .process(configuration)
    }

    package var isThread: Bool { if case .thread = kind { true } else { false } }
}

extension WorkerIsolation: CustomStringConvertible {
    /// "thread" or "process".
    public var description: String { isThread ? "thread" : "process" }
}
