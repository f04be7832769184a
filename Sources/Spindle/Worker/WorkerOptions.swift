public import Logging
public import SpindleMessaging

/// How a worker is set up.
public struct WorkerOptions: Sendable {
    /// Shown in statistics, logs and by the system's tools (there cut to 15 bytes). "worker-ID" when nil.
    public var name: String?
    /// How many messages to the worker may be queued, 1 or more.
    public var inboxLimit: Int
    /// How many messages from the worker may be queued, 1 or more.
    public var outboxLimit: Int
    /// Stack of its thread in bytes of address space, 16 KiB or more; used page by page.
    public var stackSize: Int
    /// Scheduling weight of the thread: 0 as every other, up to 19 for work that
    /// should yield to the rest; negative values need privileges (setpriority(2)).
    public var nice: Int
    /// How long the worker gets to stop before it is abandoned, unless ``Worker/terminate(within:)`` says otherwise.
    public var terminationDeadline: Duration
    /// Where the log of a process worker goes; when nil, to a logger of the label that was used there.
    public var logger: Logger?

    /// Options that differ from the usual ones where you say so.
    public init(
        name: String? = nil,
        inboxLimit: Int = defaultMessageLimit,
        outboxLimit: Int = defaultMessageLimit,
        stackSize: Int = ThreadExecutor.defaultStackSize,
        nice: Int = 0,
        terminationDeadline: Duration = .seconds(1),
        logger: Logger? = nil
    ) {
        self.name = name
        self.inboxLimit = inboxLimit
        self.outboxLimit = outboxLimit
        self.stackSize = stackSize
        self.nice = nice
        self.terminationDeadline = terminationDeadline
        self.logger = logger
    }
}
