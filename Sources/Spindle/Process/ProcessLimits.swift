/// What a worker process may use. Nil is as much as the program itself may.
///
/// Kernel limits (setrlimit(2)) hold for the process and are inherited by those it
/// starts; they can be lowered further but not raised by it.
public struct ProcessLimits: Sendable, Equatable {
    /// Address space in bytes. What would exceed it fails in the worker, where an allocation that Swift
    /// makes itself then ends the process, and its end says so.
    /// Counts reservations as well as used memory: a Swift program needs some 100 MiB plus its stacks.
    public var addressSpace: UInt64?
    /// Memory in use, in bytes (its resident set). Looked at every 50 ms, so that a process may exceed it
    /// for so long; then it is killed, and its end says so. The processes it starts do not count.
    public var residentMemory: UInt64?
    /// CPU time in seconds, 1 or more. Killed by SIGXCPU when used up, a second later by SIGKILL.
    public var cpuSeconds: UInt64?
    /// Descriptors open at once, and one above the highest number. Includes the ones it is given.
    public var openFiles: UInt64?
    /// Processes and threads of its *user*, in the whole system; not enforced for a privileged user.
    public var processes: UInt64?
    /// Length in bytes up to which a file can be written. Killed by SIGXFSZ beyond.
    public var fileSize: UInt64?
    /// Scheduling weight: 0 as others, up to 19 to yield to the rest; negative values need privileges.
    public var nice: Int?
    /// The processors it may run on, by number; at least one.
    public var cpuAffinity: [Int]?
    /// Whether a crash may leave a core file. Off unless asked for.
    public var coreFiles: Bool

    /// Limits only where you say so, and no core files.
    public init(
        addressSpace: UInt64? = nil,
        residentMemory: UInt64? = nil,
        cpuSeconds: UInt64? = nil,
        openFiles: UInt64? = nil,
        processes: UInt64? = nil,
        fileSize: UInt64? = nil,
        nice: Int? = nil,
        cpuAffinity: [Int]? = nil,
        coreFiles: Bool = false
    ) {
        self.addressSpace = addressSpace
        self.residentMemory = residentMemory
        self.cpuSeconds = cpuSeconds
        self.openFiles = openFiles
        self.processes = processes
        self.fileSize = fileSize
        self.nice = nice
        self.cpuAffinity = cpuAffinity
        self.coreFiles = coreFiles
    }

    func check() throws(WorkerStartError) {
        if let cpuSeconds, cpuSeconds < 1 { throw .invalid("cpuSeconds is 1 or more.") }
        if let nice, !(-20...19).contains(nice) { throw .invalid("nice is -20 to 19.") }
        if let cpuAffinity, cpuAffinity.isEmpty || !cpuAffinity.allSatisfy({ (0..<1024).contains($0) }) {
            throw .invalid("cpuAffinity names one processor or more, by numbers below 1024.")
        }
    }
}
