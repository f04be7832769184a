//! The examples of the guide "Running an external program".
import Glibc
import Spindle

// snippet.run
func lastCommit(of folder: String) async throws -> String {
    var git = ChildCommand("git", "log", "-1", "--format=%s")
    git.workingDirectory = folder
    git.timeout = .seconds(10)
    let result = try await ChildProcess.run(git)
    guard result.exit.isSuccess else {
        throw Problem("git \(result.exit): \(result.exit.lastErrorLines.joined(separator: "\n"))")
    }
    return result.outputText
}
// snippet.end

// snippet.shell
func largest(in folder: String) async throws -> String {
    // The folder is an argument of the line, never a part of it: its name may hold anything.
    try await ChildProcess.run(.shell("du -a \"$1\" | sort -rn | head -1", folder)).outputText
}
// snippet.end

// snippet.stream
func countWords(in lines: [String]) async throws -> [Int] {
    var filter = ChildCommand("awk", "{ print NF; fflush() }")
    filter.input = .pipe
    let (counts, exit) = try await ChildProcess.stream(filter) { child in
        async let written: Void = write(lines, to: child.input)
        var counts: [Int] = []
        for try await line in child.output.lines() { counts.append(Int(line) ?? 0) }
        try await written
        return counts
    }
    guard exit.isSuccess else { throw Problem("awk \(exit)") }
    return counts
}

@concurrent
func write(_ lines: [String], to input: ChildInput) async throws {
    for line in lines { try await input.write(line + "\n") }
    input.finish()
}
// snippet.end

// snippet.spawn
func serve() async throws {
    var command = ChildCommand("python3", "-m", "http.server", "8080")
    command.output = .inherit
    command.stopping = KillLadder([.init(SIGINT, wait: .seconds(2)), .init(SIGTERM, wait: .seconds(2))])
    let server = try await ChildProcess.spawn(command)
    print("serving as process \(server.id)")
    let exit = await server.stop()
    print("the server has \(exit)")
}
// snippet.end

// snippet.terminal
func askedInATerminal() async throws -> [String] {
    var command = ChildCommand("ssh-keygen", "-f", "/tmp/key")
    command.terminal = TerminalSize(columns: 100, rows: 30)
    let (lines, _) = try await ChildProcess.stream(command) { child in
        try await child.input.write("\n\n")
        var lines: [String] = []
        for try await line in child.output.lines() { lines.append(line) }
        return lines
    }
    return lines
}
// snippet.end

struct Problem: Error {
    let description: String
    init(_ description: String) { self.description = description }
}

print(try await lastCommit(of: "."))
print(try await largest(in: "."))
print(try await countWords(in: ["one", "one two"]))
