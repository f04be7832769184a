internal import CSpindle
internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

/// An owner with a zygote of its own, on which no other test depends. Answers with one line.
enum LonelyOwner: ProcessMain {
    static func main(_ start: ProcessStart) -> Never {
        let control = start.control
        let words = String(decoding: start.payload, as: UTF8.self)
        Task {
            do {
                let answer =
                    switch words {
                    case "stopped": try await endsUnderStoppedZygote()
                    case "rehearsal": try await endOfSpareThatHangs()
                    default: try await launchesBeyondLimit()
                    }
                control.send(Array(answer.utf8))
            } catch {
                control.send(Array("\(error)".utf8))
            }
            exit(0)
        }
        while true { pause() }
    }

    /// What is told of two ends while the zygote cannot tell anything, and whether that came before it could.
    private static func endsUnderStoppedZygote() async throws -> String {
        var words: [String] = []
        for signal in [SIGKILL, SIGSEGV] {
            let worker = try await WorkerProcess.errand("wait")
            guard let zygote = ProcessCensus.parent(of: worker.pid) else { return "no zygote" }
            kill(zygote, SIGSTOP)
            let began = ContinuousClock.now
            worker.signal(signal)
            let end = try await worker.end.value()
            words.append(ContinuousClock.now - began < .milliseconds(900) ? "\(end)" : "late: \(end)")
            kill(zygote, SIGCONT)
        }
        return words.joined(separator: ", ")
    }

    /// How a launch ends that is handed to a spare which does not come to the end of its rehearsal, and how the next does.
    private static func endOfSpareThatHangs() async throws -> String {
        // The next spare rehearses what was launched last.
        let first = try await WorkerProcess.launch(main: HangingRehearsal.self).end.value()
        try await WorkerProcesses.prepare(spares: 1)
        let second = try await WorkerProcess.launch(main: Errand.self, payload: Array("exit 2".utf8)).end.value()
        let third = try await WorkerProcess.end(of: "exit 3")
        return "\(first), \(second), \(third)"
    }

    /// What becomes of workers when more are started than there are descriptors for.
    private static func launchesBeyondLimit() async throws -> String {
        var (workers, failures): ([WorkerProcess], Set<String>) = ([], [])
        for await result in started(120) {
            switch result {
            case .success(let worker): workers.append(worker)
            case .failure(let error): failures.insert(error.code.description)
            }
        }
        let ended = workers.count { $0.end.current != nil }
        for worker in workers { worker.signal(SIGKILL) }
        var ends: Set<String> = []
        for worker in workers { ends.insert("\(try await worker.end.value())") }
        let next = try await WorkerProcess.end(of: "exit 7")
        return "\(workers.isEmpty ? "none" : "some") started, \(ended) ended, \(failures.sorted()) \(ends.sorted()) \(next)"
    }

    private static func started(_ count: Int) -> AsyncStream<Result<WorkerProcess, WorkerStartError>> {
        AsyncStream { results in
            Task {
                await withDiscardingTaskGroup { group in
                    for _ in 0..<count {
                        group.addTask {
                            do throws(WorkerStartError) {
                                results.yield(
                                    .success(
                                        try await WorkerProcess.launch(
                                            .init(standardError: .discard), main: Errand.self, payload: Array("wait".utf8))))
                            } catch {
                                results.yield(.failure(error))
                            }
                        }
                    }
                }
                results.finish()
            }
        }
    }
}

/// Comes to no end where nobody waits for it.
enum HangingRehearsal: ProcessMain {
    static func main(_ start: ProcessStart) -> Never { exit(1) }
    static func rehearse(_ subject: String) { while true { sched_yield() } }
}

@Suite(.timeLimit(.minutes(1))) struct `A zygote in trouble` {
    private func answer(to words: String, _ limits: ProcessLimits = ProcessLimits()) async throws -> String {
        let packets = Packets()
        let process = try await WorkerProcess.launch(
            .init(standardError: .discard, limits: limits), main: LonelyOwner.self, payload: Array(words.utf8),
            onControl: packets.handler)
        let answer = await packets.nextText()
        _ = try await process.end.value()
        return answer
    }

    @Test func `that does not say how its workers end does not delay their ends`() async throws {
        let answer = try await answer(to: "stopped")
        #expect(answer == "killed by signal 9 (Killed), killed by signal 11 (Segmentation fault)")
    }

    @Test func `has spares that hang end by themselves`() async throws {
        #expect(
            try await answer(to: "rehearsal")
                == "exited with code 1, killed by signal 14 (Alarm clock), exited with code 3")
    }

    @Test func `is not given up for a lack of descriptors, which fails the launches alone that meet it`() async throws {
        let answer = try await answer(to: "limit", ProcessLimits(openFiles: 120))
        #expect(answer == #"some started, 0 ended, ["noProcess"] ["killed by signal 9 (Killed)"] exited with code 7"#)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A zygote's socket` {
    /// A zygote that was started by hand, and this side of its socket.
    private func withZygote(_ body: (Int32, Int32) async throws -> Void) async throws {
        var sockets: [Int32] = [-1, -1]
        try #require(spindle_packet_pair(&sockets) == 0)
        let zygote = spindle_zygote_spawn(sockets[1])
        close(sockets[1])
        try #require(zygote > 0)
        let end = try Ended(zygote)
        try await body(sockets[0], zygote)
        close(sockets[0])
        try await end.wait()
        var status: Int32 = -1
        #expect(waitpid(zygote, &status, 0) == zygote && status == 0)
    }

    @Test(arguments: SeededRandom.seeds(12))
    func `on which anything else than a command comes ends it, and it forks nothing`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        try await withZygote { socket, zygote in
            var command = spindle_zygote_command(kind: random.chance(50) ? UInt32(SPINDLE_ZYGOTE_FORK) : 7, unused: 0, id: 1)
            let bytes = withUnsafeBytes(of: &command) { Array($0) }
            // Too short, too long, with too many descriptors or none.
            let length = random.chance(50) ? random.below(bytes.count) : 1041 + random.below(2000)
            let packet = (bytes + (0..<3100).map { _ in UInt8(truncatingIfNeeded: random.next()) }).prefix(length)
            let isGood = random.chance(30)
            let descriptors = [Int32](repeating: STDERR_FILENO, count: isGood ? 2 + random.below(100) : random.below(2))
            let sent = isGood ? bytes : Array(packet)
            let error = spindle_packet_send(socket, sent, sent.count, nil, 0, descriptors, descriptors.count, true)
            #expect(error == 0)
            try await Ended(zygote).wait()
            var report = spindle_zygote_report()
            var none = 0
            #expect(spindle_packet_receive(socket, &report, MemoryLayout.size(ofValue: report), nil, &none, true) <= 0)
        }
    }

    @Test func `with a command whose descriptor is no socket brings forth a child that ends at once`() async throws {
        try await withZygote { socket, _ in
            var command = spindle_zygote_command(kind: UInt32(SPINDLE_ZYGOTE_FORK), unused: 0, id: 9)
            var descriptor = STDERR_FILENO
            #expect(spindle_packet_send(socket, &command, MemoryLayout.size(ofValue: command), nil, 0, &descriptor, 1, true) == 0)
            for kind in [SPINDLE_ZYGOTE_FORKED, SPINDLE_ZYGOTE_ENDED] {
                var report = spindle_zygote_report()
                var (pidfd, count): (Int32, Int) = (-1, 1)
                let length = spindle_packet_receive(
                    socket, &report, MemoryLayout.size(ofValue: report), &pidfd, &count, true)
                #expect(length == MemoryLayout.size(ofValue: report) && report.kind == UInt32(kind) && report.id == 9)
                if count == 1 { close(pidfd) }
            }
        }
    }
}
