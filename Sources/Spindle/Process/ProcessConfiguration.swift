internal import CSpindle
internal import Glibc

/// How a worker process is set up, before its program begins.
public struct ProcessConfiguration: Sendable {
    /// Shown by ps and top, up to 119 bytes. "spindle-worker" when nil.
    public var name: String?
    /// Its environment variables.
    public var environment: ProcessEnvironment
    /// Its working directory; when nil, the program's when the first worker process was started.
    public var workingDirectory: String?
    /// The user it runs as (setresuid(2)), which needs privileges; as the program when nil. All supplementary groups are given up.
    public var user: UInt32?
    /// The group it runs as (setresgid(2)), likewise.
    public var group: UInt32?
    /// Where its standard input comes from.
    public var standardInput: ProcessInput
    /// Where its standard output goes.
    public var standardOutput: ProcessOutput
    /// Where its standard error goes. The last 16 lines, 1 KiB of each, are kept for `WorkerCrash.lastErrorLines`
    /// in any case; `.inherit` copies to the program's own, and drops what that does not take at once.
    public var standardError: ProcessOutput
    /// What it may use.
    public var limits: ProcessLimits
    /// What it may do.
    public var hardening: ProcessHardening

    /// A configuration that differs from the usual one where you say so.
    public init(
        name: String? = nil,
        environment: ProcessEnvironment = .inherit,
        workingDirectory: String? = nil,
        user: UInt32? = nil,
        group: UInt32? = nil,
        standardInput: ProcessInput = .discard,
        standardOutput: ProcessOutput = .inherit,
        standardError: ProcessOutput = .inherit,
        limits: ProcessLimits = ProcessLimits(),
        hardening: ProcessHardening = ProcessHardening()
    ) {
        self.name = name
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.group = group
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.limits = limits
        self.hardening = hardening
    }
}

/// The environment variables of a worker process.
public enum ProcessEnvironment: Sendable, Equatable {
    /// Those that the program had when its first worker process was started.
    case inherit
    /// The inherited ones, with these set and those with a nil value removed.
    case merging([String: String?])
    /// These alone.
    case replacing([String: String])
}

/// Where the standard input of a worker process comes from.
public enum ProcessInput: Sendable {
    /// It is empty.
    case discard
    /// The program's own, which then has two readers.
    case inherit
}

/// Where an output of a worker process goes.
public enum ProcessOutput: Sendable {
    /// To where the program's own goes.
    case inherit
    /// Nowhere.
    case discard
    /// To a handler in the program, line by line and in order, before the end of the process is told.
    /// A line longer than `longest` bytes (1 or more) comes in pieces. Bytes that are not UTF-8 come as replacement characters.
    ///
    /// The handler runs on the one thread that watches all worker processes: it must be
    /// brief and never block. A process that writes faster than it is handled waits.
    case lines(longest: Int = 8192, handler: @Sendable (String) -> Void)
}

extension ProcessConfiguration {
    /// With a name for the system's tools, unless it has one.
    func named(_ name: String) -> ProcessConfiguration {
        var named = self
        named.name = self.name ?? name
        return named
    }

    /// Refuses what no process could be given, so that it fails before one is started.
    func check(descriptors: [Int32]) throws(WorkerStartError) {
        guard descriptors.count <= Self.mostDescriptors, descriptors.allSatisfy({ $0 >= 0 }) else {
            throw .invalid("a process takes at most \(Self.mostDescriptors) descriptors, each open.")
        }
        var texts = [name ?? "", workingDirectory ?? ""]
        switch environment {
        case .inherit: break
        case .merging(let changes): texts += changes.keys + changes.values.compactMap { $0 }
        case .replacing(let all): texts += Array(all.keys) + all.values
        }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw .invalid("a name, a path or an environment variable contains a zero byte.")
        }
        for case .lines(let longest, _) in [standardOutput, standardError] where longest < 1 {
            throw .invalid("the longest line has 1 byte or more.")
        }
        try limits.check()
        try hardening.check()
    }

    static var mostDescriptors: Int { SPINDLE_LAUNCH_MOST - SPINDLE_LAUNCH_FIXED }
}
