internal import SpindleMemory
internal import SpindleMessaging
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `Messages under contention` {
    @Test func `a blocked receive loses no message to its time-out`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 4)
        async let received = onThread {
            var all: [Int] = []
            while channel.port2.isOpen || channel.port2.backlog > 0 {
                if let number = channel.port2.receive(timeout: .microseconds(1)) { all.append(number) }
            }
            return all
        }
        for number in 0..<50_000 { try await channel.port1.send(number) }
        channel.port1.close()
        #expect(try await received == Array(0..<50_000))
    }

    @Test func `never holds more than its limit`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 4)
        let view = try SharedBuffer(byteLength: 32).view(of: Int64.self)  // 0 posted, 1 begun receives, 2 done, 3 worst
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    try await onThread {
                        for _ in 0..<100_000 {
                            guard (try? channel.port1.post(1)) != nil else { continue }
                            let posted = try view.add(1, at: 0) + 1
                            let begun = try view.load(at: 1)
                            if posted - begun > (try view.load(at: 3)) { try view.store(posted - begun, at: 3) }
                        }
                        try view.add(1, at: 2)
                    }
                }
            }
            group.addTask {
                try await onThread {
                    var begun: Int64 = 0
                    while try view.load(at: 2) < 3 {
                        begun += 1
                        try view.store(begun, at: 1)
                        if channel.port2.tryReceive() == nil {
                            begun -= 1
                            try view.store(begun, at: 1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try view.load(at: 3) <= 4)
    }

    @Test func `a cancelled receiver ends under a flood`() async throws {
        try await withExecutor { thread in
            let channel = MessageChannel<Int, Never>(limit: 4)
            try channel.port1.post(0)
            let loop = thread.start {
                var seen = 0
                for try await number in channel.port2.messages {
                    seen = number
                    if number == 10_000 { return number }
                    try channel.port1.post(number + 1)
                    if number == 5 { withUnsafeCurrentTask { $0?.cancel() } }
                }
                return seen
            }
            await #expect(throws: CancellationError.self) { try await loop.value }
        }
    }

    @Test func `a channel object that is dropped frees a sender that waits for room in it`() async throws {
        try await withExecutor { thread in
            let speaker = BroadcastChannel<Int>("pending-drop")
            var listener: BroadcastChannel<Int>? = BroadcastChannel("pending-drop", limit: 1)
            weak let watched = listener
            try speaker.post(1)
            let sending = thread.start { try await speaker.send(2) }
            await thread.settle()
            listener = nil
            #expect(watched == nil)
            if watched == nil { #expect(try await sending.value == 0) } else { sending.cancel() }
            _ = listener
        }
    }

    @Test func `late jobs do not spoil the figures`() async throws {
        let began = ContinuousClock.now
        for _ in 0..<300 {
            let executor = try ThreadExecutor(name: "late-figures")
            executor.stop()
            for _ in 0..<20 { await executor.settle() }
            let usage = executor.usage()
            let passed = ContinuousClock.now - began
            #expect(Duration.nanoseconds(usage.active) <= passed && Duration.nanoseconds(usage.idle) <= passed)
        }
    }
}
