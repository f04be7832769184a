internal import SpindleMessaging
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `A thread executor` {
    @Test func `keeps a task and all it awaits on its thread`() async throws {
        try await withExecutor("stay") { executor in
            let stayed = try await executor.start {
                let pinned = Pinned(executor)
                var here = [isOn(executor)]
                await Task.yield()
                here.append(isOn(executor))
                async let child = isOn(executor)
                here.append(await child)
                here.append(await pinned.isHere(executor))
                here.append(isOn(executor))
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<10 { group.addTask { isOn(executor) } }
                    for await isHere in group { here.append(isHere) }
                }
                try await Task.sleep(for: .microseconds(10))
                here.append(isOn(executor))
                return here
            }.value
            #expect(stayed.allSatisfy { $0 } && stayed.count == 16)
            #expect(!isOn(executor))
        }
    }

    @Test func `runs an actor that is pinned to it, from anywhere, and knows that it does`() async throws {
        try await withExecutor("pinned") { executor in
            let actor = Pinned(executor)
            let total = await withTaskGroup(of: Void.self) { group in
                for _ in 0..<500 { group.addTask { await actor.increment(on: executor) } }
                await group.waitForAll()
                return await actor.total
            }
            #expect(total == 500)
            #expect(await actor.strays == 0)
        }
    }

    @Test func `runs jobs in the order in which they became ready`() async throws {
        try await withExecutor { executor in
            let order = EventLog<Int>()
            let tasks = (0..<1_000).map { number in executor.start { order.append(number) } }
            for task in tasks { try await task.value }
            #expect(order.events == Array(0..<1_000))
        }
    }

    @Test func `yield lets every ready job go first`() async throws {
        try await withExecutor { executor in
            let order = EventLog<String>()
            try await executor.start {
                let others = (0..<5).map { number in executor.start { order.append("\(number)") } }
                order.append("before")
                await executor.yield()
                order.append("after")
                for other in others { try await other.value }
            }.value
            #expect(order.events == ["before", "0", "1", "2", "3", "4", "after"])
        }
    }

    @Test func `names its thread, gives it its nice value, and ends it`() async throws {
        let executor = try ThreadExecutor(name: "nice-exec", nice: 5)
        await executor.settle()
        let thread = try #require(ProcessCensus.threads(named: "nice-exec").first)
        #expect(ProcessCensus.nice(ofThread: thread) == 5)
        executor.stop()
        executor.stop()
        #expect(await ProcessCensus.noThreads(named: "nice-exec"))
    }

    @Test func `with a long name and a bad nice value still works`() async throws {
        let executor = try ThreadExecutor(name: "a-name-that-is-much-too-long", nice: .max)
        await executor.settle()
        #expect(ProcessCensus.threads(named: "a-name-that-is").count == 1)
        executor.stop()
        #expect(await ProcessCensus.noThreads(named: "a-name-that-is"))
    }

    @Test func `that no thread can be had for is an error`() {
        #expect(throws: ThreadStartError.self) { try ThreadExecutor(name: "huge", stackSize: 1 << 60) }
    }

    // MARK: Stopping

    @Test func `runs what was ready before it stops`() async throws {
        let executor = try ThreadExecutor(name: "last-jobs")
        let done = EventLog<Int>()
        let tasks = (0..<500).map { number in executor.start { done.append(number) } }
        executor.stop()
        for task in tasks { try await task.value }
        #expect(done.events == Array(0..<500))
        #expect(await ProcessCensus.noThreads(named: "last-jobs"))
    }

    @Test func `runs jobs that come after it was stopped, in order and on a thread of that name`() async throws {
        let executor = try ThreadExecutor(name: "late-jobs")
        executor.stop()
        #expect(await ProcessCensus.noThreads(named: "late-jobs"))
        let order = EventLog<Int>()
        let tasks = (0..<50).map { number in
            executor.start {
                #expect(isOn(executor))
                order.append(number)
                await Task.yield()
            }
        }
        for task in tasks { try await task.value }
        #expect(order.events == Array(0..<50))
        #expect(await ProcessCensus.noThreads(named: "late-jobs"))
    }

    @Test func `runs every job when stopping and starting race`() async throws {
        for _ in 0..<200 {
            let executor = try ThreadExecutor(name: "race-jobs")
            let ran = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask(executorPreference: executor) {
                        await Task.yield()
                        return 1
                    }
                }
                group.addTask {
                    executor.stop()
                    return 0
                }
                return await group.reduce(0, +)
            }
            #expect(ran == 4)
        }
        #expect(await ProcessCensus.noThreads(named: "race-jobs"))
    }

    @Test func `leaves no thread behind when hundreds come and go`() async throws {
        for _ in 0..<20 {
            let executors = try (0..<25).map { _ in try ThreadExecutor(name: "gone-exec") }
            for executor in executors { await executor.settle() }
            for executor in executors { executor.stop() }
        }
        #expect(await ProcessCensus.noThreads(named: "gone-exec"))
    }

    // MARK: Figures

    @Test func `accounts for no more time than has passed`() async throws {
        let clock = ContinuousClock()
        let executor = try ThreadExecutor(name: "figures")
        let began = clock.now
        try await executor.start {
            let end = clock.now + .milliseconds(5)
            while clock.now < end {}
        }.value
        let usage = executor.usage()
        let passed = clock.now - began
        #expect(Duration.nanoseconds(usage.active) >= .milliseconds(4))
        #expect(usage.cpu > 0)
        // The thread lived a little before `began`.
        #expect(Duration.nanoseconds(usage.active + usage.idle) < passed + .milliseconds(500))
        executor.stop()
        #expect(await ProcessCensus.noThreads(named: "figures"))
        let last = executor.usage()
        #expect(last == executor.usage() && last.active >= usage.active)
    }
}

private func isOn(_ executor: ThreadExecutor) -> Bool { ThreadExecutor.current === executor }

private actor Pinned {
    private let executor: ThreadExecutor
    private(set) var total = 0
    private(set) var strays = 0

    init(_ executor: ThreadExecutor) { self.executor = executor }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.serialExecutor.asUnownedSerialExecutor() }

    func isHere(_ executor: ThreadExecutor) -> Bool { isOn(executor) }

    func increment(on executor: ThreadExecutor) {
        assertIsolated()
        total += 1
        if !isOn(executor) { strays += 1 }
    }
}
