internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// Tasks start on one thread in order, so `settle()` proves that they wait.
@Suite(.timeLimit(.minutes(10))) struct `A queue at its limit` {
    @Test(arguments: [1, 2, 3])
    func `gives a posted message back and takes it again once there is room`(limit: Int) throws {
        let channel = MessageChannel<Int, Never>(limit: limit)
        for round in 0..<5 {
            for number in 0..<limit { try channel.port1.post(round * 10 + number) }
            let refused = #expect(throws: SendError<Int>.self) { try channel.port1.post(99) }
            #expect(refused?.reason == .full && refused?.message == 99)
            #expect(channel.port2.backlog == limit)
            for number in 0..<limit {
                #expect(channel.port2.tryReceive() == round * 10 + number)
                // Room is there as soon as one is gone, though the receiver works through a batch.
                try channel.port1.post(50 + number)
            }
            for number in 0..<limit { #expect(channel.port2.tryReceive() == 50 + number) }
            #expect(channel.port2.tryReceive() == nil)
        }
    }

    @Test(arguments: [1, 2, 3])
    func `makes senders wait and lets them in, first come first`(limit: Int) async throws {
        let channel = MessageChannel<Int, Never>(limit: limit)
        try await withExecutor { thread in
            let sent = EventLog<Int>()
            let senders = (0..<10).map { number in
                thread.start {
                    try await channel.port1.send(number)
                    sent.append(number)
                }
            }
            await thread.settle()
            #expect(channel.port2.backlog == limit)
            #expect(sent.events == Array(0..<limit))
            for number in 0..<10 {
                #expect(channel.port2.tryReceive() == number)
                await thread.settle()
                #expect(sent.events == Array(0..<min(10, limit + number + 1)))
            }
            for sender in senders { try await sender.value }
        }
    }

    @Test func `lets nobody overtake a sender that waits`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 1)
        try await withExecutor { thread in
            try channel.port1.post(0)
            let waiting = thread.start { try await channel.port1.send(1) }
            await thread.settle()
            #expect(channel.port2.tryReceive() == 0)
            #expect(throws: SendError<Int>.self) { try channel.port1.post(2) }
            #expect(channel.port2.tryReceive() == 1)
            try await waiting.value
        }
    }

    @Test func `gives a cancelled sender its message back and loses no other`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 1)
        try await withExecutor { thread in
            let senders = (0..<6).map { number in thread.start { try await channel.port1.send(number) } }
            await thread.settle()
            for number in [1, 3, 5] {
                senders[number].cancel()
                let refused = await #expect(throws: SendError<Int>.self) { try await senders[number].value }
                #expect(refused?.reason == .cancelled && refused?.message == number)
            }
            for number in [0, 2, 4] { #expect(channel.port2.tryReceive() == number) }
            #expect(channel.port2.tryReceive() == nil)
            for number in [0, 2, 4] { try await senders[number].value }
        }
    }

    @Test func `does not take the message of a task that was cancelled before it sent`() async throws {
        let channel = MessageChannel<Int, Never>(limit: 1)
        try channel.port1.post(0)
        let refused = await #expect(throws: SendError<Int>.self) {
            try await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await channel.port1.send(1)
            }.value
        }
        #expect(refused?.reason == .cancelled && refused?.message == 1)
        #expect(channel.port2.tryReceive() == 0 && channel.port2.tryReceive() == nil)
    }

    @Test(arguments: [1, 2, 3])
    func `passes a stream through, whoever is faster`(limit: Int) async throws {
        let channel = MessageChannel<Int, Int>(limit: limit)
        async let echo: Void = {
            for try await number in channel.port2.messages { try await channel.port2.send(number) }
            channel.port2.close()
        }()
        async let sending: Void = {
            for number in 0..<5_000 { try await channel.port1.send(number) }
        }()
        var next = 0
        for try await number in channel.port1.messages {
            #expect(number == next)
            next += 1
            if next == 5_000 { break }
        }
        try await sending
        channel.port1.close()
        try await echo
        #expect(next == 5_000)
    }

    @Test(arguments: SeededRandom.seeds(4))
    func `loses and doubles nothing under many senders, receivers and cancellations`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let channel = MessageChannel<Int, Never>(limit: 1 + random.below(3))
        let accepted = EventLog<Int>()
        let returned = EventLog<Int>()
        let received = EventLog<Int>()
        let stop = Signal()
        let receivers = (0..<3).map { number in
            Task {
                var random = SeededRandom(seed: seed &+ UInt64(number))
                // Each receives in a task of its own that may be cancelled while it waits.
                while !stop.hasFired {
                    let once = Task {
                        for try await message in channel.port2.messages {
                            received.append(message)
                            break
                        }
                    }
                    if random.chance(40) { once.cancel() }
                    _ = await once.result
                }
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<1_500 {
                let isCancelled = random.chance(30)
                group.addTask {
                    let attempt = Task { try await channel.port1.send(number) }
                    if isCancelled { attempt.cancel() }
                    do {
                        try await attempt.value
                        accepted.append(number)
                    } catch {
                        let error = error as? SendError<Int>
                        #expect(error?.reason == .cancelled && error?.message == number)
                        returned.append(number)
                    }
                }
            }
        }
        stop.fire()
        channel.port1.close()
        for receiver in receivers { await receiver.value }
        while let rest = channel.port2.tryReceive() { received.append(rest) }
        #expect(received.events.sorted() == accepted.events.sorted())
        #expect((accepted.events + returned.events).sorted() == Array(0..<1_500))
    }

    @Test(arguments: [true, false])
    func `answers everybody who waits when it ends`(byClosing: Bool) async throws {
        let count = LifeCount()
        try await withExecutor { thread in
            var receiving: MessagePort<LifeCount.Token, Never>?
            let sending: MessagePort<Never, LifeCount.Token>
            do {
                let channel = MessageChannel<LifeCount.Token, Never>(limit: 2)
                (sending, receiving) = (channel.port1, channel.port2)
            }
            let senders = (0..<50).map { _ in thread.start { try await sending.send(count.token()) } }
            await thread.settle()
            if byClosing { receiving?.close() } else { receiving = nil }
            var refusals = 0
            for sender in senders {
                do { try await sender.value } catch { refusals += 1 }
            }
            #expect(refusals == 48)
            #expect((receiving == nil) == !byClosing)
        }
        await count.noneLives()
    }
}
