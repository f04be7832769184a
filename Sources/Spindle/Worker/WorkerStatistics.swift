/// Figures of one worker.
public struct WorkerStatistics: Sendable {
    /// Share of the worker's life in which its thread ran something, 0 to 1.
    /// A thread that blocks in a call counts as running.
    public var eventLoopUtilization: Double
    /// Time in which the thread ran something.
    public var activeTime: Duration
    /// Time in which the thread waited for something to do.
    public var idleTime: Duration
    /// Processor time of the thread.
    public var cpuTime: Duration
    /// Messages the worker's queue has accepted.
    public var messagesIn: UInt64
    /// Messages the worker has sent.
    public var messagesOut: UInt64
    /// Messages to the worker that it has not received yet.
    public var inboxBacklog: Int
    /// Messages from the worker that its owner has not received yet.
    public var outboxBacklog: Int
    /// Messages to the worker that were dropped because it ended first.
    public var undelivered: UInt64
}
