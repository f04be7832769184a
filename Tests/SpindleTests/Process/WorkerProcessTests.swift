internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(5))) struct `A worker process` {
    @Test func `talks to its owner in packets of any length it allows, in order`() async throws {
        let packets = Packets()
        let process = try await WorkerProcess.errand("echo", packets: packets)
        for length in [1, 2, 1000, ProcessControl.packetLimit] {
            let packet = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            try process.send(packet)
            #expect(await packets.next() == packet)
        }
        process.signal(SIGKILL)
        let end = try await process.end.value()
        #expect(end.cause == .signalled(SIGKILL))
        #expect(throws: WorkerProcess.SendFailure.ended) { try process.send([1]) }
    }

    @Test func `is heard to its last packet, though it leaves its owner's unread`() async throws {
        for _ in 0..<20 {
            let heard = EventLog<[UInt8]>()
            let process = try await WorkerProcess.launch(
                main: Errand.self, payload: Array("leave 100".utf8), onControl: { heard.append($0) })
            try process.send([1])
            #expect(try await process.end.value().cause == .exited(code: 0))
            #expect(heard.events == (0..<100).map { [$0] })
        }
    }

    @Test func `runs tasks`() async throws {
        let packets = Packets()
        let process = try await WorkerProcess.errand("task 7", packets: packets)
        #expect(await packets.next() == [7])
        #expect(try await process.end.value().cause == .exited(code: 0))
    }

    @Test(
        arguments: [
            ("exit 0", .exited(code: 0)), ("exit 130", .exited(code: 130)), ("trap x", .signalled(SIGILL)),
            ("abort", .signalled(SIGABRT)), ("overflow", .signalled(SIGSEGV)),
        ] as [(String, ProcessEnd.Cause)])
    func `ends in its own way, which its owner is told`(words: String, cause: ProcessEnd.Cause) async throws {
        let end = try await WorkerProcess.end(of: words)
        #expect(end.cause == cause)
        #expect(!end.leftCore && end.limit == nil && end.startFailure == nil && !end.wasZygoteLost)
        #expect(end.maximumResidentMemory > 0)
    }

    @Test func `leaves the last lines of its standard error`() async throws {
        let end = try await WorkerProcess.end(of: "trap number-5")
        #expect(end.errorOutput.contains { $0.contains("a fatal error of number-5") })
        let many = try await WorkerProcess.end(of: "print", .init(standardOutput: .discard, standardError: .discard))
        #expect(many.errorOutput == (25...40).map { "line \($0)" })
    }

    @Test func `gives its output line by line, a long one in pieces, before its end`() async throws {
        let output = EventLog<String>()
        let errors = EventLog<String>()
        let end = try await WorkerProcess.end(
            of: "print",
            .init(
                standardOutput: .lines(longest: 20) { output.append($0) }, standardError: .lines { errors.append($0) }))
        #expect(end.cause == .exited(code: 0))
        #expect(
            output.events == ["first", "second", String(repeating: "x", count: 20), String(repeating: "x", count: 10), "last"])
        #expect(errors.events == (1...40).map { "line \($0)" })
    }

    @Test func `that floods its output holds up nobody`() async throws {
        let packets = Packets()
        let flooding = try await WorkerProcess.errand("flood", packets: packets)
        #expect(await packets.next() == [1])
        #expect(try await WorkerProcess.end(of: "exit 3").cause == .exited(code: 3))
        flooding.signal(SIGKILL)
        let end = try await flooding.end.value()
        #expect(end.errorOutput.count == 16 && end.errorOutput.allSatisfy { $0.utf8.count <= 1024 })
    }

    /// Which the runtime sees to with locks that know their owner by its number; a fork has another one.
    @Test func `has threads that can want the same thing for the first time at once`() async throws {
        #expect(try await WorkerProcess.end(of: "contend").cause == .exited(code: 0))
    }

    @Test func `finds its standard input empty`() async throws {
        #expect(try await WorkerProcess.end(of: "read").cause == .exited(code: 0))
    }

    @Test func `has the environment and the directory it was given`() async throws {
        func answer(_ words: String, _ environment: ProcessEnvironment, _ directory: String? = nil) async throws -> String {
            let packets = Packets()
            _ = try await WorkerProcess.errand(
                words, .init(environment: environment, workingDirectory: directory, standardError: .discard), packets: packets)
            return await packets.nextText()
        }
        let path = String(cString: getenv("PATH"))
        #expect(try await answer("environment PATH", .inherit) == path)
        #expect(try await answer("environment PATH", .merging(["ERRAND": "1"])) == path)
        #expect(try await answer("environment ERRAND", .merging(["ERRAND": "1"])) == "1")
        #expect(try await answer("environment PATH", .merging(["PATH": nil])) == "none")
        #expect(try await answer("environment PATH", .replacing(["ERRAND": "1"])) == "none")
        #expect(try await answer("environment SPINDLE_ZYGOTE", .inherit) == "none")
        #expect(try await answer("directory", .inherit, "/proc") == "/proc")
    }

    @Test func `gets duplicates of descriptors`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        write(ends[1], "pipe", 4)
        close(ends[1])
        let packets = Packets()
        let process = try await WorkerProcess.errand("descriptors", descriptors: [ends[0]], packets: packets)
        #expect(await packets.nextText() == "pipe")
        #expect(try await process.end.value().cause == .exited(code: 0))
    }

    @Test func `that cannot take on its configuration says so in its end`() async throws {
        let end = try await WorkerProcess.end(
            of: "exit 0", .init(workingDirectory: "/no/such/directory", standardError: .discard))
        #expect(end.startFailure?.code == .notApplied)
        #expect(end.startFailure?.errno == ENOENT)
        #expect(end.description.contains("/no/such/directory"))
    }

    @Test func `that does not begin in time is ended, and one that does goes on`() async throws {
        let packets = Packets()
        let timely = try await WorkerProcess.errand("begin", startTimeout: .seconds(3), packets: packets)
        // Launched last, so the time of the other is over too when this one's is.
        let late = try await WorkerProcess.errand("spin", startTimeout: .seconds(3))
        let end = try await late.end.value()
        #expect(end.startFailure?.code == .timedOut && end.cause == .signalled(SIGKILL))
        try timely.send([1])
        #expect(await packets.next() == [1])
        timely.signal(SIGKILL)
        #expect(try await timely.end.value().startFailure == nil)
    }

    @Test func `needs a program that can be named, or nothing is started`() async throws {
        enum Local: ProcessMain {
            static func main(_ start: ProcessStart) -> Never { exit(0) }
        }
        for program in [Local.self, Hidden.self] as [any ProcessMain.Type] {
            let error = await #expect(throws: WorkerStartError.self) { try await WorkerProcess.launch(main: program) }
            #expect(error?.code == .programNotFound)
        }
    }

    @Test func `refuses configurations that cannot be`() async throws {
        var configurations = [ProcessConfiguration](repeating: .init(), count: 5)
        configurations[0].name = "a\0b"
        configurations[1].limits.nice = 20
        configurations[2].limits.cpuAffinity = []
        configurations[3].standardOutput = .lines(longest: 0) { _ in }
        configurations[4].limits.cpuSeconds = 0
        for configuration in configurations {
            let error = await #expect(throws: WorkerStartError.self) { try await WorkerProcess.errand("exit 0", configuration) }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}

private enum Hidden: ProcessMain {
    static func main(_ start: ProcessStart) -> Never { exit(0) }
}
