internal import SpindleMemory
internal import SpindleMessaging
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `A thread that blocks for a message` {
    @Test func `gets one that is there at once, and one that comes`() async throws {
        let channel = MessageChannel<Int, Int>()
        try channel.port1.post(1)
        #expect(channel.port2.receive() == 1)
        async let far = onThread {
            while let number = channel.port2.receive() { try channel.port2.post(number * 2) }
        }
        for number in 0..<200 {
            try channel.port1.post(number)
            #expect(try await onThread { channel.port1.receive() } == number * 2)
        }
        channel.port1.close()
        try await far
    }

    @Test func `gives up when the time is up, and takes nothing then`() throws {
        let channel = MessageChannel<Int, Never>()
        #expect(channel.port2.receive(timeout: .zero) == nil)
        #expect(channel.port2.receive(timeout: .seconds(-5)) == nil)
        #expect(channel.port2.receive(timeout: .milliseconds(2)) == nil)
        try channel.port1.post(1)
        #expect(channel.port2.receive(timeout: .zero) == 1)
    }

    @Test func `ends with the channel, after what was queued`() async throws {
        let channel = MessageChannel<Int, Never>()
        async let all = onThread {
            var all: [Int] = []
            while let number = channel.port2.receive() { all.append(number) }
            return all
        }
        for number in 0..<50 { try await channel.port1.send(number) }
        channel.port1.close()
        #expect(try await all == Array(0..<50))
    }

    @Test func `is freed when its thread is interrupted, and takes what is there even then`() async throws {
        let channel = MessageChannel<Int, Never>()
        let interrupt = ThreadInterrupt()
        let installed = Signal()
        async let received = onThread {
            interrupt.install()
            defer { ThreadInterrupt.uninstall() }
            installed.fire()
            let first = channel.port2.receive()
            try channel.port1.post(5)
            return [first, channel.port2.receive(), channel.port2.receive()]
        }
        await installed.wait()
        interrupt.raise()
        #expect(try await received == [nil, 5, nil])
    }

    @Test func `lets a waiting sender in`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 1)
        async let sum = onThread {
            var sum = 0
            while let number = channel.port2.receive() { sum += number }
            return sum
        }
        for number in 1...1_000 { try await channel.port1.send(number) }
        channel.port1.close()
        #expect(try await sum == 500_500)
    }

    @Test func `shares the messages with threads and tasks that wait too`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 4)
        let all = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<3 {
                group.addTask { try await channel.port2.messages.collect() }
                group.addTask {
                    try await onThread {
                        var all: [Int] = []
                        while let number = channel.port2.receive() { all.append(number) }
                        return all
                    }
                }
            }
            for number in 0..<3_000 { try await channel.port1.send(number) }
            channel.port1.close()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(all.sorted() == Array(0..<3_000))
    }
}
