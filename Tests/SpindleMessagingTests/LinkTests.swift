internal import SpindleMemory
internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// Both sides of a link in one process; each has mailboxes and a thread of its own, as in two.
struct LinkPair<Forward: Sendable, Backward: Sendable>: Sendable {
    let near: MessagePort<Backward, Forward>
    let far: MessagePort<Forward, Backward>
    let nearLink: Link<Backward, Forward>
    let farLink: Link<Forward, Backward>
    let failures = EventLog<String>()

    init(_ executors: (ThreadExecutor, ThreadExecutor), capacity: Int = 4_096, limit: Int = 16) throws {
        let (nearEnd, farEnd) = try LinkEndpoint.pair(capacity: capacity)
        let copies = try farEnd.descriptors.map { try #require($0.duplicate()) }
        let adopted = try LinkEndpoint(adopting: copies, side: farEnd.side)
        let failures = failures
        let inboxes = (Mailbox<Backward>(limit: limit), Mailbox<Forward>(limit: limit))
        let outboxes = (Mailbox<Forward>(limit: limit), Mailbox<Backward>(limit: limit))
        near = MessagePort(inbox: inboxes.0, outbox: outboxes.0)
        far = MessagePort(inbox: inboxes.1, outbox: outboxes.1)
        nearLink = try Link(nearEnd, inbox: inboxes.0, outbox: outboxes.0, on: .init(on: executors.0)) {
            failures.append("near: \($0)")
        }
        farLink = try Link(adopted, inbox: inboxes.1, outbox: outboxes.1, on: .init(on: executors.1)) {
            failures.append("far: \($0)")
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct `A link` {
    @Test(arguments: [(64, 1), (256, 3), (4_096, 16), (262_144, 1_024)])
    func `echoes a stream in order, however little room there is`(capacity: Int, limit: Int) async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<Int, Int>((near, far), capacity: capacity, limit: limit)
            let echo = far.start {
                while let number = try await pair.far.messages.first() { try await pair.far.send(number) }
                pair.far.close()
            }
            let sending = Task { for number in 0..<5_000 { try await pair.near.send(number) } }
            let received = near.start {
                var next = 0
                while next < 5_000, let number = try await pair.near.messages.first() {
                    #expect(number == next)
                    next += 1
                }
                return next
            }
            #expect(try await received.value == 5_000)
            try await sending.value
            pair.near.close()
            try await echo.value
            #expect(pair.failures.events.isEmpty)
        }
    }

    @Test func `carries messages that are longer than its ring`() async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<[UInt8], Int>((near, far), capacity: 1_024)
            let lengths = [0, 1, 247, 248, 249, 1_000, 100_000, 3_000_000, 5]
            let sending = Task {
                for length in lengths { try await pair.near.send([UInt8](repeating: UInt8(length % 251), count: length)) }
            }
            for length in lengths {
                let message = try #require(try await pair.far.messages.first())
                #expect(message == [UInt8](repeating: UInt8(length % 251), count: length))
            }
            try await sending.value
        }
    }

    @Test func `lets messages through to a thread that blocks or only looks, and from one that never suspends`() async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<Int, Int>((near, far))
            let ready = Signal()
            let blocking = far.start {
                let nothing = pair.far.receive(timeout: .milliseconds(1))
                ready.fire()
                // All of it without giving the thread to the executor once.
                let first = pair.far.receive()
                var second: Int?
                while second == nil { second = pair.far.tryReceive() }
                try pair.far.post(first! + second!)
                return nothing == nil && pair.far.receive() == 3
            }
            await ready.wait()
            try await pair.near.send(1)
            try await pair.near.send(2)
            #expect(try await pair.near.messages.first() == 3)
            try await pair.near.send(3)
            #expect(try await blocking.value)
        }
    }

    @Test func `has a full inbox hold up the sender at the other side, and loses nothing`() async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<Int, Int>((near, far), capacity: 64, limit: 2)
            pair.farLink.start()
            var posted = 0
            // Two in each mailbox, a few in the ring and its batch, and that is all.
            for _ in 0..<10_000 {
                do { try pair.near.post(posted) } catch { continue }
                posted += 1
            }
            await far.settle()
            #expect(posted < 60)
            for number in 0..<posted { #expect(try await pair.far.messages.first() == number) }
            try await pair.near.send(-1)
            #expect(try await pair.far.messages.first() == -1)
        }
    }

    @Test func `delivers what was sent before the end, then the end, and refuses afterwards`() async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<Int, Int>((near, far), limit: 100)
            for number in 0..<50 { try pair.near.post(number) }
            pair.near.close()
            var received: [Int] = []
            for try await number in pair.far.messages { received.append(number) }
            #expect(received == Array(0..<50))
            await #expect(throws: SendError<Int>.self) { while true { try await pair.far.send(1) } }
        }
    }

    @Test func `delivers everything published by a process that died`() async throws {
        try await withTwoExecutors { near, far in
            let pair = try LinkPair<Int, Int>((near, far), limit: 10)
            for number in 0..<10 { try pair.near.post(number) }
            pair.farLink.peerEnded()
            var received: [Int] = []
            for try await number in pair.far.messages { received.append(number) }
            #expect(received == Array(0..<10))
            #expect(throws: SendError<Int>.self) { try pair.far.post(1) }
        }
    }

    @Test func `notices that nobody holds the other side any more`() async throws {
        try await withExecutor { executor in
            var ends: (LinkEndpoint, LinkEndpoint)? = try LinkEndpoint.pair()
            let (inbox, outbox) = (Mailbox<Int>(limit: 2), Mailbox<Int>(limit: 2))
            let port = MessagePort(inbox: inbox, outbox: outbox)
            let link = try Link(try #require(ends?.0), inbox: inbox, outbox: outbox, on: .init(on: executor))
            link.start()
            ends = nil
            #expect(try await port.messages.first() == nil)
        }
    }

    @Test func `takes descriptors for nobody as the end of the other side, and not as a fault`() async throws {
        try await withExecutor { executor in
            var ends: (LinkEndpoint, LinkEndpoint)? = try LinkEndpoint.pair()
            let (inbox, outbox) = (Mailbox<Int>(limit: 2), Mailbox<SharedBuffer>(limit: 2))
            let port = MessagePort(inbox: inbox, outbox: outbox)
            let failures = EventLog<LinkFailure>()
            let link = try Link(
                try #require(ends?.0), inbox: inbox, outbox: outbox, on: .init(on: executor), noticesHangUp: false,
                onFailure: { failures.append($0) })
            link.start()
            ends = nil
            try port.post(SharedBuffer(byteLength: 1))
            #expect(try await port.messages.first() == nil)
            #expect(throws: SendError<SharedBuffer>.self) { try port.post(SharedBuffer(byteLength: 1)) }
            #expect(failures.events.isEmpty)
        }
    }

    @Test func `ends with an error when the other side sends what is no message`() async throws {
        try await withTwoExecutors { near, far in
            let (nearEnd, farEnd) = try LinkEndpoint.pair()
            let strings = MessageChannel<String, String>()
            _ = strings
            let failures = EventLog<LinkFailure>()
            let (inbox, outbox) = (Mailbox<Bool>(limit: 9), Mailbox<Int>(limit: 9))
            let bools = MessagePort(inbox: inbox, outbox: outbox)
            let link = try Link(nearEnd, inbox: inbox, outbox: outbox, on: .init(on: near)) { failures.append($0) }
            link.start()
            let (otherInbox, otherOutbox) = (Mailbox<Int>(limit: 9), Mailbox<UInt8>(limit: 9))
            let bytes = MessagePort(inbox: otherInbox, outbox: otherOutbox)
            let other = try Link(farEnd, inbox: otherInbox, outbox: otherOutbox, on: .init(on: far))
            other.start()
            try bytes.post(1)
            #expect(try await bools.messages.first() == true)
            try bytes.post(7)
            #expect(try await bools.messages.first() == nil)
            #expect(failures.events.count == 1)
            #expect(throws: SendError<Int>.self) { try bools.post(1) }
            #expect(try await bytes.messages.first() == nil)
        }
    }

    @Test func `that was not used gives its endpoint back, and not otherwise`() async throws {
        try await withTwoExecutors { near, far in
            let unused = try LinkPair<Int, Int>((near, far))
            #expect(unused.farLink.takeUnused() != nil)
            #expect(unused.farLink.takeUnused() == nil)
            let used = try LinkPair<Int, Int>((near, far))
            try used.far.post(1)
            #expect(used.farLink.takeUnused() == nil)
            let received = try LinkPair<Int, Int>((near, far))
            #expect(received.far.tryReceive() == nil)
            #expect(received.farLink.takeUnused() == nil)
        }
    }
}

func withTwoExecutors(_ body: (ThreadExecutor, ThreadExecutor) async throws -> Void) async throws {
    try await withExecutor("link-near") { near in
        try await withExecutor("link-far") { far in try await body(near, far) }
    }
}

extension MessageSequence {
    /// The next message; nil at the end.
    func first() async throws -> Element? {
        var iterator = makeAsyncIterator()
        return try await iterator.next()
    }
}
