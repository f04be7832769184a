internal import CSpindle
internal import Glibc
internal import Spindle
internal import SpindleMemory
internal import Testing
internal import TestSupport

/// Starts processes as their owner, and tells the first owner who they are.
enum Owner: ProcessMain {
    static func main(_ start: ProcessStart) -> Never {
        let control = start.control
        Task {
            do {
                var pids: [Int32] = []
                for index in 0..<3 {
                    let packets = Packets()
                    let worker = try await WorkerProcess.errand("family", packets: packets)
                    let family = await packets.nextText().split(separator: " ").compactMap { Int32($0) }
                    pids += [worker.pid] + family
                    if index == 0 { pids.append(getppid()) }
                    control.send(Array(pids.map(String.init).joined(separator: " ").utf8))
                }
            } catch {
                control.send(Array("\(error)".utf8))
            }
        }
        while true { pause() }
    }
}

@Suite(.timeLimit(.minutes(5))) struct `The descendants of a worker process` {
    @Test func `end with it, also those that left its group`() async throws {
        let packets = Packets()
        let process = try await WorkerProcess.errand("family", packets: packets)
        let family = await packets.nextText().split(separator: " ").compactMap { Int32($0) }
        try #require(family.count == 2)
        let watches = try family.map(Ended.init)
        process.signal(SIGKILL)
        for watch in watches { try await watch.wait() }
        #expect(try await process.end.value().cause == .signalled(SIGKILL))
    }

    @Test(arguments: SeededRandom.seeds(6))
    func `end with its owner, at whatever moment that is killed`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let packets = Packets()
        let owner = try await WorkerProcess.launch(
            .init(standardError: .discard), main: Owner.self, onControl: packets.handler)
        var pids: [Int32] = []
        for _ in 0..<random.below(4) {
            let text = await packets.nextText()
            pids = text.split(separator: " ").compactMap { Int32($0) }
            try #require(pids.count >= 3, "\(text)")
        }
        // Its parent is the zygote that it came from, which lives on.
        let zygote = pids.count > 3 ? pids.remove(at: 3) : 0
        #expect(zygote == 0 || kill(zygote, 0) == 0)
        let watches = try pids.map(Ended.init)
        for _ in 0..<random.below(2000) { sched_yield() }
        owner.signal(SIGKILL)
        #expect(try await owner.end.value().cause == .signalled(SIGKILL))
        for watch in watches { try await watch.wait() }
    }

    @Test func `and descriptors are gone after many ends`() async throws {
        try await WorkerProcesses.prepare()
        let before = ProcessCensus.descriptorCount
        for round in 0..<50 {
            let process = try await WorkerProcess.errand(round % 2 == 0 ? "wait" : "exit 0")
            process.signal(SIGKILL)
            _ = try await process.end.value()
        }
        // Others start processes meanwhile; fifty that leak would be more than all of them.
        #expect(await ProcessCensus.falls(below: before + 50) { ProcessCensus.descriptorCount })
    }
}

/// Notices the end of any process.
struct Ended {
    private let pidfd: Int32

    init(_ pid: Int32) throws {
        pidfd = spindle_pidfd_open(pid)
        try #require(pidfd >= 0)
    }

    func wait() async throws { #expect(try await moment().value() < .now, "It goes on.") }

    /// Begins to wait on a thread of its own, and tells when the end was; in the far future when there was none in 20 seconds.
    func moment() throws -> Promise<ContinuousClock.Instant> {
        let (pidfd, moment) = (pidfd, Promise<ContinuousClock.Instant>())
        let failed = DetachedThread.start(stackSize: 512 << 10) {
            var look = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
            moment.fulfil(poll(&look, 1, 20_000) == 1 ? .now : .now + .seconds(1_000))
            close(pidfd)
        }
        try #require(failed == nil)
        return moment
    }
}
