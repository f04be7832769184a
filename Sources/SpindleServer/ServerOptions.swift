internal import NIOCore

/// Where the server listens and what it allows.
public struct ServerOptions: Sendable {
    /// The address or host name to listen on. Only a loopback one keeps other machines out: there is no authentication.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes a free one.
    public var port = 8080
    /// How few and how many workers the pool has.
    public var workers: ClosedRange<Int>
    /// Where its tasks run.
    public var isolation = TaskIsolation.default
    /// Memory in bytes that each worker process may use before it is ended; no limit when nil. Threads can have none.
    public var memoryLimit: Int?
    /// How many tasks may wait for a worker; one more is answered with 503.
    public var queueLimit = 1_000
    /// How long one task may run.
    public var taskTimeout = Duration.seconds(600)
    /// How long running tasks may go on once the server is told to stop.
    public var drainDeadline = Duration.seconds(10)
    /// Directories whose files clients may have read, subdirectories included.
    public var allowedDirectories: [String] = []
    public var limits = ServerLimits()

    public init() {
        let cores = System.coreCount
        workers = cores...cores
    }
}

/// Where the server's tasks run.
public enum TaskIsolation: String, CaseIterable, Codable, Sendable {
    /// On threads of the server: what a task breaks, it breaks for all.
    case thread
    /// In a process for each worker: a task that crashes or hangs is ended alone.
    case process

    /// What holds where nobody says otherwise.
    public static let `default` = TaskIsolation.thread
}

/// How much the server takes from its clients.
public struct ServerLimits: Sendable {
    /// Largest uploaded file, in bytes.
    public var upload = 1 << 30
    /// Bytes of uploaded files that are kept at a time for queued and running tasks, and received.
    public var storedUploads = 8 << 30
    /// Uploads received at a time.
    public var concurrentUploads = 4
    /// Largest JSON body, in bytes.
    public var json = 64 << 10
    /// Connections open at a time; more wait until one is closed.
    public var connections = 1_000
    /// How long a connection may say nothing while a request is expected from it.
    public var idle = Duration.seconds(30)
    /// Event streams open at a time.
    public var eventStreams = 64
    /// Finished tasks that are remembered; the oldest are forgotten first.
    public var finishedTasks = 500
    /// Bytes of results that are remembered.
    public var results = 64 << 20
    /// Abandoned tasks that may still hold a processor before no further `spin` is taken.
    public var abandonedTasks = 8

    public init() {}
}
