internal import Spindle
internal import TestSupport
internal import Testing

private struct Failure: Error {}

@Suite(.timeLimit(.minutes(10))) struct `A storm over a thread pool` {
    /// Random tasks, failures, cancellations, timeouts and retries; at the end the pool closes under load.
    @Test(arguments: SeededRandom.seeds(4))
    func `leaves every task ended exactly once and the books balanced`(seed: UInt64) async throws {
        let count = 2_000
        let pool = try await WorkerPool(
            .init(
                name: "storm", size: .range(0...3), queueLimit: 64, idleTimeout: .milliseconds(1),
                tasksPerWorker: 50, gracePeriod: .seconds(30)))
        let ran = EventLog<Int>()
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
                group.addTask { await end(of: pool, number, kind, options, ran) }
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
        #expect(Set(ran.events).count == ran.events.count, "no task ran to its end twice")
        #expect(ended["done", default: 0] == ran.events.count)
        #expect(await ProcessCensus.noThreads(named: "storm"))
    }

    private func end(
        of pool: WorkerPool, _ number: Int, _ kind: Int, _ options: TaskOptions, _ ran: EventLog<Int>
    ) async -> String {
        let task = Task {
            try await pool.run(options: options) {
                switch kind {
                case 0: throw Failure()
                case 3: try await Gate().wait()
                default: break
                }
                ran.append(number)
            }
        }
        if kind == 1 || kind == 2 { task.cancel() }
        do {
            try await task.value
            return "done"
        } catch is Failure {
            return "failed"
        } catch is CancellationError {
            return "cancelled"
        } catch let error as WorkerPoolError {
            return error.code.description
        } catch {
            return "unknown"
        }
    }

    @Test func `starts and stops pools without leaving a thread`() async throws {
        for _ in 0..<100 {
            let pool = try await WorkerPool(.init(name: "again", size: .fixed(4)))
            _ = try await pool.run { 1 }
            await pool.shutdownNow()
        }
        #expect(await ProcessCensus.noThreads(named: "again"))
    }

    @Test func `measures waiting and running`() async throws {
        let pool = try await WorkerPool(.init(size: .fixed(2)))
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
