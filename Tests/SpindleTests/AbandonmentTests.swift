internal import Dispatch
internal import Spindle
internal import TestSupport
internal import Testing

/// Everything that abandons workers, one after another: the tests look at the program's count of them.
@Suite(.serialized) enum Abandonment {}

extension Abandonment {
    @Suite(.serialized, .timeLimit(.minutes(10))) struct `A worker that does not stop` {
        @Test func `is abandoned at the deadline, counted, and no longer counted once it ends`() async throws {
            let before = Workers.statistics
            let blocker = DispatchSemaphore(value: 0)
            let online = Signal()
            let worker = try await Worker.script(WorkerOptions(name: "stubborn")) { parent in
                try parent.post(1)
                online.fire()
                blocker.wait()
                // Cut off from its owner.
                let refused = #expect(throws: SendError<Int>.self) { try parent.post(2) }
                #expect(refused?.reason == .closed)
            }
            await online.wait()
            async let second = worker.terminate(within: .seconds(100))
            #expect(await worker.terminate(within: .milliseconds(5)).isAbandoned)
            #expect(await second.isAbandoned)
            #expect(Workers.statistics.abandoned == before.abandoned + 1)
            #expect(Workers.statistics.abandonedTotal == before.abandonedTotal + 1)
            #expect(try await worker.events.collect().map(\.word) == ["online", "1", WorkerExit.abandoned.description])
            #expect(ProcessCensus.threads(named: "stubborn").count == 1)
            blocker.signal()
            #expect(await ProcessCensus.noThreads(named: "stubborn"))
            #expect(Workers.statistics.abandoned == before.abandoned)
            #expect(try await worker.exit.isAbandoned)
        }

        @Test func `is abandoned at once by a deadline of nothing`() async throws {
            let blocker = DispatchSemaphore(value: 0)
            let online = Signal()
            let worker = try await Worker.script(WorkerOptions(name: "no-time")) { _ in
                online.fire()
                blocker.wait()
            }
            await online.wait()
            #expect(await worker.terminate(within: .zero).isAbandoned)
            blocker.signal()
            #expect(await ProcessCensus.noThreads(named: "no-time"))
        }

        @Test func `children of a worker that does not stop are stopped`() async throws {
            let blocker = DispatchSemaphore(value: 0)
            let online = Signal()
            let childEnded = EventLog<String>()
            let worker = try await Worker.script(WorkerOptions(name: "bad-parent")) { _ in
                let child = try await Worker.script(WorkerOptions(name: "good-child")) { parent in
                    defer { childEnded.append("child") }
                    online.fire()
                    for try await _ in parent.messages {}
                }
                await online.wait()
                blocker.wait()
                _ = child
            }
            await online.wait()
            #expect(await worker.terminate(within: .milliseconds(100)).isAbandoned)
            #expect(await ProcessCensus.noThreads(named: "good-child", after: .seconds(2)))
            #expect(childEnded.events == ["child"])
            blocker.signal()
        }
    }
}

extension Abandonment {
    @Suite(.serialized, .timeLimit(.minutes(10))) struct `A pool task that does not stop` {
        @Test func `abandons a task that does not stop, counts it, and replaces its thread`() async throws {
            let pool = try await WorkerPool(.init(name: "stubborn", size: .fixed(1), gracePeriod: .milliseconds(1)))
            let gate = Gate()
            let error = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(options: .init(timeout: .milliseconds(5))) { gate.blockStubbornly() }
            }
            #expect(error?.code == .timedOut && error?.wasAbandoned == true)
            #expect(try await pool.run { ThreadExecutor.current?.name } == "stubborn-2")
            #expect(pool.statistics.abandoned == 1 && pool.statistics.abandonedThreads == 1)
            #expect(Workers.statistics.abandoned == 1)
            gate.open()
            await pool.shutdownNow()
            #expect(await ProcessCensus.noThreads(named: "stubborn"))
            #expect(pool.statistics.abandonedThreads == 0)
        }

        @Test func `does not keep a pool from closing when it is a warm-up`() async throws {
            let gate = Gate()
            let pool = try await WorkerPool(
                .init(name: "cold", size: .fixed(1), gracePeriod: .milliseconds(1), warmUp: { gate.blockStubbornly() }))
            await gate.begun.wait()
            await pool.shutdownNow()
            #expect(pool.statistics.workers == 0 && pool.statistics.abandonedThreads == 1)
            gate.open()
            #expect(await ProcessCensus.noThreads(named: "cold"))
        }

        @Test func `refuses tasks when all that may be abandoned were`() async throws {
            let pool = try await WorkerPool(.init(name: "used-up", size: .fixed(1), gracePeriod: .zero, abandonedLimit: 0))
            let gate = Gate()
            _ = await #expect(throws: WorkerPoolError.self) {
                try await pool.run(options: .init(timeout: .milliseconds(1))) { gate.blockStubbornly() }
            }
            let error = await #expect(throws: WorkerPoolError.self) { try await pool.run { 1 } }
            #expect(error?.code == .noWorkers)
            gate.open()
            await pool.shutdownNow()
            #expect(await ProcessCensus.noThreads(named: "used-up"))
        }

        @Test func `shuts down within the grace period although a task does not stop`() async throws {
            let pool = try await WorkerPool(.init(name: "shut", size: .fixed(1), gracePeriod: .milliseconds(1)))
            let gate = Gate()
            let stubborn = Task { try await pool.run { gate.blockStubbornly() } }
            await gate.begun.wait()
            await pool.shutdownNow()
            let error = await #expect(throws: WorkerPoolError.self) { try await stubborn.value }
            #expect(error?.code == .closed && error?.wasAbandoned == true)
            gate.open()
            #expect(await ProcessCensus.noThreads(named: "shut"))
        }
    }
}
