internal import Glibc

/// What a guest may reach. What it may not is an error in it, with code `ERR_ACCESS_DENIED`.
///
/// A ``JavaScriptWorker`` starts with ``none``: it computes, keeps time, exchanges messages with its owner, calls what its owner
/// lends, and prints to the owner's logger.
///
/// A thread shares the memory of the program: the policy holds as long as the JavaScript engine is without fault. Let guests
/// from anywhere run in processes.
public struct GuestPolicy: Sendable, Codable {
    /// The built-in modules it can load, without `node:`; nil for all.
    public var modules: Set<String>?
    /// What it can load as modules beside ``readablePaths``: files, and directories with everything in them. Its own file is
    /// always among them. Other files are not there for its imports.
    public var importablePaths: [String]
    /// What it can read, likewise. Links are followed before it is looked whether a path lies here.
    public var readablePaths: [String]
    /// What it can write, likewise.
    public var writablePaths: [String]
    /// What it sees as `process.env`.
    public var environment: [String: String]
    /// Whether it can send and receive signals, abort the process, read its standard input and change its settings.
    public var reachesProcess: Bool
    /// Whether it can start other programs, which no policy holds: a guest that can reaches all that this program can.
    public var startsPrograms: Bool
    /// Whether it can start workers, which inherit the policy, and meet other guests of the process in
    /// broadcast channels and locks.
    public var reachesGuests: Bool
    /// How it reaches the network; not at all when nil. `SpindleJavaScriptNetwork` has one.
    public var network: GuestNetwork?
    /// Bytes that the engine's heap and its buffers may take, 0 or more; no limit when nil. Looked at every now and then
    /// while it runs: what is allocated in one go can exceed it. In a process the system's figures are looked at as well: one
    /// that uses 128 MiB more than this is killed, whatever it is doing, unless its `ProcessLimits.residentMemory` says otherwise.
    public var memoryLimit: Int?
    /// How long it may live, idle or not; no limit when nil.
    public var lifetimeLimit: Duration?
    /// Bytes that it may print; what comes after is dropped. No limit when nil.
    public var outputLimit: Int?
    /// How many calls of the owner's functions may be under way at once. More wait in the guest.
    public var hostCallLimit: Int

    /// Nothing but computing, messages and timers; 1 MiB of output, and 64 calls of host functions at once.
    public static let none = GuestPolicy(
        modules: pureModules, importablePaths: [], readablePaths: [], writablePaths: [], environment: [:], reachesProcess: false,
        startsPrograms: false, reachesGuests: false, outputLimit: 1 << 20, hostCallLimit: 64)

    /// Everything that the program itself can do, but for the network.
    public static let unrestricted = GuestPolicy(
        modules: nil, importablePaths: [], readablePaths: ["/"], writablePaths: ["/"], environment: currentEnvironment,
        reachesProcess: true, startsPrograms: true, reachesGuests: true, hostCallLimit: 1_024)

    /// Those that do not lead out of the engine.
    public static let pureModules: Set<String> = [
        "assert", "assert/strict", "async_hooks", "buffer", "console", "diagnostics_channel", "events", "path", "path/posix",
        "path/win32", "perf_hooks", "process", "punycode", "querystring", "stream", "stream/promises", "string_decoder", "timers",
        "timers/promises", "url",
        "util", "util/types", "worker_threads",
    ]

    private static var currentEnvironment: [String: String] {
        var result: [String: String] = [:]
        var variable = environ
        while let text = variable.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            variable += 1
        }
        return result
    }
}

/// A guest went beyond a limit of its ``GuestPolicy`` and was ended.
public struct GuestLimitError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What there was too much of.
    public enum Limit: String, Sendable { case memory, lifetime }

    public let limit: Limit

    public var description: String {
        switch limit {
        case .memory: "The guest used more memory than it may and was ended."
        case .lifetime: "The guest ran longer than it may and was ended."
        }
    }
}
