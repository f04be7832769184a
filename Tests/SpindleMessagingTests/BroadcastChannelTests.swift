internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// Groups live as long as the program, so each test has a name of its own.
@Suite(.timeLimit(.minutes(10))) struct `A broadcast channel` {
    @Test func `sends to all others of its name and not to itself`() async throws {
        let speaker = BroadcastChannel<Int>("all")
        let listeners = (0..<3).map { _ in BroadcastChannel<Int>("all") }
        #expect(try speaker.post(1) == (3, 0))
        #expect(try await speaker.send(2) == 3)
        for listener in listeners {
            #expect(listener.tryReceive() == 1 && listener.tryReceive() == 2 && listener.tryReceive() == nil)
        }
        #expect(speaker.tryReceive() == nil)
        #expect(try listeners[0].post(3) == (3, 0))
        #expect(speaker.tryReceive() == 3 && listeners[1].tryReceive() == 3)
    }

    @Test func `alone in its group reaches nobody`() async throws {
        let channel = BroadcastChannel<Int>("alone")
        #expect(try channel.post(1) == (0, 0))
        #expect(try await channel.send(1) == 0)
    }

    @Test func `keeps names and message types apart`() throws {
        let numbers = BroadcastChannel<Int>("apart")
        let words = BroadcastChannel<String>("apart")
        let others = BroadcastChannel<Int>("apart too")
        let hears = BroadcastChannel<Int>("apart")
        #expect(try numbers.post(1) == (1, 0))
        #expect(words.tryReceive() == nil && others.tryReceive() == nil && hears.tryReceive() == 1)
        #expect(try words.post("a") == (0, 0))
    }

    @Test func `counts what a full listener misses, and holds up nobody else`() throws {
        let speaker = BroadcastChannel<Int>("missed")
        let slow = BroadcastChannel<Int>("missed", limit: 2)
        let quick = BroadcastChannel<Int>("missed")
        for number in 0..<5 { #expect(try speaker.post(number) == (number < 2 ? 2 : 1, number < 2 ? 0 : 1)) }
        #expect(slow.missedCount == 3 && quick.missedCount == 0)
        #expect(slow.tryReceive() == 0 && slow.tryReceive() == 1 && slow.tryReceive() == nil)
        #expect((0..<5).allSatisfy { quick.tryReceive() == $0 })
    }

    @Test func `waits for room in a full listener when told so`() async throws {
        try await withExecutor { thread in
            let speaker = BroadcastChannel<Int>("room")
            let slow = BroadcastChannel<Int>("room", limit: 1)
            try speaker.post(0)
            let sending = thread.start { try await speaker.send(1) }
            let cancelled = thread.start { try await speaker.send(2) }
            await thread.settle()
            cancelled.cancel()
            let refused = await #expect(throws: SendError<Int>.self) { try await cancelled.value }
            #expect(refused?.reason == .cancelled && refused?.message == 2)
            #expect(slow.tryReceive() == 0)
            #expect(try await sending.value == 1)
            #expect(slow.tryReceive() == 1 && slow.tryReceive() == nil && slow.missedCount == 0)
        }
    }

    @Test func `that is closed leaves its group and keeps what it had received`() async throws {
        let speaker = BroadcastChannel<Int>("close")
        let listener = BroadcastChannel<Int>("close")
        try speaker.post(1)
        listener.close()
        listener.close()
        #expect(try speaker.post(2) == (0, 0))
        #expect(try await listener.messages.collect() == [1])
        let refused = #expect(throws: SendError<Int>.self) { try listener.post(3) }
        #expect(refused?.reason == .closed && refused?.message == 3)
        await #expect(throws: SendError<Int>.self) { try await listener.send(3) }
    }

    @Test func `that is dropped leaves its group and releases its messages`() throws {
        let count = LifeCount()
        let speaker = BroadcastChannel<LifeCount.Token>("drop")
        var listener: BroadcastChannel<LifeCount.Token>? = BroadcastChannel("drop")
        #expect(try speaker.post(count.token()).delivered == 1)
        #expect(count.living == 1 && listener != nil)
        listener = nil
        #expect(count.living == 0)
        #expect(try speaker.post(count.token()) == (0, 0))
    }

    @Test func `that is closed ends its loop`() async throws {
        try await withExecutor { thread in
            let listener = BroadcastChannel<Int>("loop")
            let speaker = BroadcastChannel<Int>("loop")
            let loop = thread.start { try await listener.messages.collect() }
            await thread.settle()
            try speaker.post(1)
            listener.close()
            #expect(try await loop.value == [1])
        }
    }

    @Test func `accounts for every message while listeners come and go`() async throws {
        let steady = BroadcastChannel<Int>("churn", limit: 100_000)
        let delivered = try await withThrowingTaskGroup(of: Int.self) { group in
            for speaker in 0..<4 {
                group.addTask {
                    let channel = BroadcastChannel<Int>("churn", limit: 1)
                    for number in 0..<300 {
                        let passing = BroadcastChannel<Int>("churn", limit: 2)
                        try channel.post(speaker * 1_000 + number)
                        passing.close()
                    }
                    return 300
                }
            }
            return try await group.reduce(0, +)
        }
        steady.close()
        let all = try await steady.messages.collect()
        #expect(all.count == delivered && steady.missedCount == 0)
        for speaker in 0..<4 {
            #expect(all.filter { $0 / 1_000 == speaker }.map { $0 % 1_000 } == Array(0..<300))
        }
    }
}
