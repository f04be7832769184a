internal import Spindle
internal import TestSupport
internal import Testing

/// A task that runs until it is let go, and says when it has begun.
struct Gate: Sendable {
    let begun = Signal()
    private let channel = MessageChannel<Never, Void>()

    /// Lets the task end.
    func open() { try? channel.port2.post(()) }

    /// Holds the thread until the gate opens or the thread is told to stop.
    func block() {
        begun.fire()
        _ = channel.port1.receive()
    }

    /// Holds the thread until the gate opens, whatever it is told.
    func blockStubbornly() {
        begun.fire()
        while channel.port1.tryReceive() == nil, channel.port1.isOpen {}
    }

    /// Waits, holding no thread, until the gate opens or the task is cancelled.
    func wait() async throws {
        begun.fire()
        var messages = channel.port1.messages.makeAsyncIterator()
        _ = try await messages.next()
    }
}

@Suite(.timeLimit(.minutes(10))) struct `Stopping tasks of a thread pool` {
    @Test func `takes a waiting task out at once`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let gate = Gate()
        let first = Task { try await pool.run { gate.block() } }
        await gate.begun.wait()
        let second = try await pool.submit(Same.self, 2)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        try await first.value
        #expect(try await pool.run { 3 } == 3)
        #expect(pool.statistics.cancelled == 1)
        await pool.shutdownNow()
    }

    @Test func `does not even submit the task of a cancelled caller`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let ran = Signal()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await pool.run { ran.fire() }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!ran.hasFired)
        await pool.shutdownNow()
    }

    @Test func `cancels a running task and no other`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        for _ in 0..<200 {
            let gate = Gate()
            let running = Task { try await pool.run { try await gate.wait() } }
            await gate.begun.wait()
            let next = Task { try await pool.run { Task.isCancelled } }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            #expect(try await next.value == false)
        }
        let statistics = pool.statistics
        #expect(statistics.cancelled == 200 && statistics.completed == 200)
        #expect(statistics.workersStarted == 1, "a worker outlives the tasks that are stopped on it")
        await pool.shutdownNow()
    }

    @Test func `wakes a blocking wait in the task`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        let gate = Gate()
        let running = Task { try await pool.run { gate.block() } }
        await gate.begun.wait()
        running.cancel()
        try await running.value
        let view = try SharedBuffer(byteLength: 4).view(of: Int32.self)
        #expect(try await pool.run { try view.wait(at: 0, expecting: 0, timeout: .milliseconds(1)) } == .timedOut)
        await pool.shutdownNow()
    }

    @Test func `starts a task after cancelling a queued and then a running one`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        let gate = Gate()
        let running = Task { try await pool.run { try await gate.wait() } }
        await gate.begun.wait()
        let queued = Task { try await pool.run { 0 } }
        queued.cancel()
        await #expect(throws: CancellationError.self) { try await queued.value }
        running.cancel()
        #expect(try await pool.run { 1 } == 1)
        await pool.shutdownNow()
    }

    @Test func `stops a task that runs too long, and the next one runs its full time`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        let gate = Gate()
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(options: .init(timeout: .milliseconds(5))) { try await gate.wait() }
        }
        #expect(error?.code == .timedOut && error?.wasAbandoned == false)
        #expect(try await pool.run(options: .init(timeout: .seconds(60))) { Task.isCancelled } == false)
        #expect(pool.statistics.timedOut == 1)
        await pool.shutdownNow()
    }

    @Test func `gives up a task that waits longer than it may`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let gate = Gate()
        let running = Task { try await pool.run { gate.block() } }
        await gate.begun.wait()
        let error = await #expect(throws: WorkerPoolError.self) {
            try await pool.run(options: .init(waitTimeout: .milliseconds(2))) { 1 }
        }
        #expect(error?.code == .waitTimedOut)
        gate.open()
        try await running.value
        await pool.shutdownNow()
    }

    @Test func `gives up a task whose time to wait is over before it has come in`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1)))
        let gate = Gate()
        let running = Task { try await pool.run { gate.block() } }
        await gate.begun.wait()
        for _ in 0..<500 {
            let error = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(options: .init(waitTimeout: .zero)) { 1 }
            }
            #expect(error?.code == .waitTimedOut)
        }
        gate.open()
        try await running.value
        await pool.shutdownNow()
    }

    @Test func `lets a handle stop its task`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(1), gracePeriod: .seconds(60)))
        let gate = Gate()
        let handle = try await pool.submit(Waiting.self, gate)
        await gate.begun.wait()
        handle.cancel()
        handle.cancel()
        await #expect(throws: CancellationError.self) { try await handle.value }
        await pool.shutdownNow()
    }
}

private enum Waiting: WorkerTask {
    static func run(_ gate: Gate, _ context: TaskContext<Never>) async throws { try await gate.wait() }
}
