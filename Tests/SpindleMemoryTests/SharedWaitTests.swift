internal import SpindleMemory
internal import Testing
internal import TestSupport

/// One after another: one of them takes up every asynchronous wait that the program allows.
@Suite(.serialized, .timeLimit(.minutes(10))) struct `Waiting on a shared element` {
    private func word() throws -> SharedView<Int32> { try SharedBuffer(byteLength: 8).view(of: Int32.self) }

    @Test func `does not wait when the value is another`() async throws {
        let view = try word()
        #expect(try view.wait(at: 0, expecting: 1) == .notEqual)
        #expect(try await view.waitAsync(at: 0, expecting: 1) == .notEqual)
    }

    @Test func `ends when the time is up`() async throws {
        let view = try word()
        #expect(try view.wait(at: 0, expecting: 0, timeout: .zero) == .timedOut)
        #expect(try view.wait(at: 0, expecting: 0, timeout: .seconds(-1)) == .timedOut)
        #expect(try view.wait(at: 0, expecting: 0, timeout: .milliseconds(2)) == .timedOut)
        #expect(try await view.waitAsync(at: 0, expecting: 0, timeout: .milliseconds(2)) == .timedOut)
    }

    @Test func `checks the index before anything`() async throws {
        let view = try word()
        #expect(code { try view.wait(at: 2, expecting: 0) } == .outOfRange)
        let error = await #expect(throws: SharedBufferError.self) { try await view.waitAsync(at: -1, expecting: 0) }
        #expect(error?.code == .outOfRange)
    }

    @Test func `is ended by a notify`() async throws {
        let view = try word()
        async let blocked = onThread { try view.wait(at: 1, expecting: 0) }
        #expect(try await view.notifyUntilWoken(at: 1) == 1)
        #expect(try await blocked == .notified)
        async let suspended = view.waitAsync(at: 1, expecting: 0)
        #expect(try await view.notifyUntilWoken(at: 1) == 1)
        #expect(try await suspended == .notified)
    }

    @Test func `is not ended by a notify of the neighbour`() async throws {
        let view = try word()
        async let neighbour = onThread { try view.wait(at: 0, expecting: 0) }
        async let other = onThread { try view.wait(at: 1, expecting: 0) }
        #expect(try await view.notifyUntilWoken(at: 0) == 1)
        #expect(try await neighbour == .notified)
        #expect(try await view.notifyUntilWoken(at: 1) == 1)
        #expect(try await other == .notified)
    }

    @Test func `a change before the wait is never missed`() async throws {
        let view = try word()
        for round in 0..<2_000 {
            try view.store(0, at: 0)
            async let waiting = onThread { try view.wait(at: 0, expecting: 0) }
            try view.store(1, at: 0)
            try view.notify(at: 0)
            let result = try await waiting
            #expect(result == .notEqual || result == .notified, "round \(round)")
        }
    }

    @Test func `notify wakes as many as it is told, and says how many`() async throws {
        let view = try word()
        #expect(try view.notify(at: 0) == 0)
        try await withThrowingTaskGroup(of: SharedWaitResult.self) { group in
            for index in 0..<6 {
                group.addTask {
                    if index.isMultiple(of: 2) { return try await view.waitAsync(at: 0, expecting: 0) }
                    return try await onThread { try view.wait(at: 0, expecting: 0) }
                }
            }
            var woken = 0
            while woken < 6 {
                let count = try view.notify(at: 0, count: 2)
                #expect(count <= 2)
                woken += count
                await Task.yield()
            }
            #expect(woken == 6)
            for try await result in group { #expect(result == .notified) }
        }
        #expect(try view.notify(at: 0) == 0)
    }

    @Test func `notify of none wakes none`() async throws {
        let view = try word()
        async let waiting = onThread { try view.wait(at: 0, expecting: 0) }
        // Whether or not the other waits by now: none of these may wake it.
        for count in [0, -1, .min] {
            for _ in 0..<1_000 {
                try #require(try view.notify(at: 0, count: count) == 0)
                await Task.yield()
            }
        }
        #expect(try await view.notifyUntilWoken(at: 0) == 1)
        #expect(try await waiting == .notified)
    }

    // MARK: Interruption and cancellation

    @Test func `of a thread is ended by its interrupt, before, during and after`() async throws {
        let view = try word()
        let interrupt = ThreadInterrupt()
        let installed = Signal()
        async let first = onThread {
            interrupt.install()
            defer { ThreadInterrupt.uninstall() }
            installed.fire()
            return [code { try view.wait(at: 0, expecting: 0) }, code { try view.wait(at: 0, expecting: 0) }]
        }
        await installed.wait()
        interrupt.raise()
        #expect(try await first == [.interrupted, .interrupted])
        interrupt.reset()
        let last = try await onThread {
            interrupt.install()
            defer { ThreadInterrupt.uninstall() }
            return try view.wait(at: 0, expecting: 0, timeout: .milliseconds(1))
        }
        #expect(last == .timedOut)
    }

    @Test func `with an interrupt installed is notified as any other`() async throws {
        let view = try word()
        let interrupt = ThreadInterrupt()
        async let waiting = onThread {
            interrupt.install()
            defer { ThreadInterrupt.uninstall() }
            return try view.wait(at: 0, expecting: 0)
        }
        #expect(try await view.notifyUntilWoken(at: 0) == 1)
        #expect(try await waiting == .notified)
    }

    @Test func `of a task is ended by its cancellation, and frees its place`() async throws {
        let view = try word()
        for _ in 0..<100 {
            let waiting = Task { try await view.waitAsync(at: 0, expecting: 0) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        #expect(try view.notify(at: 0) == 0)
    }

    @Test func `of tasks is bounded, and possible again afterwards`() async throws {
        let view = try word()
        let refusals = try await withThrowingTaskGroup(of: SharedWaitResult?.self) { group in
            let refused = Signal()
            for _ in 0..<SharedBuffer.maximumAsyncWaits + 20 {
                group.addTask {
                    do {
                        return try await view.waitAsync(at: 0, expecting: 0)
                    } catch let error as SharedBufferError where error.code == .tooManyWaits {
                        refused.fire()
                        return nil
                    }
                }
            }
            await refused.wait()
            try view.store(1, at: 0)
            try view.notify(at: 0)
            return try await group.reduce(0) { $0 + ($1 == nil ? 1 : 0) }
        }
        // Those that came after the store found another value and did not wait at all.
        #expect((1...20).contains(refusals))
        #expect(try await view.waitAsync(at: 0, expecting: 0) == .notEqual)
    }
}

extension SharedView where Element: SharedWaitableInteger {
    /// Notifies until somebody was there to wake: nobody announces that he has fallen asleep.
    func notifyUntilWoken(at index: Int) async throws -> Int {
        while true {
            let woken = try notify(at: index)
            if woken > 0 { return woken }
            await Task.yield()
        }
    }
}
