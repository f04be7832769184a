internal import SpindleMessaging
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `A message port` {
    @Test func `carries messages both ways, in order`() async throws {
        let channel = MessageChannel<Int, String>()
        for number in 0..<100 {
            try await channel.port1.send(number)
            try channel.port2.post("\(number)")
        }
        #expect(channel.port2.backlog == 100 && channel.port1.backlog == 100)
        channel.port1.close()
        #expect(try await channel.port2.messages.collect() == Array(0..<100))
        #expect(try await channel.port1.messages.collect() == (0..<100).map(String.init))
    }

    @Test func `keeps the order of every sender when many send at once`() async throws {
        let channel = MessageChannel<(sender: Int, number: Int), Never>(limit: 8)
        async let received = channel.port2.messages.collect()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask {
                    for number in 0..<500 { try await channel.port1.send((sender, number)) }
                }
            }
            try await group.waitForAll()
        }
        channel.port1.close()
        let all = try await received
        #expect(all.count == 4_000)
        for sender in 0..<8 { #expect(all.filter { $0.sender == sender }.map(\.number) == Array(0..<500)) }
    }

    @Test func `moves a value and does not copy its storage`() async throws {
        let channel = MessageChannel<[UInt8], Never>()
        let array = [UInt8](repeating: 1, count: 1 << 16)
        let address = array.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
        try await channel.port1.send(array)
        let received = try #require(channel.port2.tryReceive())
        #expect(received.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) } == address)
    }

    @Test func `carries nothing as a message too`() async throws {
        let channel = MessageChannel<Int?, Never>()
        try await withExecutor { thread in
            let receiver = thread.start { try await channel.port2.messages.collect() }
            await thread.settle()
            try channel.port1.post(nil)
            try channel.port1.post(1)
            try channel.port1.post(nil)
            channel.port1.close()
            #expect(try await receiver.value == [nil, 1, nil])
        }
    }

    // MARK: Closing

    @Test(arguments: [true, false])
    func `that is closed ends both ends after what was queued`(closesNear: Bool) async throws {
        let channel = MessageChannel<Int, Int>()
        try channel.port1.post(1)
        try channel.port2.post(2)
        (closesNear ? channel.port1 : channel.port2.flipped).close()
        #expect(!channel.port1.isOpen && !channel.port2.isOpen)
        let refused = #expect(throws: SendError<Int>.self) { try channel.port1.post(3) }
        #expect(refused?.reason == .closed && refused?.message == 3)
        let refusedBack = await #expect(throws: SendError<Int>.self) { try await channel.port2.send(4) }
        #expect(refusedBack?.reason == .closed && refusedBack?.message == 4)
        #expect(try await channel.port2.messages.collect() == [1])
        #expect(try await channel.port1.messages.collect() == [2])
        #expect(channel.port1.receive() == nil && channel.port1.tryReceive() == nil)
        channel.port1.close()
    }

    @Test func `that is closed wakes who waits at either end`() async throws {
        let channel = MessageChannel<Int, Int>(limit: 1)
        try await withExecutor { thread in
            let receiver = thread.start { try await channel.port1.messages.collect() }
            try channel.port1.post(1)
            let sender = thread.start { try await channel.port1.send(2) }
            await thread.settle()
            channel.port2.close()
            #expect(try await receiver.value == [])
            let refused = await #expect(throws: SendError<Int>.self) { try await sender.value }
            #expect(refused?.reason == .closed && refused?.message == 2)
            #expect(channel.port2.tryReceive() == 1)
        }
    }

    @Test func `that is dropped closes its peer, which still receives what was sent`() async throws {
        var dropped: MessagePort<Int, Int>?
        let kept: MessagePort<Int, Int>
        do {
            let channel = MessageChannel<Int, Int>()
            dropped = channel.port1
            kept = channel.port2
        }
        try dropped?.post(7)
        #expect(kept.isOpen)
        dropped = nil
        #expect(!kept.isOpen)
        #expect(throws: SendError<Int>.self) { try kept.post(1) }
        #expect(try await kept.messages.collect() == [7])
    }

    @Test func `that is dropped with messages unread releases them and frees their senders`() async throws {
        let count = LifeCount()
        try await withExecutor { thread in
            var unread: MessagePort<LifeCount.Token, Never>?
            let sending: MessagePort<Never, LifeCount.Token>
            do {
                let channel = MessageChannel<LifeCount.Token, Never>(limit: 2)
                unread = channel.port2
                sending = channel.port1
            }
            for _ in 0..<2 { try sending.post(count.token()) }
            let waiting = thread.start { try await sending.send(count.token()) }
            await thread.settle()
            #expect(count.living == 3 && unread != nil)
            unread = nil
            await #expect(throws: SendError<LifeCount.Token>.self) { try await waiting.value }
        }
        await count.noneLives()
    }

    @Test func `is held open by a loop over its messages`() async throws {
        let channel = MessageChannel<Int, Int>()
        try await withExecutor { thread in
            let loop = thread.start { [port = channel.port2] in try await port.messages.collect() }
            await thread.settle()
            #expect(channel.port1.isOpen)
            try channel.port1.post(1)
            channel.port1.close()
            #expect(try await loop.value == [1])
        }
    }

    // MARK: Ports in messages

    @Test func `travels in a message, with what is queued for it`() async throws {
        let carrier = MessageChannel<MessagePort<Int, Int>, Never>()
        let near: MessagePort<Int, Int>
        do {
            let channel = MessageChannel<Int, Int>()
            near = channel.port1
            try near.post(1)
            try carrier.port1.post(channel.port2)
        }
        try near.post(2)
        let far = try #require(carrier.port2.tryReceive())
        try far.post(3)
        #expect(far.tryReceive() == 1 && far.tryReceive() == 2 && near.tryReceive() == 3)
    }

    @Test func `that is lost with a message it travels in closes its peer`() async throws {
        let near: MessagePort<Int, Int>
        do {
            let carrier = MessageChannel<MessagePort<Int, Int>, Never>()
            let channel = MessageChannel<Int, Int>()
            near = channel.port1
            try carrier.port1.post(channel.port2)
        }
        #expect(!near.isOpen)
        #expect(try await near.messages.collect() == [])
    }

    @Test func `in a chain of a thousand ports passes a message along`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let first = MessageChannel<Int, Never>(limit: 1)
            var last = first.port2
            for _ in 0..<1_000 {
                let next = MessageChannel<Int, Never>(limit: 1)
                group.addTask { [last] in
                    for try await number in last.messages { try await next.port1.send(number + 1) }
                }
                last = next.port2
            }
            for _ in 0..<3 { try await first.port1.send(0) }
            first.port1.close()
            #expect(try await last.messages.collect() == [1_000, 1_000, 1_000])
            try await group.waitForAll()
        }
    }
}

extension AsyncSequence {
    /// All elements up to the end.
    func collect() async throws -> [Element] {
        var all: [Element] = []
        for try await element in self { all.append(element) }
        return all
    }
}

extension MessagePort where Inbound == Outbound {
    /// The same port; makes the two ends of a channel of one type one type.
    fileprivate var flipped: MessagePort<Outbound, Inbound> { self }
}
