import Spindle

// Other programs.

private let clock = ContinuousClock()

/// With this program's own streams, as Rust's `status()` has it.
func spawnTrue() async throws -> Figure {
    var command = ChildCommand("/bin/true")
    (command.input, command.output, command.errorOutput) = (.inherit, .inherit, .inherit)
    let count = 300
    let begin = clock.now
    for _ in 0..<count { _ = try await ChildProcess.run(command) }
    return Figure("spawn.true", Double(count) / (clock.now - begin).inSeconds, "proc/s", n: count)
}

func spawnOutput() async throws -> Figure {
    let begin = clock.now
    let (count, _) = try await ChildProcess.stream(ChildCommand("head", "-c", "1000000000", "/dev/zero")) { child in
        var count = 0
        for try await piece in child.output { count += piece.count }
        return count
    }
    precondition(count == 1_000_000_000, "output was lost")
    return Figure("spawn.stdout", Double(count) / (clock.now - begin).inSeconds / 1e6, "MB/s")
}
