internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// All tasks of a test share one thread, so what one does not give way to never runs.
@Suite(.timeLimit(.minutes(10))) struct `A flood of messages` {
    @Test func `lets another task of the thread have its turn`() async throws {
        try await withExecutor { thread in
            let channel = MessageChannel<Int, Never>(limit: 10_000)
            for number in 0..<10_000 { try channel.port1.post(number) }
            channel.port1.close()
            let order = EventLog<String>()
            // From the thread itself, so that neither begins before both are there.
            let (flooded, other) = try await thread.start {
                let flooded = thread.start {
                    for try await number in channel.port2.messages where number == 9_999 { order.append("last message") }
                }
                let other = thread.start {
                    for _ in 0..<10 { await thread.yield() }
                    order.append("other task")
                }
                return (flooded, other)
            }.value
            try await flooded.value
            try await other.value
            #expect(order.events == ["other task", "last message"])
        }
    }

    @Test func `that never ends does not hold up another port`() async throws {
        try await withExecutor { thread in
            // Each message received sends the next: this port always has one.
            let flood = MessageChannel<Int, Never>()
            let quiet = MessageChannel<Int, Int>()
            try flood.port1.post(0)
            let flooded = thread.start {
                for try await number in flood.port2.messages { try flood.port1.post(number + 1) }
            }
            let answering = thread.start {
                for try await number in quiet.port2.messages { try await quiet.port2.send(number + 1) }
            }
            for number in 0..<20 {
                try await quiet.port1.send(number)
                var answers = quiet.port1.messages.makeAsyncIterator()
                #expect(try await answers.next() == number + 1)
            }
            // The loop ends when its own post is refused, or with its messages.
            flood.port1.close()
            _ = await flooded.result
            quiet.port1.close()
            try await answering.value
        }
    }

    @Test func `does not hold up a timer`() async throws {
        try await withExecutor { thread in
            let flood = MessageChannel<Int, Never>()
            try flood.port1.post(0)
            let flooded = thread.start {
                for try await number in flood.port2.messages { try flood.port1.post(number + 1) }
            }
            try await thread.start { try await Task.sleep(for: .milliseconds(1)) }.value
            flood.port1.close()
            _ = await flooded.result
        }
    }

    @Test func `gives way on the cooperative pool too`() async throws {
        // More loops than the pool has threads.
        let loops = (0..<8).map { _ in
            let channel = MessageChannel<Int, Never>()
            return Task {
                try channel.port1.post(0)
                for try await number in channel.port2.messages {
                    if Task.isCancelled { return }
                    try channel.port1.post(number + 1)
                }
            }
        }
        for _ in 0..<10 { await Task {}.value }
        for loop in loops { loop.cancel() }
        for loop in loops { _ = await loop.result }
    }
}
