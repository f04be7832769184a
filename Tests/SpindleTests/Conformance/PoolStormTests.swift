internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `A storm over a pool` {
    /// Random tasks, failures, cancellations, timeouts and retries; at the end the pool closes under load.
    @Test(arguments: Isolation.tested, SeededRandom.seeds(4))
    func `leaves every task ended exactly once and the books balanced`(isolation: Isolation, seed: UInt64) async throws {
        let count = isolation.count(threads: 2_000, processes: 1_000)
        let pool = try await WorkerPool(
            .init(
                name: "storm", size: .range(0...3), isolation: isolation.value, queueLimit: 64, idleTimeout: .milliseconds(1),
                tasksPerWorker: 50, gracePeriod: .seconds(30)))
        let ran = try TestLog(capacity: 2 * count)
        let ended = await withTaskGroup(of: String.self) { group in
            var random = SeededRandom(seed: seed)
            for number in 0..<count {
                let kind = random.below(8)
                let options = TaskOptions(
                    priority: PoolPriority.allCases.randomElement(using: &random) ?? .normal,
                    waitTimeout: random.chance(5) ? .microseconds(200) : nil,
                    timeout: kind == 3 ? .microseconds(200) : nil,
                    key: random.chance(10) ? "key" : nil, affinity: random.chance(10) ? "home" : nil,
                    retry: random.chance(10) ? RetryPolicy(maximumAttempts: 2, initialDelay: .microseconds(100)) : nil)
                let input = Enter.Input(kind: kind == 0 ? .failing : kind == 3 ? .waiting : .plain, number: number, log: ran)
                let isGivenUp = kind == 1 || kind == 2
                group.addTask { await end(of: input, isGivenUp, pool, options, isolation) }
                if number == count * 9 / 10 {
                    group.addTask {
                        await pool.close(deadline: .seconds(20)); return "closed"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        await pool.shutdownNow()
        let statistics = pool.statistics
        #expect(ended.values.reduce(0, +) == count + 1)
        let ends = statistics.completed + statistics.failed + statistics.cancelled + statistics.timedOut + statistics.rejected
        #expect(statistics.submitted == ends)
        #expect(statistics.queued == 0 && statistics.running == 0 && statistics.workers == 0)
        let numbers = try ran.numbers
        #expect(Set(numbers).count == numbers.count, "no task ran to its end twice")
        #expect(ended["unknown"] == nil && ended["wrong"] == nil)
        #expect(ended["done", default: 0] == numbers.count)
        #expect(await isolation.isGone("storm"))
    }

    private func end(
        of input: Enter.Input, _ isGivenUp: Bool, _ pool: WorkerPool, _ options: TaskOptions, _ isolation: Isolation
    ) async -> String {
        let task = Task { try await pool.run(Enter.self, input, options: options) }
        if isGivenUp { task.cancel() }
        do {
            return try await task.value == input.number ? "done" : "wrong"
        } catch is CancellationError {
            return "cancelled"
        } catch let error as WorkerPoolError {
            return error.code.description
        } catch {
            return isolation.isError(error, Odd(attempt: input.number)) ? "failed" : "unknown"
        }
    }

    @Test(arguments: Isolation.tested)
    func `starts and stops pools without leaving a worker`(isolation: Isolation) async throws {
        for _ in 0..<100 {
            let pool = try await WorkerPool(.init(name: "again", size: .fixed(4), isolation: isolation.value))
            _ = try await pool.run(Same.self, 1)
            await pool.shutdownNow()
        }
        #expect(await isolation.isGone("again"))
    }

    @Test(arguments: Isolation.tested)
    func `measures waiting and running`(isolation: Isolation) async throws {
        let pool = try await WorkerPool(.init(size: .fixed(2), isolation: isolation.value))
        for number in 0..<50 { _ = try await pool.run(Same.self, number) }
        let statistics = pool.statistics
        #expect(statistics.waitTime.count == 50 && statistics.runTime.count == 50)
        #expect(statistics.runTime.p50 <= statistics.runTime.p99 && statistics.runTime.p99 <= statistics.runTime.max)
        #expect(statistics.utilization > 0 && statistics.utilization <= 1)
        let workers = pool.workers
        #expect(workers.map(\.tasksCompleted).reduce(0, +) == 50)
        #expect(workers.allSatisfy { $0.currentTask == nil && $0.state == .idle })
        await pool.shutdownNow()
    }
}
