import Glibc
import Spindle
import Testing

@Suite struct `Running a program to its end` {
    @Test func `collects both outputs and the exit code`() async throws {
        var command = ChildCommand.shell("echo out; echo problem >&2; exit 3")
        command.errorOutput = .pipe
        let result = try await ChildProcess.run(command)
        #expect(result.outputText == "out\n")
        #expect(result.errorText == "problem\n")
        #expect(result.exit.cause == .exited(code: 3))
        #expect(result.exit.code == 3)
        #expect(!result.exit.isSuccess)
    }

    @Test func `passes arguments as they are, and to a shell's line by number`() async throws {
        let odd = "a b; $(echo c) 'd'"
        let direct = try await ChildProcess.run(ChildCommand("printf", "%s", odd))
        #expect(direct.outputText == odd)
        let shell = try await ChildProcess.run(.shell("printf %s \"$1\"", odd))
        #expect(shell.outputText == odd)
    }

    @Test func `a shell's line is asked for by name`() async throws {
        #expect(try await ChildProcess.shell("echo a | tr a b").outputText == "b\n")
    }

    @Test func `gives it input, more than a pipe holds`() async throws {
        var command = ChildCommand("wc", "-c")
        command.input = .bytes([UInt8](repeating: 65, count: 1_000_000))
        #expect(try await ChildProcess.run(command).outputText.hasPrefix("1000000"))
    }

    @Test func `input that the program does not want is no error`() async throws {
        var command = ChildCommand("true")
        command.input = .bytes([UInt8](repeating: 65, count: 1_000_000))
        #expect(try await ChildProcess.run(command).exit.cause == .exited(code: 0))
    }

    @Test func `its environment is inherited, added to or replaced`() async throws {
        setenv("SPINDLE_CHILD_TEST", "inherited", 1)
        var command = ChildCommand.shell("echo $SPINDLE_CHILD_TEST-$ADDED-$HOME")
        command.environment = .merging(["ADDED": "added", "HOME": nil])
        #expect(try await ChildProcess.run(command).outputText == "inherited-added-\n")
        command.environment = .replacing(["ADDED": "alone"])
        #expect(try await ChildProcess.run(command).outputText == "-alone-\n")
    }

    @Test func `the program is looked for in the PATH that it gets, and starts where it is told`() async throws {
        var command = ChildCommand("pwd")
        command.workingDirectory = "/usr/bin"
        command.environment = .replacing(["PATH": "/nowhere:/usr/bin:/bin"])
        #expect(try await ChildProcess.run(command).outputText == "/usr/bin\n")
        command.environment = .replacing(["PATH": "/nowhere"])
        let error = await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }
        #expect(error?.code == .programNotFound)
    }

    @Test func `it has another name, further descriptors and no others`() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var command = ChildCommand("sh", "-c", "echo $0; echo through >&7; ls /proc/self/fd | tr '\\n' ' '")
        command.name = "another"
        command.descriptors = [7: ends[1]]
        let result = try await ChildProcess.run(command)
        // The list's own descriptor is 3.
        #expect(result.outputText == "another\n0 1 2 3 7 ")
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(read(ends[0], &bytes, 8) == 8)
        #expect(String(decoding: bytes, as: UTF8.self) == "through\n")
    }

    @Test func `descriptors can change places`() async throws {
        var first: [Int32] = [-1, -1]
        var second: [Int32] = [-1, -1]
        try #require(pipe(&first) == 0 && pipe(&second) == 0)
        defer { for end in first + second { close(end) } }
        var command = ChildCommand.shell("echo one >/proc/self/fd/\(first[1]); echo two >/proc/self/fd/\(second[1])")
        command.descriptors = [first[1]: second[1], second[1]: first[1]]
        #expect(try await ChildProcess.run(command).exit.isSuccess)
        var bytes = [UInt8](repeating: 0, count: 4)
        #expect(read(first[0], &bytes, 4) == 4 && bytes == Array("two\n".utf8))
        #expect(read(second[0], &bytes, 4) == 4 && bytes == Array("one\n".utf8))
    }

    @Test func `errors go where the output goes when asked to`() async throws {
        var command = ChildCommand.shell("echo a; echo b >&2; echo c")
        command.errorOutput = .standardOutput
        #expect(try await ChildProcess.run(command).outputText == "a\nb\nc\n")
    }

    @Test func `the end says which signal, and what was used`() async throws {
        let result = try await ChildProcess.run(.shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; kill -SEGV $$"))
        #expect(result.exit.cause == .signalled(SIGSEGV))
        #expect(result.exit.code == 128 + SIGSEGV)
        #expect(result.exit.userTime > .zero)
        #expect(result.exit.maximumResidentMemory > 100_000)
        #expect(result.exit.stopReason == nil)
    }

    @Test func `the last lines of its errors are kept`() async throws {
        let result = try await ChildProcess.run(.shell("seq 1 20000 >&2"))
        #expect(result.exit.lastErrorLines == (19_985...20_000).map(String.init))
    }

    @Test func `limits are the child's`() async throws {
        var command = ChildCommand.shell("ulimit -n; ulimit -c; ulimit -f")
        command.limits = ProcessLimits(openFiles: 123, fileSize: 1 << 20)
        #expect(try await ChildProcess.run(command).outputText == "123\n0\n2048\n")
    }

    @Test(.enabled(if: geteuid() == 0, "another user needs privileges")) func `it runs as another user`() async throws {
        var command = ChildCommand.shell("id -u; id -g; id -G")
        command.user = 65_534
        command.userGroup = 65_533
        #expect(try await ChildProcess.run(command).outputText == "65534\n65533\n65533\n")
    }

    @Test func `signals are neither blocked nor ignored in it`() async throws {
        let result = try await ChildProcess.run(ChildCommand("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"))
        #expect(result.outputText == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test func `a script without a first line runs in the shell`() async throws {
        let path = "/tmp/spindle-script-\(getpid())"
        let file = try #require(fopen(path, "w"))
        fputs("echo \"$1\"\n", file)
        fclose(file)
        defer { unlink(path) }
        chmod(path, 0o755)
        #expect(try await ChildProcess.run(ChildCommand(path, "works")).outputText == "works\n")
    }
}

@Suite struct `What cannot be run` {
    private func code(_ command: ChildCommand) async -> ChildProcessError.Code? {
        await #expect(throws: ChildProcessError.self) { try await ChildProcess.run(command) }?.code
    }

    @Test func `a program that does not exist`() async {
        #expect(await code(ChildCommand("spindle-no-such-program")) == .programNotFound)
        #expect(await code(ChildCommand("/no/such/program")) == .programNotFound)
    }

    @Test func `a directory that does not exist, which is another error`() async {
        var command = ChildCommand("true")
        command.workingDirectory = "/no/such/directory"
        #expect(await code(command) == .directoryNotFound)
    }

    @Test func `a file that is no program`() async {
        #expect(await code(ChildCommand("/etc/passwd")) == .notExecutable)
        #expect(await code(ChildCommand("/tmp")) == .notExecutable)
    }

    @Test func `more arguments than the system takes`() async {
        let command = ChildCommand("true", [String](repeating: String(repeating: "x", count: 100_000), count: 100))
        #expect(await code(command) == .argumentsTooLong)
        #expect(await code(ChildCommand("true", String(repeating: "x", count: 1 << 20))) == .argumentsTooLong)
    }

    @Test func `a zero byte in an argument, a name or a variable`() async {
        #expect(await code(ChildCommand("true", "a\0b")) == .invalidCommand)
        #expect(await code(ChildCommand("tr\0ue")) == .invalidCommand)
        var command = ChildCommand("true")
        command.environment = .merging(["A": "b\0c"])
        #expect(await code(command) == .invalidCommand)
    }

    @Test func `a descriptor that is not open`() async {
        var command = ChildCommand("true")
        command.descriptors = [5: 1_000_000]
        #expect(await code(command) == .notApplied)
    }
}
