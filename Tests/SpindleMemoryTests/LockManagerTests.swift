internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// `settle()` on one thread proves that the requests before it wait.
@Suite(.timeLimit(.minutes(10))) struct `Named locks` {
    @Test func `run the body and hand on its result and its error`() async throws {
        struct Broken: Error {}
        let locks = LockManager()
        #expect(try await locks.request("a") { $0.name } == "a")
        await #expect(throws: Broken.self) { try await locks.request("a") { _ in throw Broken() } }
        #expect(try await locks.query().isEmpty)
    }

    @Test func `are granted in the order of the requests`() async throws {
        try await withExecutor { thread in
            let locks = LockManager()
            let order = EventLog<Int>()
            let release = Signal()
            let holder = thread.start { try await locks.request("a") { _ in await release.wait() } }
            let waiting = (0..<10).map { number in
                thread.start { try await locks.request("a") { _ in order.append(number) } }
            }
            await thread.settle()
            #expect(
                try await locks.seen == [Seen(name: "a", held: [.exclusive], pending: Array(repeating: .exclusive, count: 10))])
            release.fire()
            try await holder.value
            for task in waiting { try await task.value }
            #expect(order.events == Array(0..<10))
            #expect(try await locks.query().isEmpty)
        }
    }

    @Test func `are held together by those who share`() async throws {
        try await withExecutor { thread in
            let locks = LockManager()
            let release = Signal()
            let sharers = (0..<3).map { _ in
                thread.start { try await locks.request("a", mode: .shared) { _ in await release.wait() } }
            }
            let writer = thread.start { try await locks.request("a") { _ in try await locks.query().first?.held } }
            let late = thread.start { try await locks.request("a", mode: .shared) { _ in try await locks.query().first?.held } }
            await thread.settle()
            #expect(
                try await locks.seen == [Seen(name: "a", held: [.shared, .shared, .shared], pending: [.exclusive, .shared])])
            release.fire()
            for sharer in sharers { try await sharer.value }
            #expect(try await writer.value == [.exclusive])
            #expect(try await late.value == [.shared])
        }
    }

    @Test func `are not waited for by a request that takes only what is free`() async throws {
        let locks = LockManager()
        try await locks.request("a") { _ in
            let error = await #expect(throws: LockError.self) {
                try await locks.request("a", acquisition: .ifAvailable) { _ in Issue.record("the lock was taken") }
            }
            #expect(error == .unavailable)
        }
        #expect(try await locks.request("a", acquisition: .ifAvailable) { _ in 1 } == 1)
        #expect(try await locks.query().isEmpty)
    }

    @Test func `that are stolen tell their holder, who releases nothing of the thief's`() async throws {
        try await withExecutor { thread in
            let locks = LockManager()
            let stolen = Signal()
            let thiefMayEnd = Signal()
            let robbed = thread.start {
                try await locks.request("a") { lock in
                    #expect(!lock.isStolen)
                    await stolen.wait()
                    #expect(lock.isStolen)
                }
            }
            let waiting = thread.start { try await locks.request("a") { _ in try await locks.query().first?.pending } }
            await thread.settle()
            let thief = thread.start {
                try await locks.request("a", mode: .shared, acquisition: .steal) { lock in
                    #expect(lock.mode == .exclusive)
                    stolen.fire()
                    await thiefMayEnd.wait()
                }
            }
            let error = await #expect(throws: LockError.self) { try await robbed.value }
            #expect(error == .stolen)
            #expect(try await locks.seen == [Seen(name: "a", held: [.exclusive], pending: [.exclusive])])
            thiefMayEnd.fire()
            try await thief.value
            #expect(try await waiting.value == [])
        }
    }

    @Test func `that are given up by cancellation let those behind in`() async throws {
        try await withExecutor { thread in
            let locks = LockManager()
            let release = Signal()
            let reader = thread.start { try await locks.request("a", mode: .shared) { _ in await release.wait() } }
            let writer = thread.start { try await locks.request("a") { _ in Issue.record("was cancelled") } }
            let behind = thread.start { try await locks.request("a", mode: .shared) { _ in try await locks.query().first?.held } }
            await thread.settle()
            writer.cancel()
            await #expect(throws: CancellationError.self) { try await writer.value }
            #expect(try await behind.value == [.shared, .shared])
            release.fire()
            try await reader.value
            #expect(try await locks.query().isEmpty)
        }
    }

    @Test func `are not asked for by a cancelled task, and kept by one that is cancelled later`() async throws {
        let locks = LockManager()
        let held = Signal()
        let cancelled = Signal()
        let task = Task {
            try await locks.request("a") { _ async throws in
                held.fire()
                await cancelled.wait()
                #expect(try await locks.query().count == 1)
            }
            await #expect(throws: CancellationError.self) { try await locks.request("b") { _ in } }
        }
        await held.wait()
        task.cancel()
        cancelled.fire()
        try await task.value
        #expect(try await locks.query().isEmpty)
    }

    // MARK: Stress

    @Test(arguments: SeededRandom.seeds(3))
    func `exclude each other under many tasks, cancellations and thieves`(seed: UInt64) async throws {
        let locks = LockManager()
        let inside = Occupancy()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<200 {
                group.addTask {
                    var random = SeededRandom(seed: seed &+ UInt64(task))
                    for _ in 0..<20 {
                        let mode = random.chance(50) ? LockMode.shared : .exclusive
                        let acquisition = random.chance(20) ? LockManager.Acquisition.ifAvailable : .waiting
                        let attempt = Task {
                            try await locks.request("x", mode: mode, acquisition: acquisition) { _ in
                                inside.enter(mode)
                                await Task.yield()
                                inside.leave(mode)
                            }
                        }
                        if random.chance(30) { attempt.cancel() }
                        _ = await attempt.result
                    }
                }
            }
        }
        #expect(inside.violations == 0 && inside.entries > 0)
        #expect(try await locks.query().isEmpty)
    }
}

/// What `query()` answers, to compare with.
private struct Seen: Equatable {
    let name: String
    let held: [LockMode]
    let pending: [LockMode]
}

extension LockManager {
    fileprivate var seen: [Seen] {
        get async throws { try await query().map { Seen(name: $0.name, held: $0.held, pending: $0.pending) } }
    }
}

/// Notes who is inside and counts the times that two were who may not.
private final class Occupancy: Sendable {
    private struct State {
        var shared = 0
        var exclusive = 0
        var entries = 0
        var violations = 0
    }
    private let state = Lock(State())

    func enter(_ mode: LockMode) {
        state.withLock { state in
            if mode == .shared { state.shared += 1 } else { state.exclusive += 1 }
            state.entries += 1
            if state.exclusive > 1 || (state.exclusive == 1 && state.shared > 0) { state.violations += 1 }
        }
    }

    func leave(_ mode: LockMode) {
        state.withLock { if mode == .shared { $0.shared -= 1 } else { $0.exclusive -= 1 } }
    }

    var violations: Int { state.withLock { $0.violations } }
    var entries: Int { state.withLock { $0.entries } }
}
