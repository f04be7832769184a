internal import Glibc
internal import Testing
internal import TestSupport

/// A program that owns worker processes. It descends from no zygote, so that nobody but what it started itself can
/// clean up behind it.
private struct OwnerProgram {
    /// In its environment and that of everything that comes from it; the value tells owners apart.
    static let variable = "SPINDLE_TEST_OWNER"
    /// What it says, in this order; see its source.
    static let steps = ["began", "spares", "worker", "pool", "nest", "cancelled"]

    let mark: String
    private let process: Int32
    private let output: Int32

    init(mark: String) throws {
        self.mark = mark
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        output = ends[0]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let arguments = [strdup("owner"), nil]
        let variables = [strdup("\(Self.variable)=\(mark)"), nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process: Int32 = -1
        try #require(posix_spawn(&process, try Self.path, &actions, nil, arguments, variables) == 0)
        self.process = process
    }

    /// It lies beside the test bundle.
    private static var path: String {
        get throws {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let length = bytes.withUnsafeMutableBytes {
                readlink("/proc/self/exe", $0.bindMemory(to: CChar.self).baseAddress!, $0.count)
            }
            // Some test runners load the bundle instead of being it; its path is then an argument.
            let candidates = [String(decoding: bytes.prefix(max(0, length)), as: UTF8.self)] + CommandLine.arguments
            let paths = candidates.filter { $0.contains("/") }
                .map { $0.prefix(through: $0.lastIndex(of: "/")!) + "KillableOwner" }
            return try #require(paths.map(String.init).first { access($0, X_OK) == 0 }, "build it with the tests")
        }
    }

    /// Waits until it has come so far.
    func pass(_ steps: Int) async throws {
        let output = output
        try await onThread {
            var (said, byte) = ("", UInt8(0))
            while said.split(separator: "\n", omittingEmptySubsequences: false).count <= steps {
                try #require(read(output, &byte, 1) == 1, "The owner has ended by itself.")
                said.unicodeScalars.append(Unicode.Scalar(byte))
            }
            #expect(said.split(separator: "\n") == Self.steps.prefix(steps).map { Substring($0) })
        }
    }

    /// Kills it as no program can notice.
    func kill() async throws {
        let (process, output) = (process, output)
        Glibc.kill(process, SIGKILL)
        try await onThread {
            var status: Int32 = 0
            #expect(waitpid(process, &status, 0) == process && status == SIGKILL, "It had ended by itself.")
            close(output)
        }
    }

    /// What is left of it and of all that came from it.
    var processes: [Int32] { ProcessCensus.processes(withVariable: Self.variable, mark) }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct `An owner that is killed` {
    @Test(arguments: SeededRandom.seeds(2), 0...OwnerProgram.steps.count)
    func `leaves no process behind, at whatever moment it is`(seed: UInt64, steps: Int) async throws {
        var random = SeededRandom(seed: seed &+ UInt64(steps))
        let owner = try OwnerProgram(mark: "\(getpid())-\(seed)-\(steps)")
        do {
            try await owner.pass(steps)
            // Zygotes, spares, workers and their families: all of it shows in the count that is to be none.
            if steps == OwnerProgram.steps.count { #expect(owner.processes.count > 10) }
            for _ in 0..<random.below(3_000) { sched_yield() }
        } catch {
            Issue.record(error)
        }
        try await owner.kill()
        #expect(await ProcessCensus.noProcesses(withVariable: OwnerProgram.variable, owner.mark), "\(owner.processes)")
        for process in owner.processes { kill(process, SIGKILL) }
    }
}
