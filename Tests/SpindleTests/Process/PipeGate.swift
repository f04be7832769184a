internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

/// Holds a task in a process up until its test lets it go, and tells the test which process that is.
///
/// It is two named pipes, which depend on nothing that is tested here.
struct PipeGate: Codable, Sendable {
    private let directory: String
    private var arrivals: String { directory + "/arrivals" }
    private var exits: String { directory + "/exits" }

    init() throws {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        var template = Array("\(root)/spindle-gate-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        try #require(mkfifo(arrivals, 0o600) == 0 && mkfifo(exits, 0o600) == 0)
    }

    func remove() {
        for pipe in [arrivals, exits] { unlink(pipe) }
        rmdir(directory)
    }

    // MARK: The test's side

    /// The process that has come to the gate. Waits for it shorter than a test may take, so that the test can say what is missing.
    func arrival() async throws -> Int32 {
        try await onThread {
            let pipe = Glibc.open(arrivals, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            defer { close(pipe) }
            var look = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            try #require(poll(&look, 1, 45_000) == 1, "No worker has come to the gate.")
            var process: Int32 = 0
            try #require(read(pipe, &process, 4) == 4)
            return process
        }
    }

    /// Lets go the one that has come.
    func open() {
        let pipe = Glibc.open(exits, O_RDWR | O_CLOEXEC)
        write(pipe, "x", 1)
        close(pipe)
    }

    // MARK: The worker's side

    /// Blocks until the gate opens.
    func pass() {
        // Open before the test can know, so that what it writes finds a reader.
        let exit = Glibc.open(exits, O_RDWR | O_CLOEXEC)
        arrive()
        var byte: UInt8 = 0
        read(exit, &byte, 1)
        close(exit)
    }

    func arrive() {
        let pipe = Glibc.open(arrivals, O_WRONLY | O_CLOEXEC)
        var process = getpid()
        write(pipe, &process, 4)
        close(pipe)
    }
}

/// Blocks at the gate, whatever it is told.
enum Linger: WorkerTask {
    static func run(_ gate: PipeGate, _ context: TaskContext<Never>) async throws -> Bool {
        gate.pass()
        return true
    }
}

/// Never ends, whatever it is told.
enum SpinForEver: WorkerTask {
    static func run(_ gate: PipeGate?, _ context: TaskContext<Never>) async throws -> Bool {
        gate?.arrive()
        while true { sched_yield() }
    }
}
