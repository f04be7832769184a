import Glibc
import Spindle
import TestSupport
import Testing

@Suite struct `Stopping a child` {
    /// A command whose processes can be found by a variable of their environment.
    private func marked(_ line: String, _ mark: String = #function) -> (ChildCommand, String) {
        var command = ChildCommand.shell(line)
        command.environment = .merging(["SPINDLE_CHILD_MARK": mark])
        return (command, mark)
    }

    private func nothingIsLeft(of mark: String) async -> Bool {
        await ProcessCensus.noProcesses(withVariable: "SPINDLE_CHILD_MARK", mark)
    }

    @Test func `a timeout stops it, descendants included, and says what it had written`() async {
        var (command, mark) = marked("echo begun; sleep 1000 & sleep 1000")
        command.timeout = .milliseconds(200)
        let error = await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }
        #expect(error?.code == .timedOut)
        #expect(error?.result?.outputText == "begun\n")
        #expect(error?.result?.exit.cause == .signalled(SIGTERM))
        #expect(await nothingIsLeft(of: mark))
    }

    @Test func `one that ignores SIGTERM is killed at the ladder's end`() async {
        var command = ChildCommand.shell("trap '' TERM; echo begun; while :; do sleep 0.01; done")
        command.timeout = .milliseconds(200)
        command.stopping = KillLadder([.init(SIGTERM, wait: .milliseconds(100)), .init(SIGINT, wait: .milliseconds(100))])
        let error = await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }
        #expect(error?.code == .timedOut)
        // The shell ignores the one, and dies of the other.
        #expect(error?.result?.exit.cause == .signalled(SIGINT))
        command.stopping = KillLadder([.init(SIGTERM, wait: .milliseconds(100))])
        let other = await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }
        #expect(other?.result?.exit.cause == .signalled(SIGKILL))
    }

    @Test func `one whose task is cancelled has ended when the call throws`() async throws {
        var (command, mark) = marked("echo begun; sleep 1000 & sleep 1000")
        command.stopping = .immediate
        let begun = Signal()
        let started = command
        let task = Task {
            try await ChildProcess.stream(started) { child in
                for try await _ in child.output.lines() { begun.fire() }
            }
        }
        await begun.wait()
        let clock = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - clock < .seconds(5))
        #expect(await nothingIsLeft(of: mark))
    }

    @Test func `a run that is cancelled throws that it was`() async throws {
        let task = Task { try await ChildProcess.run(ChildCommand("sleep", "1000")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `one that writes too much is stopped`() async {
        var command = ChildCommand("yes")
        command.outputLimit = 1_000
        command.stopping = .immediate
        let error = await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }
        #expect(error?.code == .outputLimit)
        #expect(error?.result?.output.count == 1_000)
        #expect(error?.result?.exit.stopReason == .outputLimit)
    }

    @Test func `one that floods its errors neither waits nor is kept`() async throws {
        let result = try await ChildProcess.run(.shell("yes problem | head -c 1000000 >&2; echo done"))
        #expect(result.outputText == "done\n")
        #expect(result.exit.lastErrorLines.count == 16)
    }

    @Test func `a grandchild that holds the output is ended after a while, and nothing that it wrote is lost`() async throws {
        var (command, mark) = marked("(echo late; exec sleep 1000) & echo early")
        command.lingering = .milliseconds(300)
        let clock = ContinuousClock.now
        let result = try await ChildProcess.run(command)
        #expect(Set(result.outputText.split(separator: "\n")) == ["early", "late"])
        #expect(result.exit.cause == .exited(code: 0))
        #expect(ContinuousClock.now - clock < .seconds(10))
        #expect(await nothingIsLeft(of: mark))
    }

    @Test func `one that has left the group and floods the output does not hold the end up`() async throws {
        var (command, mark) = marked("setsid sh -c 'trap \"\" TERM; exec yes' & sleep 0.1; echo $!")
        command.lingering = .milliseconds(100)
        command.outputLimit = 1 << 30
        let result = try await ChildProcess.run(command)
        #expect(result.exit.isSuccess)
        for process in ProcessCensus.processes(withVariable: "SPINDLE_CHILD_MARK", mark) { kill(process, SIGKILL) }
        #expect(await nothingIsLeft(of: mark))
    }

    @Test func `a handle stops its child and can wait for it`() async throws {
        let child = try await ChildProcess.spawn(ChildCommand("sleep", "1000"))
        #expect(child.id > 0)
        #expect(child.signal(0))
        let exit = await child.stop()
        #expect(exit.cause == .signalled(SIGTERM))
        #expect(exit.stopReason == .asked)
        #expect(!child.signal(SIGTERM))
        #expect(try await child.exit().cause == .signalled(SIGTERM))
    }

    @Test func `a wait for the end can be cancelled without effect on the child`() async throws {
        let child = try await ChildProcess.spawn(ChildCommand("sleep", "1000"))
        let task = Task { try await child.exit() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(child.signal(SIGKILL))
        #expect(try await child.exit().cause == .signalled(SIGKILL))
    }

    @Test func `one that uses more memory than it may is stopped`() async throws {
        var command = ChildCommand("tail", "/dev/zero")
        command.limits = ProcessLimits(residentMemory: 64 << 20)
        let result = try await ChildProcess.run(command)
        #expect(result.exit.stopReason == .residentMemory)
        #expect(result.exit.cause == .signalled(SIGKILL))
    }
}
