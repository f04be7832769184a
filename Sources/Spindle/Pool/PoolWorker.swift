internal import SpindleCore

/// One worker of a pool, whatever it runs on. The driver tells it what to do here;
/// it tells the driver what happened through `workerReady`, `taskFinished` and the rest.
protocol PoolWorker: AnyObject, Sendable {
    var id: WorkerID { get }
    var name: String { get }
    /// Sets itself up; then calls `workerReady` or `workerStartFailed`.
    func start()
    /// Takes a task while idle.
    func assign(_ assignment: PoolStateMachine.Assignment)
    /// Tells the running task to stop.
    func stopTask(_ ticket: UInt64?)
    /// Starts afresh after a task that was told to stop.
    func renew()
    /// Ends while idle.
    func retire()
    /// Whether ``abandon()`` ends it, so that nothing of it stays behind.
    var canBeKilled: Bool { get }
    /// Ends by force if it can, else whenever its task does: nobody waits for it any more.
    func abandon()
}
