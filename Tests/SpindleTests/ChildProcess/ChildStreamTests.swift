import Glibc
import Spindle
import TestSupport
import Testing

@Suite struct `Streaming a program` {
    @Test func `lines come while it runs, and input goes in`() async throws {
        var command = ChildCommand("cat")
        command.input = .pipe
        let (lines, exit) = try await ChildProcess.stream(command) { child in
            var lines: [String] = []
            var iterator = child.output.lines().makeAsyncIterator()
            for word in ["one", "two", "three"] {
                try await child.input.write(word + "\n")
                lines.append(try #require(try await iterator.next()))
            }
            try await child.input.write("no end")
            child.input.finish()
            while let line = try await iterator.next() { lines.append(line) }
            return lines
        }
        #expect(lines == ["one", "two", "three", "no end"])
        #expect(exit.isSuccess)
    }

    @Test func `a hundred megabytes pass at the reader's pace`() async throws {
        let (count, exit) = try await ChildProcess.stream(ChildCommand("head", "-c", "100000000", "/dev/zero")) { child in
            var count = 0
            for try await piece in child.output { count += piece.count }
            return count
        }
        #expect(count == 100_000_000)
        #expect(exit.isSuccess)
    }

    @Test func `a program that nobody reads waits`() async throws {
        let child = try await ChildProcess.spawn(.shell("trap 'echo stopped; exit 9' TERM; yes"))
        var iterator = child.output.makeAsyncIterator()
        _ = try await iterator.next()
        // What it has written by now fits into the pipe, so it is alive.
        #expect(child.signal(0))
        #expect(await child.stop(.immediate).cause == .signalled(SIGKILL))
    }

    @Test func `outputs that are not read to their end are closed, and the program learns of it`() async throws {
        let (first, exit) = try await ChildProcess.stream(ChildCommand("yes")) { child in
            for try await line in child.output.lines() { return line }
            return ""
        }
        #expect(first == "y")
        #expect(exit.cause == .signalled(SIGPIPE))
    }

    @Test func `what the body throws stops the program`() async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await ChildProcess.stream(ChildCommand("sleep", "1000")) { _ in throw Failure() }
        }
    }

    @Test func `writing to one that does not read is an error`() async throws {
        var command = ChildCommand("true")
        command.input = .pipe
        let (code, _) = try await ChildProcess.stream(command) { child in
            do {
                while true { try await child.input.write([UInt8](repeating: 0, count: 1 << 16)) }
            } catch let error as ChildProcessError {
                return error.code
            }
        }
        #expect(code == .inputClosed)
    }

    @Test func `the exit comes after the last of the output`() async throws {
        let child = try await ChildProcess.spawn(.shell("printf 'a\\nb\\nc'"))
        var iterator = child.output.lines().makeAsyncIterator()
        #expect(try await iterator.next() == "a")
        let exit = Task { try await child.exit() }
        #expect(try await iterator.next() == "b")
        #expect(try await iterator.next() == "c")
        #expect(try await iterator.next() == nil)
        #expect(try await exit.value.isSuccess)
    }

    @Test func `a terminal is one, of the size that was asked for`() async throws {
        var command = ChildCommand.shell(
            "test -t 0 && test -t 2 && stty size; read line; stty size; echo got $line; read end")
        command.terminal = TerminalSize(columns: 100, rows: 30)
        let (lines, exit) = try await ChildProcess.stream(command) { child in
            var lines: [String] = []
            for try await line in child.output.lines() {
                lines.append(line.filter { $0 != "\r" })
                if lines.count == 1 {
                    child.resizeTerminal(to: TerminalSize(columns: 50, rows: 20))
                    try await child.input.write("hello\n")
                }
                if lines.last == "got hello" { try await child.input.write("\n") }
            }
            return lines
        }
        #expect(lines.first == "30 100")
        // The terminal shows the line that was typed wherever it comes.
        #expect(lines.filter { $0 != "hello" && !$0.isEmpty } == ["30 100", "20 50", "got hello"])
        #expect(exit.isSuccess)
    }
}

@Suite(.serialized) struct `Many children` {
    @Test(.enabled(if: !ProcessCensus.isSanitized, "too many for a sanitizer"))
    func `a thousand one after the other leave neither descriptors nor zombies`() async throws {
        var command = ChildCommand("/bin/true")
        command.output = .discard
        command.errorOutput = .discard
        _ = try await ChildProcess.run(command)
        let descriptors = ProcessCensus.descriptorCount
        for _ in 0..<1_000 { #expect(try await ChildProcess.run(command).exit.isSuccess) }
        // Others' tests come and go meanwhile.
        #expect(await ProcessCensus.falls(below: descriptors + 50) { ProcessCensus.descriptorCount })
        #expect(await ProcessCensus.falls(below: 50) { ProcessCensus.children(of: getpid()).count })
    }

    @Test(.enabled(if: !ProcessCensus.isSanitized, "too many for a sanitizer"))
    func `a thousand at once take no threads`() async throws {
        var command = ChildCommand("sleep", "1000")
        command.output = .discard
        command.errorOutput = .discard
        command.stopping = .immediate
        var children: [ChildProcess] = []
        let threads = ProcessCensus.threads(named: "").count
        for _ in 0..<1_000 { children.append(try await ChildProcess.spawn(command)) }
        #expect(ProcessCensus.threads(named: "").count < threads + 50)
        #expect(ProcessCensus.threads(named: "spindle-starter").count == 1)
        await withTaskGroup { group in
            for child in children { group.addTask { await child.stop().cause } }
            for await cause in group { #expect(cause == .signalled(SIGKILL)) }
        }
    }
}

@Suite struct `A part of this program as a child` {
    @Test func `is a worker in a process`() async throws {
        let worker = try await ChildProcess.fork(Echo.self, workerData: ())
        try await worker.send(7)
        var iterator = worker.messages.makeAsyncIterator()
        #expect(try await iterator.next() == 7)
        _ = await worker.terminate()
    }
}
