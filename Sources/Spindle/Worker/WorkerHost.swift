internal import SpindleCore
internal import SpindleMessaging

/// What is behind a ``Worker`` handle: the worker itself, whatever it runs on.
protocol WorkerHost<Program>: AnyObject, NestedWorker {
    associatedtype Program: WorkerProgram

    var context: WorkerContext { get }
    var terminationDeadline: Duration { get }
    /// Fulfilled once, when everything the worker sent before can be received.
    var exit: Promise<WorkerExit> { get }
    /// Whether its program has begun, or never will.
    var online: Promise<Bool> { get }
    /// Messages to the worker.
    var inbox: Mailbox<Program.Inbound> { get }
    /// Messages from the worker.
    var outbox: Mailbox<Program.Outbound> { get }

    /// Messages to the worker that it never received.
    var undelivered: UInt64 { get }
    /// Nobody has the worker any more: it ends, and what it has sent is received by nobody.
    func handleDropped()
    /// How busy it was.
    func usage() -> ExecutorUsage
}

extension WorkerHost {
    func requestTermination() { requestTermination(within: terminationDeadline) }
    func handleDropped() { requestTermination() }
    func ended() async { _ = await exit.valueDespiteCancellation() }
}
