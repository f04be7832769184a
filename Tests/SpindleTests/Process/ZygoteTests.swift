internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

/// Kills a zygote again and again: its own, on which no other test depends.
enum ZygoteKiller: ProcessMain {
    static func main(_ start: ProcessStart) -> Never {
        let control = start.control
        Task {
            do {
                control.send(Array(try await lossesAndRestarts().utf8))
            } catch {
                control.send(Array("\(error)".utf8))
            }
            exit(0)
        }
        while true { pause() }
    }

    /// One word for each life of a zygote.
    private static func lossesAndRestarts() async throws -> String {
        var words: [String] = []
        for _ in 0..<6 {
            do {
                let packets = Packets()
                let worker = try await WorkerProcess.errand("family", packets: packets)
                let family = await packets.nextText().split(separator: " ").compactMap { Int32($0) }
                let member = try Ended(family[0])
                guard let zygote = ProcessCensus.parent(of: worker.pid), ProcessCensus.parent(of: zygote) == getpid() else {
                    return "no zygote of its own"
                }
                kill(zygote, SIGKILL)
                let end = try await worker.end.value()
                try await member.wait()
                words.append(end.wasZygoteLost && end.cause == .unknown ? "lost" : end.description)
            } catch let error as WorkerStartError {
                words.append(error.code.description)
            }
        }
        return words.joined(separator: " ")
    }
}

@Suite(.timeLimit(.minutes(5))) struct `The zygote` {
    @Test
    func `is started again when it was killed, its workers are reported, and one that keeps ending is not restarted for ever`()
        async throws
    {
        let packets = Packets()
        let process = try await WorkerProcess.launch(
            .init(standardError: .discard), main: ZygoteKiller.self, onControl: packets.handler)
        #expect(await packets.nextText() == "lost lost lost lost zygoteLost zygoteLost")
        #expect(try await process.end.value().cause == .exited(code: 0))
    }

    @Test func `keeps as many spares as it is told`() async throws {
        let packets = Packets()
        let process = try await WorkerProcess.launch(
            .init(standardError: .discard), main: SpareKeeper.self, onControl: packets.handler)
        #expect(await packets.nextText() == "4 4 1 0")
        #expect(try await process.end.value().cause == .exited(code: 0))
    }

    @Test func `serves many launches at once`() async throws {
        try await withThrowingTaskGroup(of: ProcessEnd.Cause.self) { group in
            for index in 0..<200 { group.addTask { try await WorkerProcess.end(of: "exit \(index % 100)").cause } }
            var codes: [Int32] = []
            for try await case .exited(let code) in group { codes.append(code) }
            #expect(codes.sorted() == (0..<200).map { Int32($0 / 2) })
        }
    }
}

/// Counts the children of its zygote under several settings.
enum SpareKeeper: ProcessMain {
    static func main(_ start: ProcessStart) -> Never {
        let control = start.control
        Task {
            var counts: [Int] = []
            do {
                try await WorkerProcesses.prepare(spares: 4)
                let zygote = ProcessCensus.children(of: getpid()).first ?? -1
                counts.append(ProcessCensus.children(of: zygote).count)
                _ = try await WorkerProcess.end(of: "exit 0")
                try await WorkerProcesses.prepare(spares: 4)
                counts.append(ProcessCensus.children(of: zygote).count)
                for spares in [1, 0] {
                    try await WorkerProcesses.prepare(spares: spares)
                    _ = await ProcessCensus.falls(below: spares + 1) { ProcessCensus.children(of: zygote).count }
                    counts.append(ProcessCensus.children(of: zygote).count)
                }
                control.send(Array(counts.map(String.init).joined(separator: " ").utf8))
            } catch {
                control.send(Array("\(error)".utf8))
            }
            exit(0)
        }
        while true { pause() }
    }
}
