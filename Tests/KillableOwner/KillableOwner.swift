internal import Glibc
internal import Spindle

/// Owns worker processes of every kind and another program, says on its standard output how far it has come, and waits to be killed.
@main struct KillableOwner {
    static func main() async throws {
        // Of no effect here, where the start is taken over; a program that is linked statically needs it.
        WorkerProcesses.enter()
        step("began")
        let program = try await ChildProcess.spawn(ChildCommand("/bin/sleep", "60"))
        try await WorkerProcesses.prepare(spares: 3)
        step("spares")
        let quiet = WorkerIsolation.process(ProcessConfiguration(standardOutput: .discard))
        let buffer = try SharedBuffer(byteLength: 4096, name: "owner-buffer")
        let spinning = try await Worker(SpinWithFamily.self, workerData: buffer, isolation: quiet)
        var messages = spinning.messages.makeAsyncIterator()
        _ = try await messages.next()
        step("worker")
        let pool = try await WorkerPool(.init(size: .fixed(3), isolation: quiet, gracePeriod: .seconds(100)))
        let stubborn = Task { try await pool.run(Spin.self, 0) }
        _ = try await pool.run(Double.self, 21)
        step("pool")
        // With a zygote of its own.
        let nest = try await Worker(Nest.self, isolation: quiet)
        var nested = nest.messages.makeAsyncIterator()
        _ = try await nested.next()
        step("nest")
        stubborn.cancel()
        step("cancelled")
        try await Task.sleep(for: .seconds(60))
        withExtendedLifetime((buffer, program, spinning, pool, nest)) {}
    }

    private static func step(_ word: String) {
        let line = word + "\n"
        write(STDOUT_FILENO, line, line.utf8.count)
    }
}

/// Has a program started, and one in a session of its own, says so, and then neither ends nor listens.
enum SpinWithFamily: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Bool
    typealias WorkerData = SharedBuffer

    static func run(_ parent: WorkerScope<SpinWithFamily>) async throws {
        signal(SIGTERM, SIG_IGN)
        let haveStarted = start("/bin/sleep", "60") && start("/usr/bin/setsid", "/bin/sleep", "60")
        try await parent.send(haveStarted)
        while true { sched_yield() }
    }

    private static func start(_ words: String...) -> Bool {
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: Int32 = 0
        return posix_spawn(&process, words[0], nil, nil, arguments, environ) == 0
    }
}

/// Owns a process worker that does not stop.
enum Nest: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Bool

    static func run(_ parent: WorkerScope<Nest>) async throws {
        let buffer = try SharedBuffer(byteLength: 4096, name: "owner-buffer")
        let child = try await Worker(SpinWithFamily.self, workerData: buffer, isolation: .process)
        for try await hasStarted in child.messages { try await parent.send(hasStarted) }
    }
}

enum Spin: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int { while true { sched_yield() } }
}

enum Double: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int { 2 * number }
}
