internal import SpindleMessaging
internal import TestSupport
internal import Testing

/// Here time is the subject, so these do sleep.
@Suite(.timeLimit(.minutes(10))) struct `Sleeping on a thread executor` {
    private let clock = ContinuousClock()

    @Test func `takes at least as long as asked and wakes on the thread`() async throws {
        try await withExecutor("sleep") { executor in
            let begin = clock.now
            let isOn = try await executor.start {
                try await executor.sleep(for: .milliseconds(5))
                return ThreadExecutor.current === executor
            }.value
            #expect(isOn)
            #expect(clock.now - begin >= .milliseconds(5))
        }
    }

    @Test func `wakes sleepers in the order they are due`() async throws {
        try await withExecutor("sleepers") { executor in
            while true {
                let order = EventLog<Int>()
                let begin = clock.now
                let sleepers = [30, 1, 20, 10].map { number in
                    executor.start {
                        try await executor.sleep(for: .milliseconds(number))
                        order.append(number)
                    }
                }
                await executor.settle()
                // All sleep now; if that took longer than lies between two of them, the order may be another.
                let took = clock.now - begin
                for sleeper in sleepers { try await sleeper.value }
                guard took < .milliseconds(9) else { continue }
                #expect(order.events == [1, 10, 20, 30])
                return
            }
        }
    }

    @Test func `ends at once when the task is cancelled, before or meanwhile`() async throws {
        try await withExecutor("cancelled") { executor in
            for _ in 0..<200 {
                let task = executor.start { try await executor.sleep(for: .seconds(3_600)) }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            let task = executor.start { try await executor.sleep(for: .seconds(3_600)) }
            await executor.settle()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `keeps the thread of a stopped executor until the last sleeper has gone`() async throws {
        let executor = try ThreadExecutor(name: "late-sleep")
        let short = executor.start { try await executor.sleep(for: .milliseconds(2)) }
        let long = executor.start { try await executor.sleep(for: .seconds(3_600)) }
        await executor.settle()
        executor.stop()
        try await short.value
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
        #expect(await ProcessCensus.noThreads(named: "late-sleep"))
    }
}
